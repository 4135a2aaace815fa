"""People: the elders' contacts and the officials' roles, over the table."""

from collections.abc import Iterable
from datetime import datetime

from housechats.adapters.table import Item, Table, to_seconds
from housechats.domain.people import Elder, Official, Role
from housechats.domain.territories import Territory


class DynamoElders:
    """Keeps what is needed to reach an elder, in the one item that is all there is of them."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def put(self, elder_id: str, elder: Elder, *, until: datetime) -> None:
        pk, sk = _elder(elder_id)
        self._table.put(
            {
                "pk": pk,
                "sk": sk,
                "name": elder.name,
                "phone": elder.phone,
                "vk_id": elder.vk_id,
                "vk_name": elder.vk_name,
                "ttl": to_seconds(until),
            }
        )

    def get(self, elder_id: str) -> Elder | None:
        item = self._table.get(*_elder(elder_id))
        return _contacts(item) if item else None

    def get_many(self, elder_ids: Iterable[str]) -> dict[str, Elder]:
        items = self._table.get_many(map(_elder, elder_ids))
        return {item["pk"].removeprefix("ELDER#"): _contacts(item) for item in items}


class DynamoOfficials:
    """Keeps one item an official: the role is read at each request."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def put(self, official: Official) -> None:
        pk, sk = _official(official.vk_id)
        self._table.put(
            {"pk": pk, "sk": sk, "role": official.role, "oktmo": official.territory.oktmo}
        )

    def get(self, vk_id: int) -> Official | None:
        item = self._table.get(*_official(vk_id))
        return Official(vk_id, Role(item["role"]), Territory(item["oktmo"])) if item else None


def _elder(elder_id: str) -> tuple[str, str]:
    return f"ELDER#{elder_id}", "ELDER"


def _contacts(item: Item) -> Elder:
    return Elder(item["name"], item["phone"], item["vk_id"], item["vk_name"])


def _official(vk_id: int) -> tuple[str, str]:
    return f"PERSON#VK#{vk_id}", "OFFICIAL"
