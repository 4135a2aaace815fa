"""Routes of questions: raise one, see them, decide what becomes of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from housechats.domain.access import Permission
from housechats.domain.patterns import INN_OR_NOTHING
from housechats.domain.question_texts import fault_of
from housechats.domain.questions import (
    LONGEST_REASON,
    LONGEST_TEXT,
    MOST_PHOTOS,
    SHORTEST_TEXT,
    Question,
    QuestionState,
    Where,
    question_id_of,
)
from housechats.domain.quoted_texts import fault_of_quoted
from housechats.domain.territories import Territory, is_territory
from housechats.runtime.clock import this_moment
from housechats.runtime.http import answers, invalid, problems
from housechats.runtime.routes import Cursor, Limit, page_of
from questions.decide import Decision, decide
from questions.raising import add_question
from questions.routes.cards import QuestionCard, QuestionNote, is_overdue, note_of
from questions.routes.router import HouseId, QuestionId, Router

router = Router()

LISTED = timedelta(days=365)
"""How far back lists of territories go; those of a house have all."""
PHOTO = r"^photo-?[0-9]{1,12}_[0-9]{1,12}(_[0-9a-zA-Z]{1,40})?$"
NOT_OF_HOUSE = "Эта организация за домом не закреплена."
OTHER_OKTMO = "Укажите код ОКТМО: 2, 3, 5, 8 или 11 цифр."
CHANGED = "Вопрос сейчас не в том состоянии или достигнут предел: почему, сказано в `detail`."


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question to put to the vote of a house."""

    text: Annotated[str, Field(min_length=SHORTEST_TEXT, max_length=LONGEST_TEXT)]
    """As all residents will read it."""
    where: Where
    inn: Annotated[str, Field(pattern=INN_OR_NOTHING)] = ""
    """The organisation of the house that is to answer; empty: the municipality's staff."""
    photos: Annotated[list[Annotated[str, Field(pattern=PHOTO)]], Field(max_length=MOST_PHOTOS)] = (
        field(default_factory=list)
    )
    """As VK names photos, with their access keys."""


@dataclass(frozen=True, slots=True)
class NewDecision:
    """What is to become of a question."""

    decision: Decision
    reason: Annotated[str, Field(max_length=LONGEST_REASON)] = ""
    """Told to the author, in the closing card, or with «Вопрос открыт снова»; empty: none is."""


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """A page of questions within the caller's reach, the newest first."""

    items: list[QuestionNote]
    next_cursor: str
    """Give it back for the next page; empty on the last one."""
    total: int
    """Questions on all pages."""


@router.post(
    "/houses/<house_id>/questions",
    operation_id="raiseQuestion",
    summary="Задать вопрос от дома",
    tags=["questions"],
    permission=Permission.QUESTIONS_RAISE,
    once=True,
    rereads=True,
    responses={
        **answers("Вопрос, по которому начинается голосование", QuestionCard, 201),
        **problems(conflict="За сутки в доме уже задали пять вопросов, или у него нет чата."),
    },
)
def raise_question(house_id: HouseId, new: NewQuestion) -> Response[QuestionCard]:
    house, now = router.house(house_id), this_moment()
    router.asked.deed(house.oktmo, f"house:{house.id}")
    if fault := fault_of(new.text):
        raise invalid("/text", fault)
    if new.inn and new.inn not in house.organisations:
        raise invalid("/inn", NOT_OF_HOUSE)
    question = add_question(
        Question(
            id=question_id_of(router.asked.new_id()),
            house_id=house.id,
            oktmo=house.oktmo,
            community=house.community,
            chat_id=house.chat_id,
            text=new.text.strip(),
            where=new.where,
            raised_by=router.caller.name,
            raised_at=now,
            photos=tuple(new.photos),
            inn=new.inn,
            kind=house.organisations.get(new.inn),
        ),
        house,
        at_once=True,
        desk=router.doors,
    )
    return Response(
        status_code=HTTPStatus.CREATED,
        content_type="application/json",
        headers={"Location": f"/questions/{question.id}"},
        body=router.shown(question),
    )


@router.get(
    "/questions",
    operation_id="listQuestions",
    summary="Вопросы домов",
    tags=["questions"],
    permission=Permission.QUESTIONS_READ,
)
def list_questions(
    house: Annotated[str, Query(max_length=8, description="Только этого дома, по его коду")] = "",
    oktmo: Annotated[str, Query(max_length=11, description="Только этой территории")] = "",
    state: Annotated[QuestionState | None, Query(description="Только такие")] = None,
    overdue: Annotated[bool, Query(description="Только те, на которые не ответили в срок")] = False,  # noqa: FBT002 - a parameter of the query
    cursor: Cursor = "",
    limit: Limit = 50,
) -> QuestionPage:
    """List them: of a territory those of the last year, of a house all that are kept."""
    if oktmo and not is_territory(oktmo):
        raise invalid("/query/oktmo", OTHER_OKTMO)
    now = this_moment()
    found = {one.id: one for one in (_of_house(house.upper()) if house else _all())}
    chosen = sorted(
        (
            one
            for one in found.values()
            if state in {None, one.state}
            and (not oktmo or Territory(oktmo).covers(one.oktmo))
            and (not overdue or is_overdue(one, now=now))
        ),
        key=lambda one: (one.raised_at, one.id),
        reverse=True,
    )
    items, next_cursor = page_of(chosen, lambda one: one.id, cursor, limit)
    return QuestionPage([note_of(one, now=now) for one in items], next_cursor, len(chosen))


def _of_house(house_id: str) -> Iterator[Question]:
    house = router.doors.houses.get(house_id)
    for one in router.doors.questions.of_house(house_id):
        if router.may_reach([one.place_in(house)]):
            yield one


def _all() -> Iterator[Question]:
    questions, since = router.doors.questions, this_moment() - LISTED
    for territory in router.territories:
        for one in questions.of_territory(territory, since=since):
            if router.may_reach([one.place]):
                yield one
    if router.caller.elder_ids:
        for house_id in sorted(router.asked.own_houses):
            yield from questions.of_house(house_id)


@router.get(
    "/questions/<question_id>",
    operation_id="getQuestion",
    summary="Вопрос: голоса и что с ним было",
    tags=["questions"],
    permission=Permission.QUESTIONS_READ,
)
def get_question(question_id: QuestionId) -> QuestionCard:
    return router.shown(router.question(question_id))


@router.post(
    "/questions/<question_id>/decision",
    operation_id="decideQuestion",
    summary="Решить судьбу вопроса",
    tags=["questions"],
    permission=Permission.QUESTIONS_RAISE,
    responses={
        **answers("Вопрос, каким он стал", QuestionCard, 200),
        **problems(conflict=CHANGED),
    },
)
def decide_question(question_id: QuestionId, new: NewDecision) -> QuestionCard:
    """Raise or decline a proposal, ask the officials, end the vote, withdraw or reopen."""
    question = router.question(question_id)
    reason = " ".join(new.reason.split())
    if fault := fault_of_quoted(reason):
        raise invalid("/reason", fault)
    by = router.caller.name
    return router.shown(decide(question, new.decision, by=by, reason=reason, desk=router.doors))
