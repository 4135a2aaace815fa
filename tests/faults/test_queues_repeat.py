"""Queues deliver everything at least once and in any order."""

import random
from datetime import timedelta

import pytest

from housechats.domain.batches import CHUNK
from support.killing import Wire
from support.small_list import LIST, check_all, check_letter
from support.world import World

SEEDS = 20


@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_message_comes_twice_and_in_any_order(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    world = World(monkeypatch, shuffle=random.Random(seed))

    world.put_list(LIST)
    world.run()

    check_all(world)
    assert len(world.sms.sent) == 1


@pytest.mark.parametrize("seed", range(SEEDS))
def test_workers_are_killed_while_messages_repeat(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(1000 + seed)
    *before, after = chance.sample(range(1, 100), 3)
    wire = Wire(before=before, after=[after])
    world = World(monkeypatch, wire=wire, shuffle=chance, echo=True)

    world.put_list(LIST)
    world.run()

    assert world.wire.kills == 3
    check_all(world)


def test_the_same_event_again_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch)
    world.put_list(LIST)
    world.run()
    calls = len(world.sandbox.journal.entries)

    world.tell_of_list()
    world.run()

    assert len(world.sandbox.journal.entries) == calls
    assert len(world.batches.by_id) == 1
    check_all(world)


def test_the_same_list_under_another_name_opens_nothing_and_instructs_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(monkeypatch)
    world.put_list(LIST)
    world.run()
    calls = len(world.sandbox.journal.entries)

    world.put_list(LIST, key="lists/11701000/дома ещё раз.csv")
    world.run()

    new = [entry.method for entry in world.sandbox.journal.entries[calls:]]
    assert new == ["users.get"]  # whose the elders' pages are
    assert sorted(batch.existing for batch in world.batches.by_id.values()) == [0, 4]
    assert len(world.sms.sent) == 1
    check_all(world)


def test_an_elder_whose_houses_lie_far_apart_in_a_list_gets_one_letter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(monkeypatch)
    page = "vk.ru/marfa_v"
    elders = {1: page, CHUNK + 1: page}
    rows = [f"г. Архангельск, ул. Речная, д. {n};{elders.get(n, '')}" for n in range(1, CHUNK + 2)]
    world.put_list("\n".join(["Адрес;ВКонтакте", *rows]))
    world.run_until(lambda: len(world.in_queue("Rows")) == 2)
    late = world.in_queue("Rows")[1]
    late.visible_at += 600

    world.run()

    assert len(world.sandbox.journal.created_chats()) == CHUNK + 1
    assert world.took > timedelta(minutes=10)
    check_letter(world, ("ул. Речная, д. 1", f"ул. Речная, д. {CHUNK + 1}"))
    assert world.dead == []
