"""How near the opening of 500 chats comes to VK's own pace, and what a house costs on the way."""

import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import botocore.session

from bench.rows import Row
from bench.surroundings import COMMUNITY, TOKEN, Surroundings, surroundings
from create_chats.open_chat import Desk, Outcome, open_chat
from housechats.adapters.aws import spending
from housechats.adapters.chats import DynamoChats
from housechats.adapters.communities import BelievedCommunities
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.pace import Pace
from housechats.adapters.people import DynamoElders
from housechats.adapters.queues import SqsQueue
from housechats.adapters.table import Table
from housechats.adapters.vk import VkApi, VkChats
from housechats.domain.addresses import Address
from housechats.domain.houses import House, code_of, digest_of
from housechats.domain.people import Elder
from housechats.runtime.log import logger
from housechats.runtime.queue import work_through
from local.emulator import KEY, REGION

HOUSES = 500
LATENCY_MS = 150
WORKERS = 5
BATCH = 8
"""MaximumConcurrency and BatchSize of the queue of openings in template.yaml."""
VK_CALLS_A_SECOND = 20
LEASE = timedelta(seconds=120)
PATIENCE_S = 120
"""Twice what 500 houses need: a bench that hangs says so."""


@dataclass
class Tally:
    """What the workers did, all together."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    given_back: int = 0
    spent: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


def measure() -> list[Row]:
    """Open the chats, and judge by the sandbox's journal."""
    logger.setLevel("ERROR")
    with surroundings("chats", latency_ms=LATENCY_MS) as around:
        houses = _enrol(around)
        spending.take()
        tally = _open_all(around, houses)
        seen = around.sandbox("/sandbox/journal")
        created = around.sandbox("/sandbox/created")
    if len(created) != HOUSES or tally.outcomes[Outcome.OPENED] != HOUSES:
        raise AssertionError(f"{len(created)} chats of {HOUSES}: {dict(tally.outcomes)}")
    calls = seen["arrivals"]
    # The journal notes arrivals; the last answer left the sandbox one latency later.
    took = seen["latest"][0]["at"] + LATENCY_MS / 1000 - created[0]["at"]
    spent = tally.spent
    return [
        Row.at_most(
            f"{HOUSES} chats at {LATENCY_MS} ms: first call to last answer ÷ (calls ÷ 20 s)",
            took / (calls / VK_CALLS_A_SECOND),
            1.15,
            "× time",
        ),
        Row.at_most("calls of VK for a chat", calls / HOUSES, 2.1, "calls"),
        Row.at_most("calls that VK refused with error 6", seen["errors"].get("6", 0), 0, "calls"),
        Row.at_most("most calls in a sliding second", seen["busiest_second"], 20, "calls"),
        Row.at_most("messages given back to the queue", tally.given_back, 0, "messages"),
        Row.at_most("opening a house: writes", spent["units_written"] / HOUSES, 10, "units"),
        Row.at_most(
            "  of them refused at the pace", spent["writes_refused"] / HOUSES, 1.5, "units"
        ),
        Row.at_most("opening a house: reads", spent["units_read"] / HOUSES, 1.1, "units"),
        Row.at_most(
            "opening a house: queue requests",
            spent["queue_requests"] / HOUSES + _of_lambda(),
            1.5,
            "requests",
        ),
    ]


def _of_lambda() -> float:
    """Return what Lambda asks of the queue for one message, full batches taken for granted.

    Not measured: ten messages a SendMessageBatch when they are queued, one ReceiveMessage and
    one DeleteMessageBatch for every batch that a worker gets.
    """
    return 1 / 10 + 2 / BATCH


def _enrol(around: Surroundings) -> list[str]:
    table = Table(around.table, around.emulator.client("dynamodb"))
    houses, elders = DynamoHouses(table), DynamoElders(table)
    now = datetime.now(UTC)
    ids = []
    for number in range(1, HOUSES + 1):
        elder = Elder(f"Старший {number}", vk_id=number)
        elders.put(str(number), elder, until=now + timedelta(days=30))
        address = Address(
            locality="г. Образцов", street_type="ул.", street="Примерная", house=str(number)
        )
        digest = digest_of("11701000", address)
        house = House(
            id=code_of(digest),
            digest=digest,
            oktmo="11701000",
            address=address,
            community=COMMUNITY,
            created_at=now,
            elder_id=str(number),
            batch_id="bench",
        )
        if houses.enrol(house) is not None:
            raise AssertionError("two houses met on a code")
        ids.append(house.id)
    return ids


def _open_all(around: Surroundings, house_ids: list[str]) -> Tally:
    waiting = deque(house_ids)
    tally = Tally()
    posters = around.queue("posters")
    workers = [
        threading.Thread(target=_work, args=(_desk(around, posters), waiting, tally))
        for _ in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    tally.spent.update(spending.take())
    return tally


def _desk(around: Surroundings, posters: str) -> Desk:
    """Wire what create_chats.on_opening wires; each worker has clients of its own."""
    session = botocore.session.get_session()

    def client(service: str) -> Any:
        return session.create_client(
            service,
            region_name=REGION,
            endpoint_url=around.emulator.url,
            aws_access_key_id=KEY,
            aws_secret_access_key=KEY,
        )

    table = Table(around.table, client("dynamodb"))
    queue = SqsQueue(posters, client("sqs"))
    vk = VkApi(around.sandbox_url, lambda: TOKEN, Pace(table, COMMUNITY))
    return Desk(
        houses=DynamoHouses(table),
        chats=DynamoChats(table),
        elders=DynamoElders(table),
        communities=BelievedCommunities(table),
        messenger_of=lambda community: VkChats(vk, community.id),
        posters=queue,
        instructions=queue,
        lease=LEASE,
    )


def _work(desk: Desk, waiting: deque[str], tally: Tally) -> None:
    """Take batches as Lambda hands them out, until nothing is left."""

    def work(body: dict[str, Any]) -> Outcome:
        outcome = open_chat(body["house_id"], desk=desk, now=datetime.now(UTC))
        with tally.lock:
            tally.outcomes[outcome] += 1
        return outcome

    give_up = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up:
        with tally.lock:
            batch = [waiting.popleft() for _ in range(min(BATCH, len(waiting)))]
        if not batch:
            return
        records = [
            {"messageId": house_id, "body": f'{{"house_id": "{house_id}"}}'} for house_id in batch
        ]
        answer = work_through({"Records": records}, work, spent=dict)
        back = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
        with tally.lock:
            tally.given_back += len(back)
            waiting.extend(back)
