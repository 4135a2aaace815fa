"""Audit: acts and their chains over the table."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from housechats.adapters.due import due_items, due_key
from housechats.adapters.table import Change, ConditionFailedError, Item, Table, to_seconds
from housechats.domain.audit import Act, Entry, first_hash, line, read_line
from housechats.domain.errors import UnavailableError
from housechats.domain.territories import region_of

KIND = "ACT"
CUT_OFF_AFTER = timedelta(minutes=2)
"""When whoever set about an act is surely dead: a request lasts half a minute at most."""
SETTLED_KEPT = timedelta(days=1)
"""How long it is remembered that an act is in the chain: repeats come within minutes."""
MEETINGS = 50
"""How often an act that met another one at the end of the chain tries again: each time one of
those who met got in, and no region has so many officials at work at one moment."""


class DynamoLedger:
    """Keeps a region's chain under one key, its end in an item beside it."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def intend(self, act: Act) -> None:
        pk, sk = _intent(act.id)
        self._table.put(
            {
                "pk": pk,
                "sk": sk,
                "act": _told(act),
                "gsi2pk": due_key(KIND, act.id),
                "due_at": act.at + CUT_OFF_AFTER,
            }
        )

    def drop(self, act_id: str) -> None:
        self._table.update(*_intent(act_id), "REMOVE #gsi2pk, #due_at, #act SET #ttl = :ttl", ttl=1)

    def settle(self, act: Act) -> None:
        region = region_of(act.oktmo)
        for _ in range(MEETINGS):
            head = self._end(region)
            entry = Entry(head["seq"] + 1, act, head["hash"]).sealed()
            try:
                self._table.update_together(_link(entry, region, was=head["seq"]))
            except (ConditionFailedError, UnavailableError):  # met before, or while it was written
                intent = self._table.get(*_intent(act.id))
                if intent and "settled" in intent:
                    return
            else:
                return
        raise UnavailableError("the end of the chain keeps moving")

    def due(self, now: datetime, *, limit: int) -> list[Act]:
        keys = due_items(self._table, KIND, now, limit=limit)
        return [_act(item["act"]) for item in self._table.get_many(keys) if "act" in item]

    def entries(self, region: str, *, before: int = 0, limit: int = 100) -> list[Entry]:
        condition = "pk = :pk AND sk < :before" if before else "pk = :pk"
        values: dict[str, Any] = {"before": _number(before)} if before else {}
        items, _ = self._table.query(
            condition,
            newest_first=True,
            consistent=True,
            limit=limit,
            pk=_chain(region),
            **values,
        )
        return [_entry(item) for item in items]

    def chain(self, region: str, *, after: int = 0) -> Iterator[Entry]:
        items = self._table.query_all(
            "pk = :pk AND sk > :after", consistent=True, pk=_chain(region), after=_number(after)
        )
        return map(_entry, items)

    def end(self, region: str) -> tuple[int, str]:
        head = self._end(region)
        return int(head["seq"]), str(head["hash"])

    def _end(self, region: str) -> Item:
        return self._table.get(*_head(region)) or {"seq": 0, "hash": first_hash(region)}


def _link(entry: Entry, region: str, *, was: int) -> list[Change]:
    """Return what puts an entry at the end of its chain, all at once."""
    told = {name: value for name, value in line(entry).items() if name != "seq"}
    sets = ", ".join(f"#{name} = :{name}" for name in told)
    return [
        Change(
            (_chain(region), _number(entry.seq)),
            f"SET {sets}",
            "attribute_not_exists(#pk)",
            told,
        ),
        Change(
            _head(region),
            "SET #seq = :seq, #hash = :hash",
            "#seq = :was" if was else "attribute_not_exists(#seq)",
            {"seq": entry.seq, "hash": entry.hash} | ({"was": was} if was else {}),
        ),
        Change(
            _intent(entry.act.id),
            "SET #settled = :seq, #ttl = :ttl REMOVE #gsi2pk, #due_at, #act",
            "attribute_not_exists(#settled)",
            {"seq": entry.seq, "ttl": to_seconds(entry.act.at + SETTLED_KEPT)},
        ),
    ]


def _intent(act_id: str) -> tuple[str, str]:
    return f"ACT#{act_id}", "ACT"


def _chain(region: str) -> str:
    return f"AUDIT#{region}"


def _head(region: str) -> tuple[str, str]:
    return f"AUDIT#{region}#END", "END"


def _number(seq: int) -> str:
    return f"{seq:012d}"


def _told(act: Act) -> dict[str, Any]:
    told = line(Entry(0, act, ""))
    return {name: told[name] for name in told if name not in {"seq", "previous", "hash"}}


def _act(told: Mapping[str, Any]) -> Act:
    return read_line({"seq": 0, "previous": "", "hash": "", **told}).act


def _entry(item: Item) -> Entry:
    return read_line({"seq": int(item["sk"]), **item})
