"""Use case: keep a new question, put to the vote at once or proposed to the elder."""

from datetime import datetime, timedelta

from housechats.domain.houses import House
from housechats.domain.question_acts import proposed, raised
from housechats.domain.questions import NotNowError, Question, QuestionState
from questions.desk import Records, rules_of

A_DAY = timedelta(days=1)
A_DAY_AT_MOST = 5
TOO_MANY = "В этом доме за сутки уже задали пять вопросов. Задайте свой завтра."
ONE_WAITS = "Ваш вопрос по этому дому уже ждёт решения старшего: дождитесь его ответа."
NO_CHAT = "У этого дома пока нет чата."


def add_question(question: Question, house: House, *, at_once: bool, desk: Records) -> Question:
    """Keep a question; a repeat of it returns the one that is there.

    NotNowError when a limit is reached. The worker goes on with it.
    """
    there = desk.questions.get(question.id)
    if there is None:
        if not question.chat_id:
            raise NotNowError(NO_CHAT)
        now = question.raised_at
        _require_room(question, at_once=at_once, desk=desk)
        if at_once:
            rules = rules_of(house.oktmo, desk)
            question = raised(
                question, by=question.raised_by, rules=rules, residents=house.residents, now=now
            )
        else:
            question = proposed(question, now=now)
        there = desk.questions.add(question)
    desk.own.send([{"question_id": there.id}])
    return there


def require_room_to_raise(house_id: str, desk: Records, *, now: datetime) -> None:
    """Refuse a sixth question within a day: a chat of votes is left by its people."""
    lately = [
        one
        for one in desk.questions.of_house(house_id)
        if one.vote_until and now - one.deeds[0].at < A_DAY
    ]
    if len(lately) >= A_DAY_AT_MOST:
        raise NotNowError(TOO_MANY)


def _require_room(question: Question, *, at_once: bool, desk: Records) -> None:
    if at_once:
        require_room_to_raise(question.house_id, desk, now=question.raised_at)
        return
    waiting = desk.questions.of_house(question.house_id, state=QuestionState.PROPOSED)
    if any(one.raised_by == question.raised_by for one in waiting):
        raise NotNowError(ONE_WAITS)
    today = [
        one
        for one in desk.questions.of_house(question.house_id)
        if question.raised_at - one.raised_at < A_DAY
    ]
    if len(today) >= A_DAY_AT_MOST:
        raise NotNowError(TOO_MANY)
