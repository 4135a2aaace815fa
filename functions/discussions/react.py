"""Use case: react to what somebody pressed, or wrote to the bot privately, about a discussion."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial

from discussions import cancel_talk, protocol_talk, time_talk
from discussions.desk import Desk, is_elder_of, may_change
from discussions.name_time import BadTimeError
from discussions.replies import Reply
from housechats.domain import discussion_texts as texts
from housechats.domain.chat_events import ChatEvent, EventKind, Press, Room
from housechats.domain.dialogues import ENOUGH, KEPT, MOST_AT_WORK, Dialogue, turn_of
from housechats.domain.discussion_course import ended, present, prolonged
from housechats.domain.discussions import Discussion, DiscussionState, NotNowError
from housechats.domain.errors import RefusedError
from housechats.domain.random_ids import random_id
from housechats.ports.talks import Pressed, Saying
from housechats.runtime.errands import change

SECONDS_OF_VK = timedelta(seconds=1)
"""A message's time is told in whole seconds: who answers at once seems to have done so before."""


def react(event: ChatEvent, *, desk: Desk) -> Reply:
    """Do what somebody wants, if they may, and say privately what is to be said of it."""
    try:
        reaction = _react(event, desk)
    except (BadTimeError, NotNowError) as refusal:
        said = "" if event.chat_id else refusal.message
        reaction = Reply(refusal.message, said)
    if reaction.said:
        saying = Saying(
            reaction.said,
            random_id(f"answer/{event.community}/{event.id}"),
            event.at,
            reaction.rows,
        )
        with suppress(RefusedError):  # they let us write no more
            desk.talk_of(event.community).tell(event.user, saying)
    return reaction


def answer_to(event: ChatEvent, reaction: Reply) -> Pressed | None:
    """Return what ends the press on the screen of who has pressed."""
    if not event.press_id:
        return None
    return Pressed(event.press_id, event.user, event.chat_id, text=reaction.shown)


def _react(event: ChatEvent, desk: Desk) -> Reply:
    if event.press and event.press.room == Room.DISCUSSIONS:
        if not event.chat_id and not _is_allowed(event, desk):
            return Reply(ENOUGH)
        if event.press.command in IN_DIALOGUES and not event.chat_id:
            return IN_DIALOGUES[event.press.command](event, event.press, desk)
        return _pressed(event, event.press, desk)
    if event.kind == EventKind.TEXT and not event.chat_id:
        return _written(event, desk)
    return Reply()


def _is_allowed(event: ChatEvent, desk: Desk) -> bool:
    turn = turn_of(event.community, event.user)
    return desk.turns.allow(f"WORK-{turn}", by=event.id, most=MOST_AT_WORK, now=desk.clock())


def _written(event: ChatEvent, desk: Desk) -> Reply:
    dialogue = desk.dialogues.get(event.community, event.user)
    if dialogue is None or dialogue.room != Room.DISCUSSIONS:
        return Reply()
    if event.at <= dialogue.asked_at - SECONDS_OF_VK:
        return Reply()
    step = STEPS.get(dialogue.step)
    written = desk.talk_of(event.community).read_private(event.user, event.cmid)
    if step is None or written is None or written.author != event.user:
        return Reply()
    return step(event, dialogue, written.text.strip(), desk)


# ---------------------------------------------------------------- presses


def _pressed(event: ChatEvent, press: Press, desk: Desk) -> Reply:
    discussion = _there(event, press, desk)
    act = PRESSES.get(press.command)
    if discussion is None or act is None:
        return Reply(texts.NO_MORE)
    return act(event, press, discussion, desk)


def _there(event: ChatEvent, press: Press, desk: Desk) -> Discussion | None:
    """Return the discussion of a button, if the button can stand where it was pressed."""
    discussion = desk.discussions.get(press.thing) if press.thing else None
    if discussion is None or discussion.community != event.community:
        return None
    its_places = {0, discussion.house_chat_id, discussion.chat_id}
    return discussion if event.chat_id in its_places else None


def _go(event: ChatEvent, _press: Press, discussion: Discussion, desk: Desk) -> Reply:
    if not discussion.state.ahead or discussion.state == DiscussionState.OPEN:
        return Reply(texts.NO_MORE)
    desk.interested.add(discussion.id, event.user, until=discussion.ends_at + KEPT)
    return Reply(texts.will_tell(discussion))


def _prolong(event: ChatEvent, press: Press, discussion: Discussion, desk: Desk) -> Reply:
    speaks = may_change(event.user, discussion.place, desk.office.posts)
    if not speaks and not is_elder_of(event.user, discussion, desk.office):
        return Reply(texts.NOT_ALLOWED_TO_PROLONG)
    shown = int(press.value) if press.value.isascii() and press.value.isdecimal() else 0
    now = desk.clock()

    def then(one: Discussion) -> Discussion:
        longer = prolonged(one, now=now, shown=shown)
        return present(longer, now=now) if speaks else longer

    change(discussion.id, then, desk.discussions)
    return Reply(texts.DONE, touched=discussion.id)


def _end(event: ChatEvent, _press: Press, discussion: Discussion, desk: Desk) -> Reply:
    if not may_change(event.user, discussion.place, desk.office.posts):
        return Reply(texts.NOT_ALLOWED)
    now = desk.clock()

    def then(one: Discussion) -> Discussion:
        # Pressed again, it is over: nothing more comes of it.
        return one if one.state == DiscussionState.ENDED else ended(present(one, now=now), now=now)

    change(discussion.id, then, desk.discussions)
    return Reply(texts.DONE, touched=discussion.id)


Act = Callable[[ChatEvent, Press, Discussion, Desk], Reply]
PRESSES: Mapping[str, Act] = {
    "go": _go,
    "prolong": _prolong,
    "end": _end,
    "cancel": cancel_talk.begin,
}


IN_DIALOGUES: Mapping[str, Callable[[ChatEvent, Press, Desk], Reply]] = {
    "name_time": time_talk.begin,
    "pick": time_talk.pick,
    "confirm": time_talk.confirm,
    "move": partial(time_talk.begin, moving=True),
    "pick_move": partial(time_talk.pick, moving=True),
    "confirm_move": partial(time_talk.confirm, moving=True),
    "cancel_sure": cancel_talk.confirm,
    "leave": cancel_talk.leave,
    "protocol": protocol_talk.begin,
    "more": protocol_talk.more,
    "publish": protocol_talk.publish,
}
"""Buttons that stand in private dialogs only."""

WORDS = {*PRESSES, *IN_DIALOGUES}
"""What our buttons may say."""

STEPS: Mapping[str, Callable[[ChatEvent, Dialogue, str, Desk], Reply]] = {
    "time": time_talk.hear,
    "move": partial(time_talk.hear, moving=True),
    cancel_talk.STEP: cancel_talk.hear,
    **dict.fromkeys(protocol_talk.STEPS, protocol_talk.hear),
}
"""What a private text answers, by the step of the dialogue."""
