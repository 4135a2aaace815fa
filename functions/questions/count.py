"""Use case: have activity count what was asked and answered in a house chat."""

from collections.abc import Callable
from datetime import datetime

from housechats.domain.activity import Deed
from housechats.domain.errands import Errand
from housechats.domain.questions import Question
from questions.desk import Desk

Then = Callable[[Question], Question]


def count_question(question: Question, errand: Errand, desk: Desk) -> Then:
    _count(question, Deed.QUESTION, question.id, int(errand.value), desk)
    return _nothing


def count_answer(question: Question, errand: Errand, desk: Desk) -> Then:
    """Have an answer counted, and how long it took where somebody waited for it."""
    number, _, took = errand.value.partition("/")
    at = question.answers[int(number) - 1].at
    more = {"seconds": int(took)} if took else {}
    _count(question, Deed.ANSWER, f"{question.id}/{number}", _ms(at), desk, **more)
    return _nothing


def _count(question: Question, deed: Deed, event: str, at: int, desk: Desk, **more: int) -> None:
    """Tell of a deed by an id that names nobody: repeats of it are counted once."""
    body: dict[str, str | int] = {
        "community": question.community,
        "chat_id": question.chat_id,
        "at": at,
        "event": event,
        "what": str(deed),
    }
    desk.activity.send([body | more])


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _nothing(question: Question) -> Question:
    return question
