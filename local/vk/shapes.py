"""What VK's answers look like: conversations, messages, members, people, files."""

from typing import Any

from local.vk.community import Community
from local.vk.conversations import CHAT_PEERS, Chat, Conversation, File, Member, Message
from local.vk.people import People, Person


def of_file(file: File) -> dict[str, Any]:
    if file.kind == "photo":
        photo = {
            "id": file.id,
            "owner_id": file.owner_id,
            "album_id": -64,
            "date": file.date,
            "has_tags": False,
            "sizes": [{"type": "x", "url": file.url, "width": 604, "height": 604}],
            "text": "",
        }
        return photo | ({"access_key": file.access_key} if file.access_key else {})
    return {
        "id": file.id,
        "owner_id": file.owner_id,
        "title": file.title,
        "size": len(file.data),
        "ext": file.name.rpartition(".")[2].lower(),
        "date": file.date,
        "type": 1,
        "url": file.url,
    }


def of_message(message: Message, community: Community) -> dict[str, Any]:
    shape: dict[str, Any] = {
        **_core(message),
        "out": int(message.from_id == community.owner_id),
        "version": 10_000_000 + message.cmid,
        "important": False,
        "is_hidden": False,
        "fwd_messages": [],
    }
    if message.from_id == community.owner_id and message.random_id:
        shape["random_id"] = message.random_id
    if message.action:
        shape["action"] = message.action
    if message.reply and not message.reply.deleted_at:
        shape["reply_message"] = _core(message.reply)
    if message.edited_at:
        shape["update_time"] = int(message.edited_at)
    if message.payload:
        shape["payload"] = message.payload
    return shape


def of_pinned(message: Message) -> dict[str, Any]:
    return _core(message)


def _core(message: Message) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": message.id,
        "conversation_message_id": message.cmid,
        "peer_id": message.peer_id,
        "from_id": message.from_id,
        "date": int(message.date),
        "text": message.text,
        "attachments": [
            {"type": file.kind, file.kind: of_file(file)} for file in message.attachments
        ],
    }
    if message.keyboard:
        shape["keyboard"] = {"one_time": False, **message.keyboard, "author_id": message.from_id}
    return shape


def of_person(person: Person, fields: list[str]) -> dict[str, Any]:
    if person.deactivated:
        return {
            "id": person.id,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "deactivated": person.deactivated,
        }
    shape: dict[str, Any] = {
        "id": person.id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "can_access_closed": True,
        "is_closed": False,
    }
    name = person.screen_name or f"id{person.id}"
    extra = {"screen_name": name, "domain": name, "has_photo": 0, "can_write_private_message": 1}
    return shape | {field: extra[field] for field in fields}


def of_group(community: Community) -> dict[str, Any]:
    return {
        "id": community.id,
        "name": community.name,
        "screen_name": f"club{community.id}",
        "is_closed": 0,
        "type": "group",
    }


def of_member(member: Member, chat: Chat, now: float) -> dict[str, Any]:
    owner = member.member_id == chat.owner_id
    shape: dict[str, Any] = {
        "member_id": member.member_id,
        "join_date": int(member.joined_at),
        "invited_by": member.invited_by,
    }
    if owner:
        return shape | {"is_admin": True, "is_owner": True}
    if member.member_id in chat.admins:
        shape["is_admin"] = True
    if chat.is_muted(member.member_id, now):
        shape["is_restricted_to_write"] = True
    return shape | {"can_kick": True}


def of_conversation(
    peer_id: int, conversation: Conversation | None, community: Community, *, can_write: bool
) -> dict[str, Any]:
    last = conversation.messages[-1] if conversation and conversation.messages else None
    is_chat = isinstance(conversation, Chat)
    shape: dict[str, Any] = {
        "peer": {
            "id": peer_id,
            "type": "chat" if is_chat else "user",
            "local_id": peer_id - CHAT_PEERS if is_chat else peer_id,
        },
        "last_message_id": last.id if last else 0,
        "last_conversation_message_id": last.cmid if last else 0,
        "in_read": last.id if last else 0,
        "out_read": last.id if last else 0,
        "version": 10_000_000 + (last.cmid if last else 0),
        "sort_id": {"major_id": 0, "minor_id": last.id if last else 0},
        "important": False,
        "unanswered": False,
        "can_write": {"allowed": True} if can_write else {"allowed": False, "reason": 901},
    }
    if isinstance(conversation, Chat):
        shape["chat_settings"] = _settings(conversation, community)
    return shape


def _settings(chat: Chat, community: Community) -> dict[str, Any]:
    inside = community.owner_id in chat.members
    people = [number for number in chat.members if number > 0]
    shape: dict[str, Any] = {
        "owner_id": chat.owner_id,
        "title": chat.title,
        "state": "in" if inside else "left",
        "members_count": len(chat.members),
        "admin_ids": sorted(chat.admins),
        "active_ids": people[-4:],
        "acl": {
            "can_change_info": inside,
            "can_change_invite_link": inside,
            "can_change_pin": inside,
            "can_invite": inside,
            "can_promote_users": inside,
            "can_see_invite_link": inside,
            "can_moderate": inside,
            "can_copy_chat": False,
            "can_call": False,
            "can_use_mass_mentions": inside,
            "can_change_service_type": False,
        },
        "permissions": {
            "invite": "all",
            "change_info": "owner_and_admins",
            "change_pin": "owner_and_admins",
            "use_mass_mentions": "owner_and_admins",
            "see_invite_link": "all",
            "call": "owner_and_admins",
            "change_admins": "owner_and_admins",
        },
        "is_group_channel": False,
        "is_service": False,
    }
    if chat.pinned:
        shape["pinned_message"] = of_pinned(chat.pinned)
    return shape


def of_authors(
    ids: set[int], people: People, community: Community, fields: list[str]
) -> dict[str, list[dict[str, Any]]]:
    """Give the `profiles` and `groups` of an extended answer."""
    return {
        "profiles": [of_person(people.get(one), fields) for one in sorted(ids) if one > 0],
        "groups": [of_group(community)] if community.owner_id in ids else [],
    }
