"""A new house gets a community of its territory, or its maker is told that there is none."""

from collections.abc import Iterator

import pytest

from housechats.adapters.communities import DynamoCommunities
from housechats.adapters.table import Table
from housechats.domain.batches import Verdict
from housechats.domain.communities import CommunityState
from support.enrolling import Office, on_street
from support.fakes import FakeCommunities, new_community
from support.staff_door import StaffDoor, staff_door

NEW = {"address": "г. Архангельск, ул. Полевая, д. 7"}


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[StaffDoor]:
    with staff_door(monkeypatch) as opened:
        yield opened


def test_houses_of_a_list_are_spread_over_the_communities_of_their_territory() -> None:
    communities = FakeCommunities(new_community(7), new_community(8), new_community(9, "11730000"))
    office = Office(communities=communities)

    office.list_of(*(on_street(number) for number in range(2, 40)))

    assert {house.community for house in office.houses.by_id.values()} == {7, 8}


def test_a_house_keeps_its_community_when_another_is_connected() -> None:
    office = Office()
    rows = [on_street(number) for number in range(2, 40)]
    office.list_of(*rows)
    office.communities.connect(new_community(8), instead_of=None)

    office.list_of(*rows, batch_id="b-2")

    assert {house.community for house in office.houses.by_id.values()} == {7}


def test_a_row_whose_municipality_has_no_community_is_rejected_with_what_to_do() -> None:
    office = Office(communities=FakeCommunities(new_community(7, "11730000")))

    (row,) = office.list_of(on_street(2))

    assert (row.verdict, row.problems[0].code) == (Verdict.REJECTED, "no_community")
    assert "Подключите сообщество" in row.problems[0].message
    assert office.houses.by_id == {}


def test_rows_that_were_checked_before_the_token_died_wait_for_the_next_one() -> None:
    dead = new_community(7, state=CommunityState.DISCONNECTED)
    office = Office(communities=FakeCommunities(dead, new_community(8, state=CommunityState.FULL)))

    (row,) = office.list_of(on_street(2))

    assert row.verdict.good
    assert {house.community for house in office.houses.by_id.values()} == {7}


def test_who_makes_a_house_where_no_community_takes_any_is_told_so(door: StaffDoor) -> None:
    communities = DynamoCommunities(Table("houses"))
    active = communities.get(7)
    assert active
    communities.turn(active, CommunityState.FULL)

    status, problem = door.ask("POST", "/houses", NEW)

    assert (status, problem["code"]) == (409, "no_community")
    assert "не подключено сообщества" in problem["title"]
    assert door.openings.take() == []
