"""VK: chats that say what their houses say, the ChatRenewer port."""

from typing import Any

from housechats.adapters.vk import CHAT_PEER, HISTORY, Call, Result, VkApi, VkError
from housechats.domain.errors import OutcomeUnknownError, PausedError, RefusedError
from housechats.ports.chats import Lane
from housechats.ports.renewals import Said, Saying

NO_SUCH_MESSAGE = 100
"""How VK answers `messages.edit` with a message that is not there: its cmid is wrong."""
TOO_OLD = {"too_old", "not_editable"}
LOST = "chat_lost"


class VkRenewals:
    """Renews a chat in one `execute`; in two where its message can be edited no more."""

    def __init__(self, api: VkApi, community: int) -> None:
        self._api = api
        self._community = community

    def renew(self, chat_id: int, saying: Saying) -> Said:
        peer = CHAT_PEER + chat_id
        link_of: dict[str, object] = {"peer_id": peer}
        if saying.new_link:
            link_of["reset"] = 1
        calls: list[Call] = [
            ("messages.editChat", {"chat_id": chat_id, "title": saying.title}),
            ("messages.getInviteLink", link_of),
            *(_edit(peer, saying) if saying.cmid else _send(peer, saying, first=2)),
        ]
        titled, link, written, pinned = self._answers(calls)
        _raise_if_lost(titled, link, written)
        cmid = saying.cmid
        if saying.cmid and _is_uneditable(written):
            written, pinned = self._answers(_send(peer, saying, first=0))
            cmid = 0
        refusal = written if cmid else self._refusal_of(written)
        if isinstance(refusal, RefusedError):
            # The link is known all the same; what could not be said, staff are told.
            _raise_if_lost(refusal)
            return Said(_link(link), saying.cmid, refusal.message)
        cmid = cmid or _number_of(written) or self._seen(chat_id, saying)
        refused = [one for one in (titled, link) if isinstance(one, RefusedError)]
        if isinstance(pinned, Exception) and not isinstance(pinned, RefusedError):
            # There was no number to pin by, as VK did not say it: it is known by now.
            self._pin(peer, cmid)
        return Said(_link(link), cmid, refused[0].message if refused else "")

    def sent(self, chat_id: int, *, text: str, random_id: int) -> int:
        answer = self._api.call(
            "messages.getHistory", Lane.BULK, peer_id=CHAT_PEER + chat_id, count=HISTORY
        )
        for message in answer["items"]:
            number = message.get("random_id")
            is_it = number == random_id if number else message["text"].strip() == text.strip()
            if message["from_id"] == -self._community and is_it:
                return int(message["conversation_message_id"])
        return 0

    def _answers(self, calls: list[Call]) -> list[Any]:
        """Make the calls; what VK cannot do now rises, but for the pin, which may lack its cmid."""
        answers = self._api.execute(calls, Lane.BULK)
        for (method, _), answer in zip(calls, answers, strict=True):
            expected = isinstance(answer, RefusedError) or _is_uneditable(answer)
            if isinstance(answer, Exception) and not expected and method != "messages.pin":
                raise answer
        return answers

    def _refusal_of(self, sent: Any) -> RefusedError | None:
        """Return why nothing was sent; another error of the one chat may be a repeat's answer."""
        if isinstance(sent, RefusedError):
            return sent
        failure = self._api.failure_of_item(sent[0], "messages.send") if sent else None
        if isinstance(failure, PausedError):
            raise failure
        return failure if isinstance(failure, RefusedError) else None

    def _seen(self, chat_id: int, saying: Saying) -> int:
        cmid = self.sent(chat_id, text=saying.text, random_id=saying.random_id)
        if not cmid:
            raise OutcomeUnknownError("the message is not to be seen yet")
        return cmid

    def _pin(self, peer: int, cmid: int) -> None:
        (pinned,) = self._api.execute(
            [("messages.pin", {"peer_id": peer, "cmid": cmid})], Lane.BULK
        )
        if isinstance(pinned, Exception) and not isinstance(pinned, RefusedError):
            raise pinned


def _edit(peer: int, saying: Saying) -> list[Call]:
    return [
        ("messages.edit", {"peer_id": peer, "cmid": saying.cmid, "message": saying.text}),
        ("messages.pin", {"peer_id": peer, "cmid": saying.cmid}),
    ]


def _send(peer: int, saying: Saying, *, first: int) -> list[Call]:
    number = Result(first, "[0].conversation_message_id")
    message = {"peer_ids": str(peer), "random_id": saying.random_id, "message": saying.text}
    return [("messages.send", message), ("messages.pin", {"peer_id": peer, "cmid": number})]


def _number_of(sent: Any) -> int:
    """Return the message's number; a repeated random_id may be answered with no item at all."""
    return int(sent[0].get("conversation_message_id") or 0) if sent else 0


def _is_uneditable(answer: object) -> bool:
    if isinstance(answer, VkError):
        return answer.code == NO_SUCH_MESSAGE
    return isinstance(answer, RefusedError) and answer.code in TOO_OLD


def _raise_if_lost(*answers: object) -> None:
    for answer in answers:
        if isinstance(answer, RefusedError) and answer.code == LOST:
            raise answer


def _link(answer: object) -> str:
    return str(answer["link"]) if isinstance(answer, dict) else ""
