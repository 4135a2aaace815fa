"""Events of VK as they are deployed: containers, queues, table, and VK that repeats itself."""

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from heapq import heappop, heappush
from typing import Any

from bench.broadcast_system import Container, Poller, quieten_another_hour
from bench.rows import Row
from bench.surroundings import COMMUNITY, ID_KEY, ROOT, TOKEN, Surroundings, surroundings
from bench.traffic import AGAIN_S, CHATS, EVENTS, NEIGHBOURS, Street, Traffic, Truth, first_of
from housechats.adapters.activity import DynamoTallies
from housechats.adapters.chats import DynamoChats
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.questions import DynamoQuestions, DynamoVoices
from housechats.adapters.table import Table
from housechats.domain.activity import by_day_of
from housechats.domain.addresses import Address
from housechats.domain.callbacks import proof_of, secret_of
from housechats.domain.houses import ChatState, House, code_of
from housechats.domain.questions import Question, QuestionState, Where
from local.vk.conversations import CHAT_PEERS
from local.vk.core import Sandbox
from local.vk.server import Door

BAR = 80
"""Events a second."""
AT_ONCE = 200
"""Events that happen while as many others are being told of."""
DOORS, RECEPTIONISTS, QUESTIONERS = 6, 2, 2
TALK_BATCH, TALK_WINDOW_S = 1000, 30
"""BatchSize and MaximumBatchingWindowInSeconds of the queue of talk in template.yaml."""
VISIBILITY_S = 180
LATENCY_S = 0.15
"""How long VK holds back an answer."""
PATIENCE_S = 240
OKTMO = "11701000"
QUEUES = ("talk", "events", "questions", "discussions", "complaints", "moderation")


def measure() -> list[Row]:
    with surroundings("events") as around, _vk() as door:
        ours = replace(around, sandbox_url=door.address.rstrip("/"))
        with _running(ours, door.sandbox) as town:
            town.live()
            lost, doubled = town.lost_and_doubled()
    talk = town.spent["activity.on_talk"]
    rate = EVENTS / town.told_in
    return [
        Row.at_least(
            f"{EVENTS} events through containers, queues and table", rate, BAR, "a second"
        ),
        Row.at_most("  the last of VK's repeats to the last work", town.settled_in, 60, "s"),
        Row.at_most("  lost", lost, 0, "events"),
        Row.at_most("  doubled", doubled, 0, "events"),
        Row.at_most("  given back to queues", town.given_back, 0, "messages"),
        Row.at_most("  calls that VK refused with error 6", town.errors_6, 0, "calls"),
        Row.at_most(
            f"  counting 1,000 messages in {CHATS} chats: writes",
            1000 * talk["other written"] / EVENTS,
            100,
            "units",
        ),
        Row.at_most(
            "  what is not only counted, 1,000 of them: writes",
            1000 * town.written_by_rooms / town.acted,
            8000,
            "units",
        ),
        Row.at_most("  reads", 1000 * town.read_by_rooms / town.acted, 10_000, "units"),
        Row.at_most(
            "  an event: queue requests of the door",
            town.spent["bot.on_callback"]["sqs SendMessageBatch"] / town.told,
            1.1,
            "requests",
        ),
    ]


class _TalkPoller(Poller):
    """Gathers talk as Lambda does: until there is a full batch, or the window is over."""

    def _poll(self) -> None:
        gathered: list[dict[str, Any]] = []
        until = 0.0
        while not self._over.is_set():
            fresh = self.receive()
            if fresh and not gathered:
                until = time.monotonic() + TALK_WINDOW_S
            gathered += fresh
            if gathered and (len(gathered) >= TALK_BATCH or time.monotonic() >= until):
                self.hand_over(gathered)
                gathered = []


