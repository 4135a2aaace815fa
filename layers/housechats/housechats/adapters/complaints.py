"""Complaints: the Complaints port over the table."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from housechats.adapters.due import due_items, due_key, postpone
from housechats.adapters.errands import packed, unpacked
from housechats.adapters.table import (
    ConditionFailedError,
    Item,
    Table,
    at_ms,
    from_ms,
    to_ms,
    to_seconds,
)
from housechats.domain.complaints import KEPT, Complaint, ComplaintState, Topic, Way
from housechats.domain.questions import Where
from housechats.domain.territories import Territory, region_of

KIND = "COMPLAINT"


class DynamoComplaints:
    """Keeps one item a complaint; GSI1 lists a region's, GSI2 those that are due.

    A small item under its author leads to it: it goes with the author, or with the complaint.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, complaint: Complaint) -> Complaint | None:
        # Before the complaint: killed in between, the author's list leads nowhere, which it skips.
        self._table.put(_led(complaint))
        try:
            self._table.put(complaint_item(complaint), condition="attribute_not_exists(#pk)")
        except ConditionFailedError as failed:
            there = read_complaint(failed.item or {})
            return there if there.event == complaint.event else None
        return complaint

    def get(self, record_id: str) -> Complaint | None:
        item = self._table.get(*complaint_key(record_id))
        return read_complaint(item) if item else None

    def save(self, record: Complaint) -> Complaint | None:
        saved = replace(record, revision=record.revision + 1)
        try:
            self._table.put(
                complaint_item(saved), condition="#revision = :was", was=record.revision
            )
        except ConditionFailedError:
            return None
        return saved

    def of_territory(self, territory: Territory, *, since: datetime) -> list[Complaint]:
        keys = self._table.query_all(
            "gsi1pk = :region AND begins_with(gsi1sk, :prefix)",
            index="GSI1",
            region=f"COMPLAINTS#{territory.region}",
            prefix=territory.prefix,
        )
        late = (key for key in keys if int(key["gsi1sk"].split("#")[1]) >= to_ms(since))
        return self._newest_first((key["pk"], key["sk"]) for key in late)

    def of_author(self, vk_id: int, *, limit: int) -> list[Complaint]:
        led, _ = self._table.query(
            "pk = :pk", newest_first=True, consistent=True, limit=limit, pk=_author(vk_id)
        )
        found = self._newest_first(complaint_key(item["complaint"]) for item in led)
        return [one for one in found if one.by == vk_id]

    def due(self, now: datetime, *, limit: int) -> list[str]:
        found = due_items(self._table, KIND, now, limit=limit)
        return [pk.removeprefix("COMPLAINT#") for pk, _ in found]

    def postpone(self, record_id: str, *, until: datetime) -> None:
        postpone(self._table, *complaint_key(record_id), until=until)

    def _newest_first(self, keys: Any) -> list[Complaint]:
        found = map(read_complaint, self._table.get_many(keys))
        return sorted(found, key=lambda one: (one.sent_at, one.id), reverse=True)


def complaint_key(complaint_id: str) -> tuple[str, str]:
    return f"COMPLAINT#{complaint_id}", "COMPLAINT"


def author_key(complaint: Complaint) -> tuple[str, str]:
    """Return the key of what leads from an author to a complaint."""
    return _author(complaint.by), f"{to_ms(complaint.sent_at):013d}#{complaint.id}"


def _author(vk_id: int) -> str:
    return f"COMPLAINANT#{vk_id}"


def _led(complaint: Complaint) -> Item:
    pk, sk = author_key(complaint)
    until = to_seconds(complaint.sent_at + KEPT)
    return {"pk": pk, "sk": sk, "complaint": complaint.id, "ttl": until}


def complaint_item(complaint: Complaint) -> Item:
    pk, sk = complaint_key(complaint.id)
    due_at = complaint.due_at(complaint.changed_at or complaint.sent_at)
    item: Item = {
        "pk": pk,
        "sk": sk,
        "house": complaint.house_id,
        "oktmo": complaint.oktmo,
        "community": complaint.community,
        "inn": complaint.inn,
        "by": complaint.by,
        "topic": complaint.topic,
        "where": complaint.where,
        "sent_at": complaint.sent_at,
        "event": complaint.event,
        "text": complaint.text,
        "detail": complaint.detail,
        "photos": list(complaint.photos),
        "contact": complaint.contact,
        "state": complaint.state,
        "way": complaint.way,
        "round": complaint.round,
        "note": complaint.note,
        "answered_by": complaint.answered_by,
        "changed_at": complaint.changed_at,
        "delivery_until": complaint.delivery_until,
        "erased": complaint.erased,
        "erase_at": complaint.erase_at,
        "errands": packed(complaint.errands),
        "revision": complaint.revision,
        "gsi1pk": f"COMPLAINTS#{region_of(complaint.oktmo)}",
        "gsi1sk": f"{complaint.oktmo}#{to_ms(complaint.sent_at):013d}#{complaint.id}",
        "due_at": due_at,
        "gsi2pk": due_key(KIND, complaint.id) if due_at else None,
        "ttl": to_seconds(complaint.sent_at + KEPT),
    }
    return {name: value for name, value in item.items() if value}


def read_complaint(item: Item) -> Complaint:
    return Complaint(
        id=item["pk"].removeprefix("COMPLAINT#"),
        house_id=item["house"],
        oktmo=item["oktmo"],
        community=item["community"],
        inn=item.get("inn", ""),
        by=item.get("by", 0),
        topic=Topic(item["topic"]),
        where=Where(item["where"]),
        sent_at=at_ms(item["sent_at"]),
        event=item["event"],
        text=item.get("text", ""),
        detail=item.get("detail", ""),
        photos=tuple(item.get("photos", ())),
        contact=item.get("contact", ""),
        state=ComplaintState(item["state"]),
        way=Way(item.get("way", "")),
        round=item["round"],
        note=item.get("note", ""),
        answered_by=item.get("answered_by", ""),
        changed_at=from_ms(item.get("changed_at")),
        delivery_until=from_ms(item.get("delivery_until")),
        erased=item.get("erased", False),
        erase_at=from_ms(item.get("erase_at")),
        errands=unpacked(item.get("errands", ())),
        revision=item["revision"],
    )
