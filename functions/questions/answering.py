"""Use case: an official's side of the talk: answer, say that it is not theirs, from chat or bot."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from housechats.domain import official_texts as texts
from housechats.domain.access import Permission
from housechats.domain.chat_events import ChatEvent, Press, Room
from housechats.domain.dialogues import KEPT, Dialogue
from housechats.domain.errors import RefusedError
from housechats.domain.question_texts import KINDS, shortened
from housechats.domain.questions import MOST_PHOTOS, NotNowError, Question, QuestionState
from housechats.ports.talks import PressButton, Row, Tone, Written
from questions.desk import Desk, NotForYouError, caller_of, name_of, said_after
from questions.officials import NO_SUCH, ended_if_refused, may_answer, speaker_of, theirs, title_of
from questions.publish import publish
from questions.redirect import others_of, redirect

LABEL = 40
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
"""Of a message in a chat, which a button may have been forged with: VK's are below 2³¹."""
MOST_OTHERS = 5
ANSWERABLE = frozenset({QuestionState.INVITED, QuestionState.DISCUSSED, QuestionState.ANSWERED})
PUBLISHED = "Ответ опубликован в чате дома. Спасибо!"
PUBLISHED_SHORT = "Ответ опубликован."
NO_DRAFT = "Этот черновик уже не ждёт публикации: нажмите «Ответить» снова."
OLD_DRAFT = "Вы прислали другой текст: опубликуйте его, кнопка под ним."
CANCELLED = "Хорошо, ответ не опубликован."
PASSED_ON = "Передали. Спасибо, что сказали."
NOT_YOUR_BUTTON = "Эта кнопка для того, кто написал ответ."
MESSAGE_GONE = "Сообщение удалено: публиковать нечего."
NOT_WAITING = "Этот вопрос сейчас не ждёт ответа."


def begin(event: ChatEvent, press: Press, desk: Desk) -> str:
    """Ask for the answer's text."""
    question = _waiting(event, press, desk)
    _begin(event, question, "answer", {}, desk)
    _say(event, desk, texts.write_answer(question, title_of(question, desk)), (_cancel(question),))
    return ""


def hear_answer(event: ChatEvent, dialogue: Dialogue, written: Written, desk: Desk) -> None:
    """Show the answer as residents will see it; another text takes its place."""
    with ended_if_refused(dialogue, desk):
        question = _answerable(dialogue.thing, event, desk)
    if fault := texts.fault_of_answer(written.text):
        _say(event, desk, fault)
        return
    photos = ",".join(written.photos[:MOST_PHOTOS])
    notes = {"text": written.text.strip(), "photos": photos, "draft": str(event.cmid)}
    if not _go_on(dialogue, notes, desk):
        return
    speaker = speaker_of(question, caller_of(event.user, desk), desk)
    said = texts.preview(texts.answer_by(speaker, notes["text"]))
    draft = notes["draft"]
    rows: tuple[Row, ...] = (
        (_button("Опубликовать", "publish", question, draft, Tone.GOOD),),
        (_button("Опубликовать и закрепить", "publish_pinned", question, draft),),
        _cancel(question),
    )
    saying = replace(said_after(event, said, rows), attachment=photos)
    desk.talk_of(event.community).tell(event.user, saying)


def press_publish(event: ChatEvent, press: Press, desk: Desk, *, pin: bool) -> str:
    """Publish the draft under whose preview the button stands."""
    deed = f"draft/{event.community}/{event.user}/{press.value}"
    question = desk.questions.get(press.thing)
    if question and deed in {one.id for one in question.answers}:
        return _published(event, question.id, desk)
    dialogue = desk.dialogues.get(event.community, event.user)
    if dialogue is None or (dialogue.room, dialogue.step) != (Room.QUESTIONS, "answer"):
        return NO_DRAFT
    notes = dialogue.notes
    if dialogue.thing != press.thing or "text" not in notes:
        return NO_DRAFT
    if notes["draft"] != press.value:
        return OLD_DRAFT
    theirs(press.thing, event.community, event.user, desk)
    caller = caller_of(event.user, desk)
    photos = [photo for photo in notes.get("photos", "").split(",") if photo]
    publish(press.thing, notes["text"], photos, by=caller, deed=deed, pin=pin, desk=desk)
    return _published(event, press.thing, desk)


