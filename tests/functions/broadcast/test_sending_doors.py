"""The workers of broadcasts from their messages on, with a table, files, queues and a VK."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from broadcast import on_chunk, on_due, on_emergency, on_start
from broadcast.deliver import Delivery, Verdict
from broadcast.patience import Hours
from housechats.adapters.audiences import S3Audiences
from housechats.adapters.aws import client
from housechats.adapters.broadcasts import DynamoBroadcasts
from housechats.adapters.communities import DynamoCommunities
from housechats.adapters.files import S3Files
from housechats.adapters.messages import S3Messages
from housechats.adapters.receipts import DynamoReceipts
from housechats.adapters.secrets import SecretTokens
from housechats.adapters.table import Table
from housechats.domain.broadcasts import (
    Broadcast,
    BroadcastLane,
    BroadcastState,
    Deed,
    folder_of,
)
from housechats.domain.messages import Message
from housechats.domain.receipts import Recipient
from local.vk.core import Sandbox
from local.vk.faults import Fault, Kind
from local.vk.server import Door
from support.aws_mock import aws, new_bucket, new_table
from support.fakes import new_community
from support.lambda_context import CONTEXT

A = 240_000_001
TOKEN = "the community's"
ID = "0123456789abcdef"
CHATS = 250


@dataclass
class Workers:
    vk: Sandbox
    broadcasts: DynamoBroadcasts
    receipts: DynamoReceipts
    queues: dict[str, str]

    def begin(self, lane: BroadcastLane, state: BroadcastState = BroadcastState.RUNNING) -> None:
        now = datetime.now(UTC)
        one = Broadcast(
            id=ID,
            deed=Deed.MESSAGE,
            lane=lane,
            oktmo="11701000",
            inn="",
            created_by="vk:1",
            created_at=now,
            beginning="Завтра",
            chats=CHATS,
            chunks=3,
            people=0,
            state=state,
            start_at=now,
            started_at=now if state == BroadcastState.RUNNING else None,
            due_at=now - timedelta(minutes=1),
        )
        self.broadcasts.add(one)

    def work_through(self, queue: str, door: Any) -> list[dict[str, Any]]:
        """Hand a queue's messages to a worker until there are none; return those given back."""
        given_back = []
        sqs = client("sqs")
        while messages := sqs.receive_message(
            QueueUrl=self.queues[queue], MaxNumberOfMessages=10
        ).get("Messages"):
            records = [{"messageId": one["MessageId"], "body": one["Body"]} for one in messages]
            given_back += door.handle({"Records": records}, CONTEXT)["batchItemFailures"]
            for one in messages:
                sqs.delete_message(QueueUrl=self.queues[queue], ReceiptHandle=one["ReceiptHandle"])
        return given_back

    @property
    def one(self) -> Broadcast:
        one = self.broadcasts.get(ID)
        assert one
        return one

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.vk.journal.all_messages()]


@pytest.fixture
def vk() -> Iterator[Door]:
    door = Door(0, lambda address: Sandbox({A: TOKEN}, files_base=address))
    thread = threading.Thread(target=door.serve_forever, args=(0.01,))
    thread.start()
    yield door
    door.shutdown()
    thread.join()
    door.server_close()


