"""What spreadsheets and people leave in an address is said in words, and never becomes a house."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.address_reading import parse, parse_parts, visible
from housechats.domain.address_words import says_nothing
from housechats.domain.findings import QUOTED


def fatal_codes(text: str) -> list[str]:
    return [finding.code for finding in parse(text)[1] if finding.fatal]


def message_of(text: str, code: str) -> str:
    return next(finding.message for finding in parse(text)[1] if finding.code == code)


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        pytest.param("05.ноя", "5/11", id="day and month"),
        pytest.param("5 ноя", "5/11", id="a space"),
        pytest.param("5-ноя", "5/11", id="a hyphen"),
        pytest.param("ноя.05", "5/11 или 11/5", id="month first"),
        pytest.param("май.12", "12/5 или 5/12", id="a short month"),
        pytest.param("май.32", "5/32", id="a month and a year"),
        pytest.param("5 мая", "5/5", id="a month in full"),
        pytest.param("05.11.2026", "5/11 или 11/5", id="a full date"),
        pytest.param("11.5.26", "11/5 или 5/11", id="a short year"),
        pytest.param("5/11/2026", "5/11 или 11/5", id="slashes"),
        pytest.param("2026-11-05", "5/11 или 11/5", id="a machine's date"),
        pytest.param("2026-11-05 00:00:00", "5/11 или 11/5", id="a machine's date and time"),
        pytest.param("2026-11-05T00:00:00", "5/11 или 11/5", id="a machine's moment"),
        pytest.param("2026-05-05", "5/5", id="day and month the same"),
    ],
)
@pytest.mark.parametrize("before", ["г. Омск, ул. Мира, ", "г. Омск, ул. Мира, д. "])
def test_a_house_that_became_a_date_is_said_with_what_to_write(
    before: str, typed: str, instead: str
) -> None:
    address, findings = parse(before + typed)
    _, of_cell = parse_parts({"locality": "г. Омск", "street": "ул. Мира", "house": typed})

    assert address is None
    assert [finding.code for finding in findings] == ["house_became_date"]
    assert f"например {instead}, и" in findings[0].message
    assert of_cell == findings


def test_a_date_that_is_shown_as_a_number_is_one_still() -> None:
    cells = {"locality": "г. Омск", "street": "ул. Мира", "house": "46331"}

    _, findings = parse_parts(cells)

    assert [finding.code for finding in findings] == ["house_became_date"]
    assert "например 5/11, и" in findings[0].message


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        pytest.param("г. Омск, ул. 5 Ноября, д. 3", "г. Омск, ул. 5 Ноября, д. 3", id="a holiday"),
        pytest.param("г. Омск, ул. 8 марта 5", "г. Омск, ул. 8 марта, д. 5", id="no comma"),
        pytest.param("г. Омск, 9 Мая, 5", "г. Омск, ул. 9 Мая, д. 5", id="no kind"),
        pytest.param("г. Омск, ул. 1905 года, 5", "г. Омск, ул. 1905 года, д. 5", id="a year"),
        pytest.param(
            "г. Омск, 26 Бакинских комиссаров, 5",
            "г. Омск, ул. 26 Бакинских комиссаров, д. 5",
            id="a count",
        ),
        pytest.param(
            "г. Омск, 50 лет Октября, 5", "г. Омск, ул. 50 лет Октября, д. 5", id="a jubilee"
        ),
        pytest.param("г. Омск, ул. Мира, д. 12.", "г. Омск, ул. Мира, д. 12", id="a full stop"),
        pytest.param("г. Омск, ул. Мира, д. 12.0", "г. Омск, ул. Мира, д. 12", id="a fraction"),
        pytest.param("г. Омск, ул. Мира, д. 012", "г. Омск, ул. Мира, д. 12", id="a zero before"),
    ],
)
def test_what_only_looks_like_a_date_is_a_house(typed: str, shown: str) -> None:
    address, findings = parse(typed)

    assert address
    assert address.full == shown
    assert not any(finding.fatal for finding in findings)


def test_a_street_of_a_date_without_a_house_lacks_the_house() -> None:
    assert fatal_codes("г. Омск, 9 Мая") == ["house_missing"]
    assert fatal_codes("г. Омск, ул. 9 Мая") == ["house_missing"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        pytest.param("д. 5–11", "house_range", id="a dash"),
        pytest.param("5-11", "house_range", id="a hyphen"),
        pytest.param("5—11", "house_range", id="a long dash"),
        pytest.param("12-45", "house_range", id="or a flat"),
        pytest.param("с 5 по 11", "house_several", id="from and to"),
        pytest.param("д. с 5 по 11", "house_several", id="houses from and to"),
        pytest.param("7, 9", "house_several", id="two"),
        pytest.param("д. 7, 9, 11", "house_several", id="three"),
        pytest.param("7 и 9", "house_several", id="and"),
        pytest.param("7;9", "house_several", id="a semicolon"),
        pytest.param("дома 7, 9", "house_several", id="houses"),
        pytest.param("д. 7, д. 9", "house_several", id="said twice"),
        pytest.param("5-7-9", "house_several", id="three with hyphens"),
        pytest.param("д. 7 (9-11)", "house_several", id="a range in brackets"),
        pytest.param("12кв5", "part_of_house", id="a glued flat"),
        pytest.param("12, кв. 3", "part_of_house", id="a flat"),
        pytest.param("12 кв.3", "part_of_house", id="a flat without a comma"),
        pytest.param("д. 31 (кв.2)", "part_of_house", id="a flat in brackets"),
        pytest.param("12, 4 подъезда", "part_of_house", id="entrances"),
        pytest.param("12 под. 2", "part_of_house", id="an entrance"),
        pytest.param("12, 1 этаж", "part_of_house", id="a floor"),
        pytest.param("12 оф. 7", "part_of_house", id="an office"),
        pytest.param("д. 12, стр. кв. 3 по 9", "part_of_house", id="flats for a строение"),
        pytest.param("д. 12 (во дворе)", "house_unclear", id="another house perhaps"),
        pytest.param("д. 12 (новый)", "house_unclear", id="beside the old one"),
        pytest.param("д. 0", "house_missing", id="a zero"),
        pytest.param("д. —", "house_missing", id="a dash for a number"),
        pytest.param("б/н", "house_missing", id="no number"),
    ],
)
def test_what_is_not_one_house_is_refused(typed: str, code: str) -> None:
    assert fatal_codes(f"г. Омск, ул. Мира, {typed}") == [code]


def test_lit_letters_are_one_house() -> None:
    address, findings = parse("г. Омск, ул. Мира, д. 5, лит. А, Б")

    assert address
    assert (address.letter, findings) == ("А, Б", ())


@pytest.mark.parametrize(
    ("typed", "note"),
    [
        pytest.param("д. 20 (общежитие)", "общежитие", id="brackets"),
        pytest.param("д. 20, общежитие", "общежитие", id="a comma"),
        pytest.param("20 общежитие", "общежитие", id="nothing between"),
        pytest.param("д. 20 (дубль 1)", "дубль 1", id="an entry made twice"),
        pytest.param("д. 20 (новостройка)", "новостройка", id="just built"),
        pytest.param("д. 20 (Кирпичный)", "Кирпичный", id="a capital"),
        pytest.param("д. 20 (9-этажный панельный дом)", "9-этажный панельный дом", id="words"),
        pytest.param("д. 20, а/я 75", "а/я 75", id="a post box"),
    ],
)
def test_a_word_on_what_the_house_is_like_is_left_out_and_said(typed: str, note: str) -> None:
    address, findings = parse(f"г. Омск, ул. Мира, {typed}")

    assert address
    assert address.key == "г омск|ул мира|20|||"
    assert [(finding.code, finding.fatal) for finding in findings] == [("note_dropped", False)]
    assert f"«{note}»" in findings[0].message


def test_a_long_note_that_is_none_is_read_as_fast_as_a_short_one() -> None:
    note = "дом " * 110 + "двор"

    codes = fatal_codes(f"г. Омск, ул. Мира, 5 ({note})")

    assert codes == ["house_unclear"]


def test_a_town_and_a_village_named_again_are_no_crash() -> None:
    address, findings = parse("г. Омск, п. Дачный, Омск Дачный, 5")

    assert address
    assert (address.full, findings) == ("г. Омск, п. Дачный, д. 5", ())


def test_a_note_in_the_middle_leaves_the_rest_of_the_number() -> None:
    address, _ = parse("г. Омск, ул. Мира, д. 20 (дубль 1), корп. 2")

    assert address
    assert (address.house, address.block) == ("20", "2")


def test_brackets_around_a_part_of_the_number_are_no_note() -> None:
    address, findings = parse("г. Омск, ул. Мира, д. 20 (корп. 2)")

    assert address
    assert (address.block, findings) == ("2", ())


def test_words_of_a_registry_for_nothing_leave_a_plain_house() -> None:
    address, findings = parse("г. Омск, ул. Мира, д. 24, к. нет, стр. многоквартирный дом")

    assert address
    assert (address.key, findings) == ("г омск|ул мира|24|||", ())


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("г. Омск, ул. 🏠, д. 5", id="a picture"),
        pytest.param("г. Омск, <script>alert(1)</script>, д. 5", id="a script"),
        pytest.param('=HYPERLINK("http://a.example";"ул. Мира"), д. 5', id="a formula"),
        pytest.param("г. Омск, ул. 中文, д. 5", id="another script"),
        pytest.param("г. Омск, ул. ?????, д. 5", id="a lost encoding"),
        pytest.param("г. Омск, ул. М\ufffd\ufffdа, д. 5", id="lost letters"),
    ],
)
def test_what_no_name_has_is_refused(typed: str) -> None:
    assert fatal_codes(typed) == ["address_symbols"]


@pytest.mark.parametrize("name", ["---", "...", "()", "№"])
def test_a_street_without_a_letter_is_none(name: str) -> None:
    assert fatal_codes(f"г. Омск, ул. {name}, д. 5") == ["street_missing"]


def test_a_message_repeats_little_of_a_cell_and_nothing_unprintable() -> None:
    long = "я" * 200

    of_unclear = message_of(f"г. Омск, ул. Мира, д. 5 {long}", "house_unclear")
    of_symbols = message_of("г. Омск, ул. \x7f\x85\ue000Мира, д. 5", "address_symbols")

    assert "я" * QUOTED in of_unclear
    assert "я" * (QUOTED + 1) not in of_unclear
    assert of_symbols.isprintable()


@pytest.mark.parametrize(
    "mark",
    [
        pytest.param("\u200b", id="no width"),
        pytest.param("\u202e", id="right to left"),
        pytest.param("\u2067", id="an isolate"),
        pytest.param("\ufeff", id="a byte order mark"),
        pytest.param("\u00ad", id="a soft hyphen"),
        pytest.param("\ufe0f", id="a variant"),
        pytest.param("\x01", id="a control character"),
    ],
)
def test_what_nobody_sees_is_removed_and_said(mark: str) -> None:
    plain = "г. Омск, ул. Мира, д. 5"
    typed = f"{mark}г. Омск, ул. М{mark}ира, д.{mark} 5{mark}"

    address, findings = parse(typed)

    assert address
    assert address.full == plain
    assert [finding.code for finding in findings] == ["invisible_characters"]
    assert visible(typed) == plain


def test_a_letter_of_two_signs_is_one() -> None:
    address, findings = parse("г. Омск, ул. Рабочии\u0306 Городок, д. 5")

    assert address
    assert (address.street, findings) == ("Рабочий Городок", ())


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", "—", "–", "---", "…".replace("…", "..."), "нет", "Нет", "НЕТ.", "нет данных",
        "Не заполнено", "не заполнён", "Незаполнено", "б/н", "Б/Н", "н/д", "отсутствует", "null",
        "\xa0", "_", "/",
    ],
)  # fmt: skip
def test_a_cell_that_says_nothing_is_empty(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["0", "А", "нетто", "🏠", "1", "Нетесова", "=", "#ССЫЛКА!"])
def test_a_cell_that_says_something_is_not(text: str) -> None:
    assert not says_nothing(text)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        pytest.param("г. Омск, пр. Мира, 5", "street_kind_unclear", id="проспект or проезд"),
        pytest.param("г. Омск, б. Победы, 5", "street_word_unclear", id="бульвар or Большая"),
        pytest.param("г. Омск, П. Морозова, 5", "initial_or_place", id="посёлок or Павлика"),
        pytest.param("г. Омск, С. Лазарева, 5", "initial_or_place", id="село or Сергея"),
    ],
)
def test_a_cut_word_of_two_meanings_is_asked_about(typed: str, code: str) -> None:
    assert fatal_codes(typed) == [code]


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("г. Омск, п. Морозова, 5", id="a small letter is a посёлок"),
        pytest.param("П. Морозова, ул. Мира, 5", id="a street beside it"),
        pytest.param("г. Омск, ул. П. Морозова, 5", id="an initial of a street"),
        pytest.param("С. Вознесенье, 5", id="the first letter of a cell"),
    ],
)
def test_a_cut_word_of_one_meaning_is_not_asked_about(typed: str) -> None:
    assert fatal_codes(typed) == []


def test_a_refused_address_is_not_told_how_its_street_was_read() -> None:
    _, findings = parse("г. Омск, Речная, д. 5–11")

    assert [finding.code for finding in findings] == ["house_range"]


@given(st.text(), st.text())
def test_no_cells_break_the_reader(one: str, other: str) -> None:
    names = ["address", "region", "locality", "street", "street_type", "house", "block", "letter"]

    for name in names:
        address, findings = parse_parts({name: one, "house": other}, locality="г. Омск")

        assert address or any(finding.fatal for finding in findings)
        assert all(finding.message.isprintable() for finding in findings)
