"""Turns in memory."""

from collections import defaultdict
from datetime import datetime, timedelta
from threading import Lock


class FakeTurns:
    def __init__(self) -> None:
        self.last: dict[str, tuple[str, datetime]] = {}
        self.hours = defaultdict[tuple[str, str], set[str]](set)
        self._one_takes = Lock()

    def take(self, what: str, *, by: str, every: timedelta, now: datetime) -> datetime | None:
        with self._one_takes:
            whose, since = self.last.get(what, ("", now - every))
            if whose == by:
                return since
            if since > now - every:
                return None
            self.last[what] = by, now
            return now

    def allow(self, what: str, *, by: str, most: int, now: datetime) -> bool:
        with self._one_takes:
            events = self.hours[what, f"{now:%Y-%m-%dT%H}"]
            if len(events) >= most and by not in events:
                return False
            events.add(by)
            return True
