"""Use case: ask in private what a person wants to raise, step by step."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from housechats.domain import question_texts as texts
from housechats.domain.chat_events import ChatEvent, Press, Room
from housechats.domain.dialogues import ENOUGH, KEPT, MOST_BEGUN, Dialogue, turn_of
from housechats.domain.errors import RefusedError
from housechats.domain.houses import House
from housechats.domain.organisations import OrganisationKind
from housechats.domain.questions import MOST_PHOTOS, Question, Where, question_id_of
from housechats.ports.talks import PressButton, Row, Tone, Written
from questions.desk import Desk, NotForYouError, is_elder, name_of, said_after
from questions.raising import add_question

MOST_ORGANISATIONS = 4
"""Buttons in a dialogue, beside one for who does not know."""
LABEL = 40
"""Characters of a button's label (VK)."""
ASKED_EVERY = timedelta(seconds=5)
"""Whoever presses on is not asked the same anew: all people of a community share its pace."""
SECONDS_OF_VK = timedelta(seconds=1)
"""A message's time is told in whole seconds."""
KINDS = (
    OrganisationKind.MANAGEMENT_COMPANY,
    OrganisationKind.UTILITY,
    OrganisationKind.ADMINISTRATION,
)
"""Who is proposed as competent, the most likely first."""

BEGUN = "Продолжим в личных сообщениях: мы вам написали."
NOT_A_HOUSE = "Вопрос задают в чате дома: нажмите там «Задать вопрос» или напишите «/вопрос»."
FORGOTTEN = "Этот разговор уже закончен. Чтобы начать снова, напишите в чате дома «/вопрос»."
ASK_TEXT = (
    "О чём вопрос? Напишите его одним сообщением, от 10 до 1000 знаков: что случилось, где и "
    "чего вы ждёте. Не называйте имён, телефонов и номеров квартир: вопрос увидит весь дом."
)
TEXT_TAKEN = (
    "Текст вопроса взяли из сообщения, на которое вы ответили:\n\n«{}»\n\n"
    "Изменить его можно в конце, когда вопрос готов.\n\n"
)
ASK_PHOTOS = "Пришлите до трёх фотографий, если они помогут понять вопрос, или нажмите «Дальше»."
MORE_PHOTOS = "Фотографий: {} из 3. Пришлите ещё или нажмите «Дальше»."
ASK_WHERE = "Чего касается вопрос? Нажмите кнопку."
ASK_WHO = "Кто за это отвечает? Если не уверены, нажмите «Не знаю»."
PRESS_BUTTON = "Нажмите одну из кнопок под сообщением."
CONFIRM_RAISE = "Проверьте вопрос. Если всё верно, нажмите «Задать»: в чате начнётся голосование."
CONFIRM_PROPOSE = "Проверьте вопрос. Если всё верно, нажмите «Предложить»: его увидит старший."
RAISED = "Вопрос задан: в чате дома появилось голосование."
PROPOSED = "Вопрос отправлен старшему по дому. Когда он решит, мы вам напишем."
PROPOSED_TO_NOBODY = (
    "Вопрос принят. Старшего в этом доме пока нет: решат сотрудники муниципалитета, и мы вам "
    "напишем."
)
CANCELLED = "Хорошо, больше не спрашиваем. Если вопрос уже отправлен, он остаётся."


def begin(event: ChatEvent, _press: Press, desk: Desk) -> str:
    """Begin the dialogue; a message that was replied to is the text of the question."""
    house_id = desk.chats.house_of(event.community, event.chat_id) if event.chat_id else None
    house = desk.houses.get(house_id) if house_id else None
    if house is None or house.chat_id != event.chat_id:  # a former chat of the house's
        raise NotForYouError(NOT_A_HOUSE)
    begun = desk.dialogues.get(event.community, event.user)
    if begun and _has_just_begun(begun, event, house, desk):
        return BEGUN
    turn, now = turn_of(event.community, event.user), desk.clock()
    if not desk.turns.allow(turn, by=event.id, most=MOST_BEGUN, now=now):
        return ENOUGH
    if begun is None or begun.notes.get("event") != event.id:
        begun = _new(event, house, desk)
        desk.dialogues.begin(begun)
    try:
        _ask(event, begun, desk)
    except RefusedError:
        _note_unasked(begun, desk)
        raise
    return BEGUN


def _note_unasked(dialogue: Dialogue, desk: Desk) -> None:
    """Note that the person has not read what they are asked: their first text is no answer."""
    notes = {**dialogue.notes, "unasked": "yes"}
    desk.dialogues.go_on(replace(dialogue, notes=notes, revision=dialogue.revision + 1))


def _has_just_begun(begun: Dialogue, event: ChatEvent, house: House, desk: Desk) -> bool:
    same = (begun.room, begun.step, begun.notes.get("house")) == (Room.QUESTIONS, "text", house.id)
    is_other = begun.notes.get("event") != event.id and not event.reply_cmid
    was_asked = not begun.notes.get("unasked")
    return same and is_other and was_asked and desk.clock() - begun.asked_at < ASKED_EVERY


