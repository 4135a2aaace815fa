"""The account of who did what."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from housechats.domain.audit import Act, Entry


class Ledger(Protocol):
    """Keeps acts: before they are done by themselves, after that in their region's chain."""

    def intend(self, act: Act) -> None:
        """Keep what somebody is about to do."""

    def drop(self, act_id: str) -> None:
        """Note that it was not done after all: it was refused."""

    def settle(self, act: Act) -> None:
        """Put an act into its region's chain, once, however often it is asked for."""

    def due(self, now: datetime, *, limit: int) -> list[Act]:
        """Return some acts of which nobody has said how they ended."""

    def entries(self, region: str, *, before: int = 0, limit: int = 100) -> list[Entry]:
        """Return the latest links of a chain, the newest first; those before a number if given."""

    def chain(self, region: str, *, after: int = 0) -> Iterator[Entry]:
        """Yield the links of a chain in their order, those after a number if given."""

    def end(self, region: str) -> tuple[int, str]:
        """Return number and hash of a chain's last link, as kept beside it."""
