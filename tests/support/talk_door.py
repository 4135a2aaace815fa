"""A community of the sandbox in which people talk with the bot: VkTalk, its chats, its events."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from housechats.adapters.vk import VkApi
from housechats.adapters.vk_talks import VkTalk
from housechats.domain.chat_events import ChatEvent, EventKind, Press
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
        """Return what people have done since it was last asked, as it is told to the rooms."""
        vk_events = self.sandbox.events(self.community)
        fresh, self._told = vk_events[self._told :], len(vk_events)
        return [told for event in fresh if (told := event_of(event, self.clock.moment()))]

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


def event_of(event: dict[str, Any], at: datetime) -> ChatEvent | None:
    """Return what VK's event tells; None for what is no deed of a person."""
    made = {"id": event["event_id"], "community": event["group_id"]}
    what = event["object"]
    match event["type"]:
        case "message_allow" | "message_deny":
            kind = EventKind.ALLOWED if event["type"] == "message_allow" else EventKind.DENIED
            return ChatEvent(**made, kind=kind, at=at, user=what["user_id"])
        case "message_event":
            return ChatEvent(
                **made,
                kind=EventKind.PRESS,
                at=at,
                user=what["user_id"],
                chat_id=max(what["peer_id"] - CHAT_PEERS, 0),
                cmid=what["conversation_message_id"],
                press=Press.read(what["payload"]),
                press_id=what["event_id"],
            )
        case "message_new" if what["message"]["from_id"] > 0:
            return _message_of(made, what["message"])
    return None


def _message_of(made: dict[str, Any], message: dict[str, Any]) -> ChatEvent:
    action, reply = message.get("action"), message.get("reply_message")
    kinds = {"chat_invite_user_by_link": EventKind.JOINED, "chat_kick_user": EventKind.LEFT}
    who = message["from_id"]
    return ChatEvent(
        **made,
        kind=kinds[action["type"]] if action else EventKind.TEXT,
        at=datetime.fromtimestamp(message["date"], UTC),
        user=who,
        chat_id=max(message["peer_id"] - CHAT_PEERS, 0),
        cmid=message["conversation_message_id"],
        reply_cmid=reply["conversation_message_id"] if reply else 0,
        reply_to=reply["from_id"] if reply else 0,
        press=Press.read(message["payload"]) if "payload" in message else None,
        member=action.get("member_id", who) if action else 0,
    )


def _peer(chat_id: int, vk_id: int) -> int:
    return CHAT_PEERS + chat_id if chat_id else vk_id
