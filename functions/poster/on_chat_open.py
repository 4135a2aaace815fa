"""A chat is open: draw its poster; an elder has several houses: draw theirs in one file."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from housechats.adapters.aws import spending
from housechats.adapters.files import S3Files
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.instructions import DynamoInstructions
from housechats.adapters.queues import SqsQueue
from housechats.adapters.table import Table
from housechats.runtime import settings
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.queue import work_through
from poster.make_posters import Desk, make_elder_posters, make_poster


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    posters_bucket: str
    instructions_queue_url: str
    public_url: str


@cache
def wired() -> Desk:
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    return Desk(
        houses=DynamoHouses(table),
        instructions=DynamoInstructions(table),
        files=S3Files(env.posters_bucket),
        elders=SqsQueue(env.instructions_queue_url),
        public_url=env.public_url,
    )


def handle_poster(body: dict[str, Any]) -> str:
    if "house_id" in body:
        return make_poster(body["house_id"], desk=wired(), now=datetime.now(UTC))
    return make_elder_posters(body["batch_id"], body["elder_id"], desk=wired())


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    # Drawing is all processor: threads would only wait for each other.
    return work_through(event, handle_poster, spent=spending.take, threads=1)
