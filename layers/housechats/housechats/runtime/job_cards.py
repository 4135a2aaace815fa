"""What the API shows of long work: one shape for all of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from housechats.domain.access import Caller, Permission, may
from housechats.domain.jobs import Job, JobKind, JobStatus

if TYPE_CHECKING:  # every noun comes with the ports
    from housechats.ports.files import Download


@dataclass(frozen=True, slots=True)
class JobFile:
    """The file that a job made: a link that opens without a header, for a quarter of an hour."""

    url: str
    file_name: str
    """What the file is called when it is downloaded."""
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class JobCan:
    """What the caller can do with a job now."""

    cancel: bool
    """It stops before its next part; what is done stays done."""
    retry: bool
    """What failed, or was not begun, is done again."""


@dataclass(frozen=True, slots=True)
class JobCard:
    """One piece of long work."""

    id: str
    kind: JobKind
    status: JobStatus
    oktmo: str
    """The territory that it is for."""
    total: int
    """Things to do."""
    done: int
    """Things that are done."""
    failed: int
    """Things that could not be done: `/jobs/{id}/items?only=failed` says why."""
    eta_seconds: int
    """Time left at the pace so far; 0 when it is over or nothing is known yet."""
    created_by: str
    """`vk:<id>`, or `s3:<principal>` for a list put straight into the bucket."""
    created_at: datetime
    finished_at: datetime | None
    reason: str
    """Why it came to nothing: a sentence for people."""
    can: JobCan
    link: JobFile | None
    """The file that it made, if it makes one and it is there; a page of jobs has no links."""
    batch_id: str
    """The list of houses that it is about; empty when it is about none."""
    poll_after_ms: int
    """After how many milliseconds it is worth asking again; 0 when it is over."""


def may_change(caller: Caller, job: Job) -> bool:
    """Tell whether somebody may stop a job and begin it again: some only who may begin one."""
    needed = {Permission.JOBS_CHANGE}
    if job.kind == JobKind.ERASURE:
        needed.add(Permission.PEOPLE_FORGET)
    if job.kind == JobKind.BROADCAST:
        needed.add(Permission.BROADCASTS_SEND)
    return all(may(caller, permission, [job.place]) for permission in needed)


def job_card(
    job: Job, caller: Caller, *, now: datetime, download: "Download | None" = None
) -> JobCard:
    """Return how a job is shown to somebody at a moment."""
    theirs = may_change(caller, job)
    link = JobFile(download.url, job.file_name, download.expires_at) if download else None
    return JobCard(
        id=job.id,
        kind=job.kind,
        status=job.status,
        oktmo=job.oktmo,
        total=job.total,
        done=job.done,
        failed=job.failed,
        eta_seconds=job.eta_seconds(now),
        created_by=job.created_by,
        created_at=job.created_at,
        finished_at=job.finished_at,
        reason=job.reason,
        can=JobCan(cancel=theirs and job.may_cancel, retry=theirs and job.may_retry),
        link=link,
        batch_id=job.id if job.kind == JobKind.LIST else job.subject.get("batch_id", ""),
        poll_after_ms=0 if job.status.final else polled_after(job.eta_seconds(now)),
    )


def polled_after(left_seconds: int) -> int:
    """Return after how many ms a look is worth it: a twentieth of what is left, 1 to 10 s."""
    return min(10_000, max(1_000, left_seconds * 50))
