"""What each method takes: names, types and limits, read from strings as VK reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from local.vk.errors import bad

INT32 = 2**31 - 1
INT64 = 2**63 - 1
LONGEST_NUMBER = 19  # digits of the largest int64


class Type(Enum):
    INTEGER = "integer"
    STRING = "string"
    BOOLEAN = "boolean"
    INTEGERS = "array of integers"
    STRINGS = "array of strings"


@dataclass(frozen=True, slots=True)
class Parameter:
    """`maximum_items` and `maximum_length` bound arrays and strings; `values` is an enum."""

    name: str
    type: Type
    required: bool = False
    minimum: int = -INT64
    maximum: int = INT64
    maximum_items: int = 1000
    maximum_length: int | None = None
    values: tuple[str, ...] = ()

    def read(self, text: str) -> Any:
        match self.type:
            case Type.INTEGER:
                return self._number(text)
            case Type.STRING:
                return self._text(text)
            case Type.BOOLEAN:
                if text not in {"0", "1", "true", "false"}:
                    raise bad(self.name, "is not a boolean")
                return text in {"1", "true"}
            case Type.INTEGERS:
                return [self._number(item) for item in self._items(text)]
            case Type.STRINGS:
                return [self._text(item) for item in self._items(text)]

    def _number(self, text: str) -> int:
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_NUMBER):
            raise bad(self.name, "is not an integer")
        number = int(text)
        if not self.minimum <= number <= self.maximum:
            raise bad(self.name, f"should be from {self.minimum} to {self.maximum}")
        return number

    def _text(self, text: str) -> str:
        if self.maximum_length is not None and length(text) > self.maximum_length:
            raise bad(self.name, f"is longer than {self.maximum_length} characters")
        if self.values and text not in self.values:
            raise bad(self.name, f"should be one of {', '.join(self.values)}")
        return text

    def _items(self, text: str) -> list[str]:
        items = text.split(",")
        if len(items) > self.maximum_items:
            raise bad(self.name, f"has more than {self.maximum_items} items")
        if "" in items:
            raise bad(self.name, "has an empty item")
        return items


def length(text: str) -> int:
    """Count UTF-16 units, as VK counts offsets: an emoji may be two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def read(parameters: tuple[Parameter, ...], given: Mapping[str, str]) -> dict[str, Any]:
    """Turn strings into values; whatever is unknown, missing, ill-typed or out of limits fails.

    An empty string is VK's way of not giving a parameter.
    """
    known = {parameter.name for parameter in parameters}
    for name in given:
        if name not in known:
            raise bad(name, "is not a parameter of this method")
    values = {}
    for parameter in parameters:
        text = given.get(parameter.name, "")
        if text:
            values[parameter.name] = parameter.read(text)
        elif parameter.required:
            raise bad(parameter.name, "is undefined")
    return values


def _integer(name: str, minimum: int = -INT64, maximum: int = INT64) -> Parameter:
    return Parameter(name, Type.INTEGER, minimum=minimum, maximum=maximum)


def _needed(name: str, minimum: int = -INT64, maximum: int = INT64) -> Parameter:
    return Parameter(name, Type.INTEGER, required=True, minimum=minimum, maximum=maximum)


def _string(name: str, maximum_length: int | None = None) -> Parameter:
    return Parameter(name, Type.STRING, maximum_length=maximum_length)


def _flag(name: str) -> Parameter:
    return Parameter(name, Type.BOOLEAN)


# What the sandbox's people have; any other field of VK's long list is refused.
USER_FIELDS = ("screen_name", "domain", "has_photo", "can_write_private_message")
EXTENDED = (_flag("extended"), Parameter("fields", Type.STRINGS, values=USER_FIELDS))
GROUP_ID = _integer("group_id", 0)
OUR_GROUP = _needed("group_id", 1)
SERVER_ID = _needed("server_id", 0)
SERVER = (
    Parameter("url", Type.STRING, required=True),
    Parameter("title", Type.STRING, required=True, maximum_length=14),
    _string("secret_key", 50),
)
CHAT_ID = _needed("chat_id", 0, 100_000_000)
PEER_ID = _needed("peer_id")

