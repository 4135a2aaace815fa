"""Routes of what a person does with a broadcast that is there: approve, move, stop, review."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from broadcast.cancel import cancel
from broadcast.change import change
from broadcast.routes.cards import BroadcastCard
from broadcast.routes.router import BroadcastId, Router
from broadcast.set_going import set_going
from housechats.domain.access import Permission
from housechats.domain.broadcast_rules import quiets_within
from housechats.domain.broadcast_starts import going_on, require_timely, start_of, timed
from housechats.domain.broadcasts import (
    Broadcast,
    BroadcastState,
    HeldFor,
    NotNowError,
    approved,
    folder_of,
    moved,
    reviewed,
    stopped,
)
from housechats.domain.local_times import LocalTimeError, read_start
from housechats.domain.patterns import SAID
from housechats.domain.quiet_hours import LocalQuiet
from housechats.domain.territories import region_of
from housechats.runtime.clock import this_moment
from housechats.runtime.http import answers, invalid, problems

router = Router()

STOPPED_BY_HAND = "Остановлена вручную."
APPROVED_BY_OTHER = (
    "Эту рассылку подтвердил второй человек: перенести её может только он. Или отмените её и "
    "составьте заново."
)
OVER_BY_THEN = "К этому времени то, о чём говорит рассылка, уже закончится: выберите время раньше."
AT_ONCE = "Экстренная рассылка уходит сразу: перенести её нельзя, можно отменить."
BECAME = answers("Рассылка, какой она стала", BroadcastCard, 200)
LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class BroadcastChange:
    """Another time for a broadcast that has not begun."""

    start_at: Annotated[str, Field(max_length=40)]
    """When it is to start; without an offset it is by the clocks of its territory."""


@dataclass(frozen=True, slots=True)
class NewReview:
    """What a second person has found."""

    note: Annotated[str, Field(pattern=SAID, max_length=LONGEST_NOTE)]
    """What they write of it: was it right, was it for the right houses."""


@router.patch(
    "/broadcasts/<broadcast_id>",
    operation_id="moveBroadcast",
    summary="Перенести рассылку, которая ещё не началась",
    tags=["broadcasts"],
    permission=Permission.BROADCASTS_SEND,
    responses={
        **BECAME,
        **problems(
            conflict="Рассылка уже началась или закончилась.",
            changed_meanwhile="Рассылка изменилась с тех пор, как её показали.",
        ),
    },
)
def move_broadcast(broadcast_id: BroadcastId, new: BroadcastChange) -> BroadcastCard:
    """Give it another time; in quiet hours it starts when they end.

    Once a second person has confirmed it, only they may.
    """
    one, now = router.broadcast(broadcast_id), this_moment()
    router.asked.require_match(one.revision)
    try:
        chosen = read_start(new.start_at, one.oktmo, now=now)
    except LocalTimeError as error:
        raise invalid("/start_at", error.message) from None
    quiets, message = _quiets(one), router.doors.messages.get(folder_of(one.id))
    start = start_of(chosen, quiets, now=now)

    def to(there: Broadcast) -> Broadcast:
        router.asked.require_match(there.revision)
        if there.is_urgent:
            raise NotNowError(AT_ONCE)
        if there.approved_by not in {"", router.caller.name}:
            raise NotNowError(APPROVED_BY_OTHER)
        if there.state == BroadcastState.AWAITS_APPROVAL:
            return moved(there, start_at=chosen, held_for=HeldFor.TIME)
        return moved(timed(there, start), start_at=start.at, held_for=start.held_for)

    if message and message.until and message.until <= start.at:
        to(one)  # what can be moved no more, is told first
        raise invalid("/start_at", OVER_BY_THEN)
    return _shown(_gone_on(one, to))


@router.post(
    "/broadcasts/<broadcast_id>/approval",
    operation_id="approveBroadcast",
    summary="Подтвердить рассылку вторым человеком",
    tags=["broadcasts"],
    permission=Permission.BROADCASTS_SEND,
    once=True,
    rereads=True,
    responses={
        **BECAME,
        **problems(
            conflict="Она этого не ждёт, ждала слишком долго, или её составили вы сами.",
            changed_meanwhile="Рассылка изменилась с тех пор, как её показали.",
        ),
    },
)
def approve_broadcast(broadcast_id: BroadcastId) -> Response[BroadcastCard]:
    """Confirm what somebody else has composed; from now on it keeps its time."""
    one, now, by = router.broadcast(broadcast_id), this_moment(), router.caller.name
    quiets, message = _quiets(one), router.doors.messages.get(folder_of(one.id))

    def to(there: Broadcast) -> Broadcast:
        if there.approved_by == by:
            return there
        router.asked.require_match(there.revision)
        start = start_of(there.start_at, quiets, now=now)
        timely = timed(there, start)
        after = approved(timely, by=by, start_at=start.at, held_for=start.held_for)
        require_timely(there, until=message.until if message else None, now=now)
        return after

    return _became(_gone_on(one, to))


@router.post(
    "/broadcasts/<broadcast_id>/cancel",
    operation_id="cancelBroadcast",
    summary="Отменить рассылку, пока она не началась",
    tags=["broadcasts"],
    permission=Permission.BROADCASTS_SEND,
    once=True,
    rereads=True,
    responses={**BECAME, **problems(conflict="Рассылка уже началась или закончилась.")},
)
def cancel_broadcast(broadcast_id: BroadcastId) -> Response[BroadcastCard]:
    """Take it back: nobody gets it. Again changes nothing."""
    one, doors = router.broadcast(broadcast_id), router.doors
    return _became(cancel(one, broadcasts=doors.broadcasts, starts=doors.starts, now=this_moment()))


@router.post(
    "/broadcasts/<broadcast_id>/stop",
    operation_id="stopBroadcast",
    summary="Остановить рассылку: остаток не уйдёт",
    tags=["broadcasts"],
    permission=Permission.BROADCASTS_SEND,
    once=True,
    rereads=True,
    responses={**BECAME, **problems(conflict="Рассылка не идёт: останавливать нечего.")},
)
def stop_broadcast(broadcast_id: BroadcastId) -> Response[BroadcastCard]:
    """Have the rest not sent: whoever is about to send looks first. Again changes nothing."""
    one, now = router.broadcast(broadcast_id), this_moment()

    def to(there: Broadcast) -> Broadcast:
        is_stopped = there.state == BroadcastState.STOPPED
        return there if is_stopped else stopped(there, because=STOPPED_BY_HAND, now=now)

    after = _changed(one, to)
    if one.state == BroadcastState.SCHEDULED:
        router.doors.starts.cancel(one.id)
    return _became(after)


@router.post(
    "/broadcasts/<broadcast_id>/resume",
    operation_id="resumeBroadcast",
    summary="Продолжить остановленную рассылку",
    tags=["broadcasts"],
    permission=Permission.BROADCASTS_SEND,
    once=True,
    rereads=True,
    responses={
        **BECAME,
        **problems(conflict="Рассылка не остановлена, или её уже исправили, отозвали или закрыли."),
    },
)
def resume_broadcast(broadcast_id: BroadcastId) -> Response[BroadcastCard]:
    """Have the rest sent; in quiet hours when they end. Again changes nothing."""
    one, now = router.broadcast(broadcast_id), this_moment()
    router.require_theirs(one)
    quiets = _quiets(one)

    def to(there: Broadcast) -> Broadcast:
        goes_on_later = there.state == BroadcastState.SCHEDULED and there.started_at
        goes_on = there.state == BroadcastState.RUNNING or goes_on_later
        return there if goes_on else going_on(there, quiets, now=now)

    return _became(_gone_on(one, to))


@router.post(
    "/broadcasts/<broadcast_id>/review",
    operation_id="reviewBroadcast",
    summary="Проверить экстренную рассылку, ушедшую без второго человека",
    tags=["broadcasts"],
    permission=Permission.BROADCASTS_SEND,
    once=True,
    rereads=True,
    responses={
        **BECAME,
        **problems(conflict="Проверка не нужна, уже была, или это ваша рассылка."),
    },
)
def review_broadcast(broadcast_id: BroadcastId, new: NewReview) -> Response[BroadcastCard]:
    """Note that a second person has looked at it, and what they found."""
    one, now, by = router.broadcast(broadcast_id), this_moment(), router.caller.name
    note = new.note.strip()
    return _became(_changed(one, lambda there: reviewed(there, by=by, note=note, now=now)))


def _changed(one: Broadcast, to: Callable[[Broadcast], Broadcast]) -> Broadcast:
    return change(one, to, broadcasts=router.doors.broadcasts)


def _gone_on(one: Broadcast, to: Callable[[Broadcast], Broadcast]) -> Broadcast:
    doors, after = router.doors, _changed(one, to)
    set_going(after, seed=doors.seed, starts=doors.starts, now=this_moment())
    return after


def _became(one: Broadcast) -> Response[BroadcastCard]:
    return Response(
        status_code=HTTPStatus.OK,
        content_type="application/json",
        headers={"Location": f"/broadcasts/{one.id}"},
        body=_shown(one),
    )


def _shown(one: Broadcast) -> BroadcastCard:
    """Show it to somebody who may change it by what they see."""
    router.asked.revision = one.revision
    return router.card(one)


def _quiets(one: Broadcast) -> tuple[LocalQuiet, ...]:
    return quiets_within(one.oktmo, router.doors.rules.of_region(region_of(one.oktmo)))
