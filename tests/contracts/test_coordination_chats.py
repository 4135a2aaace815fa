"""Coordination chats are kept the same way in memory and in the table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from housechats.adapters.chats import DynamoChats
from housechats.adapters.coordination import DynamoCoordinationChats
from housechats.domain.coordination import CoordinationChat, Invited, inviting, new_chat
from housechats.ports.coordination import CoordinationChats
from support.coordination_fakes import FakeCoordinationChats

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
COMMUNITY = 7
NEW = new_chat("11701000", 1, town="г. Вымышленск", community=COMMUNITY, now=NOW)


@pytest.fixture(params=["in memory", "in the table"])
def chats(request: pytest.FixtureRequest) -> CoordinationChats:
    if request.param == "in memory":
        return FakeCoordinationChats()
    return DynamoCoordinationChats(request.getfixturevalue("table"))


def full(chat: CoordinationChat) -> CoordinationChat:
    """Return it with something in every field."""
    told = inviting(replace(chat, generation=2), {501: COMMUNITY, 502: 8}, now=NOW)
    first, second = told.errands
    return replace(
        told,
        chat_id=5,
        link="https://vk.me/join/1",
        intent_at=NOW,
        lease_until=NOW + timedelta(minutes=2),
        wake_at=NOW + timedelta(hours=1),
        reason="Подождём.",
        members=3,
        looked_at=NOW,
        invited={**told.invited, 503: Invited(NOW, 0, 8)},
        strangers={99: NOW},
        leaving=(44, 45),
        unremoved={46: NOW},
        errands=(replace(first, tries=2, at=NOW, begun_at=NOW), second),
    )


def test_a_new_chat_is_kept_once(chats: CoordinationChats) -> None:
    first = chats.add(NEW)

    again = chats.add(replace(NEW, town="другое имя"))

    assert first == again == chats.get(NEW.id) == replace(NEW, revision=1)
    assert chats.get("11701000-2") is None


def test_a_chat_is_read_as_it_was_kept(chats: CoordinationChats) -> None:
    saved = chats.save(full(chats.add(NEW)))

    assert saved is not None
    assert saved.revision == 2
    assert chats.get(NEW.id) == saved


def test_of_two_who_change_a_chat_one_is_told_that_it_changed(chats: CoordinationChats) -> None:
    read = chats.add(NEW)
    chats.save(replace(read, members=1))

    assert chats.save(replace(read, members=2)) is None
    assert chats.save(replace(NEW, oktmo="11702000")) is None


def test_a_region_has_its_chats_in_their_order(chats: CoordinationChats) -> None:
    for oktmo, number in (("11730000", 1), ("11701000", 10), ("11701000", 2), ("71701000", 1)):
        chats.add(replace(NEW, oktmo=oktmo, number=number))

    found = [chat.id for chat in chats.of_region("11")]

    assert found == ["11701000-2", "11701000-10", "11730000-1"]


def test_a_chat_belongs_to_whom_it_was_remembered_for_first(chats: CoordinationChats) -> None:
    first = chats.remember(COMMUNITY, 5, coordination_id="11701000-1")
    second = chats.remember(COMMUNITY, 5, coordination_id="11730000-1")

    assert first == second == chats.coordination_of(COMMUNITY, 5) == "11701000-1"
    assert chats.coordination_of(COMMUNITY, 6) is None


def test_a_house_s_chat_never_becomes_a_coordination_chat(
    request: pytest.FixtureRequest,
) -> None:
    table = request.getfixturevalue("table")
    DynamoChats(table).remember(COMMUNITY, 5, house_id="ABCDEF01")
    chats = DynamoCoordinationChats(table)

    assert chats.remember(COMMUNITY, 5, coordination_id="11701000-1") == ""
    assert chats.coordination_of(COMMUNITY, 5) is None
