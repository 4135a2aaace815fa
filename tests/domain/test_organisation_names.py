"""Spellings of one company meet, and other companies stay others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.organisation_cards import (
    MOST_SPELLINGS,
    OrganisationCard,
    introduced,
    is_found,
    renamed,
)
from housechats.domain.organisations import OrganisationKind, is_inn, plain_name

COMPANY = OrganisationKind.MANAGEMENT_COMPANY
CARD = OrganisationCard("2901000017", COMPANY, "ООО «Уют»", "11701000")
NAMES = st.text(alphabet="абвгдежзиклмнопрстуфхцчшщъыьэюя ABCDEFXYZ-«»\"'.,0123456789", max_size=40)
QUOTES = st.sampled_from(["«{}»", '"{}"', "“{}”", "„{}“", "'{}'", "{}"])


@pytest.mark.parametrize(
    "spelled",
    [
        "ООО «Ромашка»",
        "ООО РОМАШКА",
        'ООО"Ромашка"',
        "Ромашка, ООО",
        "Общество с ограниченной ответственностью «Ромашка»",
        "ОБЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ  РОМАШКА",
        "OOO «Poмaшкa»",
    ],
)
def test_spellings_of_one_company_are_one(spelled: str) -> None:
    assert plain_name(spelled) == "ооо ромашка"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("УК «Ёлка»", "Управляющая компания Елка", id="ё and the words in full"),
        pytest.param(
            "ТСЖ «Мира, 5»", "Товарищество собственников жилья Мира 5", id="partners of a house"
        ),
        pytest.param(
            "ПАО ТГК-2", 'публичное акционерное общество "ТГК-2"', id="a longer form goes first"
        ),
    ],
)
def test_legal_forms_are_compared_by_their_letters(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("ООО «Уют»", "АО «Уют»", id="another form"),
        pytest.param("ООО «Уют-1»", "ООО «Уют-2»", id="another number"),
        pytest.param("ООО «Дом уюта»", "ООО «Уюта дом»", id="another order of words"),
    ],
)
def test_other_companies_stay_others(one: str, other: str) -> None:
    assert plain_name(one) != plain_name(other)


@given(name=NAMES, quotes=QUOTES, form=st.sampled_from(["ООО", "ооо", "ТСЖ", "АО"]))
def test_neither_quotes_nor_case_nor_the_place_of_the_form_matter(
    name: str, quotes: str, form: str
) -> None:
    spellings = {
        plain_name(f"{form} {quotes.format(name)}"),
        plain_name(f"{quotes.format(name).upper()}, {form}"),
        plain_name(f"  {form.lower()}   {name.replace('е', 'ё')} "),
    }

    assert len(spellings) == 1


@given(name=NAMES)
def test_what_is_plain_already_stays(name: str) -> None:
    assert plain_name(plain_name(name)) == plain_name(name)


@given(names=st.lists(NAMES, max_size=30))
def test_a_card_never_has_one_spelling_twice_nor_more_than_ten(names: list[str]) -> None:
    card = CARD
    for name in names:
        card = introduced(card, name, "11701000")

    assert card.name == CARD.name
    assert len(card.spellings) <= MOST_SPELLINGS
    assert len({plain_name(name) for name in card.names}) == len(card.names)


def test_the_name_so_far_is_found_after_a_person_has_changed_it() -> None:
    card = renamed(CARD, "ООО «Новый дом»")

    assert card.name == "ООО «Новый дом»"
    assert card.spellings == ("ООО «Уют»",)
    assert card.revision == CARD.revision + 1
    assert is_found(card, "уют")


def test_a_person_who_takes_a_change_back_leaves_no_spelling_twice() -> None:
    card = renamed(renamed(CARD, "ООО «Дом»"), CARD.name)

    assert card.names == ("ООО «Уют»", "ООО «Дом»")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("уют ооо", True, id="words in any order"),
        pytest.param("УЮ", True, id="the beginning of a word"),
        pytest.param("290100", True, id="the beginning of the number"),
        pytest.param("", True, id="nothing asked"),
        pytest.param("уют дом", False, id="a word too many"),
        pytest.param("901000", False, id="the middle of the number"),
    ],
)
def test_a_company_is_found_by_its_number_or_by_words(text: str, found: bool) -> None:
    assert is_found(CARD, text) is found


def test_a_company_without_a_name_is_found_by_its_number() -> None:
    card = OrganisationCard("2901000017", COMPANY, "", "11701000")

    assert is_found(card, "2901000017")
    assert not is_found(card, "уют")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        pytest.param("7707083893", True, id="of a company"),
        pytest.param("500100732259", True, id="of a sole trader"),
        pytest.param("7707083894", False, id="another check digit"),
        pytest.param("0000000000", False, id="zeros"),
        pytest.param("770708389", False, id="too short"),
        pytest.param("٧٧٠٧٠٨٣٨٩٣", False, id="digits of others"),
    ],
)
def test_an_inn_is_told_by_its_check_digits(text: str, is_one: bool) -> None:
    assert is_inn(text) is is_one
