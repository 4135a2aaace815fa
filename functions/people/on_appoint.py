"""An operator makes the first administrator of a territory (`aws lambda invoke`)."""

from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from housechats.adapters.people import DynamoOfficials
from housechats.adapters.table import Table
from housechats.domain.people import Official
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id
from people.appoint import appoint


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str


@cache
def wired() -> "partial[Official]":
    """Open the doors, once per container."""
    return partial(appoint, officials=DynamoOfficials(Table(Settings.from_env().table)))


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    """Take `{"vk_id": 1, "territory": "11701000"}` and answer with the role."""
    official = wired()(int(event["vk_id"]), str(event["territory"]))
    logger.info("appointed", extra={"vk_id": official.vk_id, "oktmo": official.territory.oktmo})
    return {
        "vk_id": official.vk_id,
        "role": official.role,
        "territory": official.territory.oktmo,
    }
