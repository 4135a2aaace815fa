"""Whatever nobody knows about VK: the end is the same, also when a worker is killed."""

from datetime import timedelta

import pytest

from local.vk.switches import Listed, Switches, every_position
from support.killing import Wire
from support.small_list import HOUSES, LIST, chats_of, check_all, check_chat
from support.world import World

HELD_UP = timedelta(minutes=20)
"""A dead worker's message comes back after three minutes; then a hidden chat is looked for."""
POSITIONS = [pytest.param(switches, id=name) for name, switches in every_position()]


def run(monkeypatch: pytest.MonkeyPatch, switches: Switches, wire: Wire | None = None) -> World:
    world = World(monkeypatch, switches=switches, wire=wire or Wire())
    world.put_list(LIST)
    world.run()
    return world


@pytest.mark.parametrize("switches", POSITIONS)
def test_a_list_comes_to_its_end_undisturbed(
    monkeypatch: pytest.MonkeyPatch, switches: Switches
) -> None:
    world = run(monkeypatch, switches)

    check_all(world)
    assert sorted(chats_of(world)) == sorted(HOUSES)
    assert len(world.sms.sent) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("call", ["messages.createChat", "execute", "messages.send"])
@pytest.mark.parametrize("switches", POSITIONS)
def test_a_worker_is_killed_around_what_is_done_once(
    monkeypatch: pytest.MonkeyPatch, switches: Switches, call: str, moment: str
) -> None:
    number = run(monkeypatch, switches).wire.calls.index(call) + 1

    world = run(monkeypatch, switches, Wire(**{moment: {number}}))

    assert world.wire.kills == 1
    assert world.took < HELD_UP
    check_all(world)


def test_a_lost_chat_that_vk_hides_is_left_to_people(monkeypatch: pytest.MonkeyPatch) -> None:
    hides = Switches(listed=Listed.AFTER_FIRST_MESSAGE)
    number = run(monkeypatch, hides).wire.calls.index("messages.createChat") + 1

    world = run(monkeypatch, hides, Wire(after={number}))

    check_all(world)
    assert [house.title for house in world.houses.by_id.values() if house.state != "open"] == [
        HOUSES[0]
    ]


def test_staff_who_looked_may_have_an_uncertain_chat_made_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hides = Switches(listed=Listed.AFTER_FIRST_MESSAGE)
    number = run(monkeypatch, hides).wire.calls.index("messages.createChat") + 1
    world = run(monkeypatch, hides, Wire(before={number + 1}))
    house = world.house_at(HOUSES[0])

    world.houses.replan(house, letter_id=house.letter_id, now=world.clock.moment())
    world.post("Openings", {"house_id": house.id})
    world.run()

    assert world.house_at(HOUSES[0]).state == "open"
    assert len(chats_of(world)[HOUSES[0]]) == 2
    check_chat(world, HOUSES[1])
