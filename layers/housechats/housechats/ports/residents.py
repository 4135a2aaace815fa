"""Residents: how many people are in the chats, and whether the elders are."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from housechats.domain.houses import House


@dataclass(frozen=True, slots=True)
class Counted:
    """Whose a chat is, and how many people were in it when they were counted last."""

    house_id: str
    residents: int | None
    """None: not counted yet, or to be looked at anew."""


class Residents(Protocol):
    """Keeps how many people are in each chat of a community."""

    def of(self, community: int) -> dict[int, Counted]:
        """Return what is known of all chats of a community, by their numbers."""

    def begin(self, community: int, *, now: datetime) -> None:
        """Note when a community's chats are begun to be counted."""

    def begun(self) -> dict[int, datetime]:
        """Return when each community's chats were begun to be counted last."""

    def note(self, house: House, residents: int, *, elder_joined: bool, now: datetime) -> None:
        """Keep the number, and that the elder who was named then is in the chat."""

    def elder_came(self, house: House, *, now: datetime) -> None:
        """Keep that the elder is in the chat, if they still are the elder."""

    def look_anew(self, house: House) -> None:
        """Have the chat looked at next time, though the number may be the same."""


class Headcount(Protocol):
    """Counts the members of chats: the messenger's side."""

    def count(self, chat_ids: Iterable[int]) -> dict[int, int]:
        """Return how many people are in those of the chats that can be seen; we do not count."""

    def joined(self, people: Mapping[int, int]) -> Collection[int]:
        """Return those chats in which their person is: people by chats' numbers."""
