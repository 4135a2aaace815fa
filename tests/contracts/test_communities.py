"""Communities are kept the same way in memory and in the table."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from housechats.adapters.communities import DynamoCommunities
from housechats.domain.communities import CommunityState
from housechats.ports.communities import Communities
from support.aws_mock import aws, new_table
from support.fakes import FakeCommunities, new_community

FIRST = new_community(240_000_001, "11701000", missing=("photos",))
LATER = FIRST.connected_at + timedelta(hours=1)
ANEW = replace(FIRST, connected_at=LATER, missing=(), revision=FIRST.revision + 1)


@pytest.fixture(params=["in memory", "in the table"])
def communities(request: pytest.FixtureRequest) -> Iterator[Communities]:
    if request.param == "in memory":
        yield FakeCommunities()
        return
    with aws():
        yield DynamoCommunities(new_table("houses"))


def test_a_community_is_kept_as_it_was_connected(communities: Communities) -> None:
    connected = communities.connect(FIRST, instead_of=None)

    assert connected
    assert communities.get(FIRST.id) == FIRST
    assert communities.get(1) is None


def test_of_two_who_connect_it_at_once_the_second_is_told(communities: Communities) -> None:
    communities.connect(FIRST, instead_of=None)

    told = [communities.connect(ANEW, instead_of=was) for was in (None, FIRST, FIRST)]

    assert told == [False, True, False]
    assert communities.get(FIRST.id) == ANEW


def test_a_region_has_its_own_communities_by_their_numbers(communities: Communities) -> None:
    for number, oktmo in [(30, "11"), (4, "11730000"), (5, "118"), (6, "60")]:
        communities.connect(new_community(number, oktmo), instead_of=None)

    found = {region: communities.of_region(region) for region in ("11", "118", "77")}

    ids = {region: [one.id for one in some] for region, some in found.items()}
    assert ids == {"11": [4, 30], "118": [5], "77": []}


def test_a_community_is_disconnected_with_a_reason_until_it_is_connected_anew(
    communities: Communities,
) -> None:
    communities.connect(FIRST, instead_of=None)

    communities.disconnect(FIRST, reason="Ключ отозван.")

    there = communities.get(FIRST.id)
    assert there
    assert (there.state, there.reason) == (CommunityState.DISCONNECTED, "Ключ отозван.")
    assert there.revision > FIRST.revision
    assert communities.connect(ANEW, instead_of=there)
    assert communities.get(FIRST.id) == ANEW


def test_a_worker_with_the_former_token_does_not_disconnect_the_next(
    communities: Communities,
) -> None:
    communities.connect(FIRST, instead_of=None)
    communities.connect(ANEW, instead_of=FIRST)

    communities.disconnect(FIRST, reason="Ключ отозван.")

    assert communities.get(FIRST.id) == ANEW


def test_a_community_that_many_workers_find_dead_is_disconnected_once(
    communities: Communities,
) -> None:
    communities.connect(FIRST, instead_of=None)
    communities.disconnect(FIRST, reason="Ключ отозван.")
    once = communities.get(FIRST.id)

    communities.disconnect(FIRST, reason="Сообщения выключены.")

    assert communities.get(FIRST.id) == once


def test_a_community_takes_no_more_houses_when_staff_say_so(communities: Communities) -> None:
    communities.connect(FIRST, instead_of=None)

    turned = [communities.turn(FIRST, CommunityState.FULL) for _ in range(2)]

    there = communities.get(FIRST.id)
    assert turned == [True, False]
    assert there == replace(FIRST, state=CommunityState.FULL, revision=FIRST.revision + 1)
