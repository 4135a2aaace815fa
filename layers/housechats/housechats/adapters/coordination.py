"""Coordination chats over the table."""

from dataclasses import replace
from typing import Any

from housechats.adapters.chats import chat_key
from housechats.adapters.errands import packed, unpacked
from housechats.adapters.table import ConditionFailedError, Item, Table, at_ms, from_ms, to_ms
from housechats.domain.coordination import CoordinationChat, Invited
from housechats.domain.territories import region_of

PLAIN = (
    "oktmo",
    "number",
    "town",
    "community",
    "chat_id",
    "link",
    "generation",
    "reason",
    "members",
)
MOMENTS = ("created_at", "intent_at", "lease_until", "wake_at", "looked_at")


class DynamoCoordinationChats:
    """Keeps all of a region under one key: an hour's look reads them in one go.

    Whose chat it is stands where houses keep theirs, with an attribute of its own.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, chat: CoordinationChat) -> CoordinationChat:
        first = replace(chat, revision=1)
        try:
            self._table.put(_item(first), condition="attribute_not_exists(#pk)")
        except ConditionFailedError as failed:
            return _chat(failed.item or {})
        return first

    def get(self, record_id: str) -> CoordinationChat | None:
        item = self._table.get(*_key(record_id))
        return _chat(item) if item else None

    def save(self, record: CoordinationChat) -> CoordinationChat | None:
        saved = replace(record, revision=record.revision + 1)
        try:
            self._table.put(_item(saved), condition="#revision = :was", was=record.revision)
        except ConditionFailedError:
            return None
        return saved

    def of_region(self, region: str) -> list[CoordinationChat]:
        items = self._table.query_all("pk = :pk", consistent=True, pk=_pk(region))
        return [*map(_chat, items)]

    def remember(self, community: int, chat_id: int, *, coordination_id: str) -> str:
        pk, sk = chat_key(community, chat_id)
        try:
            self._table.put(
                {"pk": pk, "sk": sk, "coordination": coordination_id},
                condition="attribute_not_exists(#pk) OR #coordination = :coordination",
                coordination=coordination_id,
            )
        except ConditionFailedError as failed:
            return str((failed.item or {}).get("coordination", ""))
        return coordination_id

    def coordination_of(self, community: int, chat_id: int) -> str | None:
        item = self._table.get(*chat_key(community, chat_id)) or {}
        return item.get("coordination")


def _pk(region: str) -> str:
    return f"COORDINATION#{region}"


def _key(record_id: str) -> tuple[str, str]:
    oktmo, _, number = record_id.partition("-")
    return _pk(region_of(oktmo)), f"{oktmo}#{int(number):04d}"


def _item(chat: CoordinationChat) -> Item:
    pk, sk = _key(chat.id)
    values: Item = {name: getattr(chat, name) for name in (*PLAIN, *MOMENTS)}
    values |= {
        "invited": {
            f"{vk_id}": [to_ms(one.at), one.generation, one.community]
            for vk_id, one in chat.invited.items()
        },
        "strangers": {f"{vk_id}": to_ms(at) for vk_id, at in chat.strangers.items()},
        "leaving": list(chat.leaving),
        "unremoved": {f"{vk_id}": to_ms(at) for vk_id, at in chat.unremoved.items()},
        "errands": packed(chat.errands),
    }
    there = {name: value for name, value in values.items() if value}
    return {"pk": pk, "sk": sk, "revision": chat.revision, **there}


def _chat(item: Item) -> CoordinationChat:
    there: dict[str, Any] = {name: item[name] for name in PLAIN if name in item}
    there |= {name: from_ms(item[name]) for name in MOMENTS if name in item}
    return CoordinationChat(
        **there,
        invited={int(vk_id): _invited(said) for vk_id, said in item.get("invited", {}).items()},
        strangers={int(vk_id): at_ms(at) for vk_id, at in item.get("strangers", {}).items()},
        leaving=tuple(item.get("leaving", ())),
        unremoved={int(vk_id): at_ms(at) for vk_id, at in item.get("unremoved", {}).items()},
        errands=unpacked(item.get("errands", ())),
        revision=item["revision"],
    )


def _invited(said: list[int]) -> Invited:
    at, generation, community = said
    return Invited(at_ms(at), generation, community)
