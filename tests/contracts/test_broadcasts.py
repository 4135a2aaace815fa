"""Broadcasts are kept the same way in memory and in the table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from housechats.adapters.broadcasts import DynamoBroadcasts
from housechats.domain.broadcasts import (
    Broadcast,
    BroadcastLane,
    BroadcastState,
    Deed,
    HeldFor,
    Review,
    done,
    started,
    stopped,
)
from housechats.domain.territories import Territory
from housechats.ports.broadcasts import Broadcasts
from support.broadcast_fakes import FakeBroadcasts

NOW = datetime(2027, 1, 11, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=2)
PLANNED = Broadcast(
    id="b-1",
    deed=Deed.MESSAGE,
    lane=BroadcastLane.PLANNED,
    oktmo="11701000",
    inn="",
    created_by="vk:5",
    created_at=NOW,
    beginning="Завтра не будет воды",
    chats=300,
    chunks=3,
    people=4000,
    start_at=NOW,
    due_at=NOW,
)
EVERYTHING = replace(
    PLANNED,
    lane=BroadcastLane.EMERGENCY,
    inn="2901000017",
    of="b-0",
    personal=True,
    pin=True,
    state=BroadcastState.STOPPED,
    held_for=HeldFor.QUIET_HOURS,
    quiet_from=NOW,
    quiet_until=LATER,
    approved_by="vk:6",
    sender_reason="Прорыв плотины",
    until=LATER,
    review=Review(due_at=LATER, by="vk:7", at=NOW, note="Верно"),
    started_at=NOW,
    finished_at=LATER,
    stopped_because="Остановил дежурный",
    waits_until=LATER,
    waits_because="ВКонтакте просит подождать",
    tried_again_at=LATER,
    closed_by="c-1",
    tried_again_because="ВКонтакте ответил ошибкой",
    attachments={"7": "photo-7_1", "8": "photo-8_1"},
    sent=100,
    failed=2,
    finished={7: 1, 8: 2},
    seen=3,
    hand_overs=4,
)


@pytest.fixture(params=["in memory", "in the table"])
def broadcasts(request: pytest.FixtureRequest) -> Broadcasts:
    if request.param == "in memory":
        return FakeBroadcasts()
    return DynamoBroadcasts(request.getfixturevalue("table"))


def kept(broadcasts: Broadcasts, broadcast_id: str = "b-1") -> Broadcast:
    there = broadcasts.get(broadcast_id)
    assert there
    return there


@pytest.mark.parametrize(
    "broadcast",
    [
        PLANNED,
        EVERYTHING,
        replace(PLANNED, held_for=None, start_at=None, due_at=None),
        replace(EVERYTHING, review=Review(due_at=LATER)),
    ],
)
def test_a_broadcast_comes_back_as_it_was(broadcasts: Broadcasts, broadcast: Broadcast) -> None:
    added = broadcasts.add(broadcast)

    assert added == broadcast
    assert broadcasts.get("b-1") == broadcast
    assert broadcasts.get("b-2") is None


def test_a_broadcast_confirmed_twice_is_one(broadcasts: Broadcasts) -> None:
    broadcasts.add(PLANNED)

    added = broadcasts.add(replace(PLANNED, beginning="Другое"))

    assert added == PLANNED
    assert broadcasts.get("b-1") == PLANNED


def test_of_two_who_change_a_broadcast_at_once_the_first_one_counts(
    broadcasts: Broadcasts,
) -> None:
    broadcasts.add(PLANNED)
    running = started(PLANNED, now=NOW)

    saved = [broadcasts.save(one) for one in (running, replace(running, sender_reason="Иначе"))]

    assert saved == [True, False]
    assert kept(broadcasts) == running
    assert not broadcasts.save(replace(running, id="b-2"))


def test_a_change_leaves_the_counters_as_they_have_grown(broadcasts: Broadcasts) -> None:
    running = broadcasts.add(started(PLANNED, now=NOW))
    broadcasts.count("b-1", community=7, sent=98, failed=2, through=1)

    saved = broadcasts.save(stopped(running, because="Ошибка в тексте", now=NOW))

    there = kept(broadcasts)
    assert saved
    assert (there.state, there.stopped_because) == (BroadcastState.STOPPED, "Ошибка в тексте")
    assert (there.sent, there.failed, there.finished) == (98, 2, {7: 1})


def test_what_a_change_takes_away_is_gone(broadcasts: Broadcasts) -> None:
    broadcasts.add(EVERYTHING)
    bare = replace(
        PLANNED, revision=2, held_for=None, start_at=None, due_at=None, sent=100, failed=2
    )

    broadcasts.save(bare)

    assert kept(broadcasts) == replace(bare, finished={7: 1, 8: 2})
    assert broadcasts.due(LATER, limit=8) == []


def test_numbers_of_the_receipts_take_the_place_of_those_counted_on_the_way(
    broadcasts: Broadcasts,
) -> None:
    running = broadcasts.add(started(PLANNED, now=NOW))
    for community in (7, 8):
        broadcasts.count("b-1", community=community, sent=100, failed=0, through=1)
    over = done(replace(running, finished={8: 3}), sent=290, failed=10, now=LATER)

    counted = [broadcasts.recount(one) for one in (over, over)]

    assert counted == [True, False]
    assert kept(broadcasts) == over


def test_chunks_are_counted_whatever_the_revision(broadcasts: Broadcasts) -> None:
    running = broadcasts.add(started(PLANNED, now=NOW))

    broadcasts.count("b-1", community=7, sent=98, failed=2, through=1)
    broadcasts.count("b-1", community=7, sent=50, failed=0, not_sent=3, through=0)
    counted = broadcasts.count("b-1", community=8, sent=100, failed=0, through=1)

    assert counted == replace(running, sent=248, failed=2, not_sent=3, finished={7: 1, 8: 1})
    assert kept(broadcasts) == counted
    assert (counted.left, counted.passed) == (47, 2)


def test_nothing_is_counted_of_a_broadcast_that_is_not_there(broadcasts: Broadcasts) -> None:
    with pytest.raises(LookupError):
        broadcasts.count("b-1", community=7, sent=1, failed=0, through=0)

    assert broadcasts.get("b-1") is None


def test_broadcasts_within_a_territory_and_around_it_are_listed_the_newest_first(
    broadcasts: Broadcasts,
) -> None:
    places = ["11701000", "11", "11605000", "118", "11701000001", "12", "11701000"]
    for day, oktmo in enumerate(places):
        created_at = NOW + timedelta(days=day)
        broadcasts.add(replace(PLANNED, id=f"b-{day}", oktmo=oktmo, created_at=created_at))

    town = broadcasts.of_territory(Territory("11701000"), since=NOW)
    region = broadcasts.of_territory(Territory("11"), since=NOW)
    lately = broadcasts.of_territory(Territory("11701000"), since=NOW + timedelta(days=2))

    assert [one.id for one in town] == ["b-6", "b-4", "b-1", "b-0"]
    assert [one.id for one in region] == ["b-6", "b-4", "b-2", "b-1", "b-0"]
    assert [one.id for one in lately] == ["b-6", "b-4"]


def test_what_is_due_is_found_until_all_is_known_of_it(broadcasts: Broadcasts) -> None:
    running = broadcasts.add(replace(started(PLANNED, now=NOW), due_at=NOW))
    broadcasts.add(replace(PLANNED, id="b-2", due_at=LATER))
    broadcasts.add(replace(PLANNED, id="b-3", due_at=None))

    now, later = broadcasts.due(NOW, limit=8), broadcasts.due(LATER, limit=8)
    broadcasts.save(replace(stopped(running, because="Довольно", now=NOW), due_at=None))

    assert now == ["b-1"]
    assert sorted(later) == ["b-1", "b-2"]
    assert broadcasts.due(LATER, limit=8) == ["b-2"]


def test_a_look_is_noted_and_is_no_change(broadcasts: Broadcasts) -> None:
    running = broadcasts.add(replace(started(PLANNED, now=NOW), due_at=NOW))

    broadcasts.looked_at(running, seen=2, hand_overs=1, due_at=LATER)

    assert kept(broadcasts) == replace(running, seen=2, hand_overs=1, due_at=LATER)
    assert broadcasts.due(NOW, limit=8) == []
    assert broadcasts.save(stopped(running, because="Довольно", now=NOW))


def test_a_late_look_does_not_wake_what_was_stopped_meanwhile(broadcasts: Broadcasts) -> None:
    running = broadcasts.add(started(PLANNED, now=NOW))
    broadcasts.save(replace(stopped(running, because="Довольно", now=NOW), due_at=None))

    broadcasts.looked_at(running, seen=2, hand_overs=1, due_at=NOW)

    assert kept(broadcasts).due_at is None
    assert broadcasts.due(LATER, limit=8) == []
