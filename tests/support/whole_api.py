"""All APIs at once, on a table, buckets and queues in this process; VK's answers in memory."""

import json
import re
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from itertools import count
from types import ModuleType
from typing import Any

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from housechats.adapters.aws import client
from housechats.adapters.table import Table
from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory
from housechats.ports.gate import Gate
from support.aws_mock import ENVIRONMENT, aws, new_bucket, new_table
from support.cloudformation import ROOT
from support.fakes import FakeBearers, FakePages, FakeTokens
from support.http_event import http_event
from support.lambda_context import CONTEXT
from support.report_fakes import FakeCarrier

KEY = "a key"
SETTINGS = {
    "TABLE": "houses",
    "ID_KEY": KEY,
    "LAUNCH_HOURS": "24",
    "CHANGES_A_MINUTE": "100000",
    "VK_API_URL": "https://vk.invalid",
    "TOKENS_PREFIX": "tokens",
    "PUBLIC_URL": "https://dom.example",
    "VK_APP_ID": "54321",
    "LEASE_SECONDS": "120",
    "SCHEDULES_GROUP": "starts",
    "SCHEDULES_ROLE_ARN": "arn:aws:iam::123456789012:role/schedules",
    "STARTS_QUEUE_ARN": "arn:aws:sqs:eu-central-1:123456789012:starts",
}


@cache
def apis() -> Sequence[ModuleType]:
    """Return the doors of all signed APIs."""
    found = [
        import_module(f"{path.parent.name}.api")
        for path in sorted((ROOT / "functions").glob("*/api.py"))
    ]
    return [api for api in found if hasattr(api, "app")]


@dataclass
class WholeApi:
    table: Table
    gate: Gate
    pages: FakePages = field(default_factory=FakePages)
    bearers: FakeBearers = field(default_factory=FakeBearers)
    _requests: Iterator[int] = field(default_factory=lambda: count(1))

    def name(self, vk_id: int, role: Role, oktmo: str, inn: str = "") -> Post:
        """Give somebody a post, as if somebody else had done so."""
        post = Post(vk_id, role, Territory(oktmo), datetime.now(UTC), "operator", inn=inn)
        self.gate.posts.give(post)
        return post

    def answer(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        vk_id: int,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        age: float = 0,
        sent: bytes = b"",
    ) -> dict[str, Any]:
        """Return the whole answer; `sent`: a body that may be no JSON."""
        asked = time.time() - age
        event = http_event(method, path, vk_id=vk_id, vk_ts=asked, query=query, body=body)
        if sent:
            event |= {"body": b64encode(sent).decode(), "isBase64Encoded": True}
        event["headers"] |= headers or {}
        # The gateway gives each request an id of its own.
        event["requestContext"]["requestId"] = f"request-{next(self._requests)}"
        answered: dict[str, Any] = _api_of(method, path).handle(event, CONTEXT)
        return answered

    def ask(self, method: str, path: str, body: object = None, **how: Any) -> tuple[int, Any]:
        """Return the status and the body of the answer."""
        answered = self.answer(method, path, body, **how)
        return answered["statusCode"], json.loads(answered["body"] or "null")

    # Past the API of the mock: a scan of it takes longer than most requests of ours.

    def snapshot(self) -> Any:
        """Return all that the table holds."""
        return deepcopy(self._stored.items)

    def restore(self, before: Any) -> None:
        """Have the table hold what it held then."""
        self._stored.items = deepcopy(before)

    def remembered(self) -> list[Any]:
        """Return what is kept of requests that were answered."""
        return [
            item.to_json()
            for pk, items in self._stored.items.items()
            for sk, item in items.items()
            if sk.value.startswith("KEY#")
        ]

    def kept(self) -> dict[tuple[str, str], Any]:
        """Return what the table holds but for the gate's own: who asked how often, intents."""
        return {
            (pk.value, sk.value): item.to_json()
            for pk, items in self._stored.items.items()
            for sk, item in items.items()
            if not pk.value.startswith(("CALLER#", "ACT#"))
        }

    @property
    def _stored(self) -> Any:
        backend = dynamodb_backends[DEFAULT_ACCOUNT_ID][ENVIRONMENT["AWS_DEFAULT_REGION"]]
        return backend.tables["houses"]

    def messages(self, queue: str) -> list[Any]:
        """Take what was sent to a queue."""
        sqs, found = client("sqs"), []
        url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        while some := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for one in some:
                found.append(json.loads(one["Body"]))
                sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
        return found


@contextmanager
def whole_api(monkeypatch: pytest.MonkeyPatch, **settings: str) -> Iterator[WholeApi]:
    """Open every API on one table; VK is not asked."""
    with aws():
        table = new_table("houses")
        client("scheduler").create_schedule_group(Name=SETTINGS["SCHEDULES_GROUP"])
        for setting in {field.name for api in apis() for field in fields(api.Settings)}:
            value = {**SETTINGS, **settings}.get(setting.upper()) or _made(setting)
            monkeypatch.setenv(setting.upper(), value)
        for api in apis():
            api.wired.cache_clear()
        doors = {api: api.wired() for api in apis()}
        opened = WholeApi(table, next(iter(doors.values())).gate)
        instead = {
            "late_pages": lambda: opened.pages,
            "bearers": opened.bearers,
            "tokens": FakeTokens(),
            "carrier": FakeCarrier(),
        }
        for api, real in doors.items():
            has = {field.name for field in fields(real)} if is_dataclass(real) else set()
            faked = replace(real, **{name: one for name, one in instead.items() if name in has})
            monkeypatch.setattr(api, "wired", lambda faked=faked: faked)
        yield opened


def _made(setting: str) -> str:
    """Make the bucket or the queue that a setting names, once."""
    name = re.sub(r"_(bucket|queue_url)$", "", setting).replace("_", "-")
    if setting.endswith("_bucket"):
        return new_bucket(name)
    return client("sqs").create_queue(QueueName=name)["QueueUrl"]


def _api_of(method: str, path: str) -> ModuleType:
    for api in apis():
        routes = [*api.app._static_routes, *api.app._dynamic_routes]  # noqa: SLF001
        if any(route.method == method and route.rule.match(path) for route in routes):
            return api
    raise LookupError(f"{method} {path}")
