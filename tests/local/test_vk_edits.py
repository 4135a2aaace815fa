"""The sandbox edits messages as VK does: one's own, for a while, by their number in the chat."""

import pytest

from local.vk.switches import Switches
from support.vk_town import CHAT, FRIEND, Town

TEXT = {"message": "Исправлено"}


@pytest.fixture
def town() -> Town:
    town = Town()
    town.chat()
    town.send()
    return town


def test_a_message_of_ours_gets_another_text(town: Town) -> None:
    done = town.call("messages.edit", peer_id=CHAT, cmid=2, **TEXT)

    history = town.call("messages.getHistory", peer_id=CHAT)["items"]
    assert done == 1
    assert [message["text"] for message in history] == ["Исправлено", ""]


def test_messages_of_others_and_service_messages_are_not_edited(town: Town) -> None:
    town.vk.join(town.link(), FRIEND)
    town.vk.write(CHAT, FRIEND, "Когда дадут воду?")

    codes = [town.refusal("messages.edit", peer_id=CHAT, cmid=n, **TEXT) for n in (1, 4)]

    assert codes == [920, 920]


def test_an_old_message_is_not_edited(town: Town) -> None:
    town.now += 86_400

    assert town.refusal("messages.edit", peer_id=CHAT, cmid=2, **TEXT) == 909


def test_a_window_of_no_time_lets_nothing_be_edited() -> None:
    town = Town(Switches(edit_window=0))
    town.chat()
    town.send()

    assert town.refusal("messages.edit", peer_id=CHAT, cmid=2, **TEXT) == 909


@pytest.mark.parametrize(
    "wrong", [{}, {"cmid": 9}, {"message_id": 1}, {"cmid": 2, "message_id": 1}], ids=str
)
def test_a_message_that_is_not_named_rightly_is_an_error(town: Town, wrong: dict[str, int]) -> None:
    assert town.refusal("messages.edit", peer_id=CHAT, **wrong, **TEXT) == 100


def test_a_message_cannot_be_emptied(town: Town) -> None:
    assert town.refusal("messages.edit", peer_id=CHAT, cmid=2) == 100
