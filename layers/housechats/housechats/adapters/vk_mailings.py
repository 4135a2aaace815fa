"""VK: one message to many chats, the Mailer port."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from housechats.adapters.vk import (
    CHAT_PEER,
    EXECUTE_CALLS,
    HISTORY,
    Call,
    Go,
    VkApi,
    VkError,
    keyboard,
    parts,
)
from housechats.domain.errors import (
    DisconnectedError,
    HouseChatsError,
    OutcomeUnknownError,
    PausedError,
    RefusedError,
    TroubleError,
    UnavailableError,
)
from housechats.domain.receipts import FAILURES
from housechats.ports.chats import Lane
from housechats.ports.mailings import (
    Mail,
    MailFile,
    Outcome,
    Refused,
    Sent,
    StoppedError,
    Unclear,
    Waits,
)

SOON_S = 60
"""When a chat is tried again in which surely nothing was done."""
ACCESS_DENIED = 15
"""How VK may refuse a file that was uploaded for another chat: whether it does, nobody knows."""
NO_SUCH_MESSAGE = 100
"""How VK answers `messages.edit` with a message that is not there."""
TOO_LARGE = 13
"""How VK answers an `execute` whose answer would be too long."""
MOST_PAGES = 5
EARLIER = timedelta(minutes=1)
"""By how much VK's clock and ours may differ."""

IN_A_CHAT = {"gone": "chat_lost", "privacy": "blocked", "not_editable": "too_old"}
"""What refusals of VK's that speak of persons, or say more than we need, mean of a chat."""

FAILED = (HouseChatsError, StoppedError, VkError)
"""What a call comes to instead of an answer; anything else is a bug of ours."""

Answers = dict[int, Any]
"""By chat: VK's answer or what it means, or the exception that stands in its place."""
Make = Callable[[int, str], Call]
"""Makes the call for a chat with an attachment."""
Read = Callable[[int, Any], Any]
"""Tells what VK's answer about a chat means."""


class NotTakenError(UnavailableError):
    """An upload server of VK's does not want a file; another one may."""


