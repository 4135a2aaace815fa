"""The system of an organisation says what becomes of a complaint: check who says it, note it."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from complaints.answer import Answering, answer_complaint
from housechats.adapters.complaints import DynamoComplaints
from housechats.adapters.queues import SqsQueue
from housechats.adapters.table import Table
from housechats.adapters.webhooks import DynamoWebhooks
from housechats.domain.complaints import LONGEST_NOTE, NUMBER_LENGTH, Happening, NotNowError
from housechats.domain.territories import region_of
from housechats.domain.webhooks import SIGNATURE, is_signed
from housechats.ports.webhooks import Webhooks
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id
from housechats.runtime.metrics import answered_with

LARGEST_BODY = 16 * 1024
"""Bytes; a note of 300 characters needs two of them."""
SAYS = {
    "accepted": Happening.ACCEPTED,
    "done": Happening.DONE,
    "rejected": Happening.REJECTED,
}
UNSIGNED = "Подпись не подходит: проверьте ключ, время и тело."
UNREAD = (
    "Нужен JSON с полями id (номер жалобы), status (accepted, done или rejected) и note (текст)."
)


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    id_key: str
    complaints_queue_url: str


@dataclass(frozen=True, slots=True)
class Door:
    """What the door opens on."""

    answering: Answering
    webhooks: Webhooks
    key: str


@cache
def wired() -> Door:
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    return Door(
        answering=Answering(
            store=DynamoComplaints(table), queue=SqsQueue(env.complaints_queue_url)
        ),
        webhooks=DynamoWebhooks(table),
        key=env.id_key,
    )


@dataclass(frozen=True, slots=True)
class Said:
    """What a body says."""

    complaint_id: str
    status: str
    note: str


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    """Answer POST /webhooks/complaints/{inn}; one route needs no resolver."""
    answer = _answered(event, wired(), now=datetime.now(UTC))
    logger.info("answered", extra={**answered_with(answer["statusCode"]), "operation": "webhook"})
    return answer


def _answered(event: Mapping[str, Any], door: Door, *, now: datetime) -> dict[str, Any]:
    body = _body(event)
    if body is None or len(body) > LARGEST_BODY:
        return _problem(event, 413 if body else 400, "invalid", UNREAD)
    said = _read(body)
    if said is None:
        return _problem(event, 422, "invalid", UNREAD)
    inn = str(event["pathParameters"]["inn"])
    if not _believed(said, inn, body, _header(event), door, now):
        return _problem(event, 401, "unsigned", UNSIGNED)
    try:
        after = answer_complaint(
            said.complaint_id,
            SAYS[said.status],
            by=f"organisation:{inn}",
            note=said.note,
            desk=door.answering,
            now=now.replace(microsecond=now.microsecond // 1000 * 1000),
        )
    except NotNowError as refused:
        return _problem(event, 409, "conflict", refused.message)
    state = str(after.state) if after else ""
    return _json(200, "application/json", {"id": said.complaint_id, "status": state})


def _believed(said: Said, inn: str, body: bytes, header: str, door: Door, now: datetime) -> bool:
    """Tell whether the system of the very organisation whose complaint it is has said it.

    Nothing tells whoever asks unsigned whether there is such a complaint, or such a webhook.
    """
    complaint = door.answering.store.get(said.complaint_id)
    if complaint is None or complaint.inn != inn:
        return False
    webhook = door.webhooks.get(region_of(complaint.oktmo), inn)
    return webhook is not None and is_signed(header, webhook.secret(door.key), body, now=now)


def _read(body: bytes) -> Said | None:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    number, status, note = (told.get(name, "") for name in ("id", "status", "note"))
    if not (isinstance(number, str) and isinstance(status, str) and isinstance(note, str)):
        return None
    complaint_id = number.replace("-", "").upper()
    if not re.fullmatch(rf"[0-9A-Z]{{{NUMBER_LENGTH}}}", complaint_id) or status not in SAYS:
        return None
    try:
        note.encode()
    except UnicodeEncodeError:  # a lone half of a pair is no text
        return None
    return Said(complaint_id, status, note) if len(note) <= LONGEST_NOTE else None


def _body(event: Mapping[str, Any]) -> bytes | None:
    """Return what was sent; None when it is not what it is said to be."""
    text: str = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return text.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _header(event: Mapping[str, Any]) -> str:
    headers: Mapping[str, str] = event.get("headers") or {}
    return headers.get(SIGNATURE.lower(), "")


def _problem(event: Mapping[str, Any], status: int, code: str, detail: str) -> dict[str, Any]:
    told = {
        "type": f"urn:housechats:problem:{code}",
        "title": detail,
        "status": status,
        "code": code,
        "request_id": event.get("requestContext", {}).get("requestId", ""),
    }
    return _json(status, "application/problem+json", told)


def _json(status: int, kind: str, told: Mapping[str, object]) -> dict[str, Any]:
    headers = {"content-type": kind, "cache-control": "no-store"}
    return {
        "statusCode": status,
        "headers": headers,
        "body": json.dumps(told, ensure_ascii=False, separators=(",", ":")),
    }
