"""Use case: what a term that is over makes of a question."""

from collections.abc import Callable, Mapping

from housechats.domain.official_acts import reminded
from housechats.domain.question_acts import (
    discussion_lost,
    given_up,
    never_raised,
    vote_counted,
)
from housechats.domain.questions import Question, QuestionState
from questions.desk import Desk
from questions.solved import settle

Then = Callable[[Question], Question]
Waking = Callable[[Question, Desk], Then]
"""Returns the change: it is made of the question as it is then, if that is due still."""


def count_vote(question: Question, desk: Desk) -> Then:
    """Count the voices: nobody is let to the vote any more once its time is over."""
    tally = desk.voices.tally(question.id, "vote")
    return lambda now: vote_counted(now, tally, now=desk.clock())


WAKES: Mapping[QuestionState, Waking] = {
    QuestionState.PROPOSED: lambda _, desk: lambda now: never_raised(now, now=desk.clock()),
    QuestionState.VOTING: count_vote,
    QuestionState.UNSUPPORTED: lambda _, desk: lambda now: given_up(now, now=desk.clock()),
    QuestionState.INVITED: lambda _, desk: lambda now: reminded(now, now=desk.clock()),
    QuestionState.ANSWERED: settle,
    QuestionState.DISCUSSED: lambda _, desk: lambda now: discussion_lost(now, now=desk.clock()),
}


def is_due(question: Question, desk: Desk) -> bool:
    return question.wake_at is not None and question.wake_at <= desk.clock()


def wake(question: Question, *, desk: Desk) -> Then:
    """Return what the term makes of it."""
    bring = WAKES[question.state](question, desk)

    def then(now: Question) -> Question:
        return bring(now) if now.state == question.state and is_due(now, desk) else now

    return then
