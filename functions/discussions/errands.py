"""Errands of discussions: what is said and done for each kind."""

from collections.abc import Callable, Mapping
from contextlib import suppress

from discussions.desk import Desk, quiet_at
from housechats.domain import discussion_texts as texts
from housechats.domain.chat_events import Press, Room
from housechats.domain.discussion_course import (
    IN_HOUSE,
    IN_ROOM,
    TO_SPEAKER,
    TOLD_TO_QUESTIONS,
    Kind,
    announced,
    outcome_posted,
    outcome_refused,
    seconds_of,
)
from housechats.domain.discussions import Discussion, DiscussionState
from housechats.domain.errands import Errand, added, without
from housechats.domain.errors import PausedError, RefusedError
from housechats.domain.quiet_hours import next_allowed
from housechats.domain.random_ids import random_id
from housechats.ports.letters import Button
from housechats.ports.talks import PressButton, Row, Saying, Tone

TOLD_AT_ONCE = 100
"""People who are told that it opens, in one errand: a worker lives for a minute."""
PLANNED, OPEN = DiscussionState.PLANNED, DiscussionState.OPEN

Then = Callable[[Discussion], Discussion]


def do(discussion: Discussion, errand: Errand, *, desk: Desk) -> Then:
    """Do one errand, and return what is to be noted of it."""
    kind = Kind(errand.kind)
    if _is_stale(discussion, kind):
        return _nothing
    if _is_unasked(discussion, kind):
        _require_day(discussion, desk)
    if kind in TOLD_TO_QUESTIONS:
        desk.to_questions.send([_told_to_questions(discussion, kind)])
    elif kind == Kind.AWAIT_START:
        desk.starts.plan(discussion.id, at=discussion.starts_at, now=desk.clock())
    elif kind == Kind.AWAIT_CLEANING:
        at = discussion.wake_at or desk.clock()
        desk.cleanings.plan(discussion.id, at=at, now=desk.clock())
    elif kind == Kind.INVITE_INTERESTED:
        return _invite_interested(discussion, errand, desk)
    elif kind in IN_HOUSE:
        return _say_in_house(discussion, errand, desk)
    elif kind in IN_ROOM:
        return _say_in_room(discussion, errand, desk)
    elif kind in TO_SPEAKER:
        saying = _saying(
            discussion, errand, _to_speaker(discussion, kind, desk), _rows(discussion, kind)
        )
        desk.talk_of(discussion.community).tell(errand.to, saying)
    return _nothing


def refused(
    discussion: Discussion, errand: Errand, _refusal: RefusedError, *, desk: Desk
) -> Discussion:
    """Leave undone what the messenger refuses; but an outcome goes elsewhere."""
    left = discussion.with_errands(without(discussion.errands, errand.id))
    if errand.kind in {Kind.OUTCOME, Kind.OUTCOME_HERE}:
        return outcome_refused(left, errand.kind, now=desk.clock())
    return left


def _nothing(discussion: Discussion) -> Discussion:
    return discussion


STALE_UNLESS: Mapping[Kind, frozenset[DiscussionState]] = {
    Kind.AWAIT_START: frozenset({PLANNED}),
    Kind.ANNOUNCE: frozenset({PLANNED}),
    Kind.NAMED: frozenset({PLANNED}),
    Kind.REMIND: frozenset({PLANNED}),
    Kind.REMIND_SPEAKER: frozenset({PLANNED}),
    Kind.INVITE: frozenset({OPEN}),
    Kind.INVITE_SPEAKER: frozenset({OPEN}),
    Kind.INVITE_INTERESTED: frozenset({OPEN}),
    Kind.LATE: frozenset({OPEN}),
    Kind.HURRY: frozenset({OPEN}),
    Kind.OFFER: frozenset({OPEN}),
    Kind.PROLONGED: frozenset({OPEN}),
    Kind.ASK_PROTOCOL: frozenset({DiscussionState.ENDED}),
    Kind.OUTCOME: frozenset({DiscussionState.ENDED}),
    Kind.OUTCOME_HERE: frozenset({DiscussionState.ENDED}),
}
"""In which states it is still worth saying; the rest is always."""


