# SPDX-License-Identifier: GPL-2.0-or-later
"""What registers and calls: SIPp, baresip, and a phone of our own for what
those two cannot do."""
