"""Residents: how many people are in the chats, over the table."""

from contextlib import suppress
from datetime import datetime

from housechats.adapters.chats import chat_key
from housechats.adapters.houses import house_key
from housechats.adapters.table import ConditionFailedError, Table, from_ms
from housechats.domain.houses import ChatState, House
from housechats.ports.residents import Counted

COUNTS = "COUNTS"
"""When communities were counted, all under one key: there are tens of them."""


class DynamoResidents:
    """Keeps the number in the house, and once more at its chat.

    All chats of a community are read in one go each hour: 1 MB, where the houses are 20.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def of(self, community: int) -> dict[int, Counted]:
        pk, _ = chat_key(community, 0)
        items = self._table.query_all("pk = :pk", pk=pk)
        return {
            int(item["sk"]): Counted(item["house"], item.get("residents"))
            for item in items
            if "house" in item  # discussions have chats too
        }

    def begin(self, community: int, *, now: datetime) -> None:
        self._table.update(COUNTS, f"{community:012d}", "SET #begun_at = :now", now=now)

    def begun(self) -> dict[int, datetime]:
        items = self._table.query_all("pk = :pk", consistent=True, pk=COUNTS)
        return {int(item["sk"]): at for item in items if (at := from_ms(item["begun_at"]))}

    def note(self, house: House, residents: int, *, elder_joined: bool, now: datetime) -> None:
        joined = ", #elder_joined_at = :now" if elder_joined else ""
        with suppress(ConditionFailedError):  # it was closed or handed over meanwhile
            self._table.update(
                *house_key(house.id),
                f"SET #residents = :residents, #residents_at = :now{joined}",
                condition="#state IN (:open, :lost) AND "
                + ("#elder_id = :elder" if house.elder_id else "attribute_not_exists(#elder_id)"),
                residents=residents,
                now=now,
                open=ChatState.OPEN,
                lost=ChatState.LOST,
                **({"elder": house.elder_id} if house.elder_id else {}),
            )
        # Last: until then the next count does all of it again.
        self._table.update(
            *chat_key(house.community, house.chat_id),
            "SET #residents = :residents",
            residents=residents,
        )

    def elder_came(self, house: House, *, now: datetime) -> None:
        with suppress(ConditionFailedError):  # known already, or somebody else is the elder by now
            self._table.update(
                *house_key(house.id),
                "SET #elder_joined_at = :now",
                condition="attribute_not_exists(#elder_joined_at)"
                " AND #state IN (:open, :lost) AND #elder_id = :elder",
                now=now,
                open=ChatState.OPEN,
                lost=ChatState.LOST,
                elder=house.elder_id,
            )

    def look_anew(self, house: House) -> None:
        self._table.update(*chat_key(house.community, house.chat_id), "REMOVE #residents")
