"""A broadcast reaches its chats: what fails, waits, is stopped or held is told of each chat."""

import random
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from broadcast.deliver import VK_ERROR
from broadcast.sweep import GIVEN_UP
from housechats.adapters.vk import VkError
from housechats.domain.broadcast_standing import wait_of
from housechats.domain.broadcasts import BroadcastLane, BroadcastState, Deed, HeldFor, scheduled
from housechats.domain.communities import AWAITS_PERSON
from housechats.domain.receipts import ChunkReceipts, Fate
from local.vk.conversations import CHAT_PEERS, Message
from local.vk.faults import Fault, Kind
from local.vk.switches import Repeat, Switches
from support.broadcast_world import ROOT, BroadcastWorld, Case, Parcel, judge
from support.clock import JANUARY, VirtualClock

A, B = 240_000_001, 240_000_002
EVENING = datetime(2027, 1, 11, 17, 59, 48, tzinfo=UTC)
"""12 seconds before the quiet hours of Moscow's time, which are from 21 to 9."""


def a_world(**case: object) -> BroadcastWorld:
    return BroadcastWorld(Case(**case))  # type: ignore[arg-type]


def sent_out(world: BroadcastWorld) -> BroadcastWorld:
    world.at(0, world.confirm)
    world.run()
    return world


def state(world: BroadcastWorld) -> BroadcastState:
    return world.broadcasts.kept[ROOT].state


def receipts(world: BroadcastWorld, chunk: int = 0, of: str = ROOT) -> ChunkReceipts:
    return world.receipts.get(of, chunk)


def trouble(world: BroadcastWorld, code: int, *, chat: int = 0, times: int = 1) -> None:
    """Have VK answer sends with an error: all, or those to one chat."""
    peer = CHAT_PEERS + chat if chat else None
    world.sandbox.add_fault(
        Fault(Kind.ERROR, "messages.send", code=code, peer_id=peer, times=times)
    )


def clean(world: BroadcastWorld) -> bool:
    troubled = {community: set(range(1, 100)) for community in world.case.chats}
    result = judge(world, troubled=troubled)
    return not (result.lost or result.doubled or world.failures or world.dead)


def test_all_chats_of_two_communities_get_the_message_and_the_numbers_are_exact() -> None:
    world = sent_out(a_world(chats={A: 7, B: 3}, together=3, in_flight=1))

    one = world.broadcasts.kept[ROOT]
    assert (one.state, one.sent, one.failed, one.left) == (BroadcastState.DONE, 10, 0, 0)
    assert one.finished == {A: 3, B: 1}
    assert clean(world)


def test_a_hundred_chats_take_one_call_and_a_pin_four_more() -> None:
    world = sent_out(a_world(chats={A: 100}, together=100, pin=True))

    journal = world.sandbox.journal
    assert len(journal.calls("messages.send")) == 1
    assert len(journal.arrivals()) == 5
    assert all(chat.pinned for chat in world.sandbox.communities[A].chats.values())
    assert receipts(world).unpinned == frozenset()


def test_what_nobody_knows_of_a_pin_rings_and_is_not_asked_for_again_and_again() -> None:
    world = a_world(pin=True, together=4)
    world.sandbox.add_fault(Fault(Kind.ERROR, "execute", code=7777, times=None))

    sent_out(world)

    assert state(world) == BroadcastState.DONE
    assert receipts(world).unpinned == {0, 1, 2, 3}
    assert [type(one) for one in world.failures] == [VkError]
    assert len(world.sandbox.journal.calls("execute")) == 1
    assert not world.dead


def test_a_message_that_cannot_be_pinned_is_sent_all_the_same() -> None:
    world = a_world(pin=True, together=4)
    world.sandbox.add_fault(
        Fault(Kind.ERROR, "messages.pin", code=925, peer_id=CHAT_PEERS + 2, times=None)
    )

    sent_out(world)

    assert receipts(world).unpinned == {1}
    assert len(receipts(world).cmids) == 4


def test_a_chat_that_is_lost_fails_alone_and_its_house_hears_of_it() -> None:
    world = a_world(together=4)
    trouble(world, 917, chat=3)

    sent_out(world)

    assert receipts(world).failures == {2: "chat_lost"}
    assert world.lost == {3: 1}
    assert world.broadcasts.kept[ROOT].failed == 1
    assert clean(world)


