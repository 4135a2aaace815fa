"""Forecast: when the last chat has a message, as calls of VK share the pace of its community.

Mailings that share a community take turns, so that one with r calls left delays one of n calls by
min(r, n); what is urgent goes before all that is not.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from housechats.domain.progress import CALLS_A_SECOND

ANSWERED_AFTER = timedelta(seconds=0.3)
"""VK's answer to the last call: it is 150 ms away on a good day."""
HANDED_OVER_AFTER = timedelta(seconds=0.3)
"""From the queue to the first call: a message, a claim and a look at the broadcast."""
STARTED_AFTER = timedelta(seconds=0.7)
"""What starts at its time: a message wakes who reads the audience and hands over its chunks."""
UPLOADED_AFTER = 3 * ANSWERED_AFTER
"""A file goes to each community in turn: where to, the file itself, what it is called then."""
WORKERS = 50
"""Calls that the workers of a lane make at a time (template: 5 functions of 10 threads)."""
WORKER_S = 0.4
"""Seconds that one of them needs for a call, with what it reads and writes."""


@dataclass(frozen=True, slots=True)
class Load:
    """Calls that a community is to make for somebody."""

    calls: float
    urgent: bool = False
    begins: datetime | None = None
    """None: they are being made."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the pace of a community stands."""

    free_at: datetime | None = None
    """When its next slot is; None when nobody has called for a while."""
    paused_until: datetime | None = None
    """Until when VK has asked us to wait; None when it has not."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which what is not urgent is held."""

    begins: datetime
    ends: datetime


def finish_of(
    calls: Mapping[int, int],
    *,
    starts_at: datetime,
    urgent: bool,
    standing: Mapping[int, Standing],
    loads: Mapping[int, Sequence[Load]],
    now: datetime,
    quiet: Quiet | None = None,
    has_file: bool = False,
) -> datetime:
    """Return when calls of some communities, made from a moment on, are all answered."""
    ready = starts_at + HANDED_OVER_AFTER
    if has_file or not urgent:
        ready += STARTED_AFTER
    if has_file:
        ready += UPLOADED_AFTER * len(calls)
    # However many communities there are, the workers are as many as they are.
    slowest = ready + timedelta(seconds=sum(calls.values()) / WORKERS * WORKER_S)
    ends = [
        _last_call(
            Load(number, urgent, _free(standing.get(community, Standing()), ready)),
            loads.get(community, ()),
            now,
        )
        for community, number in calls.items()
    ]
    finish = max([slowest, *ends]) + ANSWERED_AFTER
    if quiet and not urgent and finish > quiet.begins:
        finish += quiet.ends - quiet.begins
    return finish


def _free(standing: Standing, ready: datetime) -> datetime:
    return max(moment for moment in (standing.free_at, standing.paused_until, ready) if moment)


def _last_call(ours: Load, others: Iterable[Load], now: datetime) -> datetime:
    """Return when the last of our calls is made, with the others taking their turns."""
    loads = [ours, *(load for load in others if load.urgent or not ours.urgent)]
    left = [load.calls for load in loads]
    comes = [_seconds(now, load.begins) for load in loads]
    passed = 0.0
    while left[0] > 0:
        here = [n for n in range(len(loads)) if left[n] > 0 and comes[n] <= passed]
        turn = [n for n in here if loads[n].urgent] or here
        later = min((at for at in comes if at > passed), default=math.inf)
        # Each of those whose turn it is makes as many calls until one has none left, or more come.
        each = min((left[n] for n in turn), default=math.inf)
        lasts = each * len(turn) / CALLS_A_SECOND if turn else math.inf
        if later < passed + lasts:
            each = (later - passed) * CALLS_A_SECOND / max(len(turn), 1)
            passed = later
        else:
            passed += lasts
        for n in turn:
            left[n] = max(left[n] - each, 0)
    return now + timedelta(seconds=passed)


def _seconds(now: datetime, moment: datetime | None) -> float:
    return max((moment - now).total_seconds(), 0) if moment else 0.0
