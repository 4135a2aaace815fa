"""Events: what people do in chats and private dialogs, as the messenger tells the bot.

No text of a message is in them: they lie in queues. Who needs a text reads it in the messenger.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self

LONGEST_PAYLOAD = 255
"""Characters of a button's payload (VK)."""
KEPT_SEEN = 24 * 3600
"""Seconds for which it is remembered that an event has been worked: VK repeats for some 1 h 45."""


class EventKind(StrEnum):
    PRESS = "press"
    """Somebody pressed a button of ours."""
    TEXT = "text"
    """Somebody wrote to the bot: privately, by a command in a chat, or replying to our message."""
    JOINED = "joined"
    LEFT = "left"
    """Somebody left a chat, or was removed."""
    ALLOWED = "allowed"
    """Somebody lets the community write to them."""
    DENIED = "denied"


class Room(StrEnum):
    """Whose business a button, a command or a dialogue is."""

    BOT = "bot"
    GUIDE = "guide"
    QUESTIONS = "questions"
    DISCUSSIONS = "discussions"
    COMPLAINTS = "complaints"
    MODERATION = "moderation"


@dataclass(frozen=True, slots=True)
class Press:
    """What a button or a command asks for.

    Anyone can forge one: who may do it is for the room to check.
    """

    room: Room
    command: str
    thing: str = ""
    """Id of what it concerns; empty when nothing."""
    value: str = ""

    @property
    def payload(self) -> str:
        """Return it as a button carries it."""
        if not self.fits:
            raise ValueError("a button's payload is too long")
        return self._text

    @property
    def fits(self) -> bool:
        return len(self._text) <= LONGEST_PAYLOAD

    @property
    def _text(self) -> str:
        there = {"r": str(self.room), "c": self.command, "t": self.thing, "v": self.value}
        return json.dumps({name: v for name, v in there.items() if v}, ensure_ascii=False)

    @classmethod
    def read(cls, payload: object) -> Self | None:
        """Return what a payload asks for; None when it is none of ours."""
        if isinstance(payload, str):
            try:
                payload = json.loads(payload[: 2 * LONGEST_PAYLOAD])
            except ValueError:
                return None
        if not isinstance(payload, Mapping):
            return None
        parts = [payload.get(name, "") for name in "rctv"]
        if not all(isinstance(part, str) and len(part) <= LONGEST_PAYLOAD for part in parts):
            return None
        room, command, thing, value = parts
        if room not in set(Room) or not command or not "".join(parts).isprintable():
            return None
        press = cls(Room(room), command, thing, value)
        return press if press.fits else None


@dataclass(frozen=True, slots=True)
class ChatEvent:
    """One thing that a person did."""

    id: str
    """By the messenger: the same at each repeat."""
    community: int
    kind: EventKind
    at: datetime
    """When it happened, as near as can be told: a repeat says how late it is."""
    user: int
    """Whose deed it is; 0 when nobody's."""
    chat_id: int = 0
    """0: in the private dialog with the community."""
    cmid: int = 0
    """The message that was written, or under which a button was pressed; 0 when none."""
    reply_cmid: int = 0
    """The message that was replied to; 0 when none."""
    reply_to: int = 0
    """Who wrote it; negative: a community."""
    press: Press | None = None
    """What the button, or the command in the text, asks for."""
    press_id: str = ""
    """By which a press is answered, within a minute; empty for what is no press."""
    member: int = 0
    """Who joined or left."""

    @property
    def body(self) -> dict[str, str | int]:
        """Return it as it lies in a queue."""
        whole: dict[str, str | int] = {
            "event": self.id,
            "community": self.community,
            "kind": str(self.kind),
            "at": int(self.at.timestamp() * 1000),
            "user": self.user,
            "chat_id": self.chat_id,
            "cmid": self.cmid,
            "reply_cmid": self.reply_cmid,
            "reply_to": self.reply_to,
            "press": self.press.payload if self.press else "",
            "press_id": self.press_id,
            "member": self.member,
        }
        return {name: value for name, value in whole.items() if value not in {"", 0}}

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Return what a queue's body tells."""
        return cls(
            id=body["event"],
            community=body["community"],
            kind=EventKind(body["kind"]),
            at=datetime.fromtimestamp(body["at"] / 1000, UTC),
            user=body.get("user", 0),
            chat_id=body.get("chat_id", 0),
            cmid=body.get("cmid", 0),
            reply_cmid=body.get("reply_cmid", 0),
            reply_to=body.get("reply_to", 0),
            press=Press.read(body.get("press", "")),
            press_id=body.get("press_id", ""),
            member=body.get("member", 0),
        )
