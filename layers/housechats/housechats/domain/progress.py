"""How far a list of houses has come: a fold of its rows, houses, posters and instructions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from housechats.domain.batches import Batch, BatchState, Verdict
from housechats.domain.houses import ChatState, HouseLine
from housechats.domain.instructions import Told
from housechats.domain.listing import ShownState, count

CALLS_A_SECOND = 18.9
"""VK's pace for a community, with the slack we keep (adapters.pace)."""
CALLS_A_CHAT = 2
CALLS_AN_ELDER = 4


INDEX_LATE = timedelta(minutes=1)
"""How late the index may show a house; it takes well under a second (AWS)."""


class Status(StrEnum):
    """How far a batch has come, for people."""

    AWAITED = "awaited"
    READING = "reading"
    REFUSED = "refused"
    ENROLLING = "enrolling"
    OPENING = "opening"
    DONE = "done"
    CANCELLED = "cancelled"
    """A person has stopped it: what was open by then stays open."""


class Fate(StrEnum):
    """What became of an elder's instruction: how it was sent, or how far it has come."""

    VK = "vk"
    SMS = "sms"
    WAITING = "waiting"
    SENDING = "sending"
    TEXTING = "texting"
    UNDELIVERABLE = "undeliverable"
    UNKNOWN = "unknown"
    """An SMS that may have gone: only a person sends it again."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One batch: what became of its rows, houses, posters and elders."""

    id: str
    oktmo: str
    name: str
    author: str
    """`vk:<id>`, or `s3:<principal>` for a list put straight into the bucket."""
    created_at: datetime
    status: Status
    code: str
    """Why the list was refused as a whole: a stable code."""
    reason: str
    """The same as a Russian sentence."""
    rows: dict[Verdict, int]
    """Rows by verdict."""
    existing: int
    """Good rows whose houses were there before this list: no chat is opened for them."""
    houses: dict[ShownState, int]
    """New houses by the state of their chats; `waiting` ones wait for a time that VK set."""
    posters: int
    """Open chats whose poster is drawn."""
    elders: int
    """Elders to be told; each once for all their houses."""
    instructions: dict[Fate, int]
    """Elders by what became of their instruction."""
    total: int
    """Steps in all: a chat and a poster a house, an instruction an elder."""
    done: int
    """Steps that came out well."""
    failed: int
    """Steps that came to nothing for good; what is neither is still to be done."""
    eta_seconds: int
    """Time left at VK's pace; 0 when done."""
    locality: str = ""
    """The town of rows that name none."""
    remarks: list[str] = field(default_factory=list)
    """About the list as a whole, such as which of its sheets was read."""
    changed: int = 0
    """Of the existing ones: those in which this list has changed something."""
    confirmed_at: datetime | None = None
    """When a person confirmed the warnings; rows mended later have theirs unconfirmed."""


def progress(
    batch: Batch,
    lines: Iterable[HouseLine],
    told: Told,
    *,
    now: datetime,
) -> Progress:
    """Fold what is known of a batch's houses and elders into numbers."""
    houses = [line for line in lines if line.batch_id == batch.id]
    settled = [line for line in houses if line.state.settled]
    opened = [line for line in houses if line.state == ChatState.OPEN]
    posters = sum(line.has_poster for line in opened)
    good = sum(batch.rows.get(verdict, 0) for verdict in Verdict if verdict.good)
    # Two rows may have one house, and a house may have no row any more: the houses count. Only
    # for a moment after they came to be the verdicts know better than the index how many.
    is_settled = batch.counted_at is not None and now - batch.counted_at > INDEX_LATE
    expected = len(houses) if is_settled else max(good - batch.existing, len(houses))
    calls = (expected - len(settled)) * CALLS_A_CHAT
    calls += (told.total - told.sent - told.lost) * CALLS_AN_ELDER
    finished = len(settled) == expected and posters == len(opened) and told.settled
    refused = len(settled) - len(opened)
    return Progress(
        id=batch.id,
        oktmo=batch.oktmo,
        name=batch.name,
        author=batch.author,
        created_at=batch.created_at,
        status=_status(batch, finished=finished),
        code=batch.code,
        reason=batch.reason,
        rows=by_verdict(batch.rows),
        existing=batch.existing,
        houses=count(houses),
        posters=posters,
        elders=told.total,
        instructions={Fate(fate): number for fate, number in told.fates.items()},
        total=2 * expected + told.total,
        done=len(opened) + posters + told.sent,
        failed=2 * refused + told.lost,
        eta_seconds=0 if finished or batch.cancelled_at else max(1, round(calls / CALLS_A_SECOND)),
        locality=batch.locality,
        remarks=list(batch.remarks),
        changed=batch.changed,
        confirmed_at=batch.confirmed_at,
    )


def _status(batch: Batch, *, finished: bool) -> Status:
    if batch.cancelled_at:
        return Status.CANCELLED
    if batch.state == BatchState.ENROLLED:
        return Status.DONE if finished else Status.OPENING
    return Status(batch.state)


def by_verdict(rows: Mapping[str, int]) -> dict[Verdict, int]:
    """Return how many rows there are with each verdict that any row has."""
    return {verdict: rows[verdict] for verdict in Verdict if verdict in rows}
