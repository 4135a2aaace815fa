"""Acts of officials, and the residents' word on them: pure changes of questions."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from housechats.domain.answer_terms import AnswerTerms
from housechats.domain.errands import Errand
from housechats.domain.organisations import OrganisationKind
from housechats.domain.question_terms import (
    counted_out,
    officials_asked,
    residents_asked,
    terms_begun,
)
from housechats.domain.questions import (
    Happening,
    NotNowError,
    OfficialAnswer,
    Question,
    QuestionState,
    Tally,
    ended,
    errand_added,
    happened,
)

LONGEST_ANSWER = 3000
"""As VK counts, in UTF-16 units; with its first line it goes into one message."""
MOST_REDIRECTS = 3
"""Then the municipality's staff decide whose the question is."""
MOST_ANSWERS = 30
"""To one question: with all that has happened to it they fit into one item of the table."""
SMS_LANE = -1
"""Nobody's number, so that an SMS waits in a line of its own, not in that of the house chat."""
REDIRECTS_KEPT = 20
"""The latest of them; all stand among the deeds."""
ENOUGH_WORDS = 3
"""So many residents have to have said something for «решено» to count; the elder alone may."""

SOLVED_BY_ELDER = "Вопрос решён, так сказал старший по дому."
SOLVED_BY_RESIDENTS = "Вопрос решён, так сказали жители."
NOBODY_OBJECTED = "Ответ получен. Жители не сказали, что вопрос не решён, и он закрыт."
NOBODY_OBJECTED_DISCUSSED = (
    "Обсуждение прошло. Жители не сказали, что вопрос не решён, и он закрыт."
)
ELDER_OBJECTED = "Старший по дому сказал, что вопрос не решён."
RESIDENTS_OBJECTED = "Жители сказали, что вопрос не решён."
SAME_ONE = "Этот вопрос и так у этой организации."
TOO_MANY_ANSWERS = (
    "На этот вопрос ответили уже 30 раз: назначьте обсуждение или предложите задать новый вопрос."
)
ANOTHER_ANSWER = "Жители говорят уже о другом ответе."


# Asking


def asked_them(
    question: Question,
    round_number: int,
    representatives: Iterable[int],
    terms: AnswerTerms,
    *,
    not_before: datetime,
) -> Question:
    """Return a question of which these people are told; without any the next level is.

    `not_before`: when it is not quiet where the house stands.
    """
    if not _waits_in(question, round_number):
        return question
    asked = terms_begun(question, terms)
    letters = [
        Errand(f"ask/{round_number}/{vk_id}", "ask", to=vk_id, at=not_before)
        for vk_id in representatives
    ]
    return errand_added(asked, *letters) if letters else _texted(asked)


def was_told(question: Question, round_number: int, vk_id: int) -> Question:
    if not _waits_in(question, round_number) or vk_id in question.told:
        return question
    return replace(question, told=(*question.told, vk_id))


def was_not_told(question: Question, errand: Errand) -> Question:
    """Return a question whose invitation one person cannot get; if nobody has, SMS is tried."""
    round_number = int(errand.id.split("/")[1])
    others = [one for one in question.errands if one.kind == "ask" and one.id != errand.id]
    if not _waits_in(question, round_number) or question.told or others:
        return question
    return _texted(question)


def nobody_told(question: Question, round_number: int, reason: str) -> Question:
    """Return a question whose officials nobody can reach: the municipality's staff are told."""
    if not _waits_in(question, round_number):
        return question
    alert = Errand(f"alert/{question.round}/unreached", "alert", value="unreached")
    return errand_added(replace(question, unreached=reason), alert)


def _texted(question: Question) -> Question:
    """Return a question of which an SMS tells; held back at night, it delays nothing else."""
    return errand_added(question, Errand(f"text/{question.round}", "text", to=SMS_LANE))


def _waits_in(question: Question, round_number: int) -> bool:
    return question.state == QuestionState.INVITED and question.round == round_number


# Reminding


def reminded(question: Question, *, now: datetime) -> Question:
    """Return a question whose officials are reminded once, however many moments were missed."""
    come = sum(moment <= now for moment in question.remind_at)
    if question.state != QuestionState.INVITED or come <= question.reminded:
        return question
    over = come == len(question.remind_at)
    after = replace(
        question,
        reminded=come,
        level=1 if over else question.level,
        wake_at=None if over else question.remind_at[come],
    )
    remind = Errand(f"remind/{question.round}/{come}", "remind", value=str(come))
    late = (
        Errand(f"alert/{question.round}/overdue", "alert", value="overdue"),
        Errand(f"appeal/{question.round}", "give_appeal"),
        Errand(f"card/{question.round}/overdue", "show_overdue"),
    )
    return errand_added(after, remind, *(late if over else ()))


