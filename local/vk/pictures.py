"""The one photo that people take: a brick wall with a crack, drawn as PNG."""

import struct
import zlib
from functools import cache

SIDE = 320
MORTAR, CRACK = b"\xe1\xdc\xd4", b"\x3c\x32\x2d"
BRICKS = (b"\xc4\xaa\x8c", b"\xbc\xa0\x82")


@cache
def crack() -> bytes:
    rows = b"".join(b"\0" + b"".join(_dot(x, y) for x in range(SIDE)) for y in range(SIDE))
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _dot(x: int, y: int) -> bytes:
    course, height = divmod(y, 20)
    middle = SIDE // 2 + abs(y % 58 - 29) + y // 5 - 40
    if abs(x - middle) <= 1:
        return CRACK
    if height <= 1 or (x + course % 2 * 20) % 40 <= 1:
        return MORTAR
    return BRICKS[course % 2]


def _chunk(kind: bytes, data: bytes) -> bytes:
    checked = kind + data
    return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))
