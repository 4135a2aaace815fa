"""What the sandbox's page and local scripts read: chats, people, conversations, numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local.vk.community import Community
from local.vk.conversations import CHAT_PEERS, Chat, Conversation, File, Message
from local.vk.core import Sandbox
from local.vk.errors import PersonError
from local.vk.journal import Arrival
from local.vk.people import Person

PAGE = 60
LATEST_MESSAGES = 200
LATEST_ARRIVALS = 80


@dataclass(frozen=True, slots=True)
class Asked:
    """What one wants to see: `person` is whose eyes one looks with, `mine` what is theirs only."""

    community: int | None = None
    person: int | None = None
    peer_id: int = 0
    text: str = ""
    key: str = ""
    offset: int = 0
    mine: bool = False
    since: float = 0.0

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        def number(name: str) -> int | None:
            return int(query[name]) if query.get(name) else None

        return cls(
            community=number("community"),
            person=number("person"),
            peer_id=number("peer_id") or 0,
            text=query.get("q", ""),
            key=query.get("key", ""),
            offset=max(0, number("offset") or 0),
            mine=query.get("mine") == "1",
            since=float(query.get("since") or 0),
        )


class Window:
    """Looks into a sandbox from the side of people; changes nothing."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def home(self, community: int | None) -> Community:
        communities = self._sandbox.communities
        if community is None:
            return next(iter(communities.values()))
        if community not in communities:
            raise PersonError("Такого сообщества нет")
        return communities[community]

    def state(self, _: Asked) -> dict[str, Any]:
        homes = self._sandbox.communities.values()
        return {
            "communities": [{"id": home.id, "name": home.name} for home in homes],
            "invite_base": self._sandbox.invite_base,
            **self._sandbox.journal.summary(),
        }

    def chats(self, asked: Asked) -> dict[str, Any]:
        """List chats, the most recently active first; `mine` are those the person is in."""
        home = self.home(asked.community)
        wanted = asked.text.strip().lower()
        found = [
            chat
            for chat in home.chats.values()
            if wanted in chat.title.lower() and (not asked.mine or asked.person in chat.members)
        ]
        found.sort(key=lambda chat: home.activity.get(chat.peer_id, 0), reverse=True)
        return {
            "total": len(found),
            "items": [
                {
                    **self._line(home, chat),
                    "title": chat.title,
                    "members": len(chat.members),
                    "in": asked.person in chat.members,
                }
                for chat in found[asked.offset : asked.offset + PAGE]
            ],
        }

    def dialogs(self, asked: Asked) -> dict[str, Any]:
        """List the community's private dialogs, the most recently active first."""
        home = self.home(asked.community)
        wanted = asked.text.strip().lower()
        found = [
            (dialog, person)
            for dialog in home.dialogs.values()
            for person in [self._sandbox.people.get(dialog.peer_id)]
            if wanted in f"{person.name} {person.screen_name} {person.id}".lower()
        ]
        found.sort(key=lambda pair: home.activity.get(pair[0].peer_id, 0), reverse=True)
        return {
            "total": len(found),
            "items": [
                {**self._line(home, dialog), "title": person.name}
                for dialog, person in found[asked.offset : asked.offset + PAGE]
            ],
        }

    def people(self, asked: Asked) -> dict[str, Any]:
        home = self.home(asked.community)
        found = self._sandbox.people.search(asked.text)
        number = self._sandbox.people.resolve(asked.text) if asked.text.strip() else None
        if number and all(person.id != number for person in found):
            found.insert(0, self._sandbox.people.get(number))
        return {
            "total": len(found),
            "items": [
                self.person(home, person) for person in found[asked.offset : asked.offset + PAGE]
            ],
        }

    def person(self, home: Community, person: Person) -> dict[str, Any]:
        dialog = home.dialogs.get(person.id)
        return {
            "id": person.id,
            "name": person.name,
            "screen_name": person.screen_name,
            "allows": home.allowed_by(person),
            "deactivated": person.deactivated,
            "blacklisted": person.blacklisted,
            "messages": len(dialog.messages) if dialog else 0,
        }

    def conversation(self, asked: Asked) -> dict[str, Any]:
        """Show a chat or a dialog: its last messages, the pinned one, who is in it."""
        home = self.home(asked.community)
        peer_id = asked.peer_id
        conversation = home.conversation(peer_id)
        if peer_id > CHAT_PEERS and conversation is None:
            raise PersonError("Такого чата нет")
        conversation = conversation or Conversation(peer_id)
        shown = conversation.messages[-LATEST_MESSAGES:]
        view: dict[str, Any] = {
            "peer_id": peer_id,
            "community": home.id,
            "count": len(conversation.messages),
            "messages": [self._message(home, message) for message in shown],
        }
        if isinstance(conversation, Chat):
            return view | self._chat(home, conversation, asked.person)
        whose = self._sandbox.people.get(peer_id)
        return view | {"title": whose.name, "person": self.person(home, whose)}

    def invitation(self, asked: Asked) -> dict[str, Any]:
        home, chat = self._sandbox.invited(asked.key)
        return {
            "community": home.id,
            "peer_id": chat.peer_id,
            "title": chat.title,
            "members": len(chat.members),
            "member_ids": [number for number in chat.members if number > 0],
        }

    def journal(self, asked: Asked) -> dict[str, Any]:
        entries = self._sandbox.journal.entries
        latest = range(len(entries) - 1, max(-1, len(entries) - 1 - LATEST_ARRIVALS), -1)
        return {
            **self._sandbox.journal.summary(),
            "faults": self.faults(asked),
            "callbacks": self.callbacks(asked),
            "latest": [{"number": n, **_arrival(entries[n])} for n in latest],
        }

    def faults(self, _: Asked) -> list[dict[str, Any]]:
        return [
            {
                "kind": fault.kind.value,
                "method": fault.method,
                "times": fault.times,
                "until": fault.until,
                "code": fault.code,
                "seconds": fault.seconds,
                "peer_id": fault.peer_id,
                "community": fault.community,
            }
            for fault in self._sandbox.faults.waiting
        ]

    def created(self, _: Asked) -> list[dict[str, Any]]:
        """List every chat ever created: what once-ness is judged by."""
        return [
            {
                "at": chat.at,
                "community": chat.community,
                "chat_id": chat.chat_id,
                "peer_id": chat.peer_id,
                "title": chat.title,
                "title_now": self._sandbox.communities[chat.community].chats[chat.chat_id].title,
            }
            for chat in self._sandbox.journal.created_chats()
        ]

    def sent(self, _: Asked) -> list[dict[str, Any]]:
        """List every message communities have sent, with whom it went to."""
        return [
            {
                "at": message.date,
                "community": -message.from_id,
                "peer_id": message.peer_id,
                "cmid": message.cmid,
                "random_id": message.random_id,
                "text": message.text,
                "attachments": [file.reference for file in message.attachments],
                "deleted": bool(message.deleted_at),
            }
            for message in self._sandbox.journal.all_messages()
        ]

    def deliveries(self, asked: Asked) -> dict[str, Any]:
        """Count messages to chats since a moment, by their numbers, and what came twice."""
        return self._sandbox.journal.deliveries(asked.since)

    def memberships(self, _: Asked) -> list[dict[str, Any]]:
        """List who is in which chat now, the community itself left out."""
        return [
            {"community": home.id, "peer_id": chat.peer_id, "member_id": number}
            for home in self._sandbox.communities.values()
            for chat in home.chats.values()
            for number in chat.members
            if number > 0
        ]

    def events(self, asked: Asked) -> list[dict[str, Any]]:
        return self._sandbox.events(asked.community)

    def answer(self, asked: Asked) -> dict[str, Any]:
        """Tell what the community has answered to the press whose id is `key`."""
        press = self.home(asked.community).presses.get(asked.key)
        if press is None:
            raise PersonError("Такого нажатия не было")
        return {"answered": press.answer is not None, "answer": press.answer or {}}

    def callbacks(self, _: Asked) -> dict[str, Any]:
        """List who is told of events, and how it went so far."""
        callbacks = self._sandbox.callbacks
        return {
            "servers": [
                {
                    "community": home.id,
                    "id": server.id,
                    "title": server.title,
                    "url": server.url,
                    "status": server.status,
                    "events": sorted(server.events),
                }
                for home in self._sandbox.communities.values()
                for server in home.servers.values()
            ],
            "waiting": callbacks.waiting,
            "done": callbacks.told.done,
            "again": callbacks.told.again,
            "lost": len(callbacks.told.lost),
        }

    def _line(self, home: Community, conversation: Conversation) -> dict[str, Any]:
        last = conversation.messages[-1] if conversation.messages else None
        return {
            "peer_id": conversation.peer_id,
            "last": self._message(home, last) if last else None,
        }

    def _chat(self, home: Community, chat: Chat, person: int | None) -> dict[str, Any]:
        return {
            "title": chat.title,
            "link": self._sandbox.invite_base + chat.link if chat.link else "",
            "in": person in chat.members,
            "removed": person in chat.removed,
            "muted": person is not None and self._sandbox.is_muted(chat, person),
            "pinned": self._message(home, chat.pinned) if chat.pinned else None,
            "members": [
                {
                    "id": number,
                    "name": self._name(home, number),
                    "owner": number == chat.owner_id,
                    "admin": number in chat.admins,
                    "muted": self._sandbox.is_muted(chat, number),
                }
                for number in chat.members
            ],
        }

    def _message(self, home: Community, message: Message) -> dict[str, Any]:
        view: dict[str, Any] = {
            "cmid": message.cmid,
            "date": message.date,
            "from_id": message.from_id,
            "from": self._name(home, message.from_id),
            "text": message.text,
        }
        if message.deleted_at:
            return view | {"text": "", "deleted": message.deleted_at}
        if message.edited_at:
            view["edited"] = message.edited_at
        if message.reply:
            view["reply"] = self._quoted(home, message.reply)
        if message.attachments:
            view["attachments"] = [_file(file) for file in message.attachments]
        if message.keyboard:
            view["keyboard"] = message.keyboard
        if message.action:
            view["action"] = message.action
            if "member_id" in message.action:
                view["member"] = self._name(home, message.action["member_id"])
        return view

    def _quoted(self, home: Community, message: Message) -> dict[str, Any]:
        deleted = bool(message.deleted_at)
        text = "" if deleted else message.text
        author = self._name(home, message.from_id)
        return {"cmid": message.cmid, "from": author, "text": text, "deleted": deleted}

    def _name(self, home: Community, number: int) -> str:
        return home.name if number < 0 else self._sandbox.people.get(number).name


def _file(file: File) -> dict[str, Any]:
    path = f"/{file.kind}/{file.owner_id}_{file.id}"
    return {
        "kind": file.kind,
        "title": file.title,
        "name": file.name,
        "size": len(file.data),
        "path": path,
    }


def _arrival(entry: Arrival) -> dict[str, Any]:
    return {
        "at": entry.at,
        "community": entry.community,
        "method": entry.method,
        "inner": entry.inner,
        "code": entry.code,
        "answered": entry.answered,
        "effects": entry.effects,
        "params": entry.params,
    }


LOOKS: dict[str, Callable[[Window, Asked], Any]] = {
    "state": Window.state,
    "chats": Window.chats,
    "dialogs": Window.dialogs,
    "people": Window.people,
    "conversation": Window.conversation,
    "invitation": Window.invitation,
    "journal": Window.journal,
    "faults": Window.faults,
    "created": Window.created,
    "sent": Window.sent,
    "deliveries": Window.deliveries,
    "memberships": Window.memberships,
    "events": Window.events,
    "answer": Window.answer,
    "callbacks": Window.callbacks,
}
