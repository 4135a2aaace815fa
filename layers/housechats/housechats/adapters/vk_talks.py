"""VK: what the bot says and does in chats and private dialogs, the Talk port."""

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from housechats.adapters.vk import (
    CHAT_PEER,
    EXECUTE_CALLS,
    HISTORY,
    LABEL,
    NOT_FOR_COMMUNITIES,
    Call,
    VkApi,
    VkError,
    cut,
    inline,
    link_key,
    parts,
)
from housechats.domain.errors import (
    DisconnectedError,
    OutcomeUnknownError,
    RefusedError,
    UnavailableError,
)
from housechats.domain.random_ids import RANDOM_ID_REMEMBERED
from housechats.ports.chats import Lane
from housechats.ports.letters import Button
from housechats.ports.talks import (
    AppButton,
    Capabilities,
    PressButton,
    Pressed,
    Row,
    Saying,
    Written,
)

SET_ROLE = "messages.setMemberRole"
RESTRICT = "messages.changeConversationMemberRestrictions"
MEMBERS = "messages.getConversationMembers"
PAGE = 1000
"""Members a call tells of."""
SNACKBAR = 90
"""Characters of what is shown to who pressed a button."""
MOST_PAGES = 25
"""Pages of history in which a message is looked for: five thousand messages since it was begun."""
EARLIER = timedelta(minutes=1)
"""By how much VK's clock and ours may differ."""

NO_SUCH_METHOD = 3
NO_SUCH_MESSAGE = 100
"""How VK answers with a message that is not there."""
NO_RIGHT = {7, 15}
NOT_THERE = 935
CANNOT_REPLY = 921
"""How VK answers a reply to a message that is not there any more."""

NOT_POSSIBLE = ("not_possible", "ВКонтакте не даёт сообществу этого сделать.")
TOO_OLD = ("too_old", "Этого сообщения уже нет, или его нельзя изменить.")
TOO_LATE = ("too_late", "Это сообщение уже нельзя удалить у всех.")
NO_RIGHT_TO_DELETE = ("chat_rights", "Сообществу нельзя удалять сообщения в этом чате.")
LEFT = ("left", "Этого человека в чате уже нет.")

_log = logging.getLogger(__name__)


