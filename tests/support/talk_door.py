"""A community of the sandbox in which people talk with the bot: VkTalk, its chats, its events."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from housechats.adapters.vk import VkApi
from housechats.adapters.vk_talks import VkTalk
from housechats.domain.callbacks import Lane, read
from housechats.domain.chat_events import ChatEvent, Press
from housechats.ports.talks import Row, Saying
from local.vk.conversations import CHAT_PEERS, Chat, Message
from local.vk.core import Sandbox
from local.vk.faults import Fault, Kind
from local.vk.switches import Switches
from support.clock import VirtualClock
from support.pace_fake import FakePace
from support.vk_http import URL, SandboxHttp

COMMUNITY = 240_000_001
TOKEN = "token"


@dataclass
class TalkDoor:
    """People are numbers: who is not known is invented, and allows messages once they write.

    Chats are named by their numbers, messages by their cmids, as the ports name them.
    """

    switches: Switches = field(default_factory=Switches)
    clock: VirtualClock = field(default_factory=VirtualClock)
    community: int = COMMUNITY
    latency: float = 0.0

    def __post_init__(self) -> None:
        self.sandbox = Sandbox(
            {self.community: TOKEN},
            clock=self.clock.now,
            switches=self.switches,
            files_base=f"{URL}/",
        )
        self.http = SandboxHttp(self.sandbox, sleep=self.clock.sleep, latency=self.latency)
        self.api = VkApi(URL, lambda: TOKEN, FakePace(self.clock), self.http)
        self.talk = VkTalk(self.api, self.community, self.clock.moment)
        self._told = 0

    # People

    def chat(self, *people: int, title: str = "ул. Садовая, 5") -> int:
        """Open a chat that people have joined."""
        home = self.sandbox.communities[self.community]
        chat = home.found_chat(title, self.clock.now())
        home.invite(chat, anew=False)
        chat.spoken = True
        self.join(chat.number, *people)
        return chat.number

    def join(self, chat_id: int, *people: int) -> None:
        for vk_id in people:
            self.sandbox.join(self.at(chat_id).link, vk_id)

    def leave(self, chat_id: int, vk_id: int) -> None:
        self.sandbox.leave(CHAT_PEERS + chat_id, vk_id)

    def allow(self, *people: int) -> None:
        for vk_id in people:
            self.sandbox.allow_messages(vk_id)

    def write(
        self, chat_id: int, vk_id: int, text: str, *, reply_to: int = 0, photos: int = 0
    ) -> int:
        """Write into a chat (0: privately to the bot) and return the cmid."""
        message = self.sandbox.write(
            _peer(chat_id, vk_id), vk_id, text, reply_to=reply_to, photos=photos
        )
        return message.cmid

    def press(self, chat_id: int, vk_id: int, label: str, *, cmid: int = 0) -> str:
        """Press the latest button with that label (0: in the private dialog); the press's id."""
        peer = _peer(chat_id, vk_id)
        event = self.sandbox.press(peer, cmid or self._with_button(peer, label), vk_id, label)
        return str(event["object"].get("event_id", ""))

    def forge(self, chat_id: int, vk_id: int, press: Press, *, cmid: int = 1) -> str:
        """Press what no button offers."""
        event = self.sandbox.forge(_peer(chat_id, vk_id), cmid, vk_id, press.payload)
        return str(event["object"]["event_id"])

    # What came of it

    def at(self, chat_id: int) -> Chat:
        return self.sandbox.communities[self.community].chats[chat_id]

    def members(self, chat_id: int) -> set[int]:
        """Return the people who are in a chat."""
        return {number for number in self.at(chat_id).members if number > 0}

    def messages(self, chat_id: int) -> list[Message]:
        """Return what the bot has said in a chat and is still there."""
        return self._messages(CHAT_PEERS + chat_id)

    def told(self, vk_id: int) -> list[Message]:
        """Return what the bot has told somebody privately."""
        return self._messages(vk_id)

    def texts(self, chat_id: int) -> list[str]:
        return [message.text for message in self.messages(chat_id)]

    def told_texts(self, vk_id: int) -> list[str]:
        return [message.text for message in self.told(vk_id)]

    def snackbar(self, press_id: str) -> str | None:
        """Return what was shown to who pressed: empty if the press only ended, None if it waits."""
        answer = self.sandbox.communities[self.community].presses[press_id].answer
        return None if answer is None else str(answer.get("text") or answer.get("link") or "")

    def calls(self, method: str) -> int:
        return len(self.sandbox.journal.calls(method))

    # Events

    def events(self) -> list[ChatEvent]:
        """Return what people have done since it was last asked, as the door tells the rooms.

        What is only counted is not among them.
        """
        vk_events = self.sandbox.events(self.community)
        fresh, self._told = vk_events[self._told :], len(vk_events)
        now = self.clock.moment()
        told = [one for event in fresh for one in read(event, arrived=now, retry=0)]
        return [ChatEvent.read(body) for lane, body in told if lane is not Lane.TALK]

    def events_to_queue(self, put: Callable[[dict[str, str | int]], None]) -> int:
        """Put what people have done since it was last asked where a room takes it from."""
        fresh = self.events()
        for event in fresh:
            put(event.body)
        return len(fresh)

    # Trouble

    def fault(self, kind: Kind, method: str, **how: Any) -> None:
        self.sandbox.add_fault(Fault(kind, method, **how))

    def saying(
        self, text: str, *, random_id: int = 1, rows: tuple[Row, ...] = (), **more: Any
    ) -> Saying:
        """Return something to say that is set about now."""
        return Saying(text, random_id, self.clock.moment(), rows=rows, **more)

    def wait(self, passed: timedelta) -> None:
        self.clock.sleep(passed.total_seconds())

    def _messages(self, peer: int) -> list[Message]:
        sent = self.sandbox.journal.messages(peer)
        return [message for message in sent if not message.deleted_at]

    def _with_button(self, peer: int, label: str) -> int:
        for message in reversed(self._messages(peer)):
            rows = (message.keyboard or {}).get("buttons", [])
            if any(key["action"].get("label") == label for row in rows for key in row):
                return message.cmid
        raise AssertionError(f"no button {label}")


def _peer(chat_id: int, vk_id: int) -> int:
    return CHAT_PEERS + chat_id if chat_id else vk_id
