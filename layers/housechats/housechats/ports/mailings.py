"""Mailings: the messenger's side of broadcasts. Chats are those of one community."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from housechats.ports.chats import Lane
from housechats.ports.letters import Button


@dataclass(frozen=True, slots=True)
class Sent:
    """The message is in the chat under a number."""

    cmid: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The messenger said no for good: a code of FAILURES (domain/receipts.py) and a sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Waits:
    """The messenger asked us to leave this one chat alone until a time."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Unclear:
    """The messenger's answer about this chat does not tell whether it was done: look.

    `code` is its error, 0 when it told none (a repeat may be answered so).
    """

    code: int


Outcome = Sent | Refused | Waits | Unclear


@dataclass(frozen=True, slots=True)
class MailFile:
    """The file of an attachment, should each chat need a copy of its own."""

    name: str
    image: bool
    body: Callable[[], bytes]
    """Read only then."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What is sent beside the text."""

    random_id: int
    attachment: str = ""
    buttons: Sequence[Button] = ()
    file: MailFile | None = None
    """What `attachment` is a reference to: whether chats may share one, nobody knows.

    Without such a reference each chat gets a copy of its own.
    """

    @property
    def has_copies(self) -> bool:
        return self.file is not None and not self.attachment


class StoppedError(Exception):
    """What was asked for is not wanted any more: nothing was sent."""


class Mailer(Protocol):
    """Writes to many chats.

    Every method makes one call, at the community's pace. `go` is asked when a slot of it is
    granted, before the call: it raises StoppedError when the call is not wanted any more.
    Whatever concerns the whole call rises: PausedError, DisconnectedError, OutcomeUnknownError,
    UnavailableError, or what we do not know. What concerns one chat is its outcome; each chat
    that was asked about has one.
    """

    def send(
        self, texts: Mapping[int, str], mail: Mail, *, lane: Lane, go: Callable[[], None]
    ) -> dict[int, Outcome]:
        """Send each chat its text: up to 100 chats if all texts are one, else up to 25."""

    def find(
        self,
        texts: Mapping[int, str],
        *,
        random_id: int,
        since: datetime,
        lane: Lane,
        go: Callable[[], None],
    ) -> dict[int, int | None]:
        """Return numbers of our messages sent since a moment; None where the history is hidden.

        0 where there is none. By `random_id` if the history tells it, else by text; up to 25.
        """

    def edit(
        self,
        texts: Mapping[int, str],
        cmids: Mapping[int, int],
        mail: Mail,
        *,
        lane: Lane,
        go: Callable[[], None],
    ) -> dict[int, Outcome]:
        """Put other texts into our messages; Refused `too_old` where it is too late; up to 25."""

    def reply(
        self,
        texts: Mapping[int, str],
        cmids: Mapping[int, int],
        mail: Mail,
        *,
        lane: Lane,
        go: Callable[[], None],
    ) -> dict[int, Outcome]:
        """Send texts as replies to our messages; up to 25."""

    def delete(
        self, cmids: Mapping[int, int], *, lane: Lane, go: Callable[[], None]
    ) -> dict[int, Outcome]:
        """Delete messages for all; Sent with its number when it is gone; `too_late`; up to 25."""

    def pin(
        self, cmids: Mapping[int, int], *, lane: Lane, go: Callable[[], None]
    ) -> dict[int, Outcome]:
        """Pin messages; up to 25."""

    def attach(self, chat_id: int, *, file_name: str, body: bytes, image: bool, lane: Lane) -> str:
        """Upload a picture or a document, and return what `send` takes.

        RefusedError tells of the chat by a code of FAILURES that loses it; else of the file.
        """
