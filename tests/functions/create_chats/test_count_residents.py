"""Residents are counted every hour, and only what has changed is written."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from create_chats.count_residents import Desk, count_residents, in_turn
from housechats.domain.addresses import Address
from housechats.domain.communities import CommunityState
from housechats.domain.errors import UnavailableError
from housechats.domain.houses import ChatState, House
from housechats.domain.people import Elder
from support.clock import JANUARY
from support.fakes import FakeElders, FakeHouses, new_community
from support.renewal_fakes import FakeHeadcount, FakeResidents

ELDER_PAGE, RESIDENT = 101, 555
HOUR = timedelta(hours=1)
HOUSE = House(
    id="ABCDEF01",
    digest="d",
    oktmo="11701000",
    address=Address(street="Садовая", house="1"),
    community=7,
    created_at=JANUARY,
    elder_id="e-1",
    state=ChatState.OPEN,
    link="https://vk.me/join/1",
    chat_id=1,
)


@dataclass
class Town:
    houses: FakeHouses = field(default_factory=FakeHouses)
    headcount: FakeHeadcount = field(default_factory=lambda: FakeHeadcount({1: [], 2: []}))

    def __post_init__(self) -> None:
        self.residents = FakeResidents(self.houses)
        self.elders = FakeElders(lambda: JANUARY)
        self.elders.put("e-1", Elder("Вымыслова", vk_id=ELDER_PAGE), until=JANUARY + 999 * HOUR)
        self.houses.enrol(HOUSE)
        self.houses.enrol(replace(HOUSE, id="ABCDEF02", chat_id=2, elder_id=""))

    def count(self, now: datetime = JANUARY) -> int:
        desk = Desk(houses=self.houses, elders=self.elders, residents=self.residents)
        return count_residents(7, headcount=self.headcount, desk=desk, now=now)


def test_residents_are_counted_and_written_when_they_change() -> None:
    town = Town()
    town.headcount.members[1] = {RESIDENT}

    first, second = town.count(), town.count(JANUARY + HOUR)
    town.headcount.members[2] = {RESIDENT}
    third = town.count(JANUARY + 2 * HOUR)

    assert (first, second, third) == (2, 0, 1)
    assert town.residents.writes == {"ABCDEF01": 1, "ABCDEF02": 2}
    assert [town.houses.by_id[one].residents for one in ("ABCDEF01", "ABCDEF02")] == [1, 1]
    assert town.houses.by_id["ABCDEF01"].residents_at == JANUARY


def test_an_elder_who_joins_is_noticed_once() -> None:
    town = Town()
    town.count()
    town.headcount.members[1] = {ELDER_PAGE}

    town.count(JANUARY + HOUR)
    town.headcount.members[1] = {ELDER_PAGE, RESIDENT}
    town.count(JANUARY + 2 * HOUR)

    assert town.houses.by_id["ABCDEF01"].elder_joined_at == JANUARY + HOUR
    assert town.headcount.asked == [1, 1]


def test_an_elder_whose_page_is_not_known_is_not_looked_for() -> None:
    town = Town()
    town.elders.put("e-1", Elder("Вымыслова", phone="+79990000001"), until=JANUARY + HOUR)

    town.count()

    assert town.headcount.asked == []


def test_a_closed_chat_keeps_the_number_that_it_had() -> None:
    town = Town()
    town.houses.by_id["ABCDEF02"] = replace(
        town.houses.by_id["ABCDEF02"], state=ChatState.CLOSED, residents=4
    )
    town.headcount.members[2] = {RESIDENT}

    town.count()

    assert town.houses.by_id["ABCDEF02"].residents == 4


def test_a_chat_that_vk_does_not_show_is_left_as_it_was() -> None:
    town = Town()
    town.headcount.members = {}

    assert town.count() == 0


def test_a_community_that_was_counted_longest_ago_or_never_has_its_turn_first() -> None:
    residents = FakeResidents(FakeHouses())
    desk = Desk(FakeHouses(), FakeElders(lambda: JANUARY), residents)
    communities = [new_community(number) for number in (1, 2, 3, 4)]
    communities[3] = replace(communities[3], state=CommunityState.DISCONNECTED)
    for hour, number in enumerate((2, 1)):
        now = JANUARY + timedelta(hours=hour)
        count_residents(number, headcount=FakeHeadcount({}), desk=desk, now=now)

    turns = in_turn(communities, residents=residents)

    assert [community.id for community in turns] == [3, 2, 1]


def test_a_community_whose_count_fails_does_not_hold_up_the_others() -> None:
    class Silent(FakeHeadcount):
        def count(self, chat_ids: Iterable[int]) -> dict[int, int]:
            raise UnavailableError(f"VK is silent about {chat_ids}")

    houses = FakeHouses()
    residents = FakeResidents(houses)
    desk = Desk(houses, FakeElders(lambda: JANUARY), residents)
    houses.enrol(replace(HOUSE, community=1))
    communities = [new_community(number) for number in (1, 2)]
    first, second = communities
    count_residents(second.id, headcount=FakeHeadcount({}), desk=desk, now=JANUARY)
    silent_at = JANUARY + timedelta(hours=1)

    with pytest.raises(UnavailableError):
        count_residents(first.id, headcount=Silent({}), desk=desk, now=silent_at)

    assert in_turn(communities, residents=residents) == [second, first]
