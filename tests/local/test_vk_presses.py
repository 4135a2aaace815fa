"""The community answers presses within a minute, and only to who pressed."""

import json
from typing import Any

import pytest

from local.vk.errors import PersonError
from local.vk.switches import Switches
from local.vk.window import Asked, Window
from support.vk_town import CHAT, COMMUNITY, FRIEND, STRANGER, Town

VOTE = {
    "inline": True,
    "buttons": [[{"action": {"type": "callback", "label": "За", "payload": '{"vote": 1}'}}]],
}
SHOWN = {"type": "show_snackbar", "text": "Голос учтён"}


def asked(switches: Switches | None = None) -> Town:
    """Make a town where residents are asked for their vote."""
    town = Town(switches or Switches())
    town.chat()
    town.vk.join(town.link(), FRIEND)
    town.call("messages.send", peer_ids=CHAT, message="?", random_id=1, keyboard=json.dumps(VOTE))
    return town


def pressed(town: Town) -> dict[str, object]:
    """Press, and return what names the press."""
    event = town.vk.press(CHAT, 3, FRIEND, "За")["object"]
    return {name: event[name] for name in ("event_id", "user_id", "peer_id")}


def seen(town: Town, press: dict[str, object]) -> object:
    """Return what the page shows to who pressed."""
    return Window(town.vk).answer(Asked(key=str(press["event_id"])))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(SHOWN, id="a snackbar"),
        pytest.param({"type": "open_link", "link": "https://vk.me/join/x"}, id="a link"),
        pytest.param({"type": "open_app", "app_id": 7, "hash": "x"}, id="an app"),
        pytest.param({}, id="nothing"),
    ],
)
def test_who_pressed_sees_the_answer(data: dict[str, object]) -> None:
    town = asked()
    press = pressed(town)
    before = seen(town, press)

    told = {"event_data": json.dumps(data)} if data else {}
    town.call("messages.sendMessageEventAnswer", **press, **told)

    assert before == {"answered": False, "answer": {}}
    assert seen(town, press) == {"answered": True, "answer": data}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"event_id": "0"}, id="of no press"),
        pytest.param({"user_id": STRANGER}, id="to somebody else"),
        pytest.param({"peer_id": FRIEND}, id="in another place"),
        pytest.param({"event_data": "{"}, id="that is not JSON"),
        pytest.param({"event_data": '"ok"'}, id="that is no object"),
        pytest.param({"event_data": '{"type": "dance"}'}, id="of an unknown type"),
        pytest.param({"event_data": '{"type": "show_snackbar"}'}, id="without a text"),
        pytest.param({"event_data": json.dumps(SHOWN | {"text": "д" * 91})}, id="too long"),
        pytest.param({"event_data": json.dumps(SHOWN | {"link": "x"})}, id="with too much"),
        pytest.param({"event_data": '{"type": "open_link", "link": "x"}'}, id="that leads nowhere"),
    ],
)
def test_an_answer_that_vk_would_not_show_is_refused(change: dict[str, object]) -> None:
    town = asked()
    press = pressed(town)

    code = town.refusal("messages.sendMessageEventAnswer", **(press | change))

    assert code == 100


def test_a_press_is_answered_once_and_within_a_minute() -> None:
    town = asked()
    once, late = pressed(town), pressed(town)
    town.call("messages.sendMessageEventAnswer", **once)
    town.now += 60

    codes = [town.refusal("messages.sendMessageEventAnswer", **press) for press in (once, late)]

    assert codes == [100, 100]


def test_a_made_up_client_presses_what_is_not_there() -> None:
    town = asked()

    event = town.vk.forge(CHAT, 1, FRIEND, '{"r": "questions", "c": "close"}')

    assert event["object"]["payload"] == {"r": "questions", "c": "close"}
    assert event["object"]["conversation_message_id"] == 1
    with pytest.raises(PersonError):
        town.vk.forge(CHAT, 1, STRANGER, "{}")
    with pytest.raises(ValueError, match="Expecting value"):
        town.vk.forge(CHAT, 1, FRIEND, "nonsense")


def test_a_payload_may_come_as_a_text() -> None:
    town = asked(Switches(payload_object=False))

    event = town.vk.press(CHAT, 3, FRIEND, "За")

    assert event["object"]["payload"] == '{"vote": 1}'


def test_who_joins_may_be_named_twice() -> None:
    town = asked(Switches(joiner_named=True))

    town.vk.join(town.link(), STRANGER)

    assert town.vk.events()[-1]["object"]["message"]["action"]["member_id"] == STRANGER


