"""Use case: the elder decides by a button under a private card."""

from housechats.domain.access import Permission
from housechats.domain.chat_events import ChatEvent, Press, Room
from housechats.domain.dialogues import KEPT, Dialogue
from housechats.domain.questions import LONGEST_REASON, Question, QuestionState
from housechats.ports.talks import PressButton, Written
from questions.decide import Decision, decide
from questions.desk import Desk, NotForYouError, may_do, said_after
from questions.officials import ended_if_refused

NO_SUCH = "Такого вопроса нет."
DONE = {
    Decision.RAISE: "Готово: в чате дома начинается голосование.",
    Decision.DECLINE: "Вопрос отклонён. Автору напишем.",
    Decision.ASK: "Готово: вопрос отправлен ответственным.",
    Decision.END_VOTE: "Голосование закончено.",
    Decision.WITHDRAW: "Вопрос снят.",
    Decision.REOPEN: "Вопрос открыт снова.",
}
AFTER = {
    Decision.RAISE: QuestionState.VOTING,
    Decision.DECLINE: QuestionState.DECLINED,
    Decision.ASK: QuestionState.INVITED,
    Decision.WITHDRAW: QuestionState.WITHDRAWN,
}
"""In what state a question is when that was decided already: a repeated press hears the same."""
ASK_REASON = (
    "Напишите одним сообщением, почему вопрос отклонён: автор это прочтёт. До 300 знаков. "
    "Или нажмите «Без причины»."
)
TOO_LONG = "Слишком длинно: нужно не больше 300 знаков."


def press(event: ChatEvent, pressed: Press, desk: Desk, *, decision: Decision) -> str:
    return _decided(event, _theirs(event, pressed.thing, desk), decision, "", desk)


def press_decline(event: ChatEvent, pressed: Press, desk: Desk) -> str:
    """Ask why: or decline without a word when the button says so."""
    question = _theirs(event, pressed.thing, desk)
    if pressed.value:
        return _decided(event, question, Decision.DECLINE, "", desk)
    if question.state != QuestionState.PROPOSED:
        return _decided(event, question, Decision.DECLINE, "", desk)
    now = desk.clock()
    there = desk.dialogues.get(event.community, event.user)
    if there is None or there.notes.get("event") != event.id:
        notes = {"event": event.id}
        desk.dialogues.begin(
            Dialogue(
                event.community,
                event.user,
                Room.QUESTIONS,
                "decline",
                question.id,
                now,
                now + KEPT,
                notes,
            )
        )
    button = PressButton("Без причины", Press(Room.QUESTIONS, "decline", question.id, "silently"))
    desk.talk_of(event.community).tell(event.user, said_after(event, ASK_REASON, ((button,),)))
    return ""


def hear_reason(event: ChatEvent, dialogue: Dialogue, written: Written, desk: Desk) -> None:
    reason = " ".join(written.text.split())
    said = TOO_LONG
    with ended_if_refused(dialogue, desk):
        question = _theirs(event, dialogue.thing, desk)
        if len(reason) <= LONGEST_REASON:
            said = _decided(event, question, Decision.DECLINE, reason, desk)
            desk.dialogues.end(dialogue)
    desk.talk_of(event.community).tell(event.user, said_after(event, said))


def _theirs(event: ChatEvent, question_id: str, desk: Desk) -> Question:
    """Return a question that the person may decide about: nobody else learns that it is there."""
    question = desk.questions.get(question_id)
    if question is None or question.community != event.community:
        raise NotForYouError(NO_SUCH)
    if not may_do(event.user, Permission.QUESTIONS_RAISE, question, desk):
        raise NotForYouError
    return question


def _decided(
    event: ChatEvent, question: Question, decision: Decision, reason: str, desk: Desk
) -> str:
    by = f"vk:{event.user}"
    if question.state == AFTER.get(decision) and question.deeds[-1].by == by:
        desk.own.send([{"question_id": question.id}])
        return DONE[decision]
    decide(question, decision, by=by, reason=reason, desk=desk)
    return DONE[decision]
