"""A worker may be killed at any moment: everything still happens, and happens once."""

import random
from datetime import timedelta

import pytest

from support.killing import Wire
from support.small_list import LIST, check_all
from support.world import World


def count_calls() -> int:
    """Return how many calls to ports an undisturbed run makes."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        world = World(monkeypatch)
        world.put_list(LIST)
        world.run()
        return len(world.wire.calls)


CALLS = count_calls()
PAIRS = 50
SOON = 30
"""Calls within which the second worker is killed: often the one that took over."""


HELD_UP = timedelta(minutes=10)
"""A dead worker's message comes back after three minutes; a second dead one's after six."""


def disturbed(monkeypatch: pytest.MonkeyPatch, wire: Wire, *, echo: bool) -> World:
    world = World(monkeypatch, wire=wire, echo=echo)
    world.put_list(LIST)
    world.run()
    return world


def test_the_enumeration_covers_a_way_of_many_calls() -> None:
    print(f"{CALLS} calls to ports, each with a kill before and after it")  # noqa: T201

    assert CALLS > 100


@pytest.mark.parametrize("echo", [False, True], ids=["", "and delivered again at once"])
@pytest.mark.parametrize("number", range(1, CALLS + 1))
def test_a_worker_killed_before_a_call(
    monkeypatch: pytest.MonkeyPatch, number: int, *, echo: bool
) -> None:
    world = disturbed(monkeypatch, Wire(before={number}), echo=echo)

    assert world.wire.kills == 1
    assert world.took < HELD_UP
    check_all(world)


@pytest.mark.parametrize("echo", [False, True], ids=["", "and delivered again at once"])
@pytest.mark.parametrize("number", range(1, CALLS + 1))
def test_a_worker_killed_after_a_call(
    monkeypatch: pytest.MonkeyPatch, number: int, *, echo: bool
) -> None:
    world = disturbed(monkeypatch, Wire(after={number}), echo=echo)

    assert world.wire.kills == 1
    assert world.took < HELD_UP
    check_all(world)


@pytest.mark.parametrize("seed", range(PAIRS))
def test_two_workers_killed_one_after_another(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    chance = random.Random(seed)
    first = chance.randint(1, CALLS - SOON)
    second = first + chance.randint(1, SOON)
    wire = Wire(before={first}, after={second})

    world = disturbed(monkeypatch, wire, echo=chance.random() < 0.5)

    assert world.wire.kills == 2
    assert world.took < HELD_UP
    check_all(world)
