"""What is said only now and then has its turns the same way in memory and in the table."""

from datetime import UTC, datetime, timedelta

import pytest

from housechats.adapters.turns import DynamoTurns
from housechats.ports.turns import Turns
from support.turn_fakes import FakeTurns

NOW = datetime.now(UTC).replace(microsecond=0)
TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture(params=["in memory", "in the table"])
def turns(request: pytest.FixtureRequest) -> Turns:
    if request.param == "in memory":
        return FakeTurns()
    return DynamoTurns(request.getfixturevalue("table"))


def take(turns: Turns, by: str, *, after_s: float = 0, what: str = "greeting") -> datetime | None:
    return turns.take(what, by=by, every=TEN_MINUTES, now=NOW + timedelta(seconds=after_s))


def test_only_the_first_of_many_has_the_turn(turns: Turns) -> None:
    assert [take(turns, by) for by in ("e-1", "e-2", "e-3")] == [NOW, None, None]


def test_each_thing_has_turns_of_its_own(turns: Turns) -> None:
    assert take(turns, "e-1") == NOW
    assert take(turns, "e-2", what="help") == NOW


def test_who_was_killed_on_the_way_has_the_turn_that_it_had(turns: Turns) -> None:
    take(turns, "e-1")

    assert take(turns, "e-1", after_s=700) == NOW


def test_the_next_turn_comes_when_the_pause_is_over(turns: Turns) -> None:
    take(turns, "e-1")

    assert take(turns, "e-2", after_s=599) is None
    assert take(turns, "e-2", after_s=600) == NOW + TEN_MINUTES


def allow(turns: Turns, by: str, *, hours: int = 0, what: str = "dialogues") -> bool:
    return turns.allow(what, by=by, most=2, now=NOW + timedelta(hours=hours))


def test_only_the_first_of_an_hour_are_allowed(turns: Turns) -> None:
    assert [allow(turns, by) for by in ("e-1", "e-2", "e-3")] == [True, True, False]
    assert allow(turns, "e-3", what="others")
    assert allow(turns, "e-3", hours=1)


def test_what_comes_again_is_allowed_as_before_and_counts_once(turns: Turns) -> None:
    assert [allow(turns, by) for by in ("e-1", "e-1", "e-2", "e-3")] == [True, True, True, False]
    assert allow(turns, "e-1")
