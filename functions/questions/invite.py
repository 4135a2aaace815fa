"""Use case: tell officials of a question, remind them, and tell the next level."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from housechats.domain import official_texts as texts
from housechats.domain.errands import Errand
from housechats.domain.errors import (
    OutcomeUnknownError,
    PausedError,
    RefusedError,
    UnavailableError,
)
from housechats.domain.official_acts import asked_them, nobody_told, was_not_told, was_told
from housechats.domain.questions import Question, QuestionState, errand_added
from housechats.domain.territories import region_of
from housechats.runtime.errands import change
from questions.desk import Desk, caller_of, elder_vk_of
from questions.officials import (
    buttons,
    may_answer,
    next_level,
    representatives,
    terms_of,
    title_of,
    when_not_quiet,
    whose,
)
from questions.tell import tell

Then = Callable[[Question], Question]
MOST_TEXTED = 5
"""Rounds of one question in which an SMS may go: each costs money, and there is a new one as often
as somebody names a time and calls it off."""
TEXTING_TAKES = timedelta(minutes=2)
"""Longer than a worker lives: an SMS that was claimed before may have gone, nobody knows."""
QUIET = "quiet hours"


def invite(question: Question, errand: Errand, desk: Desk) -> Then:
    """Find whom to ask: of those who have the post, and the house, at this moment."""
    turn = _round_of(errand)
    if not _waits(question, turn):
        return _nothing
    has_left = _has_left(question, desk)
    asked = partial(
        asked_them,
        round_number=turn,
        representatives=[] if has_left else representatives(question, desk),
        terms=terms_of(question, desk),
        not_before=when_not_quiet(question, desk),
    )
    return (lambda now: asked(_nobodys(now, question.inn))) if has_left else asked


def _has_left(question: Question, desk: Desk) -> bool:
    """Tell whether the organisation does not answer for the house any more."""
    house = desk.houses.get(question.house_id)
    return bool(house and question.inn and question.inn not in house.organisations)


def _nobodys(question: Question, inn: str) -> Question:
    """Return a question of which staff say whose it is, unless that was said meanwhile."""
    return replace(question, inn="", kind=None) if question.inn == inn else question


def ask(question: Question, errand: Errand, desk: Desk) -> Then:
    """Ask one representative, if they still are one."""
    turn = _round_of(errand)
    if not _waits(question, turn):
        return _nothing
    if not may_answer(caller_of(errand.to, desk), question):
        return partial(was_not_told, errand=errand)
    _require_day(question, desk)
    text = texts.invitation(question, title_of(question, desk), terms_of(question, desk))
    photos = ",".join(question.photos)
    tell(question, errand, desk, errand.to, text, buttons(question), attachment=photos)
    return partial(was_told, round_number=turn, vk_id=errand.to)


def not_asked(question: Question, errand: Errand, _refusal: RefusedError, _desk: Desk) -> Question:
    return was_not_told(question, errand)


def text(question: Question, errand: Errand, desk: Desk) -> Then:
    """Send an SMS to whoever is on duty there; what may have been sent is not sent again."""
    turn = _round_of(errand)
    if not _waits(question, turn):
        return _nothing
    card = desk.cards.get(region_of(question.oktmo), question.inn) if question.inn else None
    if card is None or not card.duty_phone:
        reason = texts.NO_PHONE if question.inn else texts.NOBODY_COMPETENT
        return partial(nobody_told, round_number=turn, reason=reason)
    if turn > MOST_TEXTED:
        return partial(nobody_told, round_number=turn, reason=texts.TEXTED_ENOUGH)
    _require_day(question, desk)
    now = desk.clock()
    if question.texting_at and now - question.texting_at >= TEXTING_TAKES:
        return partial(nobody_told, round_number=turn, reason=texts.SMS_UNKNOWN)
    if not _claimed(question, turn, now, desk):
        raise UnavailableError("another worker sends this SMS")
    reason = _texted(question, card.duty_phone, desk)
    return partial(nobody_told, round_number=turn, reason=reason) if reason else _nothing


def _texted(question: Question, phone: str, desk: Desk) -> str:
    """Send the SMS that was claimed; return why it did not go, or that nobody knows."""
    try:
        desk.sms.send(phone, texts.text_message(question, title_of(question, desk)))
    except RefusedError as refusal:
        return refusal.message
    except OutcomeUnknownError:
        return texts.SMS_UNKNOWN
    except UnavailableError:
        # Surely not sent: the claim is given back, so that it may be tried again.
        change(question.id, lambda one: replace(one, texting_at=None), desk.questions)
        raise
    return ""


def alert(question: Question, errand: Errand, desk: Desk) -> Then:
    """Find whom of the next level to tell: each once a round and reason."""
    turn, why = _round_of(errand), errand.value
    if not _waits(question, turn):
        return _nothing
    at = when_not_quiet(question, desk)
    told = [
        Errand(f"staff/{turn}/{why}/{vk_id}", "tell_staff", to=vk_id, value=why, at=at)
        for vk_id in next_level(question, desk)
    ]
    return lambda now: errand_added(now, *told) if _waits(now, turn) else now


def tell_staff(question: Question, errand: Errand, desk: Desk) -> Then:
    if _waits(question, _round_of(errand)):
        _require_day(question, desk)
        said = texts.alert(question, title_of(question, desk), errand.value, whose(question, desk))
        rows = buttons(question)[:1] if not question.inn else ()
        tell(question, errand, desk, errand.to, said, rows)
    return _nothing


def give_appeal(question: Question, errand: Errand, desk: Desk) -> Then:
    """Give the elder a text for the official way: a chat binds nobody to an answer."""
    elder = elder_vk_of(question.house_id, desk)
    if elder and _waits(question, _round_of(errand)):
        _require_day(question, desk)
        said = texts.appeal(question, title_of(question, desk), whose(question, desk))
        tell(question, errand, desk, elder, said)
    return _nothing


def remind(question: Question, errand: Errand, desk: Desk) -> Then:
    """Find whom to remind: who has the post by now, whoever had it when it was asked."""
    turn, number = _round_of(errand), errand.value
    if not _waits(question, turn):
        return _nothing
    at = when_not_quiet(question, desk)
    nudges = [
        Errand(f"nudge/{turn}/{number}/{vk_id}", "nudge", to=vk_id, value=number, at=at)
        for vk_id in representatives(question, desk)
    ]
    return lambda now: errand_added(now, *nudges) if _waits(now, turn) else now


def nudge(question: Question, errand: Errand, desk: Desk) -> Then:
    """Remind one of them; who could not be told of the question before is told of it now."""
    turn = _round_of(errand)
    if not _waits(question, turn):
        return _nothing
    _require_day(question, desk)
    said = texts.reminder(question, title_of(question, desk), int(errand.value))
    tell(question, errand, desk, errand.to, said, buttons(question))
    return partial(was_told, round_number=turn, vk_id=errand.to)


def _require_day(question: Question, desk: Desk) -> None:
    """Have what came late, or was put off into the night, wait for the morning."""
    if (allowed := when_not_quiet(question, desk)) > desk.clock():
        raise PausedError(allowed, QUIET)


def _claimed(question: Question, turn: int, now: datetime, desk: Desk) -> bool:
    """Note that this SMS is about to go; False when another worker was first."""
    free = desk.questions.get(question.id)
    if free is None or free.texting_at or not _waits(free, turn):
        return False
    return desk.questions.save(replace(free, texting_at=now)) is not None


def _round_of(errand: Errand) -> int:
    return int(errand.id.split("/")[1])


def _waits(question: Question, turn: int) -> bool:
    return question.state == QuestionState.INVITED and question.round == turn


def _nothing(question: Question) -> Question:
    return question
