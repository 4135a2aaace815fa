"""Routes of discussions: a time is named, moved, called off; the protocol is handed in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import Field

from discussions.name_time import BadTimeError, move, name_time
from discussions.routes.cards import (
    DiscussionCard,
    DiscussionPage,
    card_of,
    note_of,
)
from discussions.routes.router import DiscussionId, Router
from housechats.domain.access import Permission
from housechats.domain.broadcast_texts import hidden_signs
from housechats.domain.discussion_course import cancelled, ended, prolonged, with_protocol
from housechats.domain.discussion_texts import LONGEST_ITEM, LONGEST_PROTOCOL
from housechats.domain.discussions import Discussion, DiscussionState
from housechats.domain.local_times import LocalTimeError, read_moment
from housechats.domain.patterns import SAID
from housechats.domain.territories import Territory, is_territory
from housechats.runtime.clock import this_moment
from housechats.runtime.errands import change
from housechats.runtime.http import ProblemError, answers, invalid, problems
from housechats.runtime.routes import Cursor, Limit, page_of

router = Router()

LISTED = timedelta(days=365)
"""How far back lists of a territory go."""
OTHER_OKTMO = "Напишите код ОКТМО территории."
WHY_CANCELLED = "Напишите, почему обсуждение отменяется: причину увидят жители."

QuestionId = Annotated[str, Path(min_length=1, max_length=64, description="Номер вопроса")]
At = Annotated[str, Field(max_length=40)]


@dataclass(frozen=True, slots=True)
class NewDiscussion:
    """A time for a discussion of a question."""

    starts_at: At
    """Such as `2026-11-30T19:00`: by the clock of the house; or with an offset."""
    minutes: Annotated[int, Field(ge=15, le=240, strict=True)] = 60
    """How long it is planned to be."""


@dataclass(frozen=True, slots=True)
class OtherTime:
    """Another time for a discussion, which stays as long as it was."""

    starts_at: At
    """Such as `2026-11-30T19:00`: by the clock of the house; or with an offset."""


class ActOnDiscussion(StrEnum):
    """What may be done to a discussion."""

    CANCEL = "cancel"
    """Before it begins; the house hears of it and of the reason."""
    PROLONG = "prolong"
    """By half an hour, while it is open; four hours at most in all."""
    END = "end"


@dataclass(frozen=True, slots=True)
class DiscussionAct:
    """Something to do to a discussion."""

    act: ActOnDiscussion
    reason: Annotated[str, Field(max_length=LONGEST_ITEM)] = ""
    """Why it is cancelled: the residents read it."""


@dataclass(frozen=True, slots=True)
class NewProtocol:
    """What was agreed, who does it, and by when."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_PROTOCOL, pattern=SAID)]


@router.post(
    "/questions/<question_id>/discussion",
    operation_id="nameDiscussion",
    summary="Назначить обсуждение вопроса",
    tags=["discussions"],
    permission=Permission.QUESTIONS_ANSWER,
    once=True,
    responses={
        **answers("Обсуждение назначено", DiscussionCard, 201),
        **problems(
            conflict="Вопрос сейчас не ждёт обсуждения, или оно уже назначено на другое время.",
            invalid="Время не подходит: тихие часы, другое обсуждение, слишком рано или поздно.",
        ),
    },
)
def name_discussion(question_id: QuestionId, new: NewDiscussion) -> Response[DiscussionCard]:
    """Keep the time; the house and the question hear of it within seconds."""
    office = router.doors.office
    question = router.reach(office.questions.get(question_id))
    router.asked.deed(question.oktmo, f"question:{question.id}")
    starts_at, length = _read(new.starts_at, question.oktmo), timedelta(minutes=new.minutes)
    try:
        named = name_time(question, starts_at, length, by=router.caller.vk_id, office=office)
    except BadTimeError as bad:
        raise invalid("/starts_at", bad.message) from None
    return Response(
        status_code=HTTPStatus.CREATED,
        content_type="application/json",
        headers={"Location": f"/discussions/{named.id}"},
        body=_shown(named),
    )


