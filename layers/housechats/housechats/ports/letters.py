"""Messages to one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Button:
    """A button with a link under a private message."""

    label: str
    link: str


class Letters(Protocol):
    """Writes private messages: the messenger's side of instructions.

    RefusedError with the code `consent` when the person has not allowed messages.
    """

    def person(self, vk_name: str) -> int:
        """Return the id of the person with that screen name; RefusedError when there is none."""

    def attach(self, vk_id: int, *, file_name: str, pdf: bytes) -> str:
        """Upload a document for one person and return what `send` takes."""

    def send(
        self,
        vk_id: int,
        text: str,
        *,
        random_id: int,
        attachment: str,
        buttons: Sequence[Button],
    ) -> None:
        """Send a letter; `attachment` may be empty."""

    def was_sent(self, vk_id: int, *, text: str, random_id: int) -> bool:
        """Tell whether our message with that text or number is among the latest of the dialog."""


class TextMessages(Protocol):
    """Sends SMS."""

    def send(self, phone: str, text: str) -> None:
        """Send one text; RefusedError when the number cannot be reached for good."""
