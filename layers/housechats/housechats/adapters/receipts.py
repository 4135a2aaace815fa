"""Receipts over the table: what became of a chunk of a broadcast, in at most 1 KB."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from struct import pack, unpack
from typing import Any

from housechats.adapters.table import (
    ConditionFailedError,
    Item,
    Table,
    from_ms,
    setting,
    to_seconds,
)
from housechats.domain.broadcasts import KEPT
from housechats.domain.receipts import ChunkReceipts
from housechats.ports.broadcasts import ChunkClaim

NONE = 0xFFFF_FFFF
"""Stands where a chat has no message: VK counts those of a chat from 1."""
NOTED = (
    "begun_at",
    "finished_at",
    "cmids",
    "failures",
    "waits",
    "again_at",
    "waits_since",
    "replied",
    "unpinned",
)
IS_OPEN = (
    "(attribute_not_exists(#finished_at) OR "
    "(attribute_exists(#waits) AND (attribute_not_exists(#again_at) OR #again_at <= :now)))"
)
IS_FREE = "(attribute_not_exists(#lease_until) OR #lease_until <= :now)"
IS_OURS = "attribute_exists(#begun_at) AND #revision = :was"
NOBODYS = "attribute_not_exists(#begun_at) AND #revision = :was"


class DynamoReceipts:
    """Keeps the receipts of a chunk as one item beside its broadcast."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def claim(
        self, broadcast_id: str, chunk: int, *, now: datetime, lease_until: datetime
    ) -> ChunkClaim:
        try:
            before = self._table.update(
                *_key(broadcast_id, chunk),
                "SET #begun_at = if_not_exists(#begun_at, :now), #lease_until = :lease, "
                "#ttl = :ttl ADD #revision :one",
                condition=f"{IS_OPEN} AND {IS_FREE}",
                returns="ALL_OLD",
                now=now,
                lease=lease_until,
                ttl=to_seconds(now + KEPT),
                one=1,
            )
        except ConditionFailedError as failed:
            return ChunkClaim(ours=False, receipts=_receipts(failed.item or {}, chunk))
        claimed = before | {"revision": before.get("revision", 0) + 1}
        return ChunkClaim(ours=True, receipts=_receipts(claimed, chunk), again="begun_at" in before)

    def release(self, broadcast_id: str, chunk: int, *, receipts: ChunkReceipts) -> None:
        with suppress(ConditionFailedError):  # another worker has claimed it meanwhile
            self._note(_key(broadcast_id, chunk), _noted(receipts), IS_OURS, receipts.revision)

    def finish(self, broadcast_id: str, receipts: ChunkReceipts) -> bool:
        noted = _noted(receipts)
        noted.pop("begun_at", None)
        try:
            self._note(_key(broadcast_id, receipts.chunk), noted, IS_OURS, receipts.revision)
        except ConditionFailedError:
            return False
        return True

    def reopen(
        self, broadcast_id: str, receipts: ChunkReceipts, *, instead_of: ChunkReceipts
    ) -> bool:
        revision = instead_of.revision
        noted = _noted(receipts) | {"revision": revision + 1}
        try:
            self._note(_key(broadcast_id, receipts.chunk), noted, NOBODYS, revision)
        except ConditionFailedError:
            return False
        return True

    def get(self, broadcast_id: str, chunk: int) -> ChunkReceipts:
        return _receipts(self._table.get(*_key(broadcast_id, chunk)) or {}, chunk)

    def of(self, broadcast_id: str, *, first: int = 0) -> Iterator[ChunkReceipts]:
        pk, sk = _key(broadcast_id, first)
        found = self._table.query_all(
            "pk = :pk AND sk BETWEEN :first AND :last",
            consistent=True,
            pk=pk,
            first=sk,
            last="R#~",
        )
        for item in found:
            receipts = _receipts(item, int(item["sk"].removeprefix("R#")))
            # Those that were given back as they were before anybody began.
            if receipts != ChunkReceipts(receipts.chunk):
                yield receipts

    def _note(self, key: tuple[str, str], noted: Item, condition: str, revision: int) -> None:
        self._table.update(
            *key,
            setting(noted, among=(*NOTED, "lease_until")),
            condition=condition,
            was=revision,
            **noted,
        )


def _noted(receipts: ChunkReceipts) -> dict[str, Any]:
    """Return what there is to be noted; numbers of messages by position, failures by their code."""
    by_code: dict[str, list[int]] = {}
    for position, code in receipts.failures.items():
        by_code.setdefault(code, []).append(position)
    everything = {
        "begun_at": receipts.begun_at,
        "finished_at": receipts.finished_at,
        "cmids": _packed(receipts.cmids),
        "failures": {code: _positions(those) for code, those in by_code.items()},
        "waits": _positions(receipts.waits),
        "again_at": receipts.again_at,
        "waits_since": receipts.waits_since,
        "replied": _positions(receipts.replied),
        "unpinned": _positions(receipts.unpinned),
    }
    return {name: value for name, value in everything.items() if value}


def _receipts(item: Item, chunk: int) -> ChunkReceipts:
    failed: Mapping[str, bytes] = item.get("failures", {})
    return ChunkReceipts(
        chunk=chunk,
        begun_at=from_ms(item.get("begun_at")),
        finished_at=from_ms(item.get("finished_at")),
        cmids=_unpacked(item.get("cmids", b"")),
        failures={position: code for code, those in failed.items() for position in those},
        waits=frozenset(item.get("waits", b"")),
        again_at=from_ms(item.get("again_at")),
        waits_since=from_ms(item.get("waits_since")),
        replied=frozenset(item.get("replied", b"")),
        unpinned=frozenset(item.get("unpinned", b"")),
        revision=item.get("revision", 0),
    )


def _packed(cmids: Mapping[int, int]) -> bytes:
    places = range(max(cmids, default=-1) + 1)
    return pack(f">{len(places)}I", *(cmids.get(place, NONE) for place in places))


def _unpacked(packed: bytes) -> dict[int, int]:
    numbers = unpack(f">{len(packed) // 4}I", packed)
    return {place: cmid for place, cmid in enumerate(numbers) if cmid != NONE}


def _positions(those: Iterable[int]) -> bytes:
    """Return a byte for each: a chunk has at most 100 chats."""
    return bytes(sorted(those))


def _key(broadcast_id: str, chunk: int) -> tuple[str, str]:
    return f"BROADCAST#{broadcast_id}", f"R#{chunk:06d}"
