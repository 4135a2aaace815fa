"""Discussions, the chats that were made for them, and who waits for them, over the table."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from typing import Any

from housechats.adapters.chats import chat_key
from housechats.adapters.due import due_items, due_key, postpone
from housechats.adapters.errands import packed, unpacked
from housechats.adapters.table import (
    ConditionFailedError,
    Item,
    Table,
    from_ms,
    setting,
    to_ms,
    to_seconds,
)
from housechats.domain.discussions import KEPT, Discussion, DiscussionState
from housechats.domain.territories import Territory, region_of

KIND, TO_CLEAN = "DISCUSSION", "DISCUSSION_CHAT"
AT_ONCE = datetime(2001, 1, 1, tzinfo=UTC)
"""When what is to be done at once is due: the sweep needs no clock of ours."""
OPTIONS: dict[str, Any] = {field.name: field.default for field in fields(Discussion)}
"""What a discussion has when its item does not say it."""
WRITTEN = tuple(name for name in OPTIONS if name != "id")
MOMENTS = tuple(f.name for f in fields(Discussion) if f.type in {datetime, datetime | None})
INDEXED = ("gsi1sk", "gsi2pk", "due_at", "ttl")


class DynamoDiscussions:
    """Keeps one item a discussion; GSI1 lists a region's by their time, GSI2 those that are due.

    Beside them stand small items by which houses and organisations find theirs.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, discussion: Discussion) -> Discussion:
        ttl = to_seconds(discussion.created_at + 2 * KEPT)
        for of in (_house(discussion.house_id), _organisation(discussion.inn)):
            self._table.put({"pk": of, "sk": discussion.id, "ttl": ttl})
        pk, sk = discussion_key(discussion.id)
        region = f"DISCUSSIONS#{region_of(discussion.oktmo)}"
        item = {"pk": pk, "sk": sk, "gsi1pk": region, **_written(discussion)}
        try:
            self._table.put(item, condition="attribute_not_exists(#pk)")
        except ConditionFailedError as failed:
            return _discussion(failed.item or {})
        return discussion

    def get(self, record_id: str) -> Discussion | None:
        item = self._table.get(*discussion_key(record_id))
        return _discussion(item) if item else None

    def save(self, record: Discussion) -> Discussion | None:
        saved = replace(record, revision=record.revision + 1)
        values = _written(saved)
        try:
            self._table.update(
                *discussion_key(record.id),
                setting(values, among=(*WRITTEN, *INDEXED)),
                condition="#revision = :was",
                was=record.revision,
                **values,
            )
        except ConditionFailedError:
            return None
        return saved

    def of_house(self, house_id: str) -> list[Discussion]:
        return self._pointed(_house(house_id))[::-1]

    def of_organisation(self, inn: str) -> list[Discussion]:
        return [one for one in self._pointed(_organisation(inn)) if not one.state.over]

    def of_territory(self, territory: Territory, *, since: datetime) -> list[Discussion]:
        keys = self._table.query_all(
            "gsi1pk = :region AND gsi1sk >= :since",
            index="GSI1",
            region=f"DISCUSSIONS#{territory.region}",
            since=f"{to_ms(since):013d}",
        )
        found = self._read(
            (item["pk"], item["sk"])
            for item in keys
            if territory.covers(str(item["gsi1sk"]).partition("#")[2])
        )
        return found[::-1]

    def due(self, now: datetime, *, limit: int) -> list[str]:
        return self._due(KIND, now, limit)

    def to_clean(self, now: datetime, *, limit: int) -> list[str]:
        return self._due(TO_CLEAN, now, limit)

    def postpone(self, record_id: str, *, until: datetime) -> None:
        postpone(self._table, *discussion_key(record_id), until=until)

    def _due(self, kind: str, now: datetime, limit: int) -> list[str]:
        keys = due_items(self._table, kind, now, limit=limit)
        return [pk.removeprefix("DISCUSSION#") for pk, _ in keys]

    def _pointed(self, of: str) -> list[Discussion]:
        items = self._table.query_all("pk = :pk", consistent=True, pk=of)
        return self._read(discussion_key(item["sk"]) for item in items)

    def _read(self, keys: Iterable[tuple[str, str]]) -> list[Discussion]:
        found = map(_discussion, self._table.get_many(keys))
        return sorted(found, key=lambda one: (one.starts_at, one.id))


class DynamoDiscussionChats:
    """Keeps one small item a chat, where houses keep theirs, with an attribute of its own."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def remember(self, community: int, chat_id: int, *, discussion_id: str) -> str:
        pk, sk = chat_key(community, chat_id)
        try:
            self._table.put(
                {"pk": pk, "sk": sk, "discussion": discussion_id},
                condition="attribute_not_exists(#pk) OR #discussion = :discussion",
                discussion=discussion_id,
            )
        except ConditionFailedError as failed:
            return str((failed.item or {}).get("discussion", ""))
        return discussion_id

    def discussion_of(self, community: int, chat_id: int) -> str | None:
        item = self._table.get(*chat_key(community, chat_id)) or {}
        return item.get("discussion")


class DynamoInterested:
    """Keeps one small item a person, all of a discussion under one key; they expire."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, discussion_id: str, vk_id: int, *, until: datetime) -> None:
        ttl = to_seconds(until)
        self._table.put({"pk": _interested(discussion_id), "sk": f"{vk_id:015d}", "ttl": ttl})

    def of(self, discussion_id: str) -> list[int]:
        items = self._table.query_all("pk = :pk", consistent=True, pk=_interested(discussion_id))
        return [int(item["sk"]) for item in items]

    def remove(self, discussion_id: str, vk_id: int) -> None:
        self._table.delete(_interested(discussion_id), f"{vk_id:015d}")


def discussion_key(discussion_id: str) -> tuple[str, str]:
    return f"DISCUSSION#{discussion_id}", "DISCUSSION"


def _interested(discussion_id: str) -> str:
    return f"INTERESTED#{discussion_id}"


def _house(house_id: str) -> str:
    return f"HOUSE_DISCUSSIONS#{house_id}"


def _organisation(inn: str) -> str:
    return f"ORG_DISCUSSIONS#{inn}"


def _written(discussion: Discussion) -> Item:
    """Return all of a discussion, and what makes it be found."""
    said = asdict(discussion)
    values = {name: said[name] for name in WRITTEN if said[name] != OPTIONS[name]}
    if discussion.errands:
        values["errands"] = packed(discussion.errands)
    values |= {
        "revision": discussion.revision,
        "gsi1sk": f"{to_ms(discussion.starts_at):013d}#{discussion.oktmo}",
    }
    if due_at := discussion.due_at(AT_ONCE):
        kind = TO_CLEAN if discussion.state.left_to_clean and not discussion.errands else KIND
        values |= {"due_at": due_at, "gsi2pk": due_key(kind, discussion.id)}
    if discussion.state.over:
        values["ttl"] = to_seconds(discussion.ends_at + KEPT)
    return values


def _discussion(item: Item) -> Discussion:
    there = {name: item[name] for name in WRITTEN if name in item}
    return Discussion(
        id=item["pk"].removeprefix("DISCUSSION#"),
        **{name: READ[name](value) if name in READ else value for name, value in there.items()},
    )


READ: dict[str, Callable[[Any], Any]] = {
    "state": DiscussionState,
    "errands": unpacked,
    **dict.fromkeys(MOMENTS, from_ms),
}
