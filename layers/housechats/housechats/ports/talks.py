"""Talks: what the bot says and does in one community's chats and private dialogs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from housechats.domain.chat_events import Press
from housechats.ports.letters import Button


class Tone(StrEnum):
    """How a button looks."""

    PRIMARY = "primary"
    PLAIN = "secondary"
    GOOD = "positive"
    BAD = "negative"


@dataclass(frozen=True, slots=True)
class PressButton:
    """A button that tells the bot of its press, without a message in the chat."""

    label: str
    press: Press
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class AppButton:
    """A button that opens a mini app."""

    label: str
    app_id: int
    hash: str = ""
    """What the app is told; anyone can forge it."""
    owner_id: int = 0
    """The community in which the app is installed, negative; 0: none."""


Row = Sequence[Button | PressButton | AppButton]
"""Buttons side by side: up to 5; up to 6 rows and 10 buttons under one message."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What is said once."""

    text: str
    random_id: int
    begun_at: datetime
    """When it was set about first: after an hour VK does not know repeats, so it is looked for."""
    rows: Sequence[Row] = ()
    attachment: str = ""
    """As the messenger names files: photo1_2,doc3_4."""
    reply_to: int = 0
    """The cmid of a message in the same chat; 0: no reply."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message that somebody wrote."""

    author: int
    at: datetime
    text: str
    photos: tuple[str, ...] = ()
    """As the messenger names files, with the access keys that let the community show them."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a messenger's community can do."""

    deletes_chats: bool
    """Else a chat can only be emptied."""
    adds_people: bool
    names_administrators: bool
    mutes: bool


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press that waits for its answer; it lives for about a minute."""

    press_id: str
    user: int
    chat_id: int
    """0: in the private dialog."""
    text: str = ""
    """Shown for some seconds, up to 90 characters; empty: the press only ends."""
    link: str = ""
    """Opened instead."""


class Talk(Protocol):
    """Speaks as one community: behind emergencies, and ahead of mailings where people wait.

    Whatever concerns the community rises: PausedError, DisconnectedError, UnavailableError.
    RefusedError tells of the one chat or person: `consent` when a person has not allowed messages.
    """

    @property
    def can(self) -> Capabilities: ...

    def say(self, chat_id: int, saying: Saying) -> int:
        """Write into a chat and return the message's cmid; a repeat returns the same one."""

    def tell(self, vk_id: int, saying: Saying) -> int:
        """Write privately and return the message's cmid; a repeat returns the same one."""

    def edit(
        self, chat_id: int, cmid: int, text: str, *, rows: Sequence[Row] = (), attachment: str = ""
    ) -> None:
        """Put another text into a message of ours; RefusedError `too_old` when it is too late."""

    def edit_told(self, vk_id: int, cmid: int, text: str, *, rows: Sequence[Row] = ()) -> None:
        """Put another text into a private message of ours."""

    def pin(self, chat_id: int, cmid: int) -> None:
        """Pin a message; RefusedError `too_old` when it is gone."""

    def read(self, chat_id: int, cmid: int) -> Written | None:
        """Return what somebody wrote into a chat; None when it is gone."""

    def read_private(self, vk_id: int, cmid: int) -> Written | None: ...

    def answer(self, presses: Iterable[Pressed]) -> None:
        """Answer presses, up to 25 a call; what comes too late, or is refused, is left."""

    def delete(self, chat_id: int, cmid: int) -> None:
        """Delete anybody's message for all; RefusedError `too_late`, `chat_rights`."""

    def mute(self, chat_id: int, vk_id: int, *, seconds: int) -> None:
        """Let somebody only read for a time.

        RefusedError `not_possible` where VK has no such, `left` when they are gone.
        """

    def make_administrator(self, chat_id: int, vk_id: int) -> None:
        """RefusedError `not_possible` where VK has no such, `left` when they are gone."""

    def make_member(self, chat_id: int, vk_id: int) -> None:
        """Let an administrator be no more than anybody; refused as above."""

    def members(self, chat_id: int) -> list[int]:
        """Return who is in a chat: people only, without communities; all pages."""

    def is_member(self, chat_id: int, vk_id: int) -> bool: ...

    def remove(self, chat_id: int, vk_ids: Sequence[int]) -> None:
        """Remove up to 25 people; who is not there any more is removed."""

    def revoke_link(self, chat_id: int) -> str:
        """Let the invite link end, and return the new one, which nobody is told."""
