"""Use case: a question is not theirs: say whose it is, and why."""

from collections.abc import Callable

from housechats.domain import official_texts as texts
from housechats.domain.access import Caller
from housechats.domain.errands import Errand
from housechats.domain.houses import House
from housechats.domain.official_acts import redirected
from housechats.domain.questions import Happening, NotNowError, Question
from housechats.runtime.errands import change
from questions.desk import Desk, NotForYouError, elder_vk_of, name_of
from questions.officials import NO_SUCH, NOT_YOURS, Registers, may_answer
from questions.tell import tell

Then = Callable[[Question], Question]
NOT_OF_HOUSE = "Эта организация за домом не закреплена: выберите другую."


def redirect(
    question_id: str, inn: str, reason: str, *, by: Caller, decides: bool, desk: Registers
) -> Question:
    """Give a question to another organisation of the house; `inn` empty: to none of them.

    `decides`: staff do, who may say so however often it was redirected.
    """
    question = desk.questions.get(question_id)
    house = desk.houses.get(question.house_id) if question else None
    if question is None or house is None:
        raise NotNowError(NO_SUCH)
    if inn and inn not in house.organisations:
        raise NotNowError(NOT_OF_HOUSE)
    now, kind = desk.clock(), house.organisations.get(inn)

    def then(one: Question) -> Question:
        if _is_done(one, by, reason):
            return one
        if not (decides or may_answer(by, one)):
            raise NotForYouError(NOT_YOURS)
        return redirected(one, inn, kind, by=by.name, reason=reason, now=now, decides=decides)

    after = change(question_id, then, desk.questions)
    if after is None:
        raise NotNowError(NO_SUCH)
    desk.own.send([{"question_id": question_id}])
    return after


def _is_done(question: Question, by: Caller, reason: str) -> bool:
    last = question.deeds[-1:]
    return any(
        (deed.what, deed.by, deed.reason) == (Happening.REDIRECTED, by.name, reason)
        for deed in last
    )


def others_of(question: Question, house: House) -> list[str]:
    """Return ИНН of the other organisations of the house."""
    return sorted(set(house.organisations) - {question.inn})


def tell_redirected(question: Question, errand: Errand, desk: Desk) -> Then:
    """Tell the elder whose their question is by now."""
    elder = elder_vk_of(question.house_id, desk)
    if elder and question.redirects:
        before = question.redirects[-1].partition(": ")[0]
        names = {inn: name_of(inn, question.oktmo, desk) for inn in {before, question.inn} - {""}}
        tell(question, errand, desk, elder, texts.redirected(question, names))
    return _nothing


def _nothing(question: Question) -> Question:
    return question
