"""Coordination chats, and which chat of a community is which of them."""

from typing import Protocol

from housechats.domain.coordination import CoordinationChat


class CoordinationChats(Protocol):
    """Keeps coordination chats."""

    def add(self, chat: CoordinationChat) -> CoordinationChat:
        """Keep a new one, and return it; the one that is there already stays."""

    def get(self, record_id: str) -> CoordinationChat | None:
        """Return it as it is now (consistent)."""

    def save(self, record: CoordinationChat) -> CoordinationChat | None:
        """Keep a changed one and return it with its new revision; None: it changed meanwhile.

        `record.revision` is that of the one it was made from.
        """

    def of_region(self, region: str) -> list[CoordinationChat]:
        """Return a region's as they are now, by municipality and number."""

    def remember(self, community: int, chat_id: int, *, coordination_id: str) -> str:
        """Keep whose chat it is, and return it: the first word counts.

        Empty when it is a house's, or anything else's.
        """

    def coordination_of(self, community: int, chat_id: int) -> str | None:
        """Return the coordination chat that it is; None when it is none."""
