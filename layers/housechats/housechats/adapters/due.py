"""Due things: the sparse index that every sweep reads, GSI2."""

from datetime import datetime
from zlib import crc32

from housechats.adapters.table import ConditionFailedError, Table

SHARDS = 8
"""Partitions of one kind of due things, so that a sweep never meets one hot key."""


def due_key(kind: str, name: str) -> str:
    """Return the key in the index; an item that has it and `due_at` is found by the sweep."""
    return f"DUE#{kind}#{crc32(name.encode()) % SHARDS}"


def due_items(table: Table, kind: str, now: datetime, *, limit: int) -> list[tuple[str, str]]:
    """Return keys of some items of a kind whose time has come."""
    return [
        (item["pk"], item["sk"])
        for shard in range(SHARDS)
        for item in table.query(
            "gsi2pk = :shard AND due_at <= :now",
            index="GSI2",
            limit=limit // SHARDS,
            shard=f"DUE#{kind}#{shard}",
            now=now,
        )[0]
    ]


def postpone(table: Table, pk: str, sk: str, *, until: datetime) -> None:
    """Keep a due item from being found before a time, unless somebody has begun it meanwhile.

    Whoever has gone on with it by then has said when it is due next: no sooner than that.
    """
    try:
        table.update(pk, sk, "SET #due_at = :until", condition="#due_at < :until", until=until)
    except ConditionFailedError:
        return
