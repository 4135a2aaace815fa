"""Forecast: when the last chat has a message, as calls of VK share the pace of its community.

Mailings that share a community take turns, so that one with r calls left delays one of n calls by
min(r, n); what is urgent goes before all that is not.
"""

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
    """None: they have begun."""


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
    quiet: Quiet | None = None,
) -> datetime:
    """Return when calls of some communities, made from a moment on, are all answered."""
    ready = starts_at + HANDED_OVER_AFTER + (timedelta() if urgent else STARTED_AFTER)
    # However many communities there are, the workers are as many as they are.
    slowest = ready + timedelta(seconds=sum(calls.values()) / WORKERS * WORKER_S)
    ends = [
        _last_call(
            number,
            begins=_free(standing.get(community, Standing()), ready),
            urgent=urgent,
            loads=loads.get(community, ()),
        )
        for community, number in calls.items()
    ]
    finish = max([slowest, *ends]) + ANSWERED_AFTER
    if quiet and not urgent and finish > quiet.begins:
        finish += quiet.ends - quiet.begins
    return finish


def _free(standing: Standing, ready: datetime) -> datetime:
    return max(moment for moment in (standing.free_at, standing.paused_until, ready) if moment)


def _last_call(calls: float, *, begins: datetime, urgent: bool, loads: Iterable[Load]) -> datetime:
    """Return when the last of some calls is made, with the others taking their turns."""
    rivals = [load for load in loads if load.calls > 0 and (load.urgent or not urgent)]
    left = [calls, *(load.calls for load in rivals)]
    ahead = [urgent, *(load.urgent for load in rivals)]
    from_s = [0.0, *(_seconds(begins, load.begins) for load in rivals)]
    passed = 0.0
    while left[0] > 0:
        here = [n for n in range(len(left)) if left[n] > 0 and from_s[n] <= passed]
        turn = [n for n in here if ahead[n]] or here
        comes = min((at for at in from_s if at > passed), default=None)
        # Each of those whose turn it is makes as many calls until one has none left, or more come.
        each = min(left[n] for n in turn)
        lasts = each * len(turn) / CALLS_A_SECOND
        if comes is not None and comes < passed + lasts:
            lasts = comes - passed
            each = lasts * CALLS_A_SECOND / len(turn)
        for n in turn:
            left[n] = max(left[n] - each, 0)
        passed += lasts
    return begins + timedelta(seconds=passed)


def _seconds(begins: datetime, moment: datetime | None) -> float:
    return max((moment - begins).total_seconds(), 0) if moment else 0.0
