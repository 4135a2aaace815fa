"""What a community may write, to whom, and what it reads back."""

import json
from typing import Any

import pytest

from support.vk_town import CHAT, COMMUNITY, FRIEND, GONE, STRANGER, UNWELCOME, Town


def test_a_message_to_a_chat_has_no_id_and_is_named_by_its_cmid() -> None:
    town = Town()
    town.chat()
    town.send(FRIEND)

    items = town.send()

    assert items == [{"peer_id": CHAT, "message_id": 0, "conversation_message_id": 2}]
    assert [one.text for one in town.vk.journal.messages(CHAT)] == ["Добрый день"]


def test_a_message_to_one_peer_answers_with_a_bare_id() -> None:
    town = Town()
    town.chat()

    to_chat = town.call("messages.send", peer_id=CHAT, message="Всем", random_id=1)
    to_friend = town.call("messages.send", user_id=FRIEND, message="Вам", random_id=1)
    by_name = town.call("messages.send", domain="marfa_v", message="Ещё", random_id=2)

    assert (to_chat, to_friend, by_name) == (0, 1, 2)


def test_one_refusing_person_does_not_fail_the_others() -> None:
    town = Town()
    town.chat()
    peers = f"{STRANGER},{CHAT},{GONE},{UNWELCOME},{CHAT + 5},{FRIEND}"

    items = town.call("messages.send", peer_ids=peers, message="Всем", random_id=1)

    codes = {one["peer_id"]: one.get("error", {}).get("code", 0) for one in items}
    assert codes == {STRANGER: 901, CHAT: 0, GONE: 18, UNWELCOME: 900, CHAT + 5: 917, FRIEND: 0}


@pytest.mark.parametrize(
    ("params", "code", "named"),
    [
        pytest.param({"peer_id": CHAT, "message": "x"}, 100, "random_id", id="no random_id"),
        pytest.param({"random_id": 0}, 100, "random_id", id="random_id that checks nothing"),
        pytest.param({"random_id": 2**31}, 100, "random_id", id="random_id over int32"),
        pytest.param({"message": ""}, 100, "message", id="nothing to say"),
        pytest.param({"message": "а" * 4097}, 914, "", id="4097 characters"),
        pytest.param({"peer_ids": CHAT}, 100, "peer_ids", id="two ways to name a recipient"),
        pytest.param({"peer_id": ""}, 100, "recipient", id="nobody named"),
        pytest.param({"attachment": "doc1_1"}, 100, "attachment", id="a foreign document"),
        pytest.param({"payload": "x" * 1001}, 100, "payload", id="a long payload"),
        pytest.param({"sticker_id": 1}, 100, "sticker_id", id="what the sandbox does not play"),
        pytest.param({"intent": "promo_newsletter"}, 100, "intent", id="an intent"),
    ],
)
def test_a_message_that_cannot_be_sent_is_refused_and_named(
    params: dict[str, object], code: int, named: str
) -> None:
    town = Town()
    town.chat()
    usual: dict[str, object] = {"peer_id": CHAT, "message": "x", "random_id": 1}
    if named == "random_id" and "random_id" not in params:
        del usual["random_id"]

    error = town.body("messages.send", **usual | params)["error"]

    assert error["error_code"] == code
    assert named in error["error_msg"]
    assert town.vk.journal.messages(CHAT) == []


@pytest.mark.parametrize(
    "peers",
    [
        pytest.param(",".join(str(CHAT + number) for number in range(101)), id="101 peers"),
        pytest.param(f"{CHAT},{CHAT}", id="one peer twice"),
        pytest.param(f"{CHAT},", id="an empty item"),
    ],
)
def test_a_bad_list_of_recipients_is_refused_whole(peers: str) -> None:
    town = Town()
    town.chat()

    error = town.body("messages.send", peer_ids=peers, message="x", random_id=1)["error"]

    assert error["error_code"] == 100
    assert "peer_ids" in error["error_msg"]
    assert town.vk.journal.messages(CHAT) == []


def test_a_text_of_4096_characters_still_goes() -> None:
    town = Town()
    town.chat()

    assert town.send(text="а" * 4096)[0]["conversation_message_id"] == 2


def test_a_person_is_written_to_only_after_consent_or_their_own_message() -> None:
    town = Town()
    refused = town.refusal("messages.send", peer_id=STRANGER, message="x", random_id=1)

    town.vk.allow_messages(STRANGER)
    allowed = town.call("messages.send", peer_id=STRANGER, message="x", random_id=1)
    town.vk.deny_messages(STRANGER)
    denied = town.refusal("messages.send", peer_id=STRANGER, message="x", random_id=2)
    town.vk.write(-COMMUNITY, STRANGER, "Здравствуйте")
    after_writing = town.call("messages.send", peer_id=STRANGER, message="x", random_id=3)

    assert (refused, denied) == (901, 901)
    assert allowed < after_writing
    kinds = [event["type"] for event in town.vk.events()]
    assert kinds == ["message_allow", "message_deny", "message_allow", "message_new"]


def test_consent_can_be_asked_about() -> None:
    town = Town()

    answers = [
        town.call("messages.isMessagesFromGroupAllowed", group_id=COMMUNITY, user_id=user_id)
        for user_id in (FRIEND, STRANGER)
    ]

    assert answers == [{"is_allowed": 1}, {"is_allowed": 0}]


