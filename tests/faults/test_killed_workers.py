"""A worker may be killed at any moment: everything still happens, and happens once."""

import random
from datetime import timedelta

import pytest

from local.vk.faults import Fault, Kind
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


OF_WAITING = {
    f"{port}.{method}"
    for port in ("houses", "instructions")
    for method in ("wait", "due", "postpone")
}


def told_to_wait(monkeypatch: pytest.MonkeyPatch, wire: Wire) -> World:
    """Run a list while VK asks to wait twice, so that sweeps have work to hand over."""
    world = World(monkeypatch, wire=wire)
    for method in ("messages.createChat", "docs.save"):
        world.sandbox.add_fault(Fault(Kind.ERROR, method, code=9))
    world.put_list(LIST)
    world.run()
    return world


def calls_around_waiting() -> list[int]:
    """Return the numbers of the calls that write a waiting, and of those that end it."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        calls = told_to_wait(monkeypatch, Wire()).wire.calls
    sends = {
        number + 1
        for number, name in enumerate(calls, start=1)
        if name.endswith(".due") and number < len(calls) and calls[number].endswith(".send")
    }
    return sorted({n for n, name in enumerate(calls, start=1) if name in OF_WAITING} | sends)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", calls_around_waiting())
def test_a_worker_or_a_sweep_killed_around_a_waiting(
    monkeypatch: pytest.MonkeyPatch, number: int, moment: str
) -> None:
    world = told_to_wait(monkeypatch, Wire(**{moment: {number}}))

    assert world.wire.kills == 1
    check_all(world)
