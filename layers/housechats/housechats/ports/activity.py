"""Activity: what is counted in chats, and the totals of territories and organisations."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from housechats.domain.activity import Counts, Tally


@dataclass(frozen=True, slots=True)
class TallyName:
    """Which tally it is."""

    house_id: str
    day: date
    part: str = ""


class Tallies(Protocol):
    """Keeps what is counted of a house's chat on a day."""

    def get_many(self, names: Iterable[TallyName]) -> dict[TallyName, Tally]:
        """Return those that are there, as they are now (consistent)."""

    def save(self, tally: Tally) -> bool:
        """Keep a changed one; False when it is not as it was read.

        `tally.revision` is that of the one it was made from.
        """

    def of_house(self, house_id: str, since: date, until: date) -> list[Tally]:
        """Return all parts of a house's days, both ends included."""

    def due(self, now: datetime, *, limit: int) -> list[TallyName]:
        """Return some whose days are over."""

    def close(self, tallies: Sequence[Tally], totals: Mapping[str, Mapping[date, Counts]]) -> bool:
        """Close tallies, as they were read, and add what the totals lacked: all of it or nothing.

        False when one of the tallies is not as it was read.
        """


class Totals(Protocol):
    """Keeps what closed days come to, by subject: a territory, or an organisation in it."""

    def of(self, subject: str, since: date, until: date) -> dict[date, Counts]:
        """Return the days on which anything was counted, both ends included."""
