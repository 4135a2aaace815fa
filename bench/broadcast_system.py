"""Broadcasts as they are deployed, on one machine: containers, queues and who polls them."""

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import botocore.session
from botocore.config import Config

from bench.page_work import REGION
from bench.pages import Together
from bench.surroundings import COMMUNITY, ROOT, Surroundings
from housechats.adapters.broadcast_rules import DynamoRulebook
from housechats.adapters.broadcasts import DynamoBroadcasts
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.table import Table
from housechats.domain.addresses import Address
from housechats.domain.broadcast_rules import MOST_CHATS, TerritoryRules
from housechats.domain.broadcasts import Broadcast
from housechats.domain.houses import ChatState, House, code_of, digest_of
from housechats.domain.people import Post, Role
from housechats.domain.quiet_hours import QuietHours, Window
from housechats.domain.territories import Territory
from housechats.domain.zones import zone_of
from local.emulator import KEY
from support.http_event import body_of, http_event

CALLER = 1
WORKERS = 5
BATCH = 10
"""MaximumConcurrency and BatchSize of the queues of chunks in template.yaml."""
LEASE_S, WORKER_S, VISIBILITY_S = 120, 60, 180
PATIENCE_S = 90
"""Some times what the longest mailing here takes: a bench that hangs says so."""
STREET = 700
"""Houses of one street."""


class Container:
    """One container of a function: it works on one event at a time."""

    def __init__(self, module: str, env: Mapping[str, str]) -> None:
        self._name = module
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.broadcast_worker", module],
            cwd=ROOT,
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._busy = threading.Lock()
        self.spent: Counter[str] = Counter()
        self.seconds = 0.0
        """How long it has worked."""

    def await_start(self) -> None:
        self._told()

    def invoke(self, event: Mapping[str, Any]) -> Any:
        stdin = self._process.stdin
        assert stdin
        with self._busy:
            began = time.monotonic()
            stdin.write(json.dumps(event) + "\n")
            stdin.flush()
            told = self._told()
            self.seconds += time.monotonic() - began
            self.spent.update(told["spent"])
        return told["answer"]

    def close(self) -> None:
        self._process.kill()
        self._process.wait()

    def _told(self) -> Any:
        """Return what it says; what it logs on the way is an error, and shown."""
        assert self._process.stdout
        for line in self._process.stdout:
            told = json.loads(line)
            if not isinstance(told, dict) or "level" not in told:
                return told
            print(told.get("exception", line), file=sys.stderr)
        raise RuntimeError(f"{self._name} has ended")


class Poller:
    """Hands the messages of a queue to one container, as Lambda does; 0.1 s late at most."""

    def __init__(self, container: Container, sqs: Any, queue: str) -> None:
        self._container = container
        self.sqs = sqs
        self.queue = queue
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._poll)
        self.batches = self.given_back = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def receive(self, most: int = BATCH) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.sqs.receive_message(
            QueueUrl=self.queue, MaxNumberOfMessages=most, WaitTimeSeconds=1
        ).get("Messages", [])
        return found

    def hand_over(self, messages: list[dict[str, Any]]) -> None:
        records = [{"messageId": one["MessageId"], "body": one["Body"]} for one in messages]
        answer = self._container.invoke({"Records": records})
        failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
        self.batches += 1
        self.given_back += len(failed)
        done = [one["ReceiptHandle"] for one in messages if one["MessageId"] not in failed]
        for some in (done[first : first + BATCH] for first in range(0, len(done), BATCH)):
            entries = [{"Id": str(n), "ReceiptHandle": handle} for n, handle in enumerate(some)]
            self.sqs.delete_message_batch(QueueUrl=self.queue, Entries=entries)

    def _poll(self) -> None:
        while not self._over.is_set():
            if messages := self.receive():
                self.hand_over(messages)


