"""Rules of broadcasts that territories have set: the Rulebook port over the table."""

from datetime import date, time

from housechats.adapters.table import ConditionFailedError, Item, Table
from housechats.domain.broadcast_rules import TerritoryRules
from housechats.domain.quiet_hours import QuietHours, Window
from housechats.domain.territories import region_of


class DynamoRulebook:
    """Keeps one item a territory; those of a region side by side."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def of_region(self, region: str) -> list[TerritoryRules]:
        items = self._table.query_all("pk = :pk", pk=_pk(region), consistent=True)
        return [_rules(item) for item in items]

    def put(self, rules: TerritoryRules) -> bool:
        before = rules.revision - 1
        condition = "#revision = :before" if before else "attribute_not_exists(#pk)"
        values = {"before": before} if before else {}
        try:
            self._table.put(_item(rules), condition=condition, **values)
        except ConditionFailedError:
            return False
        return True


def _pk(region: str) -> str:
    return f"BROADCAST_RULES#{region}"


def _item(rules: TerritoryRules) -> Item:
    return {
        "pk": _pk(region_of(rules.oktmo)),
        "sk": rules.oktmo,
        "quiet": _kept_hours(rules.quiet) if rules.quiet else None,
        "second_person_above": rules.second_person_above,
        "speaks_as": rules.speaks_as,
        "revision": rules.revision,
    }


def _rules(item: Item) -> TerritoryRules:
    return TerritoryRules(
        oktmo=item["sk"],
        quiet=_hours(item["quiet"]) if item["quiet"] else None,
        second_person_above=item["second_person_above"],
        speaks_as=item["speaks_as"],
        revision=item["revision"],
    )


def _kept_hours(hours: QuietHours) -> Item:
    return {
        "weekday": _kept(hours.weekday),
        "weekend": _kept(hours.weekend),
        "midday": _kept(hours.midday) if hours.midday else None,
        "basis": hours.basis,
        "valid_from": hours.valid_from.isoformat() if hours.valid_from else None,
        "checked": hours.checked,
    }


def _hours(kept: Item) -> QuietHours:
    return QuietHours(
        weekday=_window(kept["weekday"]),
        weekend=_window(kept["weekend"]),
        midday=_window(kept["midday"]) if kept["midday"] else None,
        basis=kept["basis"],
        valid_from=date.fromisoformat(kept["valid_from"]) if kept["valid_from"] else None,
        checked=kept["checked"],
    )


def _kept(window: Window) -> str:
    return f"{window.begins:%H:%M}-{window.ends:%H:%M}"


def _window(kept: str) -> Window:
    begins, ends = map(time.fromisoformat, kept.split("-"))
    return Window(begins, ends)