def _published(event: ChatEvent, question_id: str, desk: Desk) -> str:
    """Say that it is done; whoever was killed before this point does all of it again."""
    desk.own.send([{"question_id": question_id}])
    _end(event, question_id, desk)
    _say(event, desk, PUBLISHED)
    return PUBLISHED_SHORT


def press_cancel(event: ChatEvent, press: Press, desk: Desk) -> str:
    dialogue = desk.dialogues.get(event.community, event.user)
    if dialogue is None or (dialogue.room, dialogue.thing) != (Room.QUESTIONS, press.thing):
        return ""
    _say(event, desk, CANCELLED)
    desk.dialogues.end(dialogue)
    return ""


# By hand, in the chat


def offer(event: ChatEvent, desk: Desk) -> bool:
    """Offer a representative who replies to a question by hand to make that an official answer."""
    caller = caller_of(event.user, desk)
    # Residents reply all the time: for them the questions of the house are not read.
    if not caller.granting(Permission.QUESTIONS_ANSWER):
        return False
    question = _replied(event, desk)
    if question is None or question.state not in ANSWERABLE or not may_answer(caller, question):
        return False
    value = f"{event.user}:{event.cmid}"
    rows = ((_button("Ответить официально", "official", question, value, Tone.PRIMARY),),)
    made = said_after(event, texts.OFFER, rows)
    talk = desk.talk_of(event.community)
    talk.say(event.chat_id, replace(made, reply_to=event.cmid))
    return True


def press_official(event: ChatEvent, press: Press, desk: Desk) -> str:
    """Publish what the official has written by hand: what it says by now, and only theirs."""
    author, _, cmid = press.value.partition(":")
    if author != str(event.user):
        return NOT_YOUR_BUTTON
    question = theirs(press.thing, event.community, event.user, desk)
    if question.chat_id != event.chat_id or not _NUMBER.fullmatch(cmid):
        return NO_SUCH
    deed = f"message/{event.community}/{event.chat_id}/{cmid}"
    if deed in {one.id for one in question.answers}:
        return _made_official(event, question, desk)
    written = desk.talk_of(event.community).read(event.chat_id, int(cmid))
    if written is None:
        return MESSAGE_GONE
    if written.author != event.user:
        return NOT_YOUR_BUTTON
    if fault := texts.fault_of_answer(written.text):
        return shortened(fault, 90)
    photos = written.photos[:MOST_PHOTOS]
    caller = caller_of(event.user, desk)
    publish(question.id, written.text, photos, by=caller, deed=deed, pin=False, desk=desk)
    return _made_official(event, question, desk)


def _made_official(event: ChatEvent, question: Question, desk: Desk) -> str:
    """Have it posted, and take away the button; whoever was killed before does it again."""
    desk.own.send([{"question_id": question.id}])
    talk = desk.talk_of(event.community)
    with suppress(RefusedError):
        pressed = talk.read(event.chat_id, event.cmid)
        # A forged button may stand under any message of ours.
        if pressed and pressed.text == texts.OFFER:
            talk.edit(event.chat_id, event.cmid, texts.OFFER_TAKEN)
    return PUBLISHED_SHORT


# Not theirs


def press_not_ours(event: ChatEvent, press: Press, desk: Desk) -> str:
    """Ask whose it is: the house's other organisations, or nobody's on the list."""
    question = _waiting(event, press, desk)
    house = desk.houses.get(question.house_id)
    others = others_of(question, house)[:MOST_OTHERS] if house else []
    rows = [
        (
            _button(
                _label(inn, question, house.organisations if house else {}, desk),
                "redirect",
                question,
                inn,
            ),
        )
        for inn in others
    ]
    nobody = (_button("Не знаю чей", "redirect", question),)
    _say(event, desk, texts.whose_is_it(question), (*rows, nobody, _cancel(question)))
    return ""