# The events that a callback server may be told of, as VK names them.
EVENTS = (
    "message_new",
    "message_reply",
    "message_allow",
    "message_edit",
    "message_deny",
    "message_typing_state",
    "message_read",
    "photo_new",
    "audio_new",
    "video_new",
    "wall_reply_new",
    "wall_reply_edit",
    "wall_reply_delete",
    "wall_reply_restore",
    "wall_post_new",
    "wall_repost",
    "wall_schedule_post_new",
    "wall_schedule_post_delete",
    "board_post_new",
    "board_post_edit",
    "board_post_restore",
    "board_post_delete",
    "photo_comment_new",
    "photo_comment_edit",
    "photo_comment_delete",
    "photo_comment_restore",
    "video_comment_new",
    "video_comment_edit",
    "video_comment_delete",
    "video_comment_restore",
    "market_comment_new",
    "market_comment_edit",
    "market_comment_delete",
    "market_comment_restore",
    "market_order_new",
    "market_order_edit",
    "poll_vote_new",
    "group_join",
    "group_leave",
    "group_change_settings",
    "group_change_photo",
    "group_officers_edit",
    "user_block",
    "user_unblock",
    "lead_forms_new",
    "like_add",
    "like_remove",
    "message_event",
    "message_reaction_event",
    "donut_subscription_create",
    "donut_subscription_prolonged",
    "donut_subscription_cancelled",
    "donut_subscription_price_changed",
    "donut_subscription_expired",
    "donut_money_withdraw",
    "donut_money_withdraw_error",
)

