"""Use case: react to what people press and write about complaints."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from complaints.answer import Answering, answer_complaint
from housechats.domain import complaint_texts as texts
from housechats.domain.access import Caller, Permission, may
from housechats.domain.chat_events import ChatEvent, EventKind, Press, Room
from housechats.domain.complaints import (
    A_DAY_AT_MOST,
    LONGEST_CONTACT,
    LONGEST_DETAIL,
    LONGEST_NOTE,
    LONGEST_TEXT,
    MOST_PHOTOS,
    NOT_NOW,
    Complaint,
    Happening,
    NotNowError,
    Topic,
    answerable,
    begun,
    number_of,
)
from housechats.domain.dialogues import ENOUGH, MOST_BEGUN, Dialogue, turn_of
from housechats.domain.errors import RefusedError, UnavailableError
from housechats.domain.houses import House, read_code
from housechats.domain.questions import Where
from housechats.domain.random_ids import random_id
from housechats.ports.chats import Chats
from housechats.ports.complaints import Complaints
from housechats.ports.dialogues import Dialogues
from housechats.ports.houses import Houses
from housechats.ports.people import Posts
from housechats.ports.queues import Queue
from housechats.ports.talks import PressButton, Pressed, Row, Saying, Talk, Tone, Written
from housechats.ports.turns import Turns

KEPT = timedelta(days=1)
"""How long a complaint that is not sent yet is waited for."""
A_DAY = timedelta(days=1)
ASKED_EVERY = timedelta(seconds=5)
"""Whoever presses on is not asked the same anew: all people of a community share its pace."""
A_SECOND = timedelta(seconds=1)
"""VK tells the second of a message, no less."""
SHOWN = 5
"""Complaints that somebody is told of who asks for theirs."""
NUMBERS = 5
"""How many numbers a complaint may try: each is another's about once in a million."""

HOUSE, TOPIC, TEXT, WHERE = "house", "topic", "text", "where"
DETAIL, PHOTOS, CONTACT, PREVIEW = "detail", "photos", "contact", "preview"
REASON = "reason"
"""What an official is asked who says that a complaint is not theirs."""
LAST, BEGUN = "last", "begun"
"""Notes of a dialogue: the event that moved it on last, and the one that began it."""
UNASKED = "unasked"
"""Note of a dialogue: they let nobody write, so they do not know yet what is asked."""

