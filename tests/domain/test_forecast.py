"""A mailing is forecast as its calls take their turns with those of others."""

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def about(seconds: float) -> Any:
    return pytest.approx(seconds, abs=1e-5)  # moments have whole microseconds


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


@pytest.mark.parametrize(
    ("rivals", "delay"),
    [
        pytest.param([50], 50, id="a short one is over before"),
        pytest.param([500], 100, id="a long one takes every other turn"),
        pytest.param([30, 500, 100], 230, id="several"),
    ],
)
def test_a_mailing_is_delayed_by_as_many_calls_as_it_has_at_most(
    rivals: list[int], delay: int
) -> None:
    seconds = seconds_of(100, *map(Load, rivals))

    assert seconds == about((100 + delay) / CALLS_A_SECOND)


def test_an_emergency_goes_before_whatever_is_not() -> None:
    mailing = Load(1000)

    assert seconds_of(2, mailing, urgent=True) == about(2 / CALLS_A_SECOND)
    assert seconds_of(100, Load(60, urgent=True)) == about(160 / CALLS_A_SECOND)


def test_one_that_starts_later_delays_what_is_left_then() -> None:
    begins = READY + STARTED_AFTER + timedelta(seconds=60 / CALLS_A_SECOND)

    seconds = seconds_of(100, Load(1000, begins=begins))

    assert seconds == about((60 + 2 * 40) / CALLS_A_SECOND)


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


@given(
    calls=st.integers(1, 60),
    rivals=st.lists(st.tuples(st.integers(1, 80), st.booleans(), st.integers(0, 60)), max_size=4),
    urgent=st.booleans(),
)
def test_it_is_what_queues_that_take_turns_do(
    calls: int, rivals: list[tuple[int, bool, int]], urgent: bool
) -> None:
    # What is urgent comes at once: later, a call may be made just before it or not.
    rivals = [(left, ahead, 0 if ahead else turn) for left, ahead, turn in rivals]
    ready = READY if urgent else READY + STARTED_AFTER
    loads = [
        Load(left, urgent=ahead, begins=ready + timedelta(seconds=turn / CALLS_A_SECOND))
        for left, ahead, turn in rivals
    ]

    forecast = seconds_of(calls, *loads, urgent=urgent) * CALLS_A_SECOND

    # A queue serves whole calls one by one: each rival may be one call ahead of its share, and
    # one that comes meanwhile waits for the call that is being made.
    fact = turns_taken(calls, rivals, urgent=urgent)
    assert abs(fact - forecast) <= 2 * (len(rivals) + 1)


def turns_taken(calls: int, rivals: Sequence[tuple[int, bool, int]], *, urgent: bool) -> int:
    """Return after how many slots the last call is made, when queues take turns slot by slot."""
    left: Mapping[int, list[int]] = {0: [calls], **{n: [r[0]] for n, r in enumerate(rivals, 1)}}
    ahead = {0: urgent, **{n: r[1] for n, r in enumerate(rivals, 1)}}
    comes = {0: 0, **{n: r[2] for n, r in enumerate(rivals, 1)}}
    turns = deque(left)
    slot = 0
    while left[0][0]:
        here = [n for n in turns if left[n][0] and comes[n] <= slot]
        served = next(n for n in here if ahead[n] or not any(ahead[m] for m in here))
        left[served][0] -= 1
        turns.remove(served)
        turns.append(served)
        slot += 1
    return slot
