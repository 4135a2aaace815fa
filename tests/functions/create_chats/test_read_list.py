"""A list is read from any table a clerk sends, or refused with one clear sentence."""

import io
import zipfile
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from create_chats import read_list, uploads
from create_chats.columns import FIELDS
from create_chats.read_list import read
from create_chats.refusals import REFUSALS, RefusedListError
from support.workbook_bytes import OLE, ole

HEADER: list[object] = ["Адрес", "Подъездов"]
Rows = Iterable[Iterable[object]]
ROWS: list[list[object]] = [HEADER, ["г. Омск, ул. Мира, д. 1", 4], ["г. Омск, ул. Мира, д. 2", ""]]
EXPECTED = [
    (2, {"address": "г. Омск, ул. Мира, д. 1", "entrances": "4"}),
    (3, {"address": "г. Омск, ул. Мира, д. 2"}),
]


def text(rows: Rows, separator: str = ";") -> str:
    return "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)


def book(rows: Rows, before: str | None = None) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    if before:
        sheet.title = before
        sheet = workbook.create_sheet("Дома")
    for row in rows:
        sheet.append(list(row))
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(text(ROWS).encode(), id="UTF-8"),
        pytest.param(text(ROWS).encode("utf-8-sig"), id="UTF-8 as Excel writes it"),
        pytest.param(text(ROWS).encode("cp1251"), id="cp1251"),
        pytest.param(text(ROWS, ",").encode(), id="commas"),
        pytest.param(text(ROWS, "\t").encode("cp1251"), id="tabs"),
        pytest.param(text(ROWS).encode().replace(b"\r", b""), id="Unix lines"),
        pytest.param(book(ROWS), id="xlsx"),
        pytest.param(book(ROWS, before="Титул"), id="xlsx, the second sheet"),
    ],
)
def test_a_list_is_read_from_every_format(data: bytes) -> None:
    listing = read(data)

    assert listing.columns == {"address": "Адрес", "entrances": "Подъездов"}
    assert list(listing.rows) == EXPECTED
    assert list(listing.rows) == EXPECTED


@pytest.mark.parametrize("make", [book, lambda rows: text(rows).encode()])
def test_titles_blank_rows_and_totals_keep_the_numbers_of_rows(
    make: Callable[[Rows], bytes],
) -> None:
    rows: Rows = [["Список домов"], [], HEADER, ROWS[1], ["", ""], ROWS[2], ["Итого", 2], ["", ""]]

    listing = read(make(rows))

    assert [number for number, _ in listing.rows] == [4, 5, 6, 7]
    assert [bool(cells) for _, cells in listing.rows] == [True, False, True, False]


def test_numbers_and_dates_of_a_workbook_read_as_people_see_them() -> None:
    cells = ["г. Омск, ул. Мира, д. 1", 12.0, 79000000001, date(2024, 3, 5), 1.5, True]
    rows: Rows = [["Адрес", "Подъездов", "Телефон", "Дом", "Корпус", "Литера"], cells]

    _, read_cells = next(read(book(rows)).rows)

    assert read_cells == {
        "address": "г. Омск, ул. Мира, д. 1",
        "entrances": "12",
        "elder_phone": "79000000001",
        "house": "05.03.2024",
        "block": "1.5",
        "letter": "да",
    }


@pytest.mark.parametrize("name", FIELDS)
def test_every_name_of_a_column_is_understood(name: str) -> None:
    for header in FIELDS[name]:
        others = ["Адрес"] if name != "address" else []

        listing = read(text([[*others, f" {header.upper()}: "], ["а", "б"]]).encode())

        assert name in listing.columns


def test_a_list_without_an_address_column_names_its_columns() -> None:
    with pytest.raises(RefusedListError) as refusal:
        read(text([["Улица", "Площадь"], ["ул. Мира", "54"]]).encode())

    assert refusal.value.code == "list_no_address"
    assert "«Улица», «Площадь»" in refusal.value.message


def encrypted() -> bytes:
    return ole({"EncryptionInfo": b"", "EncryptedPackage": b""})


def archive(name: str, size: int = 1) -> bytes:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open(name, "w") as entry,
    ):
        for _ in range(size):
            entry.write(bytes(2**20))
    return file.getvalue()


def of_houses(number: int) -> bytes:
    return ("Адрес\n" + "г. Омск\n" * number + "\n\n").encode()


REFUSED: dict[str, Callable[[], bytes]] = {
    "list_empty": lambda: b" \r\n",
    "list_too_big": lambda: b"1" * (uploads.LARGEST + 1),
    "list_too_long": lambda: of_houses(read_list.MOST_ROWS + 1),
    "list_packed_too_tight": lambda: archive("xl/workbook.xml", size=251),
    "list_password": encrypted,
    "list_not_table": lambda: archive("word/document.xml"),
    "list_cut_off": lambda: book(ROWS)[:-200],
    "list_no_address": lambda: text([["ФИО"], ["Иванов"]]).encode(),
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_is_no_list_is_refused_with_a_sentence(code: str) -> None:
    data = REFUSED[code]()

    with pytest.raises(RefusedListError) as refusal:
        list(read(data).rows)

    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"%PDF-1.7\n...", id="PDF"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", id="a picture"),
        pytest.param(b"<html><table></table></html>", id="a web page"),
        pytest.param(b"{\\rtf1\\ansi}", id="RTF"),
    ],
)
def test_other_files_are_not_tables(data: bytes) -> None:
    with pytest.raises(RefusedListError) as refusal:
        read(data)

    assert refusal.value.code == "list_not_table"


def test_the_longest_list_is_read() -> None:
    listing = read(of_houses(read_list.MOST_ROWS))

    assert sum(1 for _ in listing.rows) == read_list.MOST_ROWS


WORKBOOK = book(ROWS)


@settings(max_examples=50, deadline=None)
@given(
    st.one_of(
        st.binary(),
        st.binary().map(lambda some: b"PK\x03\x04" + some),
        st.binary().map(lambda some: OLE + some),
        st.text().map(lambda some: f"Адрес;Дом\n{some}".encode()),
        st.builds(
            lambda at, byte: WORKBOOK[:at] + bytes([byte]) + WORKBOOK[at + 1 :],
            st.integers(0, len(WORKBOOK) - 1),
            st.integers(0, 255),
        ),
    )
)
def test_no_bytes_break_the_reader(data: bytes) -> None:
    refusal = ""
    rows: list[tuple[int, dict[str, str]]] = []

    try:
        rows = list(read(data).rows)
    except RefusedListError as error:
        refusal = error.code

    assert refusal in {"", *REFUSALS}
    assert all(number > 1 for number, _ in rows)


def test_nothing_of_a_file_is_written_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    list(read(WORKBOOK).rows)

    assert list(tmp_path.iterdir()) == []
