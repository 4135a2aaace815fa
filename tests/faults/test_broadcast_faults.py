"""Each chat gets a broadcast's message once, whatever is killed, repeated, late or refused."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from housechats.domain.broadcasts import BroadcastLane, BroadcastState, Deed
from housechats.domain.receipts import FAILURES, FLOOD
from local.vk.conversations import CHAT_PEERS
from local.vk.faults import Fault, Kind
from local.vk.switches import Switches
from support.broadcast_world import (
    ROOT,
    BroadcastWorld,
    Case,
    judge,
    run_seeded,
)
from support.killing import Wire

SEEDS = 300
PART = 25
A = 240_000_001
HELD_UP = timedelta(minutes=12)
"""A dead worker's message comes back after three minutes; what it did not count, the sweep counts
after four."""

PLAIN = Case(chats={A: 5}, together=2, in_flight=1, pin=True)
PERSONAL = Case(chats={A: 4}, together=3, in_flight=1, personal=True)
LATE = Case(chats={A: 4}, together=2, in_flight=1, switches=Switches(edit_window=0))
URGENT = Case(chats={A: 4}, together=2, in_flight=2, lane=BroadcastLane.EMERGENCY)


def undisturbed(world: BroadcastWorld) -> None: ...


def corrected(world: BroadcastWorld) -> None:
    world.at(1000, partial(world.follow, Deed.CORRECTION))


def recalled(world: BroadcastWorld) -> None:
    world.at(1000, partial(world.follow, Deed.RECALL))


def recalled_on_the_way(world: BroadcastWorld) -> None:
    world.at(10.3, partial(world.follow, Deed.RECALL))


def corrected_and_recalled(world: BroadcastWorld) -> None:
    corrected(world)
    world.at(2000, partial(world.follow, Deed.RECALL))


def recalled_while_corrected(world: BroadcastWorld) -> None:
    corrected(world)
    world.at(1000.2, partial(world.follow, Deed.RECALL))


def closed(world: BroadcastWorld) -> None:
    world.at(1000, partial(world.follow, Deed.MESSAGE))


def stopped_and_resumed(world: BroadcastWorld) -> None:
    world.at(10.3, world.stop)
    world.at(30, world.resume)


def stopped(world: BroadcastWorld) -> None:
    world.at(10.9, world.stop)


def unanswered(world: BroadcastWorld) -> None:
    world.sandbox.add_fault(Fault(Kind.LOST_ANSWER, "*", times=2))


def told_to_wait(world: BroadcastWorld) -> None:
    world.sandbox.add_fault(Fault(Kind.ERROR, "messages.send", code=9))


STORIES: dict[str, tuple[Case, Callable[[BroadcastWorld], None]]] = {
    "plain": (PLAIN, undisturbed),
    "personal": (PERSONAL, undisturbed),
    "urgent": (URGENT, undisturbed),
    "corrected": (PLAIN, corrected),
    "corrected by replies": (LATE, corrected),
    "recalled": (PLAIN, recalled),
    "recalled on the way": (PLAIN, recalled_on_the_way),
    "replied and recalled": (LATE, corrected_and_recalled),
    "recalled while replied": (LATE, recalled_while_corrected),
    "closed": (PERSONAL, closed),
    "stopped and resumed": (PLAIN, stopped_and_resumed),
    "stopped": (PLAIN, stopped),
    "unanswered": (PLAIN, unanswered),
    "told to wait": (PLAIN, told_to_wait),
}


def run(story: str, wire: Wire, *, echo: bool = False) -> BroadcastWorld:
    case, happens = STORIES[story]
    world = BroadcastWorld(case, wire=wire)
    world.echo = echo
    happens(world)
    world.at(0, world.confirm)
    world.run()
    return world


CALLS = {story: len(run(story, Wire()).wire.calls) for story in STORIES}
POINTS = [(story, number) for story, calls in CALLS.items() for number in range(1, calls + 1)]


def test_the_enumeration_covers_a_way_of_many_calls() -> None:
    print(f"{CALLS} calls to ports, each with a kill before and after it")  # noqa: T201

    assert min(CALLS.values()) > 15


@pytest.mark.parametrize("echo", [False, True], ids=["", "and delivered again at once"])
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(("story", "number"), POINTS)
def test_a_worker_killed_at_any_call(story: str, number: int, moment: str, *, echo: bool) -> None:
    world = run(story, Wire(**{moment: {number}}), echo=echo)

    result = judge(world)
    assert (result.lost, result.doubled) == ((), ())
    # A call that is not answered has no «after».
    assert result.kills == 1 or story == "unanswered"
    assert not world.failures
    assert not world.dead


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", range(1, CALLS["plain"] + 1))
def test_a_killed_worker_holds_a_broadcast_up_for_some_minutes(number: int, moment: str) -> None:
    world = run("plain", Wire(**{moment: {number}}))

    root = world.broadcasts.kept[ROOT]
    assert root.state == BroadcastState.DONE
    assert root.finished_at is not None
    assert root.finished_at - world.root.created_at < HELD_UP


def test_a_chat_that_vk_never_takes_is_given_up_after_a_day_and_may_be_retried() -> None:
    world = BroadcastWorld(Case(chats={A: 3}, together=3, in_flight=1))
    flood = Fault(Kind.ERROR, "messages.send", code=9, peer_id=CHAT_PEERS + 2, times=None)
    world.sandbox.add_fault(flood)
    world.at(0, world.confirm)

    world.run()

    one, receipts = world.broadcasts.kept[ROOT], world.receipts.get(ROOT, 0)
    assert (one.state, one.sent, one.failed) == (BroadcastState.DONE, 2, 1)
    assert one.finished_at
    waited = one.finished_at - world.root.created_at
    assert timedelta(hours=24) <= waited < timedelta(hours=36)
    assert (receipts.failures, receipts.waits_since) == ({1: FLOOD}, None)
    assert judge(world, troubled={A: {2}}).lost == ()
    assert FAILURES[FLOOD].retriable


@pytest.mark.parametrize("first", range(0, SEEDS, PART))
def test_random_troubles_lose_nothing_and_double_nothing(first: int) -> None:
    results = {number: run_seeded(number) for number in range(first, first + PART)}

    assert {number: one.lost for number, one in results.items() if one.lost} == {}
    assert {number: one.doubled for number, one in results.items() if one.doubled} == {}
    assert sum(one.sent for one in results.values()) > PART
    assert sum(one.kills for one in results.values()) > 0
