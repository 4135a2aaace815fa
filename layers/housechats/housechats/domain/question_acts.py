"""Acts upon questions before the officials are asked, and after all is over: pure changes."""

from dataclasses import replace
from datetime import datetime, timedelta

from housechats.domain.errands import Errand
from housechats.domain.question_rules import QuestionRules
from housechats.domain.question_terms import counted_out, officials_asked, residents_asked
from housechats.domain.questions import (
    ELDER_DECIDES,
    REOPENED_WITHIN,
    Happening,
    NotNowError,
    Question,
    QuestionState,
    Tally,
    ended,
    errand_added,
    happened,
    moved,
    with_past_discussion,
)

TOO_LATE = "Открыть вопрос снова можно в течение 30 дней после закрытия: задайте новый."
NEVER_RAISED = "Старший по дому не ответил на предложение за две недели."
WITHDRAWN = "Вопрос снят."
NOT_SUPPORTED = "Вопрос набрал мало голосов, и ответственным его не отправили."
DISCUSSED_AT_MOST = timedelta(days=7)
"""From its time: four hours at most, three days for the protocol, and some for what is late."""


def proposed(question: Question, *, now: datetime) -> Question:
    """Return a new question that waits for the elder."""
    waits = replace(question, wake_at=now + ELDER_DECIDES)
    return errand_added(waits, Errand("proposed", "tell_elder"))


def raised(
    question: Question, *, by: str, rules: QuestionRules, residents: int, now: datetime
) -> Question:
    """Return a question that is put to the vote."""
    until = now + timedelta(days=rules.vote_days)
    after = replace(
        happened(question, Happening.RAISED, now=now, by=by),
        vote_until=until,
        enough=rules.enough(residents),
        wake_at=until,
    )
    at = str(round(now.timestamp() * 1000))
    after = errand_added(
        after, Errand("card", "post_card"), Errand("counted", "count_question", value=at)
    )
    return after if by == question.raised_by else _author_told(after)


def declined(question: Question, *, by: str, reason: str, now: datetime) -> Question:
    after = happened(question, Happening.DECLINED, now=now, by=by, reason=reason)
    return _author_told(ended(after, outcome=reason or "Вопрос отклонён.", now=now))


def never_raised(question: Question, *, now: datetime) -> Question:
    """Return a proposal to which the elder has said nothing for too long."""
    after = happened(question, Happening.SILENCE, now=now)
    return _author_told(ended(after, outcome=NEVER_RAISED, now=now))


def vote_stopped(question: Question, *, now: datetime) -> Question:
    """Return a question to whose vote nobody is let any more: first of all, then it is counted."""
    if question.state != QuestionState.VOTING:
        raise NotNowError("Голосование по вопросу уже закончилось.")
    until = min(question.vote_until or now, now)
    return replace(question, vote_until=until, wake_at=until)


def vote_counted(question: Question, tally: Tally, *, now: datetime, by: str = "") -> Question:
    """Return a question whose vote is over; nothing when it has been counted before."""
    if question.state != QuestionState.VOTING:
        return question
    counted = replace(question, tally=tally)
    if is_enough(counted):
        return _sent_on(happened(counted, Happening.SUPPORTED, now=now, by=by), now)
    after = happened(counted, Happening.NOT_SUPPORTED, now=now, by=by)
    turn = after.turn
    return errand_added(
        replace(after, wake_at=now + ELDER_DECIDES),
        Errand(f"card/{turn}", "edit_card"),
        Errand(f"ended/{turn}", "say_vote_ended"),
        Errand(f"unsupported/{turn}", "tell_elder"),
    )


def is_enough(question: Question) -> bool:
    """Tell whether the voices are enough by now: and more for it than against."""
    tally = question.tally
    return tally.those_for >= question.enough > 0 and tally.those_for > tally.against


def asked(question: Question, *, by: str, now: datetime, tally: Tally | None = None) -> Question:
    """Return a question that goes to the officials, whatever the vote was."""
    counted = replace(question, tally=tally) if tally else question
    return _sent_on(happened(counted, Happening.ASKED, now=now, by=by), now)


