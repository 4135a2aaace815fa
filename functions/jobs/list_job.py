"""A list of houses as a job: its rows, chats and instructions are the things to do."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from housechats.domain.batches import Batch, Verdict
from housechats.domain.houses import ChatState, HouseLine
from housechats.domain.instructions import Instruction, InstructionState
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
NOT_OPENED = {ChatState.REFUSED, ChatState.UNCERTAIN}
NOT_TOLD = {InstructionState.UNDELIVERABLE, InstructionState.UNKNOWN}


def list_job(
    batch: Batch,
    lines: Iterable[HouseLine],
    instructions: Sequence[Instruction],
    *,
    now: datetime,
) -> Job:
    """Return how far a list is: a thing is a rejected row, a new house, or an elder to be told."""
    houses = [line for line in lines if line.batch_id == batch.id]
    told = progress(batch, houses, instructions, now=now)
    rejected = batch.rows.get(Verdict.REJECTED, 0)
    expected = (told.total - told.elders) // 2
    not_opened = sum(line.state in NOT_OPENED for line in houses)
    not_told = sum(one.state in NOT_TOLD for one in instructions)
    unknown = sum(one.state == InstructionState.UNKNOWN for one in instructions)
    ready = sum(line.has_poster or line.state == ChatState.CLOSED for line in houses)
    status = STATUSES[told.status]
    return Job(
        id=batch.id,
        kind=JobKind.LIST,
        oktmo=batch.oktmo,
        created_by=batch.author,
        created_at=batch.created_at,
        total=rejected + expected + told.elders,
        done=ready + sum(one.state == InstructionState.SENT for one in instructions),
        failed=rejected + not_opened + not_told,
        status=status,
        finished_at=_finished_at(batch, instructions) if status.final else None,
        reason=batch.reason,
        beyond_retry=rejected + unknown,
        left_seconds=told.eta_seconds,
    )


def _finished_at(batch: Batch, instructions: Iterable[Instruction]) -> datetime:
    """Return the last moment that is known of a list that is over: elders are told at the end."""
    if batch.cancelled_at:
        return batch.cancelled_at
    told_at = [one.sent_at for one in instructions if one.sent_at]
    return max([batch.created_at, batch.counted_at or batch.created_at, *told_at])