class VkMailer:
    """Writes to many chats of one community."""

    def __init__(self, api: VkApi, community: int) -> None:
        self._api = api
        self._community = community

    def send(
        self, texts: Mapping[int, str], mail: Mail, *, lane: Lane, go: Go
    ) -> dict[int, Outcome]:
        make = _sending(texts, mail)
        if len(set(texts.values())) != 1 or mail.has_copies:
            return self._outcomes(self._each(texts, mail, make, self._sent, lane, go))
        method, message = make(next(iter(texts)), mail.attachment)
        peers = ",".join(str(CHAT_PEER + chat) for chat in texts)
        try:
            items = self._api.call(method, lane, go, **(dict(message) | {"peer_ids": peers}))
        except RefusedError:
            # Which of them VK means, it does not say: each is asked about by itself.
            return self._outcomes(self._each(texts, mail, make, self._sent, lane, go))
        told = {item["peer_id"] - CHAT_PEER: [item] for item in items}
        answers = {chat: self._sent(chat, told.get(chat)) for chat in texts}
        return self._outcomes(self._with_own_files(answers, mail, make, self._sent, lane, go))

    def find(
        self,
        texts: Mapping[int, str],
        *,
        random_id: int,
        since: datetime,
        lane: Lane,
        go: Go,
    ) -> dict[int, int | None]:
        found: dict[int, int | None] = {}
        pages_read = dict.fromkeys(texts, 0)
        oldest = (since - EARLIER).timestamp()
        for _ in range(MOST_PAGES):
            left = [chat for chat in texts if chat not in found]
            calls = [_history(chat, HISTORY * pages_read[chat]) for chat in left]
            for chat, page in zip(left, self._pages(calls, lane, go), strict=True):
                if isinstance(page, TroubleError):
                    continue  # the same page is asked for in the next round
                if isinstance(page, RefusedError | VkError):
                    found[chat] = None
                    continue
                if isinstance(page, Exception):
                    raise page
                recent = [message for message in page["items"] if message["date"] >= oldest]
                cmid = self._number_of(texts[chat], recent, random_id)
                if cmid or len(recent) < HISTORY:
                    found[chat] = cmid
                pages_read[chat] += 1
        return {chat: found.get(chat) for chat in texts}

    def edit(
        self,
        texts: Mapping[int, str],
        cmids: Mapping[int, int],
        mail: Mail,
        *,
        lane: Lane,
        go: Go,
    ) -> dict[int, Outcome]:
        def make(chat: int, attachment: str) -> Call:
            message = _message(texts[chat], attachment, mail)
            return "messages.edit", {"peer_id": CHAT_PEER + chat, "cmid": cmids[chat], **message}

        def read(chat: int, _: Any) -> Sent:
            return Sent(cmids[chat])

        answers = self._each(texts, mail, make, read, lane, go)
        for chat, answer in answers.items():
            if isinstance(answer, VkError) and answer.code == NO_SUCH_MESSAGE:
                answers[chat] = RefusedError("too_old", "Этого сообщения в чате уже нет.")
        return self._outcomes(answers)

    def reply(
        self,
        texts: Mapping[int, str],
        cmids: Mapping[int, int],
        mail: Mail,
        *,
        lane: Lane,
        go: Go,
    ) -> dict[int, Outcome]:
        make = _sending(texts, mail, cmids)
        return self._outcomes(self._each(texts, mail, make, self._sent, lane, go))

    def delete(self, cmids: Mapping[int, int], *, lane: Lane, go: Go) -> dict[int, Outcome]:
        answers = self._made(cmids, lambda chat: _deleting(chat, cmids[chat]), lane, go)
        for chat, answer in answers.items():
            answers[chat] = self._deleted(cmids[chat], answer)
        # A message that is gone already may be answered in any way: what is there, is looked at.
        doubted = [n for n, one in answers.items() if isinstance(one, _MAYBE_GONE)]
        seen = self._made(doubted, lambda n: _looking(n, cmids[n]), lane, go, rising=False)
        for chat, answer in seen.items():
            if isinstance(answer, RefusedError):
                continue
            if isinstance(answer, Exception):
                answers[chat] = answer  # nobody has looked: a refusal tells nothing yet
            elif not any(not message.get("deleted") for message in answer["items"]):
                answers[chat] = Sent(cmids[chat])
        return self._outcomes(answers)

    def pin(self, cmids: Mapping[int, int], *, lane: Lane, go: Go) -> dict[int, Outcome]:
        def pinning(chat: int) -> Call:
            return "messages.pin", {"peer_id": CHAT_PEER + chat, "cmid": cmids[chat]}

        answers = self._made(cmids, pinning, lane, go)
        done = {n: Sent(cmids[n]) for n, one in answers.items() if not isinstance(one, Exception)}
        return self._outcomes(answers | done)

    def attach(self, chat_id: int, *, file_name: str, body: bytes, image: bool, lane: Lane) -> str:
        file = MailFile(file_name, image, lambda: body)
        reference = self._attached([chat_id], file, lane, None)[chat_id]
        if isinstance(reference, NotTakenError):
            raise RefusedError("not_done", FAILURES["not_done"].said)
        if isinstance(reference, Exception):
            raise reference
        return str(reference)

    # Calls for many chats

    def _each(
        self, chats: Iterable[int], mail: Mail, make: Make, read: Read, lane: Lane, go: Go
    ) -> Answers:
        """Make each chat's own call, and tell what VK's answers mean."""
        if mail.file and mail.has_copies:
            return self._with_copies([*chats], mail.file, make, read, lane, go)
        made = self._made(chats, lambda chat: make(chat, mail.attachment), lane, go)
        return self._with_own_files(_read(made, read), mail, make, read, lane, go)

    def _with_own_files(
        self, answers: Answers, mail: Mail, make: Make, read: Read, lane: Lane, go: Go
    ) -> Answers:
        """Give chats that may not have the shared file a copy each, and make their calls again."""
        denied = [
            chat
            for chat, answer in answers.items()
            if isinstance(answer, VkError) and answer.code == ACCESS_DENIED
        ]
        if not (mail.attachment and mail.file):
            return answers
        copies = self._with_copies(denied, mail.file, make, read, lane, go, rising=False)
        return answers | copies

    def _with_copies(
        self,
        chats: Sequence[int],
        file: MailFile,
        make: Make,
        read: Read,
        lane: Lane,
        go: Go,
        *,
        rising: bool = True,
    ) -> Answers:
        """Give each chat a copy of the file, and make its call with it."""
        answers: Answers = {}
        for some in parts(chats, EXECUTE_CALLS):
            rises = rising and not answers
            references = self._attached(some, file, lane, go, rising=rises)
            ready = [chat for chat in some if isinstance(references[chat], str)]
            made = self._made(ready, _giving(make, references), lane, go, rising=rises)
            answers |= references | _read(made, read)
        return answers

    def _made(
        self,
        chats: Iterable[int],
        call: Callable[[int], Call],
        lane: Lane,
        go: Go | None,
        *,
        rising: bool = True,
    ) -> Answers:
        """Make each chat's call, 25 to an `execute`.

        What concerns all of them rises, unless something may be done by then: it stands in the
        places of the rest.
        """
        answers: Answers = {}
        wanted = list(chats)
        for some in parts(wanted, EXECUTE_CALLS):
            try:
                told = self._api.each([call(chat) for chat in some], lane, go)
            except FAILED as error:
                if rising and not answers:
                    raise
                return dict.fromkeys(wanted, error) | answers
            answers |= zip(some, told, strict=True)
        return answers

    def _pages(self, calls: Sequence[Call], lane: Lane, go: Go) -> list[Any]:
        """Make the calls; what would be too long for one answer is asked for in halves."""
        if not calls:
            return []
        try:
            return self._api.each(calls, lane, go)
        except VkError as error:
            if error.code != TOO_LARGE or len(calls) == 1:
                raise
        middle = len(calls) // 2
        return [
            *self._pages(calls[:middle], lane, go),
            *self._pages(calls[middle:], lane, go),
        ]

    # What answers mean

    def _sent(self, _: int, items: Any) -> Sent | Unclear | Exception:
        """Tell what was sent to a chat; a repeated random_id may be answered with no item."""
        if not items:
            return Unclear(0)
        failure = self._api.failure_of_item(items[0], "messages.send")
        cmid = int(items[0].get("conversation_message_id") or 0)
        return failure or (Sent(cmid) if cmid else Unclear(0))

    def _deleted(self, cmid: int, answer: Any) -> Sent | Exception:
        if isinstance(answer, Exception):
            return answer
        failure = self._api.failure_of_item(answer[0], "messages.delete") if answer else None
        if answer and answer[0].get("response") and not failure:
            return Sent(cmid)
        return failure or RefusedError("not_done", FAILURES["not_done"].said)

    def _number_of(self, text: str, messages: Iterable[Mapping[str, Any]], random_id: int) -> int:
        """Return the number of our message; it is known by its text if VK tells no random_id."""
        for message in messages:
            number = message.get("random_id")
            is_it = number == random_id if number else message["text"].strip() == text.strip()
            if message["from_id"] == -self._community and is_it:
                return int(message["conversation_message_id"])
        return 0

    def _outcomes(self, answers: Answers) -> dict[int, Outcome]:
        """Sort what is known of each chat.

        What only a person can mend rises when nothing was done: else the next call will tell it.
        """
        outcomes = {
            chat: self._failure(answer) if isinstance(answer, Exception) else answer
            for chat, answer in answers.items()
        }
        if not any(isinstance(one, Sent | Unclear) for one in outcomes.values()):
            for answer in answers.values():
                if isinstance(answer, DisconnectedError):
                    raise answer
        return outcomes

    def _failure(self, error: Exception) -> Outcome:
        match error:
            case RefusedError():
                code = IN_A_CHAT.get(error.code, error.code)
                return Refused(code, FAILURES[code].said if code in FAILURES else error.message)
            case PausedError():
                return Waits(error.until)
            case TroubleError() | VkError():
                return Unclear(error.code)
            case OutcomeUnknownError():
                return Unclear(0)
            case UnavailableError() | DisconnectedError() | StoppedError():
                return Waits(self._api.later(SOON_S))
            case _:
                raise error

    # Files

    def _attached(
        self,
        chats: Sequence[int],
        file: MailFile,
        lane: Lane,
        go: Go | None,
        *,
        rising: bool = True,
    ) -> Answers:
        """Upload a file for each of up to 25 chats; what a chat's send takes, or why not."""
        answers = self._made(chats, _places(file), lane, go, rising=rising)
        uploads: dict[int, Mapping[str, Any]] = {}
        body = file.body()
        for chat, place in answers.items():
            if isinstance(place, Exception):
                continue
            try:
                uploads[chat] = self._uploaded(place["upload_url"], file, body)
            except HouseChatsError as error:
                answers[chat] = error
        saved = self._made(uploads, _savings(file, uploads), lane, go, rising=rising)
        return answers | _read(saved, _reference)

    def _uploaded(self, url: str, file: MailFile, body: bytes) -> Mapping[str, Any]:
        field = "photo" if file.image else "file"
        answer = self._api.upload(url, file_name=file.name, body=body, field=field)
        if field not in answer:
            raise NotTakenError("the upload server took no file")
        return answer


