"""Every row of a list gets an honest verdict, and the clerk reads what to write."""

from collections.abc import Sequence

import pytest

from create_chats.check_rows import FINDINGS, check
from create_chats.read_list import read
from create_chats.refusals import REFUSALS, RefusedListError
from housechats.domain.batches import Row, Verdict
from housechats.domain.people import Elder

OKTMO = "11701000"
REGION = "11000000"
FIAS = "379cb922-0149-4a63-abc9-c28faf25eeba"
OTHER_FIAS = "eb981c9a-ea31-4209-8b08-249570c77c3a"
HEADER = ("Адрес дома", "ФИАС", "ОКТМО", "Подъезды", "ФИО", "Тел.", "ВК")
WITHOUT_OKTMO = ("Адрес дома", "ФИАС")


def verdicts(*rows: Sequence[str], header: Sequence[str] = HEADER, oktmo: str = OKTMO) -> list[Row]:
    lines = "\n".join(";".join(row) for row in (header, *rows))
    return list(check(read(lines.encode()), oktmo=oktmo))


def house(address: str = "г. Архангельск, ул. Мира, д. 1", **cells: str) -> list[str]:
    names = ("fias", "oktmo", "entrances", "elder", "phone", "vk")
    return [address, *(cells.get(name, "") for name in names)]


def test_a_good_row_is_accepted_with_everything_it_tells() -> None:
    cells = house(fias=f"{{{FIAS.upper()}}}", entrances="4", elder="Иванов И.", vk="vk.com/id7")

    (row,) = verdicts(cells)

    assert row.verdict is Verdict.ACCEPTED
    assert row.number == 2
    assert row.problems == ()
    assert row.house
    assert row.house.address.short == "ул. Мира, д. 1"
    assert (row.house.oktmo, row.house.fias_id, row.house.entrances) == (OKTMO, FIAS, 4)
    assert row.house.elder == Elder("Иванов И.", vk_id=7)


def test_a_row_without_an_elder_is_accepted_and_says_so() -> None:
    (row,) = verdicts(house())

    assert row.verdict is Verdict.ACCEPTED_WITH_WARNINGS
    assert row.house
    assert row.house.elder is None
    assert [(p.column, p.code, p.fatal) for p in row.problems] == [("ФИО", "elder_missing", False)]


def test_a_row_that_cannot_be_read_is_rejected_under_the_clerks_own_header() -> None:
    (row,) = verdicts(house("г. Архангельск, пр. Мира, д. 1"))

    assert row.verdict is Verdict.REJECTED
    assert row.house is None
    assert [(p.column, p.code) for p in row.problems] == [("Адрес дома", "street_kind_unclear")]


def test_the_second_spelling_of_a_house_is_a_duplicate_of_the_first_row() -> None:
    first, second = verdicts(house(), house("Архангельск г, Мира ул., дом 1"))

    assert first.verdict.good
    assert second.verdict is Verdict.DUPLICATE
    assert second.duplicate_of == first.number == 2


def test_a_rejected_row_is_nobodys_first_row() -> None:
    first, second = verdicts(house(oktmo="12"), house())

    assert first.verdict is Verdict.REJECTED
    assert second.verdict.good


def test_one_fias_id_on_two_spellings_of_a_street_is_one_house_and_asked_about() -> None:
    address = "г. Архангельск, ул. Мирра, д. 1"

    _, second = verdicts(house(fias=FIAS), house(address, fias=FIAS))

    assert second.verdict is Verdict.DUPLICATE
    assert [p.code for p in second.problems] == ["fias_address_differs"]


def test_one_fias_id_on_two_numbers_is_never_merged() -> None:
    _, second = verdicts(house(fias=FIAS), house("г. Архангельск, ул. Мира, д. 2", fias=FIAS))

    assert second.verdict is Verdict.REJECTED
    assert [(p.column, p.code) for p in second.problems] == [("ФИАС", "fias_repeated")]


def test_two_fias_ids_on_one_address_are_never_merged() -> None:
    _, second = verdicts(house(fias=FIAS), house(fias=OTHER_FIAS))

    assert second.verdict is Verdict.REJECTED
    assert [p.code for p in second.problems] == ["codes_differ"]


def test_one_address_in_two_municipalities_is_two_houses() -> None:
    rows = verdicts(house(oktmo="11701000"), house(oktmo="11605000"), oktmo=REGION)

    assert all(row.verdict.good for row in rows)


