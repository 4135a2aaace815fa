"""What the bot waits to hear, and which events it has worked: in memory."""

from collections.abc import Callable
from datetime import datetime, timedelta

from housechats.domain.chat_events import KEPT_SEEN, ChatEvent
from housechats.domain.dialogues import Dialogue
from support.fakes import real_time


class FakeDialogues:
    def __init__(self, clock: Callable[[], datetime] = real_time) -> None:
        self.open: dict[tuple[int, int], Dialogue] = {}
        self._clock = clock

    def get(self, community: int, vk_id: int) -> Dialogue | None:
        dialogue = self.open.get((community, vk_id))
        return dialogue if dialogue and dialogue.until > self._clock() else None

    def begin(self, dialogue: Dialogue) -> None:
        self.open[dialogue.community, dialogue.vk_id] = dialogue

    def go_on(self, dialogue: Dialogue) -> bool:
        there = self.open.get((dialogue.community, dialogue.vk_id))
        if there is None or (there.room, there.thing, there.revision) != (
            dialogue.room,
            dialogue.thing,
            dialogue.revision - 1,
        ):
            return False
        self.begin(dialogue)
        return True

    def end(self, dialogue: Dialogue) -> None:
        there = self.open.get((dialogue.community, dialogue.vk_id))
        if there and (there.room, there.thing, there.revision, there.asked_at) == (
            dialogue.room,
            dialogue.thing,
            dialogue.revision,
            dialogue.asked_at,
        ):
            del self.open[dialogue.community, dialogue.vk_id]


class FakeSeenEvents:
    def __init__(self, clock: Callable[[], datetime] = real_time) -> None:
        self.until: dict[tuple[int, str], datetime] = {}
        self._clock = clock

    def seen(self, event: ChatEvent) -> bool:
        until = self.until.get((event.community, event.id))
        return until is not None and until > self._clock()

    def note(self, event: ChatEvent, *, now: datetime) -> None:
        self.until[event.community, event.id] = now + timedelta(seconds=KEPT_SEEN)
