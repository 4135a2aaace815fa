"""What a delivery costs in the table: sizes of items by DynamoDB's rules, and writes counted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from housechats.adapters.aws import client
from housechats.adapters.broadcasts import DynamoBroadcasts
from housechats.adapters.receipts import DynamoReceipts
from housechats.adapters.table import Item, Table
from housechats.domain.broadcasts import (
    BEGINNING,
    Broadcast,
    BroadcastLane,
    BroadcastState,
    Deed,
    Review,
)
from housechats.domain.receipts import ChunkReceipts
from support.aws_mock import TABLE

NOW = datetime(2027, 1, 11, 3, 0, tzinfo=UTC)
UNIT = 1024
"""Bytes that one unit writes."""
BROADCAST = Broadcast(
    id="0f8fad5bd9cb469fa16570867728950e",
    deed=Deed.MESSAGE,
    lane=BroadcastLane.PLANNED,
    oktmo="11701000",
    inn="2901000017",
    created_by="vk:1234567890",
    created_at=NOW,
    beginning="Щ" * BEGINNING,
    chats=18_200,
    chunks=182,
    people=200_000,
    state=BroadcastState.RUNNING,
    held_for=None,
    start_at=NOW,
    started_at=NOW,
    quiet_from=NOW,
    quiet_until=NOW,
    approved_by="vk:1234567890",
    due_at=NOW,
    revision=9,
)


def size(item: dict[str, Any]) -> int:
    """Return bytes of an item as DynamoDB counts them (its guide: item sizes and formats)."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(typed: dict[str, Any]) -> int:
    ((kind, value),) = typed.items()
    match kind:
        case "S":
            return len(value.encode())
        case "B":
            return len(value)
        case "N":
            return (len(value.strip("-")) + 1) // 2 + 1
        case "BOOL" | "NULL":
            return 1
        case "M":
            return 3 + sum(1 + len(name.encode()) + _size(one) for name, one in value.items())
        case "L":
            return 3 + sum(1 + _size(one) for one in value)
    raise AssertionError(kind)


def items() -> list[dict[str, Any]]:
    return client("dynamodb").scan(TableName="table")["Items"]


class CountingTable(Table):
    """The table, with a count of what was written and read."""

    def __init__(self) -> None:
        super().__init__("table")
        self.writes = 0
        self.reads = 0

    def update(self, pk: str, sk: str, expression: str, **how: Any) -> Item:
        self.writes += 1
        return super().update(pk, sk, expression, **how)

    def get(self, pk: str, sk: str) -> Item | None:
        self.reads += 1
        return super().get(pk, sk)


@pytest.mark.parametrize(
    "broadcast",
    [
        pytest.param(BROADCAST, id="usual"),
        pytest.param(
            replace(
                BROADCAST,
                lane=BroadcastLane.EMERGENCY,
                sender_reason="Прорыв теплотрассы, мороз, отключены все дома",
                review=Review(due_at=NOW),
                quiet_from=None,
                quiet_until=None,
                approved_by="",
            ),
            id="emergency",
        ),
    ],
)
def test_a_broadcast_is_counted_with_one_unit(table: Table, broadcast: Broadcast) -> None:
    broadcasts = DynamoBroadcasts(table)
    broadcasts.add(broadcast)

    for community in (223344551, 223344552, 223344553):
        broadcasts.count(broadcast.id, community=community, sent=99, failed=1, through=1)

    (item,) = items()
    assert size(item) <= UNIT


def test_counting_changes_nothing_that_an_index_has(table: Table) -> None:
    indexed = {"pk", "sk"}
    for index in TABLE["GlobalSecondaryIndexes"]:
        indexed |= {key["AttributeName"] for key in index["KeySchema"]}
        indexed |= set(index["Projection"].get("NonKeyAttributes", ()))
    broadcasts = DynamoBroadcasts(table)
    broadcasts.add(BROADCAST)
    (before,) = items()

    broadcasts.count(BROADCAST.id, community=7, sent=99, failed=1, through=1)

    (after,) = items()
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"sent", "failed", "through_7"}
    assert indexed.isdisjoint(changed)


@pytest.mark.parametrize(
    "told",
    [
        ChunkReceipts(0, cmids={n: 4_000_000_000 + n for n in range(100)}),
        ChunkReceipts(
            0,
            cmids={n: 4_000_000_000 + n for n in range(90)},
            failures={n: ("chat_lost", "blocked", "unknown_777")[n % 3] for n in range(90, 97)},
            waits=frozenset({97, 98, 99}),
            again_at=NOW,
            unpinned=frozenset(range(100)),
        ),
        ChunkReceipts(0, failures=dict.fromkeys(range(100), "not_found")),
    ],
)
def test_a_chunk_is_claimed_noted_and_counted_with_three_units(
    table: Table, told: ChunkReceipts
) -> None:
    DynamoBroadcasts(table).add(BROADCAST)
    counted = CountingTable()
    broadcasts, receipts = DynamoBroadcasts(counted), DynamoReceipts(counted)

    claim = receipts.claim(BROADCAST.id, 0, now=NOW, lease_until=NOW)
    noted = replace(told, finished_at=NOW, revision=claim.receipts.revision)
    receipts.finish(BROADCAST.id, noted)
    broadcasts.count(BROADCAST.id, community=7, sent=100, failed=0, through=1)

    assert (counted.writes, counted.reads) == (3, 0)
    assert max(map(size, items())) <= UNIT
    assert DynamoReceipts(table).get(BROADCAST.id, 0) == noted


def test_what_is_kept_of_a_broadcast_goes_when_its_time_is_over(table: Table) -> None:
    DynamoBroadcasts(table).add(BROADCAST)
    DynamoReceipts(table).claim(BROADCAST.id, 0, now=NOW, lease_until=NOW)

    ends = {int(item["ttl"]["N"]) for item in items()}

    assert ends == {int((NOW + timedelta(days=400)).timestamp())}
