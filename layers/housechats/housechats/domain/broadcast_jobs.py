"""Broadcasts as jobs: in the shape of all long work."""

from datetime import datetime

from housechats.domain.broadcast_standing import eta_seconds, status_of
from housechats.domain.broadcasts import (
    Broadcast,
    BroadcastState,
    NotNowError,
    cancelled,
    resumed,
    stopped,
)
from housechats.domain.followers import require_retriable
from housechats.domain.jobs import Job, JobKind


def job_of(one: Broadcast, *, now: datetime) -> Job:
    """Return how far a broadcast is: a thing is a chat."""
    return Job(
        id=one.id,
        kind=JobKind.BROADCAST,
        oktmo=one.oktmo,
        created_by=one.created_by,
        created_at=one.created_at,
        total=one.chats - one.not_sent,
        done=one.sent,
        failed=one.failed,
        status=status_of(one),
        finished_at=one.finished_at,
        organisations=tuple({one.inn} - {""}),
        reason=one.stopped_because,
        left_seconds=eta_seconds(one, now),
        can_retry=_can_retry(one, now),
    )


def halted(one: Broadcast, *, because: str, now: datetime) -> Broadcast:
    """Return a broadcast that is taken back or, once it has begun, stopped."""
    if one.state in {BroadcastState.STOPPED, BroadcastState.CANCELLED}:
        return one
    if one.started_at is None:
        return cancelled(one, now=now)
    return stopped(one, because=because, now=now)


def _can_retry(one: Broadcast, now: datetime) -> bool:
    try:
        if one.state == BroadcastState.STOPPED:
            resumed(one, now=now)
        else:
            require_retriable(one)
    except NotNowError:
        return False
    return True
