"""Use case: the card of a question in its house chat."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from housechats.domain import question_texts as texts
from housechats.domain.chat_events import Press, Room
from housechats.domain.errands import Errand
from housechats.domain.errors import PausedError, RefusedError, UnavailableError
from housechats.domain.question_acts import is_enough, vote_stopped
from housechats.domain.questions import (
    EDITED_EVERY,
    POSTED_ANEW,
    Question,
    QuestionState,
    Tally,
    errand_added,
)
from housechats.ports.talks import PressButton, Row, Saying, Tone
from questions.desk import Desk, name_of
from questions.officials import when_not_quiet

Then = Callable[[Question], Question]
MEETINGS = 10
QUIET = "quiet hours"
WAITS = "the card was shown some seconds ago"


def post(question: Question, errand: Errand, desk: Desk) -> Then:
    """Post the first card, or one in place of a card that has grown too old."""
    question = _counted(question, desk)
    now = desk.clock()
    cmid = desk.talk_of(question.community).say(
        question.chat_id,
        Saying(
            texts.card(question, name_of(question.inn, question.oktmo, desk)),
            errand.random_id(question.id),
            errand.begun_at or now,
            _rows(question),
            ",".join(question.photos),
        ),
    )
    return _shown(question.tally, desk, cmid=cmid, at=now)


def edit(question: Question, errand: Errand, desk: Desk) -> Then:
    """Draw the card anew with the voices of this moment; not twice within some seconds."""
    if not question.card_cmid or question.card_at is None:
        return lambda now: now  # it was never posted: VK has refused it
    question, now = _claimed(question, desk)
    if now - (question.card_at or now) >= POSTED_ANEW:
        return _posted_anew(question, errand, desk)
    drawn = _counted(question, desk)
    try:
        _draw(drawn, desk, _rows(drawn))
    except RefusedError as refusal:
        if refusal.code != "too_old":
            raise
        return _posted_anew(question, errand, desk)
    return _shown(drawn.tally, desk)


def show_overdue(question: Question, errand: Errand, desk: Desk) -> Then:
    """Have the card say that the answer is overdue; it may have to be posted anew: not at night."""
    if not question.is_overdue:
        return lambda now: now
    if (allowed := when_not_quiet(question, desk)) > desk.clock():
        raise PausedError(allowed, QUIET)
    return edit(question, errand, desk)


def redraw(question: Question, _errand: Errand, desk: Desk) -> Then:
    """Draw a card that said so as it stands now, if VK still takes that: it is no news."""
    if question.card_cmid:
        question, _ = _claimed(question, desk)
        _draw(question, desk, _rows(question))
    return lambda now: now


def edit_wanted(question: Question, *, now: datetime) -> Question:
    """Return a question whose card is to be edited soon; one errand does for many voices.

    One that has begun may have counted already: it does not do.
    """
    if any(one.kind == "edit_card" and one.begun_at is None for one in question.errands):
        return question
    at = (question.card_shown_at or now) + EDITED_EVERY
    wanted = Errand(f"edit/{question.revision}", "edit_card", at=at if at > now else None)
    return errand_added(question, wanted)


def _claimed(question: Question, desk: Desk) -> tuple[Question, datetime]:
    """Note that the card is shown now, so that no other worker does so within some seconds."""
    for _ in range(MEETINGS):
        now = desk.clock()
        free_at = (question.card_shown_at or now - EDITED_EVERY) + EDITED_EVERY
        if free_at > now:
            raise PausedError(free_at, WAITS)
        if saved := desk.questions.save(replace(question, card_shown_at=now)):
            return saved, now
        question = desk.questions.get(question.id) or question
    raise UnavailableError("too many change one question")


def _posted_anew(question: Question, errand: Errand, desk: Desk) -> Then:
    then = post(question, errand, desk)
    with suppress(RefusedError):  # it keeps its buttons: voices under it count too
        _draw(question, desk, ())
    return then


def _draw(question: Question, desk: Desk, rows: Sequence[Row]) -> None:
    desk.talk_of(question.community).edit(
        question.chat_id,
        question.card_cmid,
        texts.card(question, name_of(question.inn, question.oktmo, desk)),
        rows=rows,
        attachment=",".join(question.photos),
    )


def _counted(question: Question, desk: Desk) -> Question:
    if question.state != QuestionState.VOTING:
        return question
    return replace(question, tally=desk.voices.tally(question.id, "vote"))


def _shown(tally: Tally, desk: Desk, *, cmid: int = 0, at: datetime | None = None) -> Then:
    """Note what was shown; enough voices end the vote."""

    def then(now: Question) -> Question:
        after = now
        if cmid and cmid != now.card_cmid:
            number = now.card_number + 1
            after = replace(now, card_cmid=cmid, card_at=at, card_shown_at=at, card_number=number)
        if after.state != QuestionState.VOTING:
            return after
        after = replace(after, tally=tally)
        return vote_stopped(after, now=desk.clock()) if is_enough(after) else after

    return then


def _rows(question: Question) -> tuple[Row, ...]:
    if question.state != QuestionState.VOTING:
        return ()
    tally, thing = question.tally, question.id
    return (
        (
            PressButton(
                f"Поддерживаю {tally.those_for}",
                Press(Room.QUESTIONS, "for", thing),
                Tone.GOOD,
            ),
            PressButton(
                f"Против {tally.against}", Press(Room.QUESTIONS, "against", thing), Tone.PLAIN
            ),
        ),
    )
