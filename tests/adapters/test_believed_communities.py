"""A worker looks at its community now and then, and never takes a dead one for one that works."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from housechats.adapters.aws import spending
from housechats.adapters.communities import (
    BELIEVED_S,
    BelievedCommunities,
    DynamoCommunities,
)
from housechats.adapters.table import Table
from housechats.domain.communities import Community, CommunityState
from support.aws_mock import aws, new_table
from support.clock import VirtualClock
from support.fakes import new_community

WORKS = new_community(240_000_001, "11701000")
ANEW = replace(WORKS, connected_at=WORKS.connected_at + timedelta(hours=1), revision=3)
HOUSES = 20


@pytest.fixture
def table() -> Iterator[Table]:
    with aws():
        yield new_table("houses")


@pytest.fixture(autouse=True)
def staff(table: Table) -> DynamoCommunities:
    communities = DynamoCommunities(table)
    communities.connect(WORKS, instead_of=None)
    return communities


def state_of(community: Community | None) -> CommunityState | None:
    return community.state if community else None


def test_the_houses_of_a_community_share_a_look_at_it(
    table: Table, staff: DynamoCommunities
) -> None:
    clock, spent = VirtualClock(), []
    worker = BelievedCommunities(table, clock=clock.now)
    spending.take()
    there = staff.get(WORKS.id)
    one_look = spending.take()

    seen = []
    for _ in range(2):
        seen += [worker.get(WORKS.id) for _ in range(HOUSES)]
        spent.append(spending.take())
        clock.sleep(BELIEVED_S)

    assert seen == [there] * 2 * HOUSES
    assert spent == [one_look] * 2


def test_a_worker_whose_token_vk_refuses_believes_no_longer(table: Table) -> None:
    worker = BelievedCommunities(table, clock=VirtualClock().now)
    before = worker.get(WORKS.id)
    assert before

    worker.disconnect(before, reason="Ключ отозван.")

    assert state_of(worker.get(WORKS.id)) == CommunityState.DISCONNECTED


def test_a_worker_that_calls_nobody_learns_of_a_disconnection_in_time(
    table: Table, staff: DynamoCommunities
) -> None:
    clock = VirtualClock()
    worker = BelievedCommunities(table, clock=clock.now)
    worker.get(WORKS.id)

    staff.disconnect(WORKS, reason="Ключ отозван.")
    clock.sleep(BELIEVED_S)

    assert state_of(worker.get(WORKS.id)) == CommunityState.DISCONNECTED


def test_a_community_that_was_dead_works_from_the_moment_it_is_connected_anew(
    table: Table, staff: DynamoCommunities
) -> None:
    worker = BelievedCommunities(table, clock=VirtualClock().now)
    staff.disconnect(WORKS, reason="Ключ отозван.")
    dead = worker.get(WORKS.id)

    staff.connect(ANEW, instead_of=dead)

    assert state_of(dead) == CommunityState.DISCONNECTED
    assert worker.get(WORKS.id) == ANEW
