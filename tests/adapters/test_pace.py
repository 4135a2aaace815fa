"""A community's calls keep VK's pace, whoever makes them; nobody waits too long."""

import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from housechats.adapters import pace as pace_module
from housechats.adapters.pace import Clock, Pace, Probe
from housechats.adapters.table import Item, Table
from housechats.domain.errors import PausedError, UnavailableError
from housechats.ports.chats import Lane
from housechats.ports.mailings import StoppedError
from local.vk.pace import CALLS_A_SECOND, Busiest
from support.aws_mock import aws, new_table
from support.clock import VirtualClock
from support.virtual_threads import VirtualThreads

COMMUNITY = 7
SEND = ("messages.send",)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def pace(table: Table, clock: VirtualClock) -> Pace:
    return Pace(table, COMMUNITY, clock=Clock(clock.now, clock.sleep))


def arrivals(pace: Pace, clock: VirtualClock, number: int, lane: Lane = Lane.BULK) -> list[float]:
    """Take slots one after another, each call taking no time."""
    times = []
    for _ in range(number):
        pace.wait_for_slot(SEND, lane)
        times.append(clock.now())
    return times


def busiest_second(times: list[float]) -> int:
    busiest = Busiest()
    for time in sorted(times):
        busiest.add(time)
    return busiest.most


@pytest.mark.parametrize("lane", Lane)
def test_one_worker_calls_as_often_as_vk_allows(
    pace: Pace, clock: VirtualClock, lane: Lane
) -> None:
    times = arrivals(pace, clock, 60, lane)

    assert busiest_second(times) <= CALLS_A_SECOND
    assert times[-1] - times[0] <= 60 / CALLS_A_SECOND * 1.15


def test_an_idle_community_is_called_at_once(pace: Pace, clock: VirtualClock) -> None:
    arrivals(pace, clock, 3)
    clock.sleep(5)
    asked = clock.now()

    (called,) = arrivals(pace, clock, 1)

    assert called - asked < 0.06


def test_communities_do_not_wait_for_each_other(table: Table, clock: VirtualClock) -> None:
    paces = [Pace(table, number, clock=Clock(clock.now, clock.sleep)) for number in range(1, 41)]
    began = clock.now()

    for pace in paces:
        pace.wait_for_slot(SEND, Lane.BULK)

    assert clock.now() - began < 0.01


def test_a_pause_of_one_method_leaves_the_others_alone(pace: Pace, clock: VirtualClock) -> None:
    until = pace.pause("messages.createChat", seconds=300)

    with pytest.raises(PausedError) as paused:
        pace.wait_for_slot(("messages.createChat",), Lane.BULK)

    assert paused.value.until == until
    assert (until - clock.moment()).total_seconds() == pytest.approx(300, abs=0.1)
    pace.wait_for_slot(("messages.send",), Lane.BULK)


def test_a_call_of_several_methods_heeds_the_pause_of_any(pace: Pace) -> None:
    pace.pause("messages.send", seconds=300)

    with pytest.raises(PausedError):
        pace.wait_for_slot(("execute", "messages.editChat", "messages.send"), Lane.BULK)


def test_a_pause_of_the_community_is_everybodys(pace: Pace) -> None:
    pace.pause("*", seconds=300)

    with pytest.raises(PausedError):
        pace.wait_for_slot(("utils.resolveScreenName",), Lane.BULK)


def test_a_pause_ends(pace: Pace, clock: VirtualClock) -> None:
    pace.pause("*", seconds=300)
    clock.sleep(300)

    assert len(arrivals(pace, clock, 1)) == 1


def test_a_shorter_pause_does_not_end_a_longer_one(pace: Pace, clock: VirtualClock) -> None:
    longer = pace.pause("messages.send", seconds=3600)

    assert pace.pause("messages.send", seconds=300) == longer
    clock.sleep(301)
    with pytest.raises(PausedError):
        pace.wait_for_slot(SEND, Lane.BULK)


def test_after_an_error_6_nobody_calls_for_a_second(
    table: Table, pace: Pace, clock: VirtualClock
) -> None:
    arrivals(pace, clock, 2)
    other = Pace(table, COMMUNITY, clock=Clock(clock.now, clock.sleep))
    stepped_back = clock.now()

    pace.step_back()

    (called,) = arrivals(other, clock, 1)
    assert called - stepped_back >= 1


