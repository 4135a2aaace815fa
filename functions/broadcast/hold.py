"""Use cases: have a running broadcast wait: for the end of quiet hours, or of VK's pause."""

from dataclasses import replace
from datetime import datetime, timedelta

from broadcast.change import change
from housechats.domain.broadcasts import (
    Broadcast,
    BroadcastState,
    HeldFor,
    scheduled,
    waiting,
)
from housechats.domain.communities import LOOKS_AGAIN
from housechats.ports.broadcasts import Broadcasts, Starts

PROBED_AFTER = timedelta(seconds=55)
"""An emergency is tried again so soon, whatever pause VK asked for (design: waiting): a little less
than a minute, so that the next sweep does not come too early by a hair."""


def hold(one: Broadcast, *, broadcasts: Broadcasts, starts: Starts, now: datetime) -> None:
    """Have a broadcast into which quiet hours fall go on after them.

    When they are over already, it is started at once: that tells when the next ones begin.
    """

    def held(there: Broadcast) -> Broadcast:
        if there.state != BroadcastState.RUNNING or not is_quiet(there, now):
            return there
        until = max(there.quiet_until or now, now)
        return scheduled(there, start_at=until, held_for=HeldFor.QUIET_HOURS)

    fresh = broadcasts.get(one.id) or one
    after = change(fresh, held, broadcasts=broadcasts)
    if after.state == BroadcastState.SCHEDULED and after.start_at:
        starts.plan(after.id, at=after.start_at, now=now)


def is_quiet(one: Broadcast, now: datetime) -> bool:
    """Say whether a broadcast may not go on by what its start knew of quiet hours."""
    return not one.is_urgent and one.quiet_from is not None and now >= one.quiet_from


def note_try(
    one: Broadcast, *, at: datetime, because: str, broadcasts: Broadcasts, now: datetime
) -> None:
    """Have people see when something that failed is tried again, and why; who told it first, did.

    The sweep goes its own way meanwhile: if it never succeeds, people decide in the end.
    """

    def noted(there: Broadcast) -> Broadcast:
        told = there.tried_again_at and there.tried_again_at > now
        if told or there.state != BroadcastState.RUNNING:
            return there
        return replace(
            there, tried_again_at=at, tried_again_because=because, revision=there.revision + 1
        )

    change(broadcasts.get(one.id) or one, noted, broadcasts=broadcasts)


def wait(
    one: Broadcast, *, until: datetime, because: str, broadcasts: Broadcasts, now: datetime
) -> None:
    """Have the sweep look at a broadcast when some of its chats can go on.

    Long pauses do not keep it from looking at the others: it looks every quarter of an hour.
    """

    def waits(there: Broadcast) -> Broadcast:
        if there.state != BroadcastState.RUNNING:
            return there
        if there.waits_until and there.due_at and there.due_at <= until:
            return there  # the sweep comes before, and hands everything over that can go on
        due_at = min(until, now + LOOKS_AGAIN)
        return replace(waiting(there, until=until, because=because, now=now), due_at=due_at)

    change(broadcasts.get(one.id) or one, waits, broadcasts=broadcasts)
