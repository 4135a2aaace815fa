"""VK: the messenger's ports over its HTTP API, version 5.199, with a community's token.

Limits and error numbers are those of VK's documentation and schema. A thin client over urllib3,
which botocore has loaded already: VK's libraries cost more to import than a Lambda has.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, MaxRetryError, NewConnectionError
from urllib3.fields import guess_content_type

from housechats.adapters.aws import spending
from housechats.adapters.pace import PROBED_EVERY_MS, Probe
from housechats.domain.errors import (
    DisconnectedError,
    HouseChatsError,
    OutcomeUnknownError,
    PausedError,
    RefusedError,
    TroubleError,
    UnavailableError,
    UnforeseenError,
)
from housechats.ports.chats import Lane, Welcome
from housechats.ports.letters import Button
from housechats.ports.mailings import StoppedError
from housechats.ports.people import Page

VERSION = "5.199"
TIMEOUT_S = 15
"""Longer than VK ever answers, short enough for a lease of 120 s (design: opening a chat)."""
EXECUTE_CALLS = 25
LOOK_UPS = 18
"""Calls in one `execute` that asks about many chats: they fit into VK's second even if it counts
the calls inside: no page of VK's says whether it does, libraries rely on it not doing so."""
CONVERSATIONS = 100
USERS = 1000
MOST_REFUSALS = 100
"""Calls of one look-up that VK may refuse: five seconds at its pace."""
HISTORY = 200
BUTTON_ROWS = 6
LABEL = 40
CHAT_PEER = 2_000_000_000

FLOOD = 9
TOO_MANY = 6
TOO_MANY_TRIES = 3

UNKNOWN_OUTCOMES = {1, 10, 36}
"""VK's own trouble: it may have done what was asked."""
NOT_YET = {949}
"""A pinned message that VK lets nobody edit for now."""

PAUSES_S = {9: 300, 29: 3_600, 103: 3_600, 601: 6 * 3_600, 14: 3_600, 984: 3_600}
"""Seconds to leave a method alone: flood control, quotas, captcha, spam restriction."""
PAUSES_OF_COMMUNITY = {14, 984}
WAIT = "ВКонтакте попросил подождать"

_NOT_TAKEN = "ВКонтакте больше не принимает ключ сообщества."
DISCONNECTIONS = {
    5: _NOT_TAKEN,
    27: _NOT_TAKEN,
    1117: "Срок ключа сообщества истёк.",
    912: "В сообществе выключены возможности ботов: «Управление» → «Сообщения».",
    915: "В сообществе выключены сообщения: «Управление» → «Сообщения».",
    916: "ВКонтакте заблокировал сообщения сообщества: обратитесь в его поддержку.",
}
"""What only a person can mend: with the token, or in the community's own settings."""
NOT_FOR_COMMUNITIES = 27
"""How VK answers about a method that is for people's tokens only as well: the token may be good."""

REFUSALS = {
    18: ("gone", "Страница удалена или заблокирована."),
    104: ("not_found", "Такой страницы ВКонтакте нет."),
    113: ("not_found", "Такой страницы ВКонтакте нет."),
    900: ("blocked", "Человек запретил сообществу писать ему."),
    901: ("consent", "Человек не разрешил сообществу писать ему."),
    902: ("privacy", "Настройки приватности не позволяют написать этому человеку."),
    909: ("too_old", "Это сообщение уже нельзя изменить."),
    917: ("chat_lost", "Нет доступа к чату."),
    919: ("chat_rights", "Сообществу не видна ссылка на чат."),
    920: ("not_editable", "Такие сообщения нельзя изменять."),
    922: ("chat_lost", "Сообщество вышло из чата."),
    924: ("too_late", "Это сообщение уже нельзя удалить у всех."),
    925: ("chat_rights", "Сообщество не администратор этого чата."),
    927: ("chat_lost", "Такого чата нет."),
    931: ("chat_rights", "Сообществу нельзя менять ссылку на чат."),
    932: ("blocked", "Сообщество не может писать этому получателю."),
    936: ("not_found", "Получатель не найден."),
    945: ("chat_lost", "Чат отключён."),
    946: ("chat_lost", "Чат не поддерживается."),
    947: ("blocked", "У человека нет доступа к сообществу."),
    983: ("chat_rights", "Сообществу запрещено писать в этот чат."),
    1012: ("chat_rights", "В этом чате нельзя писать."),
    1017: ("chat_lost", "Чат удалён."),
    1021: ("consent", "Человек ещё не писал сообществу."),
}


