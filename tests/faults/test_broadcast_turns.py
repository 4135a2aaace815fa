"""Mailings that share a community take turns, and an emergency waits for none of them."""

import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from housechats.adapters import pace as pace_module
from housechats.adapters.pace import Clock, Pace
from housechats.adapters.table import Table
from housechats.domain.broadcasts import IN_FLIGHT, BroadcastLane, BroadcastState
from local.vk.conversations import CHAT_PEERS
from support.aws_mock import aws, new_table
from support.broadcast_world import ROOT, BroadcastWorld, Case
from support.virtual_threads import ThreadedClock, VirtualThreads

A = 240_000_001
CHUNKS = 182
"""18,200 chats, 100 to a call: one chat stands for each hundred."""
OTHER = "c" * 16
THREADS = 50
"""Five workers with ten threads."""
MAILING = Case(chats={A: CHUNKS}, together=1, in_flight=IN_FLIGHT)


def threaded() -> ThreadedClock:
    clock = ThreadedClock()
    clock.threads = VirtualThreads(clock)
    return clock


def duration(world: BroadcastWorld, broadcast_id: str) -> timedelta:
    one = world.broadcasts.kept[broadcast_id]
    assert one.state == BroadcastState.DONE
    assert one.started_at is not None
    assert one.finished_at is not None
    return one.finished_at - one.started_at


@pytest.mark.parametrize("shuffled", [False, True], ids=["in order", "in any order"])
def test_two_equal_mailings_end_at_about_the_same_time(*, shuffled: bool) -> None:
    clock = threaded()
    world = BroadcastWorld(MAILING, clock=clock)
    world.shuffled = shuffled
    both = {A: range(1, CHUNKS + 1)}
    mailings = [world.root, world.prepared(OTHER, MAILING, both)]
    now = clock.moment()
    for one in mailings:
        running = replace(one, state=BroadcastState.RUNNING, started_at=now)
        clock.threads.start(partial(world.confirm, running))
    for _ in range(THREADS):
        clock.threads.start(world.keep_working)

    clock.threads.run(until=clock.now() + 120)

    first, second = sorted(duration(world, one.id) for one in mailings)
    assert second <= timedelta(seconds=1.1 * 2 * CHUNKS / 18.8)
    assert second <= first * 1.1
    assert world.sandbox.journal.deliveries()["doubles"] == 0


class Containers:
    """Workers with ten threads each: the threads of one share its pace."""

    def __init__(self, table: Table, clock: ThreadedClock) -> None:
        self._table, self._clock = table, clock
        self._own = threading.local()

    def pace_of(self, _: int) -> Pace:
        pace: Pace = self._own.pace
        return pace

    def start(self, world: BroadcastWorld, queue: str) -> None:
        pace = Pace(self._table, A, clock=Clock(self._clock.now, self._clock.sleep))

        def work() -> None:
            self._own.pace = pace
            world.keep_working([queue])

        for _ in range(10):
            self._clock.threads.start(work)


@pytest.fixture
def table() -> Iterator[Table]:
    with aws():
        yield new_table("turns")


def test_a_running_mailing_delays_an_emergency_by_a_second_at_most(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    random.seed(1)  # waiters for slots spread their tries at random
    clock = threaded()
    monkeypatch.setattr(pace_module, "Lock", clock.threads.lock)
    containers = Containers(table, clock)
    world = BroadcastWorld(MAILING, clock=clock, pace_of=containers.pace_of)
    urgent = Case(lane=BroadcastLane.EMERGENCY, together=1)
    emergency = world.prepared(OTHER, urgent, {A: [1, 2]})
    running = replace(world.root, state=BroadcastState.RUNNING, started_at=clock.moment())
    confirmed: list[float] = []

    def alarm() -> None:
        clock.sleep(3)
        confirmed.append(clock.now())
        world.confirm(emergency)

    clock.threads.start(partial(world.confirm, running))
    clock.threads.start(alarm)
    for _ in range(3):
        containers.start(world, "Deliveries")
    containers.start(world, "Emergencies")
    clock.threads.run(until=clock.now() + 30)

    told = [
        message.date - confirmed[0]
        for chat in (1, 2)
        for message in world.sandbox.journal.messages(CHAT_PEERS + chat)
        if message.random_id == emergency.random_id
    ]
    assert len(told) == 2
    assert min(told) <= 1
    assert max(told) <= 2
    assert duration(world, ROOT) <= timedelta(seconds=1.15 * CHUNKS / 18.8)
    assert world.sandbox.journal.errors(6) == 0
