"""A mailing is forecast as its calls take their turns with those of others."""

from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from housechats.domain.broadcasts import IN_FLIGHT
from housechats.domain.forecast import (
    ANSWERED_AFTER,
    HANDED_OVER_AFTER,
    STARTED_AFTER,
    UPLOADED_AFTER,
    Load,
    Quiet,
    Standing,
    finish_of,
)
from housechats.domain.progress import CALLS_A_SECOND

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
READY = NOW + HANDED_OVER_AFTER
HERE = 7


def about(seconds: float, *, within: float = 1e-5) -> Any:
    return pytest.approx(seconds, abs=within)  # moments have whole microseconds


def seconds_of(
    calls: int,
    *loads: Load,
    urgent: bool = False,
    standing: Standing | None = None,
    quiet: Quiet | None = None,
) -> float:
    """Return how long the calls take from the first one that could be made."""
    finish = finish_of(
        {HERE: calls},
        starts_at=NOW,
        urgent=urgent,
        standing={HERE: standing} if standing else {},
        loads={HERE: loads},
        now=READY if urgent else READY + STARTED_AFTER,
        quiet=quiet,
    )
    ready = READY if urgent else READY + STARTED_AFTER
    return (finish - ANSWERED_AFTER - ready).total_seconds()


def test_a_region_alone_takes_its_calls_at_the_pace() -> None:
    assert seconds_of(182) == about(182 / CALLS_A_SECOND)


def test_a_short_mailing_delays_a_long_one_by_its_own_calls() -> None:
    assert seconds_of(100, Load(50)) == about(150 / CALLS_A_SECOND)


@pytest.mark.parametrize("calls", [1, 2, 8, 20, 60, 200])
def test_a_long_mailing_takes_every_other_turn_of_ours_and_more_at_our_end(calls: int) -> None:
    fair = 2 * calls / CALLS_A_SECOND

    seconds = seconds_of(calls, Load(5000))

    # A mailing of few chunks has few in flight beside the other's twenty.
    assert fair - 0.1 <= seconds <= fair + 2


def test_two_equal_mailings_end_together() -> None:
    assert seconds_of(182, Load(182)) == about(2 * 182 / CALLS_A_SECOND, within=0.1)


def test_an_emergency_goes_before_whatever_is_not() -> None:
    mailing = Load(1000)

    assert seconds_of(2, mailing, urgent=True) == about(2 / CALLS_A_SECOND)
    assert seconds_of(100, Load(60, urgent=True)) == about(160 / CALLS_A_SECOND)


def test_one_that_starts_later_delays_what_is_left_then() -> None:
    begins = READY + STARTED_AFTER + timedelta(seconds=60 / CALLS_A_SECOND)

    seconds = seconds_of(100, Load(1000, begins=begins))

    assert seconds == about((60 + 2 * 40) / CALLS_A_SECOND, within=1)


def test_a_paused_community_begins_when_its_pause_ends() -> None:
    until = READY + STARTED_AFTER + timedelta(minutes=3)

    seconds = seconds_of(19, standing=Standing(paused_until=until))

    assert seconds == about(180 + 19 / CALLS_A_SECOND)


def test_what_quiet_hours_cut_off_is_sent_when_they_end() -> None:
    begins = READY + STARTED_AFTER + timedelta(seconds=5)
    night = Quiet(begins, begins + timedelta(hours=12))

    assert seconds_of(189, quiet=night) == about(10 + 12 * 3600)
    assert seconds_of(189, quiet=night, urgent=True) == about(10)
    assert seconds_of(40, quiet=night) == about(40 / CALLS_A_SECOND)


def test_communities_work_side_by_side_until_the_workers_are_too_few() -> None:
    def seconds(communities: int) -> float:
        calls = dict.fromkeys(range(communities), 100)
        finish = finish_of(calls, starts_at=NOW, urgent=False, standing={}, loads={}, now=NOW)
        return (finish - NOW).total_seconds()

    assert seconds(3) == about(seconds(1))
    assert seconds(40) > 2 * seconds(1)


def test_what_starts_tomorrow_is_not_delayed_by_what_goes_out_today() -> None:
    tomorrow = NOW + timedelta(days=1)

    def finish(*loads: Load) -> datetime:
        return finish_of(
            {HERE: 100},
            starts_at=tomorrow,
            urgent=False,
            standing={HERE: Standing(free_at=NOW + timedelta(seconds=0.2))},
            loads={HERE: loads},
            now=NOW,
        )

    assert finish(Load(5000)) == finish()
    assert finish(Load(5000, begins=tomorrow)) > finish()


def test_a_file_goes_to_each_community_first() -> None:
    def seconds(*, urgent: bool, has_file: bool) -> float:
        calls = {HERE: 2, HERE + 1: 2}
        finish = finish_of(
            calls,
            starts_at=NOW,
            urgent=urgent,
            standing={},
            loads={},
            now=NOW,
            has_file=has_file,
        )
        return (finish - NOW).total_seconds()

    upload = 2 * UPLOADED_AFTER.total_seconds()
    with_file = seconds(urgent=False, has_file=True)
    assert with_file == about(seconds(urgent=False, has_file=False) + upload)
    assert with_file == seconds(urgent=True, has_file=True)


@settings(max_examples=200)
@given(
    calls=st.integers(1, 60),
    rivals=st.lists(st.tuples(st.integers(1, 80), st.booleans()), max_size=2),
    urgent=st.booleans(),
)
def test_it_is_near_what_chunks_do_that_queue_for_slots(
    calls: int, rivals: list[tuple[int, bool]], urgent: bool
) -> None:
    loads = [Load(left, urgent=ahead) for left, ahead in rivals]

    forecast = seconds_of(calls, *loads, urgent=urgent)

    fact = slots_taken((calls, urgent), *rivals) / CALLS_A_SECOND
    assert abs(fact - forecast) <= max(0.1 * fact, 2)


def slots_taken(*mailings: tuple[int, bool]) -> int:
    """Return after how many slots the first mailing has made its last call.

    Up to twenty chunks of each queue for slots; one that is through lets the next one in.
    """
    waiting = [calls for calls, _ in mailings]
    left = mailings[0][0]
    queue: deque[int] = deque()
    slot = 0
    while left:
        for n in reversed(range(len(mailings))):  # the first comes to where the others are
            while waiting[n] and queue.count(n) < IN_FLIGHT:
                waiting[n] -= 1
                queue.append(n)
        served = next((n for n in queue if mailings[n][1]), queue[0])
        queue.remove(served)
        left -= served == 0
        slot += 1
    return slot
