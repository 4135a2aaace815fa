"""Use case: the private talk in which a representative writes the protocol."""

import json
from collections.abc import Mapping
from dataclasses import replace

from discussions.desk import Desk, may_change
from discussions.replies import Reply
from housechats.domain import discussion_texts as texts
from housechats.domain.broadcast_texts import hidden_signs
from housechats.domain.chat_events import ChatEvent, Press, Room
from housechats.domain.dialogues import KEPT, Dialogue
from housechats.domain.discussion_course import with_protocol
from housechats.domain.discussions import Discussion, DiscussionState, NotNowError
from housechats.ports.talks import PressButton, Row, Tone
from housechats.runtime.errands import change

ASKED = {"agreed": texts.WHAT_AGREED, "who": texts.WHO_DOES, "by_when": texts.BY_WHEN}
STEPS = (*ASKED, "shown")
"""What is asked of each item; then it is shown, and another one or the whole may follow."""
NEXT = {"agreed": "who", "who": "by_when", "by_when": "shown"}
Item = tuple[str, str, str]


def begin(event: ChatEvent, press: Press, desk: Desk) -> Reply:
    discussion = _own(event, press.thing, desk)
    if discussion is None:
        return Reply(texts.NOT_YOURS)
    if discussion.state != DiscussionState.ENDED or discussion.protocol or not discussion.came:
        raise NotNowError(texts.NO_PROTOCOL_NOW)
    there = _dialogue(event, press, desk)
    # A press that comes again takes nothing away of what was written since.
    if there is None or there.asked_at < event.at:
        desk.dialogues.begin(
            Dialogue(
                event.community,
                event.user,
                Room.DISCUSSIONS,
                "agreed",
                discussion.id,
                asked_at=event.at,
                until=event.at + KEPT,
            )
        )
    said = f"{texts.question_of(discussion.subject)}\n\n{texts.WHAT_AGREED}"
    return Reply(texts.ASKED_PRIVATELY, said)


def hear(event: ChatEvent, dialogue: Dialogue, text: str, desk: Desk) -> Reply:
    """Note an answer, and ask the next thing; a repeat hears the same again."""
    if dialogue.notes.get("last") == event.id:
        return _asking(dialogue)
    if dialogue.step == "shown" or not text:
        return _asking(dialogue) if text else Reply(said=texts.WRITE_TEXT)
    if len(text) > texts.LONGEST_ITEM:
        return Reply(said=texts.TOO_LONG)
    if fault := hidden_signs(text):
        return Reply(said=fault)
    answered = {**dialogue.notes, dialogue.step: text}
    if dialogue.step == "by_when":
        items = [*_items(dialogue.notes), tuple(answered.get(name, "") for name in ASKED)]
        answered = {"items": json.dumps(items, ensure_ascii=False)}
        if len(texts.protocol_of([_item(one) for one in items])) > texts.LONGEST_PROTOCOL:
            return _asking(_next(dialogue, "shown", dialogue.notes, event, desk), full=True)
    return _asking(_next(dialogue, NEXT[dialogue.step], answered, event, desk))


def more(event: ChatEvent, press: Press, desk: Desk) -> Reply:
    """Ask for one item more."""
    dialogue = _dialogue(event, press, desk)
    if dialogue is None:
        return Reply(texts.NO_MORE)
    if dialogue.step == "shown" and event.at > dialogue.asked_at:
        dialogue = _next(dialogue, "agreed", dialogue.notes, event, desk)
    return replace(_asking(dialogue), shown=texts.ASKED_PRIVATELY)


def publish(event: ChatEvent, press: Press, desk: Desk) -> Reply:
    discussion, dialogue = _own(event, press.thing, desk), _dialogue(event, press, desk)
    if discussion is None or dialogue is None or not _items(dialogue.notes):
        return Reply(texts.NO_MORE)
    text = texts.protocol_of(_items(dialogue.notes))
    by = f"vk:{event.user}"
    change(discussion.id, lambda one: with_protocol(one, text, by=by), desk.discussions)
    desk.dialogues.end(dialogue)
    return Reply(texts.DONE, texts.PUBLISHED, touched=discussion.id)


def _own(event: ChatEvent, discussion_id: str, desk: Desk) -> Discussion | None:
    discussion = desk.discussions.get(discussion_id)
    if discussion is None or discussion.community != event.community:
        return None
    theirs = may_change(event.user, discussion.place, desk.office.posts)
    return discussion if theirs else None


def _dialogue(event: ChatEvent, press: Press, desk: Desk) -> Dialogue | None:
    dialogue = desk.dialogues.get(event.community, event.user)
    if dialogue is None or dialogue.room != Room.DISCUSSIONS or dialogue.step not in STEPS:
        return None
    return dialogue if dialogue.thing == press.thing else None


def _next(
    dialogue: Dialogue, step: str, notes: Mapping[str, str], event: ChatEvent, desk: Desk
) -> Dialogue:
    further = replace(
        dialogue,
        step=step,
        notes={**notes, "last": event.id},
        asked_at=event.at,
        revision=dialogue.revision + 1,
    )
    if desk.dialogues.go_on(further):
        return further
    return desk.dialogues.get(event.community, event.user) or dialogue


def _asking(dialogue: Dialogue, *, full: bool = False) -> Reply:
    if dialogue.step != "shown":
        return Reply(said=ASKED[dialogue.step])
    said = texts.preview(texts.protocol_of(_items(dialogue.notes)))
    out = Press(Room.DISCUSSIONS, "publish", dialogue.thing)
    another = Press(Room.DISCUSSIONS, "more", dialogue.thing)
    rows: tuple[Row, ...] = (
        (PressButton("Опубликовать", out, Tone.PRIMARY),),
        (PressButton("Добавить ещё пункт", another),),
    )
    return Reply(said=f"{texts.FULL}\n\n{said}" if full else said, rows=rows)


def _items(notes: Mapping[str, str]) -> list[Item]:
    return [_item(one) for one in json.loads(notes.get("items", "[]"))]


def _item(told: object) -> Item:
    agreed, who, by_when = (str(part) for part in told)  # type: ignore[attr-defined]
    return agreed, who, by_when
