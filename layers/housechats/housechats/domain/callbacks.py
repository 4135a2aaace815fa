"""Callbacks: what the messenger tells of a community, and which room's business it is.

Nothing here trusts the shape of what came, and no text of a message goes on.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from housechats.domain.chat_events import ChatEvent, EventKind, Press, Room
from housechats.domain.commands import read_command

CHAT_PEER = 2_000_000_000
"""Peers above are chats (VK)."""
LARGEST_ID = 2**53
"""VK's ids are 64 bits wide in its schema, and far below this for long."""
LARGEST_CHAT = 100_000_000
"""VK's own limit of `chat_id`."""
REPEATED_AFTER_S = (10, 180, 600, 1800, 3600)
"""When VK tells once more what was not answered, each after the one before (its documentation)."""
CODE = re.compile(r"[0-9A-Za-z]{1,32}")
"""What VK wants to be answered when it asks whose an address is."""

_ID = re.compile(r"[!-~]{1,64}")
"""An event's id, and that of a press: VK's are hexadecimal."""
_LONGEST_PRESS_ID = 128
_JOINS = {
    "chat_invite_user",
    "chat_invite_user_by_link",
    "chat_invite_user_by_message_request",
}


class Lane(StrEnum):
    """The queues behind the door."""

    TALK = "talk"
    """What is only counted."""
    EVENTS = "events"
    QUESTIONS = "questions"
    DISCUSSIONS = "discussions"
    COMPLAINTS = "complaints"
    MODERATION = "moderation"


Told = tuple[Lane, dict[str, str | int]]
"""A queue and what is put on it."""


def secret_of(key: str, community: int) -> str:
    """Return what VK says with each callback of a community; at most 50 characters (VK)."""
    return _mac(key, f"callback/{community}")[:48]


def proof_of(key: str, community: int, code: str) -> str:
    """Return the end of a callback server's address: whoever has it need ask nobody for the code.

    VK asks for the code without the secret, so the address itself proves whose it is.
    """
    return f"{code}.{_mac(key, f'confirm/{community}/{code}')[:16]}"


def proven_code(key: str, community: int, proof: str) -> str:
    """Return the code that an address carries; empty when the address is none of ours."""
    code = proof.partition(".")[0]
    if not CODE.fullmatch(code) or not _same(proof, proof_of(key, community, code)):
        return ""
    return code


def is_signed(key: str, community: int, event: Mapping[str, Any]) -> bool:
    """Tell whether VK itself tells of this community."""
    secret, group = event.get("secret"), event.get("group_id")
    right = _same(secret if isinstance(secret, str) else "", secret_of(key, community))
    return right and _number(group) == community


def read(event: Mapping[str, Any], *, arrived: datetime, retry: int) -> list[Told]:
    """Return what goes to which queue; nothing for what is nobody's business."""
    community, event_id = _number(event.get("group_id")), event.get("event_id")
    thing = event.get("object")
    if not (community and isinstance(event_id, str) and _ID.fullmatch(event_id)):
        return []
    if not isinstance(thing, Mapping):
        return []
    told = _Told(event_id, community, arrived - _late(retry), arrived)
    match event.get("type"):
        case "message_new":
            return told.message(thing.get("message"))
        case "message_event":
            return told.press(thing)
        case "message_allow":
            return told.consent(thing, EventKind.ALLOWED)
        case "message_deny":
            return told.consent(thing, EventKind.DENIED)
    return []


