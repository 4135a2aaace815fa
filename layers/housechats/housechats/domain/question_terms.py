"""Terms of questions: what begins to run when officials, or the residents, are asked."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from housechats.domain.answer_terms import AnswerTerms, terms_at
from housechats.domain.errands import Errand
from housechats.domain.questions import Question, Tally, errand_added
from housechats.domain.zones import beginning_of, day_at

SILENCE_DAYS = 7
"""So long the residents have to say whether it is solved."""
SILENCE_ENDS = time(18)
"""By the clock of the place: no quiet hours reach there."""


def officials_asked(question: Question, now: datetime) -> Question:
    """Return a question of which the officials are told: a new round of it."""
    turn = question.round + 1
    asked = replace(
        question,
        round=turn,
        invited_at=now,
        level=0,
        told=(),
        unreached="",
        texting_at=None,
        discussion_id="",
        discussed_until=None,
        discussion_cmid=0,
        solved=Tally(),
        solved_cmid=0,
        solved_shown_at=None,
        elder_objects=False,
        silence_at=None,
    )
    # The terms of the country, until those of the territory have been looked up.
    running = terms_begun(asked, terms_at(question.oktmo, []))
    return errand_added(running, Errand(f"invite/{turn}", "invite"))


def terms_begun(question: Question, terms: AnswerTerms) -> Question:
    """Return a question with the terms of those who were asked last."""
    asked_at = question.invited_at
    if asked_at is None:
        raise ValueError("nobody was asked")
    due_at = terms.due_at(question.kind, asked_at)
    moments = terms.reminders(asked_at, due_at)
    return replace(
        question, answer_due_at=due_at, remind_at=moments, reminded=0, wake_at=moments[0]
    )


def residents_asked(question: Question, now: datetime) -> Question:
    """Return a question of which the residents say whether it is solved: each time anew."""
    last_day = day_at(now, question.oktmo) + timedelta(days=SILENCE_DAYS)
    hour = timedelta(hours=SILENCE_ENDS.hour)
    until = beginning_of(last_day, question.oktmo) + hour
    asked = replace(
        question,
        answer_due_at=None,
        solved=Tally(),
        solved_cmid=0,
        solved_shown_at=None,
        elder_objects=False,
        silence_at=until,
        wake_at=until,
    )
    return errand_added(asked, Errand(f"solved/{question.turn}", "ask_if_solved"))


def counted_out(question: Question, *, cmid: int, turn: int) -> Question:
    """Return a question of which one card takes no more words: its buttons go.

    `turn`: that at which the residents were asked by it.
    """
    if not cmid:
        return question
    return errand_added(question, Errand(f"counted/{cmid}", "end_solved", value=f"{cmid}/{turn}"))
