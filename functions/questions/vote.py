"""Use case: count somebody's voice."""

from functools import partial

from housechats.domain.chat_events import ChatEvent, Press
from housechats.domain.questions import Question, QuestionState, Voice, voter_of
from housechats.runtime.errands import change
from questions.card import edit_wanted
from questions.desk import Desk, hand_over_soon

TAKEN = {Voice.FOR: "Ваш голос «за» учтён.", Voice.AGAINST: "Ваш голос «против» учтён."}
NOT_THIS_CHAT = "Этот вопрос из другого чата: голосуют в чате своего дома."
NO_SUCH = "Такого вопроса нет."
OVER = "Голосование по этому вопросу уже закончилось."
ENDING = "Голосование как раз заканчивается: ваш голос мог не успеть."
LATER_ONE_COUNTS = "Учтён ваш более поздний голос."


def vote(event: ChatEvent, press: Press, desk: Desk, *, voice: Voice) -> str:
    """Keep a voice, under whatever card of the question, and have the card say it soon."""
    question = desk.questions.get(press.thing)
    if question is None:
        return NO_SUCH
    if (question.community, question.chat_id) != (event.community, event.chat_id):
        return NOT_THIS_CHAT
    if not _is_open(question, event, desk):
        return OVER
    voter = voter_of(desk.key, question.id, event.user)
    kept = desk.voices.put(question.id, "vote", voter, voice, at=event.at, order=event.id)
    wanted = partial(edit_wanted, now=desk.clock())
    before = {one.id for one in question.errands}
    # Read anew after the voice was kept: whoever counts from now on counts it.
    after = change(question.id, lambda now: wanted(now) if _votes(now) else now, desk.questions)
    if after is None or not _is_open(after, event, desk):
        return ENDING
    if {one.id for one in after.errands} - before:
        hand_over_soon(after, desk)
    return TAKEN[voice] if kept else LATER_ONE_COUNTS


def _is_open(question: Question, event: ChatEvent, desk: Desk) -> bool:
    """Tell whether a voice of that moment still counts: nobody is let in once it is counted."""
    until = question.vote_until
    return _votes(question) and until is not None and max(event.at, desk.clock()) <= until


def _votes(question: Question) -> bool:
    return question.state == QuestionState.VOTING
