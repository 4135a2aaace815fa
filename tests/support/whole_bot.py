"""The whole bot in this process: people before VK's sandbox, behind it every door as deployed.

One clock for all. Bodies lie in queues of this module, so that they can come twice, late and in
disorder; workers can be killed before and after any call to AWS or to VK.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
import time_machine
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.scheduler.models import scheduler_backends

from housechats.adapters.aws import client
from local.vk.callbacks import OK, Answer, Post
from local.vk.conversations import CHAT_PEERS, Chat, Conversation, Message
from local.vk.core import Sandbox
from local.vk.errors import PersonError
from support.aws_mock import ENVIRONMENT
from support.clock import JANUARY
from support.deployed import FUNCTIONS, STACK, Deployed, Secrets, deployed
from support.http_event import REQUESTS
from support.killing import Killed
from support.troubles import MOST_KILLS_OF_ONE, Troubles
from support.vk_side import COMMUNITY

SECRETS = Secrets(
    token="vk1.a.TheTokenOfTheCommunity", app="a secret of the app", ids="a key of ids"
)
LATENCY = 0.06
"""Seconds of a call to VK: by itself within its pace."""
VISIBILITY_S = 180
RECEIVES = 10
"""As the template has them."""
SWEEPS = {
    "QUESTION": ("QuestionsOnDue", 60),
    "DISCUSSION": ("DiscussionsOnDue", 60),
    "DISCUSSION_CHAT": ("CleanupDiscussionsOnSweep", 900),
    "COMPLAINT": ("ComplaintsOnDue", 60),
    "REPORT": ("ModerationOnDue", 60),
    "GUIDE": ("BotOnDue", 60),
}
"""Which sweep finds what is due, and every how many seconds it comes."""
WORKERS = {
    queue: name
    for name, properties in FUNCTIONS.items()
    for event in properties.get("Events", {}).values()
    if event["Type"] == "SQS" and (queue := event["Properties"]["Queue"]["Fn::GetAtt"][0])
}
ROOMS = {"Events", "Talk", "Questions", "Discussions", "Cleanups", "Complaints", "Moderation"}
OPENING = {"Openings"}


class NothingToSeeError(AssertionError):
    """What a person waits for has not come."""


@dataclass
class Parcel:
    queue: str
    body: str
    visible_at: float
    receives: int = 0
    kills: int = 0


@dataclass
class WholeBot:
    system: Deployed
    clock: time_machine.Traveller
    troubles: Troubles
    worked: set[str] = field(default_factory=lambda: set(ROOMS))
    """Queues whose workers work."""
    parcels: list[Parcel] = field(default_factory=list)
    dead: list[Parcel] = field(default_factory=list)
    answered: dict[tuple[int, int], int] = field(default_factory=dict)
    """The message that somebody has reacted to last, by person and peer."""
    depth: int = 0
    """How many workers are in the middle of their work."""
    hurt: Parcel | None = None
    swept_at: dict[str, float] = field(default_factory=dict)

    # ---------------------------------------------------------------- time

    @property
    def now(self) -> float:
        return datetime.now(UTC).timestamp()

    def pass_time(self, span: timedelta) -> None:
        self.pass_until(datetime.now(UTC) + span)

    def pass_until(self, moment: datetime) -> None:
        """Let time pass with all that it brings: late bodies, repeats of VK, schedules, sweeps."""
        until = moment.timestamp()
        while True:
            self._work_all()
            at = min(self._next_times(), default=inf)
            if at > until:
                break
            self._go_to(at)
            self._sweep()
        self._go_to(until)

    def await_that(self, there: Callable[[], Any], what: str, *, within: timedelta) -> Any:
        """Let time pass until something is to be seen, and return it."""
        until = self.now + within.total_seconds()
        while True:
            self._work_all()
            if found := there():
                return found
            at = min(self._next_times(), default=inf)
            if at > until:
                raise NothingToSeeError(what)
            self._go_to(at)
            self._sweep()

    def _go_to(self, at: float) -> None:
        if at > self.now:
            # A float may be a little less than what it was made of.
            self.clock.move_to(at + 0.001)

    def _next_times(self) -> Iterator[float]:
        yield from (one.visible_at for one in self.parcels if one.queue in self.worked)
        if (told := self.sandbox.callbacks.next_at()) is not None:
            yield told
        yield from (at for at, *_ in self._schedules())
        yield from (at for _, at in self._sweeps())

    # ---------------------------------------------------------------- sweeps and schedules

    def _sweeps(self) -> Iterator[tuple[str, float]]:
        """Tell when a sweep comes that will find something."""
        soonest: dict[str, float] = {}
        for kind, due in self._due():
            if kind in SWEEPS:
                soonest[kind] = min(due, soonest.get(kind, due))
        for kind, due in soonest.items():
            function, every = SWEEPS[kind]
            after = max(due, self.swept_at.get(function, 0) + 1)
            yield function, -(-after // every) * every

    def _sweep(self) -> None:
        now = self.now
        for function, at in list(self._sweeps()):
            if at <= now:
                self.swept_at[function] = now
                self._run(function, {})
        for at, name, queue, body in list(self._schedules()):
            if at <= now:
                client("scheduler").delete_schedule(Name=name, GroupName=STACK)
                self.parcels.append(Parcel(queue, body, now + self.troubles.delay()))

    @staticmethod
    def _due() -> Iterator[tuple[str, float]]:
        backend = dynamodb_backends[DEFAULT_ACCOUNT_ID][ENVIRONMENT["AWS_DEFAULT_REGION"]]
        for ranges in backend.tables["houses"].items.values():
            for item in ranges.values():
                if "gsi2pk" in item.attrs and "due_at" in item.attrs:
                    kind = str(item.attrs["gsi2pk"].value).split("#")[1]
                    yield kind, float(item.attrs["due_at"].value) / 1000

    @staticmethod
    def _schedules() -> Iterator[tuple[float, str, str, str]]:
        backend = scheduler_backends[DEFAULT_ACCOUNT_ID][ENVIRONMENT["AWS_DEFAULT_REGION"]]
        for name, one in backend.schedule_groups[STACK].schedules.items():
            told = one.schedule_expression.removeprefix("at(").removesuffix(")")
            at = datetime.fromisoformat(told).replace(tzinfo=UTC).timestamp()
            yield at, name, one.target["Arn"].rpartition(":")[2], one.target["Input"]

    # ---------------------------------------------------------------- doors

    def _work_all(self) -> None:
        while self._tell_door() or self._work_one():
            pass

    def _tell_door(self) -> bool:
        """Have VK tell the bot of one event, if one is due."""
        post = self.sandbox.callbacks.take()
        if post is None:
            return False
        try:
            status, body = self._posted(post)
        except Killed:
            status, body = 0, b""
        if not post.confirms and self.troubles.is_unheard():
            status, body = 0, b""
        self.sandbox.callbacks.came(post, Answer(status, body))
        return True

    def _posted(self, post: Post) -> tuple[int, bytes]:
        path = urlsplit(post.url).path
        community, proof = path.removeprefix("/vk/").split("/")
        event = {
            "version": "2.0",
            "rawPath": path,
            "pathParameters": {"community": community, "proof": proof},
            "headers": {name.lower(): value for name, value in post.headers.items()},
            "body": post.body.decode(),
            "isBase64Encoded": False,
            "requestContext": {
                "requestId": f"request-{next(REQUESTS)}",
                "http": {"method": "POST", "path": path},
            },
        }
        answer = self._invoke("BotOnCallback", event)
        return answer["statusCode"], answer["body"].encode()

    def _work_one(self) -> bool:
        now = self.now
        due = [one for one in self.parcels if one.visible_at <= now and one.queue in self.worked]
        if not due:
            return False
        parcel = due[self.troubles.picked(len(due))]
        parcel.receives += 1
        parcel.visible_at = now + VISIBILITY_S
        if parcel.receives > RECEIVES:
            self.parcels.remove(parcel)
            self.dead.append(parcel)
            return True
        before, self.hurt = self.hurt, parcel
        record = {"messageId": f"message-{next(REQUESTS)}", "body": parcel.body}
        try:
            answer = self._invoke(WORKERS[parcel.queue], {"Records": [record]})
        except Killed:
            parcel.kills += 1
            return True
        finally:
            self.hurt = before
        if answer["batchItemFailures"]:
            return True
        again = self.troubles.repeats_after()
        if again is None:
            self.parcels.remove(parcel)
        else:
            parcel.visible_at = self.now + again
            parcel.receives = 0
        return True

    def _run(self, function: str, event: dict[str, Any]) -> None:
        try:
            self._invoke(function, event)
        except Killed:
            return

    def _invoke(self, function: str, event: dict[str, Any]) -> Any:
        self.depth += 1
        try:
            return self.system.invoke(function, event)
        finally:
            self.depth -= 1

    # ---------------------------------------------------------------- calls to the outside

    def reach(self, _what: str, call: Callable[[], Any]) -> Any:
        """Carry a worker's call to VK; VK may confirm an address meanwhile."""
        self.on_the_way()
        answer = call()
        self._confirm()
        self.on_the_way_back()
        return answer

    def on_the_way(self, params: dict[str, Any] | None = None, **_: Any) -> None:
        self._trouble()
        # Workers of one process wait for one another where one looks for all of them: at the pace,
        # at a community and its token. Lambda's share no process.
        asked = str((params or {}).get("body", ""))
        alone = any(of in asked for of in ("PACE#", "COMMUNITIES", "SecretId"))
        if self.depth == 1 and not alone and self.troubles.lets_another_in():
            self._work_one()

    def on_the_way_back(self, **_: Any) -> None:
        self._trouble()

    def _trouble(self) -> None:
        if self.depth and (self.hurt is None or self.hurt.kills < MOST_KILLS_OF_ONE):
            self.troubles.may_kill()

    def _confirm(self) -> None:
        calls = self.sandbox.callbacks
        if any(one[2].event["type"] == "confirmation" for one in calls._due):  # noqa: SLF001
            self._tell_door()

    def take_sent(self, params: dict[str, Any], **_: Any) -> Any:
        """Stand where SQS stands: keep what is sent, and say so."""
        self.on_the_way()
        asked = json.loads(params["body"])
        queue = next(n for n, url in self.system.queues.items() if url == asked["QueueUrl"])
        now = self.now
        for entry in asked["Entries"]:
            at = now + entry.get("DelaySeconds", 0) + self.troubles.delay()
            self.parcels.append(Parcel(queue, entry["MessageBody"], at))
        sent = [
            {"Id": one["Id"], "MessageId": "m", "MD5OfMessageBody": "0"} for one in asked["Entries"]
        ]
        return _Http(), {"Successful": sent, "ResponseMetadata": {"HTTPStatusCode": OK}}

    # ---------------------------------------------------------------- people

    @property
    def sandbox(self) -> Sandbox:
        return self.system.sandbox

    def ask(self, method: str, path: str, body: object = None, **how: Any) -> Any:
        """Ask the API; it must say yes."""
        key = {"idempotency-key": f"key-{next(REQUESTS)}"} if method == "POST" else {}
        status, answer = self.system.ask(method, path, body, headers=key, **how)
        assert status < HTTP_REFUSED, (method, path, answer)
        return answer

    def join(self, link: str, *people: int) -> int:
        """Have people join by a link; return the chat's number."""
        numbers = {self.sandbox.join(link, vk_id).number for vk_id in people}
        return numbers.pop()

    def chat(self, number: int) -> Chat:
        return self.sandbox.communities[COMMUNITY].chats[number]

    def said(self, number: int) -> list[str]:
        """Return the texts of all that the bot has ever sent to a chat."""
        return [one.text for one in self.sandbox.journal.messages(CHAT_PEERS + number)]

    def told(self, vk_id: int) -> list[str]:
        return [one.text for one in self.sandbox.journal.messages(vk_id)]

    def sees(self, number: int, text: str, *, within: timedelta = timedelta(hours=2)) -> Message:
        """Have a chat wait until the bot has said something there."""
        return self._awaited(self.chat(number), text, 0, within)

    def hears(self, vk_id: int, text: str, *, within: timedelta = timedelta(hours=2)) -> Message:
        """Have somebody wait until the bot tells them something new."""
        dialog = self._dialog(vk_id)
        return self._awaited(dialog, text, self.answered.get((vk_id, vk_id), 0), within)

    def _awaited(self, where: Conversation, text: str, since: int, within: timedelta) -> Message:
        def there() -> Message | None:
            return next(
                (
                    one
                    for one in reversed(where.there)
                    if one.from_id < 0 and one.cmid > since and re.search(text, one.text)
                ),
                None,
            )

        last = [one.text for one in where.there[-3:]]
        awaited = f"{where.peer_id}: {text}, after {last}"
        found: Message = self.await_that(there, awaited, within=within)
        return found

    def write(self, vk_id: int, text: str, *, chat: int = 0, reply_to: int = 0) -> int:
        """Have somebody write: in a chat, or privately to the bot."""
        peer = CHAT_PEERS + chat if chat else vk_id
        message = self.sandbox.write(peer, vk_id, text, reply_to=reply_to)
        self.answered[vk_id, peer] = message.cmid
        self._work_all()
        return message.cmid

    def press(
        self, vk_id: int, label: str, *, chat: int = 0, within: timedelta = timedelta(hours=2)
    ) -> None:
        """Have somebody press the newest button that begins so, once it is there.

        Privately it must be under what they have not reacted to yet.
        """
        where = self.chat(chat) if chat else self._dialog(vk_id)
        since = 0 if chat else self.answered.get((vk_id, vk_id), 0)

        def there() -> tuple[int, str] | None:
            return _button(where, label, since)

        cmid, whole = self.await_that(there, f"{where.peer_id}: [{label}]", within=within)
        self.sandbox.press(where.peer_id, cmid, vk_id, whole)
        if not chat:
            self.answered[vk_id, vk_id] = cmid
        self._work_all()

    def press_together(self, number: int, presses: Iterable[tuple[int, str]]) -> None:
        """Have many press in a chat before anything has come of the first of them.

        Even when all goes well, workers meet in the middle of their work then.
        """
        where = self.chat(number)
        for vk_id, label in presses:
            there = _button(where, label, 0)
            assert there, f"{where.peer_id}: [{label}]"
            cmid, whole = there
            self.sandbox.press(where.peer_id, cmid, vk_id, whole)
        with self.troubles.of_a_crowd():
            self._work_all()

    def shows(self, number: int, *labels: str, within: timedelta = timedelta(hours=6)) -> None:
        """Have a chat wait until the newest buttons there are these."""
        where = self.chat(number)

        def there() -> bool:
            with_keys = next((_rows(one) for one in reversed(where.there) if _rows(one)), [])
            return [key["action"]["label"] for row in with_keys for key in row] == list(labels)

        self.await_that(there, f"{where.peer_id}: {labels}", within=within)

    def buttons(self, vk_id: int) -> list[str]:
        """Return what stands on the buttons of the last private message."""
        last = next(one for one in reversed(self._dialog(vk_id).there) if one.from_id < 0)
        return [key["action"]["label"] for row in _rows(last) for key in row]

    def cannot_enter(self, link: str, vk_id: int) -> bool:
        try:
            self.sandbox.join(link, vk_id)
        except PersonError:
            return True
        return False

    def _dialog(self, vk_id: int) -> Conversation:
        return self.sandbox.communities[COMMUNITY].dialog(vk_id)


