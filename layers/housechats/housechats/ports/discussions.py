"""Discussions, and the chats that were made for them."""

from dataclasses import dataclass
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
        """Return ids of some whose time has come, but for those that are only to be emptied."""

    def to_clean(self, now: datetime, *, limit: int) -> list[str]:
        """Return ids of some whose chats are to be emptied by now."""

    def postpone(self, record_id: str, *, until: datetime) -> None:
        """Keep a due one from being handed over again before a time."""


class DiscussionChats(Protocol):
    """Remembers which chat of a community was made for which discussion: never a house's."""

    def remember(self, community: int, chat_id: int, *, discussion_id: str) -> str:
        """Keep whose chat it is, and return it: the first word counts.

        Empty when it is a house's, or anything else's.
        """

    def discussion_of(self, community: int, chat_id: int) -> str | None:
        """Return the discussion for which a chat was made; None when it is no discussion's."""


class Interested(Protocol):
    """Remembers who is to be told when a discussion opens."""

    def add(self, discussion_id: str, vk_id: int, *, until: datetime) -> None: ...

    def of(self, discussion_id: str) -> list[int]: ...

    def remove(self, discussion_id: str, vk_id: int) -> None:
        """Forget somebody, told or not to be told."""


@dataclass(frozen=True, slots=True)
class Talkers:
    """Who has written in a chat lately, and when the last of them did."""

    people: frozenset[int] = frozenset()
    last_at: datetime | None = None
    whole: bool = True
    """Whether all that was written since was seen."""


class Gathering(Protocol):
    """Looks into chats of discussions, as one community.

    Errors as in Talk: RefusedError tells of the one chat.
    """

    def heard(self, chat_id: int, *, since: datetime) -> Talkers:
        """Return who has written since a moment, as far as one look can tell."""


class Starts(Protocol):
    """Hands a discussion to a queue at a time."""

    def plan(self, discussion_id: str, *, at: datetime, now: datetime) -> None:
        """Have it handed over then, in place of the time that was planned before."""
