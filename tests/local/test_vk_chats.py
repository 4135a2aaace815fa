"""A community opens chats, renames them, gives links, pins, and sees who is in."""

import pytest

from local.vk.core import Sandbox
from local.vk.errors import PersonError
from support.vk_town import CHAT, COMMUNITY, FRIEND, STRANGER, TOKEN, Town


def test_chats_are_numbered_from_one_and_belong_to_the_community() -> None:
    town = Town()

    first, second = town.chat("Дом 1"), town.chat("Дом 2")

    assert (first, second) == (CHAT, CHAT + 1)
    listed = town.call("messages.getConversationsById", peer_ids=f"{first},{second}")
    settings = [item["chat_settings"] for item in listed["items"]]
    assert [one["title"] for one in settings] == ["Дом 1", "Дом 2"]
    assert {one["owner_id"] for one in settings} == {-COMMUNITY}
    assert [one.title for one in town.vk.journal.created_chats()] == ["Дом 1", "Дом 2"]


def test_two_communities_number_their_chats_apart() -> None:
    vk = Sandbox({1: "one", 2: "two"}, clock=lambda: 0.0)
    hello = {"v": "5.199", "peer_ids": str(CHAT), "message": "x", "random_id": "1"}

    bodies = []
    for token in ("one", "two"):
        title = {"v": "5.199", "title": token}
        bodies.append(vk.answer("messages.createChat", title, token))
        vk.answer("messages.send", hello | {"message": token}, token)

    assert [body["response"]["chat_id"] for body in bodies if body] == [1, 1]
    assert [one.title for one in vk.journal.created_chats(2)] == ["two"]
    assert [one.text for one in vk.journal.messages(CHAT, 2)] == ["two"]
    assert [one.text for one in vk.journal.messages(CHAT)] == ["one", "two"]


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("", id="missing"),
        pytest.param("   ", id="blank"),
        pytest.param("д" * 101, id="101 characters"),
        pytest.param("🏠" * 51, id="102 units of UTF-16"),
    ],
)
def test_a_title_that_vk_may_not_take_is_refused(title: str) -> None:
    town = Town()

    error = town.body("messages.createChat", title=title)["error"]

    assert error["error_code"] == 100
    assert "title" in error["error_msg"]
    assert town.vk.journal.created_chats() == []


def test_nobody_can_be_added_to_a_chat_while_it_is_made() -> None:
    town = Town()

    error = town.body("messages.createChat", title="Дом", user_ids=FRIEND)["error"]

    assert error["error_code"] == 100
    assert "user_ids" in error["error_msg"]


def test_renaming_leaves_one_service_message_and_repeating_it_none() -> None:
    town = Town()
    town.chat()

    answers = [town.call("messages.editChat", chat_id=1, title="Новое имя") for _ in range(2)]

    assert answers == [1, 1]
    actions = [one["action"] for one in town.call("messages.getHistory", peer_id=CHAT)["items"]]
    assert [one["type"] for one in actions] == ["chat_title_update", "chat_create"]


def test_a_reset_kills_the_old_link() -> None:
    town = Town()
    town.chat()
    old = town.link()

    new = town.call("messages.getInviteLink", peer_id=CHAT, reset=1)["link"]

    assert new != old == town.vk.invite_base + old.rpartition("/")[2]
    assert town.vk.join(new, FRIEND).peer_id == CHAT
    with pytest.raises(PersonError):
        town.vk.join(old, STRANGER)


def test_the_link_stays_the_same_until_it_is_reset() -> None:
    town = Town()
    town.chat()

    assert town.link() == town.link()


def test_a_pinned_message_is_shown_in_the_chat_and_pinning_again_changes_nothing() -> None:
    town = Town()
    town.chat()
    cmid = town.send()[0]["conversation_message_id"]

    first = town.call("messages.pin", peer_id=CHAT, cmid=cmid)
    second = town.call("messages.pin", peer_id=CHAT, cmid=cmid)

    assert first == second
    listed = town.call("messages.getConversationsById", peer_ids=CHAT)["items"][0]
    assert listed["chat_settings"]["pinned_message"]["text"] == "Добрый день"
    assert town.call("messages.getHistory", peer_id=CHAT)["count"] == 3


@pytest.mark.parametrize(
    ("params", "named"),
    [
        pytest.param({"message_id": 5}, "message_id", id="by message_id, which is 0 in chats"),
        pytest.param({"conversation_message_id": 2}, "conversation_message_id", id="an old name"),
        pytest.param({}, "cmid", id="nothing said"),
        pytest.param({"cmid": 0}, "cmid", id="zero, as in an item without a message"),
        pytest.param({"cmid": 99}, "cmid", id="a message that is not there"),
        pytest.param({"cmid": 1}, "cmid", id="a service message"),
    ],
)
def test_only_an_ordinary_message_named_by_its_cmid_is_pinned(
    params: dict[str, int], named: str
) -> None:
    town = Town()
    town.chat()

    error = town.body("messages.pin", peer_id=CHAT, **params)["error"]

    assert error["error_code"] == 100
    assert named in error["error_msg"]


