"""The VK sandbox itself: VK's answers to calls, and what people do in their messenger."""

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from local.vk import chats, files, groups, lookups, messages, parameters, presses, script, shapes
from local.vk.call import Call, World
from local.vk.callbacks import Callbacks
from local.vk.community import RIGHTS, Community
from local.vk.conversations import CHAT_PEERS, Chat, Conversation, File, Member, Message, Press
from local.vk.errors import PersonError, VkError, bad
from local.vk.faults import Fault, Faults, Kind
from local.vk.journal import Arrival, Journal, Membership
from local.vk.pace import Pace
from local.vk.people import People, Person
from local.vk.switches import Cost, Switches

VERSION = "5.199"
# How long a caller of `answer` waits: the timeout of our own VK client.
PATIENCE = 15.0
# What the communities are called, from the second on with their number.
NAME = "Домовые чаты"
# Parameters that any call may carry; not the method's own.
GLOBAL = {"v", "lang"}

HANDLERS: dict[str, Callable[[Call], Any]] = {
    "messages.createChat": chats.create_chat,
    "messages.editChat": chats.edit_chat,
    "messages.getInviteLink": chats.get_invite_link,
    "messages.pin": chats.pin,
    "messages.unpin": chats.unpin,
    "messages.setMemberRole": chats.set_member_role,
    "messages.changeConversationMemberRestrictions": chats.restrict_members,
    "messages.sendMessageEventAnswer": presses.answer,
    "messages.removeChatUser": chats.remove_chat_user,
    "messages.getConversationMembers": chats.get_conversation_members,
    "messages.send": messages.send,
    "messages.edit": messages.edit,
    "messages.delete": messages.delete,
    "messages.getConversationsById": messages.get_conversations_by_id,
    "messages.getHistory": messages.get_history,
    "messages.getByConversationMessageId": messages.get_by_conversation_message_id,
    "messages.isMessagesFromGroupAllowed": messages.is_messages_from_group_allowed,
    "docs.getMessagesUploadServer": files.get_document_server,
    "docs.save": files.save_document,
    "photos.getMessagesUploadServer": files.get_photo_server,
    "photos.saveMessagesPhoto": files.save_photo,
    "users.get": lookups.get_users,
    "utils.resolveScreenName": lookups.resolve_screen_name,
    "groups.getById": lookups.get_groups,
    "groups.getTokenPermissions": lookups.get_token_permissions,
    "groups.addCallbackServer": groups.add_callback_server,
    "groups.editCallbackServer": groups.edit_callback_server,
    "groups.deleteCallbackServer": groups.delete_callback_server,
    "groups.getCallbackServers": groups.get_callback_servers,
    "groups.setCallbackSettings": groups.set_callback_settings,
    "groups.getCallbackConfirmationCode": groups.get_callback_confirmation_code,
    "groups.setSettings": groups.set_settings,
}