_MAYBE_GONE = (RefusedError, VkError, TroubleError)


def _read(made: Answers, read: Read) -> Answers:
    return {
        chat: answer if isinstance(answer, Exception) else read(chat, answer)
        for chat, answer in made.items()
    }


def _message(text: str, attachment: str, mail: Mail) -> dict[str, object]:
    message: dict[str, object] = {"message": text}
    if attachment:
        message["attachment"] = attachment
    if mail.buttons:
        message["keyboard"] = keyboard(mail.buttons)
    return message


def _sending(texts: Mapping[int, str], mail: Mail, cmids: Mapping[int, int] | None = None) -> Make:
    """Return what makes the sends, as replies to some messages if these are given."""

    def make(chat: int, attachment: str) -> Call:
        peer = CHAT_PEER + chat
        message = _message(texts[chat], attachment, mail)
        if cmids:
            reply = {"peer_id": peer, "conversation_message_ids": [cmids[chat]], "is_reply": True}
            message["forward"] = json.dumps(reply)
        return "messages.send", {"peer_ids": str(peer), "random_id": mail.random_id, **message}

    return make


def _history(chat: int, offset: int) -> Call:
    of = {"peer_id": CHAT_PEER + chat, "count": HISTORY}
    return "messages.getHistory", of | {"offset": offset} if offset else of


