"""A list of houses as a job: its rows, chats and instructions are the things to do."""

from collections.abc import Iterable
from datetime import datetime

from housechats.domain.batches import Batch, Verdict
from housechats.domain.houses import ChatState, HouseLine
from housechats.domain.instructions import InstructionState, Told
from housechats.domain.jobs import Job, JobKind, JobStatus
from housechats.domain.progress import Status, progress

STATUSES = {
    Status.AWAITED: JobStatus.WAITING,
    Status.READING: JobStatus.RUNNING,
    Status.ENROLLING: JobStatus.RUNNING,
    Status.OPENING: JobStatus.RUNNING,
    Status.DONE: JobStatus.DONE,
    Status.REFUSED: JobStatus.FAILED,
    Status.CANCELLED: JobStatus.CANCELLED,
}
NOT_OPEN = {ChatState.REFUSED, ChatState.UNCERTAIN, ChatState.LOST}
NOT_TOLD = {InstructionState.UNDELIVERABLE, InstructionState.UNKNOWN}


def list_job(
    batch: Batch,
    lines: Iterable[HouseLine],
    letters: Told,
    *,
    now: datetime,
) -> Job:
    """Return how far a list is: a thing is a rejected row, a new house, or an elder to be told."""
    houses = [line for line in lines if line.batch_id == batch.id]
    told = progress(batch, houses, letters, now=now)
    rejected = batch.rows.get(Verdict.REJECTED, 0)
    expected = (told.total - told.elders) // 2
    failed = [line for line in houses if line.state in NOT_OPEN]
    ready = sum(
        line.has_poster or line.state == ChatState.CLOSED
        for line in houses
        if line.state not in NOT_OPEN
    )
    status = STATUSES[told.status]
    return Job(
        id=batch.id,
        kind=JobKind.LIST,
        oktmo=batch.oktmo,
        created_by=batch.author,
        created_at=batch.created_at,
        total=rejected + expected + told.elders,
        done=ready + letters.sent,
        failed=rejected + len(failed) + letters.lost,
        status=status,
        finished_at=_finished_at(batch, letters) if status.final else None,
        reason=batch.reason,
        beyond_retry=rejected + letters.unknown,
        left_seconds=told.eta_seconds,
    )


def _finished_at(batch: Batch, letters: Told) -> datetime:
    """Return the last moment that is known of a list that is over: elders are told at the end."""
    if batch.cancelled_at:
        return batch.cancelled_at
    began = batch.created_at
    return max(began, batch.counted_at or began, letters.last_at or began)
