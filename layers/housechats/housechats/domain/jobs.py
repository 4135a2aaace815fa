"""Jobs: long work in one shape, whatever it is: how much, how far, what failed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from housechats.domain.access import Place

CHUNK = 100
"""Things in one message and one item."""
KEPT = timedelta(days=30)
"""How long a job is shown after it began."""


class JobKind(StrEnum):
    """What the work is."""

    LIST = "list"
    """A list of houses: its rows, chats, posters and instructions."""
    POSTERS = "posters"
    """One file with the posters of all open houses of a list."""
    RESULT = "result"
    """The workbook that comes back for a list, with verdicts and links."""
    ATTACHMENT = "attachment"
    """Houses that an organisation begins to answer for."""
    TRANSFER = "transfer"
    """All houses of one organisation pass to another."""
    COMPANIES = "companies"
    """A workbook of chats and residents by company."""
    ERASURE = "erasure"
    """A person is forgotten."""
    BROADCAST = "broadcast"
    """One message goes to many chats."""
    PREVIEW = "preview"
    """Who will get a broadcast, where the houses are many."""
    REPORT = "report"
    """A workbook of what became of a broadcast in each chat."""
    ACTIVITY = "activity"
    """A workbook of how lively chats are."""


class JobStatus(StrEnum):
    """How far a job has come; the last three are final."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    """It came to nothing; `reason` says why. Single things that failed leave a job done."""

    @property
    def final(self) -> bool:
        return self in {JobStatus.DONE, JobStatus.CANCELLED, JobStatus.FAILED}


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of long work."""

    id: str
    kind: JobKind
    oktmo: str
    created_by: str
    """`vk:<id>`."""
    created_at: datetime
    total: int
    """Things to do."""
    chunks: int = 0
    """Parts in which they are done; 0 when it is done in one go."""
    done: int = 0
    failed: int = 0
    status: JobStatus = JobStatus.RUNNING
    finished_at: datetime | None = None
    subject: Mapping[str, str] = field(default_factory=dict)
    """What the work needs to know, such as `inn`, `to`, `kind`: ids only, no person in it."""
    organisations: tuple[str, ...] = ()
    """ИНН of those whose representatives may see it."""
    file_key: str = ""
    """Where the file lies that it made."""
    file_name: str = ""
    """What the file is called when it is downloaded."""
    reason: str = ""
    """Why it failed as a whole: a Russian sentence."""
    beyond_retry: int = 0
    """Of those that failed: what only other data can help."""
    hand_overs: int = 0
    """How often the sweep has handed it over since it last came further."""
    left_seconds: int | None = None
    """Time left, where something else than the pace so far tells it."""
    can_retry: bool | None = None
    """Whether something would be done again, where something else than the numbers tells it."""

    @property
    def place(self) -> Place:
        return Place(self.oktmo, frozenset(self.organisations))

    def eta_seconds(self, now: datetime) -> int:
        """Return the time left at the pace so far; 0 when it is over or nothing is known."""
        passed = self.done + self.failed
        if self.status.final:
            return 0
        if self.left_seconds is not None:
            return self.left_seconds
        if not passed:
            return 0
        elapsed = (now - self.created_at).total_seconds()
        return max(1, round(elapsed / passed * (self.total - passed)))

    @property
    def may_cancel(self) -> bool:
        return not self.status.final

    @property
    def may_retry(self) -> bool:
        """Whether something would be done again: of a list also while the rest goes on."""
        if self.can_retry is not None:
            return self.can_retry
        if self.kind == JobKind.LIST:
            return self.status == JobStatus.CANCELLED or self.failed > self.beyond_retry
        if self.status == JobStatus.DONE:
            return self.failed > self.beyond_retry
        return self.status.final


@dataclass(frozen=True, slots=True)
class JobChunk:
    """A part of a job: up to a hundred things by their ids, and what became of them."""

    number: int
    things: tuple[str, ...]
    finished: bool = False
    failed: Mapping[str, str] = field(default_factory=dict)
    """Why some were not done: a Russian sentence by the thing."""
