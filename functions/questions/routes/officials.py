"""Routes of officials: answer, pass on, say whether it is solved; who answers how soon."""

from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import Field

from housechats.domain.access import Permission
from housechats.domain.answer_terms import terms_at
from housechats.domain.answer_times import answer_times
from housechats.domain.official_acts import LONGEST_ANSWER
from housechats.domain.official_texts import fault_of_answer, fault_of_reason
from housechats.domain.patterns import INN, INN_OR_NOTHING
from housechats.domain.people import Role
from housechats.domain.questions import LONGEST_REASON, Question, QuestionState
from housechats.domain.territories import Territory, region_of
from housechats.runtime.clock import this_moment
from housechats.runtime.http import ProblemError, answers, invalid, problems
from housechats.runtime.routes import Cursor, Limit, page_of
from questions.publish import publish
from questions.redirect import redirect
from questions.routes.cards import QuestionCard, QuestionNote, is_overdue, note_of
from questions.routes.router import QuestionId, Router
from questions.solved import confirm

router = Router()

LOOKED_BACK = timedelta(days=365)
NOT_IN_STATE = "Вопрос сейчас не в том состоянии: почему, сказано в `detail`."

Inn = Annotated[str, Path(pattern=INN, description="ИНН организации")]


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """An official answer to publish in the house chat."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_ANSWER)]
    """As all residents will read it, under the official line."""
    pin: Annotated[bool, Field(strict=True)] = False
    """Whether it is pinned in the chat."""


@dataclass(frozen=True, slots=True)
class NewRedirect:
    """Whose the question is."""

    inn: Annotated[str, Field(pattern=INN_OR_NOTHING)]
    """Another organisation of the house; empty: none of them, the municipality's staff decide."""
    reason: Annotated[str, Field(max_length=LONGEST_REASON)]
    """From 10 characters; the elder and whoever gets the question read it."""


@dataclass(frozen=True, slots=True)
class NewVerdict:
    """Whether a question that was answered is solved."""

    solved: Annotated[bool, Field(strict=True)]
    """Whether the residents have what they asked for."""
    reason: Annotated[str, Field(max_length=LONGEST_REASON)] = ""
    """What is not solved; wanted then, from 10 characters. The house reads it in its chat."""


@dataclass(frozen=True, slots=True)
class OrganisationQuestions:
    """A page of an organisation's questions, the most urgent first."""

    items: list[QuestionNote]
    next_cursor: str
    """Give it back for the next page; empty on the last one."""
    total: int
    """Questions on all pages."""
    overdue: int
    """Questions on all pages, of any state, that wait longer than they may."""
    counts: dict[QuestionState, int]
    """Questions by state, on all pages."""


@dataclass(frozen=True, slots=True)
class AnswerTimesNote:
    """How one organisation answers."""

    inn: str
    name: str
    """Empty when nobody has named it."""
    asked: int
    """Questions that were put to it within a year, and that it did not pass on."""
    answered: int
    """How many of them it has answered."""
    overdue: int
    """Questions that wait for it longer than they may."""
    median_days: float
    """Working days to its first answer; says nothing when `answered` is 0."""


@dataclass(frozen=True, slots=True)
class AnswerTimesCard:
    """Who answers, and how soon."""

    oktmo: str
    items: list[AnswerTimesNote]
    """Those with most overdue questions first."""


@router.post(
    "/questions/<question_id>/answer",
    operation_id="answerQuestion",
    summary="Ответить на вопрос официально",
    tags=["questions"],
    permission=Permission.QUESTIONS_ANSWER,
    once=True,
    rereads=True,
    responses={
        **answers("Вопрос с ответом; в чате он появится через несколько секунд", QuestionCard, 200),
        **problems(conflict=NOT_IN_STATE),
    },
)
def answer_question(question_id: QuestionId, new: NewAnswer) -> Response[QuestionCard]:
    """Publish an answer; staff answer for their own administration only."""
    question = router.question(question_id)
    if fault := fault_of_answer(new.text):
        raise invalid("/text", fault)
    deed = f"request/{router.asked.new_id()}"
    after = publish(
        question.id, new.text, (), by=router.caller, deed=deed, pin=new.pin, desk=router.doors
    )
    router.doors.own.send([{"question_id": question.id}])
    return Response(
        status_code=HTTPStatus.OK,
        content_type="application/json",
        headers={"Location": f"/questions/{question.id}"},
        body=router.shown(after),
    )


