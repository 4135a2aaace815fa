"""Workbooks are read as a clerk sees them, and no workbook harms who reads it."""

import io
import shutil
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest
import xlsxwriter

from create_chats import spreadsheets
from create_chats.cell_blocks import NOT_COUNTED
from create_chats.read_list import read
from create_chats.refusals import RefusedListError
from create_chats.spreadsheets import is_spreadsheet, sheets
from support.workbook_bytes import (
    cell,
    ods,
    ods_parts,
    ole,
    xls,
    xls_error,
    xls_row,
    xls_text,
    xlsx,
    xlsx_parts,
    zipped,
)

OFFICE = shutil.which("soffice")
MORNING = datetime(2024, 5, 11, 10, 30)  # noqa: DTZ001 - a cell's time is of no zone
MB = 2**20


def clerks_workbook() -> bytes:
    """A table from C3 on, with a hidden row, a formula, an error and a hidden sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Дома"
    sheet["C3"], sheet["D3"], sheet["E3"] = "Адрес", "Дом", "Сдан"
    sheet["C4"], sheet["D4"], sheet["E4"] = "ул. Мира", 12, date(2024, 5, 11)
    sheet["C5"], sheet["D5"], sheet["E5"] = "ул. Садовая", 1.5, MORNING
    sheet["C6"], sheet["D6"], sheet["E6"] = True, "=NA()", time(10, 30)
    sheet.row_dimensions[5].hidden = True
    sheet.merge_cells("C6:C7")
    book.create_sheet("Архив").sheet_state = "hidden"
    return saved(book)


SEEN_BY_THE_CLERK = [
    ["", "", "", "", ""],
    ["", "", "", "", ""],
    ["", "", "Адрес", "Дом", "Сдан"],
    ["", "", "ул. Мира", "12", "11.05.2024"],
    ["", "", "ул. Садовая", "1.5", "11.05.2024 10:30"],
    ["", "", "да", "#N/A", "10:30"],
]


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def rows(data: bytes) -> list[list[object]]:
    return [list(row) for row in sheets(data)[0].cells()]


def refusal(data: bytes) -> str:
    with pytest.raises(RefusedListError) as refused:
        sheets(data)
    assert refused.value.message.endswith(".")
    return refused.value.code


@pytest.fixture(scope="module")
def resaved(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    """Save the clerk's workbook in LibreOffice, which reckons its formulas too."""
    if not OFFICE:
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("office")
    (folder / "list.xlsx").write_bytes(clerks_workbook())
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"

    def save(kind: str) -> bytes:
        command = [OFFICE, profile, "--headless", "--convert-to", kind, "--outdir"]
        subprocess.run(  # noqa: S603 - the office's own program and our own file
            [*command, folder / "resaved", folder / "list.xlsx"],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return (folder / "resaved" / f"list.{kind}").read_bytes()

    return save


@pytest.mark.parametrize("kind", ["xlsx", "xlsm", "xls", "ods"])
def test_a_clerk_finds_every_cell_where_their_program_shows_it(
    kind: str, resaved: Callable[[str], bytes]
) -> None:
    data = resaved(kind)

    table, archive = sheets(data)

    read_rows = [list(row) for row in table.cells()]
    if kind == "ods":
        # LibreOffice keeps a logical value there as the number 1.
        read_rows[5][2] = {"1": "да"}[str(read_rows[5][2])]
    assert read_rows[:6] == SEEN_BY_THE_CLERK
    assert not any(any(row) for row in read_rows[6:])
    assert (table.name, table.hidden, table.hidden_rows) == (
        "Дома",
        False,
        frozenset({5}),
    )
    assert (archive.name, archive.hidden, list(archive.cells())) == ("Архив", True, [])


def test_a_formula_that_no_program_has_reckoned_yet_says_so() -> None:
    data = clerks_workbook()

    table = sheets(data)[0]

    assert [list(row) for row in table.cells()] == [
        *SEEN_BY_THE_CLERK[:5],
        ["", "", "да", NOT_COUNTED, "10:30"],
    ]
    assert table.hidden_rows == {5}


def test_a_workbook_of_another_writer_reads_the_same() -> None:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("Дома")
    sheet.write_row(0, 0, ["Адрес", "Дом", "Этажей"])
    sheet.write_row(1, 0, ["ул. Мира", "7", "5"])
    sheet.write_formula(2, 1, "=A1", value="12")
    sheet.set_row(2, options={"hidden": True})
    book.close()

    (table,) = sheets(file.getvalue())

    assert [list(row) for row in table.cells()] == [
        ["Адрес", "Дом", "Этажей"],
        ["ул. Мира", "7", "5"],
        ["", "12", ""],
    ]
    assert table.hidden_rows == {3}


@pytest.mark.parametrize(
    ("formula", "seen"),
    [
        pytest.param("<c r='A1'><f>B5</f><v></v></c>", NOT_COUNTED, id="an empty value"),
        pytest.param("<c r='A1' s='3'><f>B5</f><v /></c>", NOT_COUNTED, id="a closed value"),
        pytest.param("<c r='A1' t='n'><f>B5</f></c>", NOT_COUNTED, id="no value"),
        pytest.param("<c r='A1'><f t='shared' si='0'/></c>", NOT_COUNTED, id="a shared formula"),
        pytest.param("<c r='A1' t='str'><f>T(B5)</f><v></v></c>", "", id="an empty text"),
        pytest.param("<c r='A1' t='str'><f>T(B5)</f><v>да</v></c>", "да", id="a text"),
        pytest.param("<c r='A1'><f>B5</f><v>5</v></c>", "5", id="a number"),
        pytest.param("<c r='A1'><f>#REF!</f><v>5</v></c>", "5", id="a number of a lost cell"),
    ],
)
def test_a_formula_is_its_value_and_one_that_was_never_counted_says_so(
    formula: str, seen: str
) -> None:
    data = xlsx(f"<row r='1'>{formula}{cell('B1', 'ул. Мира')}</row>")

    assert rows(data) == [[seen, "ул. Мира"]]


def test_formulas_that_were_never_counted_are_seen_wherever_the_sheet_is_cut() -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for number in range(1, 5001):
        sheet.append([f"=B{number}", number])

    seen = rows(saved(book))

    assert seen == [[NOT_COUNTED, str(number)] for number in range(1, 5001)]


def test_a_formula_in_an_open_document_that_was_never_counted_says_so() -> None:
    counted = (
        "<table:table-cell office:value-type='float' office:value='5' table:formula='of:=[.B5]'>"
        "<text:p>5</text:p></table:table-cell>"
    )
    data = ods(
        "<table:table table:name='Дома'><table:table-row>"
        f"<table:table-cell table:formula='of:=[.B5]'/>{counted}"
        "</table:table-row></table:table>"
    )

    assert rows(data) == [[NOT_COUNTED, "5"]]


def test_an_old_workbook_tells_its_hidden_rows_and_errors() -> None:
    data = xls(
        xls_row(1, hidden=True),
        xls_row(2, hidden=False),
        xls_text(1, 1, "ул. Мира"),
        xls_error(1, 2, 0x2A),
        xls_error(2, 1, 0x17),
        xls_text(2, 2, "д. 1"),
    )

    (table,) = sheets(data)

    assert [list(row) for row in table.cells()] == [
        ["", "", ""],
        ["", "ул. Мира", "#N/A"],
        ["", "#REF!", "д. 1"],
    ]
    assert table.hidden_rows == {2}


def test_repeated_and_filtered_rows_of_an_open_document_are_counted() -> None:
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    data = ods(
        '<table:table table:name="Дома">'
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        '<table:table-row table:visibility="filter" table:number-rows-repeated="2">'
        f"{text.format('а')}</table:table-row>"
        f"<table:table-row>{text.format('б')}</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048571">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        "</table:table>"
    )

    (table,) = sheets(data)

    assert [list(row) for row in table.cells()] == [[""], [""], ["а"], ["а"], ["б"]]
    assert table.hidden_rows == {3, 4}


def test_rows_without_numbers_and_prefixed_tags_are_understood() -> None:
    parts = xlsx_parts("")
    parts["xl/worksheets/sheet1.xml"] = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        "<x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row><x:row hidden='1'>"
        '<x:c t="e"><x:v>#REF!</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )

    (table,) = sheets(zipped(parts))

    assert [list(row) for row in table.cells()] == [["1"], ["#REF!"]]
    assert table.hidden_rows == {2}


@pytest.mark.parametrize("folder", ["/xl/", ""])
def test_parts_are_found_however_their_writer_spells_their_names(folder: str) -> None:
    parts = xlsx_parts('<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2" hidden="true"/>')
    relations = str(parts["xl/_rels/workbook.xml.rels"])
    parts["xl/_rels/workbook.xml.rels"] = relations.replace("worksheets/", f"{folder}worksheets/")
    parts["xl\\SharedStrings.xml"] = "<sst><si><t>ул. Мира</t></si></sst>"

    (table,) = sheets(zipped(parts))

    assert [list(row) for row in table.cells()] == [["ул. Мира"]]
    assert table.hidden_rows == {2}


def test_a_table_is_read_again_and_by_two_readers_at_once() -> None:
    data = xlsx("".join(f'<row r="{n}">{cell(f"A{n}", str(n))}</row>' for n in range(1, 1001)))

    (table,) = sheets(data)

    pairs = zip(table.cells(), table.cells(), strict=True)
    assert all(left == right == (str(n),) for n, (left, right) in enumerate(pairs, 1))
    assert sum(1 for _ in table.cells()) == 1000


def test_a_list_that_is_too_long_is_refused_as_such_however_long_it_is() -> None:
    lines = "".join(f'<row r="{n}">{cell(f"A{n}", "ул. Мира")}</row>' for n in range(2, 300_000))
    data = xlsx(f'<row r="1">{cell("A1", "Адрес")}</row>{lines}')

    with pytest.raises(RefusedListError) as refused:
        list(read(data).rows)

    assert refused.value.code == "list_too_long"


def member(data: bytes, at: int, changed: bytes) -> bytes:
    return data[:at] + changed + data[at + len(changed) :]


def bomb(real: int, declared: int) -> bytes:
    """Pack a sheet of spaces: its headers say one size, its bytes unpack to another."""
    deflate = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    spaces = b" " * MB
    packed = deflate.compress(spaces) + deflate.flush(zlib.Z_FULL_FLUSH)
    body = packed * (real // MB) + deflate.flush()
    crc = 0
    for _ in range(real // MB):
        crc = zlib.crc32(spaces, crc)
    parts = xlsx_parts("")
    del parts["xl/worksheets/sheet1.xml"]
    name = b"xl/worksheets/sheet1.xml"
    head = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 0, crc, len(body), declared, len(name), 0)
    small = zipped(parts)
    end = small.rfind(b"PK\5\6")
    at = small.find(b"PK\1\2")
    count, size = struct.unpack_from("<HL", small, end + 10)
    entry = b"PK\1\2\x14\0" + head + struct.pack("<HHHLL", 0, 0, 0, 0, at) + name
    whole = small[:at] + b"PK\3\4" + head + name + body
    directory = small[at:end] + entry
    tail = struct.pack("<4xHHLLH", count + 1, count + 1, size + len(entry), len(whole), 0)
    return whole + directory + b"PK\5\6" + tail


def overlapping() -> bytes:
    """Let two parts share their bytes, as bombs do that unpack to gigabytes."""
    data = zipped(xlsx_parts("", ""))
    directory = data.find(b"PK\1\2")
    entries = [directory]
    while (following := data.find(b"PK\1\2", entries[-1] + 4)) >= 0:
        entries.append(following)
    return member(data, entries[-1] + 42, data[entries[-2] + 42 : entries[-2] + 46])


def many_parts() -> bytes:
    return zipped({**xlsx_parts(""), **{f"xl/media/{n}.png": b"" for n in range(10_001)}})


def with_secret_parts() -> bytes:
    data = bytearray(zipped(xlsx_parts("")))
    at = data.find(b"PK\1\2")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\1\2", at + 4)
    return bytes(data)


def with_part(name: str, part: str | bytes) -> bytes:
    return zipped({**xlsx_parts(f'<row r="1">{cell("A1", "Адрес")}</row>'), name: part})


def of_kind(*parts: str) -> bytes:
    return zipped({"[Content_Types].xml": "<Types/>", **dict.fromkeys(parts, "<a/>")})


def changed_sheet() -> bytes:
    data = xlsx("".join(f'<row r="{n}">{cell(f"A{n}", f"дом {n}")}</row>' for n in range(1, 500)))
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        part = packed.getinfo("xl/worksheets/sheet1.xml")
    at = part.header_offset + 30 + len(part.filename) + part.compress_size // 2
    return member(data, at, bytes([data[at] ^ 1]))


DOCTYPE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
HOUSE = '<table:table-cell office:value-type="string"><text:p>а</text:p></table:table-cell>'
ODT = "application/vnd.oasis.opendocument.text"
FORMATTED = "".join(f'<c r="{chr(65 + n)}1" s="1"/>' for n in range(20))

REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a workbook with a password": (
        "list_password",
        lambda: ole({"EncryptionInfo": b"", "EncryptedPackage": bytes(5000)}),
    ),
    "an old workbook with a password": ("list_password", lambda: xls(secret=True)),
    "a zip file with a password": ("list_password", with_secret_parts),
    "an open document with a password": (
        "list_password",
        lambda: zipped(
            {**ods_parts(""), "META-INF/manifest.xml": "<m><manifest:encryption-data/></m>"}
        ),
    ),
    "a document of Word": ("list_not_table", lambda: of_kind("word/document.xml")),
    "slides": ("list_not_table", lambda: of_kind("ppt/presentation.xml")),
    "a program": ("list_not_table", lambda: of_kind("META-INF/MANIFEST.MF", "A.class")),
    "an archive": ("list_not_table", lambda: zipped({"список.xlsx": xlsx("")})),
    "an open text": (
        "list_not_table",
        lambda: zipped({**ods_parts(""), "mimetype": ODT}),
    ),
    "an old document of Word": ("list_not_table", lambda: ole({"WordDocument": b"text"})),
    "a binary workbook": ("list_binary_workbook", lambda: of_kind("xl/workbook.bin")),
    "half a workbook": ("list_cut_off", lambda: clerks_workbook()[:3000]),
    "half an old workbook": ("list_cut_off", lambda: xls(xls_text(0, 0, "а" * 9000))[:9000]),
    "the first bytes of an old workbook": ("list_cut_off", lambda: ole({})[:100]),
    "a workbook with a changed byte": ("list_broken", changed_sheet),
    "a workbook without its directory": (
        "list_broken",
        lambda: clerks_workbook().replace(b"PK\1\2", b"PK\1\3"),
    ),
    "a workbook without sheets": ("list_no_sheets", xlsx),
    "an open document without sheets": ("list_no_sheets", lambda: ods("")),
    "a part that says it is huge": ("list_packed_too_tight", lambda: bomb(MB, 300 * MB)),
    "a part that is huge and does not say so": (
        "list_packed_too_tight",
        lambda: bomb(300 * MB, MB),
    ),
    "parts that overlap": ("list_packed_too_tight", overlapping),
    "ten thousand parts": ("list_packed_too_tight", many_parts),
    "an outside entity in strings": (
        "list_entities",
        lambda: with_part("xl/sharedStrings.xml", f"{DOCTYPE}<sst/>"),
    ),
    "an outside entity in a part that nobody reads": (
        "list_entities",
        lambda: with_part("docProps/app.xml", f"<?xml version='1.0'?>\n{DOCTYPE}<Properties/>"),
    ),
    "an outside entity in wide letters": (
        "list_entities",
        lambda: with_part("xl/styles.xml", f"{DOCTYPE}<a/>".encode("utf-16")),
    ),
    "an outside entity in an open document": (
        "list_entities",
        lambda: zipped({**ods_parts(""), "content.xml": f"{DOCTYPE}<a/>"}),
    ),
    "a million cells that are only coloured": (
        "list_ghost_cells",
        lambda: xlsx("".join(f'<row r="{n}">{FORMATTED}</row>' for n in range(1, 50_002))),
    ),
    "a million coloured cells of an open document": (
        "list_ghost_cells",
        lambda: ods(
            '<table:table table:name="a"><table:table-row>'
            + '<table:table-cell table:style-name="c"/>' * 1_000_001
            + "</table:table-row></table:table>"
        ),
    ),
    "a stray cell in the last corner": (
        "list_too_vast",
        lambda: xlsx(
            f'<row r="1">{cell("A1", "а")}</row><row r="1048576">{cell("XFD1048576", "б")}</row>'
        ),
    ),
    "a cell repeated to the last corner": (
        "list_too_vast",
        lambda: ods(
            '<table:table table:name="a"><table:table-row table:number-rows-repeated="1048576">'
            + HOUSE.replace(" office", ' table:number-columns-repeated="16384" office', 1)
            + "</table:table-row></table:table>"
        ),
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_read_is_refused_with_its_own_sentence(what: str) -> None:
    code, make = REFUSED[what]

    data = make()

    assert is_spreadsheet(data)
    assert refusal(data) == code


def test_formatting_that_runs_on_below_a_table_harms_nobody() -> None:
    below = "".join(f'<row r="{n}">{FORMATTED}</row>' for n in range(2, 20_000))
    data = xlsx(f'<row r="1">{cell("A1", "Адрес")}</row>{below}')

    assert rows(data) == [["Адрес"]]


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "LONGEST", 0.001)

    assert refusal(clerks_workbook()) == "list_too_vast"


def test_a_machine_that_cannot_start_the_reader_does_not_blame_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.executable", shutil.which("false"))

    with pytest.raises(RuntimeError, match="did not start"):
        sheets(clerks_workbook())


def test_the_reader_is_given_no_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = tmp_path / "told"
    interpreter = tmp_path / "python"
    interpreter.write_text(f"#!/bin/sh\n/usr/bin/env > {told}\n")
    interpreter.chmod(0o700)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a secret")
    monkeypatch.setattr("sys.executable", str(interpreter))

    with pytest.raises(RuntimeError):
        sheets(clerks_workbook())

    assert "a secret" not in told.read_text()
