"""Who stops a broadcast learns what went out, also where VK's answers were lost."""

from datetime import timedelta

import pytest

from housechats.domain.broadcasts import BroadcastState
from housechats.domain.receipts import Fate
from local.vk.conversations import CHAT_PEERS
from local.vk.faults import Fault, Kind
from local.vk.switches import Repeat, Switches
from support.broadcast_world import ROOT, BroadcastWorld, Case, judge

A = 240_000_001
STOPPED_AT = 10.2
"""While the first call, whose answer is lost, is on its way."""


def stopped_in_doubt(kind: Kind, case: Case) -> BroadcastWorld:
    world = BroadcastWorld(case)
    world.sandbox.add_fault(Fault(kind, "messages.send"))
    world.together = 1.0
    world.at(STOPPED_AT, world.stop)
    world.at(0, world.confirm)
    return world


def told(world: BroadcastWorld) -> dict[int, Fate]:
    """Return what the receipts say of the chats of the only chunk."""
    receipts = world.receipts.get(ROOT, 0)
    return {chat: receipts.fate(chat - 1) for chat in range(1, world.case.chats[A] + 1)}


@pytest.mark.parametrize("personal", [False, True])
def test_who_stops_while_an_answer_is_lost_is_told_that_it_went_out(personal: bool) -> None:
    world = stopped_in_doubt(Kind.LOST_ANSWER, Case({A: 4}, together=4, personal=personal))

    world.run()

    assert set(told(world).values()) == {Fate.SENT}
    assert world.broadcasts.kept[ROOT].sent == 4
    assert world.broadcasts.kept[ROOT].state == BroadcastState.DONE
    assert len(world.sandbox.journal.all_messages()) == 4


def test_who_stops_while_a_call_is_lost_is_told_that_nothing_went_out() -> None:
    world = stopped_in_doubt(Kind.LOST_CALL, Case({A: 4}, together=4))

    world.run()

    one = world.broadcasts.kept[ROOT]
    assert set(told(world).values()) == {Fate.LEFT}
    assert (one.state, one.sent, one.left) == (BroadcastState.STOPPED, 0, 4)
    assert world.sandbox.journal.all_messages() == []


def test_what_vk_does_not_show_yet_is_told_when_it_does() -> None:
    world = stopped_in_doubt(Kind.LOST_ANSWER, Case({A: 4}, together=4))
    until = world.clock.now() + 600
    world.sandbox.add_fault(Fault(Kind.ERROR, "messages.getHistory", until=until, code=29))

    world.run()

    assert set(told(world).values()) == {Fate.SENT}
    assert world.broadcasts.kept[ROOT].sent == 4
    assert not world.dead


def test_what_vk_shows_never_is_unclear_in_the_end() -> None:
    world = stopped_in_doubt(Kind.LOST_ANSWER, Case({A: 4}, together=4))
    hidden = Fault(Kind.ERROR, "messages.getHistory", times=None, code=917, peer_id=CHAT_PEERS + 2)
    world.sandbox.add_fault(hidden)

    world.run()

    assert told(world) == {1: Fate.SENT, 2: Fate.FAILED, 3: Fate.SENT, 4: Fate.SENT}
    assert world.receipts.get(ROOT, 0).failures == {1: "unclear"}
    assert not world.dead


def test_who_goes_on_after_a_stop_in_doubt_doubles_nothing() -> None:
    case = Case({A: 4}, together=4, switches=Switches(repeat=Repeat.NOTHING))
    world = stopped_in_doubt(Kind.LOST_ANSWER, case)
    world.at(timedelta(hours=2).total_seconds(), world.resume)

    world.run()

    result = judge(world)
    assert (result.lost, result.doubled) == ((), ())