MANAGING = frozenset(
    {name for name in HANDLERS if name.startswith("groups.") and "Callback" in name}
    | {"groups.setSettings"}
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back over the wire: `body` as JSON, unless the connection drops or HTTP fails.

    `delay` is how many seconds the answer is held back after the effect.
    """

    body: dict[str, Any] | None
    status: int = 200
    delay: float = 0.0


DROPPED = Reply(None, status=0)
BAD_GATEWAY = Reply(None, status=502)


class Sandbox:
    """A stand-in for VK, stricter than VK, that holds everything in memory and does no I/O.

    `clock` gives epoch seconds. Safe to call from several threads. `callback_scale` shortens the
    pauses after which VK tells an event again.
    """

    def __init__(
        self,
        communities: Mapping[int, str],
        *,
        clock: Callable[[], float] = time.time,
        people: Iterable[Mapping[str, Any] | Person] = (),
        switches: Switches | None = None,
        invite_base: str = "https://vk.me/join/",
        files_base: str = "https://vk.invalid/",
        callback_scale: float = 1.0,
    ) -> None:
        if len(set(communities.values())) != len(communities) or not communities:
            raise ValueError("each community needs a token of its own")
        self.communities = {
            number: Community(number, token, name=NAME if n == 1 else f"{NAME} — {n}")
            for n, (number, token) in enumerate(communities.items(), 1)
        }
        self.people = People(people)
        self.journal = Journal()
        self.faults = Faults()
        self.lock = threading.RLock()
        self.switches = switches or Switches()
        self.invite_base = invite_base
        self._clock = clock
        self._pace = Pace()
        self._by_token = {one.token: one for one in self.communities.values()}
        self.callbacks = Callbacks(
            self.communities.values(),
            clock=clock,
            lock=self.lock,
            switches=self.switches,
            faults=self.faults,
            scale=callback_scale,
        )
        self._world = World(
            people=self.people,
            switches=self.switches,
            journal=self.journal,
            faults=self.faults,
            invite_base=invite_base,
            files_base=files_base,
            callbacks=self.callbacks,
            tell=self._event,
        )

    # What services call.

    def answer(self, method: str, params: Mapping[str, str], token: str) -> dict[str, Any] | None:
        """Give VK's JSON body, or None when the caller gets none.

        None stands for a dropped connection, an HTTP 502 and an answer later than 15 seconds;
        `respond` tells them apart.
        """
        reply = self.respond(method, params, token)
        return reply.body if reply.delay < PATIENCE else None

    def respond(self, method: str, params: Mapping[str, str], token: str) -> Reply:
        for name, value in params.items():
            if not isinstance(value, str):
                raise TypeError(f"{name} travels as a string, as in a form")
        with self.lock:
            return self._respond(method, dict(params), token)

    def upload(self, url: str, name: str, data: bytes, field: str = "") -> dict[str, Any]:
        """Put a file where an upload server's address points, and give that server's answer.

        `field` is what the file was called in the form, if it came by one.
        """
        ticket = url.rpartition("/")[2]
        with self.lock:
            for community in self.communities.values():
                if ticket in community.uploads:
                    return files.receive(community.uploads[ticket], ticket, name, data, field)
        return {"error": "no_place", "error_descr": "this address takes no file"}

    def preload(self, number: int, *, community: int | None = None) -> list[int]:
        """Make chats as if they had been there for long: listed, linked, not in the journal."""
        with self.lock:
            home = self._community(community)
            made = []
            for _ in range(number):
                chat = home.found_chat(f"Дом {len(home.chats) + 1}", self._clock())
                home.invite(chat, anew=False)
                chat.spoken = True
                made.append(chat.number)
            return made

    def add_fault(self, fault: Fault) -> None:
        with self.lock:
            self.faults.add(fault)

    def clear_faults(self) -> None:
        with self.lock:
            self.faults.clear()

    def file(self, reference: str) -> File | None:
        for community in self.communities.values():
            if reference in community.files:
                return community.files[reference]
            for file in community.files.values():
                if file.place == reference:
                    return file
        return None

    def _respond(self, method: str, given: dict[str, str], token: str) -> Reply:
        given.pop("access_token", None)
        community = self._by_token.get(token)
        by_inner = method == "execute" and self.switches.execute_cost is Cost.INNER
        arrival = self.journal.arrive(
            Arrival(
                at=self._clock(),
                community=community.id if community else None,
                method=method,
                params=given,
                counted=not by_inner,
            )
        )
        if community is None:
            return Reply(_failure(arrival, VkError(5, "invalid access_token")))
        in_pace = by_inner or self._pace.admit(community.id, arrival.at)
        fault = self.faults.strike(method, community=community.id, now=arrival.at, error=False)
        if fault and fault.kind in {Kind.LOST_CALL, Kind.BAD_GATEWAY}:
            arrival.answered = False
            return DROPPED if fault.kind is Kind.LOST_CALL else BAD_GATEWAY
        try:
            if not in_pace:
                raise VkError(6)  # noqa: TRY301 - refused like any other call
            body = self._perform(community, arrival)
        except VkError as error:
            body = _failure(arrival, error)
        return _with_fault(fault, body, arrival)

    def _perform(self, community: Community, arrival: Arrival) -> dict[str, Any]:
        version = arrival.params.get("v")
        if version != VERSION:
            raise bad("v", f"should be {VERSION}" if version else "is undefined")
        own = {name: text for name, text in arrival.params.items() if name not in GLOBAL}
        if arrival.method == "execute":
            self._strike_error(community, arrival)
            code = parameters.read(parameters.METHODS["execute"], own)["code"]
            return self._execute(community, arrival, script.parse(code))
        return {"response": self._do(community, arrival, own)}

    def _do(self, community: Community, arrival: Arrival, own: Mapping[str, str]) -> Any:
        self._strike_error(community, arrival)
        if arrival.method in parameters.USER_ONLY:
            raise VkError(27, "method is unavailable with group auth")
        if arrival.method not in HANDLERS:
            raise VkError(3)
        if arrival.method in MANAGING and "manage" not in community.rights:
            raise VkError(15, "the token has no right to manage the community")
        section = arrival.method.partition(".")[0]
        if section in RIGHTS and section not in community.rights:
            raise VkError(15, f"the token has no right to {section}")
        given = parameters.read(parameters.METHODS[arrival.method], own)
        if arrival.method != "messages.send" and "peer_id" in given:
            self._strike_error(community, arrival, peer_id=given["peer_id"])
        return HANDLERS[arrival.method](Call(self._world, community, arrival, given))

    def _strike_error(
        self, community: Community, arrival: Arrival, *, peer_id: int | None = None
    ) -> None:
        fault = self.faults.strike(
            arrival.method, community=community.id, now=arrival.at, error=True, peer_id=peer_id
        )
        if fault:
            raise VkError(fault.code)

    def _execute(
        self, community: Community, outer: Arrival, program: script.Program
    ) -> dict[str, Any]:
        by_inner = self.switches.execute_cost is Cost.INNER

        def perform(method: str, params: dict[str, str]) -> Any:
            arrival = self.journal.arrive(
                Arrival(outer.at, community.id, method, params, inner=True, counted=by_inner)
            )
            try:
                if by_inner and not self._pace.admit(community.id, outer.at):
                    raise VkError(6)  # noqa: TRY301 - refused like any other call
                return self._do(community, arrival, params)
            except VkError as error:
                arrival.code = error.code
                raise

        value, failed = script.run(program, perform)
        body: dict[str, Any] = {"response": value}
        if failed:
            body["execute_errors"] = [
                {"method": one.method, "error_code": one.code, "error_msg": one.message}
                for one in failed
            ]
            if self.switches.execute_lists_itself:
                body["execute_errors"].append(body["execute_errors"][-1] | {"method": "execute"})
        return body

    # What a community's administrator does in VK.

    def replace_token(self, community: int, token: str) -> None:
        """Take the token back and hand out another: the former one is error 5 from now on."""
        with self.lock:
            if token in self._by_token:
                raise PersonError("Такой ключ уже выдан")
            home = self._community(community)
            del self._by_token[home.token]
            home.token = token
            self._by_token[token] = home

    def grant(self, community: int, rights: Iterable[str]) -> None:
        """Leave the token these rights only."""
        with self.lock:
            wanted = frozenset(rights)
            if unknown := wanted - RIGHTS.keys():
                raise PersonError(f"Таких прав нет: {', '.join(sorted(unknown))}")
            self._community(community).rights = wanted

    def switch_bots(self, community: int, *, on: bool) -> None:
        with self.lock:
            self._community(community).bots = on

    # What people do.

    def allow_messages(self, user_id: int, *, community: int | None = None) -> None:
        self._set_consent(user_id, community, given=True)

    def deny_messages(self, user_id: int, *, community: int | None = None) -> None:
        self._set_consent(user_id, community, given=False)

    def join(self, link: str, user_id: int) -> Chat:
        """Enter a chat by its invite link, or by the last part of one."""
        key = link.rpartition("/")[2]
        with self.lock:
            community, chat = self.invited(key)
            self.people.meet(user_id)
            if user_id in chat.members:
                return chat
            if user_id in chat.removed:
                raise PersonError("Вас исключили из этого чата")
            if len(chat.members) >= self.switches.member_limit:
                raise PersonError("В чате нет свободных мест")
            now = self._clock()
            chat.members[user_id] = Member(user_id, now, user_id)
            self._changed(community, chat, user_id, "joined")
            action: dict[str, Any] = {"type": "chat_invite_user_by_link"}
            if self.switches.joiner_named:
                action["member_id"] = user_id
            self._service(community, chat, user_id, action)
            return chat

    def leave(self, peer_id: int, user_id: int, *, community: int | None = None) -> None:
        with self.lock:
            home = self._community(community)
            chat = self._chat_with(home, peer_id, user_id)
            chat.part(user_id)
            self._changed(home, chat, user_id, "left")
            action = {"type": "chat_kick_user", "member_id": user_id}
            self._service(home, chat, user_id, action)

    def write(
        self,
        peer_id: int,
        user_id: int,
        text: str,
        *,
        payload: str | None = None,
        reply_to: int = 0,
        photos: int = 0,
        community: int | None = None,
    ) -> Message:
        """Write into a chat one is in, or, with a negative peer or one's own id, to the community.

        Writing to the community first is consent to its messages. `reply_to` is the cmid of what
        is answered; `photos` is how many of the built-in picture go with the text.
        """
        if not text.strip() and not photos:
            raise PersonError("Сообщение пустое")
        if not 0 <= photos <= messages.MOST_ATTACHMENTS:
            raise PersonError(f"К сообщению прилагают до {messages.MOST_ATTACHMENTS} фото")
        with self.lock:
            home = self._community(community)
            self.people.meet(user_id)
            conversation: Conversation
            if peer_id > CHAT_PEERS:
                conversation = self._chat_with(home, peer_id, user_id)
                if self.is_muted(conversation, user_id):
                    raise PersonError("Вам пока нельзя писать в этот чат")
            elif peer_id in {home.owner_id, user_id}:
                conversation = home.dialog(user_id)
                if not home.allowed_by(self.people.get(user_id)):
                    self._set_consent(user_id, home.id, given=True)
            else:
                raise PersonError("Писать можно в чат или сообществу")

            answered = conversation.by_cmid(reply_to)
            if reply_to and (answered is None or answered.action):
                raise PersonError("Такого сообщения нет")
            pictures = tuple(
                files.picture(home, user_id, self._clock(), self._world.files_base)
                for _ in range(photos)
            )

            def make(message: Message) -> None:
                message.text = text
                message.payload = payload
                message.reply = answered
                message.attachments = pictures

            message = home.put(conversation, user_id, self._clock(), make)
            self._message_new(home, message)
            return message

    def press(
        self,
        peer_id: int,
        cmid: int,
        user_id: int,
        label: str,
        *,
        community: int | None = None,
    ) -> dict[str, Any]:
        """Press the button with this label under a message, and give the event it makes.

        A callback button makes a message_event, a text button writes its label; a link or an app
        opens on the person's side, and the community is told nothing.
        """
        with self.lock:
            home = self._community(community)
            if peer_id > CHAT_PEERS:
                self._chat_with(home, peer_id, user_id)
            elif peer_id != user_id:
                raise PersonError("Это чужая переписка")
            action = self._button(home, peer_id, cmid, label)
            if action["type"] == "text":
                self.write(
                    peer_id, user_id, label, payload=action.get("payload"), community=home.id
                )
                return home.events[-1]
            if action["type"] != "callback":
                return {"type": action["type"], "object": action}
            return self._pressed(home, peer_id, cmid, user_id, action["payload"])

    def forge(
        self,
        peer_id: int,
        cmid: int,
        user_id: int,
        payload: str,
        *,
        community: int | None = None,
    ) -> dict[str, Any]:
        """Press a button that is not there, as a made-up client can: the event has any payload."""
        json.loads(payload)
        with self.lock:
            home = self._community(community)
            if peer_id > CHAT_PEERS:
                self._chat_with(home, peer_id, user_id)
            return self._pressed(home, peer_id, cmid, user_id, payload)

    def _pressed(
        self, home: Community, peer_id: int, cmid: int, user_id: int, payload: str
    ) -> dict[str, Any]:
        press_id = f"{len(home.presses) + 1:012x}"
        home.presses[press_id] = Press(user_id, peer_id, cmid, self._clock())
        what = {
            "user_id": user_id,
            "peer_id": peer_id,
            "event_id": press_id,
            "payload": json.loads(payload) if self.switches.payload_object else payload,
            "conversation_message_id": cmid,
        }
        return self._event(home, "message_event", what)

    def is_muted(self, chat: Chat, user_id: int) -> bool:
        return chat.is_muted(user_id, self._clock())

    def events(self, community: int | None = None) -> list[dict[str, Any]]:
        """Give what VK would have told the community's Callback API, oldest first."""
        return list(self._community(community).events)

    def _set_consent(self, user_id: int, community: int | None, *, given: bool) -> None:
        with self.lock:
            self.people.meet(user_id)
            home = self._community(community)
            home.consent[user_id] = given
            if given:
                self._event(home, "message_allow", {"user_id": user_id, "key": ""})
            else:
                self._event(home, "message_deny", {"user_id": user_id})

    def _community(self, number: int | None) -> Community:
        if number is None:
            return next(iter(self.communities.values()))
        if number not in self.communities:
            raise PersonError("Такого сообщества нет")
        return self.communities[number]

    def invited(self, key: str) -> tuple[Community, Chat]:
        """Find the chat an invite link leads to by the last part of the link."""
        for community in self.communities.values():
            for chat in community.chats.values():
                if key and chat.link == key:
                    return community, chat
        raise PersonError("Ссылка не работает: её заменили или такой не было")

    def _chat_with(self, community: Community, peer_id: int, user_id: int) -> Chat:
        chat = community.chats.get(peer_id - CHAT_PEERS)
        if chat is None or user_id not in chat.members:
            raise PersonError("Вы не состоите в этом чате")
        return chat

    def _button(self, community: Community, peer_id: int, cmid: int, label: str) -> dict[str, Any]:
        conversation = community.conversation(peer_id)
        message = conversation.by_cmid(cmid) if conversation else None
        for row in (message.keyboard or {}).get("buttons", []) if message else []:
            for button in row:
                if button["action"].get("label") == label:
                    action: dict[str, Any] = button["action"]
                    return action
        raise PersonError("Такой кнопки нет")

    def _changed(self, community: Community, chat: Chat, member_id: int, change: str) -> None:
        self.journal.membership(
            Membership(self._clock(), community.id, chat.peer_id, member_id, change)
        )

    def _service(
        self, community: Community, chat: Chat, user_id: int, action: dict[str, Any]
    ) -> None:
        self._message_new(community, community.note(chat, user_id, self._clock(), action))

    def _message_new(self, community: Community, message: Message) -> None:
        shape = shapes.of_message(message, community)
        self._event(community, "message_new", {"message": shape, "client_info": {}})

    def _event(self, community: Community, kind: str, what: dict[str, Any]) -> dict[str, Any]:
        event = {
            "group_id": community.id,
            "type": kind,
            "event_id": f"{community.id:x}{len(community.events):08x}",
            "v": VERSION,
            "object": what,
        }
        community.events.append(event)
        self.callbacks.event(community, event)
        return event


def _failure(arrival: Arrival, error: VkError) -> dict[str, Any]:
    arrival.code = error.code
    shown = {"method": arrival.method, "oauth": "1", **arrival.params}
    return {
        "error": {
            "error_code": error.code,
            "error_msg": error.message,
            "request_params": [{"key": key, "value": value} for key, value in shown.items()],
        }
    }


def _with_fault(fault: Fault | None, body: dict[str, Any], arrival: Arrival) -> Reply:
    if fault is None:
        return Reply(body)
    if fault.kind is Kind.DELAY:
        return Reply(body, delay=fault.seconds)
    arrival.answered = False
    return DROPPED if fault.kind is Kind.LOST_ANSWER else BAD_GATEWAY
