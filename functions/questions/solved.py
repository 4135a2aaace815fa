"""Use case: the residents say whether a question is solved."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from housechats.domain import official_acts as acts
from housechats.domain import official_texts as texts
from housechats.domain.chat_events import ChatEvent, Press, Room
from housechats.domain.dialogues import KEPT, Dialogue
from housechats.domain.errands import Errand
from housechats.domain.errors import PausedError, RefusedError
from housechats.domain.question_terms import counted_out
from housechats.domain.questions import (
    EDITED_EVERY,
    NotNowError,
    Question,
    QuestionState,
    Tally,
    Voice,
    errand_added,
    voter_of,
)
from housechats.ports.talks import PressButton, Row, Tone, Written
from housechats.runtime.errands import change
from questions.desk import (
    Desk,
    NotForYouError,
    Records,
    caller_of,
    hand_over_soon,
    is_elder,
    said_after,
)
from questions.officials import NO_SUCH, ended_if_refused, may_answer
from questions.tell import say, tell

Then = Callable[[Question], Question]
TAKEN = {Voice.FOR: "Спасибо! Учтено: «решено».", Voice.AGAINST: "Учтено: «не решено»."}
LATER_ONE_COUNTS = "Учтён ваш более поздний голос."
NOT_THIS_CHAT = "Этот вопрос из другого чата: говорят о нём в чате своего дома."
NOT_OFFICIALS = "Решён ли вопрос, говорят жители, а не те, кто на него отвечает."
OVER = "Об этом уже решено: вопрос закрыт или открыт снова."
NEWER_ANSWER = "Потом ответили ещё раз. Скажите, решён ли вопрос, под новым ответом."
ELDER_SOLVED = "Вопрос закрыт: вы подтвердили, что он решён."
ELDER_OBJECTS = "Вопрос откроем снова. Напишите нам лично, что не решено."
REASON_TAKEN = "Спасибо, передали ответственным. Вопрос открыт снова."


def press(event: ChatEvent, pressed: Press, desk: Desk, *, voice: Voice) -> str:
    """Keep what somebody says; the elder's word decides."""
    question = desk.questions.get(pressed.thing)
    if question is None:
        return NO_SUCH
    if (question.community, question.chat_id) != (event.community, event.chat_id):
        return NOT_THIS_CHAT
    if closed := _closed(question, pressed.value, event.at, desk):
        return closed
    caller, house = caller_of(event.user, desk), desk.houses.get(question.house_id)
    elder = bool(house and house.elder_id and house.elder_id in caller.elder_ids)
    if not elder and may_answer(caller, question):
        return NOT_OFFICIALS
    about = about_of(question)
    voter = voter_of(desk.key, question.id, event.user)
    kept = desk.voices.put(question.id, about, voter, voice, at=event.at, order=event.id)
    if kept and elder:
        return _elder_says(question, event, voice, desk)
    before = {one.id for one in question.errands}
    after = change(question.id, partial(_to_be_shown, now=desk.clock()), desk.questions)
    if after and {one.id for one in after.errands} - before:
        hand_over_soon(after, desk)
    return TAKEN[voice] if kept else LATER_ONE_COUNTS


def confirm(question_id: str, *, by: str, solved: bool, reason: str, desk: Records) -> Question:
    """Do what the elder says by the API, or with a reason."""
    question = desk.questions.get(question_id)
    if question is None:
        raise NotNowError(NO_SUCH)
    now, tally = desk.clock(), desk.voices.tally(question.id, about_of(question))

    def then(one: Question) -> Question:
        if one.state == question.state and one.turn != question.turn:
            raise NotNowError(NEWER_ANSWER)
        counted = replace(one, solved=tally)
        if solved:
            return acts.solved(counted, by=by, outcome=acts.SOLVED_BY_ELDER, now=now)
        return acts.not_solved(counted, by=by, reason=reason, now=now)

    after = change(question_id, then, desk.questions)
    if after is None:
        raise NotNowError(NO_SUCH)
    desk.own.send([{"question_id": question_id}])
    return after


def hear_reason(event: ChatEvent, dialogue: Dialogue, written: Written, desk: Desk) -> None:
    """Take the elder's words for why it is not solved: it goes to the officials with them."""
    reason = " ".join(written.text.split())
    said = texts.fault_of_reason(reason)
    if not said:
        said = REASON_TAKEN
        with ended_if_refused(dialogue, desk):
            _reopen(dialogue, reason, desk)
    desk.talk_of(event.community).tell(event.user, said_after(event, said))
    if said == REASON_TAKEN:
        desk.dialogues.end(dialogue)


def ask_if_solved(question: Question, errand: Errand, desk: Desk) -> Then:
    """Ask the residents, under the answer; it says when silence decides."""
    now, turn = desk.clock(), question.turn
    # Of several answers at once, only the last is asked about.
    if question.state != QuestionState.ANSWERED or errand.id != f"solved/{turn}":
        return _nothing
    tally = desk.voices.tally(question.id, about_of(question))
    drawn = replace(question, solved=tally)
    text = texts.is_it_solved(drawn)
    cmid = say(drawn, errand, desk, text, _rows(drawn), reply_to=_judged(drawn))

    def then(one: Question) -> Question:
        if one.turn == turn:
            return replace(one, solved=tally, solved_cmid=cmid, solved_shown_at=now)
        # Something has happened while it was being said: its buttons go.
        return counted_out(one, cmid=cmid, turn=turn)

    return then


