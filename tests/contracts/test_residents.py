"""Residents are counted and kept the same way in memory, in the table and in VK."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from housechats.adapters.chats import DynamoChats
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.residents import DynamoResidents
from housechats.adapters.vk_members import VkMembers
from housechats.domain.addresses import Address
from housechats.domain.errors import PausedError
from housechats.domain.houses import House
from housechats.ports.houses import Houses
from housechats.ports.residents import Counted, Headcount, Residents
from local.vk.faults import Kind
from local.vk.switches import Listed, Switches, every_position
from support.fakes import FakeHouses
from support.renewal_fakes import FakeHeadcount, FakeResidents
from support.vk_side import COMMUNITY, VkSide

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
HOUSE = House(
    id="ABCDEF01",
    digest="d1",
    oktmo="11701000",
    address=Address(street="Ленина", house="12"),
    community=COMMUNITY,
    created_at=NOW,
    elder_id="e-1",
)


@dataclass
class Kept:
    houses: Houses
    residents: Residents

    @property
    def house(self) -> House:
        house = self.houses.get(HOUSE.id)
        assert house
        return house


@pytest.fixture(params=["in memory", "in the table"])
def kept(request: pytest.FixtureRequest) -> Kept:
    if request.param == "in memory":
        fake = FakeHouses()
        kept = Kept(fake, FakeResidents(fake))
    else:
        table = request.getfixturevalue("table")
        DynamoChats(table).remember(COMMUNITY, 5, house_id=HOUSE.id)
        kept = Kept(DynamoHouses(table), DynamoResidents(table))
    kept.houses.enrol(HOUSE)
    kept.houses.made(HOUSE.id, chat_id=5, now=NOW)
    kept.houses.opened(HOUSE.id, link="https://vk.me/join/1", cmid=1)
    return kept


def test_a_chat_that_nobody_counted_has_no_number(kept: Kept) -> None:
    assert kept.residents.of(COMMUNITY) == {5: Counted(HOUSE.id, None)}
    assert kept.residents.of(COMMUNITY + 1) == {}


def test_a_number_is_kept_in_the_house_and_at_its_chat(kept: Kept) -> None:
    kept.residents.note(kept.house, 11, elder_joined=False, now=NOW)

    assert (kept.house.residents, kept.house.residents_at) == (11, NOW)
    assert kept.house.elder_joined_at is None
    assert kept.residents.of(COMMUNITY) == {5: Counted(HOUSE.id, 11)}


def test_an_elder_who_has_joined_stays_so(kept: Kept) -> None:
    kept.residents.note(kept.house, 11, elder_joined=True, now=NOW)
    kept.residents.note(kept.house, 12, elder_joined=False, now=LATER)

    assert (kept.house.residents, kept.house.elder_joined_at) == (12, NOW)


def test_an_elder_who_is_seen_to_come_has_come_once(kept: Kept) -> None:
    kept.residents.elder_came(kept.house, now=NOW)
    kept.residents.elder_came(kept.house, now=LATER)

    assert kept.house.elder_joined_at == NOW
    assert kept.residents.of(COMMUNITY) == {5: Counted(HOUSE.id, None)}


def test_a_former_elder_who_comes_is_not_the_next_one(kept: Kept) -> None:
    before = kept.house
    kept.houses.amend(before, replace(before, elder_id="e-2", revision=1))

    kept.residents.elder_came(before, now=NOW)

    assert kept.house.elder_joined_at is None


def test_what_was_counted_under_a_former_elder_says_nothing_of_the_next(kept: Kept) -> None:
    before = kept.house
    kept.houses.amend(before, replace(before, elder_id="e-2", revision=1))

    kept.residents.note(before, 11, elder_joined=True, now=NOW)

    assert (kept.house.residents, kept.house.elder_joined_at) == (0, None)


def test_a_lost_chat_that_is_still_to_be_seen_is_counted_on(kept: Kept) -> None:
    kept.houses.lose(HOUSE.id, 5, "chat_rights")

    kept.residents.note(kept.house, 11, elder_joined=True, now=NOW)

    assert (kept.house.residents, kept.house.elder_joined_at) == (11, NOW)


def test_a_chat_is_looked_at_anew_when_its_elder_is_another(kept: Kept) -> None:
    kept.residents.note(kept.house, 11, elder_joined=False, now=NOW)

    kept.residents.look_anew(kept.house)

    assert kept.residents.of(COMMUNITY) == {5: Counted(HOUSE.id, None)}
    assert kept.house.residents == 11


MEMBERS = {1: [555, 556], 2: []}
"""People by chats; there is no third chat."""


def in_vk(switches: Switches) -> Headcount:
    vk = VkSide(switches)
    for chat_id, people in MEMBERS.items():
        assert vk.chats.create_chat(f"Дом {chat_id}") == chat_id
        link = vk.chats.settle(chat_id, title="Дом", text="Это чат.", random_id=5).link
        for person in people:
            vk.sandbox.join(link, person)
    return VkMembers(vk.api)


SIDES: list[object] = [
    pytest.param(lambda: FakeHeadcount(MEMBERS), id="in memory"),
    *(
        pytest.param(lambda switches=switches: in_vk(switches), id=name)
        for name, switches in every_position()
    ),
]


@pytest.fixture(params=SIDES)
def headcount(request: pytest.FixtureRequest) -> Headcount:
    make: Callable[[], Headcount] = request.param
    return make()


def test_people_are_counted_and_we_are_not(headcount: Headcount) -> None:
    assert headcount.count([1, 2, 3]) == {1: 2, 2: 0}
    assert headcount.count([]) == {}


def test_only_who_is_in_a_chat_has_joined_it(headcount: Headcount) -> None:
    assert set(headcount.joined({1: 555, 2: 555, 3: 555})) == {1}
    assert set(headcount.joined({})) == set()


def test_many_chats_are_counted_in_one_call() -> None:
    vk = VkSide()
    for number in range(1, 151):
        vk.chats.create_chat(f"Дом {number}")
        vk.clock.sleep(0.06)
    before = len(vk.sandbox.journal.arrivals())

    counts = VkMembers(vk.api).count(range(1, 151))

    assert counts == dict.fromkeys(range(1, 151), 0)
    assert len(vk.sandbox.journal.arrivals()) - before == 1


def test_a_chat_that_vk_does_not_show_yet_is_left_out() -> None:
    vk = VkSide(Switches(listed=Listed.AFTER_FIRST_MESSAGE))
    vk.chats.create_chat("Дом 1")

    assert VkMembers(vk.api).count([1]) == {}


def test_a_count_that_vk_puts_off_is_left_to_the_next_hour() -> None:
    vk = VkSide()
    vk.fault(Kind.ERROR, "messages.getConversationsById", code=9)

    with pytest.raises(PausedError):
        VkMembers(vk.api).count([1])


def test_it_is_kept_when_each_community_had_its_turn_last(kept: Kept) -> None:
    kept.residents.begin(COMMUNITY, now=NOW)
    kept.residents.begin(COMMUNITY + 1, now=NOW)
    kept.residents.begin(COMMUNITY, now=LATER)

    assert kept.residents.begun() == {COMMUNITY: LATER, COMMUNITY + 1: NOW}