class VkTalk:
    """Talks as one community."""

    def __init__(
        self,
        api: VkApi,
        community: int,
        clock: Callable[[], datetime],
        *,
        lane: Lane = Lane.INTERACTIVE,
    ) -> None:
        self._api = api
        self._community = community
        self._clock = clock
        self._lane = lane
        self._absent: set[str] = set()
        """Methods that no page of VK's describes, and that VK says it has not."""

    @property
    def can(self) -> Capabilities:
        return Capabilities(
            deletes_chats=False,
            adds_people=False,
            names_administrators=SET_ROLE not in self._absent,
            mutes=RESTRICT not in self._absent,
        )

    # What is said

    def say(self, chat_id: int, saying: Saying) -> int:
        return self._said(CHAT_PEER + chat_id, saying)

    def tell(self, vk_id: int, saying: Saying) -> int:
        return self._said(vk_id, saying)

    def _said(self, peer: int, saying: Saying) -> int:
        if self._clock() - saying.begun_at >= RANDOM_ID_REMEMBERED:
            cmid = self._found(peer, saying)
            if cmid:
                return cmid
        try:
            return self._sent(peer, saying)
        except (OutcomeUnknownError, VkError):
            # No answer, an answer without a number or an error that nobody knows may all be
            # VK's "I have that one": look before anybody says it again.
            cmid = self._found(peer, saying)
            if cmid:
                return cmid
            raise

    def _sent(self, peer: int, saying: Saying) -> int:
        message = _message(peer, saying)
        try:
            return self._number(message)
        except VkError as error:
            if error.code != CANNOT_REPLY or "forward" not in message:
                raise
        # What it answers was deleted: what is said stays true.
        del message["forward"]
        return self._number(message)

    def _number(self, message: Mapping[str, object]) -> int:
        """Send a message and return its number."""
        items = self._api.call("messages.send", self._lane, **message)
        failure = self._api.failure_of_item(items[0], "messages.send") if items else None
        if failure:
            raise failure
        cmid = int(items[0].get("conversation_message_id") or 0) if items else 0
        if not cmid:
            raise OutcomeUnknownError("VK did not tell the number of what was sent")
        return cmid

    def _found(self, peer: int, saying: Saying) -> int:
        """Return the number of what was said already, 0 when it was not."""
        oldest = (saying.begun_at - EARLIER).timestamp()
        for page in range(MOST_PAGES):
            where = {"peer_id": peer, "count": HISTORY, "offset": HISTORY * page}
            try:
                told = self._api.call("messages.getHistory", self._lane, **where)
            except RefusedError:
                return 0  # a new chat may have no history to show before its first message
            recent = [message for message in told["items"] if message["date"] >= oldest]
            for message in recent:
                if self._is(message, saying):
                    return int(message["conversation_message_id"])
            if len(recent) < HISTORY:
                return 0
        raise OutcomeUnknownError("too much was written since to tell whether it was said")

    def _is(self, message: Mapping[str, Any], saying: Saying) -> bool:
        """Tell whether it is what we said: by its text if VK tells no random_id."""
        if message["from_id"] != -self._community:
            return False
        number = message.get("random_id")
        if number:
            return bool(number == saying.random_id)
        return bool(message["text"].strip() == saying.text.strip() != "")

    def edit(
        self, chat_id: int, cmid: int, text: str, *, rows: Sequence[Row] = (), attachment: str = ""
    ) -> None:
        self._edited(CHAT_PEER + chat_id, cmid, _content(text, rows, attachment))

    def edit_told(self, vk_id: int, cmid: int, text: str, *, rows: Sequence[Row] = ()) -> None:
        self._edited(vk_id, cmid, _content(text, rows, ""))

    def _edited(self, peer: int, cmid: int, content: Mapping[str, object]) -> None:
        which = {"peer_id": peer, "cmid": cmid, "keep_forward_messages": 1}
        try:
            self._api.call("messages.edit", self._lane, **which, **content)
        except RefusedError as error:
            if error.code == "not_editable":
                raise RefusedError(*TOO_OLD) from error
            raise
        except VkError as error:
            raise _meant(error, {NO_SUCH_MESSAGE}, TOO_OLD) from error

    def pin(self, chat_id: int, cmid: int) -> None:
        which = {"peer_id": CHAT_PEER + chat_id, "cmid": cmid}
        try:
            self._api.call("messages.pin", self._lane, **which)
        except VkError as error:
            raise _meant(error, {NO_SUCH_MESSAGE}, TOO_OLD) from error

    # What people wrote and pressed

    def read(self, chat_id: int, cmid: int) -> Written | None:
        return self._read(CHAT_PEER + chat_id, cmid)

    def read_private(self, vk_id: int, cmid: int) -> Written | None:
        return self._read(vk_id, cmid)

    def _read(self, peer: int, cmid: int) -> Written | None:
        message = self._looked_up(peer, cmid)
        if not message:
            return None
        photos = (one["photo"] for one in message.get("attachments", []) if one["type"] == "photo")
        return Written(
            author=message["from_id"],
            at=datetime.fromtimestamp(message["date"], UTC),
            text=message["text"],
            photos=tuple(map(_photo, photos)),
        )

    def _looked_up(self, peer: int, cmid: int) -> Mapping[str, Any] | None:
        which = {"peer_id": peer, "conversation_message_ids": cmid}
        told = self._api.call("messages.getByConversationMessageId", self._lane, **which)
        items = [message for message in told["items"] if not message.get("deleted")]
        return items[0] if items else None

    def answer(self, presses: Iterable[Pressed]) -> None:
        for some in parts([*presses], EXECUTE_CALLS):
            try:
                results = self._api.each([_answering(one) for one in some], self._lane)
            except (UnavailableError, VkError, RefusedError) as error:
                results = [error]
            for failure in results:
                if isinstance(failure, Exception):
                    _log.warning("a press is not answered: %s", _name(failure))

    # Order in a chat

    def delete(self, chat_id: int, cmid: int) -> None:
        peer = CHAT_PEER + chat_id
        which = {"peer_id": peer, "cmids": cmid, "delete_for_all": 1}
        try:
            items = self._api.call("messages.delete", self._lane, **which)
            failure = self._not_deleted(items)
        except VkError as error:
            failure = _meant(error, NO_RIGHT, NO_RIGHT_TO_DELETE)
        except (RefusedError, OutcomeUnknownError) as error:
            failure = error
        # A message that is gone already may be answered in any way: what is there, is looked at.
        if failure and self._looked_up(peer, cmid):
            raise failure

    def _not_deleted(self, items: Sequence[Mapping[str, Any]]) -> Exception | None:
        failure = self._api.failure_of_item(items[0], "messages.delete") if items else None
        if isinstance(failure, VkError):
            return _meant(failure, NO_RIGHT, NO_RIGHT_TO_DELETE)
        done = items and items[0].get("response")
        return failure if failure or done else RefusedError(*TOO_LATE)

    def mute(self, chat_id: int, vk_id: int, *, seconds: int) -> None:
        whom = {"peer_id": CHAT_PEER + chat_id, "member_ids": vk_id}
        told = self._undescribed(RESTRICT, whom | {"action": "ro", "for": seconds})
        if vk_id in _failed_members(told):
            raise RefusedError(*NOT_POSSIBLE)

    def make_administrator(self, chat_id: int, vk_id: int) -> None:
        self._set_role(chat_id, vk_id, "admin")

    def make_member(self, chat_id: int, vk_id: int) -> None:
        self._set_role(chat_id, vk_id, "member")

    def _set_role(self, chat_id: int, vk_id: int, role: str) -> None:
        whom = {"peer_id": CHAT_PEER + chat_id, "member_id": vk_id}
        self._undescribed(SET_ROLE, whom | {"role": role})

    def _undescribed(self, method: str, params: Mapping[str, object]) -> Any:
        """Call a method that no page of VK's describes: it may not be there, or not for us."""
        try:
            return self._api.call(method, self._lane, **params)
        except DisconnectedError as error:
            if error.code != NOT_FOR_COMMUNITIES:
                raise
            self._absent.add(method)
            raise RefusedError(*NOT_POSSIBLE) from error
        except VkError as error:
            if error.code == NO_SUCH_METHOD:
                self._absent.add(method)
            if error.code == NOT_THERE:
                raise RefusedError(*LEFT) from error
            raise _meant(error, {NO_SUCH_METHOD, *NO_RIGHT}, NOT_POSSIBLE) from error

    # Who is there

    def members(self, chat_id: int) -> list[int]:
        there: dict[int, None] = {}
        offset = 0
        while True:
            which = {"peer_id": CHAT_PEER + chat_id, "count": PAGE, "offset": offset}
            told = self._api.call(MEMBERS, self._lane, **which)
            there |= dict.fromkeys(one["member_id"] for one in told["items"])
            offset += len(told["items"])
            if not told["items"] or offset >= told["count"]:
                return [number for number in there if number > 0]

    def is_member(self, chat_id: int, vk_id: int) -> bool:
        which = {"peer_id": CHAT_PEER + chat_id, "member_ids": vk_id}
        told = self._api.call(MEMBERS, self._lane, **which)
        return any(one["member_id"] == vk_id for one in told["items"])

    def remove(self, chat_id: int, vk_ids: Sequence[int]) -> None:
        for some in parts(vk_ids, EXECUTE_CALLS):
            results = self._api.each([_removing(chat_id, one) for one in some], self._lane)
            failures = [one for one in results if isinstance(one, Exception) and not _gone(one)]
            # What may pass is told first: after it, everybody is tried again.
            failures.sort(key=lambda failure: isinstance(failure, RefusedError))
            if failures:
                raise failures[0]

    def revoke_link(self, chat_id: int) -> str:
        which = {"peer_id": CHAT_PEER + chat_id, "reset": 1}
        told = self._api.call("messages.getInviteLink", self._lane, **which)
        return str(told["link"])


