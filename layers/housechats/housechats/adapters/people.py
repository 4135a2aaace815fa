"""People: the elders' contacts over the table."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import datetime
from typing import Any

from housechats.adapters.table import ConditionFailedError, Item, Table, to_seconds
from housechats.domain.people import Elder


class DynamoElders:
    """Keeps what is needed to reach an elder, in the one item that is all there is of them."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def put(
        self,
        elder_id: str,
        elder: Elder,
        *,
        until: datetime,
        house_ids: AbstractSet[str] = frozenset(),
    ) -> None:
        if elder.vk_id:
            # First: who comes again finds contacts that are right, and looks no further.
            self._lead_to(elder_id, elder.vk_id, until=until)
        values: dict[str, Any] = {"houses": house_ids} if house_ids else {}
        self._table.update(
            *_elder(elder_id),
            "SET #name = :name, #phone = :phone, #vk_id = :vk_id, #vk_name = :vk_name, #ttl = :ttl"
            + (" ADD #houses :houses" if house_ids else ""),
            name=elder.name,
            phone=elder.phone,
            vk_id=elder.vk_id,
            vk_name=elder.vk_name,
            ttl=to_seconds(until),
            **values,
        )

    def get(self, elder_id: str) -> Elder | None:
        item = self._table.get(*_elder(elder_id))
        return _contacts(item) if item else None

    def get_many(self, elder_ids: Iterable[str]) -> dict[str, Elder]:
        items = self._table.get_many(map(_elder, elder_ids))
        return {item["pk"].removeprefix("ELDER#"): _contacts(item) for item in items}

    def name_for(self, elder_id: str, house_ids: AbstractSet[str]) -> None:
        with suppress(ConditionFailedError):  # nothing is kept of the person any more
            self._table.update(
                *_elder(elder_id),
                "ADD #houses :houses",
                condition="attribute_exists(#pk)",
                houses=house_ids,
            )

    def found_page(self, elder_id: str, vk_id: int, *, until: datetime) -> None:
        self._lead_to(elder_id, vk_id, until=until)
        with suppress(ConditionFailedError):
            self._table.update(
                *_elder(elder_id),
                "SET #vk_id = :vk_id",
                condition="attribute_exists(#pk)",
                vk_id=vk_id,
            )

    def houses_of(self, elder_ids: Iterable[str]) -> set[str]:
        items = self._table.get_many(map(_elder, elder_ids))
        return {house_id for item in items for house_id in item.get("houses", ())}

    def _lead_to(self, elder_id: str, vk_id: int, *, until: datetime) -> None:
        """Have the page lead to the elder, while the contacts say that it is theirs."""
        self._table.put(
            {"pk": f"PERSON#VK#{vk_id}", "sk": f"ELDER#{elder_id}", "ttl": to_seconds(until)}
        )


def _elder(elder_id: str) -> tuple[str, str]:
    return f"ELDER#{elder_id}", "ELDER"


def _contacts(item: Item) -> Elder:
    return Elder(item["name"], item["phone"], item["vk_id"], item["vk_name"])
