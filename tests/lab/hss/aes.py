# SPDX-License-Identifier: GPL-2.0-or-later
"""AES-128, one block, encryption only (FIPS 197): the kernel of Milenage.

Slow and not hardened against anybody: for test vectors and a laboratory, so
that the HSS needs no package beyond Python's own.
"""


def _double(a):
    return (a << 1) ^ (0x11B if a & 0x80 else 0)


def _make_sbox():
    """FIPS 197 5.1.1: inverse in GF(2^8), then the affine transformation."""
    powers, logarithms, a = [], [0] * 256, 1
    for exponent in range(255):
        powers.append(a)
        logarithms[a] = exponent
        a ^= _double(a)  # 3 generates the field
    sbox = []
    for value in range(256):
        b = powers[(255 - logarithms[value]) % 255] if value else 0
        turned = b
        for _ in range(4):
            b = (b << 1 | b >> 7) & 0xFF
            turned ^= b
        sbox.append(turned ^ 0x63)
    return bytes(sbox)


_SBOX = _make_sbox()


def _expand(key):
    """FIPS 197 5.2: the eleven round keys."""
    words = [key[i:i + 4] for i in range(0, 16, 4)]
    constant = 1
    for i in range(4, 44):
        word = words[-1]
        if i % 4 == 0:
            word = bytes(_SBOX[b] for b in word[1:] + word[:1])
            word = bytes([word[0] ^ constant]) + word[1:]
            constant = _double(constant)
        words.append(xor(words[i - 4], word))
    return [b"".join(words[i:i + 4]) for i in range(0, 44, 4)]


def _mix(column):
    a, b, c, d = column
    all_four = a ^ b ^ c ^ d
    return bytes(x ^ all_four ^ _double(x ^ y) for x, y in
                 ((a, b), (b, c), (c, d), (d, a)))


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


def encrypt(key, block):
    """One block of 16 bytes under a key of 16 bytes."""
    rounds = _expand(key)
    state = xor(block, rounds[0])
    for number, round_key in enumerate(rounds[1:], 1):
        state = bytes(_SBOX[b] for b in state)
        state = bytes(state[i * 5 % 16] for i in range(16))  # ShiftRows
        if number < 10:
            state = b"".join(_mix(state[i:i + 4]) for i in range(0, 16, 4))
        state = xor(state, round_key)
    return state
