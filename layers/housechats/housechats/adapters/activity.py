"""Activity: what is counted in chats, over the table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from housechats.adapters.due import due_items, due_key
from housechats.adapters.table import (
    Change,
    ConditionFailedError,
    Item,
    Table,
    from_ms,
    to_seconds,
)
from housechats.domain.activity import KEPT, NUMBERS, Counts, Tally
from housechats.domain.zones import end_of
from housechats.ports.activity import TallyName

KIND = "ACTIVITY"
PREFIX = "ACTIVITY#"
TOTALS = "TOTALS#"
BEYOND = "~"
"""Sorts after whatever a key of a day goes on with."""
NOTHING = Counts()
NOW = "n_"
TOLD = "t_"
"""How attributes begin that count: what there is, and what of it the totals have."""


class DynamoTallies:
    """Keeps one item a house and day, which two units hold: an item's name is its day.

    One that is not closed is in GSI2.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def get_many(self, names: Iterable[TallyName]) -> dict[TallyName, Tally]:
        found = map(_tally, self._table.get_many(map(_key, names)))
        return {_name(one): one for one in found}

    def save(self, tally: Tally) -> bool:
        condition = "#revision = :was" if tally.revision else "attribute_not_exists(#pk)"
        was = {"was": tally.revision} if tally.revision else {}
        try:
            self._table.put(_item(tally), condition=condition, **was)
        except ConditionFailedError:
            return False
        return True

    def of_house(self, house_id: str, since: date, until: date) -> list[Tally]:
        pk = f"{PREFIX}{house_id}"
        return [*map(_tally, _days(self._table, pk, since, until))]

    def due(self, now: datetime, *, limit: int) -> list[TallyName]:
        return [_read_key(*key) for key in due_items(self._table, KIND, now, limit=limit)]

    def close(self, tallies: Sequence[Tally], totals: Mapping[str, Mapping[date, Counts]]) -> bool:
        changes = [_closing(one) for one in tallies]
        for subject, days in totals.items():
            changes += [
                _adding(subject, day, more) for day, more in days.items() if more != NOTHING
            ]
        try:
            self._table.update_together(changes)
        except ConditionFailedError:
            return False
        return True


class DynamoTotals:
    """Keeps one item a subject and day: a year of a region is read for ten units."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def of(self, subject: str, since: date, until: date) -> dict[date, Counts]:
        items = _days(self._table, f"{TOTALS}{subject}", since, until)
        return {date.fromisoformat(item["sk"]): _counts(item, NOW) for item in items}


def _days(table: Table, pk: str, since: date, until: date) -> Iterator[Item]:
    return table.query_all(
        "pk = :pk AND sk BETWEEN :since AND :until",
        pk=pk,
        since=since.isoformat(),
        until=f"{until.isoformat()}{BEYOND}",
    )


def _closing(tally: Tally) -> Change:
    after = tally.closed()
    values: dict[str, Any] = {
        "people_before": after.people_before,
        "next": tally.revision + 1,
        "was": tally.revision,
    }
    told = _numbers(after.told, TOLD)
    sets = ["#people_before = :people_before", "#revision = :next"]
    sets += [f"#{name} = :{name}" for name in told]
    return Change(
        _key(_name(tally)),
        f"SET {', '.join(sets)} REMOVE #people, #gsi2pk, #due_at",
        "#revision = :was",
        values | told,
    )


def _adding(subject: str, day: date, more: Counts) -> Change:
    numbers = _numbers(more, NOW)
    adds = ", ".join(f"#{name} :{name}" for name in numbers)
    return Change(
        (f"{TOTALS}{subject}", day.isoformat()),
        f"SET #ttl = :ttl ADD {adds}",
        values={**numbers, "ttl": _expires(day)},
    )


def _expires(day: date, oktmo: str = "") -> int:
    return to_seconds(end_of(day, oktmo) + KEPT)


def _numbers(counts: Counts, prefix: str) -> dict[str, int]:
    """Return what counts say as attributes: each can be added to."""
    numbers = {f"{prefix}{name}": n for name in NUMBERS if (n := getattr(counts, name))}
    return numbers | {f"{prefix}{step}": n for step, n in counts.answer_times.items()}


def _counts(item: Item, prefix: str) -> Counts:
    said = {n.removeprefix(prefix): v for n, v in item.items() if n.startswith(prefix)}
    times = {int(name): n for name, n in said.items() if name.isdigit() and n}
    return Counts(**{name: said[name] for name in NUMBERS if name in said}, answer_times=times)


def _item(tally: Tally) -> Item:
    pk, sk = _key(_name(tally))
    there: Item = {
        "oktmo": tally.oktmo,
        "chat": tally.chat,
        "low": tally.low,
        "seen": tally.seen.to_bytes((tally.seen.bit_length() + 7) // 8, "little"),
        "people": tally.people,
        "people_before": tally.people_before,
        "deeds": tally.deeds,
        **_numbers(tally.other, NOW),
        **_numbers(tally.told, TOLD),
    }
    due = {"gsi2pk": due_key(KIND, f"{pk}#{sk}"), "due_at": tally.due_at} if tally.due_at else {}
    return {
        "pk": pk,
        "sk": sk,
        "revision": tally.revision + 1,
        "ttl": _expires(tally.day, tally.oktmo),
        **{name: value for name, value in there.items() if value},
        **due,
    }


def _tally(item: Item) -> Tally:
    name = _read_key(item["pk"], item["sk"])
    return Tally(
        house_id=name.house_id,
        day=name.day,
        part=name.part,
        oktmo=item["oktmo"],
        chat=item.get("chat", ""),
        low=item.get("low", 0),
        seen=int.from_bytes(item.get("seen", b""), "little"),
        people=item.get("people", b""),
        people_before=item.get("people_before", 0),
        deeds=item.get("deeds", b""),
        told=_counts(item, TOLD),
        other=_counts(item, NOW),
        due_at=from_ms(item.get("due_at")),
        revision=item["revision"],
    )


def _name(tally: Tally) -> TallyName:
    return TallyName(tally.house_id, tally.day, tally.part)


def _key(name: TallyName) -> tuple[str, str]:
    day = name.day.isoformat()
    return f"{PREFIX}{name.house_id}", f"{day}#{name.part}" if name.part else day


def _read_key(pk: str, sk: str) -> TallyName:
    day, _, part = sk.partition("#")
    return TallyName(pk.removeprefix(PREFIX), date.fromisoformat(day), part)