def test_an_error_6_brings_no_slot_nearer(table: Table, clock: VirtualClock) -> None:
    def worker() -> Pace:
        return Pace(table, COMMUNITY, clock=Clock(clock.now, lambda _: None))

    for _ in range(30):  # each takes its slot and does not wait for it
        worker().wait_for_slot(SEND, Lane.EMERGENCY)
    before = table.get("PACE#7", "PACE")

    worker().step_back()

    assert before is not None
    assert before["next_at"] > clock.now() * 1000 + 1000
    assert table.get("PACE#7", "PACE") == before


def test_who_finds_no_slot_for_long_gives_the_message_back(
    table: Table, pace: Pace, clock: VirtualClock
) -> None:
    an_hour_later = round((clock.now() + 3600) * 1000)
    table.update("PACE#7", "PACE", "SET #next_at = :later", later=an_hour_later)

    with pytest.raises(UnavailableError):
        pace.wait_for_slot(SEND, Lane.BULK)


# Whether a call is still wanted


def test_a_call_is_asked_whether_it_is_wanted_while_it_waits_for_its_slot(
    pace: Pace, clock: VirtualClock
) -> None:
    arrivals(pace, clock, 4)
    began = clock.now()
    asked: list[float] = []

    def go() -> None:
        asked.append(clock.now())
        clock.sleep(0.02)

    pace.wait_for_slot(SEND, Lane.BULK, go)

    assert len(asked) == 1
    assert asked[0] == began
    assert clock.now() - began == pytest.approx(0.053, abs=0.002)


def test_a_call_that_is_not_wanted_any_more_leaves_its_slot_unused(
    pace: Pace, clock: VirtualClock
) -> None:
    def go() -> None:
        raise StoppedError

    began = clock.now()

    with pytest.raises(StoppedError):
        pace.wait_for_slot(SEND, Lane.BULK, go)

    assert len(arrivals(pace, clock, 1)) == 1
    assert clock.now() - began < 0.2


def test_an_emergency_far_ahead_in_the_queue_is_asked_shortly_before_its_call(
    table: Table, pace: Pace, clock: VirtualClock
) -> None:
    arrivals(pace, clock, 1)
    table.update("PACE#7", "PACE", "SET #next_at = :later", later=round(clock.now() * 1000) + 2_500)
    asked: list[float] = []

    pace.wait_for_slot(SEND, Lane.EMERGENCY, lambda: asked.append(clock.now()))

    assert clock.now() - asked[0] == pytest.approx(0.25, abs=0.01)


def test_who_lost_the_slot_by_asking_takes_the_next_one_unasked(
    pace: Pace, clock: VirtualClock
) -> None:
    arrivals(pace, clock, 1)
    asked: list[float] = []

    def go() -> None:
        asked.append(clock.now())
        clock.sleep(0.2)

    pace.wait_for_slot(SEND, Lane.BULK, go)

    assert len(asked) == 1


def test_who_asked_long_ago_asks_again(pace: Pace, clock: VirtualClock) -> None:
    arrivals(pace, clock, 1)
    asked: list[float] = []

    def go() -> None:
        asked.append(clock.now())
        clock.sleep(0.2)
        if len(asked) == 1:  # a slot far ahead is what this one gets next
            pace.step_back()

    pace.wait_for_slot(SEND, Lane.BULK, go)

    assert len(asked) == 2
    assert clock.now() - asked[1] < 1


# An emergency and the pauses


def test_an_emergency_tries_once_a_minute_what_is_paused_for_all_others(
    table: Table, pace: Pace, clock: VirtualClock
) -> None:
    pace.pause("messages.send", seconds=3600)
    other = Pace(table, COMMUNITY, clock=Clock(clock.now, clock.sleep))

    pace.wait_for_slot(SEND, Lane.EMERGENCY)
    tried = clock.now()
    with pytest.raises(PausedError) as paused:
        other.wait_for_slot(SEND, Lane.EMERGENCY)
    clock.sleep(50)
    other.wait_for_slot(SEND, Lane.EMERGENCY)

    assert paused.value.until.timestamp() - tried == pytest.approx(50, abs=0.5)


