"""Chats: which chat of a community is which house's, over the table.

Under the same keys other chats of ours stand too, with an attribute of their own in place of
`house`: a discussion's, a coordination chat's.
"""

from housechats.adapters.table import ConditionFailedError, Table


class DynamoChats:
    """Keeps one small item a chat, all of a community under one key, so that gaps are seen."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def remember(self, community: int, chat_id: int, *, house_id: str) -> str:
        pk, sk = chat_key(community, chat_id)
        try:
            self._table.put(
                {"pk": pk, "sk": sk, "house": house_id},
                condition="attribute_not_exists(#pk) OR #house = :house",
                house=house_id,
            )
        except ConditionFailedError as failed:
            return str((failed.item or {}).get("house", ""))
        return house_id

    def house_of(self, community: int, chat_id: int) -> str | None:
        item = self._table.get(*chat_key(community, chat_id)) or {}
        return item.get("house")

    def known(self, community: int) -> dict[int, str]:
        return {n: house for n, house in self.noted(community).items() if house}

    def noted(self, community: int) -> dict[int, str]:
        pk, _ = chat_key(community, 0)
        items = self._table.query_all("pk = :pk", consistent=True, pk=pk)
        return {int(item["sk"]): item.get("house", "") for item in items}


def chat_key(community: int, chat_id: int) -> tuple[str, str]:
    return f"CHATS#{community}", f"{chat_id:010d}"
