# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# copy_data.py FILE MEBIBYTES: a raw disk like that of a guest, the same for the same size: text,
# tables of numbers, what is compressed already, blocks that are nearly empty, and holes between
# them. The file is a third larger than its data.
import random
import sys

BLOCK = 64 * 1024
path, mebibytes = sys.argv[1], int(sys.argv[2])
rng = random.Random(20240607)
words = [bytes(rng.choices(b"etaoinshrdlucmfwyp_/.-=:", k=rng.randint(2, 11))) for _ in range(4000)]


def text():
    out = bytearray()
    while len(out) < BLOCK:
        line = b" ".join(words[int(rng.paretovariate(0.6)) % 4000] for _ in range(rng.randint(3, 12)))
        out += line + b"\n"
    return bytes(out[:BLOCK])


def numbers():
    out = bytearray()
    base = rng.getrandbits(30)
    while len(out) < BLOCK:
        base += rng.randint(1, 400)
        out += base.to_bytes(8, "little") + rng.getrandbits(16).to_bytes(4, "little") + b"\0\0\xff\0"
    return bytes(out[:BLOCK])


def nearly_empty():
    out = bytearray(BLOCK)
    for _ in range(40):
        out[rng.randrange(BLOCK)] = rng.randrange(256)
    return bytes(out)


kinds = [text] * 9 + [numbers] * 6 + [lambda: rng.randbytes(BLOCK)] * 3 + [nearly_empty] * 2
pool = [rng.choice(kinds)() for _ in range(500)]
with open(path, "wb") as disk:
    left = mebibytes * 16
    while left:
        run = min(left, rng.randint(1, 300))
        disk.write(b"".join(rng.choice(pool) for _ in range(run)))
        disk.seek(rng.randint(0, 200) * BLOCK, 1)
        left -= run
    disk.truncate(disk.tell() + (1 << 20))