# Answering


def answered(question: Question, answer: OfficialAnswer) -> Question:
    """Return a question with an answer that goes into the chat; a repeat of one changes nothing."""
    if answer.id in {one.id for one in question.answers}:
        return question
    if len(question.answers) >= MOST_ANSWERS:
        raise NotNowError(TOO_MANY_ANSWERS)
    after = happened(question, Happening.ANSWERED, now=answer.at, by=answer.by)
    after = replace(after, answers=(*question.answers, answer))
    number = str(len(after.answers))
    if question.discussion_id and question.state == QuestionState.DISCUSSED:
        told = Errand(f"discussion/{after.turn}", "tell_discussion")
        after = errand_added(after, replace(told, value=question.discussion_id))
    after = errand_added(after, Errand(f"answer/{number}", "say_answer", value=number))
    after = residents_asked(_counted_out(after, question), answer.at)
    return errand_added(after, _counting(question, answer, number))


def _counting(question: Question, answer: OfficialAnswer, number: str) -> Errand:
    """Return the errand that has an answer counted; a second one to the same took no time."""
    waited = question.state != QuestionState.ANSWERED and question.invited_at
    took = f"/{round((answer.at - waited).total_seconds())}" if waited else ""
    return Errand(f"answer_counted/{number}", "count_answer", value=f"{number}{took}")


def redirected(
    question: Question,
    inn: str,
    kind: OrganisationKind | None,
    *,
    by: str,
    reason: str,
    now: datetime,
    decides: bool = False,
) -> Question:
    """Return a question that is another organisation's; `inn` empty: of none that is known.

    `decides`: staff do; else after some redirects it is for them to say whose it is.
    """
    if inn == question.inn and question.state == QuestionState.INVITED:
        raise NotNowError(SAME_ONE)
    too_often = not decides and len(question.redirects) >= MOST_REDIRECTS
    after = happened(question, Happening.REDIRECTED, now=now, by=by, reason=reason)
    after = replace(
        after,
        inn="" if too_often else inn,
        kind=None if too_often else kind,
        redirects=(*question.redirects, f"{question.inn}: {reason}")[-REDIRECTS_KEPT:],
    )
    told = Errand(f"redirected/{after.turn}", "tell_redirected")
    return errand_added(officials_asked(after, now), told)


# The residents' word


def objected(question: Question, elder: int) -> Question:
    """Return a question that the elder finds not solved: they are asked why before it goes on."""
    if question.state != QuestionState.ANSWERED:
        raise NotNowError(ANOTHER_ANSWER)
    if question.elder_objects:
        return question
    ask = Errand(f"why/{question.turn}", "ask_why", to=elder)
    return errand_added(replace(question, elder_objects=True), ask)


def solved(question: Question, *, by: str, outcome: str, now: datetime) -> Question:
    after = happened(question, Happening.SOLVED, now=now, by=by)
    return ended(_counted_out(after, question), outcome=outcome, now=now)


def not_solved(question: Question, *, by: str, reason: str, now: datetime) -> Question:
    after = happened(question, Happening.NOT_SOLVED, now=now, by=by, reason=reason)
    told = Errand(f"again/{after.turn}", "say_reopened")
    return officials_asked(errand_added(_counted_out(after, question), told), now)


def settled(question: Question, tally: Tally, *, now: datetime) -> Question:
    """Return a question whose residents have had their time to say whether it is solved."""
    if question.state != QuestionState.ANSWERED or (question.silence_at or now) > now:
        return question
    counted = replace(question, solved=tally)
    if counted.elder_objects:
        return not_solved(counted, by="", reason=ELDER_OBJECTED, now=now)
    if tally.those_for > tally.against and tally.total >= ENOUGH_WORDS:
        return solved(counted, by="", outcome=SOLVED_BY_RESIDENTS, now=now)
    if tally.against > tally.those_for:
        return not_solved(counted, by="", reason=RESIDENTS_OBJECTED, now=now)
    after = happened(counted, Happening.SILENCE, now=now)
    outcome = NOBODY_OBJECTED_DISCUSSED if question.was_discussed else NOBODY_OBJECTED
    return ended(_counted_out(after, question), outcome=outcome, now=now)


def _counted_out(after: Question, before: Question) -> Question:
    return counted_out(after, cmid=before.solved_cmid, turn=before.turn)