SAID_OF_ONE = {
    "User was deleted or banned": 18,
    "Flood control": FLOOD,
    "Can't send messages for users from blacklist": 900,
    "Can't send messages for users without permission": 901,
    "Can't send messages to this user due to their privacy settings": 902,
    "Can't forward these messages": 921,
    "Can't delete this message for everybody": 924,
    "Contact not found": 936,
    "Access denied": 15,
    "Not found": 104,
    "This is a chat bot feature": 912,
    "You don't have access to this chat": 917,
    "You left this chat": 922,
    "You are not admin of this chat": 925,
    "Chat does not exist": 927,
    "Your community can't interact with this peer": 932,
    "Chat was disabled": 945,
    "Chat not supported": 946,
    "Writing is disabled for this chat": 1012,
}
"""What VK's schema (errors.json) calls the errors of one recipient: the documentation has the
`error` of a recipient as a text without its number."""


class VkError(UnforeseenError):
    """VK answered as we did not foresee: a bug, a bad token, or a new rule of VK's."""

    def __init__(self, code: int, method: str, message: str) -> None:
        super().__init__(code, f"VK error {code} at {method}: {message}")


class TooManyError(UnavailableError):
    """VK took too many calls for one second, again and again; none of this one was done."""


Go = Callable[[], None]
"""Asked before a call, once its slot is granted; it raises when the call is not wanted any more."""


class Http(Protocol):
    """What is used of urllib3's pool manager."""

    def request(self, method: str, url: str, **how: Any) -> Any: ...


class Slots(Protocol):
    """What is used of the community's pace."""

    def wait_for_slot(
        self, methods: Collection[str], lane: Lane, go: Go | None = None
    ) -> Probe | None: ...

    def lift(self, probe: Probe) -> None: ...

    def step_back(self) -> None: ...

    def pause(self, method: str, *, seconds: float) -> datetime: ...

    def later(self, seconds: float) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Result:
    """A place in an earlier call's answer, as a parameter of a later one in one `execute`."""

    of: int
    """Number of the call, from 0."""
    path: str
    """Such as `[0].conversation_message_id`."""


Call = tuple[str, Mapping[str, object]]
Part = TypeVar("Part")


def new_http() -> Http:
    """Return the connections of a container: all communities speak to one host."""
    return urllib3.PoolManager(
        maxsize=10, timeout=TIMEOUT_S, retries=False, headers={"User-Agent": "housechats"}
    )