def _is_stale(discussion: Discussion, kind: Kind) -> bool:
    if kind == Kind.ASK_PROTOCOL and discussion.protocol:
        return True
    if kind in {Kind.LATE, Kind.HURRY} and discussion.representative_wrote_at:
        return True
    return discussion.state not in STALE_UNLESS.get(kind, frozenset(DiscussionState))


def _is_unasked(discussion: Discussion, kind: Kind) -> bool:
    """Tell whether time alone calls for it: nobody waits for that at night."""
    if kind == Kind.ASK_PROTOCOL:
        return discussion.protocol_reminded > 0
    return kind in {Kind.REMIND, Kind.REMIND_SPEAKER}


def _require_day(discussion: Discussion, desk: Desk) -> None:
    """Have what came late, or was put off into the night, wait for the morning."""
    now = desk.clock()
    allowed = next_allowed(now, [quiet_at(discussion.oktmo, desk.office.rulebook)])
    if allowed > now:
        raise PausedError(allowed, "quiet hours")


def _told_to_questions(discussion: Discussion, kind: Kind) -> Mapping[str, str | int]:
    told: dict[str, str | int] = {
        "question_id": discussion.question_id,
        "happened": str(kind),
        "discussion_id": discussion.id,
        "inn": discussion.inn,
        "starts_at": round(discussion.starts_at.timestamp() * 1000),
    }
    if kind == Kind.OVER:
        told["outcome_cmid"] = discussion.outcome_cmid
    return told


# ---------------------------------------------------------------- in chats


def _say_in_house(discussion: Discussion, errand: Errand, desk: Desk) -> Then:
    kind, talk = Kind(errand.kind), desk.talk_of(discussion.community)
    if kind == Kind.AMEND_CARD:
        talk.edit(discussion.house_chat_id, int(errand.value), texts.amended_card(discussion))
        return _nothing
    question = desk.office.questions.get(discussion.question_id)
    card = question.card_cmid if question and kind in _REPLIES else 0
    text = texts.LATE if kind == Kind.LATE else IN_HOUSE_SAID[kind](discussion)
    saying = _saying(discussion, errand, text, _rows(discussion, kind), reply_to=card)
    cmid = talk.say(discussion.house_chat_id, saying)
    if kind == Kind.ANNOUNCE:
        return lambda one: announced(one, cmid=cmid)
    return _posted(cmid, desk) if kind == Kind.OUTCOME else _nothing


_REPLIES = {Kind.ANNOUNCE, Kind.OUTCOME}
"""What is linked to the question's card."""
IN_HOUSE_SAID: Mapping[Kind, Callable[[Discussion], str]] = {
    Kind.ANNOUNCE: texts.announcement,
    Kind.REMIND: texts.reminder,
    Kind.INVITE: texts.invitation,
    Kind.CALLED_OFF: texts.called_off,
    Kind.NOT_OPENED: texts.not_opened,
    Kind.OUTCOME: texts.outcome,
}
IN_ROOM_SAID: Mapping[Kind, Callable[[Discussion], str]] = {
    Kind.OFFER: texts.offer,
    Kind.PROLONGED: texts.prolonged,
    Kind.ENDED: texts.ended,
    Kind.OUTCOME_HERE: texts.outcome,
    Kind.FAREWELL: texts.farewell,
}


def _say_in_room(discussion: Discussion, errand: Errand, desk: Desk) -> Then:
    """Say something in the chat that was made for this discussion, and in no other."""
    kind = Kind(errand.kind)
    if desk.rooms.discussion_of(discussion.community, discussion.chat_id) != discussion.id:
        raise RuntimeError("this chat was not made for this discussion")
    saying = _saying(discussion, errand, IN_ROOM_SAID[kind](discussion), _rows(discussion, kind))
    desk.talk_of(discussion.community).say(discussion.chat_id, saying)
    # Its number says nothing in the house chat.
    return _posted(0, desk) if kind == Kind.OUTCOME_HERE else _nothing


