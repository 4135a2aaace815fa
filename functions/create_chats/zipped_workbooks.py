"""Zipped workbooks (xlsx, xlsm, ods): every part is checked, and copied for the reader."""

import re
from collections.abc import Iterator
from io import BufferedRandom
from posixpath import join, normpath
from tempfile import TemporaryFile

from create_chats.refusals import refused
from create_chats.sheet_xml import OpenDocument, Scan, WorkSheet
from create_chats.zip_files import LARGEST_UNPACKED, UNPACK, ZipFile, write_zip

_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_ALWAYS = ("[Content_Types].xml", "_rels/.rels", _WORKBOOK, _RELATIONS, "xl/sharedStrings.xml")
_OF_TABLES = ("worksheet", "chartsheet", "dialogsheet", "xlMacrosheet", "sharedStrings", "styles")
_CONTENT, _MANIFEST, _MIMETYPE = "content.xml", "META-INF/manifest.xml", "mimetype"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_XML = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<")
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^>]*)")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^>]*)")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def checked_copy(data: bytes) -> tuple[BufferedRandom, list[set[int]]]:
    """Copy the parts that hold the tables, so that the reader opens only what was checked.

    Hidden rows come with it, by sheet.
    """
    file = ZipFile(data)
    scans, sheets = _map_of(file)
    _check_entities(file)
    copy = TemporaryFile()  # noqa: SIM115 - the reader's until this process ends
    write_zip(copy, _looked_at(file, scans))
    return copy, [rows for name in sheets for rows in _hidden_rows(scans.get(name))]


def _looked_at(
    file: ZipFile, scans: dict[str, Scan | None]
) -> Iterator[tuple[str, Iterator[bytes]]]:
    left = LARGEST_UNPACKED

    def blocks(name: str, scan: Scan | None) -> Iterator[bytes]:
        nonlocal left
        for block in file.blocks(name):
            left -= len(block)
            if left < 0:
                raise refused("list_packed_too_tight")
            yield scan.feed(block) if scan else block
        if scan:
            yield scan.end()

    return ((name, blocks(name, scan)) for name, scan in scans.items())


def _check_entities(file: ZipFile) -> None:
    """Refuse document types: they stand before the first element, and may name outside files.

    Nothing here would open them; a file that tries is not a clerk's.
    """
    for name, part in file.parts.items():
        if part.packed and part.method in UNPACK:
            head = next(file.blocks(name), b"")
            if _XML.match(head) and _ENTITIES.search(head.replace(b"\0", b"")):
                raise refused("list_entities")


def _hidden_rows(scan: Scan | None) -> list[set[int]]:
    if isinstance(scan, OpenDocument):
        return scan.hidden_rows
    return [scan.hidden_rows if isinstance(scan, WorkSheet) else set()]


def _map_of(file: ZipFile) -> tuple[dict[str, Scan | None], list[str]]:
    """Return the parts to copy, and those with sheets in the order of the sheets."""
    if _WORKBOOK in file:
        return _map_of_excel(file)
    if "xl/workbook.bin" in file:
        raise refused("list_binary_workbook")
    if file.whole(_MIMETYPE).startswith(_ODS):
        if b"encryption-data" in file.whole(_MANIFEST):
            raise refused("list_password")
        names = {_MIMETYPE: None, _MANIFEST: None, _CONTENT: OpenDocument()}
        return {name: scan for name, scan in names.items() if name in file}, [_CONTENT]
    raise refused("list_not_table")


def _map_of_excel(file: ZipFile) -> tuple[dict[str, Scan | None], list[str]]:
    scans: dict[str, Scan | None] = {name: None for name in _ALWAYS if name in file}
    paths: dict[str, str] = {}
    for relation in _attributes(_RELATION, file.whole(_RELATIONS)):
        kind = relation.get("Type", "").rpartition("/")[2]
        path = normpath(join("/xl", relation.get("Target", ""))).lstrip("/")
        known = {name.lower() for name in scans}
        if path in file and kind in _OF_TABLES and path.lower() not in known:
            scans[path] = WorkSheet() if "sheet" in kind else None
        paths[relation.get("Id", "")] = path
    sheets = _attributes(_SHEET, file.whole(_WORKBOOK))
    ids = [next((v for k, v in sheet.items() if k.endswith(":id")), "") for sheet in sheets]
    return scans, [paths.get(one, "") for one in ids]


def _attributes(tag: re.Pattern[str], xml: bytes) -> list[dict[str, str]]:
    wide = xml.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = xml.decode("utf-16" if wide else "utf-8", errors="replace")
    return [
        {
            name: (double or single).replace("&amp;", "&")
            for name, double, single in _ATTRIBUTE.findall(found)
        }
        for found in tag.findall(text)
    ]