def test_history_is_newest_first_unless_asked_otherwise() -> None:
    town = Town()
    town.chat()
    for number in (1, 2, 3):
        town.send(text=f"Весть {number}", random_id=number)

    newest = town.call("messages.getHistory", peer_id=CHAT, count=2)
    oldest = town.call("messages.getHistory", peer_id=CHAT, count=2, rev=1, offset=1)

    assert newest["count"] == 4
    assert [one["text"] for one in newest["items"]] == ["Весть 3", "Весть 2"]
    assert [one["text"] for one in oldest["items"]] == ["Весть 1", "Весть 2"]
    assert [one["random_id"] for one in newest["items"]] == [3, 2]


def test_history_tells_the_community_s_own_messages_from_those_of_residents() -> None:
    town = Town()
    town.chat()
    town.vk.join(town.link(), FRIEND)
    town.vk.write(CHAT, FRIEND, "Привет, соседи")
    town.send()

    history = town.call("messages.getHistory", peer_id=CHAT, count=2)

    assert [one["out"] for one in history["items"]] == [1, 0]
    assert [one["from_id"] for one in history["items"]] == [-COMMUNITY, FRIEND]


def test_messages_are_found_by_cmid_and_the_absent_left_out() -> None:
    town = Town()
    town.chat()
    town.send()

    found = town.call(
        "messages.getByConversationMessageId", peer_id=CHAT, conversation_message_ids="2,9"
    )

    assert [one["text"] for one in found["items"]] == ["Добрый день"]


def test_an_extended_history_tells_who_wrote() -> None:
    town = Town()
    town.chat()
    town.vk.join(town.link(), FRIEND)
    town.vk.write(CHAT, FRIEND, "Привет, соседи")

    history = town.call("messages.getHistory", peer_id=CHAT, extended=1, fields="screen_name")

    assert [one["screen_name"] for one in history["profiles"]] == ["marfa_v"]
    assert [one["id"] for one in history["groups"]] == [COMMUNITY]


def test_a_conversation_with_a_person_tells_whether_one_may_write() -> None:
    town = Town()

    found = town.call("messages.getConversationsById", peer_ids=f"{FRIEND},{STRANGER}")

    assert [one["can_write"]["allowed"] for one in found["items"]] == [True, False]


BUTTON: dict[str, Any] = {"action": {"type": "callback", "label": "Да", "payload": "{}"}}


def keyboard(*rows: list[Any], **more: object) -> str:
    return json.dumps({"inline": True, "buttons": list(rows), **more})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{", id="not JSON"),
        pytest.param("[]", id="not an object"),
        pytest.param("[" * 100_000, id="a tower of brackets"),
        pytest.param(keyboard([BUTTON] * 6), id="six in a row"),
        pytest.param(keyboard(*[[BUTTON]] * 7), id="seven inline rows"),
        pytest.param(keyboard(*[[BUTTON] * 4] * 3), id="twelve inline buttons"),
        pytest.param(keyboard(*[[BUTTON]] * 11, inline=False), id="eleven rows"),
        pytest.param(keyboard(*[[BUTTON] * 5] * 9, inline=False), id="45 buttons"),
        pytest.param(keyboard([]), id="an empty row"),
        pytest.param(keyboard([BUTTON], one_time=True), id="inline for one time"),
        pytest.param(keyboard([BUTTON], colour="red"), id="an unknown key"),
        pytest.param(keyboard([BUTTON | {"color": "default"}]), id="a color of old"),
        pytest.param(
            keyboard([{"action": BUTTON["action"] | {"label": "д" * 41}}]), id="a long label"
        ),
        pytest.param(
            keyboard([{"action": BUTTON["action"] | {"payload": '"' + "x" * 254 + '"'}}]),
            id="a long payload",
        ),
        pytest.param(
            keyboard([{"action": BUTTON["action"] | {"payload": {"a": 1}}}]),
            id="a payload that is an object",
        ),
        pytest.param(
            keyboard([{"action": {"type": "open_link", "label": "Сайт"}}]), id="a link to nowhere"
        ),
        pytest.param(
            keyboard([{"action": {"type": "open_app", "label": "Дом", "app_id": 1}}, BUTTON]),
            id="an app that shares its row",
        ),
        pytest.param(keyboard([{"action": {"type": "teleport"}}]), id="an unknown type"),
    ],
)
def test_a_keyboard_out_of_limits_is_refused(text: str) -> None:
    town = Town()
    town.chat()

    code = town.refusal(
        "messages.send", peer_id=CHAT, message="Выбирайте", random_id=1, keyboard=text
    )

    assert code == 911


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(keyboard([BUTTON] * 5, [BUTTON] * 5), id="ten inline buttons"),
        pytest.param(keyboard(*[[BUTTON] * 4] * 10, inline=False), id="forty buttons"),
        pytest.param('{"buttons":[]}', id="the one that hides a keyboard"),
        pytest.param(
            keyboard(
                [{"action": {"type": "open_link", "label": "Сайт", "link": "https://example.ru"}}]
            ),
            id="a link",
        ),
    ],
)
def test_a_keyboard_within_limits_is_shown(text: str) -> None:
    town = Town()
    town.chat()

    town.call("messages.send", peer_id=CHAT, message="Выбирайте", random_id=1, keyboard=text)

    shown = town.call("messages.getHistory", peer_id=CHAT)["items"][0]["keyboard"]
    assert shown["buttons"] == json.loads(text)["buttons"]
