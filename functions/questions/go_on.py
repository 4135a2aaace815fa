"""Use case: do what is due with a question: what its terms bring, and its errands."""

from functools import partial

from housechats.domain.questions import Question
from housechats.runtime.errands import change, run_errands
from questions.desk import Desk, hand_over_soon
from questions.errands import do, refused
from questions.wake import is_due, wake

TURNS = 4
"""A term makes errands, an errand may end the vote, and that makes errands once more."""


def go_on(question_id: str, *, desk: Desk) -> Question | None:
    """Do all that is due, and return the question as it is then; None when there is none."""
    question = desk.questions.get(question_id)
    for _ in range(TURNS):
        if question and is_due(question, desk):
            question = change(question_id, wake(question, desk=desk), desk.questions)
        question = run_errands(
            question_id,
            store=desk.questions,
            do=partial(do, desk=desk),
            refused=partial(refused, desk=desk),
            clock=desk.clock,
        )
        if question is None or not is_due(question, desk):
            break
    if question:
        hand_over_soon(question, desk)
    return question
