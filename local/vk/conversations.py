"""Chats and private dialogs of one community: messages, members, links."""

from dataclasses import dataclass, field
from typing import Any

CHAT_PEERS = 2_000_000_000  # peer_id of chat n is 2000000000 + n
REPEAT_WINDOW = 3600  # VK checks a random_id over the last hour …
REPEAT_MESSAGES = 100  # … and at most the last 100 messages of the dialog


@dataclass(frozen=True, slots=True)
class File:
    """A document or a photo; `peer_id` is whom it was uploaded for."""

    kind: str
    owner_id: int
    id: int
    title: str
    name: str
    data: bytes
    date: int
    peer_id: int
    url: str
    access_key: str = ""
    """Whoever is not the owner shows the file with it."""

    @property
    def reference(self) -> str:
        return self.place + (f"_{self.access_key}" if self.access_key else "")

    @property
    def place(self) -> str:
        return f"{self.kind}{self.owner_id}_{self.id}"


@dataclass(slots=True)
class Message:
    """`id` is 0 in chats, as VK shows it to a community; there the cmid names a message."""

    cmid: int
    id: int
    date: float
    peer_id: int
    from_id: int
    text: str = ""
    random_id: int = 0
    attachments: tuple[File, ...] = ()
    keyboard: dict[str, Any] | None = None
    payload: str | None = None
    action: dict[str, Any] | None = None
    reply: "Message | None" = None
    """What it answers."""
    edited_at: float | None = None
    deleted_at: float | None = None
    """When it disappeared for everybody; its number stays taken."""


@dataclass(slots=True)
class Press:
    """A callback button's press: it waits for an answer of the community."""

    user_id: int
    peer_id: int
    cmid: int
    at: float
    answer: dict[str, Any] | None = None
    """What the person is shown; empty when the press only ended, None while it waits."""


@dataclass(slots=True)
class Member:
    member_id: int
    joined_at: float
    invited_by: int


@dataclass(slots=True)
class Conversation:
    peer_id: int
    messages: list[Message] = field(default_factory=list)

    @property
    def last_cmid(self) -> int:
        return self.messages[-1].cmid if self.messages else 0

    def by_cmid(self, cmid: int) -> Message | None:
        """Find a message that is there; what was deleted is not."""
        message = self.at(cmid)
        return None if message is None or message.deleted_at else message

    def at(self, cmid: int) -> Message | None:
        """Find a message, also a deleted one: the cmid is the place in the list."""
        return self.messages[cmid - 1] if 0 < cmid <= len(self.messages) else None

    @property
    def there(self) -> list[Message]:
        return [message for message in self.messages if not message.deleted_at]

    def repeated(self, random_id: int, now: float) -> Message | None:
        """Find the message that VK would take a repeated random_id for; people's have none."""
        for message in reversed(self.messages[-REPEAT_MESSAGES:]):
            if message.date <= now - REPEAT_WINDOW:
                return None
            if message.random_id == random_id:
                return message
        return None


@dataclass(slots=True)
class Chat(Conversation):
    number: int = 0
    title: str = ""
    owner_id: int = 0
    link: str = ""
    links_made: int = 0
    members: dict[int, Member] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    admins: set[int] = field(default_factory=set)
    muted: dict[int, float] = field(default_factory=dict)
    """Until when somebody may only read; infinite: until let again."""
    pinned: Message | None = None
    spoken: bool = False  # an ordinary message has been written

    def part(self, member_id: int) -> None:
        """Let a member go; an administrator's rights go too, a restriction stays."""
        del self.members[member_id]
        self.admins.discard(member_id)

    def is_muted(self, member_id: int, now: float) -> bool:
        return now < self.muted.get(member_id, 0)
