"""Forecast: when the last chat has a message, as calls of VK share the pace of its community.

Mailings that share a community take turns by how many chunks of each are handed over at a time, 20
at most. What is urgent goes before all others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from housechats.domain.broadcasts import IN_FLIGHT
from housechats.domain.progress import CALLS_A_SECOND

ANSWERED_AFTER = timedelta(seconds=0.2)
"""VK's answer to the last call: it is 150 ms away on a good day."""
HANDED_OVER_AFTER = timedelta(seconds=0.2)
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
    """Return when the last of our calls is made, with the others taking their turns, slot by slot.

    Who has more in flight is more often the next: here, whoever is most behind that share.
    """
    loads = [ours, *(load for load in others if load.urgent or not ours.urgent)]
    left = [ceil(load.calls) for load in loads]
    comes = [_seconds(now, load.begins) for load in loads]
    behind = [0.0] * len(loads)
    passed = 0.0
    while left[0] > 0:
        here = [n for n, at in enumerate(comes) if left[n] > 0 and at <= passed]
        if not here:
            passed = min(at for n, at in enumerate(comes) if left[n] > 0)
            continue
        turn = [n for n in here if loads[n].urgent] or here
        in_flight = {n: _in_flight(left[n], loads[n].calls) for n in turn}
        for n in turn:
            behind[n] += in_flight[n] / sum(in_flight.values())
        served = max(turn, key=behind.__getitem__)
        behind[served] -= 1
        left[served] -= 1
        passed += 1 / CALLS_A_SECOND
    return now + timedelta(seconds=passed)


def _in_flight(left: int, calls: float) -> float:
    """Return how many of a mailing's chunks wait for a slot.

    At its end there are fewer, and its turns come less often; but those that wait have waited
    long, and on the pace's own threads (in virtual time) this shows by half.
    """
    return min(max(left, min(calls, IN_FLIGHT) / 2), IN_FLIGHT)


def _seconds(now: datetime, moment: datetime | None) -> float:
    return max((moment - now).total_seconds(), 0) if moment else 0.0
