"""Discussions, and the chats that were made for them."""

from datetime import datetime
from typing import Protocol

from housechats.domain.discussions import Discussion
from housechats.domain.territories import Territory


class Discussions(Protocol):
    """Keeps discussions."""

    def add(self, discussion: Discussion) -> Discussion:
        """Keep a new one, and return it; the one that is there already stays."""

    def get(self, record_id: str) -> Discussion | None:
        """Return it as it is now (consistent)."""

    def save(self, record: Discussion) -> Discussion | None:
        """Keep a changed one and return it with its new revision; None: it changed meanwhile.

        `record.revision` is that of the one it was made from.
        """

    def of_house(self, house_id: str) -> list[Discussion]:
        """Return a house's discussions, the newest first."""

    def of_organisation(self, inn: str) -> list[Discussion]:
        """Return those of an organisation that are not over, by their time."""

    def of_territory(self, territory: Territory, *, since: datetime) -> list[Discussion]:
        """Return those that begin after a moment in a territory, the newest first."""

    def due(self, now: datetime, *, limit: int) -> list[str]:
        """Return ids of some whose time has come."""


class DiscussionChats(Protocol):
    """Remembers which chat of a community was made for which discussion: never a house's."""

    def remember(self, community: int, chat_id: int, *, discussion_id: str) -> str:
        """Keep whose chat it is, and return it: the first word counts.

        Empty when it is a house's, or anything else's.
        """

    def discussion_of(self, community: int, chat_id: int) -> str | None:
        """Return the discussion for which a chat was made; None when it is no discussion's."""
