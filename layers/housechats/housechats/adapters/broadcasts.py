"""Broadcasts over the table: one small item each, which is read before every call."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from housechats.adapters.due import due_items, due_key
from housechats.adapters.table import (
    ConditionFailedError,
    Item,
    Table,
    from_ms,
    setting,
    to_ms,
    to_seconds,
)
from housechats.domain.broadcasts import (
    KEPT,
    Broadcast,
    BroadcastLane,
    BroadcastState,
    Deed,
    HeldFor,
    Review,
)
from housechats.domain.territories import Territory

KIND = "BROADCAST"
THROUGH = "through_"
"""Begins the counter of a community's chunks: no index has it or the numbers of chats, so that
counting is one write."""
COUNTED = {"sent", "failed", "not_sent", "finished"}
OPTIONS: dict[str, Any] = {
    **{field.name: field.default for field in fields(Broadcast)},
    "attachments": {},
    "revision": 0,  # always said: changes ask for it
}
"""What a broadcast has when its item does not say it."""
WRITTEN = tuple(name for name in OPTIONS if name not in COUNTED | {"id"})
MOMENTS = tuple(f.name for f in fields(Broadcast) if f.type in {datetime, datetime | None})
IS_OF = "#revision = :was"


class DynamoBroadcasts:
    """Keeps broadcasts; GSI1 lists a region's by their time, GSI2 those to be looked at."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, broadcast: Broadcast) -> Broadcast:
        try:
            self._table.put(_item(broadcast), condition="attribute_not_exists(#pk)")
        except ConditionFailedError as failed:
            return _broadcast(failed.item or {})
        return broadcast

    def get(self, broadcast_id: str) -> Broadcast | None:
        item = self._table.get(*_key(broadcast_id))
        return _broadcast(item) if item else None

    def of_territory(self, territory: Territory, *, since: datetime) -> list[Broadcast]:
        found = self._table.query_all(
            "gsi1pk = :region AND gsi1sk >= :since",
            index="GSI1",
            region=f"BROADCASTS#{territory.region}",
            since=_moment(since),
        )
        keys = [(item["pk"], item["sk"]) for item in found if _concerns(item, territory)]
        broadcasts = map(_broadcast, self._table.get_many(keys))
        return sorted(broadcasts, key=lambda one: one.created_at, reverse=True)

    def save(self, broadcast: Broadcast) -> bool:
        values = _written(broadcast)
        try:
            self._table.update(
                *_key(broadcast.id),
                setting(values, among=(*WRITTEN, "gsi2pk")),
                condition=IS_OF,
                was=broadcast.revision - 1,
                **values,
            )
        except ConditionFailedError:
            return False
        return True

    def recount(self, broadcast: Broadcast) -> bool:
        try:
            self._table.put(_item(broadcast), condition=IS_OF, was=broadcast.revision - 1)
        except ConditionFailedError:
            return False
        return True

    def count(
        self,
        broadcast_id: str,
        *,
        community: int,
        sent: int,
        failed: int,
        through: int,
        not_sent: int = 0,
    ) -> Broadcast:
        try:
            item = self._table.update(
                *_key(broadcast_id),
                "ADD #sent :sent, #failed :failed, #not_sent :not_sent, "
                f"#{THROUGH}{community} :through",
                condition="attribute_exists(#pk)",
                returns="ALL_NEW",
                sent=sent,
                failed=failed,
                not_sent=not_sent,
                through=through,
            )
        except ConditionFailedError as none:
            raise LookupError(broadcast_id) from none
        return _broadcast(item)

    def due(self, now: datetime, *, limit: int) -> list[str]:
        keys = due_items(self._table, KIND, now, limit=limit)
        return [pk.removeprefix("BROADCAST#") for pk, _ in keys]

    def looked_at(
        self, broadcast: Broadcast, *, seen: int, hand_overs: int, due_at: datetime
    ) -> None:
        with suppress(ConditionFailedError):  # a person, or its end, was faster
            self._table.update(
                *_key(broadcast.id),
                "SET #seen = :seen, #hand_overs = :hand_overs, #due_at = :due_at, #gsi2pk = :due",
                condition="#revision = :revision",
                seen=seen,
                hand_overs=hand_overs,
                due_at=due_at,
                due=due_key(KIND, broadcast.id),
                revision=broadcast.revision,
            )


def _concerns(item: Item, territory: Territory) -> bool:
    _, _, oktmo = str(item["gsi1sk"]).partition("#")
    return territory.covers(oktmo) or Territory(oktmo).covers(territory.code)


def _item(broadcast: Broadcast) -> Item:
    pk, sk = _key(broadcast.id)
    return {
        "pk": pk,
        "sk": sk,
        "gsi1pk": f"BROADCASTS#{Territory(broadcast.oktmo).region}",
        "gsi1sk": f"{_moment(broadcast.created_at)}#{broadcast.oktmo}",
        "ttl": to_seconds(broadcast.created_at + KEPT),
        "sent": broadcast.sent,
        "failed": broadcast.failed,
        "not_sent": broadcast.not_sent,
        **{f"{THROUGH}{of}": chunks for of, chunks in broadcast.finished.items()},
        **_written(broadcast),
    }


def _written(broadcast: Broadcast) -> Item:
    """Return all of a broadcast but its counters, and what makes it be found when it is due."""
    said = asdict(broadcast)
    values = {name: said[name] for name in WRITTEN if said[name] != OPTIONS[name]}
    if broadcast.due_at:
        values["gsi2pk"] = due_key(KIND, broadcast.id)
    return values


def _review(item: Mapping[str, Any]) -> Review | None:
    moments = {name: from_ms(item[name]) for name in ("due_at", "at")}
    return Review(**{**item, **moments}) if item else None


READ: dict[str, Callable[[Any], Any]] = {
    "deed": Deed,
    "lane": BroadcastLane,
    "state": BroadcastState,
    "held_for": lambda value: HeldFor(value) if value else None,
    "review": _review,
    "followers": tuple,
    **dict.fromkeys(MOMENTS, from_ms),
}


def _broadcast(item: Item) -> Broadcast:
    there = {name: item[name] for name in (*WRITTEN, *COUNTED) if name in item}
    return Broadcast(
        id=item["pk"].removeprefix("BROADCAST#"),
        finished={
            int(name.removeprefix(THROUGH)): chunks
            for name, chunks in item.items()
            if name.startswith(THROUGH)
        },
        **{name: READ[name](value) if name in READ else value for name, value in there.items()},
    )


def _moment(moment: datetime) -> str:
    return f"{to_ms(moment):013d}"


def _key(broadcast_id: str) -> tuple[str, str]:
    return f"BROADCAST#{broadcast_id}", "BROADCAST"
