"""Plain values of a row are read as they were meant, or said to be unread."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from create_chats.cell_blocks import NOT_COUNTED
from create_chats.cells import clean, read_entrances, read_fias, read_flats, read_tags


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        pytest.param("4", 4, id="a number"),
        pytest.param("4.0", 4, id="a number read as a fraction"),
        pytest.param("4,0", 4, id="with a comma"),
        pytest.param("4 подъезда", 4, id="with its word"),
        pytest.param("1 подъезд", 1, id="one"),
        pytest.param("0", 0, id="nought means unknown"),
        pytest.param("Не заполнено", 0, id="words of a registry"),
    ],
)
def test_a_number_of_entrances_is_read(typed: str, number: int) -> None:
    assert read_entrances(typed) == (number, None)


@pytest.mark.parametrize(
    "typed", ["1-4", "100", "четыре", "4.5", "-4", "01.04.2026", "4 кв. 5", "٣", "Иванова"]
)
def test_a_number_of_entrances_is_never_guessed(typed: str) -> None:
    number, finding = read_entrances(typed)

    assert number == 0
    assert finding
    assert finding.code == "entrances_wrong"
    assert typed not in finding.message


@pytest.mark.parametrize(
    ("typed", "number"), [("120", 120), ("1\u00a0024", 1024), ("60 квартир", 60), ("9999", 9999)]
)
def test_a_number_of_flats_is_read(typed: str, number: int) -> None:
    assert read_flats(typed) == (number, None)


def test_more_flats_than_any_house_has_are_a_slip() -> None:
    number, finding = read_flats("10000")

    assert number == 0
    assert finding
    assert finding.code == "flats_wrong"


@given(
    st.uuids().filter(lambda guid: guid.int),
    st.sampled_from(["{}", "{{{}}}", "urn:uuid:{}", " {} ", "«{}»"]),
    st.booleans(),
    st.booleans(),
)
def test_a_fias_id_of_any_version_is_read_in_any_spelling(
    guid: uuid.UUID, around: str, upper: bool, dashed: bool
) -> None:
    text = str(guid) if dashed else guid.hex

    fias_id, finding = read_fias(around.format(text.upper() if upper else text))

    assert (fias_id, finding) == (str(guid), None)


@pytest.mark.parametrize(
    "typed", ["12", "00000000-0000-0000-0000-000000000000", "379cb922-0149-4a63-abc9-c28faf25ee"]
)
def test_what_is_no_fias_id_is_said(typed: str) -> None:
    fias_id, finding = read_fias(typed)

    assert fias_id == ""
    assert finding
    assert finding.code == "fias_wrong"


def test_tags_are_split_and_each_is_kept_once() -> None:
    assert read_tags("лифт; Капремонт,  первая  очередь ;Лифт;") == (
        ("лифт", "Капремонт", "первая очередь"),
        None,
    )


def test_tags_beyond_twenty_and_forty_letters_are_said() -> None:
    many, too_many = read_tags(";".join(map(str, range(1, 30))))
    short, too_long = read_tags(f"лифт; {'о' * 41}")

    assert len(many) == 20
    assert too_many
    assert too_many.code == "tags_too_many"
    assert short == ("лифт",)
    assert too_long
    assert too_long.code == "tag_too_long"


def test_what_nobody_sees_is_taken_out_of_each_cell_and_said_once() -> None:
    written = {"street": "ул. \u202eМира\u200b\ufeff", "house": "5", "elder_name": "Ива\u00adнова"}

    cells, findings = clean(written)

    assert cells == {"street": "ул. Мира", "house": "5", "elder_name": "Иванова"}
    assert {name: f.code for name, f in findings.items()} == {
        "street": "invisible_characters",
        "elder_name": "invisible_characters",
    }


@pytest.mark.parametrize("error", ["#Н/Д", "#REF!", "#ССЫЛКА!", "#ДЕЛ/0!", "#####", "Err:502"])
def test_a_failed_formula_is_no_value_and_no_house_without_its_number(error: str) -> None:
    cells, findings = clean({"street": "ул. Мира", "block": error, "flats": error})

    assert cells == {"street": "ул. Мира"}
    assert {name: (f.code, f.fatal) for name, f in findings.items()} == {
        "block": ("place_cell_error", True),
        "flats": ("cell_error", False),
    }


def test_a_formula_that_was_never_counted_is_no_value_and_says_how_to_count_it() -> None:
    cells, findings = clean({"address": NOT_COUNTED, "tags": NOT_COUNTED, "flats": "80"})

    assert cells == {"flats": "80"}
    assert {name: (f.code, f.fatal) for name, f in findings.items()} == {
        "address": ("place_formula_without_value", True),
        "tags": ("formula_without_value", False),
    }


def test_a_nought_that_a_formula_makes_of_an_empty_cell_is_nothing_but_among_numbers() -> None:
    names = ("elder_name", "elder_phone", "management_company", "tags", "fias_id", "locality")

    cells, findings = clean({**dict.fromkeys(names, "0"), "entrances": "0", "building": "0"})

    assert (cells, findings) == ({"entrances": "0", "building": "0"}, {})


@given(st.text())
def test_no_cell_breaks_a_reader(text: str) -> None:
    cells, _ = clean({"address": text})

    assert all(0 <= read(text)[0] <= 9999 for read in (read_entrances, read_flats))
    assert len(read_tags(text)[0]) <= 20
    assert len(read_fias(text)[0]) in {0, len("379cb922-0149-4a63-abc9-c28faf25eeba")}
    assert "\u200b" not in cells.get("address", "")
