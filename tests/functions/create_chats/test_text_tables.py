"""Text tables are read in every encoding, and a stray quote loses no row."""

import pytest

from create_chats.read_list import read
from create_chats.refusals import RefusedListError
from support.ugly_files import Rows, as_csv

ROWS: Rows = [
    ["Адрес", "Подъездов"],
    ["г. Омск, ул. Щёлковская, д. 1", "4"],
    ["Г. ОМСК, УЛ. МИРА, Д. 2", "2"],
]
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "cp866", "koi8-r")


def addresses(data: bytes) -> list[str]:
    return [cells.get("address", "") for _, cells in read(data).rows]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("header", ["Адрес", "АДРЕС ДОМА", "address"])
@pytest.mark.parametrize("separator", ";,\t|")
def test_no_encoding_turns_letters_into_others(encoding: str, header: str, separator: str) -> None:
    data = as_csv([[header, "DOORS"], *ROWS[1:]], encoding, separator)

    read_addresses = addresses(data)

    assert read_addresses == [row[0] for row in ROWS[1:]]


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "koi8-r"])
def test_an_encoding_is_told_also_where_only_the_last_rows_are_russian(encoding: str) -> None:
    rows: Rows = [["address"], *[[f"Omsk, Mira, {n}"] for n in range(9_000)], ["Омск, Мира, 1"]]

    read_addresses = addresses(as_csv(rows, encoding))

    assert read_addresses[-1] == "Омск, Мира, 1"


def test_a_file_cut_in_the_middle_of_a_letter_keeps_its_other_letters() -> None:
    data = as_csv([*ROWS, ["г. Омск, ул. Мира"]]).rstrip()[:-1]

    read_addresses = addresses(data)

    assert read_addresses == [ROWS[1][0], ROWS[2][0], "г. Омск, ул. Мир\ufffd"]


def test_the_line_that_names_a_separator_is_no_row() -> None:
    listing = read(as_csv(ROWS, separator=":", first="sep=:\r\n"))

    assert listing.header == 1
    assert [number for number, _ in listing.rows] == [2, 3]


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    rows: Rows = [["Адрес"], ["г. Омск,\nул. Мира,\nд. 1"], [""], ["г. Омск, ул. Мира, д. 2"]]

    numbers = [number for number, cells in read(as_csv(rows)).rows if cells]

    assert numbers == [2, 4]


HEAD = "Адрес;УК;Подъездов\n"


@pytest.mark.parametrize(
    ("lines", "companies"),
    [
        pytest.param(
            ['Мира, 1;ООО "Уют;1', "Мира, 2;ТСЖ;2"], ['ООО "Уют', "ТСЖ"], id="within a name"
        ),
        pytest.param(['Мира, 1;"Уют" ООО;1', "Мира, 2;ТСЖ;2"], ["Уют ООО", "ТСЖ"], id="a pair"),
        pytest.param(['Мира, 1;"Уют;1', "Мира, 2;ТСЖ;2"], ["Уют", "ТСЖ"], id="never closed"),
        pytest.param(['Мира, 1;"Уют;1', 'Мира, 2;"Дом;2'], ["Уют", "Дом"], id="in every row"),
        pytest.param(
            ['Мира, 1;"Уют;1', "Мира, 2;ТСЖ;2", 'Мира, 3;"Дом";3'],
            ["Уют", "ТСЖ", "Дом"],
            id="closed by another row's",
        ),
        pytest.param(
            ['Мира, 1;"Уют\nи ""Дом""";1', "Мира, 2;ТСЖ;2"],
            ['Уют\nи "Дом"', "ТСЖ"],
            id="none: a name of two lines",
        ),
    ],
)
def test_a_stray_quote_swallows_no_row(lines: list[str], companies: list[str]) -> None:
    listing = read((HEAD + "\n".join(lines)).encode())

    rows = [cells for _, cells in listing.rows]

    assert [row["management_company"] for row in rows] == companies
    assert [row["entrances"] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]


def test_a_quote_that_is_never_closed_in_a_long_list_swallows_no_row() -> None:
    lines = [f"Мира, {n};ТСЖ;{n}" for n in range(1, 30_000)]

    rows = list(read(f'{HEAD}Мира, 0;"Уют;0\n{chr(10).join(lines)}'.encode()).rows)

    assert len(rows) == 30_000
    assert rows[0][1] == {"address": "Мира, 0", "management_company": "Уют", "entrances": "0"}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"a;" * 9 * 2**20, id="one line of 20 MB"),
        pytest.param(HEAD.encode() + b"a;" * 9 * 2**20, id="one line of 20 MB under a header"),
        pytest.param(HEAD.encode() + b"\n" * 2**21, id="millions of blank lines"),
        pytest.param(HEAD.encode() + b'"' + b"a" * 2**20, id="a cell of 1 MB"),
        pytest.param(HEAD.encode() + b'"a\n";' * 2**21, id="a record of a million lines"),
    ],
)
def test_what_no_list_needs_is_refused_before_it_takes_memory(data: bytes) -> None:
    with pytest.raises(RefusedListError) as refusal:
        list(read(data).rows)

    assert refusal.value.code in {"list_broken", "list_too_long"}


def test_a_stray_control_character_stays_in_its_cell() -> None:
    rows = [cells for _, cells in read(as_csv([*ROWS, ["г. Омск, ул. Ми\0ра, д. 3"]])).rows]

    assert rows[2]["address"] == "г. Омск, ул. Ми\0ра, д. 3"
