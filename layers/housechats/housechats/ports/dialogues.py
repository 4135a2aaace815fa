"""What the bot waits to hear, and which events it has worked."""

from datetime import datetime
from typing import Protocol

from housechats.domain.chat_events import ChatEvent
from housechats.domain.dialogues import Dialogue


class Dialogues(Protocol):
    """Keeps one dialogue a person and community."""

    def get(self, community: int, vk_id: int) -> Dialogue | None:
        """Return it as it is now (consistent); None when it has expired."""

    def begin(self, dialogue: Dialogue) -> None:
        """Keep a new one in place of any other."""

    def go_on(self, dialogue: Dialogue) -> bool:
        """Keep the next step; False when it is not as it was read.

        `dialogue.revision` is one more than that of the one it was made from.
        """

    def end(self, dialogue: Dialogue) -> None:
        """Forget it, unless another one has taken its place."""


class SeenEvents(Protocol):
    """Remembers for a day which events were worked."""

    def seen(self, event: ChatEvent) -> bool: ...

    def note(self, event: ChatEvent, *, now: datetime) -> None: ...
