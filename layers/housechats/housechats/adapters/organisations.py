"""Organisations and the houses they answer for: the Attachments port over the table."""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from housechats.adapters.due import due_items, due_key
from housechats.adapters.houses import house_key
from housechats.adapters.lines import tell
from housechats.adapters.organisation_cards import card_item, card_key, card_of
from housechats.adapters.table import Change, ConditionFailedError, Item, Table, from_ms, to_ms
from housechats.domain.attachments import Attachment, Carried, Period
from housechats.domain.errors import UnavailableError
from housechats.domain.houses import House, edited
from housechats.domain.organisation_cards import OrganisationCard, introduced
from housechats.domain.organisations import Organisation, OrganisationKind
from housechats.domain.territories import region_of

KIND = "ATTACHMENT"
"""Attachments that begin or end later, in the index of due things."""
TRIES = 5
"""How often others may be faster at one attachment before the queue has to try again."""


class DynamoAttachments:
    """Keeps one item for an organisation and a house, with the last period in its own attributes.

    A list that attaches a house to somebody new writes it without reading it.
    """

    def __init__(self, table: Table, *, clock: Callable[[], float] = time.time) -> None:
        self._table = table
        self._clock = clock

    def introduce(self, organisation: Organisation, *, oktmo: str, now: datetime) -> None:
        card = OrganisationCard(
            organisation.inn,
            organisation.kind,
            organisation.name,
            oktmo,
            introduced_at=now,
            municipalities=frozenset({oktmo[:8]}),
        )
        try:
            self._table.put(card_item(card), condition="attribute_not_exists(#pk)")
        except ConditionFailedError as failed:
            self._learn(card_of(failed.item or {}), organisation.name, oktmo)

    def attach_first(
        self, inn: str, house_id: str, kind: OrganisationKind, *, batch_id: str, now: datetime
    ) -> None:
        new = _begun(inn, house_id, kind, batch_id, now)
        with suppress(ConditionFailedError):
            self._table.put(_item(new, now), condition="attribute_not_exists(#pk)")

    def attach(
        self, inn: str, house_id: str, kind: OrganisationKind, *, batch_id: str, now: datetime
    ) -> None:
        new = _begun(inn, house_id, kind, batch_id, now)
        try:
            self._table.put(_item(new, now), condition="attribute_not_exists(#pk)")
        except ConditionFailedError as failed:
            there = _attachment(failed.item or {})
            for _ in range(TRIES):
                period = there.at(now)
                if period and period.kind == kind:
                    return
                other = self._replace(replace(there.begun(kind, now), source=batch_id), now)
                if other is None:
                    return
                there = other
            raise UnavailableError("others change this attachment") from failed

    def detach(
        self, inn: str, house_id: str, kind: OrganisationKind, *, batch_id: str, now: datetime
    ) -> None:
        try:
            self._table.update(
                *_key(inn, house_id),
                "SET #until = :now, #batch = :batch, #kind = if_not_exists(#kind, :kind), "
                "#since = if_not_exists(#since, :now) ADD #revision :one",
                condition="attribute_not_exists(#until) "
                "AND (attribute_not_exists(#since) OR #since <= :now)",
                now=now,
                batch=batch_id,
                kind=kind,
                one=1,
            )
        except ConditionFailedError as failed:
            there = _attachment(failed.item or {})
            for _ in range(TRIES):
                after = there.ended(now)
                if after == there:  # it has ended before
                    return
                other = self._replace(replace(after, source=batch_id), now)
                if other is None:
                    return
                there = other
            raise UnavailableError("others change this attachment") from failed

    def get_many(self, keys: Iterable[tuple[str, str]]) -> list[Attachment]:
        return [_attachment(item) for item in self._table.get_many(_key(*key) for key in keys)]

    def of_organisation(self, inn: str) -> list[Attachment]:
        items = self._table.query_all(
            "pk = :pk AND begins_with(sk, :house)", pk=_pk(inn), house="HOUSE#"
        )
        return [_attachment(item) for item in items]

    def settle(
        self, house: House, carried: Carried, changed: Sequence[Attachment], *, now: datetime
    ) -> bool:
        changes = [_change(one, now) for one in changed]
        if is_news := carried != house.organisations:
            changes.append(_of_house(house, carried))
        if not changes:
            return True
        try:
            self._table.update_together(changes)
        except ConditionFailedError:
            return False
        if is_news and (item := self._table.get(*house_key(house.id))):
            tell(self._table, item, at=self._clock())
        return True

    def due(self, now: datetime, *, limit: int) -> list[tuple[str, str]]:
        found = due_items(self._table, KIND, now, limit=limit)
        return [(pk.removeprefix("ORG#"), sk.removeprefix("HOUSE#")) for pk, sk in found]

    def _learn(self, card: OrganisationCard, name: str, oktmo: str) -> None:
        """Add to a card what it does not know; of one that knows all nothing more is written."""
        after = introduced(card, name, oktmo)
        adds: list[str] = []
        values: dict[str, Any] = {}
        if more := set(after.spellings) - set(card.spellings):
            adds.append("#spellings :spellings")
            values["spellings"] = more
        if more := set(after.municipalities - card.municipalities):
            adds.append("#municipalities :municipalities")
            values["municipalities"] = more
        key = card_key(region_of(card.oktmo), card.inn)
        if adds:
            self._table.update(*key, f"ADD {', '.join(adds)}", **values)
        if after.name != card.name:
            with suppress(ConditionFailedError):  # somebody has named it meanwhile
                self._table.update(
                    *key,
                    "SET #name = :name",
                    condition="attribute_not_exists(#name)",
                    name=after.name,
                )

    def _replace(self, after: Attachment, now: datetime) -> Attachment | None:
        """Write an attachment that is there; None when done, else how it is by now."""
        change = _change(after, now)
        try:
            self._table.update(
                *change.key, change.expression, condition=change.condition, **change.values
            )
        except ConditionFailedError as failed:
            return _attachment(failed.item or {})
        return None


