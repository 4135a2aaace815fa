"""Every hour: days that are over are closed, and who wrote in them is forgotten."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from activity.close_days import Desk, close_days
from housechats.adapters.activity import DynamoTallies
from housechats.adapters.aws import spending
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.table import Table
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id
from housechats.runtime.metrics import count_spent

GOES_ON_S = 270
"""The function lives 300 seconds; 18,200 houses that were all lively take some 60."""


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str


@cache
def wired() -> "partial[int]":
    """Open the doors, once per container."""
    table = Table(Settings.from_env().table)
    return partial(close_days, desk=Desk(tallies=DynamoTallies(table), houses=DynamoHouses(table)))


@with_request_id
def handle(_event: dict[str, Any], _context: Context) -> None:
    began = time.monotonic()
    closed = wired()(has_time=lambda: time.monotonic() - began < GOES_ON_S, now=datetime.now(UTC))
    cost = spending.take()
    logger.info("closed", extra={"days": closed, **cost})
    count_spent(cost)
