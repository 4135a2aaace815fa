"""The houses, and how far their chats are."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from housechats.domain.houses import House, HouseLine
from housechats.domain.territories import Territory


@dataclass(frozen=True, slots=True)
class Claim:
    """What a try to open a chat found: the house as it was, and whether the lease is ours."""

    house: House
    ours: bool


class Houses(Protocol):
    """Keeps the houses and how far their chats are."""

    def claim_fias(self, fias_id: str, *, house_id: str, digest: str, instead_of: str = "") -> str:
        """Tie a ФИАС id to a house; return the id of the house that has it, if it is another.

        `instead_of` is a house that turned out not to be there: its claim is taken over.
        """

    def of_fias(self, fias_ids: Iterable[str]) -> dict[str, str]:
        """Return the ids of those houses that have a ФИАС id, by it."""

    def enrol(self, house: House) -> House | None:
        """Keep a new house; None when it is new, else the house that has its code.

        One that is due is found by the sweep, until somebody begins to open its chat.
        """

    def announce(self, houses: Collection[House]) -> None:
        """Have lists show new houses: after they were enrolled, again if that is repeated."""

    def amend(self, before: House, after: House) -> House | None:
        """Write what people or a list have changed of a house, all at once.

        None when it is done, else the house as it is: it was changed since it was read. A chat
        that does not say it yet is due to be renewed.
        """

    def get(self, house_id: str) -> House | None: ...

    def get_many(self, house_ids: Iterable[str]) -> list[House]:
        """Return the houses as they are now (consistent), in no order."""

    def claim_opening(self, house_id: str, *, now: datetime, lease_until: datetime) -> Claim | None:
        """Take the lease if the chat is planned, or its opening has a dead lease.

        None when there is no such house.
        """

    def made(self, house_id: str, *, chat_id: int, now: datetime) -> None:
        """Note the chat. Like all notes, it comes too late for an open or a closed one."""

    def opened(self, house_id: str, *, link: str, cmid: int) -> None:
        """Note link and first message; who was changed meanwhile is due to be renewed."""

    def refused(self, house_id: str, *, reason: str) -> None: ...

    def give_up(self, house_id: str, *, reason: str) -> bool:
        """Refuse a chat that nobody has begun to open; False when somebody has."""

    def uncertain(self, house_id: str, *, reason: str) -> None: ...

    def wait(
        self, house: House, *, until: datetime, reason: str, searches: int | None = None
    ) -> None:
        """Keep the house's state, end its lease, and have it tried again at a time."""

    def replan(self, house: House, *, letter_id: str, now: datetime) -> bool:
        """Begin a refused or uncertain chat anew, as a person decided; False if it is neither.

        A chat that was made stays the house's: only what came after it is done again. The house
        is due at once, so that the sweep finds it if nobody else does.
        """

    def lose(self, house_id: str, chat_id: int, code: str) -> None:
        """Note that an open chat is out of reach, with a code of FAILURES.

        Nothing when it is not the house's open chat: it may be lost already, closed or replaced.
        """

    def leave_chat(self, house: House, *, letter_id: str, now: datetime) -> bool:
        """Plan a new chat instead of a lost one, as a person decided; due at once.

        False when the house is not as it was read.
        """

    def poster_drawn(self, house_id: str, *, now: datetime) -> None: ...

    def due(self, now: datetime, *, limit: int) -> list[str]:
        """Return ids of some houses whose time has come."""

    def postpone(self, house_id: str, *, until: datetime) -> None:
        """Keep a due house from being handed over again before a time."""


class Catalogue(Protocol):
    """What lists show of houses, in their order, some seconds old at most."""

    def lines(self, territory: Territory) -> Sequence[HouseLine]: ...

    def forget(self) -> None:
        """Read anew next time: who changed a house looks for it in the list at once."""


class Towns(Protocol):
    """Keeps the town of a municipality, for addresses that name none."""

    def put(self, oktmo: str, locality: str) -> None: ...

    def get(self, oktmo: str) -> str:
        """Return the town; empty when nobody has said it."""

    def get_many(self, oktmos: Iterable[str]) -> dict[str, str]:
        """Return those that somebody has said."""


class Scans(Protocol):
    """Counts how often a poster's code was scanned."""

    def count(self, house_id: str, place: str) -> None:
        """Add one to a place: an entrance's number, `lift`, or `other`."""

    def of(self, house_id: str) -> dict[str, int]: ...

    def of_many(self, house_ids: Iterable[str]) -> dict[str, int]:
        """Return how often the posters of houses were scanned in all; who was not is left out."""
