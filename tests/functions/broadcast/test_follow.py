"""What was sent is corrected, taken back, or said to be over, in just the same chats."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from broadcast.cancel import cancel
from broadcast.follow import Closing, Desk, Follower, close, correct, recall, said_anew
from housechats.domain.broadcast_starts import ReasonWantedError
from housechats.domain.broadcast_texts import Occasion
from housechats.domain.broadcasts import (
    FOLLOWED,
    NOT_OVER,
    Broadcast,
    BroadcastLane,
    BroadcastState,
    Deed,
    HeldFor,
    NotNowError,
    Review,
    folder_of,
    resumed,
)
from housechats.domain.followers import (
    A_RECALL,
    ALREADY_CLOSED,
    CLOSING_STAYS,
    CORRECTABLE,
    FOLLOWER_AT_WORK,
    NEVER_SENT,
    NOT_STARTED,
    NOWHERE,
    RECALLED,
    TOO_OLD,
    notice_of,
    root_id_of,
)
from housechats.domain.messages import Attachment, LinkButton, Message
from housechats.domain.quiet_hours import LocalQuiet, QuietHours, Window
from housechats.domain.receipts import ChunkReceipts
from housechats.domain.zones import zone_of
from support.broadcast_over import ID, MESSAGE, NOW, OKTMO, Kept, kept
from support.killing import Killed, Wire

LATER = NOW + timedelta(hours=1)
FIRST, SECOND, THIRD = (Follower(name * 16, "vk:2") for name in "cde")
NEW = said_anew(MESSAGE, text="Воды не будет до вечера.", until=None, occasion=Occasion.CORRECTION)
NOON = Window(time(12), time(15))
QUIET = LocalQuiet(QuietHours(weekday=NOON, weekend=NOON), zone_of(OKTMO))


def desk_of(there: Kept, wire: Wire | None = None) -> Desk:
    wire = wire or Wire()
    return Desk(
        broadcasts=wire.watch("broadcasts", there.broadcasts),
        receipts=wire.watch("receipts", there.receipts),
        messages=wire.watch("messages", there.messages),
        starts=wire.watch("starts", there.starts),
        seed=lambda one: wire.carry("seed", lambda: there.seed(one)),
    )


def corrected(
    there: Kept,
    who: Follower = FIRST,
    message: Message = NEW,
    wire: Wire | None = None,
    is_many: bool = False,
) -> Broadcast:
    return correct(
        there.one,
        message,
        is_many=is_many,
        who=who,
        desk=desk_of(there, wire),
        now=LATER,
    )


def recalled(
    there: Kept, who: Follower = FIRST, now: datetime = LATER, wire: Wire | None = None
) -> Broadcast:
    desk = desk_of(there, wire)
    return recall(there.one, reason="Не тот дом.", who=who, desk=desk, now=now)


def closed(
    there: Kept,
    who: Follower = FIRST,
    wire: Wire | None = None,
    *,
    lane: BroadcastLane = BroadcastLane.PLANNED,
    reason: str = "",
    is_many: bool = False,
    quiet: bool = False,
) -> Broadcast:
    message = said_anew(MESSAGE, text="Вода есть.", until=None, occasion=Occasion.CLOSING)
    quiets = [QUIET] if quiet else []
    closing = Closing(message, lane, reason, quiets, is_many)
    return close(there.one, closing, who=who, desk=desk_of(there, wire), now=LATER)


def cancelled(there: Kept, one: Broadcast, wire: Wire | None = None) -> Broadcast:
    wire = wire or Wire()
    return cancel(
        one,
        broadcasts=wire.watch("broadcasts", there.broadcasts),
        starts=wire.watch("starts", there.starts),
        now=LATER,
    )


def ended(there: Kept, one: Broadcast) -> None:
    done = replace(one, state=BroadcastState.DONE, finished_at=LATER, due_at=None)
    now = there.broadcasts.kept[one.id]
    there.broadcasts.kept[one.id] = replace(
        done, followed_by=now.followed_by, followers=now.followers
    )


def test_a_correction_runs_at_once_over_the_same_chunks() -> None:
    there = kept()

    new = corrected(there)

    assert (new.deed, new.of, new.created_by) == (Deed.CORRECTION, ID, "vk:2")
    assert (new.state, new.started_at, new.quiet_from) == (BroadcastState.RUNNING, LATER, None)
    assert (new.chats, new.chunks) == (there.one.chats, there.one.chunks)
    assert new.audience_folder == folder_of(ID)
    assert there.seeded == [new.id]
    assert new.due_at


def test_a_correction_keeps_who_speaks_the_buttons_and_the_file() -> None:
    there = kept()
    before = replace(
        MESSAGE,
        buttons=(LinkButton("Схема", "https://example.ru"),),
        attachment=Attachment("broadcasts/b/file", "план.pdf", image=False),
    )
    there.change(attachments={"7": "doc1_2"})
    message = said_anew(before, text="Новое.", until=LATER, occasion=Occasion.CORRECTION)

    new = corrected(there, message=message)

    said = there.messages.get(folder_of(new.id))
    assert said
    assert said.header == "Официально · Администрация города · Исправление"
    assert (said.text, said.until) == ("Новое.", LATER)
    assert (said.buttons, said.attachment) == (before.buttons, before.attachment)
    assert new.attachments == {"7": "doc1_2"}


def test_a_correction_that_names_no_end_keeps_that_of_the_message() -> None:
    before = replace(MESSAGE, until=LATER)

    anew = said_anew(before, text="Новое.", until=None, occasion=Occasion.CORRECTION)
    closed = said_anew(before, text="Вода есть.", until=None, occasion=Occasion.CLOSING)

    assert (anew.until, closed.until) == (LATER, None)


def test_a_second_person_looks_at_a_correction_in_many_chats_afterwards() -> None:
    few, many = corrected(kept()), corrected(kept(), is_many=True)

    assert few.review is None
    assert many.state == BroadcastState.RUNNING
    assert many.review == Review(due_at=LATER + timedelta(hours=24))


def test_after_a_correction_nothing_more_of_the_old_text_goes_out() -> None:
    there = kept()
    there.change(state=BroadcastState.STOPPED)

    corrected(there)

    with pytest.raises(NotNowError) as refused:
        resumed(there.one, now=LATER)
    assert refused.value.message == FOLLOWED


def test_a_second_correction_is_of_the_message_and_the_first_one_is_not_the_last_word() -> None:
    there = kept()
    first = corrected(there)
    ended(there, first)

    second = corrected(there, SECOND)

    assert root_id_of(first) == root_id_of(second) == ID
    assert second.of == ID
    assert there.broadcasts.kept[first.id].followed_by == second.id
    assert there.one.followed_by == second.id


def test_a_correction_waits_until_the_one_before_is_over() -> None:
    there = kept()
    corrected(there)

    with pytest.raises(NotNowError) as refused:
        corrected(there, SECOND)

    assert refused.value.message == FOLLOWER_AT_WORK
    assert SECOND.id not in there.broadcasts.kept


def test_a_recall_of_a_running_one_stops_it_first() -> None:
    there = kept()
    there.change(state=BroadcastState.RUNNING, finished_at=None, sent=3)

    new = recalled(there)

    assert (there.one.state, there.one.recalled) == (BroadcastState.STOPPED, True)
    assert (new.deed, new.state) == (Deed.RECALL, BroadcastState.RUNNING)
    assert new.sender_reason == "Не тот дом."
    assert there.messages.get(folder_of(new.id)) is None


def test_a_recall_stops_a_correction_that_is_under_way() -> None:
    there = kept()
    correction = corrected(there)

    recalled(there, SECOND)

    stopped = there.broadcasts.kept[correction.id]
    assert (stopped.state, stopped.followed_by) == (BroadcastState.STOPPED, SECOND.id)


def test_a_recall_also_stops_what_waits_for_the_end_of_quiet_hours() -> None:
    there = kept()
    there.change(state=BroadcastState.SCHEDULED, finished_at=None, start_at=LATER, sent=3)

    recalled(there)

    assert there.one.state == BroadcastState.STOPPED


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"recalled": True, "followed_by": "r" * 16}, RECALLED, id="recalled"),
        pytest.param({"deed": Deed.RECALL, "of": "a" * 16}, A_RECALL, id="a recall"),
        pytest.param({"state": BroadcastState.CANCELLED}, NEVER_SENT, id="cancelled"),
        pytest.param(
            {"state": BroadcastState.SCHEDULED, "started_at": None}, NOT_STARTED, id="not begun"
        ),
        pytest.param({"sent": 0, "failed": 9}, NOWHERE, id="nobody got it"),
    ],
)
def test_what_is_in_no_chat_is_neither_corrected_nor_recalled_nor_closed(
    changes: dict[str, object], said: str
) -> None:
    there = kept()
    there.change(**changes)
    there.broadcasts.kept["r" * 16] = replace(there.one, id="r" * 16, deed=Deed.RECALL, of=ID)
    before = dict(there.broadcasts.kept)

    for act in (corrected, recalled, closed):
        with pytest.raises(NotNowError) as refused:
            act(there)
        assert refused.value.message == said

    assert (there.broadcasts.kept, there.seeded) == (before, [])


@pytest.mark.parametrize("act", [corrected, closed])
def test_while_it_runs_it_can_be_stopped_or_recalled_and_nothing_else(act: object) -> None:
    there = kept()
    there.change(state=BroadcastState.RUNNING, finished_at=None)

    with pytest.raises(NotNowError) as refused:
        act(there)  # type: ignore[operator]

    assert refused.value.message == NOT_OVER


def test_messages_older_than_a_day_are_not_recalled() -> None:
    there = kept()

    with pytest.raises(NotNowError) as refused:
        recalled(there, now=NOW + timedelta(hours=24))

    assert refused.value.message == TOO_OLD


@pytest.mark.parametrize(
    ("hours", "goes"),
    [pytest.param(23, True, id="a day old"), pytest.param(25, False, id="older")],
)
def test_of_a_stopped_one_the_receipts_say_how_old_its_messages_are(hours: int, goes: bool) -> None:
    there = kept()
    there.change(state=BroadcastState.STOPPED, finished_at=None, started_at=NOW - timedelta(days=3))
    for chunk in range(3):
        there.note(chunk, sent={0: 1}, at=NOW - timedelta(days=2))
    there.receipts.kept[ID, 1] = ChunkReceipts(1, begun_at=NOW)

    if goes:
        recalled(there, now=NOW + timedelta(hours=hours))
    else:
        with pytest.raises(NotNowError):
            recalled(there, now=NOW + timedelta(hours=hours))

    assert bool(there.one.followed_by) == goes


def test_a_closing_message_keeps_its_lane_and_can_be_taken_back_for_ten_seconds() -> None:
    there = kept()

    new = closed(there)

    assert (new.deed, new.of, new.lane) == (Deed.MESSAGE, ID, BroadcastLane.PLANNED)
    assert (new.state, new.held_for) == (BroadcastState.SCHEDULED, HeldFor.HOLD)
    assert there.starts.planned == {new.id: LATER + timedelta(seconds=10)}
    assert there.seeded == []
    assert root_id_of(new) == new.id


def test_a_closing_message_that_was_cancelled_keeps_nothing_from_going_on() -> None:
    there = kept()
    there.change(state=BroadcastState.STOPPED)
    new = closed(there)
    with pytest.raises(NotNowError):
        resumed(there.one, now=LATER)

    after = cancelled(there, new)

    assert after.state == BroadcastState.CANCELLED
    assert (there.one.followed_by, there.one.followers) == ("", ())
    assert resumed(there.one, now=LATER).state == BroadcastState.RUNNING


def test_nobody_is_told_twice_that_it_is_over_unless_the_first_word_was_taken_back() -> None:
    there = kept()
    new = closed(there)

    with pytest.raises(NotNowError) as refused:
        closed(there, SECOND)
    cancelled(there, new)
    again = closed(there, SECOND)

    assert refused.value.message == ALREADY_CLOSED
    assert again.is_closing
    assert there.one.closed_by == again.id


def test_a_closing_message_that_was_recalled_stands_in_nobodys_way() -> None:
    there = kept()
    first = closed(there)
    said = replace(first, state=BroadcastState.DONE, started_at=LATER, finished_at=LATER, sent=3)
    there.broadcasts.kept[first.id] = said

    recall(said, reason="Ошибка.", who=SECOND, desk=desk_of(there), now=LATER)

    assert there.one.closed_by == ""
    assert closed(there, THIRD).of == ID


def test_a_recall_says_that_the_closing_message_stays() -> None:
    there = kept()
    closing = closed(there)

    taken_back = recalled(there, SECOND)

    assert notice_of(closing) == ""
    assert notice_of(taken_back) == notice_of(there.one) == CLOSING_STAYS


def test_a_closing_that_was_killed_before_it_began_does_not_stand_in_the_way_of_another() -> None:
    there = kept()
    there.change(followed_by=FIRST.id, followers=(FIRST.id,), closed_by=FIRST.id)

    again = closed(there, SECOND)

    assert there.one.closed_by == again.id


def test_what_was_corrected_stays_so_when_its_closing_message_is_cancelled() -> None:
    there = kept()
    correction = corrected(there)
    ended(there, correction)

    cancelled(there, closed(there, SECOND))

    assert there.one.followed_by == correction.id


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, 5))
def test_a_cancel_killed_anywhere_and_repeated_lets_go_what_it_was_to_follow(
    number: int, when: str
) -> None:
    there = kept()
    new = closed(there)

    with pytest.raises(Killed):
        cancelled(there, new, Wire(**{when: [number]}))
    cancelled(there, there.broadcasts.kept[new.id])

    assert there.broadcasts.kept[new.id].state == BroadcastState.CANCELLED
    assert there.one.followed_by == ""
    assert there.starts.planned == {}


def test_a_recall_stops_an_earlier_correction_also_after_a_closing_message() -> None:
    there = kept()
    there.change(state=BroadcastState.STOPPED)
    correction = corrected(there)
    closed(there, SECOND)

    recalled(there, THIRD)

    assert there.broadcasts.kept[correction.id].state == BroadcastState.STOPPED
    assert there.one.followers == (correction.id, SECOND.id, THIRD.id)


def test_a_closing_message_waits_for_the_end_of_quiet_hours() -> None:
    there = kept()

    new = closed(there, quiet=True)

    assert (new.held_for, new.start_at) == (
        HeldFor.QUIET_HOURS,
        datetime(2026, 11, 22, 12, tzinfo=UTC),
    )


def test_a_closing_message_to_many_chats_waits_for_a_second_person() -> None:
    there = kept()

    new = closed(there, is_many=True)

    assert new.state == BroadcastState.AWAITS_APPROVAL
    assert (there.starts.planned, there.seeded) == ({}, [])


def test_an_urgent_closing_message_to_many_chats_goes_at_once_with_a_reason() -> None:
    there = kept()

    with pytest.raises(ReasonWantedError):
        closed(there, lane=BroadcastLane.EMERGENCY, is_many=True)
    new = closed(there, lane=BroadcastLane.EMERGENCY, is_many=True, reason="Ночью ждут воду.")

    assert (new.state, new.sender_reason) == (BroadcastState.RUNNING, "Ночью ждут воду.")
    assert new.review
    assert there.seeded == [new.id]


def test_what_closes_is_corrected_for_itself_in_the_chats_of_the_first_message() -> None:
    there = kept()
    closing = closed(there, lane=BroadcastLane.EMERGENCY)
    ended(there, replace(closing, sent=9))
    there.messages.put(folder_of(closing.id), MESSAGE)
    root = there.broadcasts.kept[closing.id]

    new = correct(root, NEW, is_many=False, who=SECOND, desk=desk_of(there), now=LATER)

    assert (new.of, new.audience_folder) == (closing.id, folder_of(ID))
    assert there.one.followed_by == closing.id


ACTS = {"correct": corrected, "recall": recalled, "close": closed}


def _as_it_was(name: str) -> Kept:
    """Return a broadcast with a correction before: stopped by a recall, over for the rest."""
    there = kept()
    before = corrected(there, THIRD)
    if name != "recall":
        ended(there, before)
    there.seeded.clear()
    return there


def _kills() -> list[tuple[str, int]]:
    found = []
    for name, act in ACTS.items():
        wire = Wire()
        act(_as_it_was(name), FIRST, wire=wire)  # type: ignore[operator]
        found += [(name, number) for number in range(1, len(wire.calls) + 1)]
    return found


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("name", "number"), _kills())
def test_a_request_killed_anywhere_and_repeated_is_one_broadcast(
    name: str, number: int, when: str
) -> None:
    act, there, expected = ACTS[name], _as_it_was(name), _as_it_was(name)
    act(expected, FIRST)  # type: ignore[operator]

    with pytest.raises(Killed):
        act(there, FIRST, wire=Wire(**{when: [number]}))  # type: ignore[operator]
    act(there, FIRST)  # type: ignore[operator]

    assert there.broadcasts.kept == expected.broadcasts.kept
    assert there.messages.kept == expected.messages.kept
    assert set(there.seeded) == set(expected.seeded)
    assert there.starts.planned == expected.starts.planned


def test_a_recall_that_was_killed_before_it_began_does_not_stand_in_the_way_of_another() -> None:
    there = kept()
    with pytest.raises(Killed):
        recalled(there, wire=Wire(before=[_number_of("broadcasts.add")]))
    assert there.one.recalled

    new = recalled(there, SECOND)

    assert (new.state, there.one.followed_by) == (BroadcastState.RUNNING, SECOND.id)


def _number_of(call: str) -> int:
    wire = Wire()
    recalled(kept(), wire=wire)
    return wire.calls.index(call) + 1


def test_what_ended_long_ago_is_not_corrected_but_said_anew() -> None:
    there = kept()
    root, desk = there.one, desk_of(there)

    with pytest.raises(NotNowError, match="составьте новую рассылку"):
        correct(
            root,
            NEW,
            is_many=False,
            who=FIRST,
            desk=desk,
            now=NOW + CORRECTABLE + timedelta(seconds=1),
        )
    in_time = correct(root, NEW, is_many=False, who=SECOND, desk=desk, now=NOW + CORRECTABLE)

    assert in_time.deed == Deed.CORRECTION
    assert there.broadcasts.get(FIRST.id) is None