@router.post(
    "/questions/<question_id>/redirect",
    operation_id="redirectQuestion",
    summary="Передать вопрос другой организации",
    tags=["questions"],
    permission=Permission.QUESTIONS_ANSWER,
    responses={
        **answers("Вопрос, каким он стал", QuestionCard, 200),
        **problems(conflict=NOT_IN_STATE),
    },
)
def redirect_question(question_id: QuestionId, new: NewRedirect) -> QuestionCard:
    """Pass it on with a reason; after three times only staff can."""
    question = router.question(question_id)
    reason = _reason(new.reason)
    decides = any(
        post.role != Role.REPRESENTATIVE and post.territory.covers(question.oktmo)
        for post in router.caller.granting(Permission.QUESTIONS_ANSWER)
    )
    after = redirect(
        question.id, new.inn, reason, by=router.caller, decides=decides, desk=router.doors
    )
    return router.shown(after)


@router.post(
    "/questions/<question_id>/solved",
    operation_id="confirmQuestion",
    summary="Сказать, решён ли вопрос",
    tags=["questions"],
    permission=Permission.QUESTIONS_RAISE,
    responses={
        **answers("Вопрос, каким он стал", QuestionCard, 200),
        **problems(conflict=NOT_IN_STATE),
    },
)
def confirm_question(question_id: QuestionId, new: NewVerdict) -> QuestionCard:
    """Close it as solved, or send it to the officials again with what is not solved."""
    question = router.question(question_id)
    reason = "" if new.solved else _reason(new.reason)
    after = confirm(
        question.id, by=router.caller.name, solved=new.solved, reason=reason, desk=router.doors
    )
    return router.shown(after)


@router.get(
    "/organisations/<inn>/questions",
    operation_id="listOrganisationQuestions",
    summary="Вопросы к организации, самые срочные первыми",
    tags=["questions"],
    permission=Permission.QUESTIONS_ANSWER,
)
def list_organisation_questions(
    inn: Inn,
    state: Annotated[QuestionState | None, Query(description="Только такие")] = None,
    overdue: Annotated[bool, Query(description="Только те, на которые не ответили в срок")] = False,  # noqa: FBT002 - a parameter of the query
    cursor: Cursor = "",
    limit: Limit = 50,
) -> OrganisationQuestions:
    """List what it is to answer, by due time; then what is discussed, or was answered."""
    _reach_organisation(inn)
    now = this_moment()
    found = [
        one for one in router.doors.questions.of_organisation(inn) if router.may_reach([one.place])
    ]
    chosen = [
        one
        for one in found
        if state in {None, one.state} and (not overdue or is_overdue(one, now=now))
    ]
    items, next_cursor = page_of(chosen, _urgency, cursor, limit)
    return OrganisationQuestions(
        items=[note_of(one, now=now) for one in items],
        next_cursor=next_cursor,
        total=len(chosen),
        overdue=sum(is_overdue(one, now=now) for one in found),
        counts=dict(Counter(one.state for one in found)),
    )


@router.get(
    "/answer-times",
    operation_id="getAnswerTimes",
    summary="Кто и как быстро отвечает",
    tags=["questions"],
    permission=Permission.QUESTIONS_ANSWER,
)
def get_answer_times(
    oktmo: Annotated[
        str, Query(max_length=11, description="Территория; единственная ваша, если не указана")
    ] = "",
) -> AnswerTimesCard:
    """Tell of the questions of a year; a representative sees their own organisation."""
    code, now = router.covered(oktmo, "/query/oktmo"), this_moment()
    kept = router.doors.termbook.of_region(region_of(code))

    @cache
    def days_off(place: str) -> AbstractSet[date]:
        return terms_at(place, kept).days_off

    there = router.doors.questions.of_territory(Territory(code), since=now - LOOKED_BACK)
    times = answer_times((one for one in there if router.may_reach([one.place])), days_off, now=now)
    return AnswerTimesCard(
        oktmo=code,
        items=[
            AnswerTimesNote(
                inn=one.inn,
                name=router.name_of(one.inn, one.oktmo),
                asked=one.asked,
                answered=one.answered,
                overdue=one.overdue,
                median_days=one.median_days,
            )
            for one in times
        ],
    )


def _urgency(question: Question) -> str:
    due = question.overdue_from
    return f"{due.isoformat() if due else '9'}#{question.id}"


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if fault := fault_of_reason(reason):
        raise invalid("/reason", fault)
    return reason


def _reach_organisation(inn: str) -> None:
    """Let nobody learn of an organisation outside their reach whether it is there."""
    for region in sorted({territory.region for territory in router.territories}):
        card = router.doors.cards.get(region, inn)
        if card and router.may_reach(card.places):
            return
    raise ProblemError("not_found")
