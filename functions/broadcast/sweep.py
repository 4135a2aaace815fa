"""Use case: look at broadcasts that are due: start, go on with, or end what was left behind."""

from dataclasses import dataclass, replace
from datetime import datetime

from broadcast import seed
from broadcast.attach import lacks_file
from broadcast.mailing import audience_of
from housechats.domain.broadcasts import (
    LOOKED_AT_AFTER,
    Broadcast,
    BroadcastState,
    Deed,
    settled,
    stopped,
)
from housechats.domain.communities import LOOKS_AGAIN
from housechats.domain.hand_overs import ENOUGH, pause_after
from housechats.ports.broadcasts import Audience, Messages, Starts

A_SWEEP = 100
"""Broadcasts in one sweep: each may have hundreds of receipts to read."""
GIVEN_UP = (
    "Рассылка не идёт: на нашей стороне ошибка. Нажмите «Продолжить»; если не поможет, скажите "
    "нам номер рассылки."
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What sweeping works with."""

    seeding: seed.Desk
    messages: Messages
    starts: Starts


def sweep(*, desk: Desk, now: datetime) -> int:
    """Look at what is due, and return how many broadcasts that were.

    One that cannot be looked at does not hide the others: it rises in the end.
    """
    due = desk.seeding.broadcasts.due(now, limit=A_SWEEP)
    failures: list[Exception] = []
    for broadcast_id in due:
        try:
            _look_at(broadcast_id, desk, now)
        except Exception as error:  # noqa: BLE001 - raised below
            failures.append(error)
    if failures:
        raise ExceptionGroup("some broadcasts could not be looked at", failures)
    return len(due)


def _look_at(broadcast_id: str, desk: Desk, now: datetime) -> None:
    """Handing over comes before the note: who dies in between hands over once more."""
    one = desk.seeding.broadcasts.get(broadcast_id)
    if one is None or one.due_at is None or one.due_at > now:
        return
    if one.state == BroadcastState.SCHEDULED:
        desk.starts.plan(one.id, at=now, now=now)
        _note(one, desk, now, hand_overs=one.hand_overs + 1)
    elif one.state == BroadcastState.RUNNING:
        if one.passed > one.seen and one.waits_until is None:
            _note(one, desk, now, hand_overs=0)
        else:
            _go_on(one, desk, now)
    else:
        _settle(one, desk, now)


def _settle(one: Broadcast, desk: Desk, now: datetime) -> None:
    """Count what is over or stopped: whoever did last of it may have died before they counted.

    Chunks of which nobody knows what went out are handed over: who gets them, only looks. A
    deletion has no look of its own: whoever goes on with a recall asks for it again.
    """
    seeding = desk.seeding
    audience = audience_of(one, broadcasts=seeding.broadcasts, audiences=seeding.audiences)
    there = seed.stand(one, audience, desk=seeding, now=now)
    one = replace(one, not_sent=there.not_sent)
    counted = settled(one, sent=there.sent, failed=there.failed, finished=there.finished, now=now)
    looks = there.in_doubt and one.deed != Deed.RECALL and one.hand_overs < ENOUGH
    if looks and counted.state == BroadcastState.STOPPED:
        seeding.queues.hand_over(one, there.in_doubt)
        due_at = now + pause_after(one.hand_overs, first=LOOKED_AT_AFTER)
        counted = replace(counted, hand_overs=one.hand_overs + 1, due_at=due_at)
    if counted.state == BroadcastState.DONE or there.sent:
        seed.tell_recalled(one, deleted=there.sent > 0, broadcasts=seeding.broadcasts)
    seeding.broadcasts.recount(counted)


def _go_on(one: Broadcast, desk: Desk, now: datetime) -> None:
    """Hand over what is left of a broadcast that came no further, or whose wait is over."""
    seeding = desk.seeding
    audience = audience_of(one, broadcasts=seeding.broadcasts, audiences=seeding.audiences)
    standing = seed.stand(one, audience, desk=seeding, now=now)
    if standing.through >= audience.size:
        seed.end(
            one.id, audience, broadcasts=seeding.broadcasts, receipts=seeding.receipts, now=now
        )
    elif one.hand_overs >= ENOUGH and one.waits_until is None:
        seeding.broadcasts.save(stopped(one, because=GIVEN_UP, now=now))
    else:
        _hand_over(one, audience, standing, desk, now)


def _hand_over(
    one: Broadcast, audience: Audience, standing: seed.Standing, desk: Desk, now: datetime
) -> None:
    if lacks_file(one, audience, messages=desk.messages):
        desk.starts.plan(one.id, at=now, now=now)
    desk.seeding.queues.hand_over(one, standing.to_hand_over)
    if one.waits_until:
        again = replace(
            one,
            waits_until=None,
            waits_because="",
            seen=one.passed,
            hand_overs=0,
            due_at=now + LOOKED_AT_AFTER,
            revision=one.revision + 1,
        )
        desk.seeding.broadcasts.save(again)
    elif standing.waits_until and not standing.to_hand_over:
        due_at = min(standing.waits_until, now + LOOKS_AGAIN)
        desk.seeding.broadcasts.looked_at(one, seen=one.passed, hand_overs=0, due_at=due_at)
    else:
        _note(one, desk, now, hand_overs=one.hand_overs + 1)


def _note(one: Broadcast, desk: Desk, now: datetime, *, hand_overs: int) -> None:
    due_at = now + pause_after(hand_overs, first=LOOKED_AT_AFTER)
    desk.seeding.broadcasts.looked_at(one, seen=one.passed, hand_overs=hand_overs, due_at=due_at)
