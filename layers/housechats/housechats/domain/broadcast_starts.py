"""When a broadcast starts, and whether a second person is asked first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from housechats.domain.broadcasts import (
    HOLD,
    REVIEWED_WITHIN,
    STARTED_BY_NOW,
    Broadcast,
    BroadcastState,
    Deed,
    HeldFor,
    NotNowError,
    Review,
    at_once,
    reopened,
    resumed,
)
from housechats.domain.errors import HouseChatsError
from housechats.domain.quiet_hours import LocalQuiet, next_allowed, quiet_from

APPROVABLE = timedelta(days=7)
"""How long a broadcast waits for its second person: later its houses are others than were looked
at, and what it tells of is none of today's."""
WAITED_TOO_LONG = (
    "Рассылка ждала второго человека больше недели, дома и текст могли устареть: составьте её "
    "заново."
)
OVER_BY_NOW = "То, о чём говорит рассылка, уже закончилось: составьте её заново."


class ReasonWantedError(HouseChatsError):
    """An emergency of so many chats goes out at once only with a reason."""


@dataclass(frozen=True, slots=True)
class Start:
    """When a broadcast starts or goes on, and when it falls silent again."""

    at: datetime
    held_for: HeldFor
    quiet_from: datetime | None
    quiet_until: datetime | None


def start_of(chosen: datetime | None, quiets: Sequence[LocalQuiet], *, now: datetime) -> Start:
    """Return the start of what is no emergency: never sooner than it can be taken back."""
    soonest = now + HOLD
    wanted = max(chosen or soonest, soonest)
    at = next_allowed(wanted, quiets)
    held_for = HeldFor.TIME if wanted > soonest else HeldFor.HOLD
    begins = quiet_from(at, quiets)
    return Start(
        at=at,
        held_for=HeldFor.QUIET_HOURS if at > wanted else held_for,
        quiet_from=begins,
        quiet_until=next_allowed(begins, quiets) if begins else None,
    )


def timed(one: Broadcast, start: Start) -> Broadcast:
    """Return a broadcast that keeps the quiet hours of a start."""
    return replace(one, quiet_from=start.quiet_from, quiet_until=start.quiet_until)


def begun(
    new: Broadcast,
    *,
    chosen: datetime | None,
    quiets: Sequence[LocalQuiet],
    is_many: bool,
    reason: str,
    has_file: bool,
    now: datetime,
) -> Broadcast:
    """Return a confirmed broadcast as it begins: at once, at its time, or once it is approved.

    `is_many`: it is for more chats than one person may write to.
    """
    if new.is_urgent:
        if is_many and not reason:
            raise ReasonWantedError
        review = Review(due_at=now + REVIEWED_WITHIN) if is_many else None
        urgent = replace(new, sender_reason=reason, review=review)
        return _at_start(urgent, now) if has_file else at_once(urgent, now=now)
    if is_many:
        held_for = HeldFor.TIME if chosen else None
        state = BroadcastState.AWAITS_APPROVAL
        return replace(new, state=state, start_at=chosen, held_for=held_for)
    start = start_of(chosen, quiets, now=now)
    return replace(
        timed(new, start),
        state=BroadcastState.SCHEDULED,
        start_at=start.at,
        held_for=start.held_for,
        due_at=start.at + STARTED_BY_NOW,
    )


def require_timely(one: Broadcast, *, until: datetime | None, now: datetime) -> None:
    """Raise NotNowError for what has waited too long for a second person.

    `until`: when what it tells of ends; None when that is not known, or never.
    """
    if until and until <= now:
        raise NotNowError(OVER_BY_NOW)
    if now - max(one.created_at, one.start_at or one.created_at) > APPROVABLE:
        raise NotNowError(WAITED_TOO_LONG)


def going_on(one: Broadcast, quiets: Sequence[LocalQuiet], *, now: datetime) -> Broadcast:
    """Return a stopped broadcast that goes on, in quiet hours when they end."""
    return _timely(one, quiets, lambda timely: resumed(timely, now=now), now)


def tried_again(
    one: Broadcast,
    quiets: Sequence[LocalQuiet],
    *,
    failed: int,
    finished: Mapping[int, int],
    now: datetime,
) -> Broadcast:
    """Return a broadcast some of whose failed chats are tried again, in quiet hours when they end.

    `failed` chats and `finished` chunks, by community, are what is counted of it from now on.
    """

    def to(timely: Broadcast) -> Broadcast:
        return reopened(timely, failed=failed, finished=finished, now=now)

    return _timely(one, quiets, to, now)


def _timely(
    one: Broadcast,
    quiets: Sequence[LocalQuiet],
    to: Callable[[Broadcast], Broadcast],
    now: datetime,
) -> Broadcast:
    """Return what `to` makes of a broadcast, scheduled for the end of quiet hours if they are on.

    What mends or takes back messages wakes nobody: it keeps none.
    """
    if one.is_urgent or one.deed != Deed.MESSAGE:
        return to(one)
    allowed = next_allowed(now, quiets)
    begins = quiet_from(allowed, quiets)
    until = next_allowed(begins, quiets) if begins else None
    runs = to(replace(one, quiet_from=begins, quiet_until=until))
    if allowed <= now:
        return runs
    return replace(
        runs,
        state=BroadcastState.SCHEDULED,
        start_at=allowed,
        held_for=HeldFor.QUIET_HOURS,
        due_at=allowed + STARTED_BY_NOW,
    )


def _at_start(one: Broadcast, now: datetime) -> Broadcast:
    """Its file goes to VK first, once for each community: whoever starts broadcasts sees to it."""
    return replace(
        one,
        state=BroadcastState.SCHEDULED,
        held_for=None,
        start_at=now,
        due_at=now + one.looked_at_after,
    )