def _posted(cmid: int, desk: Desk) -> Then:
    return lambda one: outcome_posted(one, cmid=cmid, now=desk.clock())


# ---------------------------------------------------------------- privately


def _to_speaker(discussion: Discussion, kind: Kind, desk: Desk) -> str:
    if kind == Kind.REMIND_SPEAKER:
        interested = len(desk.interested.of(discussion.id))
        return texts.reminder_of_speaker(discussion, interested=interested)
    return TO_SPEAKER_SAID[kind](discussion)


TO_SPEAKER_SAID: Mapping[Kind, Callable[[Discussion], str]] = {
    Kind.NAMED: texts.named,
    Kind.INVITE_SPEAKER: texts.invitation_of_speaker,
    Kind.HURRY: texts.hurry,
    Kind.CANCELLED_SPEAKER: texts.cancelled_for_speaker,
    Kind.ASK_NEW_TIME: texts.new_time_wanted,
    Kind.ASK_PROTOCOL: texts.protocol_wanted,
}


def _invite_interested(discussion: Discussion, errand: Errand, desk: Desk) -> Then:
    """Tell who wanted to come, and forget each: who is told twice is told by the same number."""
    talk, there = desk.talk_of(discussion.community), desk.interested.of(discussion.id)
    for vk_id in there[:TOLD_AT_ONCE]:
        saying = Saying(
            texts.invitation_of_interested(discussion),
            random_id(f"interested/{discussion.id}/{vk_id}"),
            errand.begun_at or desk.clock(),
            _rows(discussion, Kind.INVITE),
        )
        with suppress(RefusedError):  # the link stands in the house chat too
            talk.tell(vk_id, saying)
        desk.interested.remove(discussion.id, vk_id)
    if len(there) <= TOLD_AT_ONCE:
        return _nothing
    rest = Errand(f"{errand.id}+", errand.kind, errand.to)
    return lambda one: one.with_errands(added(one.errands, rest))


# ---------------------------------------------------------------- buttons


def _rows(discussion: Discussion, kind: Kind) -> tuple[Row, ...]:
    match kind:
        case Kind.ANNOUNCE:
            return ((_button("Пойду", "go", discussion, Tone.PRIMARY),),)
        case Kind.INVITE:
            return ((Button("Войти в чат обсуждения", discussion.link),),)
        case Kind.INVITE_SPEAKER | Kind.HURRY:
            enter = Button("Войти в чат обсуждения", discussion.link)
            return ((enter,), (_button("Закончить обсуждение", "end", discussion),))
        case Kind.NAMED:
            return (
                (_button("Перенести", "move", discussion),),
                (_button("Отменить", "cancel", discussion, Tone.BAD),),
            )
        case Kind.OFFER:
            shown = str(seconds_of(discussion.ends_at))
            press = Press(Room.DISCUSSIONS, "prolong", discussion.id, shown)
            return ((PressButton("Продлить на полчаса", press, Tone.PRIMARY),),)
        case Kind.ASK_NEW_TIME:
            press = Press(Room.DISCUSSIONS, "name_time", discussion.question_id)
            return ((PressButton("Назначить время", press, Tone.PRIMARY),),)
        case Kind.ASK_PROTOCOL:
            return ((_button("Написать протокол", "protocol", discussion, Tone.PRIMARY),),)
    return ()


def _button(
    label: str, command: str, discussion: Discussion, tone: Tone = Tone.PLAIN
) -> PressButton:
    return PressButton(label, Press(Room.DISCUSSIONS, command, discussion.id), tone)


def _saying(
    discussion: Discussion,
    errand: Errand,
    text: str,
    rows: tuple[Row, ...],
    *,
    reply_to: int = 0,
) -> Saying:
    if errand.begun_at is None:
        raise ValueError("an errand is noted before it is begun")
    return Saying(text, errand.random_id(discussion.id), errand.begun_at, rows, reply_to=reply_to)