def test_a_pause_that_ends_within_the_minute_is_waited_for_and_no_longer(
    pace: Pace,
) -> None:
    until = pace.pause("*", seconds=30)
    pace.wait_for_slot(SEND, Lane.EMERGENCY)

    with pytest.raises(PausedError) as paused:
        pace.wait_for_slot(SEND, Lane.EMERGENCY)

    assert paused.value.until == until


@pytest.mark.parametrize("lane", [Lane.BULK, Lane.INTERACTIVE])
def test_the_try_of_an_emergency_lets_nobody_else_call(pace: Pace, lane: Lane) -> None:
    until = pace.pause("messages.send", seconds=300)
    pace.wait_for_slot(SEND, Lane.EMERGENCY)

    with pytest.raises(PausedError) as paused:
        pace.wait_for_slot(SEND, lane)

    assert paused.value.until == until


def test_each_pause_is_tried_by_itself(pace: Pace) -> None:
    pace.pause("messages.send", seconds=300)
    pace.pause("messages.edit", seconds=300)

    pace.wait_for_slot(SEND, Lane.EMERGENCY)
    pace.wait_for_slot(("execute", "messages.edit"), Lane.EMERGENCY)

    with pytest.raises(PausedError):
        pace.wait_for_slot(SEND, Lane.EMERGENCY)


def probed(pace: Pace) -> Probe:
    probe = pace.wait_for_slot(SEND, Lane.EMERGENCY)
    assert probe
    return probe


def test_emergencies_go_on_at_full_speed_once_vk_has_taken_a_try(
    table: Table, pace: Pace, clock: VirtualClock
) -> None:
    pace.pause("messages.send", seconds=3600)
    other = Pace(table, COMMUNITY, clock=Clock(clock.now, clock.sleep))

    pace.lift(probed(pace))
    times = arrivals(other, clock, 20, Lane.EMERGENCY)

    assert times[-1] - times[0] <= 20 / CALLS_A_SECOND * 1.15


def test_all_others_heed_a_pause_that_was_lifted_for_emergencies(pace: Pace) -> None:
    until = pace.pause("messages.send", seconds=300)

    pace.lift(probed(pace))

    with pytest.raises(PausedError) as paused:
        pace.wait_for_slot(SEND, Lane.BULK)
    assert paused.value.until == until


@pytest.mark.parametrize("seconds", [60, 7200], ids=["shorter", "longer"])
def test_a_new_pause_keeps_emergencies_away_again(
    pace: Pace, clock: VirtualClock, seconds: float
) -> None:
    pace.pause("messages.send", seconds=3600)
    pace.lift(probed(pace))
    clock.sleep(5)

    pace.pause("messages.send", seconds=seconds)

    with pytest.raises(PausedError):
        pace.wait_for_slot(SEND, Lane.EMERGENCY)


def test_a_pause_that_came_after_the_try_is_not_lifted_by_it(
    pace: Pace, clock: VirtualClock
) -> None:
    pace.pause("messages.send", seconds=300)
    probe = probed(pace)
    clock.sleep(5)
    pace.pause("messages.send", seconds=3600)

    pace.lift(probe)

    with pytest.raises(PausedError):
        pace.wait_for_slot(SEND, Lane.EMERGENCY)


def test_a_call_of_two_paused_methods_heeds_the_one_that_was_not_lifted(pace: Pace) -> None:
    pace.pause("messages.send", seconds=3600)
    pace.lift(probed(pace))
    pace.pause("messages.edit", seconds=300)
    both = ("execute", "messages.send", "messages.edit")

    probe = pace.wait_for_slot(both, Lane.EMERGENCY)

    assert probe
    assert probe.pause == "pause_messages_edit"


def test_only_a_try_of_a_pause_is_to_be_told_of(pace: Pace) -> None:
    assert pace.wait_for_slot(SEND, Lane.EMERGENCY) is None
    pace.pause("messages.send", seconds=300)
    pace.lift(probed(pace))

    assert pace.wait_for_slot(SEND, Lane.EMERGENCY) is None


