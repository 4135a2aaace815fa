"""Every minute: acts of which nobody has said how they ended are accounted for."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from audit.settle_due import settle_due
from housechats.adapters.audit import DynamoLedger
from housechats.adapters.table import Table
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str


@cache
def wired() -> "partial[int]":
    """Open the doors, once per container."""
    return partial(settle_due, ledger=DynamoLedger(Table(Settings.from_env().table)))


@with_request_id
def handle(_event: dict[str, Any], _context: Context) -> None:
    logger.info("accounted for", extra={"acts": wired()(now=datetime.now(UTC))})
