"""Guides of elders over the table."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from housechats.adapters.due import due_items, due_key
from housechats.adapters.errands import packed, unpacked
from housechats.adapters.table import ConditionFailedError, Item, Table, at_ms, from_ms, to_seconds
from housechats.domain.guides import Call, Guide, GuidedHouse, GuideStep, Obstacle
from housechats.domain.people import ELDER_KEPT
from housechats.domain.territories import Territory, region_of

KIND = "GUIDE"
AT_ONCE = datetime(2001, 1, 1, tzinfo=UTC)
"""When what is to be said at once is due: the sweep needs no clock of ours."""


HIGHEST = "~"
"""After all digits and signs of a place."""


class DynamoGuides:
    """Keeps one item an elder; GSI1 lists a region's with all that they tell, in `shown`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, record_id: str) -> Guide | None:
        item = self._table.get(*guide_key(record_id))
        return _guide(item) if item else None

    def save(self, record: Guide) -> Guide | None:
        saved = replace(record, revision=record.revision + 1)
        condition = "#shown.#revision = :was" if record.revision else "attribute_not_exists(#pk)"
        values = {"was": record.revision} if record.revision else {}
        try:
            self._table.put(_item(saved), condition=condition, **values)
        except ConditionFailedError:
            return None
        return saved

    def of_territory(self, territory: Territory, *, since: str, limit: int) -> list[Guide]:
        first = territory.prefix[:8]
        last = f"{first}{HIGHEST}"
        if since > last:
            return []
        items = self._table.query_all(
            "gsi1pk = :region AND gsi1sk BETWEEN :since AND :last",
            index="GSI1",
            limit=limit,
            region=f"GUIDES#{territory.region}",
            since=max(first, since),
            last=last,
        )
        return [_guide(item) for item in islice(items, limit)]

    def due(self, now: datetime, *, limit: int) -> list[str]:
        found = due_items(self._table, KIND, now, limit=limit)
        return [pk.removeprefix("GUIDE#") for pk, _ in found]

    def postpone(self, elder_id: str, *, now: datetime, until: datetime) -> None:
        try:
            self._table.update(
                *guide_key(elder_id),
                "SET #due_at = :until",
                condition="#due_at <= :now",
                until=until,
                now=now,
            )
        except ConditionFailedError:
            return


def guide_key(elder_id: str) -> tuple[str, str]:
    return f"GUIDE#{elder_id}", "GUIDE"


def _item(guide: Guide) -> Item:
    pk, sk = guide_key(guide.elder_id)
    told_at = max((house.told_at for house in guide.houses), default=AT_ONCE)
    marks = [told_at, *_moments(guide)]
    item: Item = {
        "pk": pk,
        "sk": sk,
        "shown": _shown(guide),
        "ttl": to_seconds(max(marks) + ELDER_KEPT),
    }
    if guide.houses:
        oktmo = guide.houses[0].oktmo
        item |= {
            "gsi1pk": f"GUIDES#{region_of(oktmo)}",
            "gsi1sk": guide.listed_at,
        }
    if due_at := guide.due_at(now=AT_ONCE):
        item |= {"gsi2pk": due_key(KIND, guide.elder_id), "due_at": due_at}
    return item


def _moments(guide: Guide) -> list[datetime]:
    """Return when something was done last: from then on it is kept."""
    done = [(house.joined_at, house.copied_at, house.printed_at) for house in guide.houses]
    call = [guide.call.asked_at, guide.call.done_at] if guide.call else []
    told = [guide.obstacle_at, guide.remind_at, *call, *(one for marks in done for one in marks)]
    return [moment for moment in told if moment]


def _shown(guide: Guide) -> dict[str, Any]:
    told: dict[str, Any] = {
        "community": guide.community,
        "houses": [_kept_house(house) for house in guide.houses],
        "step": guide.step,
        "turn": guide.turn,
        "reachable": guide.reachable,
        "reminders": guide.reminders,
        "remind_at": guide.remind_at,
        "seen_told_at": guide.seen_told_at,
        "obstacle": guide.obstacle,
        "obstacle_at": guide.obstacle_at,
        "call": _kept_call(guide.call) if guide.call else None,
        "errands": packed(guide.errands),
        "revision": guide.revision,
    }
    return _said(told)


def _kept_house(house: GuidedHouse) -> dict[str, Any]:
    return _said(
        {
            "id": house.id,
            "oktmo": house.oktmo,
            "letter": house.letter_id,
            "told_at": house.told_at,
            "joined_at": house.joined_at,
            "copied_at": house.copied_at,
            "printed_at": house.printed_at,
        }
    )


def _kept_call(call: Call) -> dict[str, Any]:
    return _said(
        {
            "asked_at": call.asked_at,
            "step": call.step,
            "taken_by": call.taken_by or None,
            "taken_at": call.taken_at,
            "done_at": call.done_at,
            "note": call.note or None,
        }
    )


def _said(told: dict[str, Any]) -> dict[str, Any]:
    """Return what is said, without what is not."""
    return {name: value for name, value in told.items() if value is not None}


def _guide(item: Item) -> Guide:
    told = item["shown"]
    return Guide(
        elder_id=item["pk"].removeprefix("GUIDE#"),
        community=told["community"],
        houses=tuple(map(_house, told["houses"])),
        step=GuideStep(told["step"]),
        turn=told["turn"],
        reachable=told["reachable"],
        reminders=told["reminders"],
        remind_at=from_ms(told.get("remind_at")),
        seen_told_at=from_ms(told.get("seen_told_at")),
        obstacle=Obstacle(told["obstacle"]) if "obstacle" in told else None,
        obstacle_at=from_ms(told.get("obstacle_at")),
        call=_call(told["call"]) if "call" in told else None,
        errands=unpacked(told["errands"]),
        revision=told["revision"],
    )


def _house(told: dict[str, Any]) -> GuidedHouse:
    return GuidedHouse(
        id=told["id"],
        oktmo=told["oktmo"],
        letter_id=told["letter"],
        told_at=at_ms(told["told_at"]),
        joined_at=from_ms(told.get("joined_at")),
        copied_at=from_ms(told.get("copied_at")),
        printed_at=from_ms(told.get("printed_at")),
    )


def _call(told: dict[str, Any]) -> Call:
    return Call(
        asked_at=at_ms(told["asked_at"]),
        step=GuideStep(told["step"]),
        taken_by=told.get("taken_by", ""),
        taken_at=from_ms(told.get("taken_at")),
        done_at=from_ms(told.get("done_at")),
        note=told.get("note", ""),
    )