@dataclass
class _Town:
    around: Surroundings
    sandbox: Sandbox
    streets: list[Street]
    containers: dict[str, list[Container]]
    pollers: list[Poller]
    queues: Mapping[str, str]
    told = 0
    told_in = settled_in = 0.0
    spent: dict[str, Counter[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.table = Table(self.around.table, self.around.emulator.client("dynamodb"))
        self._traffic = Traffic(self.sandbox, COMMUNITY, self.streets, minds_change=False)
        self._due: list[tuple[float, int, str, int]] = []
        self._changed = threading.Condition()
        self._happened = 0

    def live(self) -> None:
        """Let all happen and VK tell of it; return when all queues are empty."""
        began = time.monotonic()
        doors = self.containers["bot.on_callback"]
        carriers = [threading.Thread(target=self._carry, args=(door,)) for door in doors]
        for carrier in carriers:
            carrier.start()
        for carrier in carriers:
            carrier.join()
        # The last repeats come as much later as VK waits: that is no work of ours.
        self.told_in = time.monotonic() - began - AGAIN_S
        self._await_empty_queues()
        self.settled_in = time.monotonic() - began - AGAIN_S - self.told_in
        for module, some in self.containers.items():
            self.spent[module] = sum((one.spent for one in some), Counter())

    def lost_and_doubled(self) -> tuple[int, int]:
        """Lay what is kept and what was said beside what the sandbox knows to have happened."""
        tallies, voices, truth = DynamoTallies(self.table), DynamoVoices(self.table), self._truth
        pairs: list[tuple[int, int]] = []
        for street in self.streets:
            days = by_day_of(tallies.of_house(_house_id(street.chat_id), *_around_today()))
            pairs += [
                (truth.messages[street.chat_id], sum(one.messages for one in days.values())),
                (truth.joined[street.chat_id], sum(one.joined for one in days.values())),
            ]
            right, kept = truth.tally(street.question_id), voices.tally(street.question_id, "vote")
            pairs += [(right.those_for, kept.those_for), (right.against, kept.against)]
            said = self.sandbox.journal.messages(CHAT_PEERS + street.chat_id)
            pairs.append((1, sum("Кто отвечает за дом" in str(one.keyboard) for one in said)))
        pairs += [(1, len(self.sandbox.journal.messages(vk_id))) for vk_id in truth.helped]
        lost = sum(max(0, there - kept) for there, kept in pairs)
        return lost, sum(max(0, kept - there) for there, kept in pairs)

    @property
    def given_back(self) -> int:
        return sum(poller.given_back for poller in self.pollers)

    @property
    def errors_6(self) -> int:
        return sum(one.code == 6 for one in self.sandbox.journal.arrivals())

    @property
    def acted(self) -> int:
        """Return how many events were more than talk."""
        truth = self._truth
        replies_and_talk = sum(truth.messages.values())
        return EVENTS - replies_and_talk

    @property
    def written_by_rooms(self) -> float:
        rooms = ("bot.on_event", "questions.on_event")
        return sum(self.spent[room][f"{noun} written"] for room in rooms for noun in NOUNS)

    @property
    def read_by_rooms(self) -> float:
        return sum(self.spent[room]["read"] for room in ("bot.on_event", "questions.on_event"))

    @property
    def _truth(self) -> Truth:
        return self._traffic.truth

    def _carry(self, door: Container) -> None:
        while (due := self._next()) is not None:
            _, _, body, retry = due
            headers = {"x-retry-counter": str(retry)} if retry else {}
            answer = door.invoke({"pathParameters": PATH, "headers": headers, "body": body})
            if answer["body"] != "ok":
                raise RuntimeError(f"the door said {answer}")

    def _next(self) -> tuple[float, int, str, int] | None:
        """Wait for what VK tells next; None when it has told all."""
        while True:
            with self._changed:
                now = time.monotonic()
                if (not self._due or self._due[0][0] > now) and self._happened < EVENTS:
                    self._happen(now)
                if not self._due:
                    return None
                if self._due[0][0] <= now:
                    return heappop(self._due)
                wait = self._due[0][0] - now
            time.sleep(min(wait, 0.2))

    def _happen(self, now: float) -> None:
        secret = secret_of(ID_KEY, COMMUNITY)
        for telling in self._traffic.go_on(AT_ONCE):
            self.told += 1
            body = json.dumps(telling.event | {"secret": secret}, ensure_ascii=False)
            heappush(self._due, (now + telling.after, self.told, body, telling.retry))
        self._happened += AT_ONCE

    def _await_empty_queues(self) -> None:
        sqs = self.around.emulator.client("sqs")
        wanted = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        give_up = time.monotonic() + PATIENCE_S
        while time.monotonic() < give_up:
            left = 0
            for name in ("talk", "events", "questions"):
                told = sqs.get_queue_attributes(QueueUrl=self.queues[name], AttributeNames=wanted)
                left += sum(int(told["Attributes"][one]) for one in wanted)
            if not left:
                return
            time.sleep(0.5)
        raise RuntimeError("the queues do not get empty")


NOUNS = ("other", "pace")
ROOMS = {"events": "bot", "questions": "questions"}
"""Which capability works on a queue."""
PATH = {"community": str(COMMUNITY), "proof": proof_of(ID_KEY, COMMUNITY, "c0de")}


@contextmanager
def _vk() -> Iterator[Door]:
    """Open VK's door in this process: people act without HTTP, workers call with it."""
    door = Door(
        0,
        lambda address: Sandbox({COMMUNITY: TOKEN}, files_base=address),
        latency=LATENCY_S,
    )
    thread = threading.Thread(target=door.serve_forever)
    thread.start()
    try:
        yield door
    finally:
        door.shutdown()
        thread.join()
        door.server_close()


@contextmanager
def _running(around: Surroundings, sandbox: Sandbox) -> Iterator[_Town]:
    with ExitStack() as stack:
        visibility = {"VisibilityTimeout": str(VISIBILITY_S)}
        sqs = around.emulator.client("sqs")
        queues = {
            name: sqs.create_queue(QueueName=name, Attributes=visibility)["QueueUrl"]
            for name in QUEUES
        }
        env = {**os.environ, **around.settings(), **_settings(queues)}
        numbers = {
            "bot.on_callback": DOORS,
            "activity.on_talk": 1,
            "bot.on_event": RECEPTIONISTS,
            "questions.on_event": QUESTIONERS,
        }
        containers: dict[str, list[Container]] = {}
        for module, number in numbers.items():
            containers[module] = [Container(module, env) for _ in range(number)]
            for container in containers[module]:
                stack.callback(container.close)
        streets = _build(around, sandbox)
        for some in containers.values():
            for container in some:
                container.await_start()
        (counting,) = containers["activity.on_talk"]
        pollers: list[Poller] = [_TalkPoller(counting, sqs, queues["talk"])]
        pollers += [Poller(one, sqs, queues["events"]) for one in containers["bot.on_event"]]
        pollers += [
            Poller(one, sqs, queues["questions"]) for one in containers["questions.on_event"]
        ]
        for poller in pollers:
            poller.start()
            stack.callback(poller.stop)
        yield _Town(around, sandbox, streets, containers, pollers, queues)


def _settings(queues: Mapping[str, str]) -> dict[str, str]:
    paths = [str(ROOT / part) for part in ("functions", "layers/housechats", "tests", "")]
    return {
        "PYTHONPATH": os.pathsep.join(paths),
        "PUBLIC_URL": "https://chat.region.example",
        "POSTERS_QUEUE_URL": queues["events"],
        **{f"{name.upper()}_QUEUE_URL": url for name, url in queues.items()},
    }


def _build(around: Surroundings, sandbox: Sandbox) -> list[Street]:
    """Make the houses, their chats with neighbours in them, and a vote in each."""
    table, now = Table(around.table, around.emulator.client("dynamodb")), datetime.now(UTC)
    quieten_another_hour(table, OKTMO)
    houses, chats, questions = DynamoHouses(table), DynamoChats(table), DynamoQuestions(table)
    streets = []
    for chat_id in sandbox.preload(CHATS):
        home = sandbox.communities[COMMUNITY].chats[chat_id]
        for vk_id in range(first_of(chat_id), first_of(chat_id) + NEIGHBOURS):
            sandbox.join(home.link, vk_id)
        houses.enrol(_house(chat_id, now))
        chats.remember(COMMUNITY, chat_id, house_id=_house_id(chat_id))
        sent = {
            "peer_ids": str(CHAT_PEERS + chat_id),
            "message": "Вопрос дома",
            "random_id": str(chat_id),
            "v": "5.199",
        }
        time.sleep(0.06)  # VK's pace
        answer = sandbox.respond("messages.send", sent, TOKEN).body
        assert answer
        cmid = answer["response"][0]["conversation_message_id"]
        question = questions.add(_question(chat_id, cmid, now))
        streets.append(Street(chat_id, home.link, cmid, question.id))
    return streets


def _house(chat_id: int, now: datetime) -> House:
    return House(
        id=_house_id(chat_id),
        digest=f"d{chat_id}",
        oktmo=OKTMO,
        address=Address(street="Садовая", street_type="ул", house=str(chat_id)),
        community=COMMUNITY,
        created_at=now,
        state=ChatState.OPEN,
        chat_id=chat_id,
        link="https://vk.me/join/1",
        residents=NEIGHBOURS,
    )


def _question(chat_id: int, cmid: int, now: datetime) -> Question:
    now = now.replace(microsecond=0)
    return Question(
        id=f"{chat_id:016x}",
        house_id=_house_id(chat_id),
        oktmo=OKTMO,
        community=COMMUNITY,
        chat_id=chat_id,
        text="Когда починят лифт?",
        where=Where.ENTRANCE,
        raised_by="vk:1",
        raised_at=now,
        state=QuestionState.VOTING,
        vote_until=now + timedelta(days=2),
        enough=CHATS * NEIGHBOURS,
        card_cmid=cmid,
        card_at=now,
        card_shown_at=now,
        card_number=1,
    )


def _house_id(chat_id: int) -> str:
    return code_of(f"bench/{chat_id}")


def _around_today() -> tuple[date, date]:
    today = datetime.now(UTC).date()
    return today - timedelta(days=1), today + timedelta(days=1)