class VkApi:
    """Calls methods for one community, at its pace."""

    def __init__(
        self,
        url: str,
        token: Callable[[], str],
        pace: Slots,
        http: Http | None = None,
        gone: Callable[[DisconnectedError], None] = lambda _: None,
    ):
        self._url = url.rstrip("/")
        self._token = token
        self._pace = pace
        self._http = http or new_http()
        self._gone = gone

    def call(self, method: str, lane: Lane, go: Go | None = None, /, **params: object) -> Any:
        """Call a method and return its `response`, or raise what its error means."""
        return self._answer(method, lane, params, methods=[method], go=go)["response"]

    def execute(self, calls: Sequence[Call], lane: Lane) -> list[Any]:
        """Make up to 25 calls in one; a failed one leaves the exception it means in its place.

        They must bear a repeat: if VK counts the calls inside, and some of them were too many
        for this second, all are made again.
        """
        for _ in range(TOO_MANY_TRIES):
            results = self._execute(calls, lane, self._failure)
            if not any(isinstance(result, TooManyError) for result in results):
                break
        return results

    def each(self, calls: Sequence[Call], lane: Lane, go: Go | None = None) -> list[Any]:
        """Make up to 25 calls in one, each of them about one chat and none about another's answer.

        What was too many for the second is made again alone: what was done is done, so whatever
        goes wrong then stands in the places of the rest.
        """
        results = self._execute(calls, lane, self._failure_of_one, go)
        for _ in range(TOO_MANY_TRIES - 1):
            left = [n for n, result in enumerate(results) if isinstance(result, TooManyError)]
            if not left:
                break
            again: list[Any]
            try:
                again = self._execute([calls[n] for n in left], lane, self._failure_of_one, go)
            except (HouseChatsError, StoppedError, VkError) as error:
                again = [error] * len(left)
            for n, result in zip(left, again, strict=True):
                results[n] = result
        return results

    def _execute(
        self,
        calls: Sequence[Call],
        lane: Lane,
        failure: Callable[[Mapping[str, Any], str], Exception],
        go: Go | None = None,
    ) -> list[Any]:
        methods = ["execute", *(method for method, _ in calls)]
        answer = self._answer("execute", lane, {"code": _script(calls)}, methods=methods, go=go)
        errors = [e for e in answer.get("execute_errors", []) if e.get("method") != "execute"]
        results: list[Any] = []
        for (method, _), result in zip(calls, answer["response"], strict=True):
            failed = result is False
            if failed and not errors:
                raise VkError(0, method, "a call failed and VK did not say why")
            results.append(failure(errors.pop(0), method) if failed else result)
        return results

    def upload(
        self, url: str, *, file_name: str, body: bytes, field: str = "file"
    ) -> dict[str, Any]:
        """Post a file to an upload server and return its answer."""
        fields = {field: (file_name, body, guess_content_type(file_name))}
        answer = self._post(url, fields=fields, encode_multipart=True)
        return _json(answer)

    def later(self, seconds: float) -> datetime:
        """Return the moment that many seconds from now."""
        return self._pace.later(seconds)

    def _answer(
        self,
        method: str,
        lane: Lane,
        params: Mapping[str, object],
        *,
        methods: Sequence[str],
        go: Go | None,
    ) -> dict[str, Any]:
        fields = {name: str(value) for name, value in params.items()} | {"v": VERSION}
        # Fetched before the slot, so that the first call of a container is not late for it.
        headers = {"Authorization": f"Bearer {self._token()}"}
        for _ in range(TOO_MANY_TRIES):
            probe = self._pace.wait_for_slot(methods, lane, go)
            spending.add("vk_calls", 1)
            answer = _json(
                self._post(
                    f"{self._url}/method/{method}",
                    fields=fields,
                    encode_multipart=False,
                    headers=headers,
                )
            )
            error = answer.get("error")
            if not error:
                if probe and not any(map(_asks_to_wait, answer.get("execute_errors", []))):
                    self._pace.lift(probe)
                return answer
            if error["error_code"] != TOO_MANY:
                raise self._soon(self._failure(error, method), lane)
            self._pace.step_back()
        raise TooManyError(f"too many calls a second at {method}")

    def _post(self, url: str, **how: Any) -> Any:
        try:
            answer = self._http.request("POST", url, **how)
        except (NewConnectionError, ConnectTimeoutError, MaxRetryError) as error:
            raise UnavailableError("VK cannot be reached") from error
        except HTTPError as error:
            raise OutcomeUnknownError("VK did not answer") from error
        if answer.status != 200:  # noqa: PLR2004 - HTTP's OK
            raise OutcomeUnknownError(f"VK answered with HTTP {answer.status}")
        return answer

    def _failure(self, error: Mapping[str, Any], method: str) -> Exception:
        """Sort an error of VK's into our kinds.

        A pause is kept for everybody at once, and so is that a person must mend the token.
        """
        code = int(error.get("error_code") or error.get("code") or 0)
        if code in REFUSALS:
            return RefusedError(*REFUSALS[code])
        if code in DISCONNECTIONS:
            error_of_token = DisconnectedError(code, DISCONNECTIONS[code])
            if code != NOT_FOR_COMMUNITIES:
                self._gone(error_of_token)
            return error_of_token
        if code in UNKNOWN_OUTCOMES:
            return TroubleError(code, f"VK error {code} at {method}")
        if code in NOT_YET:
            return UnavailableError(f"VK error {code} at {method}")
        if code == TOO_MANY:
            self._pace.step_back()
            return TooManyError(f"too many calls a second at {method}")
        if code in PAUSES_S:
            of = "*" if code in PAUSES_OF_COMMUNITY else method
            until = self._pace.pause(of, seconds=PAUSES_S[code])
            return PausedError(until, f"{WAIT} (ошибка {code})")
        return VkError(code, method, str(error.get("error_msg", "")))

    def _soon(self, failure: Exception, lane: Lane) -> Exception:
        """Return a failure; an emergency is told of no longer pause than until its next probe."""
        if lane != Lane.EMERGENCY or not isinstance(failure, PausedError):
            return failure
        again = self._pace.later(PROBED_EVERY_MS / 1000)
        return PausedError(min(failure.until, again), failure.why)

    def failure_of_item(self, item: Mapping[str, Any], method: str) -> Exception | None:
        """Return what a recipient's own error means; None when the item has no error.

        Flood control said of one recipient concerns nobody else: it is no pause of the method.
        """
        error = item.get("error")
        if not error:
            return None
        if not isinstance(error, Mapping):
            said = (code for words, code in SAID_OF_ONE.items() if str(error).startswith(words))
            error = {"code": next(said, 0), "error_msg": str(error)}
        return self._failure_of_one(error, method)

    def _failure_of_one(self, error: Mapping[str, Any], method: str) -> Exception:
        """Sort an error that was said of one recipient among others."""
        if FLOOD in {error.get("code"), error.get("error_code")}:
            return PausedError(self._pace.later(PAUSES_S[FLOOD]), WAIT)
        return self._failure(error, method)


