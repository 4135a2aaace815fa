"""Discussions, their chats and who waits for them are kept the same way in memory and the table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from housechats.adapters.chats import DynamoChats
from housechats.adapters.discussions import (
    DynamoDiscussionChats,
    DynamoDiscussions,
    DynamoInterested,
)
from housechats.adapters.residents import DynamoResidents
from housechats.domain.discussions import Discussion, DiscussionState
from housechats.domain.errands import Errand
from housechats.domain.territories import Territory
from housechats.ports.chats import Chats
from housechats.ports.discussions import DiscussionChats, Discussions, Interested
from support.discussion_fakes import FakeDiscussionChats, FakeDiscussions, FakeInterested
from support.fakes import FakeChats

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
WHOLE = Discussion(
    id="0123456789abcdef",
    question_id="q-1",
    house_id="ABCDEF01",
    oktmo="11701000",
    community=7,
    house_chat_id=1,
    inn="2901000017",
    named_by=600,
    subject="Лифт",
    starts_at=NOW + timedelta(hours=10),
    ends_at=NOW + timedelta(hours=11),
    created_at=NOW,
    wake_at=NOW + timedelta(hours=9),
)


@pytest.fixture(params=["in memory", "in the table"])
def discussions(request: pytest.FixtureRequest) -> Discussions:
    if request.param == "in memory":
        return FakeDiscussions(lambda: NOW)
    return DynamoDiscussions(request.getfixturevalue("table"))


@pytest.fixture(params=["in memory", "in the table"])
def rooms(request: pytest.FixtureRequest) -> tuple[DiscussionChats, Chats]:
    if request.param == "in memory":
        chats = FakeChats()
        return FakeDiscussionChats(chats), chats
    table = request.getfixturevalue("table")
    return DynamoDiscussionChats(table), DynamoChats(table)


@pytest.fixture(params=["in memory", "in the table"])
def interested(request: pytest.FixtureRequest) -> Interested:
    if request.param == "in memory":
        return FakeInterested()
    return DynamoInterested(request.getfixturevalue("table"))


def test_a_discussion_comes_back_as_it_was(discussions: Discussions) -> None:
    full = replace(
        WHOLE,
        state=DiscussionState.OPEN,
        chat_id=3,
        intent_at=NOW,
        link="https://vk.me/join/3",
        came=False,
        late_told=True,
        errands=(Errand("announce/0", "announce"), Errand("b", "late", -2, "v", 3, NOW, NOW)),
    )
    discussions.add(WHOLE)

    saved = discussions.save(full)

    assert saved == replace(full, revision=2)
    assert discussions.get(WHOLE.id) == saved
    assert discussions.get("another") is None


def test_what_is_emptied_of_a_discussion_stays_empty(discussions: Discussions) -> None:
    discussions.add(WHOLE)
    with_lease = discussions.save(replace(WHOLE, lease_until=NOW, reason="Ждём."))
    assert with_lease

    discussions.save(replace(with_lease, lease_until=None, reason="", wake_at=None))

    kept = discussions.get(WHOLE.id)
    assert kept
    assert (kept.lease_until, kept.reason, kept.wake_at) == (None, "", None)
    assert discussions.due(NOW + timedelta(days=9), limit=80) == []


def test_the_first_of_two_that_are_added_stays(discussions: Discussions) -> None:
    discussions.add(WHOLE)

    there = discussions.add(replace(WHOLE, named_by=601))

    assert there.named_by == 600


def test_of_two_who_change_it_at_once_one_is_told_so(discussions: Discussions) -> None:
    discussions.add(WHOLE)

    first = discussions.save(replace(WHOLE, moves=1))
    second = discussions.save(replace(WHOLE, moves=2))

    assert first
    assert second is None
    assert discussions.get(WHOLE.id) == first


def test_a_house_an_organisation_and_a_territory_find_theirs(discussions: Discussions) -> None:
    later = replace(WHOLE, id="1" * 16, starts_at=NOW + timedelta(days=3))
    over = replace(WHOLE, id="2" * 16, state=DiscussionState.CANCELLED)
    elsewhere = replace(WHOLE, id="3" * 16, house_id="ABCDEF02", oktmo="11730000", inn="1")
    for one in (WHOLE, later, over, elsewhere):
        discussions.add(one)

    assert [one.id for one in discussions.of_house("ABCDEF01")] == [later.id, over.id, WHOLE.id]
    assert [one.id for one in discussions.of_organisation("2901000017")] == [WHOLE.id, later.id]
    here = discussions.of_territory(Territory("11701000"), since=NOW + timedelta(days=1))
    assert [one.id for one in here] == [later.id]
    everywhere = discussions.of_territory(Territory("11"), since=NOW)
    assert {one.id for one in everywhere} == {WHOLE.id, later.id, over.id, elsewhere.id}


def test_what_is_only_to_be_emptied_is_due_elsewhere(discussions: Discussions) -> None:
    soon = replace(WHOLE, wake_at=NOW)
    talks = replace(soon, id="1" * 16, state=DiscussionState.SETTLED, errands=(Errand("f", "x"),))
    cleans = replace(soon, id="2" * 16, state=DiscussionState.SETTLED)
    over = replace(soon, id="3" * 16, state=DiscussionState.EMPTIED, wake_at=None)
    for one in (soon, talks, cleans, over):
        discussions.add(one)

    assert set(discussions.due(NOW, limit=80)) == {soon.id, talks.id}
    assert discussions.to_clean(NOW, limit=80) == [cleans.id]
    assert discussions.due(NOW - timedelta(minutes=1), limit=80) == [talks.id]


def test_what_was_handed_over_is_not_due_for_a_while(discussions: Discussions) -> None:
    discussions.add(replace(WHOLE, wake_at=NOW))

    discussions.postpone(WHOLE.id, until=NOW + timedelta(minutes=3))
    discussions.postpone("gone", until=NOW)

    assert discussions.due(NOW, limit=80) == []
    assert discussions.due(NOW + timedelta(minutes=3), limit=80) == [WHOLE.id]


def test_a_chat_is_one_things_and_the_first_word_counts(
    rooms: tuple[DiscussionChats, Chats],
) -> None:
    of_discussions, of_houses = rooms
    of_houses.remember(7, 1, house_id="ABCDEF01")

    owners = [
        of_discussions.remember(7, n, discussion_id=d) for n, d in ((2, "a"), (2, "b"), (1, "a"))
    ]
    house = of_houses.remember(7, 2, house_id="ABCDEF02")

    assert owners == ["a", "a", ""]
    assert house == ""
    assert [of_discussions.discussion_of(7, n) for n in (1, 2, 3)] == [None, "a", None]
    assert [of_houses.house_of(7, n) for n in (1, 2, 3)] == ["ABCDEF01", None, None]
    assert of_houses.known(7) == {1: "ABCDEF01"}
    assert of_houses.noted(7) == {1: "ABCDEF01", 2: ""}


def test_residents_of_discussions_are_not_counted(table: object) -> None:
    from housechats.adapters.table import Table  # noqa: PLC0415

    assert isinstance(table, Table)
    DynamoChats(table).remember(7, 1, house_id="ABCDEF01")
    DynamoDiscussionChats(table).remember(7, 2, discussion_id="a")

    assert set(DynamoResidents(table).of(7)) == {1}


def test_who_wants_to_come_is_remembered_until_told(interested: Interested) -> None:
    until = datetime.now(UTC) + timedelta(days=1)
    for person in (702, 701, 702):
        interested.add("a", person, until=until)
    interested.add("a", 703, until=datetime.now(UTC) - timedelta(days=1))

    interested.remove("a", 701)
    interested.remove("a", 999)

    assert interested.of("a") == [702]
    assert interested.of("b") == []
