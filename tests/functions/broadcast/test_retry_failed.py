"""What failed is tried again, and nothing else; whoever is killed on the way, it goes on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from broadcast.retry_failed import Desk, retry_failed, retry_handed_over
from housechats.domain.addresses import Address
from housechats.domain.broadcasts import (
    FOLLOWED,
    NOT_OVER,
    Broadcast,
    BroadcastLane,
    BroadcastState,
    HeldFor,
    NotNowError,
    stopped,
)
from housechats.domain.followers import NOTHING_TO_RETRY
from housechats.domain.houses import ChatState, House
from housechats.domain.quiet_hours import LocalQuiet, QuietHours, Window
from housechats.domain.receipts import ChunkReceipts
from housechats.domain.zones import zone_of
from support.broadcast_over import ID, NOW, OKTMO, TOGETHER, Kept, kept
from support.broadcast_texts_fakes import FakeRulebook
from support.fakes import FakeHouses
from support.killing import Killed, Wire

LATER = NOW + timedelta(hours=1)


def desk_of(there: Kept, *, houses: FakeHouses | None = None, wire: Wire | None = None) -> Desk:
    wire = wire or Wire()
    return Desk(
        broadcasts=wire.watch("broadcasts", there.broadcasts),
        receipts=wire.watch("receipts", there.receipts),
        audiences=there.audiences,
        houses=houses or FakeHouses(),
        starts=wire.watch("starts", there.starts),
        seed=lambda one: wire.carry("seed", lambda: there.seed(one)),
    )


def retry(
    there: Kept,
    *,
    houses: FakeHouses | None = None,
    quiets: Sequence[LocalQuiet] = (),
    wire: Wire | None = None,
) -> Broadcast:
    desk = desk_of(there, houses=houses, wire=wire)
    return retry_failed(there.one, there.audience, quiets, desk=desk, now=LATER)


def with_failures() -> Kept:
    """Return one over with failures of all sorts in two chunks of three."""
    there = kept()
    there.note(0, sent={0: 1}, failed={1: "not_done", 2: "too_late"})
    there.note(2, sent={0: 1, 2: 3}, failed={1: "unknown_977"})
    there.change(sent=6, failed=3)
    return there


def house_of(position: int, *, chat_id: int, state: ChatState = ChatState.OPEN) -> House:
    return House(
        id=f"H{position:07d}",
        digest=f"d{position}",
        oktmo=OKTMO,
        address=Address("г. Вымышленск", "ул", "Садовая", house="1"),
        community=7,
        created_at=NOW,
        state=state,
        chat_id=chat_id,
    )


def test_what_can_be_retried_is_left_again_and_what_was_sent_stays() -> None:
    there = with_failures()

    after = retry(there)

    first, last = there.receipts.get(ID, 0), there.receipts.get(ID, 2)
    assert (after.state, there.seeded) == (BroadcastState.RUNNING, [ID])
    assert (after.sent, after.failed, after.finished) == (6, 1, {7: 1})
    assert (first.left_of(TOGETHER), dict(first.failures)) == ([1], {2: "too_late"})
    assert (last.left_of(TOGETHER), dict(last.cmids)) == ([1], {0: 1, 2: 3})


@pytest.mark.parametrize("code", ["too_late", "not_sent"])
def test_where_nothing_can_be_retried_it_is_said_and_nothing_changes(code: str) -> None:
    there = kept()
    there.note(1, sent={0: 1, 1: 2}, failed={2: code})
    before = there.change(sent=8, failed=1)

    with pytest.raises(NotNowError) as refused:
        retry(there)

    assert refused.value.message == NOTHING_TO_RETRY
    assert (there.one, there.seeded) == (before, [])


@pytest.mark.parametrize(
    ("house", "goes"),
    [
        pytest.param(house_of(1, chat_id=101), True, id="the same chat is open again"),
        pytest.param(house_of(1, chat_id=555), False, id="the house has another chat by now"),
        pytest.param(house_of(1, chat_id=101, state=ChatState.CLOSED), False, id="it is closed"),
        pytest.param(None, False, id="nobody knows the house"),
    ],
)
def test_a_chat_that_was_lost_is_tried_when_it_is_open_again(
    house: House | None, goes: bool
) -> None:
    there, houses = kept(), FakeHouses()
    there.note(0, sent={0: 1, 2: 1}, failed={1: "chat_lost"})
    there.change(sent=8, failed=1)
    if house:
        houses.by_id[house.id] = house

    if goes:
        retry(there, houses=houses)
    else:
        with pytest.raises(NotNowError):
            retry(there, houses=houses)

    assert there.receipts.get(ID, 0).left_of(TOGETHER) == ([1] if goes else [])


def test_a_chunk_at_which_a_worker_died_is_settled_before_its_failures_are_retried() -> None:
    there = with_failures()
    there.change(state=BroadcastState.STOPPED)
    begun = replace(there.receipts.get(ID, 0), begun_at=NOW, finished_at=None)
    there.receipts.kept[ID, 0] = begun

    after = retry(there)

    assert there.receipts.get(ID, 0) == begun
    assert (after.state, after.failed) == (BroadcastState.RUNNING, 2)


def test_a_stopped_one_goes_on_with_the_rest_and_with_what_failed() -> None:
    there = with_failures()
    del there.receipts.kept[ID, 1]
    there.change(state=BroadcastState.STOPPED, stopped_because="Остановлена вручную.", sent=3)

    after = retry(there)

    assert (after.state, after.stopped_because) == (BroadcastState.RUNNING, "")
    assert (after.sent, after.failed, after.finished) == (3, 1, {})


def test_in_quiet_hours_it_waits_for_their_end_and_an_emergency_does_not() -> None:
    noon = Window(time(12), time(15))
    quiet = LocalQuiet(QuietHours(weekday=noon, weekend=noon), zone_of(OKTMO))
    planned, urgent = with_failures(), with_failures()
    urgent.change(lane=BroadcastLane.EMERGENCY)

    held = retry(planned, quiets=[quiet])
    runs = retry(urgent, quiets=[quiet])

    assert (held.state, held.held_for) == (BroadcastState.SCHEDULED, HeldFor.QUIET_HOURS)
    assert held.start_at == datetime(2026, 11, 22, 15, tzinfo=zone_of(OKTMO))
    assert (planned.starts.planned, planned.seeded) == ({ID: held.start_at}, [])
    assert (runs.state, urgent.seeded) == (BroadcastState.RUNNING, [ID])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"state": BroadcastState.RUNNING}, NOT_OVER, id="it runs"),
        pytest.param({"state": BroadcastState.CANCELLED}, NOT_OVER, id="it never began"),
        pytest.param({"followed_by": "f" * 16}, FOLLOWED, id="it was corrected or recalled"),
    ],
)
def test_what_is_not_over_or_was_followed_is_not_retried(
    changes: dict[str, object], said: str
) -> None:
    there = with_failures()
    there.change(**changes)
    before = dict(there.receipts.kept)

    with pytest.raises(NotNowError) as refused:
        retry(there)

    assert refused.value.message == said
    assert there.receipts.kept == before


def _calls() -> int:
    wire = Wire()
    retry(with_failures(), wire=wire)
    return len(wire.calls)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, _calls() + 1))
def test_killed_anywhere_and_asked_again_it_goes_on_with_the_same_chats(
    when: str, number: int
) -> None:
    there, expected = with_failures(), with_failures()
    retry(expected)

    with pytest.raises(Killed):
        retry(there, wire=Wire(**{when: [number]}))
    if there.one.state != BroadcastState.RUNNING:
        retry(there)

    assert there.receipts.kept == expected.receipts.kept
    assert replace(there.one, revision=0) == replace(expected.one, revision=0)
    # Whom nobody has handed over, the sweep does: a running one is due.
    assert there.one.due_at


def test_a_late_copy_of_a_retry_does_not_undo_a_stop() -> None:
    there, rules = with_failures(), FakeRulebook()
    seen = there.one.revision

    first = retry_handed_over(ID, revision=seen, rules=rules, desk=desk_of(there), now=LATER)
    again = retry_handed_over(ID, revision=seen, rules=rules, desk=desk_of(there), now=LATER)
    there.broadcasts.save(stopped(there.one, because="Остановлена вручную.", now=LATER))
    late = retry_handed_over(ID, revision=seen, rules=rules, desk=desk_of(there), now=LATER)

    assert (first, again, late) == ("begun again", "runs", "changed")
    assert there.one.state == BroadcastState.STOPPED


def test_two_people_who_press_at_a_time_begin_it_once() -> None:
    there = with_failures()
    faster = Wire()
    beaten = [True]

    def interrupt() -> None:
        if beaten and faster.calls[-1] == "broadcasts.recount":
            beaten.clear()
            retry(there)

    faster.takes_time = interrupt

    after = retry(there, wire=faster)

    assert after.state == BroadcastState.RUNNING
    assert there.seeded == [ID]
    assert there.receipts.get(ID, 1) == ChunkReceipts(
        1, finished_at=NOW, cmids={0: 1003, 1: 1004, 2: 1005}
    )