def _new(event: ChatEvent, house: House, desk: Desk) -> Dialogue:
    now = desk.clock()
    replied = (
        desk.talk_of(event.community).read(event.chat_id, event.reply_cmid)
        if event.reply_cmid and event.reply_to > 0
        else None
    )
    notes = {"event": event.id, "house": house.id}
    if replied and not texts.fault_of(replied.text):
        notes |= {"text": replied.text.strip()}
    if replied and replied.photos:
        notes |= {"photos": ",".join(replied.photos[:MOST_PHOTOS])}
    step = ("where" if notes.get("photos") else "photos") if "text" in notes else "text"
    if "text" in notes:
        notes |= {"taken_for": step}
    return Dialogue(event.community, event.user, Room.QUESTIONS, step, "", now, now + KEPT, notes)


def hear_text(event: ChatEvent, dialogue: Dialogue, written: Written, desk: Desk) -> None:
    fault = texts.fault_of(written.text)
    if fault:
        _say(event, desk, fault)
        return
    photos = _with(dialogue, written)
    notes = {"text": written.text.strip(), **({"photos": photos} if photos else {})}
    _on(event, dialogue, "where" if photos else "photos", notes, desk)


def hear_photos(event: ChatEvent, dialogue: Dialogue, written: Written, desk: Desk) -> None:
    photos = _with(dialogue, written)
    full = len(photos.split(",")) >= MOST_PHOTOS
    _on(event, dialogue, "where" if full else "photos", {"photos": photos} if photos else {}, desk)


def hear_words(event: ChatEvent, _dialogue: Dialogue, _written: Written, desk: Desk) -> None:
    """Say that a button is wanted where somebody has written instead."""
    _say(event, desk, PRESS_BUTTON)


def press_next(event: ChatEvent, _press: Press, desk: Desk) -> str:
    return _pressed(event, "photos", "where", {}, desk)


def press_where(event: ChatEvent, press: Press, desk: Desk) -> str:
    if press.value not in set(Where):
        return FORGOTTEN
    return _pressed(event, "where", "who", {"where": press.value}, desk)


def press_who(event: ChatEvent, press: Press, desk: Desk) -> str:
    """Note who is to answer: an organisation of the house, whatever the button says."""
    dialogue = _open(event, desk)
    if dialogue and press.value and press.value not in _house(dialogue, desk).organisations:
        return FORGOTTEN
    return _pressed(event, "who", "confirm", {"inn": press.value}, desk)


def press_again(event: ChatEvent, _press: Press, desk: Desk) -> str:
    """Ask for the text anew."""
    return _pressed(event, "confirm", "text", {"photos": "", "taken_for": ""}, desk)


def press_cancel(event: ChatEvent, _press: Press, desk: Desk) -> str:
    dialogue = desk.dialogues.get(event.community, event.user)
    if dialogue is None or dialogue.room != Room.QUESTIONS:
        return ""
    _say(event, desk, CANCELLED)
    desk.dialogues.end(dialogue)
    return ""


def press_confirm(event: ChatEvent, press: Press, desk: Desk) -> str:
    """Raise or propose what was told; pressed again, or by two workers, it is the same question."""
    dialogue = _open(event, desk)
    if dialogue is None or dialogue.step != "confirm":
        there = desk.questions.get(press.thing)
        return FORGOTTEN if there is None else ""
    house = _house(dialogue, desk)
    if not desk.talk_of(event.community).is_member(house.chat_id, event.user):
        raise NotForYouError("Вопрос может задать только участник чата дома.")
    notes = dialogue.notes
    elder = is_elder(event.user, house, desk)
    # What has left the house since is asked nothing about it.
    inn = notes["inn"] if notes["inn"] in house.organisations else ""
    add_question(
        Question(
            id=question_id_of(notes["event"]),
            house_id=house.id,
            oktmo=house.oktmo,
            community=house.community,
            chat_id=house.chat_id,
            text=notes["text"],
            where=Where(notes["where"]),
            raised_by=f"vk:{event.user}",
            raised_at=desk.clock(),
            photos=_photos(notes.get("photos", "")),
            inn=inn,
            kind=house.organisations.get(inn),
        ),
        house,
        at_once=elder,
        desk=desk,
    )
    waits = PROPOSED if house.elder_id else PROPOSED_TO_NOBODY
    _say(event, desk, RAISED if elder else waits)
    desk.dialogues.end(dialogue)
    return ""


def _pressed(event: ChatEvent, step: str, following: str, notes: dict[str, str], desk: Desk) -> str:
    """Note what a button says, if it is that of the step."""
    dialogue = _open(event, desk)
    if dialogue is None:
        return FORGOTTEN
    if dialogue.notes.get("last") == event.id:
        _ask(event, dialogue, desk)
    elif dialogue.step == step:
        _on(event, dialogue, following, notes, desk)
    return ""


def _open(event: ChatEvent, desk: Desk) -> Dialogue | None:
    dialogue = desk.dialogues.get(event.community, event.user)
    ours = dialogue and dialogue.room == Room.QUESTIONS and "house" in dialogue.notes
    return dialogue if ours else None


