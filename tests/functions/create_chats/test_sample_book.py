"""The sample workbook is easy to start from, and opens no chat for a house that nobody has."""

import io

import openpyxl  # type: ignore[import-untyped]
import pytest

from create_chats.check_rows import check
from create_chats.columns import FIELDS
from create_chats.read_list import read
from create_chats.sample_book import COLUMNS, STREET_TYPES, write
from housechats.domain.batches import Row, Verdict

OKTMO = "11701000"
HOUSE = {
    "locality": "г. Архангельск",
    "street_type": "ул.",
    "street": "Садовая",
    "house": "5/11",
    "entrances": "4",
    "flats": "72",
    "elder_name": "Вымыслова Марфа",
    "elder_phone": "+79990000001",
}


def filled_in(*houses: dict[str, str], without_first: int = 0) -> bytes:
    """Return the sample as a clerk saves it, its first rows deleted or not."""
    book = openpyxl.load_workbook(io.BytesIO(write()))
    sheet = book.worksheets[0]
    for house in houses:
        sheet.append([house.get(column.name) for column in COLUMNS])
    if without_first:
        sheet.delete_rows(1, without_first)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def verdicts(data: bytes) -> list[Row]:
    return check(read(data), oktmo=OKTMO)


def test_the_sample_has_no_house_in_it() -> None:
    listing = read(write())

    assert list(listing.rows) == []
    assert listing.remarks == ()


@pytest.mark.parametrize("without_first", [0, 1, 3])
def test_filled_in_the_sample_is_a_list_of_just_these_houses(without_first: int) -> None:
    other = HOUSE | {"house": "7"}

    rows = verdicts(filled_in(HOUSE, other, without_first=without_first))

    assert [row.verdict for row in rows] == [Verdict.ACCEPTED_WITH_WARNINGS, Verdict.ACCEPTED]
    assert [row.house.address.house for row in rows if row.house] == ["5/11", "7"]
    assert rows[0].house
    assert rows[0].house.elder


@pytest.mark.parametrize("kind", STREET_TYPES)
def test_every_type_of_street_that_is_offered_is_understood(kind: str) -> None:
    (row,) = verdicts(filled_in(HOUSE | {"street_type": kind, "house": "5"}))

    assert row.verdict == Verdict.ACCEPTED


def test_street_types_are_chosen_from_a_list_in_every_row() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write())).worksheets[0]

    (choice,) = sheet.data_validations.dataValidation

    place = [column.name for column in COLUMNS].index("street_type") + 1
    letter = sheet.cell(1, place).column_letter
    assert str(choice.sqref) == f"{letter}5:{letter}100004"
    assert choice.formula1.strip('"').split(",") == list(STREET_TYPES)
    assert not choice.showErrorMessage


def test_every_column_is_a_text_and_says_what_to_write() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write())).worksheets[0]

    headers = sheet[4]

    assert [cell.value for cell in headers] == [FIELDS[column.name][0] for column in COLUMNS]
    assert [cell.comment.text for cell in headers] == [column.what for column in COLUMNS]
    assert {column.number_format for column in sheet.column_dimensions.values()} == {"@"}
    assert sheet.freeze_panes == "A5"


def test_every_text_of_the_sample_is_a_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write()))

    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]

    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
