"""Use cases: begin an erasure as a job, and do it part by part."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from housechats.domain.erasure import Erasure
from housechats.domain.jobs import Job, JobChunk, JobKind, JobStatus
from housechats.domain.territories import Territory
from housechats.ports.jobs import Jobs
from housechats.ports.people import LastAdministratorError
from housechats.ports.queues import Queue
from people.forget import (
    Desk,
    ListTakenError,
    check_last,
    erase_from_list,
    erase_records,
    prove,
)

RECORDS, PROOF = "records", "proof"
"""The first and the last part of the work; those between are lists, by their ids."""
AGAIN = timedelta(minutes=5)
"""When to look again at a list that is being taken."""
LAST_ADMINISTRATOR = (
    "Это последний администратор территории: назначьте другого и попросите забыть человека снова."
)
NOT_ASKED = "Запрос уже закрыт: попросите забыть человека снова."
WRITTEN_AGAIN = "Человека записали снова, пока стирали: попросите забыть его ещё раз."


class Outcome(StrEnum):
    """What came of a worker's run."""

    DONE = "done"
    REPEATED = "repeated"
    LATER = "later"
    """Time is over: another worker goes on."""
    WAITS = "waits"
    """A list is being taken: the sweep goes on when it is in."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ErasureDesk:
    """What an erasure as a job works with."""

    forgetting: Desk
    jobs: Jobs
    queue: Queue


def begin(erasure: Erasure, *, desk: ErasureDesk) -> Job:
    """Keep whom to forget and begin the job; LastAdministratorError before anything is kept."""
    check_last(erasure, desk=desk.forgetting)
    batches = desk.forgetting.batches.of_territory(Territory(erasure.oktmo))
    things = [RECORDS, *(batch.id for batch in batches), PROOF]
    desk.forgetting.memory.ask(erasure)
    job = Job(
        id=erasure.id,
        kind=JobKind.ERASURE,
        oktmo=erasure.oktmo,
        created_by=erasure.asked_by,
        created_at=erasure.asked_at,
        total=len(things),
    )
    # One thing a part: each list is read as a whole, and may be large.
    kept = desk.jobs.begin(job, [[thing] for thing in things])
    desk.queue.send([{"job_id": job.id}])
    return kept


def go_on(
    job_id: str, *, desk: ErasureDesk, has_time: Callable[[], bool], now: datetime
) -> Outcome:
    """Do the parts that are left, one after another, and forget whom it was about."""
    job = desk.jobs.get(job_id)
    erasure = desk.forgetting.memory.asked(job_id)
    if job is None or job.status.final:
        # One that was given up may be begun again: whom to forget is kept for that, a week at most.
        if job is None or job.status != JobStatus.FAILED:
            desk.forgetting.memory.end(job_id)
        return Outcome.REPEATED
    if erasure is None:
        desk.jobs.fail(job_id, reason=NOT_ASKED, now=now)
        return Outcome.FAILED
    try:
        for part in (part for part in desk.jobs.chunks(job_id) if not part.finished):
            if not has_time():
                desk.queue.send([{"job_id": job_id}])
                return Outcome.LATER
            if _do(part, job_id, desk, now):
                break
    except ListTakenError:
        desk.jobs.postpone(job_id, until=now + AGAIN)
        return Outcome.WAITS
    except LastAdministratorError:
        desk.jobs.fail(job_id, reason=LAST_ADMINISTRATOR, now=now)
        desk.forgetting.memory.end(job_id)
        return Outcome.FAILED
    # Whoever did the last part may have died before the job's own end.
    desk.jobs.end(job_id, now=now)
    desk.forgetting.memory.end(job_id)
    return Outcome.DONE


def _do(part: JobChunk, job_id: str, desk: ErasureDesk, now: datetime) -> bool:
    """Do one part; tell whether the job has ended meanwhile."""
    job, erasure = desk.jobs.get(job_id), desk.forgetting.memory.asked(job_id)
    if job is None or job.status.final or erasure is None:
        return True
    failed = {}
    for thing in part.things:
        if thing == RECORDS:
            erase_records(erasure, desk=desk.forgetting, now=now)
        elif thing != PROOF:
            erase_from_list(erasure, thing, desk=desk.forgetting, now=now)
        elif prove(erasure, desk=desk.forgetting, now=now):
            failed[thing] = WRITTEN_AGAIN
    desk.jobs.finish_chunk(job_id, part, failed=failed, now=now)
    return False
