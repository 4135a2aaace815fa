"""Towns: the Towns port over the table."""

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


def _key(oktmo: str) -> tuple[str, str]:
    return f"TERRITORY#{oktmo}", "TOWN"