METHODS: dict[str, tuple[Parameter, ...]] = {
    "messages.createChat": (
        Parameter("title", Type.STRING, required=True),
        Parameter("user_ids", Type.INTEGERS, minimum=0),
        GROUP_ID,
    ),
    "messages.editChat": (CHAT_ID, Parameter("title", Type.STRING, required=True)),
    "messages.getInviteLink": (PEER_ID, _flag("reset"), GROUP_ID),
    "messages.send": (
        _integer("user_id"),
        _needed("random_id", -INT32 - 1, INT32),
        _integer("peer_id"),
        Parameter("peer_ids", Type.INTEGERS, maximum_items=100),
        _string("domain"),
        _integer("chat_id", 0, 100_000_000),
        _string("message"),
        _string("attachment", 9000),
        _string("keyboard"),
        _string("forward"),
        _string("payload", 1000),
        _flag("dont_parse_links"),
        _flag("disable_mentions"),
        Parameter("intent", Type.STRING, values=("default",)),
        GROUP_ID,
    ),
    "messages.edit": (
        PEER_ID,
        _string("message"),
        _integer("cmid", 0, INT32),
        _integer("message_id", 0, INT32),
        _string("attachment", 9000),
        _string("keyboard"),
        _flag("keep_forward_messages"),
        _flag("keep_snippets"),
        _flag("dont_parse_links"),
        _flag("disable_mentions"),
        GROUP_ID,
    ),
    "messages.delete": (
        PEER_ID,
        Parameter("cmids", Type.INTEGERS, required=True, minimum=0, maximum_items=100),
        Parameter("delete_for_all", Type.BOOLEAN, required=True),
        GROUP_ID,
    ),
    "messages.sendMessageEventAnswer": (
        Parameter("event_id", Type.STRING, required=True),
        _needed("user_id"),
        PEER_ID,
        _string("event_data", 1000),
    ),
    "messages.setMemberRole": (
        PEER_ID,
        _needed("member_id"),
        Parameter("role", Type.STRING, required=True, values=("admin", "member")),
    ),
    "messages.changeConversationMemberRestrictions": (
        PEER_ID,
        Parameter("member_ids", Type.INTEGERS, required=True),
        Parameter("action", Type.STRING, required=True, values=("ro", "rw")),
        _integer("for", 1, INT32),
    ),
    "messages.unpin": (PEER_ID, GROUP_ID),
    "messages.pin": (PEER_ID, _integer("message_id", 0, INT32), _integer("cmid", 0, INT32)),
    "messages.getConversationsById": (
        Parameter("peer_ids", Type.INTEGERS, required=True, maximum_items=100),
        *EXTENDED,
        GROUP_ID,
    ),
    "messages.getHistory": (
        _integer("offset", 0),
        _integer("count", 0, 200),
        _integer("user_id"),
        _integer("peer_id"),
        _integer("rev", 0, 1),
        *EXTENDED,
        GROUP_ID,
    ),
    "messages.getConversationMembers": (
        PEER_ID,
        _integer("offset", 0),
        _integer("count", 1, 1000),
        *EXTENDED,
        GROUP_ID,
        Parameter("member_ids", Type.INTEGERS),
    ),
    "messages.getByConversationMessageId": (
        PEER_ID,
        Parameter(
            "conversation_message_ids",
            Type.INTEGERS,
            required=True,
            minimum=0,
            maximum_items=100,
        ),
        *EXTENDED,
        GROUP_ID,
    ),
    "messages.removeChatUser": (CHAT_ID, _integer("user_id"), _integer("member_id")),
    "messages.isMessagesFromGroupAllowed": (_needed("group_id", 1), _needed("user_id", 1)),
    "docs.getMessagesUploadServer": (
        Parameter("type", Type.STRING, values=("doc",)),
        _needed("peer_id", -INT32 - 1, INT32),
    ),
    "docs.save": (
        Parameter("file", Type.STRING, required=True),
        _string("title"),
        _string("tags"),
        _flag("return_tags"),
    ),
    "photos.getMessagesUploadServer": (PEER_ID,),
    "photos.saveMessagesPhoto": (
        Parameter("photo", Type.STRING, required=True),
        _needed("server"),
        Parameter("hash", Type.STRING, required=True),
    ),
    "users.get": (
        Parameter("user_ids", Type.STRINGS, maximum_items=1000, required=True),
        Parameter("fields", Type.STRINGS, values=USER_FIELDS),
        Parameter("name_case", Type.STRING, values=("nom",)),
    ),
    "utils.resolveScreenName": (Parameter("screen_name", Type.STRING, required=True),),
    "groups.getById": (
        Parameter("group_ids", Type.STRINGS),
        _string("group_id"),
        Parameter("fields", Type.STRINGS, values=("screen_name",)),
    ),
    "groups.getTokenPermissions": (),
    "groups.addCallbackServer": (OUR_GROUP, *SERVER),
    "groups.editCallbackServer": (OUR_GROUP, SERVER_ID, *SERVER),
    "groups.deleteCallbackServer": (OUR_GROUP, SERVER_ID),
    "groups.getCallbackServers": (OUR_GROUP, Parameter("server_ids", Type.INTEGERS, minimum=0)),
    "groups.setCallbackSettings": (
        OUR_GROUP,
        SERVER_ID,
        Parameter("api_version", Type.STRING, required=True, values=("5.199",)),
        *(_flag(event) for event in EVENTS),
    ),
    "groups.getCallbackConfirmationCode": (OUR_GROUP,),
    "groups.setSettings": (
        OUR_GROUP,
        _flag("messages"),
        _flag("bots_capabilities"),
        _flag("bots_start_button"),
        _flag("bots_add_to_chat"),
    ),
    "execute": (Parameter("code", Type.STRING, required=True),),
}

# A community's token gets error 27 from these; not the whole list, those one may think of here.
USER_ONLY = frozenset(
    {
        "docs.getUploadServer",
        "groups.ban",
        "messages.addChatUser",
        "messages.addChatUsers",
        "messages.allowMessagesFromGroup",
        "messages.denyMessagesFromGroup",
        "messages.getChat",
        "messages.getChatPreview",
        "messages.joinChatByInviteLink",
        "messages.markAsImportant",
        "photos.getWallUploadServer",
        "polls.addVote",
        "polls.create",
        "polls.edit",
        "polls.getById",
    }
)
