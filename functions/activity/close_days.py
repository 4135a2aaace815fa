"""Use case: close the days that are over: who wrote becomes a number, totals get their share."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from housechats.domain.activity import Counts, Tally, subjects_of
from housechats.domain.houses import House
from housechats.ports.activity import Tallies, TallyName
from housechats.ports.houses import Houses

A_LOOK = 400
"""Tallies that are looked for at once."""
TOGETHER = 90
"""Tallies and totals that are written at once: a transaction takes 100 (AWS limit)."""

Sums = dict[str, dict[date, Counts]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What closing works with."""

    tallies: Tallies
    houses: Houses


def close_days(*, desk: Desk, has_time: Callable[[], bool], now: datetime) -> int:
    """Close what is due, and return how much that was; what is left the next hour closes.

    A tally and its share in the totals are written together: nothing is added twice.
    """
    closed = 0
    met: set[TallyName] = set()
    while has_time():
        due = [name for name in desk.tallies.due(now, limit=A_LOOK) if name not in met]
        if not due:
            break
        met.update(due)
        there = desk.tallies.get_many(due)
        # Whoever asked the index first may find that somebody has closed it since.
        waiting = [one for one in there.values() if one.due_at and one.due_at <= now]
        owners = {one.id: one for one in desk.houses.get_many({t.house_id for t in waiting})}
        for some in _groups(waiting, owners):
            if not has_time():
                return closed
            closed += _close(some, owners, desk)
    return closed


def _close(some: list[Tally], owners: Mapping[str, House], desk: Desk) -> int:
    if desk.tallies.close(some, _sums(some, owners)):
        return len(some)
    # One of them was counted on meanwhile; it is read anew in an hour, the others are closed now.
    if len(some) == 1:
        return 0
    return sum(_close([one], owners, desk) for one in some)


def _groups(tallies: Iterable[Tally], owners: Mapping[str, House]) -> Iterator[list[Tally]]:
    """Put together what one transaction holds: houses of one place have most totals in common."""
    group: list[Tally] = []
    totals: set[tuple[str, date]] = set()
    for one in sorted(tallies, key=lambda one: (one.day, one.oktmo, one.house_id, one.part)):
        more = {(subject, one.day) for subject in _subjects(one, owners)}
        if group and len(group) + 1 + len(totals | more) > TOGETHER:
            yield group
            group, totals = [], set()
        group.append(one)
        totals |= more
    if group:
        yield group


def _sums(tallies: Iterable[Tally], owners: Mapping[str, House]) -> Sums:
    sums: Sums = {}
    for one in tallies:
        for subject in _subjects(one, owners):
            days = sums.setdefault(subject, {})
            days[one.day] = days.get(one.day, Counts()) + one.untold
    return sums


def _subjects(one: Tally, owners: Mapping[str, House]) -> list[str]:
    """Return of what a house is a part now; of one that is gone only the place is known."""
    house = owners.get(one.house_id)
    return subjects_of(one.oktmo, house.organisations if house else ())
