"""Use case: the private talk in which a representative names a time, or another one."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from discussions.desk import Desk, may_answer, may_change
from discussions.name_time import (
    BadTimeError,
    check_other_time,
    check_time,
    move,
    name_time,
    other_times_for,
    times_for,
)
from discussions.replies import Reply
from housechats.domain import discussion_texts as texts
from housechats.domain.chat_events import ChatEvent, Press, Room
from housechats.domain.dialogues import KEPT, Dialogue
from housechats.domain.discussion_course import seconds_of
from housechats.domain.discussions import LENGTH, Discussion, Happening, NotNowError, moved
from housechats.domain.questions import Question, QuestionState
from housechats.domain.told_times import read_told_time
from housechats.domain.zones import zone_of
from housechats.ports.talks import PressButton, Row, Tone

Thing = Question | Discussion
LATEST = 4_102_444_800
"""Seconds since 1970 until the year 2100: nobody means a later time."""


def begin(event: ChatEvent, press: Press, desk: Desk, *, moving: bool = False) -> Reply:
    """Propose times, and wait for one that is typed."""
    thing = _thing(event, press.thing, desk, moving=moving)
    if thing is None:
        return Reply(texts.NOT_YOURS)
    _require_open(thing)
    step = "move" if moving else "time"
    desk.dialogues.begin(
        Dialogue(
            event.community,
            event.user,
            Room.DISCUSSIONS,
            step,
            thing.id,
            asked_at=event.at,
            until=event.at + KEPT,
        )
    )
    said = f"{texts.question_of(_subject(thing))}\n\n{texts.WHICH_TIME}"
    return Reply(texts.ASKED_PRIVATELY, said, _proposed(thing, event, desk))


def hear(
    event: ChatEvent, dialogue: Dialogue, text: str, desk: Desk, *, moving: bool = False
) -> Reply:
    """Read a time that was typed, and ask whether it is meant."""
    thing = _thing(event, dialogue.thing, desk, moving=moving)
    if thing is None:
        return Reply(said=texts.NOT_YOURS)
    starts_at = read_told_time(text, now=desk.clock(), zone=zone_of(thing.oktmo))
    if starts_at is None:
        return Reply(said=texts.NOT_A_TIME, rows=_proposed(thing, event, desk))
    return _ask_whether(thing, starts_at, event, desk)


def pick(event: ChatEvent, press: Press, desk: Desk, *, moving: bool = False) -> Reply:
    """Take a time that was proposed, and ask whether it is meant."""
    thing = _thing(event, press.thing, desk, moving=moving)
    starts_at = _moment(press.value)
    if thing is None or starts_at is None:
        return Reply(texts.NOT_YOURS)
    return _ask_whether(thing, starts_at, event, desk)


def confirm(event: ChatEvent, press: Press, desk: Desk, *, moving: bool = False) -> Reply:
    """Name the time; pressed again, it is named already."""
    thing = _thing(event, press.thing, desk, moving=moving)
    starts_at = _moment(press.value)
    if thing is None or starts_at is None:
        return Reply(texts.NOT_YOURS)
    if isinstance(thing, Discussion):
        named = (
            thing if thing.starts_at == starts_at else move(thing, starts_at, office=desk.office)
        )
    else:
        named = name_time(thing, starts_at, by=event.user, office=desk.office)
    dialogue = desk.dialogues.get(event.community, event.user)
    if dialogue and dialogue.room == Room.DISCUSSIONS and dialogue.thing == thing.id:
        desk.dialogues.end(dialogue)
    return Reply(texts.NAMED, touched=named.id)


def _ask_whether(thing: Thing, starts_at: datetime, event: ChatEvent, desk: Desk) -> Reply:
    try:
        _check(thing, starts_at, event, desk)
    except BadTimeError as bad:
        said = texts.does_not_do(bad.message)
        return Reply(texts.ASKED_PRIVATELY, said, _proposed(thing, event, desk))
    moving = isinstance(thing, Discussion)
    said = texts.confirm_time(starts_at, thing.oktmo, length=_length(thing), moving=moving)
    word = "move" if moving else "name_time"
    sure = Press(Room.DISCUSSIONS, _command("confirm", thing), thing.id, str(seconds_of(starts_at)))
    return Reply(
        texts.ASKED_PRIVATELY,
        said,
        (
            (PressButton("Перенести" if moving else "Назначить", sure, Tone.PRIMARY),),
            (PressButton("Другое время", Press(Room.DISCUSSIONS, word, thing.id)),),
        ),
    )


def _check(thing: Thing, starts_at: datetime, event: ChatEvent, desk: Desk) -> None:
    _require_open(thing)
    if isinstance(thing, Discussion):
        check_other_time(thing, starts_at, office=desk.office)
    else:
        check_time(thing, starts_at, LENGTH, by=event.user, office=desk.office)


def _require_open(thing: Thing) -> None:
    if isinstance(thing, Discussion):
        moved(thing, Happening.MOVED)
    elif thing.state != QuestionState.INVITED:
        raise NotNowError(texts.NOT_NOW)


def _thing(event: ChatEvent, thing_id: str, desk: Desk, *, moving: bool) -> Thing | None:
    """Return what a time is named for, if it is this person's to do so now, and here."""
    posts, found = desk.office.posts, _found(thing_id, desk, moving=moving)
    if found is None or found.community != event.community:
        return None
    if isinstance(found, Discussion):
        return found if may_change(event.user, found.place, posts) else None
    return found if may_answer(event.user, found, posts) else None


def _found(thing_id: str, desk: Desk, *, moving: bool) -> Thing | None:
    return desk.discussions.get(thing_id) if moving else desk.office.questions.get(thing_id)


def _proposed(thing: Thing, event: ChatEvent, desk: Desk) -> tuple[Row, ...]:
    times: Sequence[datetime]
    if isinstance(thing, Discussion):
        times = other_times_for(thing, office=desk.office)
    else:
        times = times_for(thing, by=event.user, office=desk.office)
    return tuple(
        (
            PressButton(
                texts.on_button(at, thing.oktmo),
                Press(Room.DISCUSSIONS, _command("pick", thing), thing.id, str(seconds_of(at))),
            ),
        )
        for at in times
    )


def _command(name: str, thing: Thing) -> str:
    return f"{name}_move" if isinstance(thing, Discussion) else name


def _subject(thing: Thing) -> str:
    return thing.subject if isinstance(thing, Discussion) else thing.text


def _length(thing: Thing) -> timedelta:
    return thing.ends_at - thing.starts_at if isinstance(thing, Discussion) else LENGTH


def _moment(value: str) -> datetime | None:
    if not (value.isascii() and value.isdecimal()) or int(value) > LATEST:
        return None
    return datetime.fromtimestamp(int(value), UTC)