def test_a_resident_replies_with_photos_which_the_community_can_show_on() -> None:
    town = asked()

    message = town.vk.write(CHAT, FRIEND, "Вот", reply_to=3, photos=2)
    told = town.vk.events()[-1]["object"]["message"]
    photos = [one["photo"] for one in told["attachments"]]
    names = [f"photo{p['owner_id']}_{p['id']}_{p['access_key']}" for p in photos]
    shown_on = town.call("messages.send", peer_ids=CHAT, random_id=9, attachment=",".join(names))
    bare = town.refusal(
        "messages.send", peer_ids=CHAT, random_id=10, attachment=names[0].rpartition("_")[0]
    )
    picture = town.vk.file(f"photo{FRIEND}_{photos[0]['id']}")

    assert told["reply_message"]["conversation_message_id"] == 3
    assert told["conversation_message_id"] == message.cmid
    assert (shown_on[0]["conversation_message_id"], bare) == (message.cmid + 1, 100)
    assert picture
    assert picture.data.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("text", "how"),
    [
        pytest.param("", {}, id="nothing at all"),
        pytest.param("x", {"photos": 11}, id="too many photos"),
        pytest.param("x", {"reply_to": 99}, id="a reply to nothing"),
        pytest.param("x", {"reply_to": 1}, id="a reply to a note"),
    ],
)
def test_what_a_messenger_would_not_send_is_not_sent(text: str, how: dict[str, Any]) -> None:
    town = asked()

    with pytest.raises(PersonError):
        town.vk.write(CHAT, FRIEND, text, **how)


def test_who_may_only_read_writes_when_the_time_is_over() -> None:
    town = asked()
    muted = {"peer_id": CHAT, "member_ids": f"{FRIEND},{STRANGER}", "action": "ro", "for": 600}

    told = town.call("messages.changeConversationMemberRestrictions", **muted)
    with pytest.raises(PersonError):
        town.vk.write(CHAT, FRIEND, "Но я скажу")
    items = town.call("messages.getConversationMembers", peer_id=CHAT)["items"]
    town.now += 600
    town.vk.write(CHAT, FRIEND, "Теперь можно")

    assert told == {"failed_member_ids": [STRANGER]}
    assert [one.get("is_restricted_to_write", False) for one in items] == [False, True]


def test_who_was_silenced_for_good_is_let_again() -> None:
    town = asked()
    who = {"peer_id": CHAT, "member_ids": FRIEND}
    method = "messages.changeConversationMemberRestrictions"
    town.call(method, **who, action="ro")
    town.now += 10 * 365 * 86_400
    with pytest.raises(PersonError):
        town.vk.write(CHAT, FRIEND, "Можно?")

    town.call(method, **who, action="rw")

    assert town.vk.write(CHAT, FRIEND, "Спасибо").text == "Спасибо"


def test_an_administrator_is_one_until_they_leave_and_cannot_be_silenced() -> None:
    town = asked()
    named = {"peer_id": CHAT, "member_id": FRIEND, "role": "admin"}
    muted = {"peer_id": CHAT, "member_ids": FRIEND, "action": "ro"}

    town.call("messages.setMemberRole", **named)
    told = town.call("messages.changeConversationMemberRestrictions", **muted)
    items = town.call("messages.getConversationMembers", peer_id=CHAT)["items"]
    town.vk.leave(CHAT, FRIEND)
    town.vk.join(town.link(), FRIEND)
    later = town.call("messages.getConversationMembers", peer_id=CHAT)["items"]

    assert told == {"failed_member_ids": [FRIEND]}
    assert [one.get("is_admin", False) for one in items] == [True, True]
    assert [one.get("is_admin", False) for one in later] == [True, False]


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("messages.setMemberRole", {"member_id": STRANGER, "role": "admin"}, 935),
        ("messages.setMemberRole", {"member_id": -COMMUNITY, "role": "member"}, 100),
        ("messages.setMemberRole", {"member_id": FRIEND, "role": "owner"}, 100),
        ("messages.changeConversationMemberRestrictions", {"member_ids": 1, "action": "x"}, 100),
        (
            "messages.changeConversationMemberRestrictions",
            {"member_ids": 1, "action": "ro", "for": 0},
            100,
        ),
    ],
)
def test_order_is_kept_strictly(method: str, params: dict[str, object], code: int) -> None:
    town = asked()

    assert town.refusal(method, peer_id=CHAT, **params) == code


def test_methods_that_no_schema_has_may_be_missing() -> None:
    town = asked(Switches(undescribed_methods=False))

    codes = {
        town.refusal("messages.setMemberRole", peer_id=CHAT, member_id=FRIEND, role="admin"),
        town.refusal(
            "messages.changeConversationMemberRestrictions",
            peer_id=CHAT,
            member_ids=FRIEND,
            action="ro",
        ),
    }

    assert codes == {3}


def test_what_was_pinned_is_taken_down_once() -> None:
    town = asked()
    town.call("messages.pin", peer_id=CHAT, cmid=3)

    for _ in range(2):
        town.call("messages.unpin", peer_id=CHAT)

    notes = town.call("messages.getHistory", peer_id=CHAT)["items"]
    kinds = [note["action"]["type"] for note in notes if "action" in note]
    assert kinds.count("chat_unpin_message") == 1
    conversation = town.call("messages.getConversationsById", peer_ids=CHAT)["items"][0]
    assert "pinned_message" not in conversation["chat_settings"]
