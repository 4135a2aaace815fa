"""Receipts are kept the same way in memory and in the table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from housechats.adapters.receipts import DynamoReceipts
from housechats.domain.receipts import ChunkReceipts, Fate
from housechats.ports.broadcasts import ChunkClaim, Receipts
from support.broadcast_fakes import FakeReceipts

NOW = datetime(2027, 1, 11, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=2)
LATEST = NOW + timedelta(minutes=10)
ALL_SENT = {position: 1000 + position for position in range(100)}


@pytest.fixture(params=["in memory", "in the table"])
def receipts(request: pytest.FixtureRequest) -> Receipts:
    if request.param == "in memory":
        return FakeReceipts()
    return DynamoReceipts(request.getfixturevalue("table"))


def claim(receipts: Receipts, now: datetime = NOW, chunk: int = 3) -> ChunkClaim:
    return receipts.claim("b-1", chunk, now=now, lease_until=now + timedelta(minutes=1))


def test_of_two_workers_one_sets_about_a_chunk(receipts: Receipts) -> None:
    claims = [claim(receipts), claim(receipts)]

    assert [one.ours for one in claims] == [True, False]
    assert claims[0].receipts == ChunkReceipts(3)
    assert not claims[0].again
    assert receipts.get("b-1", 3) == ChunkReceipts(3, begun_at=NOW)
    assert receipts.get("b-1", 3).fate(0) == Fate.UNDER_WAY


def test_chunks_and_broadcasts_do_not_meet(receipts: Receipts) -> None:
    claim(receipts)

    other = receipts.claim("b-2", 3, now=NOW, lease_until=LATER)

    assert other.ours
    assert claim(receipts, chunk=4).ours
    assert receipts.get("b-3", 3) == ChunkReceipts(3)


def test_who_comes_after_a_dead_worker_knows_that_it_may_have_sent(receipts: Receipts) -> None:
    claim(receipts)

    second, third = claim(receipts, LATER), claim(receipts, LATEST)

    assert (second.ours, second.again) == (True, True)
    assert (third.ours, third.again) == (True, True)
    assert third.receipts.begun_at == NOW


def test_what_became_of_a_chunk_is_noted_once(receipts: Receipts) -> None:
    begun = claim(receipts).receipts
    told = replace(
        begun,
        finished_at=NOW,
        cmids={0: 4_000_000_000, 2: 5},
        failures={1: "chat_lost", 3: "unknown_777", 4: "chat_lost"},
        replied=frozenset({2}),
        unpinned=frozenset({0, 2}),
    )

    noted = [receipts.finish("b-1", one) for one in (told, replace(told, cmids={0: 1}))]

    assert noted == [True, False]
    assert receipts.get("b-1", 3) == told
    assert told.is_through
    assert not claim(receipts, LATEST).ours
    assert claim(receipts, LATEST).receipts == told


@pytest.mark.parametrize(
    "told",
    [
        ChunkReceipts(3, finished_at=NOW, cmids=ALL_SENT),
        ChunkReceipts(3, finished_at=NOW, failures=dict.fromkeys(range(100), "blocked")),
        ChunkReceipts(3, finished_at=NOW, failures={n: f"unknown_{n}" for n in range(100)}),
        ChunkReceipts(3, finished_at=NOW, cmids={99: 1}, waits=frozenset(range(99))),
        ChunkReceipts(3, finished_at=NOW, cmids={0: 0}),
    ],
)
def test_nothing_of_a_chunk_is_lost(receipts: Receipts, told: ChunkReceipts) -> None:
    begun = claim(receipts).receipts

    receipts.finish("b-1", replace(told, revision=begun.revision))

    assert receipts.get("b-1", 3) == told


def test_chats_that_wait_are_tried_when_their_time_has_come(receipts: Receipts) -> None:
    begun = claim(receipts).receipts
    waits = replace(
        begun,
        finished_at=NOW,
        cmids={0: 1},
        waits=frozenset({1}),
        again_at=LATER,
        waits_since=NOW,
    )
    receipts.finish("b-1", waits)

    early, due = claim(receipts), claim(receipts, LATER)

    assert (early.ours, early.receipts) == (False, waits)
    assert (due.ours, due.again, due.receipts) == (True, False, waits)
    assert receipts.get("b-1", 3).begun_at == LATER
    assert claim(receipts, LATEST).again


def test_who_waits_for_no_certain_time_is_tried_at_any(receipts: Receipts) -> None:
    begun = claim(receipts).receipts
    receipts.finish("b-1", replace(begun, finished_at=NOW, waits=frozenset({1})))

    assert claim(receipts).ours


def test_a_chunk_given_back_is_as_if_nobody_had_begun(receipts: Receipts) -> None:
    begun = claim(receipts)

    receipts.release("b-1", 3, receipts=begun.receipts)

    assert receipts.get("b-1", 3) == ChunkReceipts(3)
    assert [*receipts.of("b-1")] == []
    second = claim(receipts)
    assert (second.ours, second.again) == (True, False)


def test_a_chunk_given_back_in_part_keeps_what_was_sent(receipts: Receipts) -> None:
    begun = claim(receipts).receipts

    receipts.release("b-1", 3, receipts=replace(begun, cmids={0: 7}))

    second = claim(receipts)
    assert (second.ours, second.again, second.receipts.cmids) == (True, False, {0: 7})


def test_a_doubtful_chunk_given_back_stays_doubtful(receipts: Receipts) -> None:
    claim(receipts)
    again = claim(receipts, LATER)

    receipts.release("b-1", 3, receipts=again.receipts)

    third = claim(receipts, LATER)
    assert (third.ours, third.again, third.receipts.begun_at) == (True, True, NOW)


def test_a_late_worker_changes_nothing_for_the_one_after_it(receipts: Receipts) -> None:
    late = claim(receipts).receipts
    current = claim(receipts, LATER).receipts

    receipts.release("b-1", 3, receipts=late)
    noted = receipts.finish("b-1", replace(late, finished_at=NOW, cmids={0: 1}))

    assert not noted
    assert not claim(receipts, LATER).ours
    assert receipts.finish("b-1", replace(current, finished_at=LATER, cmids={0: 2}))
    assert receipts.get("b-1", 3).cmids == {0: 2}


def test_nothing_is_noted_of_a_chunk_that_nobody_began(receipts: Receipts) -> None:
    noted = receipts.finish("b-1", ChunkReceipts(3, finished_at=NOW, cmids={0: 1}))

    assert not noted
    assert receipts.get("b-1", 3) == ChunkReceipts(3)


def test_failed_chats_are_tried_again_once(receipts: Receipts) -> None:
    begun = claim(receipts).receipts
    receipts.finish("b-1", replace(begun, finished_at=NOW, cmids={0: 1}, failures={1: "consent"}))
    failed = receipts.get("b-1", 3)
    without = replace(failed, finished_at=None, failures={})

    reopened = [receipts.reopen("b-1", without, instead_of=failed) for _ in range(2)]

    second = claim(receipts)
    assert reopened == [True, False]
    assert (second.ours, second.again, second.receipts) == (True, False, without)


def test_a_chunk_that_is_worked_at_is_not_reopened(receipts: Receipts) -> None:
    begun = claim(receipts).receipts
    receipts.finish(
        "b-1", replace(begun, finished_at=NOW, failures={1: "consent"}, waits=frozenset({2}))
    )
    failed = receipts.get("b-1", 3)
    claim(receipts)

    reopened = [
        receipts.reopen("b-1", replace(one, failures={}), instead_of=one)
        for one in (failed, receipts.get("b-1", 3))
    ]

    assert reopened == [False, False]
    assert receipts.get("b-1", 3).failures == {1: "consent"}


def test_receipts_are_read_in_their_order_from_any_chunk_on(receipts: Receipts) -> None:
    for chunk in (12, 3, 100, 7):
        claim(receipts, chunk=chunk)

    everything = [one.chunk for one in receipts.of("b-1")]
    rest = [one.chunk for one in receipts.of("b-1", first=8)]

    assert everything == [3, 7, 12, 100]
    assert rest == [12, 100]
