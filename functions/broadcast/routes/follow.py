"""Routes of what follows a broadcast: try again, correct it, take it back, say it is over."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from broadcast.compose import BroadcastTemplate, Draft, FaultyError, Speaker, said
from broadcast.follow import Closing, Desk, Follower, close, correct, recall, said_anew
from broadcast.retry_failed import Desk as RetryDesk
from broadcast.retry_failed import retry_failed
from broadcast.routes.cards import BroadcastCard
from broadcast.routes.router import BroadcastId, Router
from housechats.domain.access import Permission
from housechats.domain.broadcast_rules import (
    TerritoryRules,
    needs_second_person,
    quiets_within,
)
from housechats.domain.broadcast_texts import Occasion, TextFault, as_sent, faults_of
from housechats.domain.broadcasts import Broadcast, BroadcastLane, folder_of
from housechats.domain.followers import root_id_of
from housechats.domain.houses import LONGEST_NAME
from housechats.domain.messages import LONGEST, Message
from housechats.domain.patterns import SAID, SAID_OR_NOTHING
from housechats.domain.territories import Territory, region_of
from housechats.ports.broadcasts import Audience
from housechats.runtime.clock import this_moment
from housechats.runtime.http import ProblemError, answers, problems

router = Router()

LONGEST_REASON = 500
LONGEST_TIME = 40
GOES_ON = answers("Рассылка, какой она стала", BroadcastCard, 202)
BEGUN = answers("Новая рассылка по тем же чатам: её показывает Location", BroadcastCard, 202)

Text = Annotated[str, Field(max_length=LONGEST)]
Time = Annotated[str, Field(max_length=LONGEST_TIME)]


@dataclass(frozen=True, slots=True)
class NewCorrection:
    """What is to stand in place of what was sent."""

    text: Text
    """The whole new text without the first line; `{адрес}` and `{код}` are filled in."""
    until: Time = ""
    """When what it tells of ends, without an offset by the clocks of its territory; empty: as the
    message said."""


@dataclass(frozen=True, slots=True)
class NewRecall:
    """Why a message is taken back."""

    reason: Annotated[str, Field(pattern=SAID, max_length=LONGEST_REASON)]
    """For colleagues and the report: residents do not see it."""


@dataclass(frozen=True, slots=True)
class NewClosing:
    """What is said to the same chats when it is over: a text or a template."""

    text: Text = ""
    template: BroadcastTemplate | None = None
    lane: BroadcastLane = BroadcastLane.PLANNED
    """How urgent it is; all but an emergency waits for the end of quiet hours."""
    until: Time = ""
    """When what it tells of ends, if it does; without an offset by the clocks of its territory."""
    reason: Annotated[str, Field(pattern=SAID_OR_NOTHING, max_length=LONGEST_REASON)] = ""
    """Why an emergency of many chats goes out without a second person."""


@router.post(
    "/broadcasts/<broadcast_id>/retry",
    operation_id="retryBroadcast",
    summary="Отправить ещё раз туда, где не получилось",
    tags=["broadcasts"],
    permission=Permission.BROADCASTS_SEND,
    once=True,
    rereads=True,
    responses={**GOES_ON, **problems(conflict="Повторять нечего, или она ещё идёт.")},
)
def retry_broadcast(broadcast_id: BroadcastId) -> Response[BroadcastCard]:
    """Try again what may go without anything being mended, and chats that are open again."""
    one, doors = router.broadcast(broadcast_id), router.doors
    router.require_theirs(one)
    desk = RetryDesk(
        broadcasts=doors.broadcasts,
        receipts=doors.receipts,
        audiences=doors.audiences,
        houses=doors.houses,
        starts=doors.starts,
        seed=doors.seed,
    )
    quiets = quiets_within(one.oktmo, _rules(one))
    return _accepted(retry_failed(one, _audience(one), quiets, desk=desk, now=this_moment()))


@router.post(
    "/broadcasts/<broadcast_id>/correction",
    operation_id="correctBroadcast",
    summary="Исправить отправленное",
    tags=["broadcasts"],
    permission=Permission.BROADCASTS_SEND,
    once=True,
    rereads=True,
    responses={**BEGUN, **problems(conflict="Она ещё идёт, не начиналась или уже отозвана.")},
)
def correct_broadcast(broadcast_id: BroadcastId, new: NewCorrection) -> Response[BroadcastCard]:
    """Edit the messages where VK lets us, reply to them where it is too late; at once.

    In very many chats a second person is to look at it within a day.
    """
    root = _root(broadcast_id)
    router.require_theirs(root)
    message = _message(root, new.text, None, new.until, root.lane, Occasion.CORRECTION)
    correction = correct(
        root,
        message,
        is_many=_is_many(root, _rules(root)),
        who=_who(),
        desk=_desk(),
        now=this_moment(),
    )
    return _accepted(correction)


@router.post(
    "/broadcasts/<broadcast_id>/recall",
    operation_id="recallBroadcast",
    summary="Отозвать отправленное: удалить у всех",
    tags=["broadcasts"],
    permission=Permission.BROADCASTS_SEND,
    once=True,
    rereads=True,
    responses={**BEGUN, **problems(conflict="Прошло больше суток, или отзывать нечего.")},
)
def recall_broadcast(broadcast_id: BroadcastId, new: NewRecall) -> Response[BroadcastCard]:
    """Delete the messages for all, at once; what is still being sent is stopped first."""
    root = _root(broadcast_id)
    reason = new.reason.strip()
    return _accepted(recall(root, reason=reason, who=_who(), desk=_desk(), now=this_moment()))


@router.post(
    "/broadcasts/<broadcast_id>/restored",
    operation_id="closeBroadcast",
    summary="Сообщить тем же чатам, что всё закончилось",
    tags=["broadcasts"],
    permission=Permission.BROADCASTS_SEND,
    once=True,
    rereads=True,
    responses={**BEGUN, **problems(conflict="Она ещё идёт, не начиналась или уже отозвана.")},
)
def close_broadcast(broadcast_id: BroadcastId, new: NewClosing) -> Response[BroadcastCard]:
    """Send a message to the chats that got the first one: with its hours, and a second person."""
    root = _root(broadcast_id)
    router.require_theirs(root)
    message = _message(root, new.text, new.template, new.until, new.lane, Occasion.CLOSING)
    rules = _rules(root)
    closing = Closing(
        message=message,
        lane=new.lane,
        reason=new.reason.strip(),
        quiets=quiets_within(root.oktmo, rules),
        is_many=_is_many(root, rules),
    )
    return _accepted(close(root, closing, who=_who(), desk=_desk(), now=this_moment()))


def _root(broadcast_id: str) -> Broadcast:
    """Return the message that is meant: whoever corrects a correction corrects its message."""
    one = router.broadcast(broadcast_id)
    root_id = root_id_of(one)
    return one if root_id == one.id else router.broadcast(root_id)


def _is_many(root: Broadcast, rules: Sequence[TerritoryRules]) -> bool:
    """Tell whether its chats are more than one person may write to, where their houses lie now."""
    if needs_second_person(root.oktmo, {root.oktmo: root.chats}, rules):
        return True
    doors, audience = router.doors, _audience(root)
    lines = doors.catalogue.lines(Territory(root.oktmo))
    oktmo_of = {line.id: line.oktmo for line in lines}
    by_oktmo = Counter(
        oktmo_of.get(chat.house_id, root.oktmo)
        for chunk in doors.audiences.all_chunks(audience)
        for chat in chunk
    )
    return needs_second_person(root.oktmo, by_oktmo, rules)


def _audience(one: Broadcast) -> Audience:
    audience = router.doors.audiences.get(one.audience_folder)
    if audience is None:
        raise ProblemError("not_found")
    return audience


def _message(
    root: Broadcast,
    text: str,
    template: BroadcastTemplate | None,
    until: str,
    lane: BroadcastLane,
    occasion: Occasion,
) -> Message:
    """Return what is said; a problem that points to each field that is wrong."""
    doors = router.doors
    before = doors.messages.get(folder_of(root.id))
    if before is None:
        raise ProblemError("not_found")
    card = doors.cards.get(region_of(root.oktmo), root.inn) if root.inn else None
    draft = Draft(lane=lane, text=text, template=template, until=until, buttons=(), file=None)
    try:
        body, ends = said(draft, Speaker(root.oktmo, _rules(root), card), doors.templates)
    except FaultyError as error:
        raise _wrong(error.faults) from None
    message = said_anew(before, text=as_sent(body), until=ends, occasion=occasion)
    if faults := faults_of(message, longest_title="—" * LONGEST_NAME):
        raise _wrong(faults)
    return message


def _wrong(faults: Sequence[TextFault]) -> ProblemError:
    return ProblemError(
        "invalid", errors=[{"pointer": one.pointer, "detail": one.message} for one in faults]
    )


def _rules(one: Broadcast) -> list[TerritoryRules]:
    return [*router.doors.rules.of_region(region_of(one.oktmo))]


def _who() -> Follower:
    return Follower(router.new_id(), router.caller.name)


def _desk() -> Desk:
    doors = router.doors
    return Desk(
        broadcasts=doors.broadcasts,
        receipts=doors.receipts,
        messages=doors.messages,
        starts=doors.starts,
        seed=doors.seed,
    )


def _accepted(one: Broadcast) -> Response[BroadcastCard]:
    return Response(
        status_code=HTTPStatus.ACCEPTED,
        content_type="application/json",
        headers={"Location": f"/broadcasts/{one.id}"},
        body=router.card(one),
    )
