"""Whatever the messenger tells, only what is somebody's business goes on, without its text."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from housechats.domain.callbacks import (
    Lane,
    is_signed,
    proof_of,
    proven_code,
    read,
    secret_of,
)
from housechats.domain.chat_events import ChatEvent, EventKind, Press, Room

KEY = "a key"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHAT = 2_000_000_005
WROTE_AT = int(NOW.timestamp()) - 2


def told(kind: str, thing: object, **more: object) -> dict[str, Any]:
    return {"type": kind, "event_id": "e-1", "group_id": 7, "object": thing, **more}


def message(**changes: object) -> dict[str, Any]:
    written = {
        "from_id": 501,
        "peer_id": CHAT,
        "conversation_message_id": 42,
        "date": WROTE_AT,
        "text": "Кто оставил коляску?",
        "id": 0,
    }
    return told("message_new", {"message": written | changes, "client_info": {}})


def lanes(event: dict[str, Any], retry: int = 0) -> dict[str, Any]:
    return {str(lane): body for lane, body in read(event, arrived=NOW, retry=retry)}


def only_event(event: dict[str, Any], lane: Lane = Lane.EVENTS, retry: int = 0) -> ChatEvent:
    return ChatEvent.read(lanes(event, retry)[lane])


def test_what_neighbours_say_to_each_other_is_only_counted() -> None:
    counted = {"community": 7, "chat_id": 5, "cmid": 42, "user": 501, "at": WROTE_AT * 1000}

    assert lanes(message()) == {"talk": counted}


def test_a_command_in_a_chat_is_counted_and_worked() -> None:
    asked = message(text="/вопрос когда вода?")

    event = only_event(asked)

    assert set(lanes(asked)) == {"talk", "events"}
    assert event.kind == EventKind.TEXT
    assert event.press == Press(Room.QUESTIONS, "ask")
    assert (event.chat_id, event.cmid, event.user) == (5, 42, 501)
    assert event.at == NOW - timedelta(seconds=2)


@pytest.mark.parametrize(
    ("author", "goes_on"),
    [
        pytest.param(-7, True, id="of ours"),
        pytest.param(-8, False, id="of another community"),
        pytest.param(502, False, id="of a neighbour"),
    ],
)
def test_a_reply_in_a_chat_goes_on_only_when_it_is_to_a_message_of_ours(
    author: int, *, goes_on: bool
) -> None:
    replied = message(reply_message={"from_id": author, "conversation_message_id": 40})

    assert ("events" in lanes(replied)) == goes_on


def test_a_reply_with_a_command_says_what_was_replied_to() -> None:
    reported = message(
        text="/жалоба", reply_message={"from_id": 502, "conversation_message_id": 40}
    )

    event = only_event(reported)

    assert (event.reply_cmid, event.reply_to) == (40, 502)
    assert event.press == Press(Room.MODERATION, "report")


def test_a_private_text_goes_on_and_is_not_counted() -> None:
    written = message(peer_id=501, text="Лифт стоит второй день")

    assert set(lanes(written)) == {"events"}
    assert only_event(written).chat_id == 0


@pytest.mark.parametrize(
    ("action", "member"),
    [
        pytest.param({"type": "chat_invite_user_by_link"}, 501, id="by the link, unnamed"),
        pytest.param({"type": "chat_invite_user_by_link", "member_id": 501}, 501, id="by the link"),
        pytest.param({"type": "chat_invite_user", "member_id": 502}, 502, id="invited"),
    ],
)
def test_who_comes_is_counted_and_told_of(action: dict[str, Any], member: int) -> None:
    came = message(action=action, text="")

    event = only_event(came)

    assert (event.kind, event.member) == (EventKind.JOINED, member)
    assert lanes(came)["talk"] == moved("joined")


@pytest.mark.parametrize(
    "member", [pytest.param(501, id="by themselves"), pytest.param(502, id="removed")]
)
def test_who_goes_is_only_counted(member: int) -> None:
    went = message(action={"type": "chat_kick_user", "member_id": member}, text="")

    assert lanes(went) == {"talk": moved("left")}


def moved(what: str) -> dict[str, Any]:
    at = WROTE_AT * 1000
    return {"community": 7, "chat_id": 5, "at": at, "event": "e-1", "what": what}


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(message(from_id=-7), id="our own words"),
        pytest.param(
            message(action={"type": "chat_invite_user", "member_id": -9}), id="a community came"
        ),
        pytest.param(message(action={"type": "chat_title_update"}), id="another title"),
        pytest.param(message(peer_id=777), id="a dialog of two others"),
        pytest.param(told("message_typing_state", {"from_id": 501}), id="noise"),
        pytest.param(told("wall_post_new", {"from_id": 501, "text": "x"}), id="another business"),
        pytest.param(
            told("message_event", {"user_id": 501, "peer_id": CHAT, "payload": {"button": 1}}),
            id="a button of another bot",
        ),
    ],
)
def test_what_is_nobodys_business_goes_nowhere(event: dict[str, Any]) -> None:
    assert lanes(event) == {}


@pytest.mark.parametrize("room", Room)
def test_a_press_goes_straight_to_its_room(room: Room) -> None:
    press = Press(room, "do", "thing-1", "4")
    pressed = told(
        "message_event",
        {
            "user_id": 501,
            "peer_id": CHAT,
            "event_id": "a-press",
            "payload": json.loads(press.payload),
            "conversation_message_id": 40,
        },
    )
    lane = "events" if room in {Room.BOT, Room.GUIDE} else str(room)

    event = only_event(pressed, Lane(lane))

    assert set(lanes(pressed)) == {lane}
    assert (event.press, event.press_id, event.cmid) == (press, "a-press", 40)


@pytest.mark.parametrize(
    ("kind", "meant"),
    [("message_allow", EventKind.ALLOWED), ("message_deny", EventKind.DENIED)],
)
def test_consent_and_its_end_are_told(kind: str, meant: EventKind) -> None:
    event = only_event(told(kind, {"user_id": 501, "key": "x"}))

    assert (event.kind, event.user) == (meant, 501)


@pytest.mark.parametrize(
    ("retry", "late_s"), [(0, 0), (1, 10), (2, 190), (3, 790), (4, 2590), (5, 6190), (99, 6190)]
)
def test_a_repeat_is_dated_back_to_when_it_happened(retry: int, late_s: int) -> None:
    event = only_event(told("message_allow", {"user_id": 501}), retry=retry)

    assert event.at == NOW - timedelta(seconds=late_s)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=12,
)
SECRET_TEXT = "говорят только соседям"
NUMBERS = ANYTHING | st.sampled_from([501, -7, 0, 2**63, 10**400, CHAT, True, 1.5])
MESSAGES = st.fixed_dictionaries(
    {},
    optional={
        "from_id": NUMBERS,
        "peer_id": NUMBERS,
        "conversation_message_id": NUMBERS,
        "date": NUMBERS,
        "text": st.just(SECRET_TEXT) | st.just(f"/вопрос {SECRET_TEXT}") | ANYTHING,
        "payload": ANYTHING | st.just(json.dumps({"r": "bot", "c": "help"})),
        "action": ANYTHING
        | st.fixed_dictionaries(
            {"type": st.sampled_from(["chat_invite_user", "chat_kick_user"]) | ANYTHING},
            optional={"member_id": NUMBERS, "text": st.just(SECRET_TEXT)},
        ),
        "reply_message": ANYTHING
        | st.fixed_dictionaries(
            {"from_id": NUMBERS, "conversation_message_id": NUMBERS, "text": st.just(SECRET_TEXT)}
        ),
    },
)
PRESSES = st.fixed_dictionaries(
    {},
    optional={
        "user_id": NUMBERS,
        "peer_id": NUMBERS,
        "event_id": ANYTHING,
        "conversation_message_id": NUMBERS,
        "payload": ANYTHING
        | st.fixed_dictionaries(
            {"r": st.sampled_from([*Room]), "c": st.text(), "t": st.text(), "v": st.text()}
        ),
    },
)
CALLBACKS = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["message_new", "message_event", "message_allow"]) | ANYTHING,
        "event_id": st.just("e-1") | ANYTHING,
        "group_id": st.just(7) | NUMBERS,
        "object": PRESSES | st.fixed_dictionaries({"message": MESSAGES}) | ANYTHING,
    },
)


@settings(max_examples=1500, deadline=None)
@given(event=CALLBACKS | st.dictionaries(st.text(), ANYTHING), retry=st.integers(-5, 10**6))
def test_whatever_comes_is_read_and_lets_no_text_through(event: dict[str, Any], retry: int) -> None:
    for lane, body in read(event, arrived=NOW, retry=retry):
        lying = json.dumps(body, ensure_ascii=False)

        assert SECRET_TEXT not in lying
        assert len(lying.encode()) < 2_000
        assert lane in set(Lane)
        if lane != Lane.TALK:
            assert ChatEvent.read(body).body == body


def test_only_who_knows_the_key_speaks_for_vk() -> None:
    right = secret_of(KEY, 7)

    assert len(right) <= 50
    assert is_signed(KEY, 7, {"secret": right, "group_id": 7})
    assert not is_signed(KEY, 7, {"secret": right, "group_id": 8})
    assert not is_signed(KEY, 8, {"secret": right, "group_id": 8})
    assert not is_signed(KEY, 7, {"secret": "", "group_id": 7})
    assert not is_signed(KEY, 7, {"group_id": 7})
    assert not is_signed(KEY, 7, {"secret": "\ud800", "group_id": 7})


def test_only_an_address_of_ours_confirms_itself() -> None:
    proof = proof_of(KEY, 7, "c0de")

    assert proven_code(KEY, 7, proof) == "c0de"
    assert proven_code(KEY, 8, proof) == ""
    assert proven_code("another", 7, proof) == ""
    assert proven_code(KEY, 7, "evil" + proof[4:]) == ""


@given(said=st.text())
def test_no_guess_is_taken_for_an_address_of_ours(said: str) -> None:
    assert proven_code(KEY, 7, said) == ""
