"""Reports of messages that break the rules of a chat."""

from datetime import date, datetime
from typing import Protocol

from housechats.domain.reports import Report
from housechats.domain.territories import Territory


class Reports(Protocol):
    """Keeps reports."""

    def count(self, reporter_key: str, day: date, report_id: str) -> int:
        """Note that a person reports a message, and return how many they have that day."""

    def add(self, report: Report) -> Report:
        """Keep a new one, and return it; the one that is there already stays."""

    def get(self, record_id: str) -> Report | None:
        """Return it as it is now (consistent)."""

    def save(self, record: Report) -> Report | None:
        """Keep a changed one and return it with its new revision; None: it changed meanwhile.

        `record.revision` is that of the one it was made from.
        """

    def of_territory(self, territory: Territory) -> list[Report]:
        """Return those of a territory, the newest first."""

    def of_house(self, house_id: str, oktmo: str) -> list[Report]:
        """Return those of a house, the newest first."""

    def due(self, now: datetime, *, limit: int) -> list[str]:
        """Return ids of some whose time has come."""

    def postpone(self, record_id: str, *, until: datetime) -> None:
        """Keep a due one from being handed over again before a time."""
