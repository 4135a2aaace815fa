"""Houses whose waiting is over, or whose chats are behind, go back to their queues."""

from dataclasses import replace
from datetime import timedelta

from create_chats.hand_over_due import (
    GIVEN_UP,
    NOT_BEFORE,
    hand_over_due,
    hand_over_renewals,
)
from housechats.domain.addresses import Address
from housechats.domain.hand_overs import ENOUGH
from housechats.domain.houses import ChatState, House
from support.clock import JANUARY
from support.fakes import FakeHouses, FakeQueue
from support.renewal_fakes import FakeRenewals

HOUSE = House(
    id="ABCDEF01",
    digest="d",
    oktmo="11701000",
    address=Address(street="Садовая", house="1"),
    community=7,
    created_at=JANUARY,
)
MINUTE = timedelta(minutes=1)


def waiting(*minutes: int) -> FakeHouses:
    """Return houses that wait for so many minutes."""
    houses = FakeHouses()
    for n, wait in enumerate(minutes):
        house = replace(HOUSE, id=f"ABCDEF0{n}")
        houses.enrol(house)
        houses.wait(house, until=JANUARY + wait * MINUTE, reason="Ждём.")
    return houses


def test_only_houses_whose_time_has_come_are_handed_over() -> None:
    houses, openings = waiting(0, 5, 1), FakeQueue()

    number = hand_over_due(houses=houses, openings=openings, now=JANUARY + MINUTE)

    assert number == 2
    assert openings.bodies == [{"house_id": "ABCDEF00"}, {"house_id": "ABCDEF02"}]


def test_a_house_handed_over_is_left_alone_for_some_minutes_and_then_not_forgotten() -> None:
    houses, openings = waiting(0), FakeQueue()
    numbers = []

    for minute in range(7):
        now = JANUARY + minute * MINUTE
        numbers.append(hand_over_due(houses=houses, openings=openings, now=now))

    assert NOT_BEFORE == 5 * MINUTE
    assert numbers == [1, 0, 0, 0, 0, 1, 0]


def test_nothing_due_hands_nothing_over() -> None:
    openings = FakeQueue()

    number = hand_over_due(houses=waiting(9), openings=openings, now=JANUARY)

    assert (number, openings.bodies) == (0, [])


def test_a_chat_that_can_never_be_renewed_is_given_up_and_staff_see_why() -> None:
    behind = replace(HOUSE, state=ChatState.OPEN, chat_id=5, revision=1, due_at=JANUARY)
    houses, renewals = FakeHouses(), FakeQueue()
    houses.enrol(behind)
    handed_over_at = []

    for minute in range(0, 2 * 24 * 60, 5):
        now = JANUARY + minute * MINUTE
        if hand_over_renewals(renewing=FakeRenewals(houses), renewals=renewals, now=now):
            handed_over_at.append(minute)

    assert renewals.bodies == [{"house_id": HOUSE.id}] * ENOUGH
    assert handed_over_at[:4] == [0, 5, 15, 35]
    assert houses.by_id[HOUSE.id].reason == GIVEN_UP
    assert houses.by_id[HOUSE.id].outdated
