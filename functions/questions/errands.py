"""Errands of questions: what is said and done for each kind."""

from collections.abc import Callable, Mapping

from housechats.domain.errands import Errand, without
from housechats.domain.errors import RefusedError
from housechats.domain.questions import Question
from questions import card, count, invite, publish, redirect, solved, tell
from questions.desk import Desk

Then = Callable[[Question], Question]
"""What is noted of a done errand."""

ERRANDS: Mapping[str, Callable[[Question, Errand, Desk], Then]] = {
    "post_card": card.post,
    "edit_card": card.edit,
    "redraw_card": card.redraw,
    "show_overdue": card.show_overdue,
    "count_question": count.count_question,
    "count_answer": count.count_answer,
    "say_vote_ended": tell.say_vote_ended,
    "say_closing": tell.say_closing,
    "say_reopened": tell.say_reopened,
    "tell_elder": tell.tell_elder,
    "tell_author": tell.tell_author,
    "tell_discussion": tell.tell_discussion,
    "forget_voices": tell.forget_voices,
    "invite": invite.invite,
    "ask": invite.ask,
    "text": invite.text,
    "alert": invite.alert,
    "tell_staff": invite.tell_staff,
    "give_appeal": invite.give_appeal,
    "remind": invite.remind,
    "nudge": invite.nudge,
    "say_answer": publish.say_answer,
    "tell_unposted": publish.tell_unposted,
    "pin_answer": publish.pin_answer,
    "tell_redirected": redirect.tell_redirected,
    "ask_if_solved": solved.ask_if_solved,
    "show_solved": solved.show_solved,
    "end_solved": solved.end_solved,
    "ask_why": solved.ask_why,
}

REFUSALS: Mapping[str, Callable[[Question, Errand, RefusedError, Desk], Question]] = {
    "ask": invite.not_asked,
    "say_answer": publish.not_said,
    "ask_why": solved.not_asked_why,
}
"""What is noted when the messenger refuses an errand; else it is only left undone."""


def do(question: Question, errand: Errand, *, desk: Desk) -> Then:
    return ERRANDS[errand.kind](question, errand, desk)


def refused(question: Question, errand: Errand, refusal: RefusedError, *, desk: Desk) -> Question:
    left = question.with_errands(without(question.errands, errand.id))
    note = REFUSALS.get(errand.kind)
    return note(left, errand, refusal, desk) if note else left