def test_an_emergency_waits_a_moment_for_what_vk_says_to_anothers_try(
    table: Table, pace: Pace, clock: VirtualClock
) -> None:
    pace.pause("messages.send", seconds=3600)
    probe = probed(pace)
    tried = clock.now()
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        clock.sleep(seconds)
        pace.lift(probe)

    other = Pace(table, COMMUNITY, clock=Clock(clock.now, sleep))
    other.wait_for_slot(SEND, Lane.EMERGENCY)

    assert waited
    assert clock.now() - tried < 1.5


class SlowTable:
    """A table whose every write takes some milliseconds, half of them before it counts."""

    def __init__(self, table: Table, sleep: Callable[[float], None], chance: random.Random) -> None:
        self._table, self._sleep, self._chance = table, sleep, chance

    def update(self, *args: str, **how: Any) -> Item:
        half = self._chance.uniform(0.002, 0.012)
        self._sleep(half)
        try:
            return self._table.update(*args, **how)
        finally:
            self._sleep(half)


class Community:
    """Workers with four threads each, at one table, in one virtual time."""

    def __init__(self, table: Table, seed: int) -> None:
        self.chance = random.Random(seed)
        self.clock = VirtualClock()
        self.threads = VirtualThreads(self.clock)
        self.slow = SlowTable(table, self.threads.sleep, self.chance)
        self.calls: dict[str, list[float]] = {}
        self.waits: dict[str, list[float]] = {}

    def worker(self, name: str, *, threads: int, lane: Lane, idle: float = 0.0) -> None:
        pace = Pace(
            self.slow,  # type: ignore[arg-type]
            COMMUNITY,
            clock=Clock(self.clock.now, self.threads.sleep),
        )
        for n in range(threads):
            self.threads.start(partial(self._work, f"{name}/{n}", pace, lane, idle))

    def _work(self, name: str, pace: Pace, lane: Lane, idle: float) -> None:
        while True:
            self.threads.sleep(idle * self.chance.uniform(0.5, 1.5))
            asked = self.clock.now()
            pace.wait_for_slot(SEND, lane)
            self.waits.setdefault(name, []).append(self.clock.now() - asked)
            self.threads.sleep(self.chance.uniform(0.0, 0.01))  # on the way to VK
            self.calls.setdefault(name, []).append(self.clock.now())
            self.threads.sleep(0.15)

    def run(self, seconds: float) -> None:
        self.threads.run(until=self.clock.now() + seconds)

    @property
    def all_calls(self) -> list[float]:
        return [time for times in self.calls.values() for time in times]


@pytest.fixture(scope="module", params=[1, 2], ids=["one day", "another day"])
def crowd(request: pytest.FixtureRequest) -> Iterator[Community]:
    """Give what came of ten seconds with five bulk workers of four threads."""
    seed: int = request.param
    random.seed(seed)  # waiters spread their tries at random
    with aws(), pytest.MonkeyPatch.context() as monkeypatch:
        community = Community(new_table("crowded"), seed)
        monkeypatch.setattr(pace_module, "Lock", community.threads.lock)
        for n in range(5):
            community.worker(f"bulk {n}", threads=4, lane=Lane.BULK)
        community.run(10)
        yield community


def test_no_second_has_more_calls_than_vk_takes(crowd: Community) -> None:
    assert busiest_second(crowd.all_calls) <= CALLS_A_SECOND


def test_the_pace_is_used_well(crowd: Community) -> None:
    assert len(crowd.all_calls) >= 10 * CALLS_A_SECOND / 1.15


def test_no_thread_starves(crowd: Community) -> None:
    fair = len(crowd.all_calls) / 20

    assert len(crowd.calls) == 20
    assert min(map(len, crowd.calls.values())) >= fair / 3


def test_an_emergency_waits_less_than_a_second_behind_a_mailing(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    random.seed(3)
    community = Community(table, seed=3)
    monkeypatch.setattr(pace_module, "Lock", community.threads.lock)
    for n in range(3):
        community.worker(f"bulk {n}", threads=4, lane=Lane.BULK)
    community.worker("emergency", threads=1, lane=Lane.EMERGENCY, idle=0.7)

    community.run(10)

    waits = community.waits["emergency/0"]
    assert len(waits) >= 8
    assert max(waits) <= 1
    assert busiest_second(community.all_calls) <= CALLS_A_SECOND
