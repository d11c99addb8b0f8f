# SPDX-License-Identifier: GPL-2.0-or-later
"""dumpcap on both bridges, into one file."""

import signal
import time

from plan import ACCESS, CORE

from .processes import Process

# Names are looked up all the time; nobody wants to see it.
_FILTER = "not arp and not port 53"


class Capture:
    def __init__(self, path, log, names=(ACCESS, CORE)):
        self.path = path
        interfaces = [word for name in names
                      for word in ("-i", name, "-f", _FILTER)]
        self._dumpcap = Process(["dumpcap", "-q", "-n",
                                 *interfaces, "-w", str(path)], log)
        self._dumpcap.wait_for("File:")

    def end(self):
        """Until all is on disk that was sent up to now: dumpcap gets what
        the kernel has gathered a few times a second."""
        time.sleep(0.3)
        self._dumpcap.end(signal.SIGINT)