class _Told:
    """One callback, as it is taken apart."""

    def __init__(self, event_id: str, community: int, at: datetime, arrived: datetime) -> None:
        self._id = event_id
        self._community = community
        self._at = at
        self._arrived = arrived

    def consent(self, thing: Mapping[str, Any], kind: EventKind) -> list[Told]:
        user = _number(thing.get("user_id"))
        return [self._to(Lane.EVENTS, kind, self._at, user=user)] if user else []

    def press(self, thing: Mapping[str, Any]) -> list[Told]:
        user, press = _number(thing.get("user_id")), Press.read(thing.get("payload"))
        chat_id, is_private = _peer(thing, user)
        press_id = thing.get("event_id")
        if not (user and press and (chat_id or is_private)):
            return []
        known = isinstance(press_id, str) and len(press_id) <= _LONGEST_PRESS_ID
        return [
            self._to(
                lane_of(press.room),
                EventKind.PRESS,
                self._at,
                user=user,
                chat_id=chat_id,
                cmid=_number(thing.get("conversation_message_id")),
                press=press,
                press_id=str(press_id) if known and str(press_id).isprintable() else "",
            )
        ]

    def message(self, message: object) -> list[Told]:
        if not isinstance(message, Mapping):
            return []
        user = _number(message.get("from_id"))
        chat_id, is_private = _peer(message, user)
        if not user:  # what a community writes, ours too, is nobody's deed
            return []
        at = self._written_at(message.get("date"))
        if is_private:
            return self._text(message, at, user=user)
        if not chat_id:
            return []
        if message.get("action") is not None:
            return self._coming_or_going(message["action"], at, user=user, chat_id=chat_id)
        counted: dict[str, str | int] = {
            "community": self._community,
            "chat_id": chat_id,
            "cmid": _number(message.get("conversation_message_id")),
            "user": user,
            "at": _ms(at),
        }
        return [(Lane.TALK, counted), *self._text(message, at, user=user, chat_id=chat_id)]

    def _text(
        self, message: Mapping[str, Any], at: datetime, *, user: int, chat_id: int = 0
    ) -> list[Told]:
        """Return who is to react to a message: in a chat only if it is said to the bot."""
        text, cmid = message.get("text"), _number(message.get("conversation_message_id"))
        reply_cmid, reply_to = self._replied(message.get("reply_message"))
        command = read_command(
            text if isinstance(text, str) else "",
            community=self._community,
            privately=not chat_id,
            replies=reply_cmid != 0,
        )
        button = Press.read(message.get("payload"))
        to_us = command or button or reply_to == -self._community
        if not cmid or (chat_id and not to_us):
            return []
        return [
            self._to(
                lane_of(button.room) if button else Lane.EVENTS,
                EventKind.TEXT,
                at,
                user=user,
                chat_id=chat_id,
                cmid=cmid,
                reply_cmid=reply_cmid,
                reply_to=reply_to,
                press=button or command,
            )
        ]

    def _coming_or_going(
        self, action: object, at: datetime, *, user: int, chat_id: int
    ) -> list[Told]:
        """Return who is told of a person who came or went: who went is only counted."""
        if not isinstance(action, Mapping):
            return []
        kind, what = action.get("type"), EventKind.JOINED
        if kind == "chat_kick_user":
            what = EventKind.LEFT
        elif not isinstance(kind, str) or kind not in _JOINS:
            return []
        # Who comes by a link may be named as the author only (field evidence).
        member = _number(action["member_id"]) if "member_id" in action else user
        if not member:
            return []
        counted: dict[str, str | int] = {
            "community": self._community,
            "chat_id": chat_id,
            "at": _ms(at),
            "event": self._id,
            "what": str(what),
        }
        if what == EventKind.LEFT:
            return [(Lane.TALK, counted)]
        event = self._to(Lane.EVENTS, what, at, user=user, chat_id=chat_id, member=member)
        return [(Lane.TALK, counted), event]

    def _replied(self, reply: object) -> tuple[int, int]:
        """Return the number and the author of the message that was replied to."""
        if not isinstance(reply, Mapping):
            return 0, 0
        author = reply.get("from_id")
        by_community = isinstance(author, int) and author < 0
        written_by = -_number(-author) if by_community else _number(author)  # type: ignore[operator]
        return _number(reply.get("conversation_message_id")), written_by

    def _written_at(self, date: object) -> datetime:
        """Return when a message was written, as VK says; it repeats for less than two hours."""
        seconds = _number(date)
        now = int(self._arrived.timestamp())
        if not now - 7 * 24 * 3600 <= seconds <= now + 24 * 3600:
            return self._at
        return datetime.fromtimestamp(seconds, UTC)

    def _to(self, lane: Lane, kind: EventKind, at: datetime, **what: Any) -> Told:
        event = ChatEvent(id=self._id, community=self._community, kind=kind, at=at, **what)
        return lane, event.body


def lane_of(room: Room) -> Lane:
    """Return the queue of a room: the bot's own business and the guide's are one."""
    return Lane.EVENTS if room in {Room.BOT, Room.GUIDE} else Lane(str(room))


def _late(retry: int) -> timedelta:
    """Return how long ago an event was told first, by how often it was told anew."""
    return timedelta(seconds=sum(REPEATED_AFTER_S[: max(0, retry)]))


def _peer(thing: Mapping[str, Any], user: int) -> tuple[int, bool]:
    """Return the number of a chat, and whether it is the private dialog of a person."""
    peer = _number(thing.get("peer_id"))
    chat_id = peer - CHAT_PEER if CHAT_PEER < peer <= CHAT_PEER + LARGEST_CHAT else 0
    return chat_id, user != 0 and peer == user


def _number(value: object) -> int:
    """Return an id that can be one; 0 for whatever else stands in its place."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < LARGEST_ID:
        return value
    return 0


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _mac(key: str, what: str) -> str:
    return hmac.digest(key.encode(), what.encode(), "sha256").hex()


def _same(said: str, right: str) -> bool:
    return hmac.compare_digest(said.encode("utf-8", "surrogatepass"), right.encode())
