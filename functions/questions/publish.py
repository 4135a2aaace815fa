"""Use case: publish an official answer in the house chat, and ask the residents what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from housechats.domain import official_texts as texts
from housechats.domain.access import Caller
from housechats.domain.errands import Errand
from housechats.domain.errors import RefusedError
from housechats.domain.official_acts import answered
from housechats.domain.questions import (
    NotNowError,
    OfficialAnswer,
    Question,
    errand_added,
)
from housechats.ports.talks import Saying
from housechats.runtime.errands import change
from questions.desk import Desk, NotForYouError
from questions.officials import NO_SUCH, NOT_YOURS, Registers, may_answer, speaker_of
from questions.tell import tell

Then = Callable[[Question], Question]


def publish(
    question_id: str,
    text: str,
    photos: Sequence[str],
    *,
    by: Caller,
    deed: str,
    pin: bool,
    desk: Registers,
) -> Question:
    """Keep an answer that the worker puts into the chat; who may not answer any more is refused.

    `deed`: the event or request that it comes from; a repeat of it publishes nothing.
    """
    now = desk.clock()

    def then(question: Question) -> Question:
        if deed in {one.id for one in question.answers}:
            return question
        if not may_answer(by, question):
            raise NotForYouError(NOT_YOURS)
        answer = OfficialAnswer(
            inn=question.inn,
            by=by.name,
            at=now,
            text=text.strip(),
            pin=pin,
            photos=tuple(photos),
            id=deed,
            speaker=speaker_of(question, by, desk),
        )
        return answered(question, answer)

    after = change(question_id, then, desk.questions)
    if after is None:
        raise NotNowError(NO_SUCH)
    return after


def say_answer(question: Question, errand: Errand, desk: Desk) -> Then:
    """Post an answer under the official line, as a reply to the card."""
    number = int(errand.value)
    answer = question.answers[number - 1]
    cmid = desk.talk_of(question.community).say(
        question.chat_id,
        Saying(
            texts.answer(answer),
            errand.random_id(question.id),
            errand.begun_at or desk.clock(),
            attachment=",".join(answer.photos),
            reply_to=question.card_cmid,
        ),
    )
    return partial(_posted, number=number, cmid=cmid)


def not_said(question: Question, errand: Errand, refusal: RefusedError, _desk: Desk) -> Question:
    """Have whoever answered told that the chat did not take it."""
    answer = question.answers[int(errand.value) - 1]
    if not answer.by:  # they are forgotten
        return question
    told = Errand(
        f"unposted/{errand.value}",
        "tell_unposted",
        to=int(answer.by.removeprefix("vk:")),
        value=refusal.message,
    )
    return errand_added(question, told)


def tell_unposted(question: Question, errand: Errand, desk: Desk) -> Then:
    tell(question, errand, desk, errand.to, texts.unposted(errand.value))
    return _nothing


def pin_answer(question: Question, errand: Errand, desk: Desk) -> Then:
    desk.talk_of(question.community).pin(question.chat_id, int(errand.value))
    return _nothing


def _posted(question: Question, number: int, cmid: int) -> Question:
    posted = replace(question.answers[number - 1], cmid=cmid)
    answers = (*question.answers[: number - 1], posted, *question.answers[number:])
    after = replace(question, answers=answers)
    pin = Errand(f"pin/{number}", "pin_answer", value=str(cmid))
    return errand_added(after, pin) if posted.pin else after


def _nothing(question: Question) -> Question:
    return question
