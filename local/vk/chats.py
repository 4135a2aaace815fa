"""The methods that make a chat and run it: title, link, pin, members."""

import math
from typing import Any

from local.vk import shapes
from local.vk.call import Call
from local.vk.conversations import CHAT_PEERS, Chat
from local.vk.errors import VkError, bad
from local.vk.journal import CreatedChat, Membership
from local.vk.parameters import length
from local.vk.switches import Created, Listed


def chat_at(call: Call, peer_id: int, *, otherwise: int) -> Chat:
    """Find a chat the community is in; `otherwise` is the method's error when there is none."""
    chat = call.community.chats.get(peer_id - CHAT_PEERS)
    if chat is None or call.community.owner_id not in chat.members:
        raise VkError(otherwise)
    return chat


def hidden(call: Call, chat: Chat) -> bool:
    """Say whether the chat is one that VK does not show to its community yet."""
    return call.world.switches.listed is Listed.AFTER_FIRST_MESSAGE and not chat.spoken


def _title(call: Call) -> str:
    title: str = call.get("title")
    limit = call.world.switches.title_limit
    if not title.strip() or length(title) > limit:
        raise bad("title", f"should have 1 to {limit} characters")
    return title


def create_chat(call: Call) -> Any:
    call.check_group()
    if "user_ids" in call.given:
        raise bad("user_ids", "cannot be given by a community: people join by the link")
    title = _title(call)
    chat = call.community.found_chat(title, call.now)
    call.effect(f"создан чат {chat.number}")
    call.world.journal.chat_created(
        CreatedChat(call.now, call.community.id, chat.number, chat.peer_id, title)
    )
    if call.world.switches.created is Created.NUMBER:
        return chat.number
    return {"chat_id": chat.number, "peer_ids": []}


def edit_chat(call: Call) -> int:
    title = _title(call)
    chat = chat_at(call, CHAT_PEERS + call.get("chat_id"), otherwise=925)
    if chat.title != title:
        chat.title = title
        action = {"type": "chat_title_update", "text": title}
        call.community.note(chat, call.community.owner_id, call.now, action)
        call.effect(f"чат {chat.number} переименован")
    return 1


def get_invite_link(call: Call) -> dict[str, str]:
    call.check_group()
    chat = chat_at(call, call.get("peer_id"), otherwise=919)
    anew = call.get("reset", False)
    if anew:
        call.effect(f"ссылка чата {chat.number} заменена")
    return {"link": call.world.invite_base + call.community.invite(chat, anew=anew)}


def pin(call: Call) -> dict[str, Any]:
    chat = chat_at(call, call.get("peer_id"), otherwise=927)
    if "message_id" in call.given:
        raise bad("message_id", "is 0 for all messages of a chat: give cmid")
    if "cmid" not in call.given:
        raise bad("cmid", "is undefined")
    message = chat.by_cmid(call.get("cmid"))
    if message is None or message.action is not None:
        raise bad("cmid", "is no message of this chat")
    if chat.pinned is not message:
        chat.pinned = message
        action = {
            "type": "chat_pin_message",
            "member_id": call.community.owner_id,
            "conversation_message_id": message.cmid,
            "message": message.text,
        }
        call.community.note(chat, call.community.owner_id, call.now, action)
        call.effect(f"в чате {chat.number} закреплено сообщение {message.cmid}")
    return shapes.of_pinned(message)


def remove_chat_user(call: Call) -> int:
    chat = chat_at(call, CHAT_PEERS + call.get("chat_id"), otherwise=925)
    if ("user_id" in call.given) == ("member_id" in call.given):
        raise bad("member_id", "or user_id is needed, one of them")
    member_id = call.get("member_id", call.get("user_id"))
    if member_id not in chat.members:
        raise VkError(935)
    chat.part(member_id)
    chat.removed.add(member_id)
    action = {"type": "chat_kick_user", "member_id": member_id}
    call.community.note(chat, call.community.owner_id, call.now, action)
    call.effect(f"из чата {chat.number} исключён участник {member_id}")
    call.world.journal.membership(
        Membership(call.now, call.community.id, chat.peer_id, member_id, "removed")
    )
    return 1


def unpin(call: Call) -> int:
    call.check_group()
    chat = chat_at(call, call.get("peer_id"), otherwise=927)
    if chat.pinned:
        action = {
            "type": "chat_unpin_message",
            "member_id": call.community.owner_id,
            "conversation_message_id": chat.pinned.cmid,
        }
        chat.pinned = None
        call.community.note(chat, call.community.owner_id, call.now, action)
        call.effect(f"в чате {chat.number} откреплено сообщение")
    return 1


def check_described(call: Call) -> None:
    """Refuse a method that works in the field and is in no schema, where VK has it no more."""
    if not call.world.switches.undescribed_methods:
        raise VkError(3)


def set_member_role(call: Call) -> int:
    check_described(call)
    chat = chat_at(call, call.get("peer_id"), otherwise=925)
    member_id = call.get("member_id")
    if member_id not in chat.members:
        raise VkError(935)
    if member_id == chat.owner_id:
        raise bad("member_id", "is the owner of the chat")
    if call.get("role") == "admin":
        chat.admins.add(member_id)
    else:
        chat.admins.discard(member_id)
    call.effect(f"в чате {chat.number} участник {member_id}: {call.get('role')}")
    return 1


def restrict_members(call: Call) -> dict[str, list[int]]:
    """Let members only read, or write again; who could not be restricted is told."""
    check_described(call)
    chat = chat_at(call, call.get("peer_id"), otherwise=925)
    failed = []
    for member_id in call.get("member_ids"):
        if member_id not in chat.members or member_id in {chat.owner_id, *chat.admins}:
            failed.append(member_id)
        elif call.get("action") == "rw":
            chat.muted.pop(member_id, None)
        else:
            chat.muted[member_id] = call.now + call.get("for", math.inf)
            call.effect(f"в чате {chat.number} участник {member_id} только читает")
    return {"failed_member_ids": failed}


def get_conversation_members(call: Call) -> dict[str, Any]:
    call.check_group()
    chat = chat_at(call, call.get("peer_id"), otherwise=917)
    if hidden(call, chat):
        raise VkError(917)
    members = list(chat.members.values())
    if "member_ids" in call.given:
        members = [member for member in members if member.member_id in call.get("member_ids")]
    offset = call.get("offset", 0)
    page = members[offset : offset + call.get("count", 20)]
    ids = {member.member_id for member in page}
    return {
        "items": [shapes.of_member(member, chat, call.now) for member in page],
        "count": len(members),
        **shapes.of_authors(ids, call.world.people, call.community, call.get("fields", [])),
    }
