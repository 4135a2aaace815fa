"""Guides of elders."""

from datetime import datetime
from typing import Protocol

from housechats.domain.guides import Guide
from housechats.domain.territories import Territory


class Guides(Protocol):
    """Keeps one guide an elder, for a year since it was changed last."""

    def get(self, record_id: str) -> Guide | None:
        """Return the guide of an elder, by their id, as it is now (consistent)."""

    def save(self, record: Guide) -> Guide | None:
        """Keep a changed one and return it with its new revision; None: it changed meanwhile.

        `record.revision` is that of the one it was made from; 0: there was none.
        """

    def of_territory(self, territory: Territory, *, since: str, limit: int) -> list[Guide]:
        """Return some guides of a territory's elders that are not over, as they are listed.

        `since`: from that `listed_at` on; empty: from the first. Guides of its whole municipality
        may be among them: their houses tell the rest of their codes.
        """

    def due(self, now: datetime, *, limit: int) -> list[str]:
        """Return ids of some elders whose guides have something to do."""

    def postpone(self, elder_id: str, *, now: datetime, until: datetime) -> None:
        """Keep a due one from being found before a time, unless it is not due any more."""
