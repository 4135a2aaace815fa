"""An invitation waits: send its SMS."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

from housechats.adapters.aws import spending
from housechats.adapters.invitations import DynamoInvitations
from housechats.adapters.sms import SnsTextMessages
from housechats.adapters.table import Table
from housechats.runtime import settings
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.queue import work_through
from people.invite import Outcome, TextingDesk, text


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    id_key: str
    vk_app_id: int
    lease_seconds: int


@cache
def wired() -> "partial[Outcome]":
    """Open the doors, once per container."""
    env = Settings.from_env()
    desk = TextingDesk(
        invitations=DynamoInvitations(Table(env.table)),
        sms=SnsTextMessages(),
        code_key=env.id_key,
        app_id=env.vk_app_id,
        lease=timedelta(seconds=env.lease_seconds),
    )
    return partial(text, desk=desk)


def handle_invitation(body: dict[str, Any]) -> Outcome:
    return wired()(body["invitation_id"], now=datetime.now(UTC))


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    return work_through(event, handle_invitation, spent=spending.take)
