"""A list is read from any table a clerk sends, or refused with one clear sentence."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from create_chats import read_list
from create_chats.read_list import read
from create_chats.refusals import REFUSALS, RefusedListError
from housechats.domain.limits import LARGEST_LIST
from support import ugly_files
from support.ugly_files import UGLY, Rows, as_csv, with_openpyxl

HEADER = ["Адрес", "Подъездов"]
ROWS: Rows = [HEADER, ["г. Омск, ул. Мира, д. 1", 4], ["г. Омск, ул. Мира, д. 2", ""]]
EXPECTED = [
    (2, {"address": "г. Омск, ул. Мира, д. 1", "entrances": "4"}),
    (3, {"address": "г. Омск, ул. Мира, д. 2"}),
]


def book(rows: Rows) -> bytes:
    return with_openpyxl(("Дома", rows))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(as_csv(ROWS), id="text"),
        pytest.param(as_csv(ROWS, end="\n").rstrip(), id="text whose last line is not ended"),
        pytest.param(as_csv(ROWS) + b"\x1a", id="text that DOS ended"),
        pytest.param(book(ROWS), id="xlsx"),
        pytest.param(with_openpyxl(("Титул", []), ("Дома", ROWS)), id="xlsx, the second sheet"),
    ],
)
def test_a_list_is_read_as_often_as_wanted(data: bytes) -> None:
    listing = read(data)

    assert listing.columns == {"address": "Адрес", "entrances": "Подъездов"}
    assert list(listing.rows) == EXPECTED
    assert list(listing.rows) == EXPECTED


@pytest.mark.parametrize("name", ugly_files.TEXTS)
def test_an_ugly_text_is_read_whatever_program_wrote_it(name: str) -> None:
    listing = read(ugly_files.TEXTS[name]())

    assert listing.columns == ugly_files.COLUMNS
    assert list(listing.rows) == ugly_files.ROWS


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(with_openpyxl(("Дома", UGLY), merged=ugly_files.MERGED), id="openpyxl"),
        pytest.param(ugly_files.with_xlsxwriter(UGLY, ugly_files.MERGED), id="xlsxwriter"),
    ],
)
def test_an_ugly_workbook_is_read_whatever_program_wrote_it(data: bytes) -> None:
    listing = read(data)

    assert listing.columns == ugly_files.COLUMNS
    assert list(listing.rows) == ugly_files.ROWS


@pytest.mark.skipif(not ugly_files.SOFFICE, reason="LibreOffice is absent")
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_an_ugly_workbook_of_another_office_is_read(kind: str, tmp_path: Path) -> None:
    workbook = ugly_files.with_xlsxwriter(UGLY, ugly_files.MERGED)

    listing = read(ugly_files.with_libreoffice(workbook, kind, tmp_path))

    assert listing.columns == ugly_files.COLUMNS
    assert list(listing.rows) == ugly_files.ROWS


def test_numbers_and_dates_of_a_workbook_read_as_people_see_them() -> None:
    columns = ["Адрес", "Подъездов", "Телефон", "Дом", "Корпус", "Литера", "Улица", "Строение"]
    midnight = datetime(2024, 3, 5)  # noqa: DTZ001
    cells = ["Омск", 12.0, 79000000001, date(2024, 3, 5), 1.5, True, midnight, 0.00001]

    _, read_cells = next(read(book([columns, cells])).rows)

    assert read_cells == {
        "address": "Омск",
        "entrances": "12",
        "elder_phone": "79000000001",
        "house": "05.03.2024",
        "block": "1.5",
        "letter": "да",
        "street": "05.03.2024",
        "building": "0.00001",
    }


@pytest.mark.parametrize("make", [book, as_csv])
@pytest.mark.parametrize(
    ("cell", "read_as"),
    [
        pytest.param("\xa0ул.\u2009Мира,\xa01 ", "ул. Мира, 1", id="spaces of every kind"),
        pytest.param("ул. Мира,\nд. 1", "ул. Мира,\nд. 1", id="lines"),
        pytest.param("ул. Мира,\r\nд. 1", "ул. Мира,\nд. 1", id="lines of Windows"),
        pytest.param("\u202eул. Ми\u00adра", "\u202eул. Ми\u00adра", id="invisible ones stay"),
        pytest.param("79161234567.0", "79161234567", id="a number that became a fraction"),
        pytest.param("7.9161E+10", "7.9161E+10", id="a number that lost its digits"),
    ],
)
def test_texts_are_read_as_people_see_them(
    make: Callable[[Rows], bytes], cell: str, read_as: str
) -> None:
    rows: Rows = [["Улица", "Дом", "Корпус"], [cell, "1", "2"], ["ул. Мира", "1", "2"]]

    _, cells = next(read(make(rows)).rows)

    assert cells["street"] == read_as


def test_of_several_sheets_the_one_that_knows_most_is_read_and_the_others_are_named() -> None:
    few: Rows = [["Адрес"], ["г. Омск, ул. Мира, д. 1"], ["г. Омск, ул. Мира, д. 2"]]
    note: Rows = [["Пояснения"], ["Заполните лист «Дома»"]]

    listing = read(with_openpyxl(("Архив", few), ("Дома", ROWS), ("Справка", note)))

    assert listing.table.name == "Дома"
    (remark,) = listing.remarks
    assert remark.startswith("Прочитан лист «Дома». Другие листы с адресами не прочитаны: «Архив».")


@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("УК", [["УК", "ИНН", "Адрес", "Телефон"], ["Уют", "2901", "г. Омск, ул. Мира, 9", "112"]]),
        ("Пояснение", [[*HEADER, "Старший", "Квартир"], ["г. Омск, ул. Мира, д. 1", 1, "Я", 9]]),
        ("Образец", [[*HEADER, "Старший"], *[["г. Омск, ул. Мира, д. 1", 1, "Я"]] * 40]),
    ],
)
def test_a_sheet_beside_the_list_is_not_taken_for_it(name: str, beside: Rows) -> None:
    houses = [["г. Омск, ул. Мира, д. 1", 4] for _ in range(29)]

    listing = read(with_openpyxl((name, beside), ("Дома", [HEADER, *houses])))

    assert listing.table.name == "Дома"


def test_of_equal_sheets_the_longer_one_is_read() -> None:
    listing = read(with_openpyxl(("2024", ROWS), ("2025", [*ROWS, ROWS[1]])))

    assert listing.table.name == "2025"


@pytest.mark.parametrize(
    ("beside", "is_read"),
    [
        pytest.param([["Адрес"], ["г. Омск, ул. Мира, д. 1"]], "Видимый", id="a poorer list"),
        pytest.param([["Пояснения"]], "Скрытый", id="no list"),
    ],
)
def test_a_hidden_sheet_is_read_only_if_no_other_has_a_list(beside: Rows, is_read: str) -> None:
    data = with_openpyxl(("Скрытый", ROWS), ("Видимый", beside), hidden=["Скрытый"])

    listing = read(data)

    assert listing.table.name == is_read


def test_hidden_rows_are_read_and_it_is_said() -> None:
    listing = read(with_openpyxl(("Дома", ROWS), hidden_rows=[1, 3]))

    assert list(listing.rows) == EXPECTED
    assert listing.table.hidden_rows == {1, 3}
    assert listing.remarks == ("Скрытые строки тоже прочитаны: 1.",)


def test_a_list_without_an_address_column_names_its_columns() -> None:
    with pytest.raises(RefusedListError) as refusal:
        read(as_csv([["Улица", "Площадь"], ["ул. Мира", "54"]]))

    assert refusal.value.code == "list_no_address"
    assert "«Улица», «Площадь»" in refusal.value.message


def archive(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr(name, "")
    return file.getvalue()


def of_houses(number: int) -> bytes:
    return ("Адрес\n" + "г. Омск\n" * number + "\n\n").encode()


REFUSED: dict[str, Callable[[], bytes]] = {
    "list_empty": lambda: b" \r\n",
    "list_too_big": lambda: b"1" * (LARGEST_LIST + 1),
    "list_too_long": lambda: of_houses(read_list.MOST_ROWS + 1),
    "list_not_table": lambda: archive("word/document.xml"),
    "list_cut_off": lambda: book(ROWS)[:-200],
    "list_broken": lambda: "Адрес\n".encode() + b"1" * 2**21,
    "list_no_address": lambda: as_csv([["ФИО"], ["Иванов"]]),
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
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x02\x80", id="a picture"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x01\x00`\x00`", id="a photograph"),
        pytest.param(b"<html><table></table></html>", id="a web page"),
        pytest.param(" \r\n<!DOCTYPE html>".encode("utf-16"), id="a web page of Excel"),
        pytest.param(b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', id="XML of Excel"),
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
UGLY_TEXT = as_csv(UGLY)


def spoilt(whole: bytes) -> st.SearchStrategy[bytes]:
    """Return a file with one of its bytes changed."""
    return st.builds(
        lambda at, byte: whole[:at] + bytes([byte]) + whole[at + 1 :],
        st.integers(0, len(whole) - 1),
        st.integers(0, 255),
    )


@given(
    st.one_of(
        st.binary(),
        st.binary().map(lambda some: b"PK\x03\x04" + some),
        st.binary().map(lambda some: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + some),
        st.binary().map(lambda some: "Адрес;Дом\n".encode() + some),
        st.binary().map(lambda some: "Адрес;Дом\n".encode("utf-16") + some),
        st.text().map(lambda some: f"Адрес;Дом\n{some}".encode()),
        st.text('";\r\nа1 ').map(lambda some: f"Адрес;Дом;Корпус\n{some}".encode()),
        spoilt(WORKBOOK),
        spoilt(UGLY_TEXT),
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
    assert [number for number, _ in rows] == list(
        range(rows[0][0], rows[-1][0] + 1) if rows else []
    )


def test_nothing_of_a_file_is_written_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    list(read(WORKBOOK).rows)

    assert list(tmp_path.iterdir()) == []
