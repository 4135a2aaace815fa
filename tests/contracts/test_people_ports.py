"""Elders are kept the same way in memory and in the table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from housechats.adapters.people import DynamoElders
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.table import Table
from housechats.domain.people import Elder
from housechats.ports.people import Elders
from support.fakes import FakeElders

ELDER = Elder("Вымыслова Марфа", "+79990000001", vk_name="marfa_v")
SOON = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture(params=["in memory", "in the table"])
def elders(request: pytest.FixtureRequest) -> Elders:
    if request.param == "in memory":
        return FakeElders()
    return DynamoElders(request.getfixturevalue("table"))


@pytest.mark.parametrize(
    "elder", [ELDER, Elder("Былов Пётр"), Elder("", vk_id=101)], ids=["by name", "no way", "by id"]
)
def test_an_elder_comes_back_with_all_contacts(elders: Elders, elder: Elder) -> None:
    elders.put("e-1", elder, until=SOON)

    assert elders.get("e-1") == elder


def test_an_elder_of_a_later_list_replaces_the_same_one(elders: Elders) -> None:
    elders.put("e-1", ELDER, until=SOON)
    renamed = Elder("Вымыслова М. И.", ELDER.phone, vk_name=ELDER.vk_name)

    elders.put("e-1", renamed, until=SOON)

    assert elders.get("e-1") == renamed


def test_an_elder_whose_time_is_over_is_gone_before_anything_deletes_them(
    elders: Elders,
) -> None:
    elders.put("e-1", ELDER, until=datetime.now(UTC) - timedelta(seconds=2))

    assert elders.get("e-1") is None


def test_many_elders_are_found_and_the_absent_left_out(elders: Elders) -> None:
    elders.put("e-1", ELDER, until=SOON)
    elders.put("e-2", ELDER, until=datetime.now(UTC) - timedelta(seconds=2))

    found = elders.get_many(["e-1", "e-2", "nobody"])

    assert found == {"e-1": ELDER}


def test_an_elder_nobody_named_is_not_there(elders: Elders) -> None:
    assert elders.get("nobody") is None


def test_the_houses_that_name_an_elder_are_gathered(elders: Elders) -> None:
    elders.put("e-1", ELDER, house_ids={"ABCDEF01"}, until=SOON)
    elders.put("e-1", ELDER, until=SOON)
    elders.name_for("e-1", {"ABCDEF02", "ABCDEF03"})
    elders.put("e-2", ELDER, house_ids={"ABCDEF04"}, until=SOON)

    assert elders.houses_of(["e-1", "nobody"]) == {"ABCDEF01", "ABCDEF02", "ABCDEF03"}
    assert elders.houses_of(["e-1", "e-2"]) == {f"ABCDEF0{n}" for n in range(1, 5)}


def test_nobody_comes_back_by_a_house_alone(elders: Elders) -> None:
    elders.name_for("e-1", {"ABCDEF01"})

    assert elders.get("e-1") is None
    assert elders.houses_of(["e-1"]) == set()


def test_an_elder_whose_page_is_found_has_its_number(elders: Elders) -> None:
    elders.put("e-1", ELDER, until=SOON)

    elders.found_page("e-1", 101, until=SOON)
    elders.found_page("nobody", 102, until=SOON)

    assert elders.get("e-1") == replace(ELDER, vk_id=101)
    assert elders.get("nobody") is None


def test_a_caller_is_known_by_the_page_that_was_found(table: Table) -> None:
    DynamoElders(table).put("e-1", ELDER, until=SOON)

    DynamoElders(table).found_page("e-1", 101, until=SOON)

    assert DynamoPosts(table).known(101).elder_ids == {"e-1"}


def test_a_caller_is_known_by_the_page_that_each_town_has_named(table: Table) -> None:
    elders, marfa = DynamoElders(table), replace(ELDER, vk_id=101)
    elders.put("e-1", marfa, until=SOON)
    elders.put("e-2", marfa, until=SOON)
    elders.put("e-3", replace(ELDER, vk_id=102), until=SOON)

    ids = DynamoPosts(table).known(101).elder_ids

    assert ids == {"e-1", "e-2"}


def test_who_had_a_screen_name_before_is_not_the_elder_that_has_it_now(table: Table) -> None:
    elders = DynamoElders(table)
    elders.put("e-1", ELDER, until=SOON)
    elders.found_page("e-1", 101, until=SOON)
    elders.put("e-1", ELDER, until=SOON)
    unknown = DynamoPosts(table).known(101).elder_ids
    elders.found_page("e-1", 102, until=SOON)

    ids = [DynamoPosts(table).known(vk_id).elder_ids for vk_id in (101, 102)]

    assert unknown == set()
    assert ids == [set(), {"e-1"}]


def test_who_was_an_elder_is_none_when_their_time_is_over(table: Table) -> None:
    past = datetime.now(UTC) - timedelta(seconds=2)
    DynamoElders(table).put("e-1", replace(ELDER, vk_id=101), until=past)

    assert DynamoPosts(table).known(101).elder_ids == set()
