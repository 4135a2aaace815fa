"""Every minute: attachments whose day has come begin or end."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from housechats.adapters.houses import DynamoHouses
from housechats.adapters.organisations import DynamoAttachments
from housechats.adapters.table import Table
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id
from organisations.mature import mature


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str


@cache
def wired() -> "partial[int]":
    """Open the doors, once per container."""
    table = Table(Settings.from_env().table)
    return partial(mature, houses=DynamoHouses(table), attachments=DynamoAttachments(table))


@with_request_id
def handle(_event: dict[str, Any], _context: Context) -> None:
    logger.info("brought up to date", extra={"houses": wired()(now=datetime.now(UTC))})
