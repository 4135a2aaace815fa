"""An operator makes the first administrator of a territory (`make admin`)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from housechats.adapters.audit import DynamoLedger
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.table import Table
from housechats.domain.people import Post
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id
from people.appoint import appoint


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str


@cache
def wired() -> "partial[Post]":
    """Open the doors, once per container."""
    table = Table(Settings.from_env().table)
    return partial(appoint, posts=DynamoPosts(table), ledger=DynamoLedger(table))


@with_request_id
def handle(event: dict[str, Any], context: Context) -> dict[str, Any]:
    """Take `{"vk_id": 1, "territory": "11701000"}` and answer with the role."""
    post = wired()(
        int(event["vk_id"]),
        str(event["territory"]),
        request_id=context.aws_request_id,
        now=datetime.now(UTC),
    )
    logger.info("appointed", extra={"vk_id": post.vk_id, "oktmo": post.territory.oktmo})
    return {"vk_id": post.vk_id, "role": post.role, "territory": post.territory.oktmo}
