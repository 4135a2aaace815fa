"""The bot gets along with answers of VK's that nobody has written down."""

import json
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from typing import Any

import pytest

from housechats.adapters.pace import Probe
from housechats.adapters.vk import VkApi
from housechats.adapters.vk_talks import PAGE, VkTalk
from housechats.domain.chat_events import Press, Room
from housechats.domain.errors import (
    DisconnectedError,
    OutcomeUnknownError,
    PausedError,
    RefusedError,
    UnforeseenError,
)
from housechats.ports.chats import Lane
from housechats.ports.talks import PressButton, Pressed, Saying
from local.vk.faults import Kind
from local.vk.switches import Cost, Switches
from support.clock import VirtualClock
from support.pace_fake import FakePace
from support.talk_door import COMMUNITY, TOKEN, TalkDoor
from support.vk_http import URL, Answer

ELDER, NEIGHBOUR = 101, 102
VOTE = (PressButton("За", Press(Room.QUESTIONS, "vote", "q-1", "for")),)


class Scripted:
    """Answers one call after the other as it was told."""

    def __init__(self, *answers: object) -> None:
        self._answers: Iterator[object] = iter(answers)

    def request(self, method: str, url: str, **_how: Any) -> Answer:
        assert (method, url.startswith("https://vk.test/method/")) == ("POST", True)
        return Answer(200, json.dumps(next(self._answers)).encode())


def talk_over(*answers: object) -> VkTalk:
    clock = VirtualClock()
    api = VkApi("https://vk.test", lambda: "token", FakePace(clock), Scripted(*answers))
    return VkTalk(api, COMMUNITY, clock.moment)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"failed_member_ids": [ELDER]}, id="in an object"),
        pytest.param([ELDER], id="a bare list"),
    ],
)
def test_who_could_not_be_silenced_is_told_whatever_shape_vk_gives_it(answer: object) -> None:
    talk = talk_over({"response": answer})

    with pytest.raises(RefusedError) as refused:
        talk.mute(1, ELDER, seconds=60)

    assert refused.value.code == "not_possible"


@pytest.mark.parametrize("answer", [1, [], {}, {"failed_member_ids": []}], ids=str)
def test_who_was_silenced_is_silent_whatever_vk_says(answer: object) -> None:
    talk = talk_over({"response": answer})

    talk.mute(1, ELDER, seconds=60)

    assert talk.can.mutes


@pytest.mark.parametrize("code", [3, 7, 15, 27])
def test_a_method_that_vk_does_not_give_to_communities_disconnects_nobody(code: int) -> None:
    talk = talk_over({"error": {"error_code": code, "error_msg": "no"}})

    with pytest.raises(RefusedError) as refused:
        talk.make_administrator(1, ELDER)

    assert refused.value.code == "not_possible"
    assert talk.can.names_administrators is (code in {7, 15})


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        pytest.param({"error": {"error_code": 15, "error_msg": "no"}}, "chat_rights", id="15"),
        pytest.param({"error": {"error_code": 925, "error_msg": "no"}}, "chat_rights", id="925"),
        pytest.param({"response": [{"response": 0}]}, "too_late", id="zero"),
        pytest.param({"response": []}, "too_late", id="nothing"),
    ],
)
def test_a_message_that_stays_has_a_reason(answer: object, why: str) -> None:
    there = {"response": {"count": 1, "items": [{"text": "x"}]}}
    talk = talk_over(answer, there)

    with pytest.raises(RefusedError) as refused:
        talk.delete(1, 7)

    assert refused.value.code == why


@pytest.mark.parametrize("code", [10, 15, 924])
def test_a_message_that_is_gone_is_deleted_whatever_vk_says(code: int) -> None:
    talk = talk_over(
        {"error": {"error_code": code, "error_msg": "no"}},
        {"response": {"count": 1, "items": [{"text": "", "deleted": 1}]}},
    )

    talk.delete(1, 7)

    assert talk.can.deletes_chats is False


def test_a_token_that_was_taken_back_is_told() -> None:
    talk = talk_over({"error": {"error_code": 5, "error_msg": "User authorization failed"}})

    with pytest.raises(DisconnectedError):
        talk.make_administrator(1, ELDER)


def test_an_error_that_nobody_knows_is_no_refusal() -> None:
    talk = talk_over({"error": {"error_code": 4242, "error_msg": "?"}})

    with pytest.raises(UnforeseenError):
        talk.mute(1, ELDER, seconds=60)


def test_a_repeat_without_a_number_in_history_is_known_by_its_text() -> None:
    door = TalkDoor()
    message = {
        "from_id": -COMMUNITY,
        "date": door.clock.now(),
        "text": "Вопрос закрыт.",
        "conversation_message_id": 7,
    }
    talk = talk_over({"response": []}, {"response": {"count": 1, "items": [message]}})

    cmid = talk.say(1, door.saying("Вопрос закрыт."))

    assert cmid == 7


def test_where_too_much_was_written_since_nothing_is_said_blindly() -> None:
    door = TalkDoor()
    message = {"from_id": ELDER, "date": door.clock.now(), "text": "x", "random_id": 0}
    page = {"response": {"count": 9999, "items": [message] * 200}}
    talk = talk_over(*[page] * 25)
    old = door.clock.moment() - timedelta(hours=5)

    with pytest.raises(OutcomeUnknownError):
        talk.say(1, Saying("Вопрос закрыт.", 1, old))


