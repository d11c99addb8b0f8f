# SPDX-License-Identifier: GPL-2.0-or-later
"""Marks: what is another's in another registration (user, Call-ID, branch,
nonce, ...) has one in a mould. A value has the length of its mark, so that
no length changes when a mould is filled."""

import random

NUMBER = 98765
USER, PHONE = f"0010100000{NUMBER:05d}".encode(), f"+1555{NUMBER:07d}".encode()
ADDRESS = b"10.145.198.199"
OF_SUBSCRIBER = USER, PHONE, ADDRESS


class Chance(random.Random):
    """What makers draw from: random, or never the same."""
    counted = 0

    def count(self):
        self.counted += 1
        return self.counted


class Marks:
    """Of one life. A maker gives a mark's value, from the values so far (by
    mark) and a Chance."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.known = set(OF_SUBSCRIBER)
        self.new = []           # (mark, maker), since this was emptied

    def add(self, mark, maker):
        assert mark not in self.known
        self.known.add(mark)
        self.new.append((mark, maker))

    def _fresh(self, draw):
        while (mark := draw()) in self.known:
            pass
        return mark

    def hex(self, size, maker=None):
        """SIZE digits; by chance unless there is a maker."""
        half = size // 2
        mark = self._fresh(lambda: self.rng.randbytes(half).hex().encode())
        self.add(mark, maker or (lambda _, chance: chance.randbytes(half)
                                 .hex().encode()))
        return mark.decode()

    def bytes(self, size, maker=None):
        """A mark of which no byte is ASCII or small: it hits nothing."""
        mark = self._fresh(lambda: bytes(self.rng.choices(range(128, 256),
                                                          k=size)))
        self.add(mark, maker or (lambda _, chance: chance.randbytes(size)))
        return mark

    def number(self, low, high, step=1):
        """LOW and what is below HIGH have as many digits."""
        mark = self._fresh(lambda: b"%d" % self.rng.randrange(low, high))
        self.add(mark, lambda _, chance: b"%d" % chance.randrange(
            low, high, step))
        return int(mark)

    def identity(self):
        """Hop-by-hop or end-to-end."""
        return int.from_bytes(self.bytes(4, lambda _, chance: (
            chance.count() + (1 << 24)).to_bytes(4, "big")), "big")

    def session(self):
        mark = self._fresh(lambda: b"%d" % self.rng.randrange(10**9,
                                                              10**10))
        self.add(mark, lambda _, chance: b"%010d" % chance.count())
        return int(mark)
