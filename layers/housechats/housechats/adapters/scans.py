"""Scans: how often posters are scanned, over the table."""

from housechats.adapters.table import Table


class DynamoScans:
    """Keeps one counter item a house, an attribute per place."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def count(self, house_id: str, place: str) -> None:
        self._table.update(f"HOUSE#{house_id}", "SCANS", f"ADD #at_{place} :one", one=1)

    def of(self, house_id: str) -> dict[str, int]:
        item = self._table.get(f"HOUSE#{house_id}", "SCANS") or {}
        return {n.removeprefix("at_"): v for n, v in item.items() if n.startswith("at_")}
