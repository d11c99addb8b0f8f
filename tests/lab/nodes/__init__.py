# SPDX-License-Identifier: GPL-2.0-or-later
"""The nodes of the laboratory and what they stand on."""
