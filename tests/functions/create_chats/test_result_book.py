"""The workbook that comes back is the clerk's own list, says what to mend, and runs nothing."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet  # type: ignore[import-untyped]

from create_chats import result_book
from create_chats.check_rows import check
from create_chats.read_list import Listing, read
from create_chats.result_book import what_to_mend, write
from create_chats.result_plan import OWN
from create_chats.workbooks import LONGEST_TEXT, harmless, sheet_name
from housechats.domain.batches import Problem, Row, RowVerdict, Verdict
from support.ugly_files import SOFFICE, UGLY, with_libreoffice

REGISTRIES = Path(__file__).parents[4] / "shared" / "houses"
OKTMO = "11701000"
LINK = "https://vk.me/join/abc"
HEADER = ["Адрес", "Подъездов", "Старший по дому", "Телефон"]
GOOD = ["г. Архангельск, ул. Садовая, д. 1", "4", "Вымыслова Марфа", "+79990000001"]
UNCLEAR = ["г. Архангельск, пр. Мира, д. 5", "2", "Небылов Фома", "+79990000002"]
WARNED = ["г. Архангельск, ул. Лесная, д. 6/2", "два", "Небылов Фома", "8 (8182) 20-00-00"]
ROWS = [HEADER, GOOD, UNCLEAR, WARNED, GOOD, ["", "", "", ""], ["Итого", "3", "", ""]]


def text(rows: Iterable[Iterable[object]]) -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter=";", lineterminator="\n").writerows(rows)
    return file.getvalue().encode()


def judged(rows: Iterable[Row]) -> list[tuple[RowVerdict, str]]:
    return [
        (
            RowVerdict(row.number, row.verdict, row.problems, row.duplicate_of),
            LINK if row.verdict.good else "",
        )
        for row in rows
    ]


def returned(
    data: bytes, *, mended: Mapping[int, Mapping[str, str]] | None = None
) -> tuple[Listing, bytes]:
    """Read and check a list, and write the workbook that comes back."""
    listing = read(data)
    return listing, write(listing, judged(check(listing, oktmo=OKTMO)), mended=mended or {})


def sheet_of(book: bytes, number: int = 0) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(book)).worksheets[number]


def texts(sheet: Worksheet) -> list[list[str]]:
    return [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]


def test_the_clerks_rows_stand_where_they_stood_with_our_columns_at_the_right() -> None:
    rows = [["Список домов на март"], *ROWS]

    _, book = returned(text(rows))

    sheet = texts(sheet_of(book))
    width = len(HEADER)
    assert [row[:width] for row in sheet] == [[*row, "", "", ""][:width] for row in rows]
    assert [row[width] for row in sheet] == [
        "",
        "Решение",
        "Принят",
        "Отклонён",
        "Принят с замечаниями",
        "Повтор",
        "",
        "Пропущен",
    ]
    assert sheet[1][width:] == list(OWN)
    assert sheet[2][width + 1 :] == ["", LINK]
    assert "напишите «пр-кт» (проспект) или «проезд»" in sheet[3][width + 1]
    assert "в строке 3" in sheet[5][width + 1]


def test_bad_cells_are_coloured_by_how_bad_they_are_and_say_why() -> None:
    _, book = returned(text(ROWS))

    sheet = sheet_of(book)
    fatal, warned, good = sheet["A3"], sheet["B4"], sheet["A2"]
    assert len({cell.fill.fgColor.rgb for cell in (fatal, warned, good)}) == 3
    assert (fatal.font.b, warned.font.b) == (True, False)
    assert "пр-кт" in fatal.comment.text
    assert "подъездов" in warned.comment.text
    assert good.comment is None


def test_a_missing_cell_is_coloured_too() -> None:
    _, book = returned(text([HEADER, [*GOOD[:2], "", ""]]))

    sheet = sheet_of(book)
    assert sheet["C2"].value is None
    assert "Старший не указан" in sheet["C2"].comment.text


def test_what_a_street_may_be_is_chosen_in_the_cell() -> None:
    _, book = returned(text(ROWS))

    sheet, choices = sheet_of(book), sheet_of(book, 2)
    (choice,) = sheet.data_validations.dataValidation
    assert (str(choice.sqref), choice.formula1) == ("A3", "'Варианты'!$A$1:$B$1")
    assert choices.sheet_state == "hidden"
    assert texts(choices) == [
        ["г. Архангельск, пр-кт Мира, д. 5", "г. Архангельск, проезд Мира, д. 5"]
    ]


@pytest.mark.parametrize("number", [0, 1])
def test_a_street_that_was_chosen_makes_the_row_good(number: int) -> None:
    _, book = returned(text(ROWS))
    workbook = openpyxl.load_workbook(io.BytesIO(book))
    chosen = texts(workbook.worksheets[2])[0][number]
    workbook.worksheets[0]["A3"] = chosen
    mended = io.BytesIO()
    workbook.save(mended)

    rows = check(read(mended.getvalue()), oktmo=OKTMO)

    assert rows[1].verdict == Verdict.ACCEPTED


def test_the_list_is_filtered_by_its_header_which_stays_in_sight() -> None:
    _, book = returned(text([["Список"], *ROWS[:-2]]))

    sheet = sheet_of(book)
    assert sheet.auto_filter.ref == "A2:G6"
    assert sheet.freeze_panes == "A3"


def test_the_second_sheet_says_what_to_do_and_how_the_list_stands() -> None:
    listing = read(text(ROWS))

    book = write(
        listing, judged(check(listing, oktmo=OKTMO)), mended={}, remarks=["Скрытых строк нет."]
    )

    told = texts(sheet_of(book, 1))
    assert [row for row in told if row[1]] == [
        ["Строк в списке", "6"],
        ["Принят", "1"],
        ["Принят с замечаниями", "1"],
        ["Отклонён", "1"],
        ["Повтор", "1"],
        ["Пропущен", "2"],
    ]
    assert ["Скрытых строк нет.", ""] in told


RUNS = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://bad.example")']
STRANGE = [
    *RUNS,
    "http://bad.example",
    "mailto:a@bad.example",
    "_x003D_1+1",
    "<b>&amp;</b>",
    "5/11",
    "{=1}",
    "\u202eгруб",
]


def test_no_text_of_a_clerk_becomes_a_formula_a_link_or_a_number() -> None:
    rows = [
        HEADER,
        *(
            [f"г. Архангельск, ул. Садовая, д. {i}", "", said, said]
            for i, said in enumerate(STRANGE, start=1)
        ),
    ]
    listing = read(text(rows))
    verdicts = [
        RowVerdict(i, Verdict.REJECTED, (Problem(said, "code", said, fatal=True),))
        for i, said in enumerate(STRANGE, start=2)
    ]

    book = write(listing, [(v, v.problems[0].message) for v in verdicts], mended={})

    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        xml = packed.read("xl/worksheets/sheet1.xml").decode()
        names = packed.namelist()
    assert "<f>" not in xml
    assert "<hyperlink" not in xml
    assert 't="inlineStr"' in xml
    assert "<v>" not in xml
    assert not any("vba" in name or "externalLink" in name for name in names)
    assert [row["elder_name"] for _, row in read(book).rows] == STRANGE
    sheet = sheet_of(book)
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {(cell.data_type, cell.number_format, cell.hyperlink) for cell in cells} == {
        ("s", "@", None)
    }
    assert {column.number_format for column in sheet.column_dimensions.values()} == {"@"}


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is absent")
def test_libreoffice_sees_the_same_texts(tmp_path: Path) -> None:
    rows = [HEADER, *([*GOOD[:2], said, "5/11"] for said in RUNS)]
    _, book = returned(text(rows))

    seen = with_libreoffice(book, "csv", tmp_path).decode("utf-8-sig")

    again = list(csv.reader(io.StringIO(seen)))
    assert [row[2:4] for row in again[1:]] == [[said, "5/11"] for said in RUNS]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        pytest.param("a\x00b\x07c\x1fd\x7f", "abcd", id="control characters"),
        pytest.param("a\r\nb\rc\td", "a\nb\nc\td", id="lines and tabs"),
        pytest.param("\ud800a\ufffe\uffff", "a", id="what XML forbids"),
        pytest.param("я" * 40_000, "я" * LONGEST_TEXT, id="too long"),
        pytest.param("😀" * 20_000, "😀" * (LONGEST_TEXT // 2), id="too long, two units each"),
    ],
)
def test_a_text_is_made_such_that_a_cell_can_hold_it(said: str, kept: str) -> None:
    assert harmless(said) == kept


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        pytest.param("Реестр МКД", "Реестр МКД", id="its own"),
        pytest.param("", "Дома", id="none: a text table"),
        pytest.param("History", "Дома", id="Excel's own"),
        pytest.param("как исправить", "Дома", id="ours"),
        pytest.param("'a[b]:*?/\\c'", "a b      c", id="signs that no name has"),
        pytest.param("я" * 40, "я" * 31, id="too long"),
    ],
)
def test_a_sheet_keeps_its_name_as_far_as_it_may(wanted: str, name: str) -> None:
    assert sheet_name(wanted, otherwise="Дома", taken=["Как исправить"]) == name


def test_what_people_mended_since_stands_in_the_cells_and_is_said() -> None:
    mended = {3: {"address": "г. Архангельск, пр-кт Мира, д. 5", "entrances": "2", "flats": "36"}}

    _, book = returned(text(ROWS), mended=mended)

    sheet = texts(sheet_of(book))
    assert sheet[0][:5] == [*HEADER, "Квартир"]
    assert sheet[2][:5] == ["г. Архангельск, пр-кт Мира, д. 5", *UNCLEAR[1:], "36"]
    assert "Исправлено после загрузки: Адрес, Квартир." in sheet[2][6]
    again = check(read(book), oktmo=OKTMO)[1]
    assert again.house
    assert (again.verdict, again.house.flats) == (Verdict.ACCEPTED, 36)


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        pytest.param(RowVerdict(5, Verdict.ACCEPTED), "", id="nothing"),
        pytest.param(
            RowVerdict(5, Verdict.ACCEPTED, house_id="A", existing=True),
            "Дом уже был, в нём ничего не изменилось.",
            id="the same again",
        ),
        pytest.param(
            RowVerdict(
                5, Verdict.ACCEPTED, existing=True, changes=("elder", "organisations", "entrances")
            ),
            "Изменено: старший, организации, число подъездов.",
            id="changed",
        ),
        pytest.param(
            RowVerdict(5, Verdict.DUPLICATE, duplicate_of=3),
            "Этот дом уже есть в строке 3.",
            id="a duplicate",
        ),
        pytest.param(
            RowVerdict(
                5,
                Verdict.REJECTED,
                (Problem("Дом", "a", "Мелочь.", False), Problem("Дом", "b", "Беда.", True)),
            ),
            "Беда.\nМелочь.",
            id="the worst first",
        ),
    ],
)
def test_the_reason_says_what_became_of_the_house(verdict: RowVerdict, said: str) -> None:
    assert what_to_mend(verdict) == said


def test_rows_that_are_not_yet_checked_say_so() -> None:
    listing = read(text(ROWS))

    book = write(listing, judged(check(listing, oktmo=OKTMO))[:1], mended={})

    words = [row[len(HEADER)] for row in texts(sheet_of(book))]
    assert words == ["Решение", "Принят", *["Ещё проверяется"] * 3, "", "Ещё проверяется"]


def test_a_list_of_many_mistakes_gets_no_more_comments_than_programs_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(result_book, "MOST_COMMENTS", 4)
    warned = [[f"г. Архангельск, ул. Лесная, д. {i}/2", *GOOD[1:]] for i in range(1, 6)]
    fatal = [[f"г. Архангельск, ул. Лесная, д. {i}–11", *GOOD[1:]] for i in range(1, 6)]

    _, book = returned(text([HEADER, *warned, *fatal]))

    commented = [row for row, *_ in sheet_of(book).iter_rows() if row.comment]
    assert [cell.row for cell in commented] == [2, 3, 7, 8]
    assert any("Примечаний слишком много" in row[0] for row in texts(sheet_of(book, 1)))


# ---------------------------------------------------------------- the same list again

TWO_LINES: Sequence[Sequence[str]] = [
    ["Адрес", "", "", "Старший по дому", ""],
    ["Город", "Улица", "Дом", "ФИО", "Телефон"],
    ["г. Омск", "ул. Мира", "5", "Небылов Фома", "9000000001"],
    ["Ленинский район", "", "", "", ""],
    ["г. Омск", "ул. Мира", "7", "", ""],
]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(ROWS, id="mistakes"),
        pytest.param(UGLY, id="titles, totals, two lines, signatures"),
        pytest.param(TWO_LINES, id="a header whose last group runs on"),
    ],
)
def test_the_workbook_of_a_returned_workbook_is_the_same(rows: Sequence[Sequence[object]]) -> None:
    _, book = returned(text(rows))

    listing, again = returned(book)

    assert texts(sheet_of(again)) == texts(sheet_of(book))
    assert listing.remarks == ()


def test_hidden_rows_stay_hidden_and_are_warned_of_again() -> None:
    workbook = openpyxl.Workbook()
    for row in ROWS:
        workbook.active.append(row)
    workbook.active.row_dimensions[2].hidden = True
    file = io.BytesIO()
    workbook.save(file)

    listing, book = returned(file.getvalue())

    assert read(book).table.hidden_rows == listing.table.hidden_rows == {2}
    assert check(read(book), oktmo=OKTMO) == check(listing, oktmo=OKTMO)


@pytest.mark.skipif(not REGISTRIES.is_dir(), reason="shared data is absent")
@pytest.mark.parametrize(
    ("name", "oktmo"),
    [
        ("frt-reestrmkd-sample.csv", "60704000"),
        ("houses-spb-giszhkh-sample.csv", "40000000"),
        ("houses-chelyabinsk-fias-entrances.csv", "75701000"),
        ("addresses-messy-fias.csv", "45000000"),
    ],
)
def test_a_returned_registry_gets_the_same_verdicts(name: str, oktmo: str) -> None:
    listing = read((REGISTRIES / name).read_bytes())
    rows = check(listing, oktmo=oktmo)

    book = write(listing, judged(rows), mended={})

    assert check(read(book), oktmo=oktmo) == rows


CELLS = st.one_of(
    st.sampled_from(
        [
            *GOOD, *UNCLEAR, *WARNED, *RUNS, "", "", "-", "Итого", "ул. Морская 7", "05.11.2026",
            "г.Архангельск,Садовая ул,1", "8-900-000-00-07, 8-900-000-00-08", "vk.com/club1",
            "г. Архангельск, ул. Садовая, д. 5–11", "#Н/Д", "нет", "Ленинский район", "12.0",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=12),
)  # fmt: skip
LISTS = st.builds(
    lambda titles, header, rows: [*titles, header, *(row[: len(header)] for row in rows)],
    st.lists(st.just(["Список домов"]), max_size=2),
    st.permutations([*HEADER, "Примечание", "Решение"]),
    st.lists(st.lists(CELLS, min_size=6, max_size=6), min_size=1, max_size=6),
)


@settings(max_examples=40, deadline=None)
@given(LISTS)
def test_a_returned_workbook_uploaded_as_it_is_gets_the_same_verdicts(
    rows: list[list[str]],
) -> None:
    listing, book = returned(text(rows))

    again = read(book)

    assert again.columns == listing.columns
    assert check(again, oktmo=OKTMO) == check(listing, oktmo=OKTMO)