SAYS = {
    "accepted": Happening.ACCEPTED,
    "done": Happening.DONE,
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What the dialogues about complaints work with."""

    dialogues: Dialogues
    turns: Turns
    chats: Chats
    houses: Houses
    complaints: Complaints
    posts: Posts
    queue: Queue
    talk_of: Callable[[int], Talk]

    @property
    def answering(self) -> Answering:
        return Answering(self.complaints, self.queue)


def react(event: ChatEvent, *, desk: Desk, now: datetime) -> Pressed | None:
    """Do what an event asks for, and return what is shown to who pressed a button."""
    press = event.press
    if press is not None:
        react_to = _COMMANDS.get(press.command)
        shown = react_to(event, press, desk, now) if react_to else None
        return shown or _shown(event, "")
    if event.kind == EventKind.TEXT and not event.chat_id:
        _written(event, desk, now)
    return None


# ---------------------------------------------------------------- commands


def _begin(event: ChatEvent, _press: Press, desk: Desk, now: datetime) -> Pressed | None:
    notes = {BEGUN: event.id, LAST: event.id}
    if event.chat_id:
        house_id = desk.chats.house_of(event.community, event.chat_id)
        house = desk.houses.get(house_id) if house_id else None
        if house is None or house.chat_id != event.chat_id:  # a former chat of the house's
            return _shown(event, texts.ONLY_FROM_HOUSE)
        notes[HOUSE] = house.id
    there = desk.dialogues.get(event.community, event.user)
    if there and not there.notes.get(UNASKED) and _has_just_begun(there, notes, now):
        return _shown(event, WRITTEN if event.chat_id else "")
    if not _is_allowed(event, desk, now):
        return _shown(event, ENOUGH)
    # One that came again takes nothing away of what was told since.
    if there is None or event.id not in {there.notes.get(LAST), there.notes.get(BEGUN)}:
        there = Dialogue(
            event.community,
            event.user,
            Room.COMPLAINTS,
            _step(notes),
            "",
            asked_at=now,
            until=now + KEPT,
            notes=notes,
        )
        desk.dialogues.begin(there)
    if not _ask(event, there, desk):
        # Whatever they write first is no answer: it only brings the question.
        notes = {**there.notes, UNASKED: "yes"}
        desk.dialogues.go_on(replace(there, notes=notes, revision=there.revision + 1))
        return Pressed(
            event.press_id,
            event.user,
            event.chat_id,
            texts.WRITE_TO_US,
            f"https://vk.me/club{event.community}",
        )
    return _shown(event, WRITTEN if event.chat_id else "")


WRITTEN = "Написали вам в личные сообщения."


def _has_just_begun(there: Dialogue, notes: Mapping[str, str], now: datetime) -> bool:
    same = (Room.COMPLAINTS, _step(notes), notes.get(HOUSE))
    is_other = there.notes.get(LAST) != notes[LAST]
    is_same = (there.room, there.step, there.notes.get(HOUSE)) == same
    return is_same and is_other and now - there.asked_at < ASKED_EVERY


def _is_allowed(event: ChatEvent, desk: Desk, now: datetime) -> bool:
    turn = turn_of(event.community, event.user)
    return desk.turns.allow(turn, by=event.id, most=MOST_BEGUN, now=now)


def _mine(event: ChatEvent, _press: Press, desk: Desk, now: datetime) -> Pressed | None:
    if not _is_allowed(event, desk, now):
        return _shown(event, ENOUGH)
    own = desk.complaints.of_author(event.user, limit=SHOWN)
    here = [one for one in own if one.community == event.community]
    _say(event, desk, texts.own(here))
    return None


def _choose_topic(event: ChatEvent, press: Press, desk: Desk, now: datetime) -> Pressed | None:
    known = press.value in set(Topic)
    return _noted(event, desk, now, TOPIC, {TOPIC: press.value} if known else None)


def _choose_where(event: ChatEvent, press: Press, desk: Desk, now: datetime) -> Pressed | None:
    known = press.value in set(Where)
    return _noted(event, desk, now, WHERE, {WHERE: press.value} if known else None)


def _skip(event: ChatEvent, press: Press, desk: Desk, now: datetime) -> Pressed | None:
    known = press.value in {DETAIL, PHOTOS, CONTACT}
    return _noted(event, desk, now, press.value, {press.value: ""} if known else None)


def _noted(
    event: ChatEvent, desk: Desk, now: datetime, step: str, said: Mapping[str, str] | None
) -> Pressed | None:
    """Note what a button of a step says; of another step's, pressed late, nothing comes."""
    dialogue = _own(event, desk)
    if dialogue is None:
        return _shown(event, texts.NOTHING_OPEN)
    if dialogue.notes.get(LAST) == event.id:
        _ask(event, dialogue, desk)
    elif dialogue.step == step and said is not None:
        _go_on(event, dialogue, said, desk, now)
    return None


def _cancel(event: ChatEvent, _press: Press, desk: Desk, _now: datetime) -> Pressed | None:
    dialogue = _own(event, desk)
    if dialogue:
        _say(event, desk, texts.CANCELLED)
        desk.dialogues.end(dialogue)
    return None


def _send(event: ChatEvent, _press: Press, desk: Desk, now: datetime) -> Pressed | None:
    dialogue = _own(event, desk)
    if dialogue is None or dialogue.step != PREVIEW:
        return _shown(event, texts.NOTHING_OPEN)
    house = desk.houses.get(dialogue.notes[HOUSE])
    if house is None:
        desk.dialogues.end(dialogue)
        return _shown(event, texts.ONLY_FROM_HOUSE)
    if not _is_resident(event, house, desk):
        _say(event, desk, texts.NOT_A_RESIDENT)
        desk.dialogues.end(dialogue)
        return None
    if _has_sent_enough(dialogue, desk, now):
        _say(event, desk, texts.ENOUGH)
        desk.dialogues.end(dialogue)
        return None
    complaint = _kept(dialogue, house, desk, now)
    desk.queue.send([{"complaint_id": complaint.id}])
    _say(event, desk, texts.taken(complaint), rows=MINE)
    desk.dialogues.end(dialogue)
    return None


def _has_sent_enough(dialogue: Dialogue, desk: Desk, now: datetime) -> bool:
    """Tell whether a person has complained so often today that officials would drown in it."""
    own = desk.complaints.of_author(dialogue.vk_id, limit=A_DAY_AT_MOST)
    lately = [one for one in own if now - one.sent_at < A_DAY and one.event != _made_by(dialogue)]
    return len(lately) >= A_DAY_AT_MOST


def _made_by(dialogue: Dialogue) -> str:
    return f"{dialogue.community}/{dialogue.vk_id}/{dialogue.notes[BEGUN]}"


def _kept(dialogue: Dialogue, house: House, desk: Desk, now: datetime) -> Complaint:
    """Keep the complaint under a number that is nobody's; pressed twice it is one."""
    notes, made_by = dialogue.notes, _made_by(dialogue)
    whole = Complaint(
        id="",
        house_id=house.id,
        oktmo=house.oktmo,
        community=dialogue.community,
        inn=answerable(Topic(notes[TOPIC]), house.organisations),
        by=dialogue.vk_id,
        topic=Topic(notes[TOPIC]),
        where=Where(notes[WHERE]),
        sent_at=now,
        event=made_by,
        text=notes[TEXT],
        detail=notes.get(DETAIL, ""),
        photos=tuple(filter(None, notes[PHOTOS].split(","))),
        contact=notes[CONTACT],
    )
    for attempt in range(NUMBERS):
        numbered = replace(whole, id=number_of(made_by, attempt))
        if kept := desk.complaints.add(begun(numbered)):
            return kept
    raise UnavailableError("no number is free")


def _official_says(event: ChatEvent, press: Press, desk: Desk, now: datetime) -> Pressed | None:
    """Note what an official's button says."""
    complaint = _reached(event, press.thing, desk)
    if complaint is None:
        return _shown(event, texts.NOT_YOURS)
    if press.command == str(Happening.REJECTED):
        if complaint.state.over:
            return _shown(event, NOT_NOW[complaint.state])
        dialogue = Dialogue(
            event.community,
            event.user,
            Room.COMPLAINTS,
            REASON,
            complaint.id,
            asked_at=now,
            until=now + KEPT,
            notes={LAST: event.id},
        )
        desk.dialogues.begin(dialogue)
        _ask(event, dialogue, desk)
        return None
    return _shown(event, _answered(event, complaint, SAYS[press.command], "", desk, now))


def _answered(
    event: ChatEvent, complaint: Complaint, says: Happening, note: str, desk: Desk, now: datetime
) -> str:
    try:
        answer_complaint(
            complaint.id, says, by=f"vk:{event.user}", note=note, desk=desk.answering, now=now
        )
    except NotNowError as refused:
        return refused.message
    return texts.NOTED


def _reached(event: ChatEvent, complaint_id: str, desk: Desk) -> Complaint | None:
    """Return a complaint that the person may answer now, whatever the button says."""
    complaint = desk.complaints.get(complaint_id) if complaint_id else None
    if complaint is None or complaint.community != event.community:
        return None
    known = desk.posts.known(event.user)
    lasting = tuple(post for post in known.posts if post.until is None)
    caller = Caller(event.user, lasting, known.elder_ids)
    return complaint if may(caller, Permission.COMPLAINTS_ANSWER, [complaint.place]) else None


_COMMANDS: Mapping[str, Callable[[ChatEvent, Press, Desk, datetime], Pressed | None]] = {
    "begin": _begin,
    "mine": _mine,
    "topic": _choose_topic,
    "where": _choose_where,
    "skip": _skip,
    "send": _send,
    "cancel": _cancel,
    "accepted": _official_says,
    "done": _official_says,
    "rejected": _official_says,
}


# ---------------------------------------------------------------- what is written


def _written(event: ChatEvent, desk: Desk, now: datetime) -> None:
    dialogue = _own(event, desk)
    if dialogue is None:
        return
    if dialogue.notes.get(LAST) == event.id:
        _ask(event, dialogue, desk)
        return
    if event.at + A_SECOND < dialogue.asked_at:
        return  # written before it was asked
    if dialogue.notes.get(UNASKED):
        _go_on(event, dialogue, {UNASKED: ""}, desk, now)
        return
    written = desk.talk_of(event.community).read_private(event.user, event.cmid)
    if written is None:
        return
    if dialogue.step == REASON:
        _reason(event, dialogue, written, desk, now)
        return
    said, fault = _READ[dialogue.step](event, written, desk)
    if fault:
        _say(event, desk, fault, rows=_rows(dialogue))
    else:
        _go_on(event, dialogue, said, desk, now)


def _reason(
    event: ChatEvent, dialogue: Dialogue, written: Written, desk: Desk, now: datetime
) -> None:
    complaint = _reached(event, dialogue.thing, desk)
    note = written.text.strip()
    if not note or len(note) > LONGEST_NOTE:
        _say(event, desk, texts.ASK_REASON, rows=CANCEL)
        return
    said = texts.NOT_YOURS
    if complaint:
        said = _answered(event, complaint, Happening.REJECTED, note, desk, now)
    _say(event, desk, said)
    desk.dialogues.end(dialogue)


Read = tuple[Mapping[str, str], str]
"""What is noted, and what is wrong with it."""


def _read_house(event: ChatEvent, written: Written, desk: Desk) -> Read:
    house = desk.houses.get(read_code(written.text) or "-")
    if house is None or house.community != event.community or not house.chat_id:
        return {}, texts.NO_SUCH_HOUSE
    if not _is_resident(event, house, desk):
        return {}, texts.NOT_A_RESIDENT
    return {HOUSE: house.id}, ""


def _is_resident(event: ChatEvent, house: House, desk: Desk) -> bool:
    return desk.talk_of(event.community).is_member(house.chat_id, event.user)


def _read_text(_event: ChatEvent, written: Written, _desk: Desk) -> Read:
    text = written.text.strip()
    if not any(sign.isalnum() for sign in text):
        return {}, texts.NO_WORDS
    if len(text) > LONGEST_TEXT:
        return {}, texts.TOO_LONG
    photos = written.photos[:MOST_PHOTOS]
    return {TEXT: text} | ({PHOTOS: ",".join(photos)} if photos else {}), ""


def _read_detail(_event: ChatEvent, written: Written, _desk: Desk) -> Read:
    detail = " ".join(written.text.split())
    if not detail or len(detail) > LONGEST_DETAIL:
        return {}, texts.DETAIL_TOO_LONG
    return {DETAIL: detail}, ""


def _read_photos(_event: ChatEvent, written: Written, _desk: Desk) -> Read:
    photos = written.photos[:MOST_PHOTOS]
    return ({PHOTOS: ",".join(photos)}, "") if photos else ({}, texts.ASK_PHOTO)


def _read_contact(_event: ChatEvent, written: Written, _desk: Desk) -> Read:
    contact = " ".join(written.text.split())
    if not contact or len(contact) > LONGEST_CONTACT:
        return {}, texts.CONTACT_TOO_LONG
    return {CONTACT: contact}, ""


def _read_nothing(_event: ChatEvent, _written: Written, _desk: Desk) -> Read:
    return {}, texts.PRESS_BUTTON


_READ: Mapping[str, Callable[[ChatEvent, Written, Desk], Read]] = {
    HOUSE: _read_house,
    TOPIC: _read_nothing,
    TEXT: _read_text,
    WHERE: _read_nothing,
    DETAIL: _read_detail,
    PHOTOS: _read_photos,
    CONTACT: _read_contact,
    PREVIEW: _read_nothing,
}


# ---------------------------------------------------------------- steps


def _step(notes: Mapping[str, str]) -> str:
    """Return what is to be asked next: the first thing that is not noted."""
    has_number = notes.get(WHERE) in {Where.FLAT, Where.ENTRANCE}
    order = (HOUSE, TOPIC, TEXT, WHERE, *([DETAIL] if has_number else ()), PHOTOS, CONTACT)
    return next((step for step in order if step not in notes), PREVIEW)


def _own(event: ChatEvent, desk: Desk) -> Dialogue | None:
    dialogue = desk.dialogues.get(event.community, event.user)
    return dialogue if dialogue and dialogue.room == Room.COMPLAINTS else None


def _go_on(
    event: ChatEvent, dialogue: Dialogue, said: Mapping[str, str], desk: Desk, now: datetime
) -> None:
    notes = {**dialogue.notes, **said, LAST: event.id}
    after = replace(
        dialogue,
        notes=notes,
        step=_step(notes),
        asked_at=now,
        until=now + KEPT,
        revision=dialogue.revision + 1,
    )
    if not desk.dialogues.go_on(after):
        raise UnavailableError("the dialogue went on meanwhile")
    _ask(event, after, desk)


def _ask(event: ChatEvent, dialogue: Dialogue, desk: Desk) -> bool:
    return _say(event, desk, _question(dialogue, desk), rows=_rows(dialogue))


def _question(dialogue: Dialogue, desk: Desk) -> str:
    notes = dialogue.notes
    if dialogue.step == PREVIEW:
        house = desk.houses.get(notes[HOUSE])
        photos = len([*filter(None, notes[PHOTOS].split(","))])
        return texts.preview(house.title if house else notes[HOUSE], notes, photos)
    if dialogue.step == DETAIL:
        return texts.ASK_FLAT if notes[WHERE] == Where.FLAT else texts.ASK_ENTRANCE
    return {
        HOUSE: texts.ASK_HOUSE,
        TOPIC: texts.beginning(),
        TEXT: texts.ASK_TEXT,
        WHERE: texts.ASK_WHERE,
        PHOTOS: texts.ASK_PHOTO,
        CONTACT: texts.ASK_CONTACT,
        REASON: texts.ASK_REASON,
    }[dialogue.step]


def _button(label: str, command: str, value: str = "", tone: Tone = Tone.PLAIN) -> PressButton:
    return PressButton(label, Press(Room.COMPLAINTS, command, value=value), tone)


CANCEL: list[Row] = [[_button("Отменить", "cancel")]]
MINE: list[Row] = [[_button("Где моя жалоба?", "mine")]]


def _rows(dialogue: Dialogue) -> list[Row]:
    match dialogue.step:
        case "topic":
            topics = [_button(label, "topic", topic) for topic, label in texts.TOPICS.items()]
            return [*_pairs([*topics, _button("Отменить", "cancel")]), *MINE]
        case "where":
            places = [_button(label, "where", place) for place, label in texts.PLACES.items()]
            return [*_pairs(places), *CANCEL]
        case "detail":
            return [[_button("Пропустить", "skip", DETAIL)], *CANCEL]
        case "photos":
            return [[_button("Без фото", "skip", PHOTOS, Tone.PRIMARY)], *CANCEL]
        case "contact":
            return [[_button("Не оставлять контакт", "skip", CONTACT, Tone.PRIMARY)], *CANCEL]
        case "preview":
            cancel = _button("Отменить", "cancel", tone=Tone.BAD)
            return [[_button("Отправить", "send", tone=Tone.GOOD), cancel]]
    return CANCEL


def _pairs(buttons: list[PressButton]) -> list[Row]:
    return [buttons[n : n + 2] for n in range(0, len(buttons), 2)]


def _say(event: ChatEvent, desk: Desk, text: str, *, rows: list[Row] | None = None) -> bool:
    """Say something privately, once for each event; False when the person does not allow it."""
    number = random_id(f"complaints/{event.community}/{event.id}")
    saying = Saying(text, number, event.at, rows=rows or ())
    try:
        desk.talk_of(event.community).tell(event.user, saying)
    except RefusedError:
        return False
    return True


def _shown(event: ChatEvent, text: str) -> Pressed | None:
    if not event.press_id:
        return None
    return Pressed(event.press_id, event.user, event.chat_id, text)
