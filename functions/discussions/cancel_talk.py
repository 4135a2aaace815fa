"""Use case: the private talk in which a representative calls a discussion off."""

from dataclasses import replace

from discussions.desk import Desk, may_change
from discussions.replies import Reply
from housechats.domain import discussion_texts as texts
from housechats.domain.broadcast_texts import hidden_signs
from housechats.domain.chat_events import ChatEvent, Press, Room
from housechats.domain.dialogues import KEPT, Dialogue
from housechats.domain.discussion_course import cancelled
from housechats.domain.discussions import Discussion, DiscussionState, Happening, moved
from housechats.domain.errors import UnavailableError
from housechats.ports.talks import PressButton, Row, Tone
from housechats.runtime.errands import change

STEP, REASON = "cancel", "reason"
"""The step of the dialogue, and its note of what residents will read."""


def begin(event: ChatEvent, _press: Press, discussion: Discussion, desk: Desk) -> Reply:
    if event.chat_id or not may_change(event.user, discussion.place, desk.office.posts):
        return Reply(texts.NOT_ALLOWED)
    moved(discussion, Happening.CANCELLED)  # or it is too late for that
    desk.dialogues.begin(
        Dialogue(
            event.community,
            event.user,
            Room.DISCUSSIONS,
            STEP,
            discussion.id,
            asked_at=event.at,
            until=event.at + KEPT,
        )
    )
    return Reply(texts.ASKED_PRIVATELY, texts.SURE_TO_CANCEL, (_leave(discussion.id),))


def hear(event: ChatEvent, dialogue: Dialogue, text: str, desk: Desk) -> Reply:
    """Note a reason, and ask whether it is meant: residents will read it."""
    discussion = desk.discussions.get(dialogue.thing)
    if discussion is None or not may_change(event.user, discussion.place, desk.office.posts):
        desk.dialogues.end(dialogue)
        return Reply(said=texts.NOT_ALLOWED)
    if not 0 < len(text) <= texts.LONGEST_ITEM:
        said = texts.TOO_LONG if text else texts.WRITE_TEXT
        return Reply(said=said, rows=(_leave(discussion.id),))
    if fault := hidden_signs(text):
        return Reply(said=fault, rows=(_leave(discussion.id),))
    moved(discussion, Happening.CANCELLED)
    noted = replace(dialogue, notes={REASON: text}, revision=dialogue.revision + 1)
    if not desk.dialogues.go_on(noted):
        raise UnavailableError("the dialogue went on meanwhile")
    sure = Press(Room.DISCUSSIONS, "cancel_sure", discussion.id)
    rows = ((PressButton("Отменить обсуждение", sure, Tone.BAD),), _leave(discussion.id))
    return Reply(said=texts.confirm_cancelling(text), rows=rows)


def confirm(event: ChatEvent, press: Press, desk: Desk) -> Reply:
    """Call it off for the reason that was shown last; pressed again, it is so already."""
    discussion, dialogue = desk.discussions.get(press.thing), _dialogue(event, press, desk)
    if discussion is None or discussion.community != event.community:
        return Reply(texts.NO_MORE)
    if not may_change(event.user, discussion.place, desk.office.posts):
        return Reply(texts.NOT_ALLOWED)
    reason = dialogue.notes.get(REASON) if dialogue else None
    if dialogue and reason:
        change(
            discussion.id,
            lambda one: cancelled(one, reason=reason, by_speaker=True),
            desk.discussions,
        )
        desk.dialogues.end(dialogue)
    elif discussion.state != DiscussionState.CANCELLED:
        return Reply(texts.NO_MORE_ASKED)
    return Reply(texts.DONE, texts.CANCELLED, touched=discussion.id)


def leave(event: ChatEvent, press: Press, desk: Desk) -> Reply:
    """Let it be as it was named; whoever writes then calls nothing off."""
    if dialogue := _dialogue(event, press, desk):
        desk.dialogues.end(dialogue)
    discussion = desk.discussions.get(press.thing)
    if discussion is None or not discussion.state.ahead:
        return Reply(texts.NO_MORE)
    return Reply(texts.LEFT_AS_IT_IS)


def _dialogue(event: ChatEvent, press: Press, desk: Desk) -> Dialogue | None:
    dialogue = desk.dialogues.get(event.community, event.user)
    if dialogue is None or (dialogue.room, dialogue.step) != (Room.DISCUSSIONS, STEP):
        return None
    return dialogue if dialogue.thing == press.thing else None


def _leave(discussion_id: str) -> Row:
    return (PressButton("Не отменять", Press(Room.DISCUSSIONS, "leave", discussion_id)),)
