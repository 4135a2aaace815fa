"""The API of people, on a table in this process; VK's pages in memory."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from housechats.adapters.table import Table
from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory
from people import api
from people.routes.router import Doors
from support.aws_mock import aws, new_bucket, new_table
from support.fakes import FakePages, FakeQueue
from support.http_event import http_event
from support.lambda_context import CONTEXT

OKTMO, ELSEWHERE_OKTMO, REGION = "11701000", "11730000", "11"
ADMINISTRATOR, OF_REGION, STAFF, ELSEWHERE, NOBODY = 1, 2, 3, 4, 5


@dataclass
class PeopleDoor:
    doors: Doors
    pages: FakePages
    table: Table
    invitations: FakeQueue
    erasures: FakeQueue

    def answer(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        vk_id: int = ADMINISTRATOR,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        age: float = 0,
    ) -> dict[str, Any]:
        """Return the whole answer."""
        launched = time.time() - age
        event = http_event(method, path, vk_id=vk_id, vk_ts=launched, query=query, body=body)
        event["headers"] |= headers or {}
        return api.handle(event, CONTEXT)

    def ask(self, method: str, path: str, body: object = None, **how: Any) -> tuple[int, Any]:
        """Return the status and the body of the answer."""
        answered = self.answer(method, path, body, **how)
        return answered["statusCode"], json.loads(answered["body"] or "null")


@contextmanager
def people_door(monkeypatch: pytest.MonkeyPatch, **settings: str) -> Iterator[PeopleDoor]:
    with aws():
        table = new_table("houses")
        for name, value in {
            "TABLE": "houses",
            "ID_KEY": "a key",
            "LAUNCH_HOURS": "24",
            "CHANGES_A_MINUTE": "100000",
            "VK_API_URL": "https://vk.invalid",
            "TOKENS_PREFIX": "tokens",
            "VK_APP_ID": "51",
            "INVITATIONS_QUEUE_URL": "https://queue.invalid/invitations",
            "ERASURES_QUEUE_URL": "https://queue.invalid/erasures",
            "LISTS_BUCKET": new_bucket("lists"),
            **settings,
        }.items():
            monkeypatch.setenv(name, value)
        wired = api.wired
        wired.cache_clear()
        pages, invitations, erasures = FakePages(), FakeQueue(), FakeQueue()
        opened = wired()
        doors = replace(
            opened,
            late_pages=lambda: pages,
            invitations_queue=invitations,
            late_erasures=lambda: replace(opened.erasures, queue=erasures),
        )
        for vk_id, role, oktmo in [
            (ADMINISTRATOR, Role.ADMINISTRATOR, OKTMO),
            (OF_REGION, Role.ADMINISTRATOR, REGION),
            (STAFF, Role.STAFF, OKTMO),
            (ELSEWHERE, Role.ADMINISTRATOR, ELSEWHERE_OKTMO),
        ]:
            post = Post(vk_id, role, Territory(oktmo), datetime.now(UTC), "operator")
            doors.gate.posts.give(post)
        monkeypatch.setattr(api, "wired", lambda: doors)
        yield PeopleDoor(doors, pages, table, invitations, erasures)
        wired.cache_clear()