def test_all_pages_of_a_great_chat_are_read() -> None:
    people = range(1, 2 * PAGE + 301)
    door = TalkDoor(Switches(member_limit=5000))
    chat = door.chat(*people)

    members = door.talk.members(chat)

    assert members == [*people]
    assert door.calls("messages.getConversationMembers") == 3


@pytest.mark.parametrize("cost", Cost)
def test_two_hundred_are_removed_in_eight_calls_within_the_pace(cost: Cost) -> None:
    people = range(1, 201)
    door = TalkDoor(Switches(execute_cost=cost))
    chat = door.chat(*people)

    for first in range(0, 200, 25):
        door.talk.remove(chat, people[first : first + 25])

    assert door.members(chat) == set()
    if cost is Cost.ONE:
        assert door.calls("execute") == 8
        assert door.sandbox.journal.errors(6) == 0


@pytest.mark.parametrize("kind", [Kind.LOST_ANSWER, Kind.LOST_CALL, Kind.BAD_GATEWAY_AFTER])
def test_removing_may_be_repeated_whatever_became_of_it(kind: Kind) -> None:
    door = TalkDoor()
    chat = door.chat(ELDER, NEIGHBOUR)
    door.fault(kind, "execute")
    with pytest.raises(OutcomeUnknownError):
        door.talk.remove(chat, [ELDER, NEIGHBOUR])

    door.talk.remove(chat, [ELDER, NEIGHBOUR])

    assert door.members(chat) == set()


def test_what_may_pass_is_told_before_what_is_refused() -> None:
    door = TalkDoor()
    chat = door.chat(ELDER, NEIGHBOUR)
    door.fault(Kind.ERROR, "messages.removeChatUser", code=925)
    door.fault(Kind.ERROR, "messages.removeChatUser", code=10)

    with pytest.raises(OutcomeUnknownError):
        door.talk.remove(chat, [ELDER, NEIGHBOUR])


@pytest.mark.parametrize("code", [6, 9, 10, 15, 100, 925, 4242])
def test_no_error_about_one_press_fails_the_work_of_the_others(
    code: int, caplog: pytest.LogCaptureFixture
) -> None:
    door = TalkDoor()
    chat = door.chat(ELDER, NEIGHBOUR)
    door.talk.say(chat, door.saying("?", rows=(VOTE,)))
    presses = {who: door.press(chat, who, "За") for who in (ELDER, NEIGHBOUR)}
    door.fault(Kind.ERROR, "messages.sendMessageEventAnswer", code=code)

    door.talk.answer(Pressed(presses[who], who, chat, text="Учтено") for who in presses)

    assert door.snackbar(presses[NEIGHBOUR]) == "Учтено"
    assert "Учтено" not in caplog.text


def test_a_pause_of_the_whole_community_is_told_to_who_answers() -> None:
    door = TalkDoor()
    door.fault(Kind.ERROR, "execute", code=984)

    with pytest.raises(PausedError):
        door.talk.answer([Pressed("0", ELDER, 1, text="Учтено")])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("д" * 90, "д" * 90, id="as long as can be"),
        pytest.param("д" * 91, "д" * 89 + "…", id="one long word"),
        pytest.param("👍" * 46, "👍" * 44 + "…", id="emoji"),
        pytest.param("слово, " * 13 + "конец", "слово, " * 11 + "слово…", id="many words"),
    ],
)
def test_what_is_shown_fits(text: str, shown: str) -> None:
    door = TalkDoor()
    chat = door.chat(ELDER)
    door.talk.say(chat, door.saying("?", rows=(VOTE,)))
    press_id = door.press(chat, ELDER, "За")

    door.talk.answer([Pressed(press_id, ELDER, chat, text=text)])

    assert door.snackbar(press_id) == shown


def test_a_press_may_open_a_link_or_only_end() -> None:
    door = TalkDoor()
    chat = door.chat(ELDER, NEIGHBOUR)
    door.talk.say(chat, door.saying("?", rows=(VOTE,)))
    opens, ends = door.press(chat, ELDER, "За"), door.press(chat, NEIGHBOUR, "За")
    link = "https://vk.me/join/x"

    door.talk.answer([Pressed(opens, ELDER, chat, link=link), Pressed(ends, NEIGHBOUR, chat)])

    assert (door.snackbar(opens), door.snackbar(ends)) == (link, "")


class LanePace(FakePace):
    """Notes in which lanes calls were made."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(clock)
        self.lanes: set[Lane] = set()

    def wait_for_slot(
        self, methods: Collection[str], lane: Lane, go: Callable[[], None] | None = None
    ) -> Probe | None:
        self.lanes.add(lane)
        return super().wait_for_slot(methods, lane, go)


def test_who_empties_chats_never_stands_in_the_lane_of_people_who_wait() -> None:
    door = TalkDoor()
    chat = door.chat(ELDER, NEIGHBOUR)
    pace = LanePace(door.clock)
    api = VkApi(URL, lambda: TOKEN, pace, door.http)
    talk = VkTalk(api, COMMUNITY, door.clock.moment, lane=Lane.BULK)

    talk.revoke_link(chat)
    talk.remove(chat, talk.members(chat))
    talk.say(chat, door.saying("Чат закрыт."))

    assert door.members(chat) == set()
    assert pace.lanes == {Lane.BULK}
