"""The sandbox has any number of chats at once, and counts what reached them."""

import pytest

from local.vk.actions import ACTIONS
from local.vk.window import Asked, Window
from support.vk_town import CHAT, COMMUNITY, FRIEND, Town


@pytest.fixture
def town() -> Town:
    town = Town()
    ACTIONS["chats"](town.vk, {"number": 150})
    return town


def test_preloaded_chats_are_like_others_and_no_call_made_them(town: Town) -> None:
    newcomer = town.vk.join(town.link(CHAT + 149), FRIEND)

    listed = town.call("messages.getConversationsById", peer_ids=f"{CHAT},{CHAT + 149}")

    assert newcomer.title == "Дом 150"
    assert [item["chat_settings"]["owner_id"] for item in listed["items"]] == [-COMMUNITY] * 2
    assert town.call("messages.getHistory", peer_id=CHAT)["count"] == 1
    assert town.vk.journal.created_chats() == []


def test_further_chats_get_the_next_numbers(town: Town) -> None:
    made = ACTIONS["chats"](town.vk, {"number": 2, "community": COMMUNITY})

    assert made == {"first": 151, "last": 152}
    with pytest.raises(ValueError, match="1 or more"):
        ACTIONS["chats"](town.vk, {"number": 0})


def test_deliveries_are_counted_by_their_numbers(town: Town) -> None:
    peers = ",".join(str(CHAT + n) for n in range(100))
    for text, number in (("Вода", 7), ("Вода", 7), ("Свет", 8)):
        town.call("messages.send", peer_ids=peers, message=text, random_id=number)

    told = Window(town.vk).deliveries(Asked())

    assert (told["messages"], told["chats"], told["most_per_chat"]) == (200, 100, 2)
    assert (told["doubles"], told["same_text"]) == (0, 0)
    assert told["by_random_id"] == {7: 100, 8: 100}
    assert told["times"][7][1] < told["times"][8][0]


def test_what_came_twice_is_seen_whatever_its_number(town: Town) -> None:
    town.send(CHAT, "Вода", random_id=7)
    town.send(CHAT, "Вода", random_id=8)
    town.now += 3_600  # VK forgets numbers after an hour
    town.send(CHAT, "Вода", random_id=7)

    told = town.vk.journal.deliveries()

    assert (told["doubles"], told["same_text"], told["most_per_chat"]) == (1, 2, 3)


def test_deliveries_before_a_moment_are_left_out(town: Town) -> None:
    town.send(CHAT, "Вода", random_id=7)
    began = town.now + 0.01
    town.send(CHAT, "Свет", random_id=8)
    town.send(FRIEND, "Здравствуйте!", random_id=9)

    told = Window(town.vk).deliveries(Asked.of({"since": str(began)}))

    assert told["by_random_id"] == {8: 1}
