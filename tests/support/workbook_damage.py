"""Workbooks that something damaged: in transit, on a disk, or on purpose."""

import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from random import Random

from support.workbook_bytes import unzipped, zipped

_STRANGE = (
    b"<!DOCTYPE a>", b"<![CDATA[", b"]]>", b"<!--", b"&lt;", b"&#0;", b"&e;", b"\0", b"\xff",
    b"<c ", b"</row>", b'<row r="1048576">', b'<c r="XFD1048576"><v>1</v></c>', b't="s"',
    b't="e"', b"<v>99999999999</v>", b"<v></v>", b"<is><t>\xd0</t></is>", b'hidden="1"',
    b'table:number-rows-repeated="99999999"', b'table:number-columns-repeated="-1"',
    b'office:value-type="date" office:date-value="9999-99-99"', b"<table:table-row>",
)  # fmt: skip
_NUMBERS = (b"0", b"-1", b"1", b"255", b"65536", b"1048577", b"4294967296", b"9" * 30, b"1e309")
_EXTREMES = (b"\0\0", b"\xff\xff", b"\xff\x7f", b"\0\x80", b"\1\0", b"\xff\xff\xff\xff", b"\0" * 8)
_BROKEN = (zipfile.BadZipFile, zlib.error, ValueError, OSError, RuntimeError, EOFError, KeyError)
_TAG, _NUMBER = re.compile(rb"<[^>]*>"), re.compile(rb"\d+")


def damaged(data: bytes, others: Sequence[bytes], dice: Random) -> bytes:
    """Damage a workbook in one to three ways."""
    for _ in range(dice.randint(1, 3)):
        data = dice.choice(_WAYS)(data, others, dice)
    return data


def _flipped(data: bytes, _others: Sequence[bytes], dice: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.randint(1, 20) if changed else 0):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _cut(data: bytes, _others: Sequence[bytes], dice: Random) -> bytes:
    return data[: dice.randint(0, len(data))]


def _patched(data: bytes, _others: Sequence[bytes], dice: Random) -> bytes:
    for _ in range(dice.randint(1, 5)):
        at = dice.randint(0, len(data))
        patch = dice.choice(_EXTREMES)
        data = data[:at] + patch + data[at + len(patch) :]
    return data


def _moved(data: bytes, _others: Sequence[bytes], dice: Random) -> bytes:
    start, end = sorted(dice.randint(0, len(data)) for _ in range(2))
    at = dice.randint(0, len(data))
    return dice.choice((data[:start] + data[end:], data[:at] + data[start:end] + data[at:]))


def _within(data: bytes, others: Sequence[bytes], dice: Random) -> bytes:
    """Damage parts of a zip file, and zip them as if nothing were wrong."""
    try:
        parts = unzipped(data)
        strangers = [part for other in others for part in unzipped(other).values()]
    except _BROKEN:
        return _flipped(data, others, dice)
    for _ in range(dice.randint(1, 4)):
        name = dice.choice([*filter(None, parts)] or ["a.xml"])
        part = parts.get(name, b"")
        parts[name] = dice.choice(strangers) if dice.random() < 0.1 else _marred(part, dice)
    return zipped({name: part for name, part in parts.items() if name})


def _marred(part: bytes, dice: Random) -> bytes:
    tags = list(_TAG.finditer(part))
    numbers = list(_NUMBER.finditer(part))
    if not tags or not numbers:
        return _flipped(part, (), dice)
    tag, other, number = dice.choice(tags), dice.choice(tags), dice.choice(numbers)
    return dice.choice(
        (
            part[: tag.start()] + part[tag.end() :],
            part[: tag.start()] + tag[0] * dice.choice((2, 1000)) + part[tag.end() :],
            part[: tag.start()] + other[0] + part[tag.end() :],
            part[: tag.end()] + dice.choice(_STRANGE) + part[tag.end() :],
            part[: number.start()] + dice.choice(_NUMBERS) + part[number.end() :],
            part[: tag.end() - 1] + b" " + dice.choice(_STRANGE) + part[tag.end() - 1 :],
        )
    )


_WAYS: tuple[Callable[[bytes, Sequence[bytes], Random], bytes], ...] = (
    _flipped, _cut, _patched, _moved, _within, _within, _within, _within,
)  # fmt: skip