@dataclass
class System:
    """A region of houses with open chats, whose staff broadcast."""

    around: Surroundings
    api: Container
    workers: list[Container]
    pollers: list[Poller]
    house_ids: list[str]
    table: Table = field(init=False)

    def __post_init__(self) -> None:
        self.table = Table(self.around.table, self.around.emulator.client("dynamodb"))

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Ask the API as an administrator of the region, and return what it answers."""
        event = http_event(method, path, vk_id=CALLER, vk_ts=time.time(), body=body)
        answer = self.api.invoke(event)
        if answer["statusCode"] >= 300:
            raise RuntimeError(f"{path}: {answer['statusCode']} {answer['body']}")
        return body_of(answer)

    def preview(self, *, houses: int, urgent: bool) -> Any:
        """Look at a message to the first so many houses."""
        parts = (
            [{"kind": "all"}]
            if houses == len(self.house_ids)
            else [
                {"kind": "houses", "ids": self.house_ids[first : min(first + 2000, houses)]}
                for first in range(0, houses, 2000)
            ]
        )
        wish = {
            "parts": parts,
            "lane": "emergency" if urgent else "planned",
            "text": "Завтра с 10 до 12 не будет воды.",
            "oktmo": REGION,
        }
        return self.ask("POST", "/broadcasts/previews", wish)["preview"]

    def confirm(self, preview: Any) -> str:
        """Confirm a preview, and return the broadcast's number."""
        wish = {"token": preview["token"], "reason": "Замер"}
        number: str = self.ask("POST", "/broadcasts", wish)["id"]
        return number

    def look(self, broadcast_id: str) -> Broadcast:
        one = DynamoBroadcasts(self.table).get(broadcast_id)
        assert one
        return one

    def await_end(self, broadcast_id: str) -> Broadcast:
        give_up = time.monotonic() + PATIENCE_S
        while time.monotonic() < give_up:
            one = self.look(broadcast_id)
            if one.state.final:
                return one
            time.sleep(0.25)
        raise RuntimeError(f"not over in time: {self.look(broadcast_id)}")

    def take_spent(self) -> Counter[str]:
        """Return what the workers have spent since the last time."""
        total: Counter[str] = Counter()
        for worker in self.workers:
            total.update(worker.spent)
            total["seconds"] += worker.seconds  # type: ignore[assignment]
            worker.spent, worker.seconds = Counter(), 0.0
        for poller in self.pollers:
            total["batches"] += poller.batches
            total["given back"] += poller.given_back
            poller.batches = poller.given_back = 0
        return total


def quieten_another_hour(table: Table, oktmo: str) -> None:
    """Set a territory's quiet hours: whatever the clock says, it is not quiet now."""
    begins = datetime.now(zone_of(oktmo)) + timedelta(hours=6)
    window = Window(begins.time(), (begins + timedelta(hours=2)).time())
    rules = TerritoryRules(oktmo, QuietHours(window, window), MOST_CHATS, "Область", revision=1)
    if not DynamoRulebook(table).put(rules):
        raise RuntimeError(f"{oktmo} has rules")


@contextmanager
def broadcasting(around: Surroundings, houses: int) -> Iterator[System]:
    """Start the system of broadcasts, every container of it warm."""
    with ExitStack() as stack:
        queues = {name: _queue(around, name) for name in ("starts", "deliveries", "emergencies")}
        env = {**os.environ, **around.settings(), **_settings(queues)}

        def start(module: str) -> Container:
            container = Container(module, env)
            stack.callback(container.close)
            return container

        api, starter = start("broadcast.api"), start("broadcast.on_start")
        bulk = [start("broadcast.on_chunk") for _ in range(WORKERS)]
        urgent = [start("broadcast.on_emergency") for _ in range(WORKERS)]
        house_ids = _build(around, houses)
        for container in (api, starter, *bulk, *urgent):
            container.await_start()
        sqs = around.emulator.client("sqs")
        pollers = [
            Poller(starter, sqs, queues["starts"]),
            *(Poller(one, around.emulator.client("sqs"), queues["deliveries"]) for one in bulk),
            *(Poller(one, around.emulator.client("sqs"), queues["emergencies"]) for one in urgent),
        ]
        system = System(around, api, [starter, *bulk, *urgent], pollers, house_ids)
        first = _warm_up(system, pollers[-1], [*bulk, *urgent])
        starter.invoke(_records({"broadcast_id": first}))
        for poller in pollers:
            poller.start()
            stack.callback(poller.stop)
        system.take_spent()
        yield system


