"""Zipped workbooks (xlsx, xlsm, ods): every part is checked, and copied for the reader."""

import io
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import pairwise
from posixpath import join, normpath
from typing import BinaryIO

from create_chats.refusals import refused
from create_chats.sheet_xml import OpenDocument, Scan, WorkSheet

LARGEST_UNPACKED = 250 * 2**20
"""100,000 rows of ten columns unpack to 89 MB."""
MOST_PARTS = 10_000
"""A picture of every house is a part."""
LARGEST_MAP = 4 * 2**20
"""Of the parts that name the others; thousands of sheets fit."""

_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_ALWAYS = ("[Content_Types].xml", "_rels/.rels", _WORKBOOK, _RELATIONS, "xl/sharedStrings.xml")
_OF_TABLES = ("worksheet", "chartsheet", "dialogsheet", "xlMacrosheet", "sharedStrings", "styles")
_CONTENT, _MANIFEST, _MIMETYPE = "content.xml", "META-INF/manifest.xml", "mimetype"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_ENCRYPTED = 1
_ZIP, _END_OF_ZIP = b"PK\3\4", b"PK\5\6"
_XML = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<")
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^>]*)")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^>]*)")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_BLOCK, _SLICE = 2**20, 2**16


def checked_copy(data: bytes) -> tuple[BinaryIO, list[set[int]]]:
    """Copy the parts that hold the tables, so that the reader opens only what was checked.

    Hidden rows come with it, by sheet.
    """
    package = _Package(data)
    scans, sheets = _map_of(package)
    package.check_entities()
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - the reader's until this process ends
    unpacked = 0
    with zipfile.ZipFile(copy, "w") as packed:
        for name, scan in scans.items():
            with packed.open(name, "w") as part:
                for block in package.blocks(name):
                    unpacked += len(block)
                    if unpacked > LARGEST_UNPACKED:
                        raise refused("list_packed_too_tight")
                    part.write(scan.feed(block) if scan else block)
                part.write(scan.end() if scan else b"")
    return copy, [rows for name in sheets for rows in _hidden_rows(scans.get(name))]


def _hidden_rows(scan: Scan | None) -> list[set[int]]:
    if isinstance(scan, OpenDocument):
        return scan.hidden_rows
    return [scan.hidden_rows if isinstance(scan, WorkSheet) else set()]


def _map_of(package: "_Package") -> tuple[dict[str, Scan | None], list[str]]:
    """Return the parts to copy, and those with sheets in the order of the sheets."""
    if _WORKBOOK in package:
        return _map_of_excel(package)
    if "xl/workbook.bin" in package:
        raise refused("list_binary_workbook")
    if package.whole(_MIMETYPE).startswith(_ODS):
        if b"encryption-data" in package.whole(_MANIFEST):
            raise refused("list_password")
        names = {_MIMETYPE: None, _MANIFEST: None, _CONTENT: OpenDocument()}
        return {name: scan for name, scan in names.items() if name in package}, [_CONTENT]
    raise refused("list_not_table")


def _map_of_excel(package: "_Package") -> tuple[dict[str, Scan | None], list[str]]:
    scans: dict[str, Scan | None] = {name: None for name in _ALWAYS if name in package}
    paths: dict[str, str] = {}
    for relation in _attributes(_RELATION, package.whole(_RELATIONS)):
        path = normpath(join("/xl", relation.get("Target", ""))).lstrip("/")
        kind = relation.get("Type", "").rpartition("/")[2]
        if path in package and kind in _OF_TABLES:
            scans.setdefault(path, WorkSheet() if "sheet" in kind else None)
            paths[relation.get("Id", "")] = path
    sheets = _attributes(_SHEET, package.whole(_WORKBOOK))
    ids = [next((v for k, v in sheet.items() if k.endswith(":id")), "") for sheet in sheets]
    return scans, [paths.get(one, "") for one in ids]


def _attributes(tag: re.Pattern[str], xml: bytes) -> list[dict[str, str]]:
    wide = xml.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = xml.decode("utf-16" if wide else "utf-8", errors="replace")
    return [
        {name: unescape(double or single) for name, double, single in _ATTRIBUTE.findall(found)}
        for found in tag.findall(text)
    ]


class _Package:
    """The parts of a zip file by name, as its own directory has them."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                entries = packed.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
            cut_off = data.rfind(_END_OF_ZIP) < 0
            raise refused("list_cut_off" if cut_off else "list_broken") from error
        # Names of parts have no case; some writers name the folders in the way of Windows.
        self._parts = {entry.filename.replace("\\", "/").lower(): entry for entry in entries}
        declared = sum(entry.file_size for entry in entries)
        if len(entries) > MOST_PARTS or declared > LARGEST_UNPACKED or _overlap(entries):
            raise refused("list_packed_too_tight")

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._parts

    def blocks(self, name: str) -> Iterator[bytes]:
        """Unpack a part to its real end, whatever size is declared."""
        entry = self._parts[name.lower()]
        if entry.flag_bits & _ENCRYPTED:
            raise refused("list_password")
        start = _start(self._data, entry)
        packed = memoryview(self._data)[start : start + entry.compress_size]
        if entry.compress_type not in _UNPACK:
            raise refused("list_broken")
        crc = 0
        for block in _UNPACK[entry.compress_type](packed):
            crc = zlib.crc32(block, crc)
            yield block
        if crc != entry.CRC:
            raise refused("list_broken")

    def whole(self, name: str) -> bytes:
        """Return a small part; nothing if there is none."""
        read = b""
        for block in self.blocks(name) if name in self else ():
            read += block
            if len(read) > LARGEST_MAP:
                raise refused("list_packed_too_tight")
        return read

    def check_entities(self) -> None:
        """Refuse document types: they stand before the first element, and may name outside files.

        Nothing here would open them; a file that tries is not a clerk's.
        """
        for name, entry in self._parts.items():
            if entry.file_size and entry.compress_type in _UNPACK:
                head = next(self.blocks(name), b"")
                if _XML.match(head) and _ENTITIES.search(head.replace(b"\0", b"")):
                    raise refused("list_entities")


def _overlap(entries: Iterable[zipfile.ZipInfo]) -> bool:
    spans = sorted((e.header_offset, e.header_offset + e.compress_size) for e in entries)
    return any(end > start for (_, end), (start, _) in pairwise(spans))


def _start(data: bytes, entry: zipfile.ZipInfo) -> int:
    """Return where a part's bytes begin: its local header has lengths of its own."""
    at = entry.header_offset
    if data[at : at + 4] != _ZIP or at + 30 > len(data):
        raise refused("list_broken")
    name, extra = struct.unpack_from("<HH", data, at + 26)
    return at + 30 + int(name) + int(extra)


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


_UNPACK = {zipfile.ZIP_STORED: _stored, zipfile.ZIP_DEFLATED: _inflated}
