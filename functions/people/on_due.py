"""Every minute: invitations and erasures that nobody works on go back to their queues."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from housechats.adapters.invitations import DynamoInvitations
from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.queues import SqsQueue
from housechats.adapters.table import Table
from housechats.ports.invitations import Invitations
from housechats.ports.jobs import Jobs
from housechats.ports.queues import Queue
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id
from people import erase, invite


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    invitations_queue_url: str
    erasures_queue_url: str


@dataclass(frozen=True, slots=True)
class Doors:
    """What the sweep looks at, and where it hands it over."""

    invitations: Invitations
    invitations_queue: Queue
    jobs: Jobs
    erasures_queue: Queue


@cache
def wired() -> Doors:
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    return Doors(
        invitations=DynamoInvitations(table),
        invitations_queue=SqsQueue(env.invitations_queue_url),
        jobs=DynamoJobs(table),
        erasures_queue=SqsQueue(env.erasures_queue_url),
    )


@with_request_id
def handle(_event: dict[str, Any], _context: Context) -> None:
    doors, now = wired(), datetime.now(UTC)
    invitations = invite.hand_over_due(
        invitations=doors.invitations, invitations_queue=doors.invitations_queue, now=now
    )
    erasures = erase.hand_over_due(jobs=doors.jobs, erasures_queue=doors.erasures_queue, now=now)
    logger.info("handed over", extra={"invitations": invitations, "erasures": erasures})
