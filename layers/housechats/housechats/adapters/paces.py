"""How the paces of communities stand, read from the items that workers share."""

from collections.abc import Iterable

from housechats.adapters.table import Item, Table, from_ms
from housechats.domain.forecast import Standing

OF_MAILINGS = ("pause_all", "pause_messages_send", "pause_execute")
"""Pauses that keep a mailing waiting: of all calls, and of those that it is made of."""


class DynamoPaces:
    """Reads what `Pace` writes."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def standing(self, communities: Iterable[int]) -> dict[int, Standing]:
        items = self._table.get_many((f"PACE#{number}", "PACE") for number in communities)
        return {int(item["pk"].removeprefix("PACE#")): _standing(item) for item in items}


def _standing(item: Item) -> Standing:
    paused = max(item.get(name, 0) for name in OF_MAILINGS)
    return Standing(free_at=from_ms(item.get("next_at")), paused_until=from_ms(paused))
