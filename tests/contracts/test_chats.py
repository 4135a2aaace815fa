"""Whose a chat is, is remembered the same way in memory and in the table."""

import pytest

from housechats.adapters.chats import DynamoChats
from housechats.ports.chats import Chats
from support.fakes import FakeChats


@pytest.fixture(params=["in memory", "in the table"])
def chats(request: pytest.FixtureRequest) -> Chats:
    if request.param == "in memory":
        return FakeChats()
    return DynamoChats(request.getfixturevalue("table"))


def test_the_first_word_about_a_chat_counts(chats: Chats) -> None:
    owners = [
        chats.remember(7, 1, house_id="ABCDEF01"),
        chats.remember(7, 1, house_id="ABCDEF01"),
        chats.remember(7, 1, house_id="ABCDEF02"),
    ]

    assert owners == ["ABCDEF01"] * 3
    assert chats.house_of(7, 1) == "ABCDEF01"


def test_a_chat_that_nobody_noted_is_nobodys(chats: Chats) -> None:
    assert chats.house_of(7, 1) is None
    assert chats.known(7) == {}


def test_the_chats_of_a_community_are_known_with_their_houses(chats: Chats) -> None:
    chats.remember(7, 1, house_id="ABCDEF01")
    chats.remember(7, 112, house_id="ABCDEF02")
    chats.remember(8, 5, house_id="ABCDEF03")

    known = chats.known(7)

    assert known == {1: "ABCDEF01", 112: "ABCDEF02"}
