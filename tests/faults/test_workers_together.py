"""Several workers at once, each held up at every call: still everything happens once."""

import random

import pytest

from local.vk.switches import Listed, Repeat, Switches
from support.killing import Wire
from support.small_list import LIST, check_all
from support.virtual_threads import ThreadedClock, VirtualThreads
from support.world import World

SEEDS = 12
WORKERS = 4


def work_together(
    monkeypatch: pytest.MonkeyPatch, chance: random.Random, wire: Wire, switches: Switches
) -> World:
    clock = ThreadedClock()
    clock.threads = VirtualThreads(clock)
    world = World(monkeypatch, switches=switches, wire=wire, shuffle=chance, echo=True, clock=clock)
    # Seconds at a call are much for a port: the workers meet in more ways than they ever will.
    wire.takes_time = lambda: clock.sleep(chance.choice([0, 0, 0.01, 0.5, 3]))
    world.put_list(LIST)
    world.run_together(clock.threads, workers=WORKERS)
    return world


@pytest.mark.parametrize("seed", range(SEEDS))
def test_workers_who_meet_over_repeated_messages(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    world = work_together(monkeypatch, random.Random(seed), Wire(), Switches())

    check_all(world)
    assert len(world.sms.sent) == 1


@pytest.mark.parametrize("seed", range(SEEDS))
def test_workers_who_meet_and_are_killed(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    chance = random.Random(1000 + seed)
    *before, after = chance.sample(range(1, 120), 3)
    switches = Switches(repeat=chance.choice(list(Repeat)), listed=chance.choice(list(Listed)))

    world = work_together(monkeypatch, chance, Wire(before=before, after=[after]), switches)

    assert world.wire.kills == 3
    check_all(world)
