"""Chats: the messenger's side of opening them, and whose each is."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Lane(StrEnum):
    """How urgent a call is; who waits for whom at a community's pace."""

    BULK = "bulk"
    INTERACTIVE = "interactive"
    EMERGENCY = "emergency"


class Chats(Protocol):
    """Remembers which chat of a community is which house's."""

    def remember(self, community: int, chat_id: int, *, house_id: str) -> str:
        """Keep whose chat it is, and return it: the first word counts.

        Empty when it is no house's but another chat of ours.
        """

    def house_of(self, community: int, chat_id: int) -> str | None:
        """Return whose chat it is; None when it is no house's."""

    def known(self, community: int) -> dict[int, str]:
        """Return whose each house chat is, by the chats' numbers."""

    def noted(self, community: int) -> dict[int, str]:
        """Return all chats of ours: houses' with their houses, others with an empty text."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """What became of a chat's link, first message and pin."""

    link: str
    cmid: int
    """0 when VK did not say: the message is there, its number must be looked up."""
    pinned: bool


class ChatMaker(Protocol):
    """Makes chats: the messenger's side of opening a house chat."""

    def create_chat(self, title: str) -> int:
        """Make a chat and return its number; OutcomeUnknownError when it may have been made."""

    def titles(self, chat_ids: Sequence[int]) -> dict[int, str]:
        """Return the titles of those of our chats that can be seen (any number of ids)."""

    def existing(self, chat_ids: Sequence[int]) -> set[int]:
        """Return those numbers under which a chat exists, seen in lists or not."""

    def settle(self, chat_id: int, *, title: str, text: str | None, random_id: int) -> Welcome:
        """Give the clean title, fetch the link, send the first message and pin it, in one call.

        `text` None: the first message is there already, only title and link are wanted.
        """

    def own_message(self, chat_id: int) -> int:
        """Return the number of the first message that we wrote; 0 when none is to be seen."""

    def pin(self, chat_id: int, cmid: int) -> None: ...
