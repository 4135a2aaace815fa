"""The code on paper leads a resident to the chat of their house."""

from dataclasses import replace

import pytest

from housechats.domain.addresses import Address
from housechats.domain.houses import ChatState, House
from join.lead import Way, lead
from support.clock import JANUARY
from support.fakes import FakeHouses, FakeScans

HOUSE = House(
    id="ABCDEF01",
    digest="d",
    oktmo="11701000",
    address=Address(street_type="ул", street="Садовая", house="1"),
    community=7,
    created_at=JANUARY,
    entrances=12,
    state=ChatState.OPEN,
    link="https://vk.me/join/x",
)
OPEN = Way(invite=HOUSE.link, title="ул. Садовая, д. 1")


def scanned(code: str, house: House = HOUSE) -> tuple[Way, dict[str, int]]:
    """Return the way that a code leads, and what was counted."""
    houses, scans = FakeHouses(), FakeScans()
    houses.enrol(house)
    return lead(code, houses=houses, scans=scans), scans.of(house.id)


@pytest.mark.parametrize(
    ("code", "place"),
    [
        pytest.param("ABCDEF01", "other", id="typed"),
        pytest.param("ABCDEF01-3", "3", id="third entrance"),
        pytest.param("ABCDEF01-12", "12", id="last entrance"),
        pytest.param("ABCDEF01-03", "3", id="entrance with a zero"),
        pytest.param("ABCDEF01-L", "lift", id="lift"),
        pytest.param("abcdef01-l", "lift", id="small letters"),
        pytest.param("ABCD-EF01", "other", id="broken in the middle"),
        pytest.param("ABCDEF-01", "other", id="broken before its last digits"),
        pytest.param("ABCD EF01-2", "2", id="with a space"),
        pytest.param("АВСDЕF0I", "other", id="with Cyrillic letters and an I"),
        pytest.param("ABCDEF01-", "other", id="with a hyphen at its end"),
        pytest.param(" ABCDEF01 ", "other", id="with spaces around"),
    ],
)
def test_a_code_leads_to_the_chat_and_is_counted_where_it_hangs(code: str, place: str) -> None:
    assert scanned(code) == (OPEN, {place: 1})


@pytest.mark.parametrize("suffix", ["-13", "-99", "-0", "-00"])
def test_an_entrance_that_the_house_has_not_got_is_counted_as_any(suffix: str) -> None:
    assert scanned(f"ABCDEF01{suffix}") == (OPEN, {"other": 1})


def test_a_house_whose_entrances_nobody_counted_has_a_first_one() -> None:
    unknown = replace(HOUSE, entrances=0)

    assert scanned("ABCDEF01-1", unknown) == (OPEN, {"1": 1})
    assert scanned("ABCDEF01-2", unknown) == (OPEN, {"other": 1})


def test_an_sms_leads_to_the_page_that_explains() -> None:
    way, counts = scanned("ABCDEF01-S")

    assert way == replace(OPEN, explain=True)
    assert counts == {"sms": 1}


@pytest.mark.parametrize(
    "code",
    ["ZZZZZZ99", "ABCDEF0", "ABCDEF011", "", "-1", "ABCDEF01-1-1", "ABCDEF01-١", "ы"],
)
def test_a_code_that_is_not_ours_leads_nowhere(code: str) -> None:
    way, counts = scanned(code)

    assert way == Way(known=False)
    assert counts == {}


@pytest.mark.parametrize(
    "state", [state for state in ChatState if state not in {ChatState.OPEN, ChatState.LOST}]
)
def test_a_chat_that_is_not_open_shows_its_address_and_counts_nothing(state: ChatState) -> None:
    way, counts = scanned("ABCDEF01-1", replace(HOUSE, state=state, link=""))

    assert way == Way(title="ул. Садовая, д. 1")
    assert counts == {}


def test_a_lost_chat_is_no_place_to_send_people_to() -> None:
    way, counts = scanned("ABCDEF01-1", replace(HOUSE, state=ChatState.LOST))

    assert way == Way(title="ул. Садовая, д. 1", lost=True)
    assert counts == {}