def test_an_answer_that_nobody_knows_is_asked_for_three_times() -> None:
    world = a_world(together=4)
    trouble(world, 7777, chat=2, times=2)
    trouble(world, 7777, chat=3, times=3)

    sent_out(world)

    assert receipts(world).failures == {2: "unknown_7777"}
    assert len(receipts(world).cmids) == 3
    assert clean(world)


def test_a_refusal_after_an_unanswered_send_is_not_believed() -> None:
    world = a_world(together=4)
    world.sandbox.add_fault(Fault(Kind.LOST_ANSWER, "messages.send"))

    def refuse() -> None:
        trouble(world, 917, chat=2)

    world.at(10.16, refuse)
    world.together = 1.0

    sent_out(world)

    assert len(receipts(world).cmids) == 4
    assert not receipts(world).failures
    assert clean(world)


@pytest.mark.parametrize("repeat", Repeat)
def test_an_unanswered_send_is_sent_once_whatever_vk_says_to_a_repeat(repeat: Repeat) -> None:
    world = a_world(together=4, switches=Switches(repeat=repeat))
    world.sandbox.add_fault(Fault(Kind.LOST_ANSWER, "messages.send"))

    sent_out(world)

    assert len(receipts(world).cmids) == 4
    assert clean(world)


def test_a_chat_that_is_to_be_left_alone_is_tried_again_and_holds_nobody_up() -> None:
    world = a_world(chats={A: 6}, together=2, in_flight=1)
    trouble(world, 9, chat=1)
    seen: list[tuple[Fate, int]] = []
    world.at(30, lambda: seen.append((receipts(world).fate(0), world.broadcasts.kept[ROOT].sent)))

    sent_out(world)

    assert seen == [(Fate.WAITS, 5)]
    assert state(world) == BroadcastState.DONE
    assert len(receipts(world).cmids) == 2
    assert clean(world)


def test_a_pause_of_vk_is_waited_for_and_people_see_until_when() -> None:
    world = a_world(chats={A: 4}, together=2)
    trouble(world, 9)
    seen: list[datetime | None] = []
    world.at(30, lambda: seen.append(world.broadcasts.kept[ROOT].waits_until))

    sent_out(world)

    assert seen[0] is not None
    assert seen[0] - JANUARY == pytest.approx(timedelta(minutes=5), abs=timedelta(seconds=20))
    assert state(world) == BroadcastState.DONE
    assert clean(world)


@pytest.mark.parametrize("tries", [1, 2, 4])
def test_an_emergency_tries_a_pause_each_minute(tries: int) -> None:
    world = a_world(lane=BroadcastLane.EMERGENCY, together=4)
    trouble(world, 29, times=tries)

    sent_out(world)

    one = world.broadcasts.kept[ROOT]
    assert one.finished_at is not None
    assert one.finished_at - JANUARY < timedelta(minutes=tries, seconds=10)
    assert clean(world)


def told(world: BroadcastWorld) -> tuple[bool, str]:
    """Return what a card says now: is there a time ahead, and what for."""
    now = world.clock.moment()
    wait = wait_of(world.broadcasts.kept[ROOT], now)
    return (wait.until is not None and wait.until > now, wait.because) if wait else (False, "")


@pytest.mark.parametrize("code", [7, 15, 100])
def test_an_emergency_that_vk_answers_with_a_strange_error_is_tried_again_in_seconds(
    code: int,
) -> None:
    world = a_world(lane=BroadcastLane.EMERGENCY, together=4)
    trouble(world, code, times=3)
    seen: list[tuple[bool, str]] = []
    world.at(1, lambda: seen.append(told(world)))

    sent_out(world)

    one = world.broadcasts.kept[ROOT]
    assert seen == [(True, VK_ERROR.format(code))]
    assert one.finished_at is not None
    assert one.finished_at - JANUARY < timedelta(seconds=25)
    assert told(world) == (False, "")
    assert clean(world)


def test_a_strange_error_of_an_emergency_that_lasts_for_minutes_rings() -> None:
    world = a_world(lane=BroadcastLane.EMERGENCY, together=4)
    trouble(world, 7, times=8)
    seen: list[int] = []
    world.at(60, lambda: seen.append(len(world.failures)))
    world.at(120, lambda: seen.append(len(world.failures)))
    world.at(120, lambda: seen.append(told(world)[0]))

    sent_out(world)

    assert seen == [0, 1, True]
    assert state(world) == BroadcastState.DONE
    assert len(receipts(world).cmids) == 4


