"""Use case: say in the chat, to the elder and to the author what has become of a question."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from housechats.domain import question_texts as texts
from housechats.domain.chat_events import Press, Room
from housechats.domain.errands import Errand
from housechats.domain.questions import VOICES_KEPT, Question, QuestionState
from housechats.ports.talks import PressButton, Row, Saying, Tone
from questions.desk import Desk, elder_vk_of, name_of

Then = Callable[[Question], Question]


def say_vote_ended(question: Question, errand: Errand, desk: Desk) -> Then:
    text = texts.vote_ended(question, _name(question, desk))
    cmid = say(question, errand, desk, text, reply_to=question.card_cmid)
    return lambda one: replace(one, asked_cmid=cmid)


def say_closing(question: Question, errand: Errand, desk: Desk) -> Then:
    """Say what came of it; of one that was opened again meanwhile there is nothing to say."""
    if not question.state.over:
        return _nothing
    inns = {one.inn for one in question.answers}
    names = {inn: name_of(inn, question.oktmo, desk) for inn in inns}
    under = question.discussion_cmid or question.card_cmid
    say(question, errand, desk, texts.closing(question, names), reply_to=under)
    return _nothing


def say_reopened(question: Question, errand: Errand, desk: Desk) -> Then:
    cmid = say(question, errand, desk, texts.reopened(question, _name(question, desk)))
    return lambda one: replace(one, asked_cmid=cmid)


def tell_elder(question: Question, errand: Errand, desk: Desk) -> Then:
    """Ask the elder; where there is none, or no page is known, staff see it in the API."""
    elder = elder_vk_of(question.house_id, desk)
    if elder and question.state == QuestionState.PROPOSED:
        text = texts.proposal(question, _name(question, desk))
        rows = _buttons(question, ("Задать", "raise"), ("Отклонить", "decline"))
        tell(question, errand, desk, elder, text, rows, attachment=",".join(question.photos))
    elif elder and question.state == QuestionState.UNSUPPORTED:
        rows = _buttons(question, ("Отправить ответственным", "ask_anyway"), ("Снять", "withdraw"))
        tell(question, errand, desk, elder, texts.unsupported(question), rows)
    return _nothing


def tell_author(question: Question, errand: Errand, desk: Desk) -> Then:
    if question.raised_by:  # else they are forgotten
        author = int(question.raised_by.removeprefix("vk:"))
        tell(question, errand, desk, author, texts.told_author(question))
    return _nothing


def tell_discussion(_question: Question, errand: Errand, desk: Desk) -> Then:
    desk.discussions.send([{"discussion_id": errand.value, "happened": "question_over"}])
    return _nothing


def forget_voices(question: Question, _errand: Errand, desk: Desk) -> Then:
    if question.closed_at:
        desk.voices.forget(question.id, until=question.closed_at + VOICES_KEPT)
    return _nothing


def say(
    question: Question,
    errand: Errand,
    desk: Desk,
    text: str,
    rows: Sequence[Row] = (),
    *,
    reply_to: int = 0,
) -> int:
    """Say something in the house chat, once, and return the message's cmid."""
    begun = errand.begun_at or desk.clock()
    saying = Saying(text, errand.random_id(question.id), begun, rows, reply_to=reply_to)
    return desk.talk_of(question.community).say(question.chat_id, saying)


def tell(
    question: Question,
    errand: Errand,
    desk: Desk,
    vk_id: int,
    text: str,
    rows: Sequence[Row] = (),
    *,
    attachment: str = "",
) -> int:
    """Tell somebody something privately, once, and return the message's cmid."""
    begun = errand.begun_at or desk.clock()
    saying = Saying(text, errand.random_id(question.id), begun, rows, attachment)
    return desk.talk_of(question.community).tell(vk_id, saying)


def _buttons(question: Question, good: tuple[str, str], bad: tuple[str, str]) -> tuple[Row, ...]:
    def button(named: tuple[str, str], tone: Tone) -> PressButton:
        return PressButton(named[0], Press(Room.QUESTIONS, named[1], question.id), tone)

    return ((button(good, Tone.GOOD), button(bad, Tone.PLAIN)),)


def _name(question: Question, desk: Desk) -> str:
    return name_of(question.inn, question.oktmo, desk)


def _nothing(question: Question) -> Question:
    return question
