"""What the API shows of long work: one shape for all of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

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
    """What can be done with a job now."""

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
    failed: int
    """Things that could not be done: `/jobs/{id}/items?only=failed` says why."""
    eta_seconds: int
    """Time left at the pace so far; 0 when it is over or nothing is known yet."""
    created_by: str
    """`vk:` and the number of the person who asked for it."""
    created_at: datetime
    finished_at: datetime | None
    reason: str
    """Why it came to nothing: a sentence for people."""
    can: JobCan
    link: JobFile | None
    """The file that it made, if it makes one and it is there."""


def job_card(job: Job, *, now: datetime, download: "Download | None" = None) -> JobCard:
    """Return how a job is shown at a moment."""
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
        can=JobCan(
            cancel=not job.status.final,
            retry=job.status.final and (job.failed > 0 or job.status != JobStatus.DONE),
        ),
        link=link,
    )
