"""Dialogues and worked events over the table: small items that expire."""

from datetime import datetime, timedelta

from housechats.adapters.table import ConditionFailedError, Item, Table, at_ms, to_seconds
from housechats.domain.chat_events import KEPT_SEEN, ChatEvent, Room
from housechats.domain.dialogues import Dialogue


class DynamoDialogues:
    """Keeps one item a person and community."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, community: int, vk_id: int) -> Dialogue | None:
        item = self._table.get(*_key(community, vk_id))
        return _read(item, community, vk_id) if item else None

    def begin(self, dialogue: Dialogue) -> None:
        self._table.put(_item(dialogue))

    def go_on(self, dialogue: Dialogue) -> bool:
        try:
            self._table.put(
                _item(dialogue),
                condition="#revision = :was AND #room = :room AND #thing = :thing",
                was=dialogue.revision - 1,
                room=dialogue.room,
                thing=dialogue.thing,
            )
        except ConditionFailedError:
            return False
        return True

    def end(self, dialogue: Dialogue) -> None:
        try:
            self._table.delete(
                *_key(dialogue.community, dialogue.vk_id),
                condition="#revision = :revision AND #room = :room AND #thing = :thing"
                " AND #asked_at = :asked_at",
                revision=dialogue.revision,
                room=dialogue.room,
                thing=dialogue.thing,
                asked_at=dialogue.asked_at,
            )
        except ConditionFailedError:
            return


class DynamoSeenEvents:
    """Keeps one item an event that was worked."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def seen(self, event: ChatEvent) -> bool:
        return self._table.get(*_event_key(event)) is not None

    def note(self, event: ChatEvent, *, now: datetime) -> None:
        pk, sk = _event_key(event)
        until = now + timedelta(seconds=KEPT_SEEN)
        self._table.put({"pk": pk, "sk": sk, "ttl": to_seconds(until)})


def _key(community: int, vk_id: int) -> tuple[str, str]:
    return f"DIALOGUE#{community}/{vk_id}", "DIALOGUE"


def _event_key(event: ChatEvent) -> tuple[str, str]:
    return f"EVENT#{event.community}#{event.id}", "EVENT"


def _item(dialogue: Dialogue) -> Item:
    pk, sk = _key(dialogue.community, dialogue.vk_id)
    return {
        "pk": pk,
        "sk": sk,
        "room": dialogue.room,
        "step": dialogue.step,
        "thing": dialogue.thing,
        "asked_at": dialogue.asked_at,
        "until": dialogue.until,
        "notes": dict(dialogue.notes),
        "revision": dialogue.revision,
        "ttl": to_seconds(dialogue.until),
    }


def _read(item: Item, community: int, vk_id: int) -> Dialogue:
    return Dialogue(
        community=community,
        vk_id=vk_id,
        room=Room(item["room"]),
        step=item["step"],
        thing=item["thing"],
        asked_at=at_ms(item["asked_at"]),
        until=at_ms(item["until"]),
        notes=item["notes"],
        revision=item["revision"],
    )
