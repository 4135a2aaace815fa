"""What territories set for broadcasts is kept the same way in memory and in the table."""

from dataclasses import replace
from datetime import date, time

import pytest

from housechats.adapters.broadcast_rules import DynamoRulebook
from housechats.domain.broadcast_rules import TerritoryRules
from housechats.domain.quiet_hours import QuietHours, Window
from housechats.ports.broadcast_rules import Rulebook
from support.broadcast_texts_fakes import FakeRulebook

FULL = TerritoryRules(
    oktmo="11701000",
    quiet=QuietHours(
        weekday=Window(time(21, 30), time(8)),
        weekend=Window(time(0), time(10)),
        midday=Window(time(13), time(15)),
        basis="Областной закон",
        valid_from=date(2020, 1, 1),
        checked=True,
    ),
    second_person_above=50,
    speaks_as="Администрация города",
    revision=1,
)
BARE = TerritoryRules("11", revision=1)
NIGHT_ONLY = replace(
    FULL, oktmo="118", quiet=QuietHours(Window(time(22), time(7)), Window(time(22), time(9)))
)


@pytest.fixture(params=["in memory", "in the table"])
def rulebook(request: pytest.FixtureRequest) -> Rulebook:
    if request.param == "in memory":
        return FakeRulebook()
    return DynamoRulebook(request.getfixturevalue("table"))


def test_rules_come_back_as_they_were_set_beside_those_of_their_region(rulebook: Rulebook) -> None:
    assert all(rulebook.put(one) for one in (FULL, NIGHT_ONLY, BARE))

    assert rulebook.of_region("11") == [BARE, FULL]
    assert rulebook.of_region("118") == [NIGHT_ONLY]
    assert rulebook.of_region("45") == []


def test_of_two_who_change_the_same_rules_the_second_is_told(rulebook: Rulebook) -> None:
    assert rulebook.put(FULL)
    after = replace(FULL, quiet=None, revision=2)

    assert not rulebook.put(replace(FULL, speaks_as="Кто-то ещё"))
    assert rulebook.put(after)
    assert not rulebook.put(replace(after, speaks_as="Кто-то ещё"))

    assert rulebook.of_region("11") == [after]


def test_rules_that_nobody_has_set_cannot_be_changed(rulebook: Rulebook) -> None:
    assert not rulebook.put(replace(FULL, revision=2))

    assert rulebook.of_region("11") == []