def press_redirect(event: ChatEvent, press: Press, desk: Desk) -> str:
    """Ask for the reason."""
    question = _waiting(event, press, desk)
    _begin(event, question, "redirect", {"inn": press.value}, desk)
    name = name_of(press.value, question.oktmo, desk) or press.value
    _say(event, desk, texts.why_redirect(name), (_cancel(question),))
    return ""


def hear_redirect(event: ChatEvent, dialogue: Dialogue, written: Written, desk: Desk) -> None:
    reason = " ".join(written.text.split())
    said = texts.fault_of_reason(reason)
    if not said:
        caller = caller_of(event.user, desk)
        inn = dialogue.notes["inn"]
        with ended_if_refused(dialogue, desk):
            redirect(dialogue.thing, inn, reason, by=caller, decides=False, desk=desk)
        said = PASSED_ON
    _say(event, desk, said)
    if said == PASSED_ON:
        desk.dialogues.end(dialogue)


def _waiting(event: ChatEvent, press: Press, desk: Desk) -> Question:
    if event.chat_id:
        raise NotForYouError(NO_SUCH)
    return _answerable(press.thing, event, desk)


def _answerable(question_id: str, event: ChatEvent, desk: Desk) -> Question:
    question = theirs(question_id, event.community, event.user, desk)
    if question.state not in ANSWERABLE:
        raise NotNowError(NOT_WAITING)
    return question


def _replied(event: ChatEvent, desk: Desk) -> Question | None:
    """Return the question to whose card, or what asks about it, somebody has replied."""
    house_id = desk.chats.house_of(event.community, event.chat_id)
    if not house_id or not event.reply_cmid:
        return None
    there = desk.questions.of_house(house_id)
    return next((one for one in there if event.reply_cmid in _calls(one)), None)


def _calls(question: Question) -> tuple[int, ...]:
    return question.card_cmid, question.asked_cmid, question.solved_cmid


def _begin(
    event: ChatEvent, question: Question, step: str, notes: Mapping[str, str], desk: Desk
) -> None:
    """Begin what is asked now; an event that comes again begins nothing anew."""
    there = desk.dialogues.get(event.community, event.user)
    if there and there.notes.get("event") == event.id:
        return
    now: datetime = desk.clock()
    desk.dialogues.begin(
        Dialogue(
            event.community,
            event.user,
            Room.QUESTIONS,
            step,
            question.id,
            asked_at=now,
            until=now + KEPT,
            notes={**notes, "event": event.id},
        )
    )


def _go_on(dialogue: Dialogue, notes: Mapping[str, str], desk: Desk) -> bool:
    """Keep a draft, unless a later one is kept; a repeat of what brought it finds it there."""
    there = int(dialogue.notes.get("draft", "0"))
    if there >= int(notes["draft"]):
        return there == int(notes["draft"])
    after = replace(dialogue, notes={**dialogue.notes, **notes}, revision=dialogue.revision + 1)
    return desk.dialogues.go_on(after)


def _end(event: ChatEvent, question_id: str, desk: Desk) -> None:
    dialogue = desk.dialogues.get(event.community, event.user)
    if dialogue and (dialogue.room, dialogue.thing) == (Room.QUESTIONS, question_id):
        desk.dialogues.end(dialogue)


def _say(event: ChatEvent, desk: Desk, text: str, rows: tuple[Row, ...] = ()) -> None:
    desk.talk_of(event.community).tell(event.user, said_after(event, text, rows))


def _label(inn: str, question: Question, kinds: Mapping[str, object], desk: Desk) -> str:
    name = name_of(inn, question.oktmo, desk)
    kind = next((said for one, said in KINDS.items() if one == kinds.get(inn)), inn)
    return shortened(name or kind.capitalize(), LABEL)


def _button(
    label: str, command: str, question: Question, value: str = "", tone: Tone = Tone.PLAIN
) -> PressButton:
    return PressButton(label, Press(Room.QUESTIONS, command, question.id, value), tone)


def _cancel(question: Question) -> Row:
    return (_button("Отмена", "leave", question),)