def test_a_member_who_was_removed_is_out_and_cannot_return_by_the_link() -> None:
    town = Town()
    town.chat()
    link = town.link()
    town.vk.join(link, FRIEND)

    removed = town.call("messages.removeChatUser", chat_id=1, member_id=FRIEND)

    assert removed == 1
    assert town.refusal("messages.removeChatUser", chat_id=1, member_id=FRIEND) == 935
    with pytest.raises(PersonError):
        town.vk.join(link, FRIEND)
    assert [change.change for change in town.vk.journal.memberships] == ["joined", "removed"]


def test_members_are_listed_with_their_owner_and_by_pages() -> None:
    town = Town()
    town.chat()
    link = town.link()
    for user_id in (FRIEND, STRANGER):
        town.vk.join(link, user_id)

    everybody = town.call("messages.getConversationMembers", peer_id=CHAT)
    page = town.call("messages.getConversationMembers", peer_id=CHAT, offset=1, count=1)
    asked = town.call("messages.getConversationMembers", peer_id=CHAT, member_ids=f"{STRANGER},5")

    assert [one["member_id"] for one in everybody["items"]] == [-COMMUNITY, FRIEND, STRANGER]
    assert everybody["items"][0]["is_owner"] is True
    assert everybody["count"] == 3
    assert [one["member_id"] for one in page["items"]] == [FRIEND]
    assert [one["member_id"] for one in asked["items"]] == [STRANGER]


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        pytest.param("messages.editChat", {"chat_id": 7, "title": "Дом"}, 925, id="edit"),
        pytest.param("messages.getInviteLink", {"peer_id": CHAT + 6}, 919, id="link"),
        pytest.param("messages.pin", {"peer_id": CHAT + 6, "cmid": 1}, 927, id="pin"),
        pytest.param("messages.getHistory", {"peer_id": CHAT + 6}, 927, id="history"),
        pytest.param("messages.getConversationMembers", {"peer_id": CHAT + 6}, 917, id="members"),
        pytest.param("messages.removeChatUser", {"chat_id": 7, "member_id": 1}, 925, id="remove"),
        pytest.param(
            "messages.send",
            {"peer_id": CHAT + 6, "message": "x", "random_id": 1},
            917,
            id="send",
        ),
    ],
)
def test_a_chat_that_does_not_exist_is_refused_as_each_method_does(
    method: str, params: dict[str, object], code: int
) -> None:
    town = Town()

    assert town.refusal(method, **params) == code


def test_a_community_that_left_its_chat_cannot_write_there() -> None:
    town = Town()
    town.chat()
    town.call("messages.removeChatUser", chat_id=1, member_id=-COMMUNITY)

    item = town.send()[0]

    assert item["error"]["code"] == 917
    listed = town.call("messages.getConversationsById", peer_ids=CHAT)["items"][0]
    assert listed["chat_settings"]["state"] == "left"


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        pytest.param("messages.deleteChat", {}, 3, id="in no schema"),
        pytest.param("no.such", {}, 3, id="unknown"),
        pytest.param("messages.addChatUser", {"chat_id": 1}, 27, id="of people only"),
        pytest.param("messages.createChat", {"title": "Дом", "titel": "x"}, 100, id="a typo"),
        pytest.param("messages.editChat", {"chat_id": "one", "title": "Дом"}, 100, id="a type"),
        pytest.param("messages.editChat", {"chat_id": 10**30, "title": "Дом"}, 100, id="a limit"),
        pytest.param("messages.createChat", {"title": "Дом", "group_id": 5}, 100, id="not ours"),
        pytest.param("messages.createChat", {"title": "Дом", "v": "5.92"}, 100, id="old version"),
    ],
)
def test_whatever_vk_would_not_understand_is_refused(
    method: str, params: dict[str, object], code: int
) -> None:
    town = Town()

    assert town.refusal(method, **params) == code
    assert town.vk.journal.created_chats() == []


def test_a_wrong_token_is_an_authorization_error_without_effect() -> None:
    town = Town()

    body = town.vk.answer("messages.createChat", {"v": "5.199", "title": "Дом"}, "stolen")

    assert body
    assert body["error"]["error_code"] == 5
    assert town.vk.journal.created_chats() == []


def test_an_error_names_the_method_and_never_the_token() -> None:
    town = Town()

    body = town.body("messages.createChat", title="", access_token=TOKEN)

    params = {one["key"]: one["value"] for one in body["error"]["request_params"]}
    assert params["method"] == "messages.createChat"
    assert TOKEN not in str(body)
    assert TOKEN not in str(town.vk.journal.entries)