def test_an_outage_of_vk_during_an_emergency_is_tried_again_within_a_minute() -> None:
    world = a_world(lane=BroadcastLane.EMERGENCY, together=4)
    world.sandbox.add_fault(Fault(Kind.LOST_CALL, "messages.send", until=world.clock.now() + 60))

    sent_out(world)

    one = world.broadcasts.kept[ROOT]
    assert one.finished_at is not None
    assert one.finished_at - JANUARY < timedelta(minutes=2)
    assert clean(world)


def test_news_that_vk_answers_with_a_strange_error_say_so_and_ring() -> None:
    world = a_world(together=4)
    trouble(world, 100)
    seen: list[tuple[bool, str]] = []
    world.at(20, lambda: seen.append(told(world)))

    sent_out(world)

    assert seen == [(True, VK_ERROR.format(100))]
    assert [type(one) for one in world.failures] == [VkError]
    assert len(receipts(world).cmids) == 4


def test_a_community_whose_token_is_taken_back_waits_for_a_person() -> None:
    world = a_world(chats={A: 4}, together=2, in_flight=1)
    trouble(world, 5)
    seen: list[str] = []
    world.at(60, lambda: seen.append(world.broadcasts.kept[ROOT].waits_because))
    world.at(1200, world.reconnect)

    sent_out(world)

    assert seen == [AWAITS_PERSON]
    assert state(world) == BroadcastState.DONE
    assert clean(world)


# Stopped, held, moved


