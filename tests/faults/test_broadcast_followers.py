"""What follows a broadcast does its deed once, whatever is killed, waits or came in between."""

from dataclasses import replace
from functools import cache, partial

import pytest

from housechats.domain.broadcast_jobs import job_of
from housechats.domain.broadcasts import BroadcastLane, BroadcastState, Deed
from local.vk.conversations import CHAT_PEERS, Message
from local.vk.faults import Fault, Kind
from local.vk.switches import Switches
from support.broadcast_world import ROOT, SAID, BroadcastWorld, Case, judge
from support.virtual_threads import ThreadedClock, VirtualThreads

A, B = 240_000_001, 240_000_002
CORRECTION, RECALL, NEWER = "c" * 16, "r" * 16, "d" * 16
SAID_LATER = "Вода будет в 18:00."
REPLIES = Case(chats={A: 1}, together=1, switches=Switches(edit_window=0))


def sent_out(case: Case) -> BroadcastWorld:
    world = BroadcastWorld(case)
    world.at(0, world.confirm)
    world.run()
    return world


def refused(world: BroadcastWorld, method: str, code: int, *, chat: int = 1) -> None:
    """Have VK refuse a call about one chat once."""
    world.sandbox.add_fault(Fault(Kind.ERROR, method, code=code, peer_id=CHAT_PEERS + chat))


def corrected_anew(world: BroadcastWorld) -> None:
    world.follow(Deed.CORRECTION, follower_id=NEWER, text=SAID_LATER)


def said_in(world: BroadcastWorld) -> list[Message]:
    chats = [chat for home in world.sandbox.communities.values() for chat in home.chats.values()]
    return [message for chat in chats for message in chat.messages if message.text]


def texts(world: BroadcastWorld) -> list[str]:
    """Return what stands in the chats."""
    return [message.text for message in said_in(world) if message.deleted_at is None]


# Corrections


def test_an_older_correction_does_not_end_after_a_newer_one_whatever_closed_in_between() -> None:
    world = sent_out(Case(chats={A: 2}, together=2))
    refused(world, "messages.edit", 9, chat=1)
    refused(world, "messages.edit", 9, chat=2)
    world.at(1, partial(world.follow, Deed.CORRECTION))
    world.at(20, partial(world.follow, Deed.MESSAGE))
    world.at(30, partial(corrected_anew, world))
    world.at(2000, partial(corrected_anew, world))

    world.run()

    standing = [text for text in texts(world) if SAID[Deed.MESSAGE] not in text]
    assert len(standing) == 2
    assert all(SAID_LATER in text for text in standing)


def test_a_recall_stops_a_correction_whatever_closed_in_between() -> None:
    world = sent_out(Case(chats={A: 2}, together=2))
    refused(world, "messages.edit", 9, chat=1)
    refused(world, "messages.edit", 9, chat=2)
    world.at(1, partial(world.follow, Deed.CORRECTION))
    world.at(20, partial(world.follow, Deed.MESSAGE))
    world.at(30, partial(world.follow, Deed.RECALL))

    world.run()

    assert world.broadcasts.kept[CORRECTION].state == BroadcastState.STOPPED
    assert not [text for text in texts(world) if SAID[Deed.CORRECTION] in text]


def test_a_dead_workers_reply_is_not_doubled_by_an_edit_that_tells_nothing() -> None:
    wire = sent_out(REPLIES).wire
    began = len(wire.calls)
    undisturbed = sent_out(REPLIES)
    undisturbed.at(1, partial(undisturbed.follow, Deed.CORRECTION))
    undisturbed.run()
    replied = max(n for n, call in enumerate(undisturbed.wire.calls, 1) if call == "execute")
    world = sent_out(REPLIES)
    world.wire.kill(after={replied})
    world.at(1, partial(world.follow, Deed.CORRECTION))
    # The next worker comes when VK has forgotten the reply's number.
    away = Fault(Kind.LOST_CALL, "*", until=world.clock.now() + 2 * 3600)
    world.at(20, lambda: world.sandbox.add_fault(away))
    world.at(2 * 3600, lambda: refused(world, "messages.edit", 10))

    world.run()

    assert replied > began
    assert judge(world).doubled == ()
    assert world.receipts.get(CORRECTION, 0).replied == {0}


# Recalls


def test_a_corrected_message_is_deleted_also_where_vk_tells_no_random_id() -> None:
    world = sent_out(Case(chats={A: 2}, together=2))
    world.at(0, partial(world.follow, Deed.CORRECTION))
    world.run()
    for message in said_in(world):
        message.random_id = 0
    refused(world, "messages.delete", 7777)
    world.at(0, partial(world.follow, Deed.RECALL))

    world.run()

    assert texts(world) == []
    assert world.broadcasts.kept[RECALL].state == BroadcastState.DONE


