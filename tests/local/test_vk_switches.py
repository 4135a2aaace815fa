"""In every position of every switch, a chat is opened and a resident's message gets through."""

from dataclasses import fields
from typing import Any

import pytest

from local.vk.switches import (
    Absent,
    Created,
    Failure,
    Listed,
    Repeat,
    Switches,
    UnknownName,
    every_position,
)
from support.vk_town import CHAT, FRIEND, STRANGER, Town

POSITIONS = list(every_position())


@pytest.mark.parametrize(
    "switches", [pytest.param(switches, id=name) for name, switches in POSITIONS]
)
def test_a_chat_is_opened_in_every_position(switches: Switches) -> None:
    town = Town(switches)

    peer_id = town.chat()
    town.send(peer_id)
    town.send(peer_id)
    town.vk.join(town.link(peer_id), FRIEND)

    assert [one.text for one in town.vk.journal.messages(peer_id)] == ["Добрый день"]
    listed = town.call("messages.getConversationsById", peer_ids=peer_id)["items"]
    assert [one["chat_settings"]["title"] for one in listed] == ["ул. Садовая, 5"]


def test_every_switch_is_turned_alone_and_all_at_once() -> None:
    names = [field.name for field in fields(Switches)]
    usual = Switches()

    turned = [
        [name for name in names if getattr(switches, name) != getattr(usual, name)]
        for _, switches in POSITIONS
    ]

    assert turned[0] == []
    assert turned[-1] == names
    assert all(len(one) == 1 for one in turned[1:-1])
    assert {one[0] for one in turned[1:-1]} == set(names)
    assert len({name for name, _ in POSITIONS}) == len(POSITIONS)


@pytest.mark.parametrize(
    ("repeat", "items", "alone"),
    [
        pytest.param(
            Repeat.SAME_IDS,
            [{"peer_id": FRIEND, "message_id": 1, "conversation_message_id": 1}],
            1,
            id="same ids",
        ),
        pytest.param(
            Repeat.ERROR,
            [
                {
                    "peer_id": FRIEND,
                    "message_id": 0,
                    "conversation_message_id": 0,
                    "error": {
                        "code": 100,
                        "description": "One of the parameters specified was missing or invalid: "
                        "random_id was already used",
                    },
                }
            ],
            100,
            id="an error",
        ),
        pytest.param(
            Repeat.NO_CMID,
            [{"peer_id": FRIEND, "message_id": 1, "conversation_message_id": 0}],
            0,
            id="no cmid",
        ),
        pytest.param(Repeat.NOTHING, [], 0, id="nothing"),
    ],
)
def test_a_repeat_is_answered_as_the_switch_says(
    repeat: Repeat, items: list[dict[str, Any]], alone: int
) -> None:
    town = Town(Switches(repeat=repeat))
    town.send(FRIEND)

    answer = town.send(FRIEND)
    body = town.body("messages.send", peer_id=FRIEND, message="x", random_id=1)

    assert answer == items
    single = body["error"]["error_code"] if "error" in body else body["response"]
    assert single == alone
    assert len(town.vk.journal.messages(FRIEND)) == 1


def test_create_chat_may_answer_with_a_bare_number() -> None:
    town = Town(Switches(created=Created.NUMBER))

    assert town.call("messages.createChat", title="Дом") == 1


def test_a_new_chat_may_be_unreadable_until_somebody_writes_in_it() -> None:
    town = Town(Switches(listed=Listed.AFTER_FIRST_MESSAGE))
    town.chat()

    listed = town.call("messages.getConversationsById", peer_ids=CHAT)
    history = town.refusal("messages.getHistory", peer_id=CHAT)
    members = town.refusal("messages.getConversationMembers", peer_id=CHAT)
    town.call("messages.editChat", chat_id=1, title="Дом")
    still = town.call("messages.getConversationsById", peer_ids=CHAT)
    town.send()

    assert (listed["items"], still["items"]) == ([], [])
    assert (history, members) == (917, 917)
    assert town.call("messages.getConversationsById", peer_ids=CHAT)["count"] == 1


def test_numbers_without_a_chat_are_left_out_or_fail_the_whole_call() -> None:
    patient, strict = Town(), Town(Switches(absent=Absent.ERROR))
    patient.chat()
    strict.chat()
    peers = f"{CHAT},{CHAT + 1}"

    assert patient.call("messages.getConversationsById", peer_ids=peers)["count"] == 1
    assert strict.refusal("messages.getConversationsById", peer_ids=peers) == 927


def test_the_error_of_one_peer_may_be_a_text() -> None:
    town = Town(Switches(failure=Failure.TEXT))

    items = town.send(STRANGER)

    assert items[0]["error"] == "Can't send messages for users without permission"


def test_a_name_nobody_has_may_give_an_empty_list() -> None:
    town = Town(Switches(unknown_name=UnknownName.EMPTY))

    assert town.call("utils.resolveScreenName", screen_name="nobody") == []


def test_a_tighter_title_is_refused_beyond_its_limit() -> None:
    town = Town(Switches(title_limit=64))

    assert town.refusal("messages.createChat", title="д" * 65) == 100
    assert town.chat("д" * 64) == CHAT
