"""Scans: how often posters are scanned, over the table."""

from collections.abc import Iterable

from housechats.adapters.table import Item, Table


class DynamoScans:
    """Keeps one counter item a house, an attribute per place."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def count(self, house_id: str, place: str) -> None:
        self._table.update(f"HOUSE#{house_id}", "SCANS", f"ADD #at_{place} :one", one=1)

    def of(self, house_id: str) -> dict[str, int]:
        return _by_place(self._table.get(f"HOUSE#{house_id}", "SCANS") or {})

    def of_many(self, house_ids: Iterable[str]) -> dict[str, int]:
        items = self._table.get_many((f"HOUSE#{house_id}", "SCANS") for house_id in house_ids)
        return {item["pk"].removeprefix("HOUSE#"): sum(_by_place(item).values()) for item in items}


def _by_place(item: Item) -> dict[str, int]:
    return {n.removeprefix("at_"): v for n, v in item.items() if n.startswith("at_")}
