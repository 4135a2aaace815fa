"""One community: its chats, its dialogs, who lets it write, the files and events it has."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from local.vk.conversations import CHAT_PEERS, Chat, Conversation, File, Member, Message, Press
from local.vk.people import Person


@dataclass(slots=True)
class Upload:
    """A place handed out for one file; `file` is what was put there."""

    kind: str
    peer_id: int
    name: str = ""
    data: bytes | None = None
    saved: bool = False


@dataclass(slots=True)
class Server:
    """Who is told of a community's events; `events` are those that are switched on."""

    id: int
    url: str
    title: str
    secret_key: str = field(default="", repr=False)
    status: str = "unconfigured"
    """As VK names it: unconfigured, wait, failed, ok."""
    confirmed: bool = False
    events: set[str] = field(default_factory=set)
    failures: int = 0
    """In a row."""
    rests_until: float = 0.0


RIGHTS = {"photos": 4, "messages": 4096, "docs": 131_072, "manage": 262_144}
"""The bits of a community token's rights in VK's documentation, by VK's names."""


@dataclass(slots=True)
class Community:
    id: int
    token: str = field(repr=False)
    name: str = "Домовые чаты"
    rights: frozenset[str] = frozenset(RIGHTS)
    """What the token may do; a method that needs another right is error 15."""
    bots: bool = True
    """Whether its settings let it act as a bot; else sends are error 912."""
    messages: bool = True
    """Whether it takes and sends messages at all; else sends are error 915."""
    chats: dict[int, Chat] = field(default_factory=dict)
    dialogs: dict[int, Conversation] = field(default_factory=dict)
    consent: dict[int, bool] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    servers: dict[int, Server] = field(default_factory=dict)
    servers_made: int = 0
    presses: dict[str, Press] = field(default_factory=dict)
    """By the event they made."""
    pictures: int = 0
    """How many photos people have sent."""
    activity: dict[int, int] = field(default_factory=dict)
    last_message_id: int = 0
    moves: int = 0

    @property
    def owner_id(self) -> int:
        return -self.id

    @property
    def confirmation_code(self) -> str:
        return hashlib.sha256(f"{self.id}/confirmation".encode()).hexdigest()[:8]

    def wants(self, event: str) -> bool:
        return any(event in server.events for server in self.servers.values())

    def allowed_by(self, person: Person) -> bool:
        """Say whether the person has let this community write, by consent or by writing first."""
        return self.consent.get(person.id, person.allows_messages)

    def conversation(self, peer_id: int) -> Conversation | None:
        if peer_id > CHAT_PEERS:
            return self.chats.get(peer_id - CHAT_PEERS)
        return self.dialogs.get(peer_id)

    def dialog(self, user_id: int) -> Conversation:
        return self.dialogs.setdefault(user_id, Conversation(peer_id=user_id))

    def found_chat(self, title: str, now: float) -> Chat:
        number = len(self.chats) + 1
        chat = Chat(peer_id=CHAT_PEERS + number, number=number, title=title, owner_id=self.owner_id)
        chat.members[self.owner_id] = Member(self.owner_id, now, self.owner_id)
        self.chats[number] = chat
        self.note(chat, self.owner_id, now, {"type": "chat_create", "text": title})
        return chat

    def invite(self, chat: Chat, *, anew: bool) -> str:
        """Give the key of the chat's link; a new one kills the old."""
        if anew or not chat.link:
            chat.links_made += 1
            seed = f"{self.id}/{chat.number}/{chat.links_made}/invite"
            digest = hashlib.sha256(seed.encode()).digest()[:18]
            chat.link = "AJQ1d" + base64.urlsafe_b64encode(digest).decode()
        return chat.link

    def put(
        self,
        conversation: Conversation,
        from_id: int,
        now: float,
        make: Callable[[Message], None] = lambda _: None,
    ) -> Message:
        """Add a message at the end; `make` fills what it says."""
        in_chat = isinstance(conversation, Chat)
        if not in_chat:
            self.last_message_id += 1
        message = Message(
            cmid=conversation.last_cmid + 1,
            id=0 if in_chat else self.last_message_id,
            date=now,
            peer_id=conversation.peer_id,
            from_id=from_id,
        )
        make(message)
        conversation.messages.append(message)
        self.moves += 1
        self.activity[conversation.peer_id] = self.moves
        if isinstance(conversation, Chat) and message.action is None:
            conversation.spoken = True
        return message

    def note(self, chat: Chat, from_id: int, now: float, action: dict[str, Any]) -> Message:
        """Add a service message: somebody joined, the title has changed, a message was pinned."""

        def make(message: Message) -> None:
            message.action = action

        return self.put(chat, from_id, now, make)
