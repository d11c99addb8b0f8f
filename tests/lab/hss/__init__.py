# SPDX-License-Identifier: GPL-2.0-or-later
"""A home subscriber server, as small as the laboratory can do with."""