def _asks_to_wait(error: Mapping[str, Any]) -> bool:
    return int(error.get("error_code", 0)) in PAUSES_S


class VkChats:
    """Makes house chats: the ChatMaker port."""

    def __init__(self, api: VkApi, community: int) -> None:
        self._api = api
        self._community = community

    def create_chat(self, title: str) -> int:
        answer = self._api.call("messages.createChat", Lane.BULK, title=title)
        return int(answer["chat_id"] if isinstance(answer, dict) else answer)

    def titles(self, chat_ids: Sequence[int]) -> dict[int, str]:
        found: dict[int, str] = {}
        for some in parts(chat_ids, CONVERSATIONS):
            peers = ",".join(str(CHAT_PEER + n) for n in some)
            try:
                answers = [
                    self._api.call("messages.getConversationsById", Lane.BULK, peer_ids=peers)
                ]
            except RefusedError:
                # One number that is no chat can spoil the whole answer: ask one by one.
                answers = self._one_by_one("messages.getConversationsById", some, "peer_ids")
            for item in (i for a in answers if isinstance(a, dict) for i in a["items"]):
                settings = item.get("chat_settings") or {}
                found[item["peer"]["id"] - CHAT_PEER] = settings.get("title", "")
        return found

    def existing(self, chat_ids: Sequence[int]) -> set[int]:
        answers = self._one_by_one("messages.getInviteLink", chat_ids, "peer_id")
        return {n for n, a in zip(chat_ids, answers, strict=True) if isinstance(a, dict)}

    def settle(self, chat_id: int, *, title: str, text: str | None, random_id: int) -> Welcome:
        peer = CHAT_PEER + chat_id
        calls: list[Call] = [
            ("messages.editChat", {"chat_id": chat_id, "title": title}),
            ("messages.getInviteLink", {"peer_id": peer}),
        ]
        if text is not None:
            message = {"peer_ids": str(peer), "random_id": random_id, "message": text}
            number = Result(2, "[0].conversation_message_id")
            calls += [
                ("messages.send", message),
                ("messages.pin", {"peer_id": peer, "cmid": number}),
            ]
        edited, link, *rest = self._api.execute(calls, Lane.BULK)
        _raise_failure(link)
        _raise_failure(edited, but=RefusedError)  # the title keeps the code: a blemish
        if text is None:
            return Welcome(_link(link), 0, pinned=False)
        sent, pinned = rest
        _raise_failure(sent)
        # A repeated random_id may be answered with no item at all.
        cmid = self._number_of(sent[0]) if sent else 0
        if cmid:  # else there was no number to pin by
            _raise_failure(pinned, but=RefusedError)
        return Welcome(_link(link), cmid, pinned=bool(cmid) and not isinstance(pinned, Exception))

    def _number_of(self, item: Mapping[str, Any]) -> int:
        """Return the message's number in the chat, 0 when VK's answer does not say it."""
        failure = self._api.failure_of_item(item, "messages.send")
        if isinstance(failure, RefusedError | PausedError | DisconnectedError):
            raise failure
        return int(item.get("conversation_message_id") or 0)

    def own_message(self, chat_id: int) -> int:
        try:
            answer = self._api.call(
                "messages.getHistory",
                Lane.BULK,
                peer_id=CHAT_PEER + chat_id,
                count=HISTORY,
                rev=1,
            )
        except RefusedError:
            # A new chat may have no history to show before its first message.
            return 0
        for message in answer["items"]:
            # Without a text it is VK's note of what we did: a chat made, a title changed.
            if message["from_id"] == -self._community and message["text"].strip():
                return int(message["conversation_message_id"])
        return 0

    def pin(self, chat_id: int, cmid: int) -> None:
        self._api.call("messages.pin", Lane.BULK, peer_id=CHAT_PEER + chat_id, cmid=cmid)

    def _one_by_one(self, method: str, chat_ids: Sequence[int], name: str) -> list[Any]:
        """Call a method for each chat; what VK refuses is None, other failures rise."""
        results: list[Any] = []
        for some in parts(chat_ids, LOOK_UPS):
            calls: list[Call] = [(method, {name: CHAT_PEER + n}) for n in some]
            for result in self._api.execute(calls, Lane.BULK):
                if isinstance(result, Exception) and not isinstance(result, RefusedError):
                    raise result
                results.append(None if isinstance(result, RefusedError) else result)
        return results


