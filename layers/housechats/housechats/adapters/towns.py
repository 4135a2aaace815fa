"""Towns: the Towns port over the table."""

from collections.abc import Iterable

from housechats.adapters.table import Table


class DynamoTowns:
    """Keeps one item a municipality."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def put(self, oktmo: str, locality: str) -> None:
        pk, sk = _key(oktmo)
        self._table.put({"pk": pk, "sk": sk, "locality": locality})

    def get(self, oktmo: str) -> str:
        item = self._table.get(*_key(oktmo))
        return str(item["locality"]) if item else ""

    def get_many(self, oktmos: Iterable[str]) -> dict[str, str]:
        items = self._table.get_many(map(_key, oktmos))
        return {item["pk"].removeprefix("TERRITORY#"): item["locality"] for item in items}


def _key(oktmo: str) -> tuple[str, str]:
    return f"TERRITORY#{oktmo}", "TOWN"
