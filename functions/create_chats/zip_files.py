"""Zip files of foreign making: each part is what the file's directory says, or nothing is read.

Not `zipfile`: that stops at the size a header declares, and takes longer to import than most
lists take to read.
"""

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BufferedRandom
from itertools import pairwise

from create_chats.refusals import refused

ZIP = b"PK\3\4"
LARGEST_UNPACKED = 250 * 2**20
"""100,000 rows of ten columns unpack to 89 MB."""
MOST_PARTS = 10_000
"""A picture of every house is a part."""
LARGEST_WHOLE = 4 * 2**20
"""Of a part that is read at once, such as the list of sheets."""

# APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16, 4.3.15, 4.3.14: the records of a zip file.
_LOCAL = struct.Struct("<4sHHH4xLLLHH")
_ENTRY = struct.Struct("<4s4xHH4xLLLHHH8xL")
_END = struct.Struct("<4s4xHHLLH")
_END_64_PLACE = struct.Struct("<4s4xQ4x")
_END_64 = struct.Struct("<4s20x8xQQQ")
_IS_ENTRY, _IS_END, _IS_END_64_PLACE = b"PK\1\2", b"PK\5\6", b"PK\6\7"
_ELSEWHERE, _EXTRA_64 = 0xFFFFFFFF, 1
_ENCRYPTED, _NAME_IN_UTF8, _VERSION = 1, 0x800, 20
_STORED, _DEFLATED = 0, 8
_BLOCK, _SLICE = 2**20, 2**16


class Part:
    def __init__(self, entry: Sequence[int], extra: bytes) -> None:
        flags, self.method, self.crc, self.packed, self.size, *_, self.at = entry
        self.encrypted = bool(flags & _ENCRYPTED)
        # 4.5.3: what does not fit is in the extra field, in this order.
        wide = iter(_of_extra(extra))
        if self.size == _ELSEWHERE:
            self.size = next(wide, _ELSEWHERE)
        if self.packed == _ELSEWHERE:
            self.packed = next(wide, _ELSEWHERE)
        if self.at == _ELSEWHERE:
            self.at = next(wide, _ELSEWHERE)


class ZipFile:
    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self.parts = dict(_parts(data))
        except struct.error as error:
            raise refused("list_broken") from error
        spans = sorted((part.at, part.at + part.packed) for part in self.parts.values())
        declared = sum(part.size for part in self.parts.values())
        overlap = any(end > start for (_, end), (start, _) in pairwise(spans))
        if declared > LARGEST_UNPACKED or overlap:
            raise refused("list_packed_too_tight")

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.parts

    def blocks(self, name: str) -> Iterator[bytes]:
        """Unpack a part to its real end, whatever size is declared."""
        part = self.parts[name.lower()]
        if part.encrypted:
            raise refused("list_password")
        unpack = UNPACK.get(part.method)
        head = self._data[part.at : part.at + _LOCAL.size]
        if not unpack or len(head) < _LOCAL.size or not head.startswith(ZIP):
            raise refused("list_broken")
        *_, name_long, extra_long = _LOCAL.unpack(head)
        start = part.at + _LOCAL.size + name_long + extra_long
        crc = 0
        for block in unpack(memoryview(self._data)[start : start + part.packed]):
            crc = zlib.crc32(block, crc)
            yield block
        if crc != part.crc:
            raise refused("list_broken")

    def whole(self, name: str) -> bytes:
        """Return a small part; nothing if there is none."""
        read = b""
        for block in self.blocks(name) if name in self else ():
            read += block
            if len(read) > LARGEST_WHOLE:
                raise refused("list_packed_too_tight")
        return read


def _parts(data: bytes) -> Iterator[tuple[str, Part]]:
    end = data.rfind(_IS_END)
    if end < 0:
        raise refused("list_cut_off")
    _, _, count, _, at, _ = _END.unpack_from(data, end)
    if data[max(end - _END_64_PLACE.size, 0) : end].startswith(_IS_END_64_PLACE):
        _, place = _END_64_PLACE.unpack_from(data, end - _END_64_PLACE.size)
        _, count, _, at = _END_64.unpack_from(data, min(place, len(data)))
    if count > MOST_PARTS:
        raise refused("list_packed_too_tight")
    for _ in range(count):
        sign, *entry = _ENTRY.unpack_from(data, min(at, len(data)))
        if sign != _IS_ENTRY:
            raise refused("list_broken")
        name_long, extra_long, comment_long = entry[5:8]
        at += _ENTRY.size
        name = data[at : at + name_long].decode(errors="replace")
        extra = data[at + name_long : at + name_long + extra_long]
        # Names of parts have no case; some writers name the folders in the way of Windows.
        yield name.replace("\\", "/").lower(), Part(entry, extra)
        at += name_long + extra_long + comment_long


def _of_extra(extra: bytes) -> Iterator[int]:
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == _EXTRA_64:
            yield from struct.unpack_from(f"<{size // 8}Q", extra, at + 4)
        at += 4 + size


def _stored(packed: memoryview) -> Iterator[bytes]:
    for at in range(0, len(packed), _BLOCK):
        yield bytes(packed[at : at + _BLOCK])


def _inflated(packed: memoryview) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        # By slices: what is left of the input is copied at each step.
        for at in range(0, len(packed), _SLICE):
            rest: bytes | memoryview = packed[at : at + _SLICE]
            while rest:
                if block := inflate.decompress(rest, _BLOCK):
                    yield block
                rest = inflate.unconsumed_tail
    except zlib.error as error:
        raise refused("list_broken") from error
    if not inflate.eof:
        raise refused("list_broken")


UNPACK: dict[int, Callable[[memoryview], Iterator[bytes]]] = {
    _STORED: _stored,
    _DEFLATED: _inflated,
}


def write_zip(file: BufferedRandom, parts: Iterable[tuple[str, Iterable[bytes]]]) -> None:
    """Write parts as they are, unpacked: they are read once, at once."""
    directory = b""
    count = 0
    for name, blocks in parts:
        count += 1
        told = name.encode()
        at, size, crc = file.tell(), 0, 0
        file.write(bytes(_LOCAL.size) + told)
        for block in blocks:
            size += file.write(block)
            crc = zlib.crc32(block, crc)
        after = file.tell()
        file.seek(at)
        head = (_VERSION, _NAME_IN_UTF8, _STORED, crc, size, size, len(told), 0)
        file.write(_LOCAL.pack(ZIP, *head))
        file.seek(after)
        directory += _ENTRY.pack(_IS_ENTRY, *head[1:], 0, at) + told
    at = file.tell()
    file.write(directory + _END.pack(_IS_END, count, count, len(directory), at, 0))
    file.flush()
