"""Workbooks byte by byte: what a spreadsheet program would not write."""

import io
import struct
import zipfile
from collections.abc import Mapping

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SECTOR = 512
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE_OF_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return file.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def xlsx_parts(*sheets: str) -> dict[str, str | bytes]:
    """Return the parts of a workbook; a sheet is the XML of its rows."""
    numbers = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="Лист{i}" sheetId="{i}" r:id="r{i}"/>' for i in numbers)
    related = "".join(
        f'<Relationship Id="r{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in numbers
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>'
        ),
        **{
            f"xl/worksheets/sheet{i}.xml": (
                f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
            )
            for i, rows in zip(numbers, sheets, strict=True)
        },
    }


def xlsx(*sheets: str) -> bytes:
    return zipped(xlsx_parts(*sheets))


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def ods_parts(tables: str) -> dict[str, str | bytes]:
    names = "".join(f' xmlns:{name}="{uri}"' for name, uri in _ODS_NAMES.items())
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names}><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{TYPE_OF_ODS}"/>'
        "</manifest:manifest>"
    )
    return {"mimetype": TYPE_OF_ODS, "META-INF/manifest.xml": manifest, "content.xml": content}


def ods(tables: str) -> bytes:
    return zipped(ods_parts(tables))


def ole(streams: Mapping[str, bytes]) -> bytes:
    """Write a file of the older Office: up to three streams and 126 sectors."""
    follow = [_TABLE, _END]
    entries = [_entry("Root Entry", 5, _END, 0, child=1)]
    body = b""
    for place, (name, stream) in enumerate(streams.items(), 1):
        # Smaller streams would have to lie elsewhere.
        filled = stream.ljust(4096, b"\0")
        filled += bytes(-len(filled) % _SECTOR)
        right = place + 1 if place < len(streams) else _FREE
        entries.append(_entry(name, 2, len(follow), len(filled), right=right))
        last = len(follow) + len(filled) // _SECTOR - 1
        follow += [*range(len(follow) + 1, last + 1), _END]
        body += filled
    header = OLE + struct.pack(
        "<16xHHHHH6xLLLLLLLLL109L",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, 1, 1, 0, 4096, _END, 0, _END, 0),
        *(0, *[_FREE] * 108),
    )
    table = struct.pack("<128L", *follow, *[_FREE] * (128 - len(follow)))
    return header + table + b"".join(entries).ljust(_SECTOR, b"\0") + body


def _entry(
    name: str, kind: int, start: int, size: int, *, child: int = _FREE, right: int = _FREE
) -> bytes:
    told = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBLLL36xLLL", told, len(told), kind, 1, _FREE, right, child, start, size, 0
    )


def xls(*records: tuple[int, bytes], secret: bool = False) -> bytes:
    """Write an xls workbook of one sheet: «Лист1», of these records."""
    opening = struct.pack("<HHHHLL", 0x600, 5, 0, 0, 0, 0)
    above = _record(0x809, opening) + (_record(0x2F, bytes(6)) if secret else b"")
    name = struct.pack("<BBBB", 0, 0, 5, 1) + "Лист1".encode("utf-16-le")
    sheet_at = len(above) + 4 + 4 + len(name) + 4
    book = above + _record(0x85, struct.pack("<L", sheet_at) + name) + _record(0x0A, b"")
    book += _record(0x809, struct.pack("<HHHHLL", 0x600, 0x10, 0, 0, 0, 0))
    book += b"".join(_record(kind, body) for kind, body in records) + _record(0x0A, b"")
    return ole({"Workbook": book})


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def xls_text(row: int, column: int, text: str) -> tuple[int, bytes]:
    told = text.encode("utf-16-le")
    return 0x204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + told


def xls_error(row: int, column: int, code: int) -> tuple[int, bytes]:
    return 0x205, struct.pack("<HHHBB", row, column, 0, code, 1)


def xls_row(row: int, *, hidden: bool) -> tuple[int, bytes]:
    return 0x208, struct.pack("<HHHHHHHH", row, 0, 9, 0, 0, 0, 0x20 if hidden else 0, 0)
