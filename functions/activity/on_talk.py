"""Queue of what was heard in chats in, counters out."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from activity.count_talk import Counted, Desk, count_talk
from housechats.adapters.activity import DynamoTallies
from housechats.adapters.aws import spending
from housechats.adapters.chats import DynamoChats
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.table import Table
from housechats.domain.activity import Heard
from housechats.domain.errors import UnavailableError
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id
from housechats.runtime.metrics import Metric, count_spent, counted


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    id_key: str


@cache
def wired() -> "partial[Counted]":
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    desk = Desk(
        chats=DynamoChats(table),
        houses=DynamoHouses(table),
        tallies=DynamoTallies(table),
        key=env.id_key,
    )
    return partial(count_talk, desk=desk)


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    """Count a thousand things at once: a write for each would cost a hundred times as much."""
    records = event["Records"]
    heard = {record["messageId"]: one for record in records if (one := _read(record))}
    left = {record["messageId"] for record in records} - heard.keys()
    try:
        outcome = wired()(heard, now=datetime.now(UTC))
    except UnavailableError as error:
        logger.warning("given back", extra={"why": error})
        left |= heard.keys()
    else:
        left |= outcome.left
        for failure in outcome.failures:
            _tell_of(failure)
        told = {"heard": len(heard), "left": len(left), "strange": outcome.strange}
        logger.info("counted", extra=told)
    cost = spending.take()
    logger.info("worked", extra={"records": len(records), **cost})
    count_spent(cost)
    return {"batchItemFailures": [{"itemIdentifier": name} for name in sorted(left)]}


def _tell_of(failure: Exception) -> None:
    if isinstance(failure, UnavailableError):
        logger.warning("given back", extra={"why": failure})
    else:
        logger.error("failed", exc_info=failure, extra=counted(Metric.WORK_FAILED))


def _read(record: dict[str, Any]) -> Heard | None:
    """Return what a record tells; None for what cannot be read: it takes no other with it."""
    try:
        return Heard.read(json.loads(record["body"]))
    except (KeyError, OSError, OverflowError, TypeError, ValueError):
        logger.exception(
            "failed", extra={"message_id": record["messageId"], **counted(Metric.WORK_FAILED)}
        )
        return None
