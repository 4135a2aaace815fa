"""The methods that write and read messages."""

import json
from dataclasses import dataclass
from typing import Any

from local.vk import keyboards, shapes
from local.vk.call import Call
from local.vk.chats import chat_at, hidden
from local.vk.conversations import CHAT_PEERS, Chat, Conversation, File, Message
from local.vk.errors import VkError, bad
from local.vk.parameters import length
from local.vk.people import LARGEST_PERSON
from local.vk.switches import Absent, Failure, Gone, Repeat, TooLate

LONGEST_TEXT = 4096  # the documentation's; the schema says 9000
MOST_ATTACHMENTS = 10  # commonly quoted, not documented
DELETED_WITHIN = 86_400  # the documentation of messages.delete: for all, within 24 hours
RECIPIENTS = ("peer_ids", "peer_id", "user_id", "chat_id", "domain")


@dataclass(frozen=True, slots=True)
class Content:
    text: str
    attachments: tuple[File, ...]
    keyboard: dict[str, Any] | None
    payload: str | None
    random_id: int
    answers: tuple[int, int] | None
    """The peer and the cmid of the message that this one is a reply to."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """`again`: VK had this random_id already and made no second message."""

    message: Message
    again: bool


def check_may_write(call: Call, user_id: int) -> None:
    """Refuse as VK does when the person has not allowed messages, is gone, or is unwelcome."""
    if not 0 < user_id < LARGEST_PERSON:
        raise VkError(936)
    person = call.world.people.get(user_id)
    if person.deactivated:
        raise VkError(18)
    if person.blacklisted:
        raise VkError(900)
    if not call.community.allowed_by(person):
        raise VkError(901)


def send(call: Call) -> Any:
    call.check_group()
    if call.get("random_id") == 0:
        raise bad("random_id", "is 0, which switches the check of repeats off")
    named = [name for name in RECIPIENTS if name in call.given]
    if len(named) != 1:
        raise bad("peer_ids", f"or another recipient is needed, exactly one; got {named}")
    content = _content(call)
    if named == ["peer_ids"]:
        return _send_to_many(call, content)
    delivered = _deliver(call, _peer(call, named[0]), content)
    return _single_answer(call, delivered)


def edit(call: Call) -> int:
    """Put another text into a message of ours; what it had besides is gone unless given again."""
    call.check_group()
    peer_id = call.get("peer_id")
    conversation = call.community.conversation(peer_id) or Conversation(peer_id)
    if peer_id > CHAT_PEERS and hidden(call, chat_at(call, peer_id, otherwise=917)):
        raise VkError(917)
    if ("cmid" in call.given) == ("message_id" in call.given):
        raise bad("cmid", "or message_id is needed, one of them")
    if peer_id > CHAT_PEERS and "cmid" not in call.given:
        raise bad("message_id", "is 0 for all messages of a chat: give cmid")
    content = _content(call)
    message = conversation.by_cmid(call.get("cmid", 0)) or next(
        (one for one in conversation.messages if one.id == call.get("message_id", 0) != 0), None
    )
    if message is None:
        raise bad("cmid", "is no message of this conversation")
    if message.from_id != call.community.owner_id or message.action is not None:
        raise VkError(920)
    if call.now - message.date >= call.world.switches.edit_window:
        raise VkError(909)
    if peer_id > CHAT_PEERS and not call.world.switches.document_for_any_peer:
        _check_uploaded_for(peer_id, content.attachments)
    message.text = content.text
    message.attachments = content.attachments
    message.keyboard = content.keyboard
    if not call.get("keep_forward_messages"):
        message.reply = None
    message.edited_at = call.now
    call.effect(f"сообщение {message.cmid} в {peer_id} изменено")
    _tell(call, "message_edit", message)
    return 1


def _tell(call: Call, event: str, message: Message) -> None:
    """Tell of what the community wrote itself, if anybody wants to hear it."""
    if call.community.wants(event):
        call.world.tell(call.community, event, shapes.of_message(message, call.community))


def delete(call: Call) -> list[dict[str, Any]]:
    """Delete messages for everybody; each has an item that tells what became of it."""
    call.check_group()
    peer_id = call.get("peer_id")
    if peer_id <= CHAT_PEERS:
        raise bad("peer_id", "is no chat: elsewhere messages have no cmid")
    if not call.get("delete_for_all"):
        raise bad("delete_for_all", "is 0: residents would go on seeing the message")
    cmids = call.get("cmids")
    if len(set(cmids)) != len(cmids):
        raise bad("cmids", "names a message twice")
    chat = chat_at(call, peer_id, otherwise=917)
    return [_deleted(call, chat, cmid) for cmid in cmids]


def _deleted(call: Call, chat: Chat, cmid: int) -> dict[str, Any]:
    item = {"peer_id": chat.peer_id, "message_id": 0, "conversation_message_id": cmid}
    message = chat.at(cmid)
    if message is None:
        return item | {"response": 0}
    if message.deleted_at:
        return item | _gone(call)
    ours = message.from_id == call.community.owner_id or call.world.switches.deletes_others
    if not ours or message.action or call.now - message.date >= DELETED_WITHIN:
        if call.world.switches.too_late is TooLate.CALL:
            raise VkError(924)
        return item | {"response": 0, "error": _error_of_one(call, VkError(924))}
    message.deleted_at = call.now
    if chat.pinned is message:
        chat.pinned = None
    call.effect(f"сообщение {cmid} в {chat.peer_id} удалено у всех")
    return item | {"response": 1}


def _gone(call: Call) -> dict[str, Any]:
    match call.world.switches.gone:
        case Gone.DONE:
            return {"response": 1}
        case Gone.ZERO:
            return {"response": 0}
        case Gone.ERROR:
            return {"response": 0, "error": _error_of_one(call, VkError(924))}


def _error_of_one(call: Call, error: VkError) -> str | dict[str, Any]:
    as_text = call.world.switches.failure is Failure.TEXT
    return error.message if as_text else {"code": error.code, "description": error.message}


def _content(call: Call) -> Content:
    if not call.community.bots:
        raise VkError(912)
    if not call.community.messages:
        raise VkError(915)
    text = call.get("message", "")
    if length(text) > LONGEST_TEXT:
        raise VkError(914)
    attachments = _attachments(call)
    if not text.strip() and not attachments:
        raise bad("message", "is empty")
    keyboard = call.get("keyboard")
    return Content(
        text=text,
        attachments=attachments,
        keyboard=keyboards.read(keyboard) if keyboard else None,
        payload=call.get("payload"),
        random_id=call.get("random_id", 0),
        answers=_answered(call.get("forward")),
    )


def _answered(forward: str | None) -> tuple[int, int] | None:
    """Read `forward`: replies to one message are all that the sandbox takes of it."""
    if forward is None:
        return None
    try:
        read = json.loads(forward)
    except (ValueError, RecursionError) as error:
        raise bad("forward", "is not JSON") from error
    if not isinstance(read, dict) or set(read) != {
        "peer_id",
        "conversation_message_ids",
        "is_reply",
    }:
        raise bad("forward", "takes peer_id, conversation_message_ids and is_reply")
    cmids = read["conversation_message_ids"]
    if read["is_reply"] is not True or not isinstance(cmids, list) or len(cmids) != 1:
        raise bad("forward", "is a reply to one message")
    if not all(type(number) is int for number in (read["peer_id"], *cmids)):
        raise bad("forward", "names peer and message by their numbers")
    return read["peer_id"], cmids[0]


def _attachments(call: Call) -> tuple[File, ...]:
    if "attachment" not in call.given:
        return ()
    references = call.get("attachment").split(",")
    if len(references) > MOST_ATTACHMENTS:
        raise bad("attachment", f"has more than {MOST_ATTACHMENTS} items")
    for reference in references:
        if reference not in call.community.files:
            raise bad("attachment", f"{reference} is no file of this community")
    return tuple(call.community.files[reference] for reference in references)


def _peer(call: Call, name: str) -> int:
    value = call.get(name)
    if name == "chat_id":
        return CHAT_PEERS + int(value)
    if name == "domain":
        user_id = call.world.people.resolve(value)
        if user_id is None:
            raise VkError(936)
        return user_id
    if name == "user_id" and not 0 < value < LARGEST_PERSON:
        raise VkError(936)
    return int(value)


def _deliver(call: Call, peer_id: int, content: Content) -> Delivered:
    community = call.community
    fault = call.world.faults.strike(
        "messages.send", community=community.id, now=call.now, error=True, peer_id=peer_id
    )
    if fault:
        raise VkError(fault.code)
    conversation: Conversation
    if peer_id > CHAT_PEERS:
        conversation = chat_at(call, peer_id, otherwise=917)
    else:
        check_may_write(call, peer_id)
        conversation = community.dialog(peer_id)
    if not call.world.switches.document_for_any_peer:
        _check_uploaded_for(peer_id, content.attachments)
    before = conversation.repeated(content.random_id, call.now)
    if before:
        return Delivered(before, again=True)
    reply = _replied_to(conversation, content)

    def make(message: Message) -> None:
        message.text = content.text
        message.attachments = content.attachments
        message.keyboard = content.keyboard
        message.payload = content.payload
        message.random_id = content.random_id
        message.reply = reply

    message = community.put(conversation, community.owner_id, call.now, make)
    call.effect(f"сообщение {message.cmid} отправлено в {peer_id}")
    call.world.journal.message_sent(community.id, message)
    _tell(call, "message_reply", message)
    return Delivered(message, again=False)


def _replied_to(conversation: Conversation, content: Content) -> Message | None:
    if content.answers is None:
        return None
    peer_id, cmid = content.answers
    message = conversation.by_cmid(cmid)
    if peer_id != conversation.peer_id or message is None or message.action is not None:
        raise VkError(921)
    return message


def _check_uploaded_for(peer_id: int, attachments: tuple[File, ...]) -> None:
    for file in attachments:
        # What a person sent goes where it is shown with its access key.
        if file.peer_id != peer_id and not file.access_key:
            raise VkError(15, "the file was uploaded for another peer")


def _send_to_many(call: Call, content: Content) -> list[dict[str, Any]]:
    peers = call.get("peer_ids")
    if len(set(peers)) != len(peers):
        raise bad("peer_ids", "names a peer twice")
    items = []
    for peer_id in peers:
        try:
            item = _item(call, _deliver(call, peer_id, content))
        except VkError as error:
            call.effect(f"для {peer_id} отказ {error.code}")
            item = _failed_item(call, peer_id, error)
        if item:
            items.append(item)
    return items


def _item(call: Call, delivered: Delivered) -> dict[str, Any] | None:
    message = delivered.message
    item = {
        "peer_id": message.peer_id,
        "message_id": message.id,
        "conversation_message_id": message.cmid,
    }
    if not delivered.again:
        return item
    match call.world.switches.repeat:
        case Repeat.SAME_IDS:
            return item
        case Repeat.ERROR:
            repeated = bad("random_id", "was already used")
            return _failed_item(call, message.peer_id, repeated)
        case Repeat.NO_CMID:
            return item | {"conversation_message_id": 0}
        case Repeat.NOTHING:
            return None


def _failed_item(call: Call, peer_id: int, error: VkError) -> dict[str, Any]:
    return {
        "peer_id": peer_id,
        "message_id": 0,
        "conversation_message_id": 0,
        "error": _error_of_one(call, error),
    }


def _single_answer(call: Call, delivered: Delivered) -> int:
    repeat = call.world.switches.repeat
    if not delivered.again or repeat is Repeat.SAME_IDS:
        return delivered.message.id
    if repeat is Repeat.ERROR:
        raise bad("random_id", "was already used")
    return 0


def get_conversations_by_id(call: Call) -> dict[str, Any]:
    call.check_group()
    items = []
    for peer_id in call.get("peer_ids"):
        found = _conversation(call, peer_id)
        if found:
            items.append(found)
        elif call.world.switches.absent is Absent.ERROR:
            raise VkError(927)
    answer: dict[str, Any] = {"count": len(items), "items": items}
    if call.get("extended"):
        people = {item["peer"]["id"] for item in items if item["peer"]["type"] == "user"}
        ids = people | {call.community.owner_id}
        fields = call.get("fields", [])
        answer |= shapes.of_authors(ids, call.world.people, call.community, fields)
    return answer


def _conversation(call: Call, peer_id: int) -> dict[str, Any] | None:
    community = call.community
    conversation = community.conversation(peer_id)
    if peer_id > CHAT_PEERS:
        if not isinstance(conversation, Chat) or hidden(call, conversation):
            return None
        inside = community.owner_id in conversation.members
        return shapes.of_conversation(peer_id, conversation, community, can_write=inside)
    if not 0 < peer_id < LARGEST_PERSON:
        raise VkError(936)
    may = community.allowed_by(call.world.people.get(peer_id))
    return shapes.of_conversation(peer_id, conversation, community, can_write=may)


def _history_of(call: Call, peer_id: int) -> Conversation:
    """Find what can be read: a chat one is in, or a person's dialog, which may be empty."""
    if peer_id > CHAT_PEERS:
        chat = chat_at(call, peer_id, otherwise=927)
        if hidden(call, chat):
            raise VkError(917)
        return chat
    if not 0 < peer_id < LARGEST_PERSON:
        raise VkError(936)
    return call.community.conversation(peer_id) or Conversation(peer_id)


