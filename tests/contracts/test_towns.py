"""The town of a municipality is kept the same way in memory and in the table."""

import pytest

from housechats.adapters.towns import DynamoTowns
from housechats.ports.houses import Towns
from support.fakes import FakeTowns


@pytest.fixture(params=["in memory", "in the table"])
def towns(request: pytest.FixtureRequest) -> Towns:
    if request.param == "in memory":
        return FakeTowns()
    return DynamoTowns(request.getfixturevalue("table"))


def test_a_municipality_has_the_town_that_was_said_last(towns: Towns) -> None:
    towns.put("11701000", "г. Архангелск")
    towns.put("11701000", "г. Архангельск")
    towns.put("11730000", "г. Северодвинск")

    assert towns.get("11701000") == "г. Архангельск"


def test_a_municipality_of_which_nobody_has_said_it_has_none(towns: Towns) -> None:
    assert towns.get("11701000") == ""


def test_the_towns_of_many_are_told_at_once(towns: Towns) -> None:
    towns.put("11701000", "г. Архангельск")
    towns.put("11730000", "г. Северодвинск")

    assert towns.get_many(["11701000", "11730000", "11605000"]) == {
        "11701000": "г. Архангельск",
        "11730000": "г. Северодвинск",
    }
    assert towns.get_many([]) == {}