def keyboard(rows: Sequence[Row]) -> str:
    """Write buttons; one that opens an app has a row of its own, as VK wants it."""
    return inline([[_key(button) for button in row] for whole in rows for row in _split(whole)])


def _split(row: Row) -> list[list[Button | PressButton | AppButton]]:
    apart: list[list[Button | PressButton | AppButton]] = []
    fresh = True
    for button in row:
        alone = isinstance(button, AppButton)
        if fresh or alone:
            apart.append([])
        apart[-1].append(button)
        fresh = alone
    return apart


def _key(button: Button | PressButton | AppButton) -> dict[str, object]:
    match button:
        case Button():
            return link_key(button)
        case PressButton():
            payload = button.press.payload
            action = {"type": "callback", "label": cut(button.label, LABEL), "payload": payload}
            return {"action": action, "color": str(button.tone)}
        case AppButton():
            app = {"type": "open_app", "label": cut(button.label, LABEL), "app_id": button.app_id}
            more = {"owner_id": button.owner_id, "hash": button.hash}
            return {"action": app | {name: value for name, value in more.items() if value}}


def _content(text: str, rows: Sequence[Row], attachment: str) -> dict[str, object]:
    # Texts of people are said too: whatever VK takes for a mention in them calls nobody.
    content: dict[str, object] = {"message": text, "disable_mentions": 1}
    if attachment:
        content["attachment"] = attachment
    if rows:
        content["keyboard"] = keyboard(rows)
    return content