HTTP_REFUSED = 300


@dataclass(frozen=True)
class _Http:
    """What botocore has of an answer."""

    status_code: int = OK


def _rows(message: Message) -> list[list[dict[str, Any]]]:
    rows: list[list[dict[str, Any]]] = (message.keyboard or {}).get("buttons", [])
    return rows


def _button(where: Conversation, label: str, since: int) -> tuple[int, str] | None:
    for message in reversed(where.there):
        if message.from_id > 0 or message.cmid <= since:
            continue
        for row in _rows(message):
            for key in row:
                if key["action"]["label"].startswith(label):
                    return message.cmid, key["action"]["label"]
    return None


@contextmanager
def whole_bot(
    monkeypatch: pytest.MonkeyPatch,
    *,
    begins: datetime = JANUARY,
    troubles: Troubles | None = None,
) -> Iterator[WholeBot]:
    """Open all doors at a moment; the community is not connected yet."""
    with (
        time_machine.travel(begins, tick=False) as clock,
        deployed(monkeypatch, SECRETS, sleep=clock.shift, latency=LATENCY) as system,
    ):
        bot = WholeBot(system, clock, troubles or Troubles())
        system.reached = bot.reach
        for event, hook in (
            ("before-call.dynamodb", bot.on_the_way),
            ("after-call.dynamodb", bot.on_the_way_back),
            ("before-call.scheduler", bot.on_the_way),
            ("after-call.scheduler", bot.on_the_way_back),
            ("before-call.sqs.SendMessageBatch", bot.take_sent),
            ("after-call.sqs", bot.on_the_way_back),
        ):
            events = cast("Any", client)(event.split(".")[1]).meta.events
            events.register_first(event, hook)
            system.undo.callback(events.unregister, event, hook)
        yield bot