class VkLetters:
    """Writes private messages: the Letters port."""

    def __init__(self, api: VkApi, community: int) -> None:
        self._api = api
        self._community = community

    def person(self, vk_name: str) -> int:
        answer = self._api.call("utils.resolveScreenName", Lane.BULK, screen_name=vk_name)
        if not isinstance(answer, dict) or answer.get("type") != "user":
            raise RefusedError("not_found", "Такой страницы ВКонтакте нет.")
        return int(answer["object_id"])

    def attach(self, vk_id: int, *, file_name: str, pdf: bytes) -> str:
        server = self._api.call(
            "docs.getMessagesUploadServer", Lane.BULK, type="doc", peer_id=vk_id
        )
        uploaded = self._api.upload(server["upload_url"], file_name=file_name, body=pdf)
        if "file" not in uploaded:
            raise UnavailableError("the upload server took no file")
        saved = self._api.call("docs.save", Lane.BULK, file=uploaded["file"], title=file_name)
        return f"doc{saved['doc']['owner_id']}_{saved['doc']['id']}"

    def send(
        self,
        vk_id: int,
        text: str,
        *,
        random_id: int,
        attachment: str,
        buttons: Sequence[Button],
    ) -> None:
        message: dict[str, object] = {
            "peer_ids": vk_id,
            "random_id": random_id,
            "message": text,
            "attachment": attachment,
        }
        if buttons:
            message["keyboard"] = keyboard(buttons)
        items = self._api.call("messages.send", Lane.BULK, **message)
        failure = (
            self._api.failure_of_item(items[0], "messages.send")
            if items
            else OutcomeUnknownError("VK answered nothing about the one recipient")
        )
        if failure is None:
            return
        if isinstance(failure, RefusedError | PausedError | DisconnectedError):
            raise failure
        # Nothing, or an error that we do not know, may be VK's "I have that one": look.
        if not self.was_sent(vk_id, text=text, random_id=random_id):
            raise failure

    def was_sent(self, vk_id: int, *, text: str, random_id: int) -> bool:
        answer = self._api.call("messages.getHistory", Lane.BULK, peer_id=vk_id, count=HISTORY)
        ours = [m for m in answer["items"] if m["from_id"] == -self._community]
        return any(
            message.get("random_id") == random_id or message["text"].strip() == text.strip()
            for message in ours
        )


