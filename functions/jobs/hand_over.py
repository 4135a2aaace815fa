"""Use case: hand a job to whoever does it. The one place that knows which queue that is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from housechats.domain.broadcasts import Broadcast
from housechats.domain.hand_overs import ENOUGH, pause_after
from housechats.domain.jobs import Job, JobKind
from housechats.ports.jobs import Jobs
from housechats.ports.queues import Queue

NOT_BEFORE = timedelta(minutes=20)
"""When a job that was handed over once may be handed over again: the slowest worker, that of
erasures, lives 15 minutes."""
GIVEN_UP = (
    "Работа не двигалась целый день, и мы её остановили: на нашей стороне ошибка. "
    "Нажмите «Повторить»; если не поможет, скажите нам номер задания."
)
A_SWEEP = 80
"""Jobs in one sweep."""


@dataclass(frozen=True, slots=True)
class Workers:
    """The queues of those who do long work."""

    lists: Queue
    sheets: Queue
    results: Queue
    attachments: Queue
    exports: Queue
    erasures: Queue
    broadcast_jobs: Queue
    activity_exports: Queue


def hand_over(job: Job, parts: Iterable[int], *, workers: Workers) -> None:
    """Have some parts of a job done, or all of it if it has none; twice does no harm."""
    match job.kind:
        case JobKind.LIST:
            workers.lists.send([{"batch_id": job.id}])
        case JobKind.POSTERS:
            workers.sheets.send([{"job_id": job.id}])
        case JobKind.RESULT:
            workers.results.send([{"job_id": job.id}])
        case JobKind.ATTACHMENT | JobKind.TRANSFER:
            workers.attachments.send({"job_id": job.id, "chunk": part} for part in parts)
        case JobKind.COMPANIES:
            workers.exports.send([{"job_id": job.id}])
        case JobKind.ERASURE:
            workers.erasures.send([{"job_id": job.id}])
        case JobKind.PREVIEW | JobKind.REPORT:
            workers.broadcast_jobs.send([{"job_id": job.id}])
        case JobKind.ACTIVITY:
            workers.activity_exports.send([{"job_id": job.id}])


def hand_over_broadcast(one: Broadcast, *, workers: Workers) -> None:
    """Have a broadcast as it is now go on with what failed, or is left."""
    workers.broadcast_jobs.send([{"broadcast_id": one.id, "revision": one.revision}])


def hand_over_due(
    *, jobs: Jobs, workers: Workers, has_time: Callable[[], bool], now: datetime
) -> int:
    """Hand over anew what nobody seems to go on with; return how many jobs that were.

    What no hand-over has brought further fails: its messages are among the dead letters, and
    a person may have it done again.
    """
    handed_over = 0
    for job_id in jobs.due(now, limit=A_SWEEP):
        if not has_time():
            break  # what is left is due in a minute too, before what was handed over
        job = jobs.get(job_id)
        if job is None or job.status.final:
            continue
        left = [part.number for part in jobs.chunks(job_id) if not part.finished]
        # With an erasure more ends than the job: whom it was about is forgotten by its worker.
        if job.chunks and not left and job.kind != JobKind.ERASURE:
            jobs.end(job_id, now=now)
            continue
        if job.hand_overs >= ENOUGH:
            jobs.fail(job_id, reason=GIVEN_UP, now=now)
            continue
        hand_over(job, left, workers=workers)
        pause = pause_after(job.hand_overs, first=NOT_BEFORE)
        jobs.handed_over(job_id, until=now + pause)
        handed_over += 1
    return handed_over
