"""Use case: start a broadcast at its time: its file goes to VK, its first chunks to workers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from broadcast import attach, authority, seed
from broadcast.change import change
from broadcast.hold import PROBED_AFTER
from broadcast.mailing import audience_of
from broadcast.patience import Hours
from housechats.domain.broadcast_rules import quiets_within
from housechats.domain.broadcasts import (
    OUTDATED,
    Broadcast,
    BroadcastState,
    Deed,
    HeldFor,
    is_outdated,
    scheduled,
    started,
    stopped,
)
from housechats.domain.errors import PausedError, RefusedError
from housechats.domain.quiet_hours import LocalQuiet, next_allowed, quiet_from
from housechats.domain.territories import region_of
from housechats.ports.broadcast_rules import Rulebook
from housechats.ports.broadcasts import Audience, Starts

AHEAD = timedelta(seconds=1)
"""By how much the clock that rings may be ahead of ours."""
NO_FILE = "ВКонтакте не принял файл. Составьте рассылку с другим файлом или без него."


class Outcome(StrEnum):
    """What came of a start."""

    STARTED = "started"
    IGNORED = "ignored"
    """It was moved, cancelled, or started before."""
    HELD = "held"
    """Quiet hours are on."""
    WAITS = "waits"
    """No community takes its file for now."""
    STOPPED = "stopped"
    """VK does not want its file, who sent it may not any more, or a person was faster."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What starting works with."""

    seeding: seed.Desk
    attaching: attach.Desk
    starts: Starts
    rulebook: Rulebook
    authority: authority.Desk


def start(broadcast_id: str, *, desk: Desk, hours: Hours) -> Outcome:
    """Have a scheduled broadcast run whose time has come, and a running one that waits for a file.

    Killed before its chunks are handed over, it is found by the sweep, or by this message again.
    """
    one = desk.seeding.broadcasts.get(broadcast_id)
    if one is None or one.state not in {BroadcastState.SCHEDULED, BroadcastState.RUNNING}:
        return Outcome.IGNORED
    audience = audience_of(
        one, broadcasts=desk.seeding.broadcasts, audiences=desk.seeding.audiences
    )
    now = hours.now()
    if not _is_wanted(one, audience, desk, now):
        return Outcome.IGNORED
    quiets = _quiets(one, desk)
    if (allowed := next_allowed(now, quiets)) > now:
        _put_off(one, allowed, HeldFor.QUIET_HOURS, desk, now)
        return Outcome.HELD
    if because := _why_not(one, audience, desk, now):
        return _refuse(one, because, desk, now)
    try:
        attached = attach.attach(one, audience, desk=desk.attaching, hours=hours)
    except PausedError as paused:
        until = min(paused.until, now + PROBED_AFTER) if one.is_urgent else paused.until
        _put_off(one, until, None, desk, now)
        return Outcome.WAITS
    except RefusedError:
        one = _stop(_run(one, quiets, desk, now), desk, now)
        return Outcome.IGNORED if one.state == BroadcastState.SCHEDULED else Outcome.STOPPED
    one = _run(attached.broadcast, quiets, desk, now)
    if one.state == BroadcastState.SCHEDULED:
        return Outcome.IGNORED
    if one.state != BroadcastState.RUNNING:
        return Outcome.STOPPED
    seed.seed(one, desk=desk.seeding, now=now)
    if attached.failures:
        raise ExceptionGroup("some communities have no file", attached.failures)
    return Outcome.STARTED


def _why_not(one: Broadcast, audience: Audience, desk: Desk, now: datetime) -> str:
    """Return why a broadcast that waited is not to start by itself; empty if it is."""
    if one.state == BroadcastState.SCHEDULED and is_outdated(one, now):
        return OUTDATED
    return authority.why_not(one, audience, desk=desk.authority, now=now)


def _is_wanted(one: Broadcast, audience: Audience, desk: Desk, now: datetime) -> bool:
    if one.state == BroadcastState.SCHEDULED:
        return _is_due(one, now)
    # An earlier worker was killed before it had handed anything over, or a file was missing.
    not_begun = next(iter(desk.seeding.receipts.of(one.id)), None) is None
    return not_begun or attach.lacks_file(one, audience, messages=desk.attaching.messages)


def _is_due(one: Broadcast, now: datetime) -> bool:
    """Say whether a scheduled one is to start; somebody may move it while it is being started."""
    if one.state != BroadcastState.SCHEDULED:
        return False
    return one.start_at is None or one.start_at <= now + AHEAD


def _quiets(one: Broadcast, desk: Desk) -> Sequence[LocalQuiet]:
    """Return the quiet hours that a broadcast keeps; what mends or takes back wakes nobody."""
    if one.is_urgent or one.deed != Deed.MESSAGE:
        return ()
    return quiets_within(one.oktmo, desk.rulebook.of_region(region_of(one.oktmo)))


def _run(one: Broadcast, quiets: Sequence[LocalQuiet], desk: Desk, now: datetime) -> Broadcast:
    begins = quiet_from(now, quiets)
    until = next_allowed(begins, quiets) if begins else None

    def run(there: Broadcast) -> Broadcast:
        if not _is_due(there, now):
            return there
        return started(replace(there, quiet_from=begins, quiet_until=until), now=now)

    return change(one, run, broadcasts=desk.seeding.broadcasts)


def _stop(one: Broadcast, desk: Desk, now: datetime) -> Broadcast:
    def stop(there: Broadcast) -> Broadcast:
        running = there.state == BroadcastState.RUNNING
        return stopped(there, because=NO_FILE, now=now) if running else there

    return change(one, stop, broadcasts=desk.seeding.broadcasts)


def _refuse(one: Broadcast, because: str, desk: Desk, now: datetime) -> Outcome:
    """Have a broadcast stopped as it begins, in one step: nobody finds it running in between."""

    def refuse(there: Broadcast) -> Broadcast:
        if not _is_due(there, now):
            return there
        refused = stopped(started(there, now=now), because=because, now=now)
        return replace(refused, revision=there.revision + 1)

    after = change(one, refuse, broadcasts=desk.seeding.broadcasts)
    return Outcome.IGNORED if after.state == BroadcastState.SCHEDULED else Outcome.STOPPED


def _put_off(
    one: Broadcast, until: datetime, held_for: HeldFor | None, desk: Desk, now: datetime
) -> None:
    """Have a broadcast started later; at one that runs already, the sweep looks again."""

    def later(there: Broadcast) -> Broadcast:
        if not _is_due(there, now):
            return there
        held = scheduled(there, start_at=until, held_for=HeldFor.QUIET_HOURS)
        return replace(held, held_for=held_for)

    after = change(one, later, broadcasts=desk.seeding.broadcasts)
    if after.state == BroadcastState.SCHEDULED and after.start_at:
        desk.starts.plan(after.id, at=after.start_at, now=now)
