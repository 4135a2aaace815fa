"""From a list in the bucket to open chats, posters and instructed elders."""

import pytest

from housechats.adapters.pace import Clock, Pace
from housechats.domain.houses import ChatState
from housechats.domain.posters import poster_key
from join.lead import lead
from support.aws_mock import aws, new_table
from support.clock import VirtualClock
from support.fakes import FakeScans
from support.small_list import HOUSES, LIST, chats_of, check_all
from support.vk_side import COMMUNITY
from support.world import World

OF_CHATS = {"messages.createChat", "execute"}
RESIDENT = 555


def opened(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(monkeypatch)
    world.put_list(LIST)
    world.run()
    return world


def test_every_house_of_a_list_gets_its_chat_and_every_elder_one_instruction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = opened(monkeypatch)

    check_all(world)
    assert sorted(chats_of(world)) == sorted(HOUSES)
    assert len(world.sms.sent) == 1


def test_every_open_chat_has_its_poster(monkeypatch: pytest.MonkeyPatch) -> None:
    world = opened(monkeypatch)

    posters = [world.posters.get(poster_key(house_id)) for house_id in world.houses.by_id]

    assert len(posters) == len(HOUSES)
    assert all(poster and poster.startswith(b"%PDF-") for poster in posters)


def test_the_way_is_short_two_calls_a_chat_and_four_an_elder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = opened(monkeypatch)

    methods = [call.method for call in world.sandbox.journal.arrivals()]
    for_chats = [method for method in methods if method in OF_CHATS]
    assert len(for_chats) <= 2.1 * len(HOUSES)
    assert len(methods) - len(for_chats) <= 4
    assert world.sandbox.journal.errors(6) == 0


def test_a_resident_joins_by_the_code_on_the_poster(monkeypatch: pytest.MonkeyPatch) -> None:
    world = opened(monkeypatch)
    house = world.house_at(HOUSES[0])

    way = lead(f"{house.id}-2", houses=world.houses, scans=FakeScans())
    chat = world.sandbox.join(way.invite, RESIDENT)

    assert chat.title == HOUSES[0]
    assert RESIDENT in world.sandbox.communities[COMMUNITY].chats[house.chat_id].members


def test_a_list_opens_at_the_pace_that_is_kept_in_the_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = VirtualClock()
    houses = [f"г. Архангельск, ул. Речная, д. {n}" for n in range(1, 31)]
    with aws():
        pace = Pace(new_table("paced"), COMMUNITY, clock=Clock(clock.now, clock.sleep))
        world = World(monkeypatch, pace=pace, clock=clock, latency=0.001)

        world.put_list("\n".join(["Адрес", *houses]))
        world.run()

    assert len(world.houses_in(ChatState.OPEN)) == len(houses)
    assert len(world.sandbox.journal.arrivals()) == 2 * len(houses)
    assert world.sandbox.journal.errors(6) == 0
    assert 15 <= world.sandbox.journal.busiest_second() <= 20
