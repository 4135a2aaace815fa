"""Use case: the elder, or staff, decide what becomes of a question."""

from collections.abc import Callable
from enum import StrEnum

from housechats.domain import question_acts as acts
from housechats.domain.questions import NotNowError, Question, QuestionState
from housechats.runtime.errands import change
from questions.desk import Records, rules_of
from questions.raising import require_room_to_raise


class Decision(StrEnum):
    """What may be decided."""

    RAISE = "raise"
    DECLINE = "decline"
    ASK = "ask"
    """Ask the officials, whatever the vote was."""
    END_VOTE = "end_vote"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


def decide(
    question: Question, decision: Decision, *, by: str, reason: str, desk: Records
) -> Question:
    """Do what was decided; NotNowError when it cannot be done now. The worker goes on with it."""
    after = change(question.id, _deed(question, decision, by, reason, desk), desk.questions)
    if after is None:
        raise NotNowError("Такого вопроса больше нет.")
    if after.state == QuestionState.VOTING and decision in {Decision.END_VOTE, Decision.ASK}:
        # Only now: no voice is let in any more, so that all are counted that were.
        after = change(question.id, _counted(after, decision, by, desk), desk.questions) or after
    desk.own.send([{"question_id": question.id}])
    return after


def _deed(
    question: Question, decision: Decision, by: str, reason: str, desk: Records
) -> Callable[[Question], Question]:
    now = desk.clock()
    match decision:
        case Decision.RAISE:
            house = desk.houses.get(question.house_id)
            residents = house.residents if house else 0
            rules = rules_of(question.oktmo, desk)
            require_room_to_raise(question.house_id, desk, now=now)
            return lambda one: acts.raised(one, by=by, rules=rules, residents=residents, now=now)
        case Decision.DECLINE:
            return lambda one: acts.declined(one, by=by, reason=reason, now=now)
        case Decision.END_VOTE:
            return lambda one: acts.vote_stopped(one, now=now)
        case Decision.ASK:
            return lambda one: (
                acts.vote_stopped(one, now=now)
                if one.state == QuestionState.VOTING
                else acts.asked(one, by=by, now=now)
            )
        case Decision.WITHDRAW:
            return lambda one: acts.withdrawn(one, by=by, reason=reason, now=now)
        case Decision.REOPEN:
            return lambda one: acts.reopened(one, by=by, reason=reason, now=now)


def _counted(
    question: Question, decision: Decision, by: str, desk: Records
) -> Callable[[Question], Question]:
    tally, now = desk.voices.tally(question.id, "vote"), desk.clock()
    if decision == Decision.END_VOTE:
        return lambda one: acts.vote_counted(one, tally, now=now, by=by)
    return lambda one: (
        acts.asked(one, by=by, now=now, tally=tally) if one.state == QuestionState.VOTING else one
    )
