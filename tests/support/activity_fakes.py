"""What is counted in chats, in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from threading import Lock

from housechats.domain.activity import Counts, Tally
from housechats.ports.activity import TallyName


class FakeTotals:
    def __init__(self) -> None:
        self.days: dict[tuple[str, date], Counts] = {}

    def of(self, subject: str, since: date, until: date) -> dict[date, Counts]:
        return {
            day: counts
            for (one, day), counts in self.days.items()
            if one == subject and since <= day <= until
        }


class FakeTallies:
    def __init__(self, totals: FakeTotals | None = None) -> None:
        self.totals = totals or FakeTotals()
        self.kept: dict[TallyName, Tally] = {}
        self._lock = Lock()

    def get_many(self, names: Iterable[TallyName]) -> dict[TallyName, Tally]:
        return {name: self.kept[name] for name in names if name in self.kept}

    def save(self, tally: Tally) -> bool:
        name = _name(tally)
        with self._lock:
            if self._revision(name) != tally.revision:
                return False
            self.kept[name] = replace(tally, revision=tally.revision + 1)
        return True

    def of_house(self, house_id: str, since: date, until: date) -> list[Tally]:
        return [
            one
            for one in self.kept.values()
            if one.house_id == house_id and since <= one.day <= until
        ]

    def due(self, now: datetime, *, limit: int) -> list[TallyName]:
        due = [name for name, one in self.kept.items() if one.due_at and one.due_at <= now]
        return due[:limit]

    def close(self, tallies: Sequence[Tally], totals: Mapping[str, Mapping[date, Counts]]) -> bool:
        with self._lock:
            if any(self._revision(_name(one)) != one.revision for one in tallies):
                return False
            for one in tallies:
                self.kept[_name(one)] = replace(one.closed(), revision=one.revision + 1)
            for subject, days in totals.items():
                for day, more in days.items():
                    if more == Counts():
                        continue
                    there = self.totals.days.get((subject, day), Counts())
                    self.totals.days[subject, day] = there + more
        return True

    def _revision(self, name: TallyName) -> int:
        return self.kept[name].revision if name in self.kept else 0


def _name(tally: Tally) -> TallyName:
    return TallyName(tally.house_id, tally.day, tally.part)
