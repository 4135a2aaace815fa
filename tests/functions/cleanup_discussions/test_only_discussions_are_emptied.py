"""Whatever a body, a record or a person says: only the chat of an ended discussion is emptied."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleanup_discussions.empty_room import Outcome, empty_room
from housechats.domain.discussion_course import CLEANED_AGAIN
from housechats.domain.discussions import GRACE, Discussion, DiscussionState
from housechats.domain.errands import Errand
from local.vk.faults import Kind
from support.clock import JANUARY
from support.discussion_door import NEIGHBOUR, OTHER, QUESTION, SPEAKER, DiscussionDoor
from support.killing import Killed, Wire

SETTLED = JANUARY - timedelta(days=3)


def settled_in(door: DiscussionDoor, chat_id: int, **changes: Any) -> Discussion:
    """Keep a discussion that is over, in a chat."""
    usual = Discussion(
        id="discussion000001",
        question_id=QUESTION,
        house_id="ABCDEF01",
        oktmo="11701000",
        community=door.community,
        house_chat_id=door.house_chat,
        inn="2901000017",
        named_by=SPEAKER,
        subject="Лифт",
        starts_at=SETTLED - timedelta(hours=2),
        ends_at=SETTLED - timedelta(hours=1),
        created_at=SETTLED - timedelta(days=1),
        state=DiscussionState.SETTLED,
        chat_id=chat_id,
        settled_at=SETTLED,
        outcome_cmid=5,
        wake_at=SETTLED + GRACE,
    )
    discussion = replace(usual, **changes)
    return door.discussions.add(discussion)


def room_of(door: DiscussionDoor, people: int = 3, discussion_id: str = "discussion000001") -> int:
    room = door.chat(*range(1001, 1001 + people), title="Обсуждение")
    door.rooms.remember(door.community, room, discussion_id=discussion_id)
    return room


def test_a_chat_is_emptied_and_its_link_leads_nowhere_any_more() -> None:
    door = DiscussionDoor()
    room = room_of(door, people=60)
    link = door.at(room).link
    settled_in(door, room)

    outcome = empty_room("discussion000001", desk=door.desk_of_cleaning)

    assert outcome == Outcome.EMPTIED
    assert door.members(room) == set()
    assert door.at(room).link != link
    with pytest.raises(Exception, match="Ссылка не работает"):
        door.sandbox.join(link, NEIGHBOUR)
    assert door.discussion.removed == 60
    assert door.discussion.emptied_at == door.clock.moment()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"state": state, "settled_at": None}, id=state)
        for state in DiscussionState
        if not state.left_to_clean and state != DiscussionState.EMPTIED
    ]
    + [
        pytest.param({"settled_at": JANUARY - GRACE + timedelta(minutes=1)}, id="in its grace"),
        pytest.param({"settled_at": None}, id="no outcome was posted"),
        pytest.param(
            {"errands": (Errand("farewell/1", "farewell", -2),)}, id="people are not told yet"
        ),
    ],
)
def test_no_chat_is_emptied_before_its_time(changes: dict[str, Any]) -> None:
    door = DiscussionDoor()
    room = room_of(door)
    settled_in(door, room, **changes)

    outcome = empty_room("discussion000001", desk=door.desk_of_cleaning)

    assert outcome == Outcome.NOT_YET
    assert len(door.members(room)) == 3


WORDS = st.text(max_size=20) | st.integers() | st.none() | st.booleans()


@given(
    body=st.dictionaries(st.sampled_from(["discussion_id", "chat_id", "happened"]), WORDS),
    chat=st.sampled_from(["house", "other house", "another's", "nobody's", "none", "big"]),
    named=st.booleans(),
    state=st.sampled_from(DiscussionState),
    house_chat=st.integers(min_value=0, max_value=9),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_said_no_house_chat_is_touched(
    body: dict[str, Any], chat: str, named: bool, state: DiscussionState, house_chat: int
) -> None:
    door = DiscussionDoor()
    other_house = door.chat(NEIGHBOUR, OTHER, title="ул. Мира, 1")
    door.chats.remember(door.community, other_house, house_id="ABCDEF02")
    anothers = room_of(door, discussion_id="discussion000002")
    nobodys = door.chat(NEIGHBOUR, title="Чужой чат")
    chats = {
        "house": door.house_chat,
        "other house": other_house,
        "another's": anothers,
        "nobody's": nobodys,
        "none": 0,
        "big": 10**9,
    }
    settled_in(door, chats[chat], state=state, house_chat_id=house_chat)
    before = {room: door.members(room) for room in (door.house_chat, other_house, nobodys)}
    links = {room: door.at(room).link for room in before}

    told = json.loads(json.dumps(body))
    wanted = "discussion000001" if named else told.get("discussion_id")
    empty_room(wanted, desk=door.desk_of_cleaning)

    assert {room: door.members(room) for room in before} == before
    assert {room: door.at(room).link for room in before} == links
    assert len(door.members(anothers)) == 3


def test_a_tampered_record_is_shown_to_staff() -> None:
    door = DiscussionDoor()
    settled_in(door, door.house_chat, house_chat_id=999)

    outcome = empty_room("discussion000001", desk=door.desk_of_cleaning)

    assert outcome == Outcome.WRONG_CHAT
    assert "его никто не тронул" in door.discussion.reason
    assert door.calls("messages.removeChatUser") == 0


def calls_of_a_run() -> int:
    wire = Wire()
    door = DiscussionDoor(reached=wire.watch)
    settled_in(door, room_of(door, people=30))
    empty_room("discussion000001", desk=door.desk_of_cleaning)
    return len(wire.calls)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, calls_of_a_run() + 1))
def test_a_cleaner_killed_at_any_call_leaves_nobody_in_the_chat(when: str, number: int) -> None:
    wire = Wire(**{when: [number]})
    door = DiscussionDoor(reached=wire.watch)
    room = room_of(door, people=30)
    settled_in(door, room)

    with pytest.raises(Killed):
        empty_room("discussion000001", desk=door.desk_of_cleaning)
    door.pass_time(timedelta(minutes=20))

    assert door.members(room) == set()
    assert door.discussion.state == DiscussionState.EMPTIED
    assert len(door.members(door.house_chat)) == 4


def test_what_vk_refuses_is_tried_again_with_growing_pauses_and_shown() -> None:
    door = DiscussionDoor()
    room = room_of(door)
    settled_in(door, room)
    door.fault(Kind.ERROR, "messages.removeChatUser", code=925, times=12)

    seen = []
    for pause in CLEANED_AGAIN:
        empty_room("discussion000001", desk=door.desk_of_cleaning)
        seen.append((door.discussion.reason, door.discussion.wake_at == _after(door, pause)))
        door.wait(pause)
    empty_room("discussion000001", desk=door.desk_of_cleaning)

    assert seen == [("Сообщество не администратор этого чата.", True)] * 4
    assert door.discussion.state == DiscussionState.EMPTIED
    assert door.discussion.reason == ""
    assert door.members(room) == set()


def _after(door: DiscussionDoor, pause: timedelta) -> Any:
    return door.clock.moment() + pause


def test_a_pause_of_vk_is_kept_and_no_schedule_is_needed() -> None:
    door = DiscussionDoor()
    room = room_of(door)
    settled_in(door, room)
    door.fault(Kind.ERROR, "messages.getInviteLink", code=9)

    door.sweep()
    paused = door.discussion
    door.pass_time(timedelta(minutes=20))

    assert paused.state == DiscussionState.EMPTYING
    assert "подождать" in paused.reason
    assert door.discussion.state == DiscussionState.EMPTIED


def test_two_cleaners_do_not_meet_in_one_chat() -> None:
    door = DiscussionDoor()
    room = room_of(door)
    settled_in(door, room)
    lease = JANUARY + timedelta(seconds=60)
    emptying = replace(door.discussion, state=DiscussionState.EMPTYING, lease_until=lease)
    door.discussions.save(emptying)

    outcome = empty_room("discussion000001", desk=door.desk_of_cleaning)

    assert outcome == Outcome.ANOTHERS
    assert len(door.members(room)) == 3


def test_the_messenger_says_that_it_deletes_no_chats() -> None:
    assert DiscussionDoor().talk.can.deletes_chats is False
