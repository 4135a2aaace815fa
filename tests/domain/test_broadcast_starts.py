"""When a broadcast starts: never sooner than it can be taken back, never in quiet hours."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, timezone

import pytest

from housechats.domain.broadcast_starts import ReasonWantedError, begun, going_on, start_of
from housechats.domain.broadcasts import (
    HOLD,
    Broadcast,
    BroadcastLane,
    BroadcastState,
    Deed,
    HeldFor,
    NotNowError,
    scheduled,
    stopped,
    waiting,
)
from housechats.domain.quiet_hours import LocalQuiet, QuietHours, Window

MOSCOW = timezone(timedelta(hours=3))
NIGHT = LocalQuiet(
    QuietHours(weekday=Window(time(22), time(8)), weekend=Window(time(22), time(10))), MOSCOW
)
NOON = datetime(2026, 11, 25, 12, tzinfo=MOSCOW).astimezone(UTC)
MIDNIGHT = datetime(2026, 11, 25, 0, 30, tzinfo=MOSCOW).astimezone(UTC)
MORNING = datetime(2026, 11, 25, 8, tzinfo=MOSCOW).astimezone(UTC)
NEW = Broadcast(
    id="b" * 16,
    deed=Deed.MESSAGE,
    lane=BroadcastLane.PLANNED,
    oktmo="11701000",
    inn="",
    created_by="vk:1",
    created_at=NOON,
    beginning="Воды не будет",
    chats=300,
    chunks=3,
    people=9000,
)
EMERGENCY = replace(NEW, lane=BroadcastLane.EMERGENCY)


def confirmed(
    new: Broadcast,
    *,
    chosen: datetime | None = None,
    is_many: bool = False,
    reason: str = "",
    has_file: bool = False,
    now: datetime = NOON,
) -> Broadcast:
    return begun(
        new,
        chosen=chosen,
        quiets=[NIGHT],
        is_many=is_many,
        reason=reason,
        has_file=has_file,
        now=now,
    )


def test_news_can_be_taken_back_for_ten_seconds() -> None:
    start = start_of(None, [NIGHT], now=NOON)

    assert (start.at, start.held_for) == (NOON + HOLD, HeldFor.HOLD)


def test_news_of_the_night_come_in_the_morning_and_fall_silent_in_the_evening() -> None:
    start = start_of(None, [NIGHT], now=MIDNIGHT)

    assert (start.at, start.held_for) == (MORNING, HeldFor.QUIET_HOURS)
    assert start.quiet_from == MORNING + timedelta(hours=14)
    assert start.quiet_until == MORNING + timedelta(days=1)


def test_who_chooses_a_time_gets_it_unless_people_sleep_then() -> None:
    by_day, by_night = NOON + timedelta(hours=2), NOON + timedelta(hours=12)

    starts = [start_of(chosen, [NIGHT], now=NOON) for chosen in (by_day, by_night)]

    assert [start.at for start in starts] == [by_day, MORNING + timedelta(days=1)]
    assert [start.held_for for start in starts] == [HeldFor.TIME, HeldFor.QUIET_HOURS]


def test_a_broadcast_to_many_chats_waits_for_a_second_person() -> None:
    few, many = confirmed(NEW), confirmed(NEW, is_many=True)

    assert few.state == BroadcastState.SCHEDULED
    assert (many.state, many.due_at) == (BroadcastState.AWAITS_APPROVAL, None)


def test_an_emergency_runs_at_once_at_any_hour() -> None:
    one = confirmed(EMERGENCY, now=MIDNIGHT)

    assert (one.state, one.started_at, one.held_for) == (BroadcastState.RUNNING, MIDNIGHT, None)
    assert one.review is None


def test_an_emergency_to_many_chats_wants_a_reason_and_is_looked_at_within_a_day() -> None:
    with pytest.raises(ReasonWantedError):
        confirmed(EMERGENCY, is_many=True)

    one = confirmed(EMERGENCY, is_many=True, reason="Прорыв теплотрассы")

    assert one.state == BroadcastState.RUNNING
    assert one.sender_reason == "Прорыв теплотрассы"
    assert one.review
    assert one.review.due_at == NOON + timedelta(hours=24)


def test_an_emergency_with_a_picture_is_started_by_whoever_uploads_it() -> None:
    one = confirmed(EMERGENCY, has_file=True, now=MIDNIGHT)

    assert (one.state, one.start_at, one.held_for) == (BroadcastState.SCHEDULED, MIDNIGHT, None)


def test_what_was_stopped_goes_on_by_day_and_waits_at_night() -> None:
    ran = replace(NEW, state=BroadcastState.RUNNING, started_at=NOON)
    halted = stopped(ran, because="Остановлена вручную.", now=NOON)

    by_day = going_on(halted, [NIGHT], now=NOON)
    by_night = going_on(halted, [NIGHT], now=MIDNIGHT)

    assert by_day.state == BroadcastState.RUNNING
    assert by_day.quiet_from == NOON + timedelta(hours=10)
    assert (by_night.state, by_night.start_at) == (BroadcastState.SCHEDULED, MORNING)
    assert by_day.revision == by_night.revision == halted.revision + 1
    assert by_night.stopped_because == ""


def test_what_waits_for_the_morning_waits_for_nothing_else() -> None:
    running = replace(NEW, state=BroadcastState.RUNNING, started_at=NOON)
    told = waiting(running, until=NOON + timedelta(minutes=5), because="ВКонтакте", now=NOON)

    held = scheduled(told, start_at=MORNING, held_for=HeldFor.QUIET_HOURS)

    assert (told.waits_because, held.waits_because) == ("ВКонтакте", "")
    assert held.waits_until is None


def test_what_was_not_stopped_cannot_go_on() -> None:
    ran = replace(NEW, state=BroadcastState.RUNNING, started_at=NOON)

    with pytest.raises(NotNowError):
        going_on(ran, [NIGHT], now=MIDNIGHT)
