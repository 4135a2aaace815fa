"""Residents join by a link, write, press buttons and leave, and the community is told."""

import json

import pytest

from local.vk.errors import PersonError
from local.vk.people import People
from local.vk.switches import Switches
from support.vk_town import CHAT, COMMUNITY, FRIEND, STRANGER, Town

VOTE = {
    "inline": True,
    "buttons": [
        [{"action": {"type": "callback", "label": "За", "payload": '{"vote": 1}'}}],
        [{"action": {"type": "text", "label": "Подробнее", "payload": '{"more": 1}'}}],
        [{"action": {"type": "open_link", "label": "Сайт", "link": "https://example.ru"}}],
    ],
}


def town_with_resident() -> Town:
    town = Town()
    town.chat()
    town.vk.join(town.link(), FRIEND)
    return town


def test_a_resident_who_joins_is_a_member_and_leaves_a_service_message() -> None:
    town = town_with_resident()

    again = town.vk.join(town.link(), FRIEND)

    assert list(again.members) == [-COMMUNITY, FRIEND]
    last = town.call("messages.getHistory", peer_id=CHAT)["items"][0]
    assert last["action"] == {"type": "chat_invite_user_by_link"}
    assert last["from_id"] == FRIEND
    joined = town.vk.events()[-1]
    assert joined["type"] == "message_new"
    assert joined["object"]["message"]["action"]["type"] == "chat_invite_user_by_link"


def test_a_resident_may_leave_and_return() -> None:
    town = town_with_resident()

    town.vk.leave(CHAT, FRIEND)
    town.vk.join(town.link(), FRIEND)

    changes = [change.change for change in town.vk.journal.memberships]
    assert changes == ["joined", "left", "joined"]


def test_only_members_write_and_the_community_sees_what_they_wrote() -> None:
    town = town_with_resident()

    town.vk.write(CHAT, FRIEND, "Когда дадут воду?")

    assert town.vk.events()[-1]["object"]["message"]["text"] == "Когда дадут воду?"
    with pytest.raises(PersonError):
        town.vk.write(CHAT, STRANGER, "И мне скажите")
    with pytest.raises(PersonError):
        town.vk.write(CHAT, FRIEND, "  ")
    with pytest.raises(PersonError):
        town.vk.write(STRANGER, FRIEND, "Привет")


def test_a_callback_button_tells_the_community_who_pressed_it() -> None:
    town = town_with_resident()
    town.call("messages.send", peer_ids=CHAT, message="?", random_id=1, keyboard=json.dumps(VOTE))

    event = town.vk.press(CHAT, 3, FRIEND, "За")

    assert event["type"] == "message_event"
    assert event["object"]["user_id"] == FRIEND
    assert event["object"]["payload"] == {"vote": 1}
    assert event["object"]["conversation_message_id"] == 3
    assert event is town.vk.events()[-1]


def test_a_text_button_writes_and_a_link_tells_the_community_nothing() -> None:
    town = town_with_resident()
    town.call("messages.send", peer_ids=CHAT, message="?", random_id=1, keyboard=json.dumps(VOTE))
    before = len(town.vk.events())

    link = town.vk.press(CHAT, 3, FRIEND, "Сайт")
    text = town.vk.press(CHAT, 3, FRIEND, "Подробнее")

    assert link["object"]["link"] == "https://example.ru"
    assert text["object"]["message"]["payload"] == '{"more": 1}'
    assert len(town.vk.events()) == before + 1


@pytest.mark.parametrize(
    ("peer_id", "cmid", "user_id", "label"),
    [
        pytest.param(CHAT, 3, STRANGER, "За", id="by a stranger"),
        pytest.param(CHAT, 3, FRIEND, "Против", id="that is not there"),
        pytest.param(CHAT, 1, FRIEND, "За", id="under another message"),
        pytest.param(STRANGER, 1, FRIEND, "За", id="in a foreign dialog"),
    ],
)
def test_a_button_cannot_be_pressed(peer_id: int, cmid: int, user_id: int, label: str) -> None:
    town = town_with_resident()
    town.call("messages.send", peer_ids=CHAT, message="?", random_id=1, keyboard=json.dumps(VOTE))

    with pytest.raises(PersonError):
        town.vk.press(peer_id, cmid, user_id, label)


def test_a_full_chat_takes_nobody_else() -> None:
    town = Town(Switches(member_limit=2))
    town.chat()
    link = town.link()
    town.vk.join(link, FRIEND)

    with pytest.raises(PersonError):
        town.vk.join(link, STRANGER)


def test_a_chat_without_a_link_cannot_be_joined_by_an_empty_one() -> None:
    town = Town()
    town.chat()

    with pytest.raises(PersonError):
        town.vk.join("https://vk.me/join/", FRIEND)


@pytest.mark.parametrize(
    ("name", "whose"),
    [
        pytest.param("marfa_v", 5, id="a screen name"),
        pytest.param("Marfa_V", 5, id="in other letters"),
        pytest.param("id777", 777, id="id and a number"),
        pytest.param("42", 42, id="a number"),
        pytest.param("0", None, id="zero"),
        pytest.param("id2000000001", None, id="a chat's peer"),
        pytest.param("٣", None, id="a digit of another script"),
        pytest.param("nobody", None, id="nobody's"),
    ],
)
def test_a_page_is_found_by_any_of_its_names(name: str, whose: int | None) -> None:
    people = People([{"id": 5, "first_name": "М", "last_name": "В", "screen_name": "marfa_v"}])

    assert people.resolve(name) == whose


def test_an_invented_person_is_always_the_same_and_allows_nothing() -> None:
    people = People()

    once, again = people.get(31), people.get(31)

    assert once == again
    assert not once.allows_messages
    assert people.search("") == []
