"""The system of an organisation answers a complaint, signed; the examples of the document work."""

import base64
import os
import re
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from complaints import on_answer
from complaints.answer import Answering
from housechats.domain.complaints import Complaint, ComplaintState, Topic, Way, begun, moved
from housechats.domain.complaints import Happening as Complaining
from housechats.domain.questions import Where
from housechats.domain.webhooks import Webhook, WebhookEvent, signature
from support.cloudformation import ROOT
from support.fakes import FakeQueue
from support.lambda_context import CONTEXT
from support.report_fakes import FakeComplaints, FakeWebhooks

INN, KEY = "2901999906", "a key"
DOCUMENT = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
CURL = """#!/bin/sh
for one in "$@"; do printf '%s\\0' "$one"; done > "$SEEN"
"""
"""Writes down what it is asked to send."""


def block(language: str) -> str:
    """Return an example of the document."""
    found = re.search(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found
    return found[1]


@dataclass
class System:
    complaints: FakeComplaints
    queue: FakeQueue
    webhook: Webhook

    @property
    def secret(self) -> str:
        return self.webhook.secret(KEY)

    @property
    def complaint(self) -> Complaint:
        return self.complaints.by_id["7K2M9X"]

    def says(self, body: bytes, signed: str, *, inn: str = INN, in_base64: bool = False) -> int:
        text = base64.b64encode(body).decode() if in_base64 else body.decode()
        event = {
            "pathParameters": {"inn": inn},
            "headers": {"x-housechats-signature": signed},
            "body": text,
            "isBase64Encoded": in_base64,
            "requestContext": {"requestId": "a-request"},
        }
        return int(on_answer.handle(event, CONTEXT)["statusCode"])

    def says_signed(self, body: bytes, **how: Any) -> int:
        return self.says(body, signature(self.secret, body, at=int(time.time())), **how)


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    now = datetime.now(UTC)
    complaints, webhooks, queue = FakeComplaints(), FakeWebhooks(), FakeQueue()
    new = Complaint(
        id="7K2M9X",
        house_id="ABCDEF01",
        oktmo="11701000",
        community=5,
        inn=INN,
        by=601,
        topic=Topic.LIFT,
        where=Where.ENTRANCE,
        sent_at=now,
        event="an-event",
        way=Way.WEBHOOK,
    )
    complaints.add(moved(begun(new), Complaining.DELIVERED, now=now))
    webhook = Webhook(INN, "11", "https://a.example.ru", (WebhookEvent.SENT,), "n", "vk:1", now)
    webhooks.put(webhook)
    door = on_answer.Door(Answering(complaints, queue), webhooks, KEY)
    monkeypatch.setattr(on_answer, "wired", lambda: door)
    return System(complaints, queue, webhook)


def test_what_a_system_says_is_noted_and_its_author_told_later(system: System) -> None:
    status = system.says_signed(b'{"id": "7K2-M9X", "status": "accepted"}', in_base64=True)

    assert status == 200
    assert system.complaint.state == ComplaintState.ACCEPTED
    assert system.complaint.answered_by == f"organisation:{INN}"
    assert system.queue.bodies == [{"complaint_id": "7K2M9X"}]


def test_what_was_overheard_and_is_said_again_brings_nothing_back(system: System) -> None:
    early = b'{"id": "7K2M9X", "status": "accepted"}'
    signed = signature(system.secret, early, at=int(time.time()))
    system.says(early, signed)
    again = system.says(early, signed)
    system.says_signed(b'{"id": "7K2M9X", "status": "done"}')

    late = system.says(early, signed)

    assert (again, late) == (200, 409)
    assert system.complaint.state == ComplaintState.DONE


@pytest.mark.parametrize(
    "sign",
    [
        pytest.param(lambda s, body: "", id="nothing"),
        pytest.param(lambda s, body: signature("other", body, at=int(time.time())), id="other key"),
        pytest.param(
            lambda s, body: signature(s.secret, body, at=int(time.time()) - 301), id="too old"
        ),
        pytest.param(
            lambda s, body: signature(s.secret, b"{}", at=int(time.time())), id="other body"
        ),
    ],
)
def test_nothing_unsigned_is_believed(system: System, sign: Callable[[System, bytes], str]) -> None:
    body = b'{"id": "7K2M9X", "status": "done"}'

    status = system.says(body, sign(system, body))

    assert status == 401
    assert system.complaint.state == ComplaintState.DELIVERED


@pytest.mark.parametrize(
    ("body", "inn"),
    [
        pytest.param(b'{"id": "000000", "status": "done"}', INN, id="no such complaint"),
        pytest.param(b'{"id": "7K2M9X", "status": "done"}', "2901000017", id="anothers complaint"),
    ],
)
def test_a_system_hears_nothing_of_what_is_not_its_own(
    system: System, body: bytes, inn: str
) -> None:
    assert system.says_signed(body, inn=inn) == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"[]", 422),
        (b"[" * 9000, 422),
        (b'{"id": 7, "status": "done"}', 422),
        (b'{"id": "7K2M9X", "status": "sent"}', 422),
        (b'{"id": "7K2M9X", "status": "done", "note": "\\ud800"}', 422),
        (b'{"id": "7K2M9X", "status": "rejected"}', 409),
        (b" " * 20000, 413),
    ],
)
def test_a_body_that_does_not_do_is_refused(system: System, body: bytes, status: int) -> None:
    assert system.says_signed(body) == status
    assert system.complaint.state == ComplaintState.DELIVERED


def test_the_python_of_the_document_understands_us_and_is_understood(system: System) -> None:
    example: dict[str, Any] = {}
    exec(block("python"), example)  # noqa: S102 - our own document

    ours = signature(system.secret, b"{}", at=int(time.time()))
    body, headers = example["answer"]("7K2M9X", "done", "Лифт запущен.", system.secret)

    assert example["is_signed"](ours, system.secret, b"{}")
    assert not example["is_signed"](ours, system.secret, b"{ }")
    for odd in ("", "t=,v1=", "t=now,v1=a", "t=²,v1=a", f"t={'9' * 5000},v1=a", "t=1,v1=я"):
        assert not example["is_signed"](odd, system.secret, b"{}")
    assert system.says(body, headers["X-Housechats-Signature"]) == 200
    assert system.complaint.note == "Лифт запущен."


@pytest.mark.skipif(not which("openssl") or not which("bash"), reason="no openssl, no bash here")
def test_the_curl_of_the_document_is_understood(system: System, tmp_path: Path) -> None:
    curl, seen = tmp_path / "curl", tmp_path / "seen"
    curl.write_text(CURL)
    curl.chmod(0o755)
    told = {"SECRET": system.secret, "API": "https://api.example", "INN": INN, "SEEN": str(seen)}
    environment = os.environ | told | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}

    subprocess.run(["bash", "-euc", block("bash")], env=environment, check=True)  # noqa: S603, S607

    said = seen.read_text(encoding="utf-8").rstrip("\0").split("\0")
    signed = next(one for one in said if one.startswith("X-Housechats")).partition(": ")[2]
    body = said[said.index("--data-binary") + 1]
    assert f"https://api.example/webhooks/complaints/{INN}" in said
    assert system.says(body.encode(), signed) == 200
    assert system.complaint.state == ComplaintState.DONE
