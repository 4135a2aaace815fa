"""A retry reaches the chats that failed, once, and no other; whoever is killed on the way."""

from functools import cache

import pytest

from housechats.domain.broadcasts import BroadcastState
from local.vk.conversations import CHAT_PEERS
from local.vk.faults import Fault, Kind
from support.broadcast_world import ROOT, BroadcastWorld, Case, judge
from support.killing import Wire

COMMUNITY = 240_000_001
FAILING = {2, 5}
"""Chats whose first three sends VK answers with what nobody knows: then they are given up."""
LATER_S = 3600
"""The retry comes when VK has forgotten the first sends: only receipts keep them apart."""


def retried(wire: Wire | None = None) -> BroadcastWorld:
    """Have a broadcast fail in two chats of six, and be retried."""
    case = Case(chats={COMMUNITY: 6}, together=2, in_flight=1)
    world = BroadcastWorld(case, wire=wire)
    for chat in FAILING:
        fault = Fault(Kind.ERROR, "messages.send", code=7777, peer_id=CHAT_PEERS + chat, times=3)
        world.sandbox.add_fault(fault)
    world.at(0, world.confirm)
    world.run()
    assert world.broadcasts.kept[ROOT].failed == len(FAILING)
    world.at(LATER_S, world.retry)
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


def test_a_retry_that_is_pressed_twice_sends_once() -> None:
    world = retried()
    world.at(LATER_S, world.retry)
    world.at(LATER_S + 1, world.retry)

    world.run()

    assert all_have_it_once(world)
