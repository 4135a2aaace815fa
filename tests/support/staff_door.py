"""The API that staff use, on a table, a bucket and queues in this process; VK's pages in memory."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from create_chats import api
from create_chats.enrol import Chunk, enrol
from create_chats.hand_over_due import hand_over_due
from create_chats.routes.router import Doors
from create_chats.take_list import Desk, Upload, take_list
from create_chats.uploads import upload_key
from housechats.adapters.aws import client
from housechats.adapters.communities import DynamoCommunities
from housechats.adapters.posts import DynamoPosts
from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory
from housechats.ports.queues import Queue
from support.aws_mock import aws, new_bucket, new_table
from support.fakes import FakePages, FakeQueue, etag_of, new_community
from support.http_event import body_of, http_event
from support.lambda_context import CONTEXT

ADMINISTRATOR, OF_REGION, STAFF, ELSEWHERE = 1, 2, 3, 4
OKTMO = "11701000"


@dataclass
class StaffDoor:
    doors: Doors
    pages: FakePages
    openings: FakeQueue
    results: FakeQueue
    renewals: FakeQueue
    monkeypatch: pytest.MonkeyPatch
    rows: FakeQueue = field(default_factory=FakeQueue)

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        vk_id: int = ADMINISTRATOR,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        """Return the status and the body of the answer."""
        now = time.time()
        event = http_event(method, path, vk_id=vk_id, vk_ts=now, query=query, body=body)
        event["headers"] |= headers or {}
        if isinstance(body, str):
            event["body"] = body
        answer = api.handle(event, CONTEXT)
        return answer["statusCode"], body_of(answer)

    def upload(self, text: str, *, locality: str = "") -> str:
        """Upload a list as a browser does, up to where its rows are handed on."""
        new = {"name": "дома.csv", "oktmo": OKTMO, "locality": locality}
        status, batch = self.ask("POST", "/batches", new)
        assert status == 201, batch
        key, body = upload_key(OKTMO, batch["id"]), text.encode()
        self.doors.lists.put(key, body, content_type="text/csv")
        desk = Desk(
            lists=self.doors.lists,
            batches=self.doors.batches,
            towns=self.doors.towns,
            communities=self.doors.registry.communities,
            pages=self.pages,
            rows=self.rows,
        )
        take_list(Upload(key, etag_of(body), "anonymous"), desk=desk, now=datetime.now(UTC))
        return str(batch["id"])

    def enrol(self) -> None:
        """Have the rows that were handed on enrolled."""
        for body in self.rows.take():
            chunk: dict[str, Any] = dict(body)
            enrol(
                Chunk(**chunk),
                registry=self.doors.registry,
                lists=self.doors.lists,
                batches=self.doors.batches,
                openings=self.openings,
                now=datetime.now(UTC),
            )

    def cut_off(self, openings: Queue) -> None:
        """Have chats handed over by a queue at which the request dies."""
        doors = replace(self.doors, openings=openings)
        self.monkeypatch.setattr(api, "wired", lambda: doors)

    def sweep(self) -> None:
        """Have houses that are due handed over, as happens every minute."""
        houses = self.doors.houses
        hand_over_due(houses=houses, openings=self.openings, now=datetime.now(UTC))

    def enrolled(self, text: str, *, locality: str = "") -> str:
        """Upload a list and have it enrolled; forget which chats are to be opened."""
        batch_id = self.upload(text, locality=locality)
        self.enrol()
        self.openings.take()
        return batch_id


@contextmanager
def staff_door(monkeypatch: pytest.MonkeyPatch) -> Iterator[StaffDoor]:
    with aws():
        table = new_table("houses")
        posts = DynamoPosts(table)
        for vk_id, role, oktmo in [
            (ADMINISTRATOR, Role.ADMINISTRATOR, OKTMO),
            (OF_REGION, Role.ADMINISTRATOR, "11"),
            (STAFF, Role.STAFF, OKTMO),
            (ELSEWHERE, Role.ADMINISTRATOR, "11730000"),
        ]:
            posts.give(Post(vk_id, role, Territory(oktmo), datetime.now(UTC), "operator"))
        DynamoCommunities(table).connect(new_community(7), instead_of=None)
        for name, value in {
            "TABLE": "houses",
            "LISTS_BUCKET": new_bucket("lists"),
            "OPENINGS_QUEUE_URL": client("sqs").create_queue(QueueName="openings")["QueueUrl"],
            "RENEWALS_QUEUE_URL": client("sqs").create_queue(QueueName="renewals")["QueueUrl"],
            "RESULTS_QUEUE_URL": client("sqs").create_queue(QueueName="results")["QueueUrl"],
            "VK_API_URL": "https://vk.invalid",
            "TOKENS_PREFIX": "no/token/",
            "ID_KEY": "a key",
            "LAUNCH_HOURS": "24",
            "CHANGES_A_MINUTE": "100000",
        }.items():
            monkeypatch.setenv(name, value)
        wired = api.wired
        wired.cache_clear()
        pages, openings, results, renewals = FakePages(), FakeQueue(), FakeQueue(), FakeQueue()
        doors = replace(
            wired(), late_pages=lambda: pages, openings=openings, results=results, renewals=renewals
        )
        monkeypatch.setattr(api, "wired", lambda: doors)
        yield StaffDoor(doors, pages, openings, results, renewals, monkeypatch)
        wired.cache_clear()
