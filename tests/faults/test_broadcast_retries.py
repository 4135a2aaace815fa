"""A retry reaches the chats that failed, once, and no other; whoever is killed on the way."""

from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial

import pytest

from housechats.domain.broadcasts import BroadcastState, Deed
from local.vk.conversations import CHAT_PEERS
from local.vk.faults import Fault, Kind
from local.vk.switches import Repeat, Switches
from support.broadcast_world import ROOT, BroadcastWorld, Case, judge
from support.killing import Killed, Wire

COMMUNITY = 240_000_001
FAILING = {2, 5}
"""Chats whose first three sends VK answers with what nobody knows: then they are given up."""
BEFORE_IT_RUNS = 4
"""Calls of a retry to ports: it reads the receipts, has them counted, opens two chunks."""
LATER_S = 3600
"""The retry comes when VK has forgotten the first sends: only receipts keep them apart."""


def asks_again(world: BroadcastWorld) -> None:
    world.retry()


def died(world: BroadcastWorld) -> None:
    with suppress(Killed):
        world.retry_once()


def retried(
    wire: Wire | None = None, *, press: Callable[[BroadcastWorld], None] = asks_again
) -> BroadcastWorld:
    """Have a broadcast fail in two chats of six, and be retried."""
    case = Case(chats={COMMUNITY: 6}, together=2, in_flight=1)
    world = BroadcastWorld(case, wire=wire)
    for chat in FAILING:
        fault = Fault(Kind.ERROR, "messages.send", code=7777, peer_id=CHAT_PEERS + chat, times=3)
        world.sandbox.add_fault(fault)
    world.at(0, world.confirm)
    world.run()
    assert world.broadcasts.kept[ROOT].failed == len(FAILING)
    world.at(LATER_S, partial(press, world))
    return world


@cache
def calls() -> range:
    """Return the numbers of the calls that a retry and its sending make."""
    world = retried()
    first = len(world.wire.calls) + 1
    world.run()
    return range(first, len(world.wire.calls) + 1)


def all_have_it_once(world: BroadcastWorld) -> bool:
    one = world.broadcasts.kept[ROOT]
    result = judge(world)
    numbers = (one.state, one.sent, one.failed)
    assert (result.lost, result.doubled, numbers) == ((), (), (BroadcastState.DONE, 6, 0))
    return not (world.failures or world.dead)


def test_only_the_chats_that_failed_are_written_to_again() -> None:
    world = retried()
    before = len(world.sandbox.journal.calls("messages.send"))

    world.run()

    assert all_have_it_once(world)
    assert len(world.sandbox.journal.calls("messages.send")) - before == len(FAILING)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", calls())
def test_a_retry_killed_at_any_call(number: int, moment: str) -> None:
    wire = Wire()
    world = retried(wire)
    wire.kill(**{moment: [number]})

    world.run()

    assert wire.kills == 1
    assert all_have_it_once(world)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", calls()[:BEFORE_IT_RUNS])
def test_a_retry_that_died_and_a_correction_leave_numbers_that_agree(
    number: int, moment: str
) -> None:
    wire = Wire()
    world = retried(wire, press=died)
    wire.kill(**{moment: [number]})
    world.at(LATER_S + 60, partial(world.follow, Deed.CORRECTION))

    world.run()

    one = world.broadcasts.kept[ROOT]
    result = judge(world, troubled={COMMUNITY: FAILING})
    assert wire.kills == 1
    assert (result.lost, result.doubled) == ((), ())
    assert (one.sent + one.failed + one.left, one.followed_by) == (6, "c" * 16)


@pytest.mark.parametrize("repeat", [*Repeat])
@pytest.mark.parametrize("hidden_s", [600, 10_000_000], ids=["for a while", "for ever"])
def test_where_nobody_knows_what_was_sent_a_retry_looks_before_it_sends(
    repeat: Repeat, hidden_s: int
) -> None:
    case = Case(chats={COMMUNITY: 3}, together=3, switches=Switches(repeat=repeat))
    world = BroadcastWorld(case)
    world.sandbox.add_fault(Fault(Kind.LOST_ANSWER, "messages.send"))
    hidden = Fault(
        Kind.ERROR,
        "messages.getHistory",
        until=world.clock.now() + hidden_s,
        code=917,
        peer_id=CHAT_PEERS + 1,
    )
    world.sandbox.add_fault(hidden)
    unknown = Fault(Kind.ERROR, "messages.send", code=7777, peer_id=CHAT_PEERS + 1, times=3)
    world.at(10.5, partial(world.sandbox.add_fault, unknown))
    world.at(0, world.confirm)
    world.at(2 * LATER_S, world.retry)

    world.run()

    one, result = world.broadcasts.kept[ROOT], judge(world, troubled={COMMUNITY: {1}})
    assert (result.lost, result.doubled, one.left) == ((), (), 0)
    assert all(world.sandbox.journal.messages(CHAT_PEERS + chat) for chat in (1, 2, 3))


def test_a_retry_that_is_pressed_twice_sends_once() -> None:
    world = retried()
    world.at(LATER_S, world.retry)
    world.at(LATER_S + 1, world.retry)

    world.run()

    assert all_have_it_once(world)
