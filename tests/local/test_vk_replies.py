"""The sandbox takes replies as VK describes them: `forward` with one message of the same chat."""

import json

import pytest

from local.vk.window import Asked, Window
from support.vk_town import CHAT, Town


def forward(**changes: object) -> str:
    return json.dumps(
        {"peer_id": CHAT, "conversation_message_ids": [2], "is_reply": True} | changes
    )


@pytest.fixture
def town() -> Town:
    town = Town()
    town.chat()
    town.send(text="Воды не будет до 18:00")
    return town


def test_a_reply_shows_what_it_answers(town: Town) -> None:
    said = {"message": "Исправление: до 20:00", "random_id": 2, "forward": forward()}

    town.call("messages.send", peer_ids=CHAT, **said)

    newest = town.call("messages.getHistory", peer_id=CHAT)["items"][0]
    shown = Window(town.vk).conversation(Asked(peer_id=CHAT))["messages"][-1]
    assert newest["reply_message"]["text"] == "Воды не будет до 18:00"
    assert (shown["reply"]["cmid"], shown["reply"]["text"]) == (2, "Воды не будет до 18:00")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (forward(conversation_message_ids=[9]), 921),
        (forward(conversation_message_ids=[1]), 921),
        (forward(peer_id=CHAT + 1), 921),
        (forward(conversation_message_ids=[2, 3]), 100),
        (forward(is_reply=False), 100),
        (forward(cmids=[2]), 100),
        (forward(peer_id=str(CHAT)), 100),
        ("[]", 100),
        ("{", 100),
    ],
    ids=[
        "no such",
        "service",
        "another chat",
        "two",
        "no reply",
        "unknown",
        "text",
        "list",
        "junk",
    ],
)
def test_what_is_no_reply_to_one_message_fails(town: Town, wrong: str, code: int) -> None:
    said = {"message": "x", "random_id": 2, "forward": wrong}

    assert town.refusal("messages.send", peer_id=CHAT, **said) == code


def test_an_edited_reply_answers_nothing_any_more_unless_it_is_kept(town: Town) -> None:
    for number in (2, 3):
        said = {"message": "до 20:00", "random_id": number, "forward": forward()}
        town.call("messages.send", peer_ids=CHAT, **said)

    town.call("messages.edit", peer_id=CHAT, cmid=3, message="до 21:00")
    town.call("messages.edit", peer_id=CHAT, cmid=4, message="до 21:00", keep_forward_messages=1)

    newest = town.call("messages.getHistory", peer_id=CHAT)["items"]
    assert ["reply_message" in message for message in newest[:2]] == [True, False]
