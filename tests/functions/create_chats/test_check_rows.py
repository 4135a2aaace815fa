"""Every row of a list gets an honest verdict, and the clerk reads what to write."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from create_chats.check_rows import FINDINGS, NO_ELDERS, NO_INN, NO_TOWN, check, remarks
from create_chats.columns import FIELDS
from create_chats.read_list import Listing, read
from create_chats.read_row import FINDINGS as FINDINGS_OF_ROWS
from create_chats.read_row import TOWN_LEFT_OUT
from create_chats.refusals import REFUSALS, RefusedListError
from create_chats.tables import Table
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
    return check(read(lines.encode()), oktmo=oktmo)


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


def listing(*rows: dict[str, str], columns: Sequence[str] = (), hidden: int = 0) -> Listing:
    """Return a list whose columns are called as we call them."""
    names = list(dict.fromkeys([*columns, *(name for row in rows for name in row)]))
    cells = [names, *([row.get(name, "") for name in names] for row in rows)]
    return Listing(
        columns={name: name for name in names},
        places={name: place for place, name in enumerate(names)},
        header=1,
        table=Table(lambda: iter(cells), hidden_rows=frozenset({hidden} - {0})),
    )


def codes(row: Row) -> list[tuple[str, str]]:
    return [(problem.column, problem.code) for problem in row.problems]


TOWN = "г. Архангельск"
MIRA = f"{TOWN}, ул. Мира, д. 1"
PERSON = {"elder_name": "Образцова", "elder_phone": "89000000001"}


def test_a_row_keeps_what_the_clerk_wrote() -> None:
    written = {"address": f" {MIRA}\u200b", "entrances": "много", **PERSON}

    blank, row = check(listing({}, written), oktmo=OKTMO)

    assert row.cells == {**written, "address": f"{MIRA}\u200b"}
    assert blank.cells == {}


def test_a_list_without_elders_says_so_once_and_not_in_each_row() -> None:
    rows = [{"address": MIRA}, {"address": f"{TOWN}, ул. Мира, д. 2"}]

    silent, asking = listing(*rows), listing(*rows, columns=("elder_vk",))

    assert [row.verdict for row in check(silent, oktmo=OKTMO)] == [Verdict.ACCEPTED] * 2
    assert remarks(silent, check(silent, oktmo=OKTMO)) == (NO_ELDERS,)
    assert {row.verdict for row in check(asking, oktmo=OKTMO)} == {Verdict.ACCEPTED_WITH_WARNINGS}
    assert remarks(asking, check(asking, oktmo=OKTMO)) == ()


def test_a_list_without_inns_says_so_once_and_not_in_each_row() -> None:
    row = {"address": MIRA, "management_company": "ООО «Дом»", **PERSON}

    silent, asking = listing(row), listing(row, columns=("management_company_inn",))

    assert check(silent, oktmo=OKTMO)[0].verdict is Verdict.ACCEPTED
    assert remarks(silent, check(silent, oktmo=OKTMO)) == (
        NO_INN.format("management_company", "ИНН УК"),
    )
    assert codes(check(asking, oktmo=OKTMO)[0]) == [("management_company_inn", "inn_missing")]
    assert remarks(asking, check(asking, oktmo=OKTMO)) == ()


def test_a_list_without_towns_says_once_where_to_name_one() -> None:
    townless = listing({"address": "ул. Мира, д. 1", **PERSON}, {"address": MIRA, **PERSON})

    rows = check(townless, oktmo=OKTMO)

    assert remarks(townless, rows[:1]) == (NO_TOWN,)
    assert remarks(townless, rows) == ()


def test_remarks_of_the_reader_come_first() -> None:
    read_with_remark = replace(listing({"address": MIRA}), remarks=("Прочитан лист «Дома».",))

    assert remarks(read_with_remark, []) == ("Прочитан лист «Дома».", NO_ELDERS)


def test_a_hidden_row_is_said() -> None:
    shown, hidden = check(
        listing({"address": MIRA}, {"address": f"{TOWN}, ул. Мира, д. 2"}, hidden=3), oktmo=OKTMO
    )

    assert codes(shown) == []
    assert codes(hidden) == [("", "row_hidden")]
    assert hidden.verdict is Verdict.ACCEPTED_WITH_WARNINGS


def test_a_town_that_rows_leave_out_is_that_of_the_territory() -> None:
    (row,) = check(listing({"address": "ул. Мира, д. 1"}), oktmo=OKTMO, locality=TOWN)

    assert row.house
    assert row.house.address.full == MIRA


def test_an_unclear_kind_of_street_is_settled_by_a_row_of_the_same_list() -> None:
    unclear, clear = check(
        listing({"address": f"{TOWN}, пр. Мира, д. 1"}, {"address": f"{TOWN}, Мира пр-кт, д. 2"}),
        oktmo=OKTMO,
    )

    assert unclear.verdict is Verdict.ACCEPTED_WITH_WARNINGS
    assert unclear.house
    assert unclear.house.address.short == "пр-кт Мира, д. 1"
    assert codes(unclear) == [("address", "street_kind_settled")]
    assert "3" in unclear.problems[0].message
    assert clear.verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    "others",
    [
        pytest.param([f"{TOWN}, ул. Мира, д. 2"], id="another kind"),
        pytest.param([f"{TOWN}, пр-кт Мира, д. 2", f"{TOWN}, проезд Мира, д. 2"], id="both kinds"),
        pytest.param(["г. Северодвинск, пр-кт Мира, д. 2"], id="another town"),
        pytest.param([f"{TOWN}, пр-кт Труда, д. 2"], id="another street"),
    ],
)
def test_an_unclear_kind_of_street_is_never_guessed(others: list[str]) -> None:
    addresses = [f"{TOWN}, пр. Мира, д. 1", *others]

    unclear, *_ = check(listing(*({"address": text} for text in addresses)), oktmo=OKTMO)

    assert unclear.verdict is Verdict.REJECTED
    assert codes(unclear) == [("address", "street_kind_unclear")]


def test_a_settled_street_meets_its_other_spelling() -> None:
    first, second = check(
        listing({"address": f"{TOWN}, пр-кт Мира, д. 1"}, {"address": f"{TOWN}, пр. Мира, д. 1"}),
        oktmo=OKTMO,
    )

    assert first.verdict.good
    assert (second.verdict, second.duplicate_of) == (Verdict.DUPLICATE, first.number)


def test_a_duplicate_that_names_other_people_says_whose_row_counts() -> None:
    company = {"management_company": "ООО «Дом»"}

    _, other, same, silent = check(
        listing(
            {"address": MIRA, **PERSON, **company},
            {"address": MIRA, "elder_name": "Другая", "management_company": "ООО «Уют»"},
            {"address": MIRA, **PERSON, **company},
            {"address": MIRA},
        ),
        oktmo=OKTMO,
    )

    assert [code for _, code in codes(other)][-3:] == [
        "same_house",
        "elder_differs",
        "organisation_differs",
    ]
    assert codes(same) == codes(silent) == [("address", "same_house")]


def test_rows_of_flats_are_one_house_with_so_many_flats() -> None:
    flats = ["1", "2", "2", "3"]
    rows = [{"address": MIRA, "flat": flat} for flat in flats]
    lonely = {"address": f"{TOWN}, ул. Мира, д. 2", "flat": "1"}

    first, *others, alone = check(listing(*rows, lonely), oktmo=OKTMO)

    assert first.house
    assert first.house.flats == 3
    assert {(row.verdict, row.duplicate_of) for row in others} == {(Verdict.DUPLICATE, 2)}
    assert [row.problems[0].code for row in others] == [
        "flat_of_house",
        "same_house",
        "flat_of_house",
    ]
    assert alone.house
    assert alone.house.flats == 1


def test_the_flat_of_an_elder_is_not_the_number_of_flats() -> None:
    (row,) = check(listing({"address": MIRA, "flat": "12"}), oktmo=OKTMO)

    assert row.house
    assert row.house.flats == 0


def test_a_number_of_flats_that_the_list_gives_stays() -> None:
    first, _ = check(
        listing({"address": MIRA, "flat": "1", "flats": "80"}, {"address": MIRA, "flat": "2"}),
        oktmo=OKTMO,
    )

    assert first.house
    assert first.house.flats == 80


def test_a_near_miss_is_asked_about_and_both_houses_stay() -> None:
    first, second = check(
        listing(
            {"address": f"{TOWN}, ул. Космонавтов, д. 1"},
            {"address": f"{TOWN}, ул. Космонвтов, д. 1"},
        ),
        oktmo=OKTMO,
    )

    assert first.verdict is Verdict.ACCEPTED
    assert second.verdict is Verdict.ACCEPTED_WITH_WARNINGS
    assert codes(second) == [("address", "similar_to")]
    assert "2" in second.problems[0].message
    assert f"{TOWN}, ул. Космонавтов, д. 1" in second.problems[0].message


def test_houses_that_the_registry_tells_apart_are_not_asked_about() -> None:
    rows = check(
        listing(
            {"address": f"{TOWN}, ул. Космонавтов, д. 1", "fias_id": FIAS},
            {"address": f"{TOWN}, ул. Космонвтов, д. 1", "fias_id": OTHER_FIAS},
        ),
        oktmo=OKTMO,
    )

    assert [row.verdict for row in rows] == [Verdict.ACCEPTED] * 2


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        pytest.param("обл. Тверская", "Тверская область", Verdict.DUPLICATE, id="one region"),
        pytest.param("обл. Тверская", "", Verdict.DUPLICATE, id="a region left out"),
        pytest.param("", "обл. Тверская", Verdict.DUPLICATE, id="a region added"),
        pytest.param("обл. Тверская", "обл. Псковская", Verdict.ACCEPTED, id="two regions"),
        pytest.param(
            "обл. Тверская, Бежецкий р-н",
            "обл. Тверская, Кашинский р-н",
            Verdict.ACCEPTED,
            id="two districts",
        ),
        pytest.param("обл. Тверская", "Бежецкий р-н", Verdict.DUPLICATE, id="nothing against it"),
    ],
)
def test_without_codes_houses_meet_by_region_district_and_address(
    one: str, other: str, verdict: Verdict
) -> None:
    places = (f"{place}, с. Горка, ул. Мира, д. 1".strip(" ,") for place in (one, other))

    first, second = check(listing(*({"address": text} for text in places)), oktmo="")

    assert first.house
    assert first.house.oktmo == ""
    assert first.verdict is Verdict.ACCEPTED
    assert second.verdict is verdict


IVANOVKA = "с. Ивановка, ул. Мира, д. 5"
PRIMORSKY, ONEZHSKY = f"Приморский р-н, {IVANOVKA}", f"Онежский р-н, {IVANOVKA}"


def said_of(rows: Sequence[Row]) -> dict[str, tuple[Verdict, list[str]]]:
    """Return what the rows came to by their addresses."""
    return {row.cells["address"]: (row.verdict, [p.code for p in row.problems]) for row in rows}


@pytest.mark.parametrize("order", list(permutations([IVANOVKA, PRIMORSKY, ONEZHSKY])))
def test_a_village_with_a_namesake_is_merged_with_neither_whatever_the_order(
    order: Sequence[str],
) -> None:
    rows = check(listing(*({"address": text} for text in order)), oktmo="")

    assert said_of(rows) == {
        IVANOVKA: (Verdict.ACCEPTED_WITH_WARNINGS, ["similar_to"]),
        PRIMORSKY: (Verdict.ACCEPTED, []),
        ONEZHSKY: (Verdict.ACCEPTED, []),
    }


@pytest.mark.parametrize("region", ["обл. Архангельская, ", ""])
def test_a_region_that_is_left_out_is_filled_in_where_the_district_is_named(region: str) -> None:
    addresses = [f"обл. Архангельская, {PRIMORSKY}", f"{region}{PRIMORSKY}", ONEZHSKY]

    first, second, other = check(listing(*({"address": text} for text in addresses)), oktmo="")

    assert first.verdict is other.verdict is Verdict.ACCEPTED
    assert (second.verdict, second.duplicate_of) == (Verdict.DUPLICATE, first.number)


def test_a_district_of_two_regions_is_not_told_by_its_name() -> None:
    addresses = [f"обл. {name}, {PRIMORSKY}" for name in ("Архангельская", "Тверская")]

    rows = check(listing(*({"address": text} for text in (PRIMORSKY, *addresses))), oktmo="")

    assert [row.verdict for row in rows] == [
        Verdict.ACCEPTED_WITH_WARNINGS,
        Verdict.ACCEPTED,
        Verdict.ACCEPTED,
    ]


def test_a_vague_address_that_is_written_twice_is_one_house() -> None:
    addresses = [IVANOVKA, PRIMORSKY, ONEZHSKY, IVANOVKA]

    first, *_, last = check(listing(*({"address": text} for text in addresses)), oktmo="")

    assert (last.verdict, last.duplicate_of) == (Verdict.DUPLICATE, first.number)


PLACES = st.tuples(st.sampled_from(["", "А", "Б"]), st.sampled_from(["", "В", "Г", "Д"]))


@given(st.lists(PLACES, min_size=1, max_size=6), st.randoms())
def test_the_order_of_rows_decides_nothing_about_namesakes(
    places: list[tuple[str, str]], dice: Random
) -> None:
    rows = [
        {"address": IVANOVKA, "region": region and f"{region} обл.", "district": f"{name} р-н"}
        if name
        else {"address": IVANOVKA, "region": region and f"{region} обл."}
        for region, name in places
    ]
    shuffled = dice.sample(rows, len(rows))

    houses = [
        sorted(
            sorted((row.cells.get("region", ""), row.cells.get("district", "")) for row in of_one)
            for of_one in grouped(check(listing(*order), oktmo=""))
        )
        for order in (rows, shuffled)
    ]

    assert houses[0] == houses[1]


def grouped(rows: Sequence[Row]) -> list[list[Row]]:
    """Return the rows of each house."""
    houses: dict[int, list[Row]] = {}
    for row in rows:
        houses.setdefault(row.duplicate_of or row.number, []).append(row)
    return list(houses.values())


def test_a_town_that_other_rows_name_is_not_filled_in() -> None:
    rows = [
        {"locality": "", "address": "ул. Мира, д. 1"},
        {"locality": "г. Онега", "address": "ул. Мира, д. 1"},
        {"locality": "", "address": f"{TOWN}, ул. Мира, д. 2"},
    ]

    left_out, named, own = check(listing(*rows), oktmo=OKTMO, locality=TOWN)

    assert codes(left_out) == [("address", "locality_missing")]
    assert left_out.problems[0].message == TOWN_LEFT_OUT
    assert named.house
    assert named.house.address.locality == "г. Онега"
    assert own.house
    assert own.house.address.full == f"{TOWN}, ул. Мира, д. 2"


def test_a_town_that_no_row_names_is_that_of_the_territory_though_it_has_a_column() -> None:
    rows = [{"locality": "-", "address": f"ул. Мира, д. {n}"} for n in (1, 2)]

    assert all(row.verdict.good for row in check(listing(*rows), oktmo=OKTMO, locality=TOWN))


def test_a_village_named_above_its_rows_is_not_overruled_by_the_territory() -> None:
    rows = [
        {"address": "ул. Мира, д. 1", "under": "п. Лесной"},
        {"address": f"{TOWN}, ул. Мира, д. 1", "under": "п. Лесной"},
    ]

    without_town, with_town = check(listing(*rows), oktmo=OKTMO, locality=TOWN)

    assert codes(without_town) == [("address", "locality_above")]
    assert "«п. Лесной»" in without_town.problems[0].message
    assert with_town.verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("address", "flat", "house"),
    [
        (f"{MIRA}, кв. 12", "12", MIRA),
        (f"{MIRA}, квартира 12а", "12А", MIRA),
        (f"{MIRA} кв.12", "кв. 12", MIRA),
        (f"{MIRA}, пом. 3-Н", "3-н", MIRA),
    ],
)
def test_a_flat_that_has_its_own_column_is_no_part_of_the_address(
    address: str, flat: str, house: str
) -> None:
    (row,) = check(listing({"address": address, "flat": flat}), oktmo=OKTMO)

    assert row.verdict is Verdict.ACCEPTED
    assert row.house
    assert row.house.address.full == house


def test_a_flat_in_the_address_that_its_column_does_not_name_is_a_problem() -> None:
    (row,) = check(listing({"address": f"{MIRA}, кв. 12", "flat": "13"}), oktmo=OKTMO)

    assert codes(row) == [("address", "part_of_house")]


def test_one_person_named_with_a_page_and_without_is_one_elder() -> None:
    with_page = {**PERSON, "elder_vk": "vk.com/id7"}

    _, second = check(
        listing({"address": MIRA, **with_page}, {"address": MIRA, **PERSON}), oktmo=OKTMO
    )

    assert [p.code for p in second.problems] == ["same_house"]


def test_problems_that_stop_a_row_come_first() -> None:
    (row,) = check(listing({"address": TOWN, "entrances": "много", "oktmo": "12"}), oktmo=OKTMO)

    fatal = [problem.fatal for problem in row.problems]
    assert fatal == sorted(fatal, reverse=True)
    assert set(fatal) == {True, False}


def test_problems_repeat_nothing_of_a_person() -> None:
    person = {"elder_name": "Образцова 20-00-01", "elder_phone": "8 900 00", "elder_vk": "Мария!"}
    person |= {"fias_id": "Петров", "entrances": "Сидоров", "flats": "Яшин", "oktmo": "8 900"}

    rows = check(listing({"address": MIRA, **person}, {"address": MIRA, **PERSON}), oktmo=OKTMO)

    told = " ".join(problem.message for row in rows for problem in row.problems)
    assert not any(said in told for said in (*person.values(), *PERSON.values()))


CELLS = st.text(st.characters(codec="utf-8"), max_size=40) | st.sampled_from(
    [MIRA, "пр. Мира", "ул. Мира", "5", "5-11", "#REF!", "-", FIAS, OKTMO, "89000000001", "\u202e"]
)
LISTS = st.lists(st.dictionaries(st.sampled_from(list(FIELDS)), CELLS), max_size=6)


@given(LISTS)
def test_any_texts_end_with_a_verdict_for_each_row(rows: list[dict[str, str]]) -> None:
    checked = check(listing({"address": MIRA}, *rows, {"address": MIRA}), oktmo=OKTMO)

    assert [row.number for row in checked] == list(range(2, len(rows) + 4))
    for row in checked:
        assert (row.verdict is Verdict.REJECTED) is any(p.fatal for p in row.problems)
        assert row.house or not (row.verdict.good or row.verdict is Verdict.DUPLICATE)
        assert (row.duplicate_of > 0) is (row.verdict is Verdict.DUPLICATE)


@given(LISTS, st.randoms())
def test_the_order_of_columns_changes_nothing(rows: list[dict[str, str]], dice: Random) -> None:
    columns = list(FIELDS)
    shuffled = columns.copy()
    dice.shuffle(shuffled)

    one, other = (check(listing(*rows, columns=c), oktmo=OKTMO) for c in (columns, shuffled))

    assert [(row.verdict, row.house) for row in one] == [(row.verdict, row.house) for row in other]


ALONE = {"address": MIRA, "oktmo": OKTMO}
MANY = {**ALONE, **PERSON}
ROWS = {
    "oktmo_missing": [{"address": MIRA}],
    "oktmo_wrong": [{"address": MIRA, "oktmo": "11000000"}],
    "oktmo_outside": [{"address": MIRA, "oktmo": "75701000"}],
    "locality_above": [{**ALONE, "address": "ул. Мира, д. 1", "under": "п. Лесной"}],
    "row_hidden": [ALONE],
    "fias_repeated": [
        {**ALONE, "fias_id": FIAS},
        {**ALONE, "fias_id": FIAS, "address": f"{TOWN}, ул. Мира, д. 2"},
    ],
    "column_unread": [{**ALONE, "part": "1"}],
    "fias_address_differs": [
        {**ALONE, "fias_id": FIAS},
        {**ALONE, "fias_id": FIAS, "address": f"{TOWN}, ул. Мирра, д. 1"},
    ],
    "codes_differ": [{**ALONE, "oktmo": "11701000001"}, {**ALONE, "oktmo": "11701000002"}],
    "same_house": [ALONE, ALONE],
    "flat_of_house": [{**ALONE, "flat": "1"}, {**ALONE, "flat": "2"}],
    "elder_differs": [MANY, {**MANY, "elder_phone": "89000000002"}],
    "organisation_differs": [ALONE, {**ALONE, "administration": "Администрация"}],
    "similar_to": [
        {**ALONE, "address": f"{TOWN}, ул. Космонавтов, д. 1"},
        {**ALONE, "address": f"{TOWN}, ул. Космонвтов, д. 1"},
    ],
    "street_kind_settled": [
        {**ALONE, "address": f"{TOWN}, пр-кт Мира, д. 1"},
        {**ALONE, "address": f"{TOWN}, пр. Мира, д. 2"},
    ],
    "elder_missing": [ALONE],
    "elder_page_repeated": [
        {**ALONE, "elder_name": "Иванова Мария", "elder_vk": "vk.com/id7"},
        {
            **MANY,
            "address": f"{TOWN}, ул. Мира, д. 2",
            "elder_name": "Орлов",
            "elder_vk": "vk.com/id7",
        },
    ],
    "elder_phone_repeated": [
        MANY,
        {**MANY, "address": f"{TOWN}, ул. Мира, д. 2", "elder_name": "Однофамильцев Пётр"},
    ],
}


@pytest.mark.parametrize("code", [*FINDINGS, *FINDINGS_OF_ROWS])
def test_every_problem_says_what_to_do(code: str) -> None:
    fatal, _ = {**FINDINGS, **FINDINGS_OF_ROWS}[code]
    columns = ("oktmo", "elder_vk")

    row = check(
        listing(*ROWS[code], columns=columns, hidden=2 * (code == "row_hidden")), oktmo=REGION
    )[-1]

    assert code in {problem.code for problem in row.problems}
    assert all(p.fatal is fatal and "{}" not in p.message for p in row.problems if p.code == code)
    assert (row.verdict is Verdict.REJECTED) is fatal


def test_a_page_of_two_people_is_the_first_ones_and_both_rows_ask() -> None:
    first, second, third = verdicts(
        house(elder="Иванова Мария", phone="89000000001", vk="vk.com/id7"),
        house(
            "г. Архангельск, ул. Мира, д. 2",
            elder="Орлов Пётр",
            phone="89000000002",
            vk="vk.com/id7",
        ),
        house(
            "г. Архангельск, ул. Мира, д. 3",
            elder="Иванова М. П.",
            phone="89000000001",
            vk="vk.com/id7",
        ),
    )

    assert [p.code for p in first.problems] == ["elder_page_repeated"]
    assert [p.code for p in second.problems] == ["elder_page_repeated"]
    assert second.house
    assert second.house.elder == Elder("Орлов Пётр", phone="+79000000002")
    assert third.verdict is Verdict.ACCEPTED


def test_a_phone_of_two_people_is_asked_about() -> None:
    first, second = verdicts(
        house(elder="Иванова Мария", phone="89000000001"),
        house("г. Архангельск, ул. Мира, д. 2", elder="Орлов Пётр", phone="8 900 000-00-01"),
    )

    assert {p.code for row in (first, second) for p in row.problems} == {"elder_phone_repeated"}
    assert second.house
    assert second.house.elder == Elder("Орлов Пётр", phone="+79000000001")