def _deleting(chat: int, cmid: int) -> Call:
    which = {"peer_id": CHAT_PEER + chat, "cmids": str(cmid), "delete_for_all": 1}
    return "messages.delete", which


def _looking(chat: int, cmid: int) -> Call:
    which = {"peer_id": CHAT_PEER + chat, "conversation_message_ids": str(cmid)}
    return "messages.getByConversationMessageId", which


def _giving(make: Make, references: Mapping[int, str]) -> Callable[[int], Call]:
    return lambda chat: make(chat, references[chat])


def _places(file: MailFile) -> Callable[[int], Call]:
    def place(chat: int) -> Call:
        if file.image:
            return "photos.getMessagesUploadServer", {"peer_id": CHAT_PEER + chat}
        return "docs.getMessagesUploadServer", {"type": "doc", "peer_id": CHAT_PEER + chat}

    return place


def _savings(file: MailFile, uploads: Mapping[int, Mapping[str, Any]]) -> Callable[[int], Call]:
    def saving(chat: int) -> Call:
        told = uploads[chat]
        if file.image:
            names = ("server", "photo", "hash")
            return "photos.saveMessagesPhoto", {name: told[name] for name in names}
        return "docs.save", {"file": told["file"], "title": file.name}

    return saving


def _reference(_: int, saved: Any) -> str:
    kind, file = ("photo", saved[0]) if isinstance(saved, list) else ("doc", saved["doc"])
    return f"{kind}{file['owner_id']}_{file['id']}"
