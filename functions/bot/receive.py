"""Use case: the receptionist: whose business an event is, and what the bot itself makes of it."""

from dataclasses import dataclass
from datetime import timedelta

from bot import guide
from bot.desk import Desk
from bot.menu import ACTS, what_bot_can_unasked
from bot.outcome import Outcome
from bot.welcome import receive_newcomer
from housechats.domain.bot_texts import UNKNOWN_BUTTON
from housechats.domain.chat_events import KEPT_SEEN, ChatEvent, EventKind, Room
from housechats.domain.errors import DisconnectedError, PausedError, RefusedError
from housechats.ports.talks import Pressed

LONGEST_DELAY = timedelta(minutes=15)
"""How long a queue keeps a message back."""
OWN = {Room.BOT, Room.GUIDE}


@dataclass(frozen=True, slots=True)
class Reaction:
    """What came of an event."""

    outcome: Outcome
    shown: str | None = None
    """To who has pressed a button; None: nothing is to be answered."""


def receive(event: ChatEvent, *, desk: Desk) -> Reaction:
    """React once to an event, however often it comes."""
    if desk.seen.seen(event):
        return Reaction(Outcome.REPEATED)
    try:
        reaction = _react(event, desk)
    except PausedError as paused:
        return Reaction(_put_off(event, desk, paused.until - desk.clock()))
    except DisconnectedError as disconnected:
        _disconnect(event.community, disconnected.message, desk)
        return Reaction(_put_off(event, desk, LONGEST_DELAY))
    except RefusedError:
        reaction = Reaction(Outcome.REFUSED)
    # What is another room's business, that room notes.
    if reaction.outcome != Outcome.HANDED_ON:
        desk.seen.note(event, now=desk.clock())
    return reaction


def answer_to(event: ChatEvent, reaction: Reaction) -> Pressed | None:
    """Return what ends the press on the screen of who has pressed."""
    if not event.press_id or reaction.shown is None:
        return None
    return Pressed(event.press_id, event.user, event.chat_id, text=reaction.shown)


def _react(event: ChatEvent, desk: Desk) -> Reaction:
    match event.kind:
        case EventKind.JOINED:
            return Reaction(receive_newcomer(event, desk=desk))
        case EventKind.ALLOWED:
            guide.listened(event, _elder_ids(event, desk), desk=desk.guide)
            return Reaction(Outcome.GUIDED)
        case EventKind.DENIED:
            guide.forbidden(event, _elder_ids(event, desk), desk=desk.guide)
            return Reaction(Outcome.GUIDED)
        case EventKind.PRESS | EventKind.TEXT if event.press:
            return _asked(event, event.press.room, event.press.command, desk)
        case EventKind.TEXT:
            return _written(event, desk)
    return Reaction(Outcome.NOT_OURS)


def _asked(event: ChatEvent, room: Room, command: str, desk: Desk) -> Reaction:
    if room not in OWN:
        return _hand_on(event, room, desk)
    if room == Room.GUIDE:
        shown = guide.pressed(event, _elder_ids(event, desk), desk=desk.guide)
        return Reaction(Outcome.GUIDED, shown)
    act = ACTS.get(command)
    return (
        Reaction(Outcome.SAID, act(event, desk))
        if act
        else Reaction(Outcome.NOT_OURS, UNKNOWN_BUTTON)
    )


def _written(event: ChatEvent, desk: Desk) -> Reaction:
    """Take a text to who has asked; in a chat, to the room whose message was replied to."""
    if event.chat_id:
        return _hand_on(event, Room.QUESTIONS, desk)
    dialogue = desk.dialogues.get(event.community, event.user)
    if dialogue:
        return _hand_on(event, dialogue.room, desk)
    guide.listened(event, _elder_ids(event, desk), desk=desk.guide)
    told = what_bot_can_unasked(event, desk)
    return Reaction(Outcome.SAID if told else Outcome.NOT_IN_TURN)


def _hand_on(event: ChatEvent, room: Room, desk: Desk) -> Reaction:
    desk.rooms[room].send([event.body])
    return Reaction(Outcome.HANDED_ON)


def _put_off(event: ChatEvent, desk: Desk, pause: timedelta) -> Outcome:
    """Have the event again when VK lets us act; what is a day old interests nobody."""
    if desk.clock() - event.at > timedelta(seconds=KEPT_SEEN):
        return Outcome.TOO_LATE
    delay = min(max(pause, timedelta(seconds=1)), LONGEST_DELAY)
    desk.later.send([event.body], delay_s=round(delay.total_seconds()))
    return Outcome.PUT_OFF


def _disconnect(community_id: int, reason: str, desk: Desk) -> None:
    community = desk.communities.get(community_id)
    if community and community.works:
        desk.communities.disconnect(community, reason=reason)


def _elder_ids(event: ChatEvent, desk: Desk) -> frozenset[str]:
    return desk.posts.known(event.user).elder_ids
