"""Long work and its parts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from housechats.domain.jobs import Job, JobChunk
from housechats.domain.territories import Territory


class Jobs(Protocol):
    """Keeps jobs; each part is counted once."""

    def begin(self, job: Job, parts: Sequence[Sequence[str]]) -> Job:
        """Keep a job with its parts, and return it; the one that is there already stays.

        It is due, so that the sweep finds it if whoever began it dies before handing it over.
        """

    def get(self, job_id: str) -> Job | None: ...

    def of_territory(self, territory: Territory) -> list[Job]:
        """Return the jobs of a territory, the newest first."""

    def chunk(self, job_id: str, number: int) -> JobChunk | None: ...

    def chunks(self, job_id: str) -> list[JobChunk]: ...

    def finish_chunk(
        self, job_id: str, chunk: JobChunk, *, failed: Mapping[str, str], now: datetime
    ) -> Job | None:
        """Note what became of a part, once; with the last part the job is done.

        Return the job after it; None when somebody else was first.
        """

    def finish(self, job_id: str, *, file_key: str, file_name: str, now: datetime) -> None:
        """End a job that is done in one go, with the file that it made."""

    def end(self, job_id: str, *, now: datetime) -> Job | None:
        """End a job whose parts are all finished, and return it as it is."""

    def fail(self, job_id: str, *, reason: str, now: datetime) -> None:
        """Give a job up as a whole, unless it is over."""

    def cancel(self, job_id: str, *, now: datetime) -> bool:
        """Stop a job before its next part; False when it is over.

        One whose parts are all finished lacks only its end: it is done.
        """

    def retry(self, job_id: str, *, now: datetime) -> list[int]:
        """Have what failed or was stopped done again; return the parts that are to be done.

        One that was stopped when its last part was at work has none: it is done at once.
        """

    def due(self, now: datetime, *, limit: int) -> list[str]:
        """Return ids of some unfinished jobs that nobody may be working on.

        One whose parts are all finished lacks only its end: whoever noted the last part died.
        """

    def handed_over(self, job_id: str, *, until: datetime) -> None:
        """Count a hand-over, and keep the job from being due before a time.

        The count begins anew with every part that is finished, and when a person has it retried.
        """

    def postpone(self, job_id: str, *, until: datetime) -> None: ...