@router.get(
    "/discussions",
    operation_id="listDiscussions",
    summary="Обсуждения",
    tags=["discussions"],
    permission=Permission.DISCUSSIONS_READ,
)
def list_discussions(
    oktmo: Annotated[str, Query(max_length=11, description="Только этой территории")] = "",
    inn: Annotated[str, Query(max_length=12, description="Только этой организации")] = "",
    house: Annotated[str, Query(max_length=8, description="Только этого дома, по его коду")] = "",
    state: Annotated[DiscussionState | None, Query(description="Только такие")] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> DiscussionPage:
    """List them: of a territory those of the last year, of a house all that are kept."""
    if oktmo and not is_territory(oktmo):
        raise invalid("/query/oktmo", OTHER_OKTMO)
    found = {one.id: one for one in (_of_house(house.upper()) if house else _all())}
    chosen = [
        one
        for one in found.values()
        if state in {None, one.state}
        and inn in {"", one.inn}
        and (not oktmo or Territory(oktmo).covers(one.oktmo))
    ]
    chosen.sort(key=lambda one: (one.starts_at, one.id), reverse=True)
    items, next_cursor = page_of(chosen, lambda one: one.id, cursor, limit)
    return DiscussionPage([note_of(one) for one in items], next_cursor, len(chosen))


@router.get(
    "/discussions/<discussion_id>",
    operation_id="getDiscussion",
    summary="Одно обсуждение",
    tags=["discussions"],
    permission=Permission.DISCUSSIONS_READ,
)
def get_discussion(discussion_id: DiscussionId) -> DiscussionCard:
    return _shown(router.discussion(discussion_id))


@router.patch(
    "/discussions/<discussion_id>",
    operation_id="moveDiscussion",
    summary="Перенести обсуждение",
    tags=["discussions"],
    permission=Permission.DISCUSSIONS_CHANGE,
    responses={
        **answers("Обсуждение, каким оно стало", DiscussionCard, 200),
        **problems(
            conflict="Обсуждение уже началось или отменено.",
            changed_meanwhile="Обсуждение изменилось с тех пор, как его показали.",
            invalid="Время не подходит: тихие часы, другое обсуждение, слишком рано или поздно.",
        ),
    },
)
def move_discussion(discussion_id: DiscussionId, other: OtherTime) -> DiscussionCard:
    """Name another time; the house hears of it."""
    discussion = router.discussion(discussion_id)
    router.asked.require_match(discussion.revision)
    starts_at = _read(other.starts_at, discussion.oktmo)
    try:
        return _shown(move(discussion, starts_at, office=router.doors.office))
    except BadTimeError as bad:
        raise invalid("/starts_at", bad.message) from None


@router.post(
    "/discussions/<discussion_id>/act",
    operation_id="actOnDiscussion",
    summary="Отменить, продлить или закончить обсуждение",
    tags=["discussions"],
    permission=Permission.DISCUSSIONS_CHANGE,
    once=True,
    responses={
        **answers("Обсуждение, каким оно стало", DiscussionCard, 200),
        **problems(conflict="Сейчас с обсуждением этого сделать нельзя."),
    },
)
def act_on_discussion(discussion_id: DiscussionId, wish: DiscussionAct) -> DiscussionCard:
    """Call it off, let it go on, or end it; the house hears of it."""
    discussion, now = router.discussion(discussion_id), this_moment()
    reason = " ".join(wish.reason.split())
    if fault := hidden_signs(reason):
        raise invalid("/reason", fault)
    match wish.act:
        case ActOnDiscussion.CANCEL if not reason:
            raise invalid("/reason", WHY_CANCELLED)
        case ActOnDiscussion.CANCEL:
            by_speaker = router.caller.vk_id == discussion.named_by
            return _changed(
                discussion, lambda one: cancelled(one, reason=reason, by_speaker=by_speaker)
            )
        case ActOnDiscussion.PROLONG:
            return _changed(discussion, lambda one: prolonged(one, now=now))
        case ActOnDiscussion.END:
            return _changed(discussion, lambda one: ended(one, now=now))


@router.post(
    "/discussions/<discussion_id>/protocol",
    operation_id="publishProtocol",
    summary="Опубликовать протокол обсуждения",
    tags=["discussions"],
    permission=Permission.DISCUSSIONS_CHANGE,
    once=True,
    responses={
        **answers("Протокол принят, он появится в домовом чате", DiscussionCard, 200),
        **problems(conflict="Обсуждение ещё не закончено, или его итог уже опубликован."),
    },
)
def publish_protocol(discussion_id: DiscussionId, new: NewProtocol) -> DiscussionCard:
    """Hand it in: the house reads it, linked to the question."""
    discussion, by = router.discussion(discussion_id), router.caller.name
    if fault := hidden_signs(new.text):
        raise invalid("/text", fault)
    return _changed(discussion, lambda one: with_protocol(one, new.text.strip(), by=by))


def _changed(discussion: Discussion, then: Callable[[Discussion], Discussion]) -> DiscussionCard:
    office = router.doors.office
    changed = change(discussion.id, then, office.discussions)
    office.own.send([{"discussion_id": discussion.id}])
    if changed is None:
        raise ProblemError("not_found")
    return _shown(changed)


def _shown(discussion: Discussion) -> DiscussionCard:
    """Show it to somebody who may change it by what they see."""
    router.asked.revision = discussion.revision
    interested = len(router.doors.interested.of(discussion.id))
    return card_of(discussion, interested=interested)


def _of_house(house_id: str) -> Iterator[Discussion]:
    office = router.doors.office
    house = office.houses.get(house_id)
    for one in office.discussions.of_house(house_id):
        if router.may_reach([one.place_in(house)]):
            yield one


def _all() -> Iterator[Discussion]:
    discussions, since = router.doors.office.discussions, this_moment() - LISTED
    for territory in router.territories:
        for one in discussions.of_territory(territory, since=since):
            if router.may_reach([one.place]):
                yield one
    if router.caller.elder_ids:
        for house_id in sorted(router.asked.own_houses):
            yield from discussions.of_house(house_id)


def _read(text: str, oktmo: str) -> datetime:
    try:
        return read_moment(text, oktmo)
    except LocalTimeError as error:
        raise invalid("/starts_at", error.message) from None