def _pk(inn: str) -> str:
    return f"ORG#{inn}"


def _key(inn: str, house_id: str) -> tuple[str, str]:
    return _pk(inn), f"HOUSE#{house_id}"


def _begun(
    inn: str, house_id: str, kind: OrganisationKind, batch_id: str, now: datetime
) -> Attachment:
    return Attachment(inn, house_id, (Period(kind, now),), batch_id)


def _attributes(one: Attachment, now: datetime) -> dict[str, Any]:
    """Return what an item has besides its key; None where it has nothing."""
    last = one.periods[-1] if one.periods else None
    due_at = one.next_change(now)
    return {
        "kind": last and last.kind,
        "since": last and last.since,
        "until": last and last.until,
        "gives_way": last and _ways(last),
        "own_until": last and last.own_until,
        "past": [_packed(period) for period in one.periods[:-1]],
        "batch": one.source,
        "due_at": due_at,
        "gsi2pk": due_key(KIND, "/".join(one.key)) if due_at else None,
        "revision": one.revision + 1,
    }


def _item(one: Attachment, now: datetime) -> Item:
    pk, sk = _key(*one.key)
    item = {"pk": pk, "sk": sk, **_attributes(one, now)}
    return {name: value for name, value in item.items() if value}


def _change(after: Attachment, now: datetime) -> Change:
    """Return how an attachment is written if it has the revision that was read."""
    attributes = _attributes(after, now)
    values = {name: value for name, value in attributes.items() if value}
    sets = ", ".join(f"#{name} = :{name}" for name in values)
    removes = ", ".join(f"#{name}" for name in attributes.keys() - values.keys())
    condition = "#revision = :was" if after.revision else "attribute_not_exists(#pk)"
    was = {"was": after.revision} if after.revision else {}
    expression = f"SET {sets} REMOVE {removes}" if removes else f"SET {sets}"
    return Change(_key(*after.key), expression, condition, values | was)


def _of_house(house: House, carried: Carried) -> Change:
    """Return how a house's organisations are written if they are as they were read."""
    after = edited(house, replace(house, organisations=carried))
    # A house has no attribute that is 0: what was read as 0 is asked for as not there.
    said = {"revision": after.revision, "applied": after.applied}
    values: dict[str, Any] = {name: value for name, value in said.items() if value}
    sets = f"SET {', '.join(f'#{name} = :{name}' for name in values)}"
    values["one"] = 1
    conditions = []
    for name in ("organisations", "revision", "applied"):
        if was := getattr(house, name):
            conditions.append(f"#{name} = :was_{name}")
            values[f"was_{name}"] = was
        else:
            conditions.append(f"attribute_not_exists(#{name})")
    if carried:
        expression = f"{sets}, #organisations = :organisations ADD #told :one"
        values["organisations"] = carried
    else:
        expression = f"{sets} REMOVE #organisations ADD #told :one"
    return Change(house_key(house.id), expression, " AND ".join(conditions), values)


def _packed(period: Period) -> dict[str, Any]:
    packed: dict[str, Any] = {"kind": period.kind, "since": to_ms(period.since)}
    more = {
        "until": period.until and to_ms(period.until),
        "gives_way": _ways(period),
        "own_until": period.own_until and to_ms(period.own_until),
    }
    return packed | {name: value for name, value in more.items() if value}


def _ways(period: Period) -> list[list[Any]]:
    return [[inn, to_ms(moment)] for inn, moment in period.gives_way]


def _period(item: Item, since: datetime) -> Period:
    ways = ((inn, from_ms(moment)) for inn, moment in item.get("gives_way", ()))
    return Period(
        OrganisationKind(item["kind"]),
        since,
        from_ms(item.get("until")),
        tuple((inn, moment) for inn, moment in ways if moment),
        from_ms(item.get("own_until")),
    )


def _attachment(item: Item) -> Attachment:
    told = [*item.get("past", ()), *([item] if "since" in item else ())]
    periods = (_period(one, since) for one in told if (since := from_ms(one["since"])))
    return Attachment(
        inn=item["pk"].removeprefix("ORG#"),
        house_id=item["sk"].removeprefix("HOUSE#"),
        # One that ended as it began is there to keep a first word from coming too late.
        periods=tuple(period for period in periods if not period.is_empty),
        source=item.get("batch", ""),
        revision=item.get("revision", 0),
    )
