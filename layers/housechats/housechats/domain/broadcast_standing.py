"""How a broadcast stands: in the shape of all long work, until when it waits, and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from housechats.domain.broadcasts import Broadcast, BroadcastState, HeldFor
from housechats.domain.jobs import JobStatus
from housechats.domain.progress import CALLS_A_SECOND

STATUSES = {
    BroadcastState.AWAITS_APPROVAL: JobStatus.WAITING,
    BroadcastState.SCHEDULED: JobStatus.WAITING,
    BroadcastState.RUNNING: JobStatus.RUNNING,
    BroadcastState.STOPPED: JobStatus.CANCELLED,
    BroadcastState.DONE: JobStatus.DONE,
    BroadcastState.CANCELLED: JobStatus.CANCELLED,
}
AWAITS_APPROVAL = "Ждёт, когда её подтвердит второй человек."
HELD = {
    HeldFor.HOLD: "Вот-вот начнётся: ещё можно отменить.",
    HeldFor.TIME: "Начнётся в выбранное время.",
    HeldFor.QUIET_HOURS: "В этих домах тихие часы: сообщение уйдёт, когда они кончатся.",
}
STARTS = "Начинается."
TRY_TAKES = timedelta(seconds=15)
"""VK's longest answer: so long after its time it is not known what came of another try."""
MOST_SHARED = 10
"""Among how many mailings at a time a community is thought to be shared at most."""


@dataclass(frozen=True, slots=True)
class Wait:
    """What a broadcast waits for."""

    until: datetime | None
    because: str
    """A Russian sentence."""


def status_of(one: Broadcast) -> JobStatus:
    return STATUSES[one.state]


def wait_of(one: Broadcast, now: datetime) -> Wait | None:
    """Return what a broadcast waits for; None when for nothing. No moment of it has passed."""
    if one.state == BroadcastState.AWAITS_APPROVAL:
        return Wait(None, AWAITS_APPROVAL)
    if one.state == BroadcastState.SCHEDULED:
        ahead = _ahead(one.start_at, now)
        return Wait(ahead, HELD[one.held_for] if ahead and one.held_for else STARTS)
    if one.state != BroadcastState.RUNNING:
        return None
    if one.waits_until:
        return Wait(_ahead(one.waits_until, now), one.waits_because)
    if one.tried_again_at and now < one.tried_again_at + TRY_TAKES:
        return Wait(_ahead(one.tried_again_at, now), one.tried_again_because)
    return None


def _ahead(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment and moment > now else None


def eta_seconds(one: Broadcast, now: datetime) -> int:
    """Return the time left: at the pace so far, before the first chunk at that of one community.

    0 when it is over, stopped, or nobody can say.
    """
    if one.state == BroadcastState.SCHEDULED:
        ahead = (one.start_at - now).total_seconds() if one.start_at else 0
        return max(1, round(max(ahead, 0) + _seconds_of(one, one.left)))
    if one.state != BroadcastState.RUNNING:
        return 0
    wait = wait_of(one, now)
    waits = (wait.until - now).total_seconds() if wait and wait.until else 0
    return max(1, round(max(waits, _left_at_pace(one, now))))


def _left_at_pace(one: Broadcast, now: datetime) -> float:
    through = one.sent + one.failed
    if not through or one.started_at is None:
        return _seconds_of(one, one.left)
    elapsed = (now - one.started_at).total_seconds()
    # Who was held or stopped meanwhile was not slow all the time.
    return min(elapsed / through * one.left, _seconds_of(one, one.left) * MOST_SHARED)


def _seconds_of(one: Broadcast, chats: int) -> float:
    if not chats:
        return 0
    in_chunk = -(-one.chats // one.chunks)
    return chats / in_chunk * one.calls_of_chunk(in_chunk) / CALLS_A_SECOND