class VkPages:
    """Finds people's pages: the Pages port. VK tells any community the same of them."""

    def __init__(self, api_at: Callable[[str], VkApi], lane: Lane) -> None:
        self._api_at = api_at
        self._lane = lane

    def look_up(self, names: Collection[str], *, oktmo: str) -> dict[str, Page]:
        asked = sorted({name.lower() for name in names})
        found: dict[str, Page] = {}
        api = self._api_at(oktmo)
        for some in parts(asked, USERS):
            for user in self._users(api, some, []):
                page = Page(user["id"], gone="deactivated" in user)
                found[str(user["id"])] = page
                if name := user.get("screen_name"):
                    found[name.lower()] = page
        return {name: found[name.lower()] for name in names if name.lower() in found}

    def _users(
        self, api: VkApi, names: Sequence[str], refusals: list[RefusedError]
    ) -> list[dict[str, Any]]:
        """Return those who are there; whether one name spoils a whole call, VK does not say.

        So a refused call is halved, until a name stands alone: that one is nobody's.
        """
        users = ",".join(names)
        try:
            answer = api.call("users.get", self._lane, user_ids=users, fields="screen_name")
        except RefusedError as refused:
            refusals.append(refused)
            if len(refusals) > MOST_REFUSALS:
                raise UnavailableError("too many refusals to tell whose pages are there") from None
            if len(names) == 1:
                return []
            middle = len(names) // 2
            halves = (names[:middle], names[middle:])
            return [user for half in halves for user in self._users(api, half, refusals)]
        return list(answer)


def _raise_failure(result: object, *, but: type[Exception] | None = None) -> None:
    if isinstance(result, Exception) and not (but and isinstance(result, but)):
        raise result


def _script(calls: Sequence[Call]) -> str:
    """Write the VKScript of `execute`: one variable a call, all of them returned."""
    if len(calls) > EXECUTE_CALLS:
        raise ValueError(f"{len(calls)} calls in one execute")
    lines = []
    for n, (method, params) in enumerate(calls):
        pairs = ", ".join(f'"{name}": {_literal(value)}' for name, value in params.items())
        lines.append(f"var r{n} = API.{method}({{{pairs}}});")
    lines.append(f"return [{', '.join(f'r{n}' for n in range(len(calls)))}];")
    return "\n".join(lines)


def _literal(value: object) -> str:
    if isinstance(value, Result):
        return f"r{value.of}{value.path}"
    return json.dumps(value, ensure_ascii=False)


def keyboard(buttons: Sequence[Button]) -> str:
    return inline([[link_key(button)] for button in buttons[:BUTTON_ROWS]])


def inline(rows: Sequence[Sequence[Mapping[str, object]]]) -> str:
    """Write the keyboard that stands under a message."""
    return json.dumps({"inline": True, "buttons": rows}, ensure_ascii=False)


def link_key(button: Button) -> dict[str, object]:
    label = cut(button.label, LABEL)
    return {"action": {"type": "open_link", "link": button.link, "label": label}}


def cut(text: str, most: int) -> str:
    """Return the start of a text; VK counts UTF-16 units, of which an emoji has two."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * most].decode("utf-16-le", "ignore")


def _link(answer: Mapping[str, Any]) -> str:
    return str(answer["link"])


def _json(answer: Any) -> dict[str, Any]:
    try:
        body = json.loads(answer.data)
    except ValueError as error:
        raise OutcomeUnknownError("VK's answer is not JSON") from error
    if not isinstance(body, dict):
        raise OutcomeUnknownError("VK's answer is not an object")
    return body


def parts(some: Sequence[Part], size: int) -> list[Sequence[Part]]:
    return [some[start : start + size] for start in range(0, len(some), size)]