def _warm_up(system: System, queue: Poller, workers: list[Container]) -> str:
    """Have each worker deliver a chunk of an emergency of as many chunks; return its number."""
    one = system.confirm(system.preview(houses=100 * len(workers), urgent=True))
    messages: deque[dict[str, Any]] = deque()
    while len(messages) < len(workers):
        messages.extend(queue.receive())
    threads = [
        threading.Thread(target=Poller(worker, queue.sqs, queue.queue).hand_over, args=([message],))
        for worker, message in zip(workers, messages, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    system.await_end(one)
    return one


def _records(*bodies: Mapping[str, object]) -> dict[str, Any]:
    records = [{"messageId": str(n), "body": json.dumps(body)} for n, body in enumerate(bodies)]
    return {"Records": records}


def _queue(around: Surroundings, name: str) -> str:
    attributes = {"VisibilityTimeout": str(VISIBILITY_S)}
    made = around.emulator.client("sqs").create_queue(QueueName=name, Attributes=attributes)
    url: str = made["QueueUrl"]
    return url


def _settings(queues: Mapping[str, str]) -> dict[str, str]:
    paths = [str(ROOT / part) for part in ("functions", "layers/housechats", "tests", "")]
    return {
        "PYTHONPATH": os.pathsep.join(paths),
        "STARTS_QUEUE_URL": queues["starts"],
        "STARTS_QUEUE_ARN": "arn:aws:sqs:eu-central-1:000000000000:starts",
        "DELIVERIES_QUEUE_URL": queues["deliveries"],
        "EMERGENCIES_QUEUE_URL": queues["emergencies"],
        # What nothing here comes to: no start is far away, no preview of more than a region.
        "SCHEDULES_ROLE_ARN": "arn:aws:iam::000000000000:role/schedules",
        "SCHEDULES_GROUP": "bench",
        "BROADCAST_JOBS_QUEUE_URL": queues["starts"],
        "LEASE_SECONDS": str(LEASE_S),
        "WORKER_SECONDS": str(WORKER_S),
        "LAUNCH_HOURS": "24",
        "CHANGES_A_MINUTE": "1000",
    }


def _build(around: Surroundings, number: int) -> list[str]:
    """Make the houses and who broadcasts."""
    dynamodb = around.emulator.client("dynamodb")
    table, now = Table(around.table, dynamodb), datetime.now(UTC)
    DynamoPosts(table).give(Post(CALLER, Role.ADMINISTRATOR, Territory(REGION), now, "operator"))
    quieten_another_hour(table, REGION)
    # Looking at 18,200 items that are right takes longer than sending them.
    unlooked = botocore.session.get_session().create_client(
        "dynamodb",
        region_name=around.emulator.region,
        endpoint_url=around.emulator.url,
        aws_access_key_id=KEY,
        aws_secret_access_key=KEY,
        config=Config(parameter_validation=False),
    )
    together = Together(unlooked, more={"shown": {"S": ChatState.OPEN}})
    houses = DynamoHouses(Table(around.table, cast("Any", together)))
    made = [_house(chat, now) for chat in range(1, number + 1)]
    for house in made:
        houses.enrol(house)
    together.flush()
    return [house.id for house in made]


def _house(chat: int, now: datetime) -> House:
    """Return the house of a chat, which is open."""
    oktmo = "11701000"
    address = Address(
        locality="г. Архангельск",
        street_type="ул",
        street=f"{chat // STREET + 1}-я Садовая",
        house=str(chat % STREET + 1),
    )
    digest = digest_of(oktmo, address)
    return House(
        id=code_of(digest),
        digest=digest,
        oktmo=oktmo,
        address=address,
        community=COMMUNITY,
        created_at=now,
        state=ChatState.OPEN,
        chat_id=chat,
        link=f"https://vk.me/join/{chat}",
        welcome_cmid=1,
        made_at=now,
    )