def _on(event: ChatEvent, dialogue: Dialogue, step: str, notes: dict[str, str], desk: Desk) -> None:
    """Keep what was answered, and ask what is to be known next."""
    now = desk.clock()
    after = replace(
        dialogue,
        step=step,
        asked_at=now,
        until=now + KEPT,
        notes={**dialogue.notes, "unasked": "", **notes, "last": event.id},
        revision=dialogue.revision + 1,
    )
    if desk.dialogues.go_on(after):
        _ask(event, after, desk)


def ask_again(event: ChatEvent, dialogue: Dialogue, desk: Desk) -> bool:
    """Ask what the person has not read yet, or what followed an answer that comes again.

    False when it is another answer.
    """
    if dialogue.notes.get("unasked"):
        _on(event, dialogue, dialogue.step, {}, desk)
        return True
    if dialogue.notes.get("last") != event.id:
        return False
    _ask(event, dialogue, desk)
    return True


def _ask(event: ChatEvent, dialogue: Dialogue, desk: Desk) -> None:
    _say(event, desk, *_asks(dialogue, desk))


def _say(event: ChatEvent, desk: Desk, text: str, rows: tuple[Row, ...] = ()) -> None:
    desk.talk_of(event.community).tell(event.user, said_after(event, text, rows))


def _asks(dialogue: Dialogue, desk: Desk) -> tuple[str, tuple[Row, ...]]:
    match dialogue.step:
        case "photos":
            got = len(_photos(dialogue.notes.get("photos", "")))
            text = MORE_PHOTOS.format(got) if got else _taken(dialogue) + ASK_PHOTOS
            return text, (_row(("Дальше", "next", "")), _CANCEL)
        case "where":
            rows = [_row((texts.WHERE[one].capitalize(), "where", one)) for one in Where]
            return _taken(dialogue) + ASK_WHERE, (*_paired(rows), _CANCEL)
        case "who":
            return ASK_WHO, (*_organisations(_house(dialogue, desk), desk), _CANCEL)
        case "confirm":
            return _summary(dialogue, desk)
        case _:
            return ASK_TEXT, (_CANCEL,)


def _taken(dialogue: Dialogue) -> str:
    """Return the text that was not asked for, at the first thing that is."""
    first = dialogue.notes.get("taken_for") == dialogue.step
    return TEXT_TAKEN.format(dialogue.notes["text"]) if first else ""


def _summary(dialogue: Dialogue, desk: Desk) -> tuple[str, tuple[Row, ...]]:
    house, notes = _house(dialogue, desk), dialogue.notes
    elder = is_elder(dialogue.vk_id, house, desk)
    kind = house.organisations.get(notes["inn"])
    who = name_of(notes["inn"], house.oktmo, desk) or (
        texts.KINDS[kind] if kind else texts.NOBODY_KNOWN
    )
    lines = [
        CONFIRM_RAISE if elder else CONFIRM_PROPOSE,
        "",
        notes["text"],
        "",
        f"Где: {texts.WHERE[Where(notes['where'])]}",
        f"Кому: {who}",
        f"Фотографий: {len(_photos(notes.get('photos', '')))}",
        *texts.attention_to(notes["text"]),
    ]
    question_id = question_id_of(notes["event"])
    label = "Задать" if elder else "Предложить"
    confirm = PressButton(label, Press(Room.QUESTIONS, "confirm", question_id), Tone.GOOD)
    return "\n".join(lines), ((confirm,), _row(("Изменить текст", "again", "")), _CANCEL)


def _organisations(house: House, desk: Desk) -> Iterable[Row]:
    known = sorted(house.organisations.items(), key=lambda one: (KINDS.index(one[1]), one[0]))
    for inn, kind in known[:MOST_ORGANISATIONS]:
        name = name_of(inn, house.oktmo, desk) or texts.KINDS[kind].capitalize()
        yield _row((texts.shortened(name, LABEL), "who", inn))
    yield _row(("Не знаю", "who", ""))


def _row(*buttons: tuple[str, str, str]) -> Row:
    return tuple(
        PressButton(label, Press(Room.QUESTIONS, command, value=value))
        for label, command, value in buttons
    )


_CANCEL: Row = (PressButton("Отмена", Press(Room.QUESTIONS, "cancel")),)


def _paired(rows: Sequence[Row]) -> Iterable[Row]:
    for first in range(0, len(rows), 2):
        yield [button for row in rows[first : first + 2] for button in row]


def _with(dialogue: Dialogue, written: Written) -> str:
    there = _photos(dialogue.notes.get("photos", ""))
    return ",".join([*there, *written.photos][:MOST_PHOTOS])


def _photos(noted: str) -> tuple[str, ...]:
    return tuple(photo for photo in noted.split(",") if photo)


def _house(dialogue: Dialogue, desk: Desk) -> House:
    house = desk.houses.get(dialogue.notes["house"])
    if house is None:
        raise NotForYouError("Этого дома больше нет в системе.")
    return house