def show_solved(question: Question, errand: Errand, desk: Desk) -> Then:
    """Draw the card anew with the words of this moment; not twice within some seconds."""
    del errand
    if question.state != QuestionState.ANSWERED or not question.solved_cmid:
        return _nothing
    now = desk.clock()
    free_at = (question.solved_shown_at or now - EDITED_EVERY) + EDITED_EVERY
    if free_at > now:
        raise PausedError(free_at, "the card was shown some seconds ago")
    tally = desk.voices.tally(question.id, about_of(question))
    drawn = replace(question, solved=tally)
    desk.talk_of(question.community).edit(
        question.chat_id, question.solved_cmid, texts.is_it_solved(drawn), rows=_rows(drawn)
    )
    cmid = question.solved_cmid

    def then(one: Question) -> Question:
        if one.solved_cmid != cmid:
            return one
        return replace(one, solved=tally, solved_shown_at=now)

    return then


def end_solved(question: Question, errand: Errand, desk: Desk) -> Then:
    """Take the buttons from a card that counts no more; VK may find it too old to be edited."""
    cmid, _, turn = errand.value.partition("/")
    tally = desk.voices.tally(question.id, f"solved/{turn}")
    again = question.state == QuestionState.ANSWERED
    with suppress(RefusedError):
        desk.talk_of(question.community).edit(
            question.chat_id, int(cmid), texts.solved_counted(question, tally, again=again)
        )
    return _nothing


def ask_why(question: Question, errand: Errand, desk: Desk) -> Then:
    """Ask the elder what is not solved."""
    if not _is_asked_why(question, errand):
        return _nothing
    now, turn = desk.clock(), str(question.turn)
    there = desk.dialogues.get(question.community, errand.to)
    about = ("not_solved", question.id, turn)
    if there is None or (there.step, there.thing, there.notes.get("turn")) != about:
        desk.dialogues.begin(
            Dialogue(
                question.community,
                errand.to,
                Room.QUESTIONS,
                "not_solved",
                question.id,
                asked_at=now,
                until=now + KEPT,
                notes={"turn": turn},
            )
        )
    tell(question, errand, desk, errand.to, texts.why_not_solved(question))
    return _nothing


def not_asked_why(question: Question, errand: Errand, _: RefusedError, desk: Desk) -> Question:
    """Send it on without a reason: nobody can be asked for it."""
    if not _is_asked_why(question, errand):
        return question
    by = f"vk:{errand.to}"
    return acts.not_solved(question, by=by, reason=acts.ELDER_OBJECTED, now=desk.clock())


def _is_asked_why(question: Question, errand: Errand) -> bool:
    """Tell whether it is the answer of now to which the elder objected."""
    return question.state == QuestionState.ANSWERED and errand.id == f"why/{question.turn}"


def settle(question: Question, desk: Desk) -> Then:
    """Count what the residents said in their time."""
    tally = desk.voices.tally(question.id, about_of(question))
    return lambda now: acts.settled(now, tally, now=desk.clock())


def _reopen(dialogue: Dialogue, reason: str, desk: Desk) -> None:
    """Send a question to the officials again, for the elder's reason; a repeat of it does not."""
    elder, question = dialogue.vk_id, desk.questions.get(dialogue.thing)
    house = desk.houses.get(question.house_id) if question else None
    if question is None or house is None or not is_elder(elder, house, desk):
        raise NotForYouError
    by = f"vk:{elder}"
    if (by, reason) in {(deed.by, deed.reason) for deed in question.deeds[-1:]}:
        return
    another = dialogue.notes.get("turn") != str(question.turn)
    if another and question.state == QuestionState.ANSWERED:
        raise NotNowError(NEWER_ANSWER)
    confirm(question.id, by=by, solved=False, reason=reason, desk=desk)


def about_of(question: Question) -> str:
    """Return what residents vote on: each time they are asked has words of its own."""
    return f"solved/{question.turn}"


def _judged(question: Question) -> int:
    """Return the message with what the residents judge."""
    if question.was_discussed:
        return question.discussion_cmid
    return question.answers[-1].cmid if question.answers else 0


def _elder_says(question: Question, event: ChatEvent, voice: Voice, desk: Desk) -> str:
    by = f"vk:{event.user}"
    if voice == Voice.FOR:
        confirm(question.id, by=by, solved=True, reason="", desk=desk)
        return ELDER_SOLVED
    change(question.id, partial(acts.objected, elder=event.user), desk.questions)
    desk.own.send([{"question_id": question.id}])
    return ELDER_OBJECTS


def _closed(question: Question, turn: str, at: datetime, desk: Desk) -> str:
    """Return why nothing can be said by a card any more; empty while it can."""
    until = question.silence_at
    if question.state != QuestionState.ANSWERED or until is None:
        return OVER
    if max(at, desk.clock()) > until:
        return OVER
    return "" if turn == str(question.turn) else NEWER_ANSWER


def _to_be_shown(question: Question, *, now: datetime) -> Question:
    """Return a question whose card is to be edited soon; one errand does for many words."""
    if question.state != QuestionState.ANSWERED:
        return question
    if any(one.kind == "show_solved" and one.begun_at is None for one in question.errands):
        return question
    at = (question.solved_shown_at or now) + EDITED_EVERY
    wanted = Errand(f"show_solved/{question.revision}", "show_solved", at=at if at > now else None)
    return errand_added(question, wanted)


def _rows(question: Question) -> tuple[Row, ...]:
    def button(label: str, command: str, tone: Tone) -> PressButton:
        return PressButton(
            label, Press(Room.QUESTIONS, command, question.id, str(question.turn)), tone
        )

    tally: Tally = question.solved
    return (
        (
            button(f"Решено {tally.those_for}", "solved", Tone.GOOD),
            button(f"Не решено {tally.against}", "not_solved", Tone.PLAIN),
        ),
    )


def _nothing(question: Question) -> Question:
    return question