def test_a_stopped_broadcast_says_exactly_what_left_and_goes_on_with_the_rest() -> None:
    world = a_world(chats={A: 9}, together=3, in_flight=1)
    seen: list[list[Fate]] = []
    world.at(10.2, world.stop)
    world.at(
        500,
        lambda: seen.append([receipts(world, n // 3).fate(n % 3) for n in range(9)]),
    )
    world.at(600, world.resume)

    sent_out(world)

    (fates,) = seen
    assert 0 < fates.count(Fate.SENT) < 9
    assert set(fates) == {Fate.SENT, Fate.LEFT}
    assert state(world) == BroadcastState.DONE
    assert clean(world)


def test_a_stop_between_the_calls_of_one_chunk_keeps_what_was_sent() -> None:
    # What closes a broadcast of one text may have a text for each chat: 25 of them to a call.
    world = BroadcastWorld(Case(chats={A: 60}, together=60), chance=random.Random(1))
    world.at(100, partial(_close_personally, world))
    world.at(109, lambda: setattr(world, "together", 1.0))
    world.at(110.2, lambda: world.stop("m" * 16))
    world.at(112, lambda: setattr(world, "together", 0.0))

    sent_out(world)

    closing = receipts(world, of="m" * 16)
    assert world.broadcasts.kept["m" * 16].state == BroadcastState.STOPPED
    assert len(closing.cmids) in {25, 50}
    assert closing.begun_at is None
    assert world.broadcasts.kept["m" * 16].sent == len(closing.cmids)
    assert clean(world)


def _close_personally(world: BroadcastWorld) -> None:
    world.case = Case(chats={A: 60}, together=60, personal=True)
    world.follow(Deed.MESSAGE)


def test_nothing_is_sent_in_quiet_hours_and_the_rest_goes_when_they_end() -> None:
    world = BroadcastWorld(
        Case(chats={A: 40}, together=1, in_flight=1), clock=VirtualClock(EVENING.timestamp())
    )
    seen: list[tuple[BroadcastState, HeldFor | None]] = []

    def look() -> None:
        one = world.broadcasts.kept[ROOT]
        seen.append((one.state, one.held_for))

    world.at(3600, look)

    sent_out(world)

    night = EVENING + timedelta(seconds=13), EVENING + timedelta(hours=12)
    dates = [message.date for message in world.sandbox.journal.all_messages()]
    assert not [date for date in dates if night[0].timestamp() < date < night[1].timestamp()]
    assert min(dates) < night[0].timestamp() < max(dates)
    assert seen == [(BroadcastState.SCHEDULED, HeldFor.QUIET_HOURS)]
    assert state(world) == BroadcastState.DONE
    assert clean(world)


def test_an_emergency_knows_no_quiet_hours() -> None:
    clock = VirtualClock((EVENING + timedelta(hours=6)).timestamp())
    world = BroadcastWorld(Case(lane=BroadcastLane.EMERGENCY), clock=clock)

    sent_out(world)

    one = world.broadcasts.kept[ROOT]
    assert one.finished_at is not None
    assert one.finished_at - one.created_at < timedelta(seconds=10)


def test_a_broadcast_that_was_moved_starts_at_its_new_time_only() -> None:
    world = a_world()
    later = JANUARY + timedelta(minutes=40)

    def move() -> None:
        one = scheduled(world.broadcasts.kept[ROOT], start_at=later, held_for=HeldFor.TIME)
        world.broadcasts.save(one)
        world.starts.plan(ROOT, at=later, now=world.clock.moment())
        world.post("Starts", {"broadcast_id": ROOT})  # the former start was under way already

    world.at(5, move)

    sent_out(world)

    dates = [message.date for message in world.sandbox.journal.all_messages()]
    assert min(dates) >= later.timestamp()
    assert clean(world)


# Lost and repeated messages


def test_a_repeated_message_starts_no_second_chain() -> None:
    world = a_world(chats={A: 8}, together=1, in_flight=1)
    world.at(10.1, lambda: world.post("Deliveries", {"broadcast_id": ROOT, "chunk": 0}))

    sent_out(world)

    assert world.sends == 1 + 8 + 1  # the start, the chunks, and the repeat
    assert clean(world)


def test_a_chain_whose_message_got_lost_goes_on_after_some_minutes() -> None:
    world = a_world(chats={A: 8}, together=1, in_flight=1)

    def lose() -> None:
        world.parcels[:] = [one for one in world.parcels if one.queue != "Deliveries"]

    world.at(10.5, lose)

    sent_out(world)

    one = world.broadcasts.kept[ROOT]
    assert one.finished_at is not None
    assert one.finished_at - JANUARY < timedelta(minutes=8)
    assert clean(world)


def test_a_start_that_got_lost_is_found() -> None:
    world = a_world()
    world.at(9, lambda: world.starts.cancel(ROOT))

    sent_out(world)

    one = world.broadcasts.kept[ROOT]
    assert one.started_at is not None
    assert one.started_at - JANUARY < timedelta(minutes=4)
    assert clean(world)


def test_what_comes_no_further_for_long_is_stopped_with_a_sentence() -> None:
    world = a_world()
    world.sandbox.add_fault(
        Fault(Kind.LOST_CALL, "*", until=(JANUARY + timedelta(days=5)).timestamp())
    )

    world.at(0, world.confirm)
    world.run()

    one = world.broadcasts.kept[ROOT]
    assert (one.state, one.stopped_because) == (BroadcastState.STOPPED, GIVEN_UP)
    assert one.sent == 0


# Files


def test_a_file_is_uploaded_once_for_each_community() -> None:
    world = sent_out(a_world(chats={A: 4, B: 4}, together=2, file=True))

    messages = world.sandbox.journal.all_messages()
    assert len(world.sandbox.journal.calls("docs.save")) == 2
    assert len(messages) == 8
    assert all(len(message.attachments) == 1 for message in messages)
    assert clean(world)


def test_a_community_that_takes_no_file_for_now_holds_no_other_one_up() -> None:
    world = a_world(chats={A: 4, B: 4}, together=2, file=True)
    world.sandbox.add_fault(Fault(Kind.ERROR, "docs.save", code=9, community=B))
    seen: list[int] = []
    world.at(60, lambda: seen.append(world.broadcasts.kept[ROOT].sent))

    sent_out(world)

    assert seen == [4]
    assert state(world) == BroadcastState.DONE
    assert all(len(m.attachments) == 1 for m in world.sandbox.journal.all_messages())
    assert clean(world)


def test_a_file_that_vk_does_not_want_stops_the_broadcast() -> None:
    world = a_world(file=True)
    world.sandbox.add_fault(Fault(Kind.ERROR, "docs.getMessagesUploadServer", code=917, times=None))

    sent_out(world)

    one = world.broadcasts.kept[ROOT]
    assert one.state == BroadcastState.STOPPED
    assert "файл" in one.stopped_because
    assert world.sandbox.journal.all_messages() == []


# What follows


def test_a_correction_edits_and_where_it_is_too_late_replies() -> None:
    world = a_world(together=4, switches=Switches(edit_window=3600))
    world.at(4000, partial(world.follow, Deed.CORRECTION))

    sent_out(world)

    assert receipts(world, of="c" * 16).replied == {0, 1, 2, 3}
    assert clean(world)


def test_what_was_not_sent_is_neither_corrected_nor_closed() -> None:
    world = a_world(together=4)
    trouble(world, 917, chat=3)
    world.at(100, partial(world.follow, Deed.CORRECTION))

    sent_out(world)

    assert receipts(world, of="c" * 16).failures == {2: "not_sent"}
    assert clean(world)


def test_a_recall_waits_for_the_worker_who_sends_and_takes_back_what_a_dead_one_sent() -> None:
    world = a_world(together=4)
    sends = 1 + [*_calls_of(Case(together=4))].index("messages.send")
    world.wire.kill(after={sends})
    world.at(11, partial(world.follow, Deed.RECALL))

    sent_out(world)

    assert world.wire.kills == 1
    assert len(receipts(world, of="r" * 16).cmids) == 4
    assert all(message.deleted_at for message in said_in(world))
    assert clean(world)


def test_a_recall_deletes_the_replies_of_corrections_too() -> None:
    world = a_world(together=4, switches=Switches(edit_window=0))
    world.at(1000, partial(world.follow, Deed.CORRECTION))
    world.at(2000, partial(world.follow, Deed.RECALL))

    sent_out(world)

    assert receipts(world, of="c" * 16).replied == {0, 1, 2, 3}
    assert len(receipts(world, of="r" * 16).cmids) == 4
    assert all(message.deleted_at for message in said_in(world))


def test_a_recall_that_could_not_delete_a_reply_says_so_and_deletes_the_message() -> None:
    world = a_world(together=4, switches=Switches(edit_window=0))
    world.at(1000, partial(world.follow, Deed.CORRECTION))
    refusal = Fault(Kind.ERROR, "messages.delete", code=917, times=1)
    world.at(1999, lambda: world.sandbox.add_fault(refusal))
    world.at(2000, partial(world.follow, Deed.RECALL))

    sent_out(world)

    assert receipts(world, of="r" * 16).failures == {0: "chat_lost"}
    assert len([message for message in said_in(world) if not message.deleted_at]) == 1


@pytest.mark.parametrize("deed", [None, Deed.CORRECTION], ids=["message", "reply"])
def test_what_a_dead_worker_sent_is_found_hours_later(deed: Deed | None) -> None:
    # By then VK knows no repeat: the number that all tries have would not help.
    late = Case(together=4, switches=Switches(edit_window=0))
    calls = _calls_of(late, deed)
    last = len(calls) - [*reversed(calls)].index("execute" if deed else "messages.send")
    world = BroadcastWorld(late)
    world.wire.kill(after={last})
    began = 1000 if deed else 10
    away = Fault(Kind.LOST_CALL, "*", until=world.clock.now() + began + 2 * 3600)
    world.at(began + 5, lambda: world.sandbox.add_fault(away))
    if deed:
        world.at(began, partial(world.follow, deed))

    sent_out(world)

    result = judge(world)
    assert world.wire.kills == 1
    assert (result.lost, result.doubled, result.left) == ((), (), 0)


def said_in(world: BroadcastWorld) -> list[Message]:
    """Return all that is or was said in the chats."""
    chats = world.sandbox.communities[A].chats.values()
    return [message for chat in chats for message in chat.messages if message.text]


def _calls_of(case: Case, deed: Deed | None = None) -> list[str]:
    world = BroadcastWorld(case)
    if deed:
        world.at(1000, partial(world.follow, deed))
    return sent_out(world).wire.calls


def test_a_message_that_never_works_lies_among_the_dead_letters() -> None:
    world = a_world()
    world.parcels.append(Parcel("Deliveries", {"broadcast_id": "x" * 16, "chunk": 0}, 0))

    world.run()

    assert len(world.dead) == 1
    assert all(isinstance(one, LookupError) for one in world.failures)