def get_history(call: Call) -> dict[str, Any]:
    call.check_group()
    if ("peer_id" in call.given) == ("user_id" in call.given):
        raise bad("peer_id", "or user_id is needed, one of them")
    conversation = _history_of(call, call.get("peer_id", call.get("user_id")))
    there = conversation.there
    ordered = there if call.get("rev") else there[::-1]
    offset = call.get("offset", 0)
    return _messages(call, ordered[offset : offset + call.get("count", 20)]) | {"count": len(there)}


def get_by_conversation_message_id(call: Call) -> dict[str, Any]:
    call.check_group()
    conversation = _history_of(call, call.get("peer_id"))
    found = [conversation.by_cmid(cmid) for cmid in call.get("conversation_message_ids")]
    return _messages(call, [message for message in found if message])


def _messages(call: Call, messages: list[Message]) -> dict[str, Any]:
    items = [shapes.of_message(message, call.community) for message in messages]
    answer: dict[str, Any] = {"count": len(items), "items": items}
    if call.get("extended"):
        ids = {message.from_id for message in messages}
        fields = call.get("fields", [])
        answer |= shapes.of_authors(ids, call.world.people, call.community, fields)
    return answer


def is_messages_from_group_allowed(call: Call) -> dict[str, int]:
    call.check_group()
    person = call.world.people.get(call.get("user_id"))
    return {"is_allowed": int(call.community.allowed_by(person))}
