# SPDX-License-Identifier: GPL-2.0-or-later
"""python3 -m hss CONFIG CONTROL: a JSON file, and a socket for orders."""

import asyncio
import json
import pathlib
import sys

from .server import Hss


def main():
    config = json.loads(pathlib.Path(sys.argv[1]).read_text())
    asyncio.run(Hss(config).run(sys.argv[2]))


if __name__ == "__main__":
    main()