def test_a_range_with_a_fias_id_is_the_number_of_one_house() -> None:
    address = "г. Архангельск, ул. Мира, д. 74-76"

    without, with_id = verdicts(house(address), house(address, fias=FIAS))

    assert without.verdict is Verdict.REJECTED
    assert with_id.verdict is Verdict.ACCEPTED_WITH_WARNINGS
    assert with_id.house
    assert with_id.house.address.house == "74-76"


def test_several_houses_in_a_cell_are_rejected_even_with_a_fias_id() -> None:
    (row,) = verdicts(house("г. Архангельск, ул. Мира, д. 7, 9", fias=FIAS))

    assert row.verdict is Verdict.REJECTED


def test_the_code_of_a_batch_serves_rows_without_their_own() -> None:
    plain, own = verdicts(house(), house("п. Талаги, д. 1", oktmo="11701000001"))

    assert plain.house
    assert plain.house.oktmo == OKTMO
    assert own.house
    assert own.house.oktmo == "11701000001"


def test_a_code_that_lost_its_first_zero_in_a_spreadsheet_is_mended() -> None:
    (row,) = verdicts(house(oktmo="3701000"), oktmo="03000000")

    assert row.house
    assert row.house.oktmo == "03701000"


def test_a_house_of_another_region_is_outside_even_when_the_code_begins_alike() -> None:
    (row,) = verdicts(house(oktmo="11811000"), oktmo=REGION)

    assert row.verdict is Verdict.REJECTED
    assert [p.code for p in row.problems] == ["oktmo_outside"]


@pytest.mark.parametrize(
    ("oktmo", "code"),
    [
        pytest.param("11000000", "list_oktmo_of_region", id="a region"),
        pytest.param("11", "list_oktmo_of_region", id="a region in two digits"),
        pytest.param("11800000", "list_oktmo_of_region", id="an okrug within a region"),
        pytest.param("1170100", "list_oktmo_wrong", id="a lost digit"),
    ],
)
def test_a_list_of_unknown_municipality_is_refused(oktmo: str, code: str) -> None:
    with pytest.raises(RefusedListError) as refusal:
        verdicts(["г. Архангельск, ул. Мира, д. 1"], header=WITHOUT_OKTMO, oktmo=oktmo)

    assert refusal.value.code == code
    assert code in REFUSALS


def test_blank_rows_and_totals_are_skipped() -> None:
    rows = verdicts(house(""), house(), house("Итого: 1"))

    assert [row.verdict for row in rows] == [
        Verdict.SKIPPED,
        Verdict.ACCEPTED_WITH_WARNINGS,
        Verdict.SKIPPED,
    ]


def test_an_address_in_several_columns_is_one_address() -> None:
    header = ("Город", "Улица", "Дом", "Корпус", "Литера")

    (row,) = verdicts(["г. Архангельск", "пр-кт Мира", "5", "2", "-"], header=header)

    assert row.house
    assert row.house.address.full == "г. Архангельск, пр-кт Мира, д. 5, корп. 2"


def test_a_town_in_its_own_column_completes_the_address() -> None:
    header = ("Город", "Адрес")

    (row,) = verdicts(["г. Архангельск", "ул. Мира, д. 5"], header=header)

    assert row.house
    assert row.house.address.full == "г. Архангельск, ул. Мира, д. 5"


ROWS = {
    "oktmo_missing": [house()],
    "oktmo_wrong": [house(oktmo="11000000")],
    "oktmo_outside": [house(oktmo="75701000")],
    "fias_wrong": [house(fias="12", oktmo=OKTMO)],
    "fias_repeated": [
        house(fias=FIAS, oktmo=OKTMO),
        house("г. Архангельск, ул. Мира, д. 2", fias=FIAS, oktmo=OKTMO),
    ],
    "fias_address_differs": [
        house(fias=FIAS, oktmo=OKTMO),
        house("г. Архангельск, ул. Мирра, д. 1", fias=FIAS, oktmo=OKTMO),
    ],
    "codes_differ": [house(oktmo="11701000001"), house(oktmo="11701000002")],
    "same_house": [house(oktmo=OKTMO), house(oktmo=OKTMO)],
    "elder_missing": [house(oktmo=OKTMO)],
    "entrances_wrong": [house(entrances="150", oktmo=OKTMO)],
}


@pytest.mark.parametrize("code", FINDINGS)
def test_every_problem_says_what_to_do(code: str) -> None:
    fatal, _ = FINDINGS[code]

    row = verdicts(*ROWS[code], oktmo=REGION)[-1]

    assert code in {problem.code for problem in row.problems}
    assert all(p.fatal is fatal and "{}" not in p.message for p in row.problems if p.code == code)
    assert (row.verdict is Verdict.REJECTED) is fatal