def withdrawn(question: Question, *, by: str, reason: str, now: datetime) -> Question:
    after = happened(question, Happening.WITHDRAWN, now=now, by=by, reason=reason)
    outcome = f"{WITHDRAWN} Причина: {reason}" if reason else WITHDRAWN
    after = ended(after, outcome=outcome, now=now)
    after = counted_out(after, cmid=question.solved_cmid, turn=question.turn)
    if question.discussion_id:
        told = Errand(f"discussion/{after.turn}", "tell_discussion")
        after = errand_added(after, replace(told, value=question.discussion_id))
    return after if by == question.raised_by else _author_told(after)


def given_up(question: Question, *, now: datetime) -> Question:
    """Return a question that had too few voices and that the elder did not send on."""
    after = happened(question, Happening.SILENCE, now=now)
    return ended(after, outcome=NOT_SUPPORTED, now=now)


def reopened(question: Question, *, by: str, reason: str, now: datetime) -> Question:
    moved(question, Happening.REOPENED)
    if question.closed_at is None or now - question.closed_at > REOPENED_WITHIN:
        raise NotNowError(TOO_LATE)
    after = happened(question, Happening.REOPENED, now=now, by=by, reason=reason)
    told = Errand(f"reopened/{after.turn}", "say_reopened")
    again = errand_added(replace(after, outcome="", closed_at=None), told)
    return officials_asked(again, now)


# What discussions tell


def time_named(
    question: Question,
    discussion_id: str,
    *,
    starts_at: datetime,
    now: datetime,
    by: str | None = None,
) -> Question:
    """Return a question that is to be discussed; also when that time was moved.

    `by`: ИНН of the organisation that named it: it may be another's question by now.
    """
    if discussion_id in question.past_discussions:
        return question
    if question.state != QuestionState.DISCUSSED:
        if by not in {None, question.inn}:
            raise NotNowError("Вопрос уже у другой организации.")
        question = happened(question, Happening.TIME_NAMED, now=now)
        question = replace(question, discussion_id=discussion_id, answer_due_at=None)
    elif question.discussion_id != discussion_id:
        raise NotNowError("По вопросу уже назначено другое обсуждение.")
    # What is told of an earlier time may come after what is told of the later one.
    until = max(starts_at + DISCUSSED_AT_MOST, question.discussed_until or now)
    return replace(question, discussed_until=until, wake_at=until)


def discussion_cancelled(question: Question, discussion_id: str, *, now: datetime) -> Question:
    question, discussed = _past(question, discussion_id)
    if not discussed:
        return question
    return officials_asked(happened(question, Happening.DISCUSSION_CANCELLED, now=now), now)


def discussion_over(
    question: Question, discussion_id: str, *, now: datetime, cmid: int = 0
) -> Question:
    """Return a question that was discussed; `cmid`: the message that says what came of it."""
    question, discussed = _past(question, discussion_id)
    if not discussed:
        return question
    after = happened(question, Happening.DISCUSSION_OVER, now=now)
    return residents_asked(replace(after, discussion_cmid=cmid), now)


def discussion_lost(question: Question, *, now: datetime) -> Question:
    """Return a question whose discussion has told nothing for too long."""
    return officials_asked(happened(question, Happening.SILENCE, now=now), now)


def _past(question: Question, discussion_id: str) -> tuple[Question, bool]:
    """Note that a discussion is over, and tell whether it is what the question waits for."""
    waits = question.state == QuestionState.DISCUSSED and question.discussion_id == discussion_id
    return with_past_discussion(question, discussion_id), waits


def _sent_on(question: Question, now: datetime) -> Question:
    turn = question.turn
    told = errand_added(
        question,
        Errand(f"card/{turn}", "edit_card"),
        Errand(f"ended/{turn}", "say_vote_ended"),
    )
    return officials_asked(told, now)


def _author_told(question: Question) -> Question:
    return errand_added(question, Errand(f"author/{question.turn}", "tell_author"))
