"""Elders are kept the same way in memory and in the table."""

from datetime import UTC, datetime, timedelta

import pytest

from housechats.adapters.people import DynamoElders
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