def _message(peer: int, saying: Saying) -> dict[str, object]:
    message = _content(saying.text, saying.rows, saying.attachment)
    if saying.reply_to:
        reply = {
            "peer_id": peer,
            "conversation_message_ids": [saying.reply_to],
            "is_reply": True,
        }
        message["forward"] = json.dumps(reply)
    return {"peer_ids": peer, "random_id": saying.random_id, **message}


def _answering(pressed: Pressed) -> Call:
    peer = CHAT_PEER + pressed.chat_id if pressed.chat_id else pressed.user
    answer: dict[str, object] = {
        "event_id": pressed.press_id,
        "user_id": pressed.user,
        "peer_id": peer,
    }
    if pressed.link:
        answer["event_data"] = _json({"type": "open_link", "link": pressed.link})
    elif pressed.text:
        answer["event_data"] = _json({"type": "show_snackbar", "text": _short(pressed.text)})
    return "messages.sendMessageEventAnswer", answer


def _json(value: Mapping[str, str]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _short(text: str) -> str:
    """Cut a text to what VK shows, at a word."""
    if text == cut(text, SNACKBAR):
        return text
    start = cut(text, SNACKBAR - 1)
    return (start.rpartition(" ")[0] or start).rstrip(" ,;:") + "…"


def _removing(chat_id: int, vk_id: int) -> Call:
    return "messages.removeChatUser", {"chat_id": chat_id, "member_id": vk_id}


def _gone(failure: Exception) -> bool:
    return isinstance(failure, VkError) and failure.code == NOT_THERE


def _photo(photo: Mapping[str, Any]) -> str:
    key = photo.get("access_key")
    return f"photo{photo['owner_id']}_{photo['id']}" + (f"_{key}" if key else "")


def _failed_members(told: Any) -> list[int]:
    """Return whom VK could not restrict: its answer is a list, bare or in an object."""
    failed = told.get("failed_member_ids", []) if isinstance(told, dict) else told
    return failed if isinstance(failed, list) else []


def _meant(error: VkError, codes: set[int], refusal: tuple[str, str]) -> Exception:
    """Return the refusal that some numbers of VK's mean of one method; else the error itself."""
    return RefusedError(*refusal) if error.code in codes else error


def _name(failure: Exception) -> str:
    """Name a failure without a word of what anybody wrote."""
    return f"{type(failure).__name__} {getattr(failure, 'code', '')}".rstrip()