@pytest.fixture
def workers(vk: Door, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    with aws():
        table, folders = new_table("sending"), S3Files(new_bucket("broadcasts"))
        names = ("starts", "deliveries", "emergencies")
        queues = {name: client("sqs").create_queue(QueueName=name)["QueueUrl"] for name in names}
        settings = {
            "TABLE": "sending",
            "BROADCASTS_BUCKET": "broadcasts",
            "VK_API_URL": vk.address,
            "TOKENS_PREFIX": "communities",
            "STARTS_QUEUE_ARN": "arn:aws:sqs:eu-central-1:0:starts",
            "SCHEDULES_ROLE_ARN": "arn:aws:iam::0:role/schedules",
            "SCHEDULES_GROUP": "broadcasts",
            "LEASE_SECONDS": "120",
            "WORKER_SECONDS": "60",
            **{f"{name.upper()}_QUEUE_URL": url for name, url in queues.items()},
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        for door in (on_chunk, on_start, on_due):
            monkeypatch.setattr(door, "wired", cache(door.wired.__wrapped__))
        _connect(table)
        chats = vk.sandbox.preload(CHATS)
        lines = [(A, Recipient(f"H{chat:07d}", chat, f"ул. Мира, {chat}")) for chat in chats]
        S3Audiences(folders).write(folder_of(ID), lines, together=100)
        said = Message(header="Официально", text="Завтра не будет воды.")
        S3Messages(folders).put(folder_of(ID), said)
        yield Workers(vk.sandbox, DynamoBroadcasts(table), DynamoReceipts(table), queues)


def _connect(table: Table) -> None:
    community = new_community(A)
    version = SecretTokens("communities").put(A, TOKEN)
    connected = replace(community, token_version=version)
    assert DynamoCommunities(table).connect(connected, instead_of=None)


def test_a_broadcast_goes_from_its_start_to_its_end(workers: Workers) -> None:
    # By the real clock people may sleep now: an emergency asks nobody.
    workers.begin(BroadcastLane.EMERGENCY, BroadcastState.SCHEDULED)
    client("sqs").send_message(
        QueueUrl=workers.queues["starts"], MessageBody=json.dumps({"broadcast_id": ID})
    )

    started = workers.work_through("starts", on_start)
    delivered = workers.work_through("emergencies", on_emergency)

    assert (started, delivered) == ([], [])
    assert workers.one.state == BroadcastState.DONE
    assert workers.one.sent == len(workers.texts) == CHATS


@pytest.mark.parametrize("door", [on_chunk, on_start])
def test_opening_the_doors_is_of_a_workers_time(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[datetime] = []
    until: list[datetime] = []

    def work(*_: object, hours: Hours, **__: object) -> Delivery:
        until.append(hours.until)
        return Delivery(Verdict.REPEATED, "news")

    def wired() -> tuple[Any, timedelta]:
        opened.append(datetime.now(UTC))
        return work, timedelta(seconds=60)

    monkeypatch.setattr(door, "wired", wired)
    record = {"messageId": "1", "body": json.dumps({"broadcast_id": ID, "chunk": 0})}

    door.handle({"Records": [record]}, CONTEXT)

    assert until[0] - timedelta(seconds=60) <= opened[0]


def test_news_go_through_their_own_queue(workers: Workers) -> None:
    workers.begin(BroadcastLane.NEWS)

    on_due.handle({}, CONTEXT)
    delivered = workers.work_through("deliveries", on_chunk)

    assert delivered == []
    assert workers.work_through("emergencies", on_emergency) == []
    assert workers.one.sent == CHATS


def test_an_emergency_that_was_left_behind_is_found_and_goes_its_own_way(
    workers: Workers,
) -> None:
    workers.begin(BroadcastLane.EMERGENCY)

    on_due.handle({}, CONTEXT)
    given_back = workers.work_through("emergencies", on_emergency)

    assert given_back == []
    assert workers.one.state == BroadcastState.DONE
    assert workers.one.sent == CHATS
    assert len(workers.vk.journal.calls("messages.send")) == 3
    assert [len(one.cmids) for one in workers.receipts.of(ID)] == [100, 100, 50]


def test_a_chat_that_is_lost_is_counted_and_the_log_names_nobody(
    workers: Workers, capsys: pytest.CaptureFixture[str]
) -> None:
    workers.begin(BroadcastLane.EMERGENCY)
    lost = 2_000_000_003
    workers.vk.add_fault(Fault(Kind.ERROR, "messages.send", code=945, peer_id=lost))

    on_due.handle({}, CONTEXT)
    workers.work_through("emergencies", on_emergency)

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    counts = {
        (line["lane"], line["verdict"]): line["Deliveries"]
        for line in lines
        if "Deliveries" in line and line["Deliveries"] in {1, 99}
    }
    assert counts == {("emergency", "sent"): 99, ("emergency", "failed"): 1}
    assert workers.one.failed == 1
    assert "Мира" not in json.dumps(lines, ensure_ascii=False)