def test_a_recall_of_what_is_being_sent_takes_seconds() -> None:
    clock = ThreadedClock()
    clock.threads = VirtualThreads(clock)
    case = Case(chats={A: 4}, together=2, lane=BroadcastLane.EMERGENCY)
    world = BroadcastWorld(case, clock=clock)
    world.sandbox.add_fault(Fault(Kind.DELAY, "messages.send", seconds=3, times=2))

    began = clock.now()

    def recalls() -> None:
        clock.sleep(1)
        world.follow(Deed.RECALL)

    clock.threads.start(world.confirm)
    for _ in range(4):
        clock.threads.start(world.keep_working)
    clock.threads.start(recalls)
    clock.threads.run(until=began + 600)

    assert world.broadcasts.kept[RECALL].state == BroadcastState.DONE
    assert len(said_in(world)) == 4
    assert all(one.deleted_at and one.deleted_at - began < 10 for one in said_in(world))


TOO_LATE = Fault(Kind.ERROR, "messages.delete", code=924, times=100)


def recalled_in_vain(**kills: set[int]) -> BroadcastWorld:
    """Have a recall delete nothing, with a worker killed at a call of the recall's own."""
    world = sent_out(Case(chats={A: 2}, together=1))
    before = len(world.wire.calls)
    world.wire.kill(**{when: {before + n for n in numbers} for when, numbers in kills.items()})
    world.sandbox.add_fault(replace(TOO_LATE))
    world.at(0, partial(world.follow, Deed.RECALL))
    world.run()
    return world


@cache
def calls_of_recall() -> range:
    began = len(sent_out(Case(chats={A: 2}, together=1)).wire.calls)
    return range(1, len(recalled_in_vain().wire.calls) - began + 1)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", calls_of_recall())
def test_after_a_recall_that_deleted_nothing_the_message_can_be_corrected(
    number: int, when: str
) -> None:
    world = recalled_in_vain(**{when: {number}})
    recall = world.broadcasts.kept[RECALL]
    assert (recall.state, recall.sent, recall.failed) == (BroadcastState.DONE, 0, 2)
    assert not world.broadcasts.kept[ROOT].recalled
    world.at(0, partial(world.follow, Deed.CORRECTION))

    world.run()

    assert all(SAID[Deed.CORRECTION] in text for text in texts(world))
    assert world.broadcasts.kept[RECALL].followed_by == CORRECTION


def test_a_recall_that_deletes_on_its_second_try_leaves_nothing_to_correct() -> None:
    world = sent_out(Case(chats={A: 1}, together=1))
    for _ in range(3):
        refused(world, "messages.delete", 7777)
    world.at(0, partial(world.follow, Deed.RECALL))
    world.run()
    assert not world.broadcasts.kept[ROOT].recalled
    world.at(0, partial(world.retry, RECALL))
    world.at(3600, partial(world.follow, Deed.CORRECTION))

    world.run()

    assert world.broadcasts.kept[ROOT].recalled
    assert texts(world) == []
    assert CORRECTION not in world.broadcasts.kept


# What nobody got


@pytest.mark.parametrize("deed", [Deed.CORRECTION, Deed.RECALL])
@pytest.mark.parametrize("file", [False, True])
def test_what_follows_ends_without_a_community_in_which_nobody_got_it(
    deed: Deed, *, file: bool
) -> None:
    world = BroadcastWorld(Case(chats={A: 2, B: 2}, together=2, file=file))
    gone = Fault(Kind.ERROR, "*", code=5, community=B, until=world.clock.now() + 10**8)
    world.sandbox.add_fault(gone)
    world.at(100, world.stop)
    world.at(200, partial(world.follow, deed))
    world.at(0, world.confirm)

    world.run()

    one = world.broadcasts.kept[deed.value[0] * 16]
    assert (one.state, one.sent, one.left) == (BroadcastState.DONE, 2, 0)
    assert judge(world).lost == ()


def test_a_chat_that_never_had_the_message_is_no_failure_of_its_recall() -> None:
    world = BroadcastWorld(Case(chats={A: 6}, together=1, in_flight=1))
    world.together = 1.0
    world.at(10.2, world.stop)
    world.at(0, world.confirm)
    world.run()
    reached = world.broadcasts.kept[ROOT].sent
    world.at(1, partial(world.follow, Deed.RECALL))

    world.run()

    one = world.broadcasts.kept[RECALL]
    job = job_of(one, now=world.clock.moment())
    assert 0 < reached < 6
    assert (one.sent, one.failed, one.not_sent, one.left) == (reached, 0, 6 - reached, 0)
    assert (job.total, job.done, job.failed, job.can_retry) == (reached, reached, 0, False)
