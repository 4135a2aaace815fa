"""VK tells of something: check who tells, hand it to the queue of its room, say "ok"."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from housechats.adapters.queues import SqsQueue
from housechats.domain.callbacks import Lane, is_signed, proven_code, read
from housechats.domain.errors import UnavailableError
from housechats.ports.queues import Queue
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id
from housechats.runtime.metrics import answered_with

LARGEST_BODY = 64 * 1024
"""Bytes; a message of 4096 characters with what hangs on it is some 30 KB."""
LONGEST_COMMUNITY = 12
AGAIN_S = 30
"""When VK is to tell once more what no queue took; it asks for less than three hours."""


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    id_key: str
    talk_queue_url: str
    events_queue_url: str
    questions_queue_url: str
    discussions_queue_url: str
    complaints_queue_url: str
    moderation_queue_url: str


@dataclass(frozen=True, slots=True)
class Door:
    """What the door opens on."""

    key: str
    queues: Mapping[Lane, Queue]
    clock: Callable[[], datetime]


@cache
def wired() -> Door:
    """Open the doors, once per container."""
    env = Settings.from_env()
    queues = {
        Lane.TALK: SqsQueue(env.talk_queue_url),
        Lane.EVENTS: SqsQueue(env.events_queue_url),
        Lane.QUESTIONS: SqsQueue(env.questions_queue_url),
        Lane.DISCUSSIONS: SqsQueue(env.discussions_queue_url),
        Lane.COMPLAINTS: SqsQueue(env.complaints_queue_url),
        Lane.MODERATION: SqsQueue(env.moderation_queue_url),
    }
    return Door(env.id_key, queues, lambda: datetime.now(UTC))


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    """Answer POST /vk/{community}/{proof}; one route needs no resolver."""
    answer = _answered(event, wired())
    logger.info("answered", extra={**answered_with(answer["statusCode"]), "operation": "callback"})
    return answer


def _answered(event: Mapping[str, Any], door: Door) -> dict[str, Any]:
    community, code = _whose(event["pathParameters"], door.key)
    if not code:
        return _said(403)
    body = _body(event)
    if body is None:
        return _said(400)
    if len(body) > LARGEST_BODY:
        return _said(413)
    told = _object(body)
    if told is None:
        return _said(400)
    if told.get("type") == "confirmation" and told.get("group_id") == community:
        return _said(200, code)
    if not is_signed(door.key, community, told):
        return _said(403)
    return _handed_over(told, door, retry=_retry(event))


def _handed_over(told: Mapping[str, Any], door: Door, *, retry: int) -> dict[str, Any]:
    try:
        for lane, body in read(told, arrived=door.clock(), retry=retry):
            door.queues[lane].send([body])
    except (UnavailableError, BotoCoreError, ClientError) as error:
        logger.warning("not handed over", extra={"why": type(error).__name__})
        return _said(503, headers={"retry-after": str(AGAIN_S)})
    return _said(200, "ok")


def _whose(path: Mapping[str, str], key: str) -> tuple[int, str]:
    """Return the community of an address and its code; no code when it is no address of ours."""
    number = path.get("community", "")
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_COMMUNITY):
        return 0, ""
    community = int(number)
    return community, proven_code(key, community, path.get("proof", ""))


def _body(event: Mapping[str, Any]) -> bytes | None:
    """Return what was sent; None when it is not what it is said to be."""
    text: str = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return text.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _retry(event: Mapping[str, Any]) -> int:
    """Return how often VK has told this before."""
    said = (event.get("headers") or {}).get("x-retry-counter", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) == 1 else 0


def _said(
    status: int, text: str = "", *, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Answer in plain text: whatever else stands there, VK takes it for no answer."""
    plain = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"}
    return {"statusCode": status, "headers": plain | dict(headers or {}), "body": text}
