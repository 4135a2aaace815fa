"""Houses have codes that can be read out, and are told apart."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.addresses import Address
from housechats.domain.houses import (
    ALPHABET,
    CODE_LENGTH,
    ChatState,
    House,
    code_of,
    digest_of,
    read_code,
)

NOW = datetime(2027, 1, 11, tzinfo=UTC)
ADDRESS = Address(locality="г. Архангельск", street_type="ул", street="Садовая", house="1")
HOUSE = House(
    id="ABCDEF01", digest="d", oktmo="11701000", address=ADDRESS, community=7, created_at=NOW
)
codes = st.text(ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH)


@given(st.text(), st.integers(0, 3))
def test_a_code_has_eight_characters_that_cannot_be_misread(digest: str, attempt: int) -> None:
    code = code_of(digest, attempt)

    assert len(code) == CODE_LENGTH
    assert set(code) <= set(ALPHABET)
    assert not set(code) & set("ILOU")


def test_attempts_give_different_codes() -> None:
    assert len({code_of("d", attempt) for attempt in range(4)}) == 4


def test_the_code_of_a_house_is_the_same_for_ever() -> None:
    digest = digest_of("11701000", ADDRESS)

    assert (digest, code_of(digest)) == ("665cddf31b66c942e11a72f1f403e4d7", "1APDY3MT")
    assert code_of(digest) == code_of(digest_of("11701000001", ADDRESS))
    assert digest != digest_of("11702000", ADDRESS)
    assert digest != digest_of("11701000", replace(ADDRESS, house="2"))


@given(codes)
def test_a_code_on_paper_is_read_as_it_is(code: str) -> None:
    assert read_code(code) == code
    assert read_code(code.lower()) == code
    assert read_code(f" {code[:4]}-{code[4:]} ") == code


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_code_or_nothing(text: str) -> None:
    code = read_code(text)

    assert code == "" or (len(code) == CODE_LENGTH and set(code) <= set(ALPHABET))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("АВСЕНКМР", "ABCEHKMP"),
        ("ОТХ12345", "0TX12345"),
        ("oilu0000", "0" + "11V0000"),
        ("ABCDEF0", ""),
        ("ABCDEF011", ""),
        ("ЖЖЖЖЖЖЖЖ", ""),
    ],
)
def test_look_alikes_are_read_as_what_was_meant(typed: str, code: str) -> None:
    assert read_code(typed) == code


@pytest.mark.parametrize(
    ("state", "poster_at", "ready"),
    [
        (ChatState.PLANNED, None, False),
        (ChatState.OPENING, None, False),
        (ChatState.MADE, None, False),
        (ChatState.OPEN, None, False),
        (ChatState.OPEN, NOW, True),
        (ChatState.REFUSED, None, True),
        (ChatState.UNCERTAIN, None, True),
        (ChatState.LOST, None, True),
    ],
)
def test_an_elder_can_be_told_when_a_house_is_settled(
    state: ChatState, poster_at: datetime | None, *, ready: bool
) -> None:
    link = "https://vk.me/join/1" if state == ChatState.OPEN else ""
    assert replace(HOUSE, state=state, poster_at=poster_at, link=link).ready is ready


def test_the_title_of_a_chat_in_the_making_carries_the_code() -> None:
    assert HOUSE.title_with_code == "ул. Садовая, д. 1 · ABCDEF01"
    assert len(replace(HOUSE, address=replace(ADDRESS, street="Я" * 300)).title_with_code) <= 100
