"""Complaints of residents."""

from datetime import datetime
from typing import Protocol

from housechats.domain.complaints import Complaint
from housechats.domain.territories import Territory


class Complaints(Protocol):
    """Keeps complaints."""

    def add(self, complaint: Complaint) -> Complaint | None:
        """Keep a new one, and return it, or what its event has made before.

        None when its number is another's.
        """

    def get(self, record_id: str) -> Complaint | None:
        """Return it as it is now (consistent)."""

    def save(self, record: Complaint) -> Complaint | None:
        """Keep a changed one and return it with its new revision; None: it changed meanwhile.

        `record.revision` is that of the one it was made from.
        """

    def of_territory(self, territory: Territory, *, since: datetime) -> list[Complaint]:
        """Return those sent since a moment in a territory, the newest first."""

    def of_author(self, vk_id: int, *, limit: int) -> list[Complaint]:
        """Return a person's own, the newest first."""

    def due(self, now: datetime, *, limit: int) -> list[str]:
        """Return ids of some whose time has come."""

    def postpone(self, record_id: str, *, until: datetime) -> None:
        """Keep a due one from being handed over again before a time."""
