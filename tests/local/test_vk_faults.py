"""Trouble comes when it is asked for, as often as asked, and only where asked."""

from typing import Any

import pytest

from local.vk.faults import Fault, Kind
from support.vk_town import CHAT, FRIEND, TOKEN, Town

CREATE = ("messages.createChat", {"v": "5.199", "title": "Дом"}, TOKEN)


def test_an_error_strikes_the_next_calls_of_its_method_only() -> None:
    town = Town()
    town.vk.add_fault(Fault(Kind.ERROR, "messages.createChat", times=2, code=10))

    codes = [town.refusal("messages.createChat", title="Дом") for _ in range(2)]
    other = town.call("groups.getTokenPermissions")

    assert codes == [10, 10]
    assert other["mask"]
    assert town.chat() == CHAT


@pytest.mark.parametrize(
    ("kind", "status", "made"),
    [
        pytest.param(Kind.LOST_CALL, 0, 0, id="the call is lost"),
        pytest.param(Kind.LOST_ANSWER, 0, 1, id="the answer is lost"),
        pytest.param(Kind.BAD_GATEWAY, 502, 0, id="502 before"),
        pytest.param(Kind.BAD_GATEWAY_AFTER, 502, 1, id="502 after"),
    ],
)
def test_an_answer_does_not_come_whether_the_chat_was_made_or_not(
    kind: Kind, status: int, made: int
) -> None:
    town = Town()
    town.vk.add_fault(Fault(kind, "messages.createChat"))

    reply = town.vk.respond(*CREATE)

    assert (reply.body, reply.status) == (None, status)
    assert len(town.vk.journal.created_chats()) == made
    assert [one.answered for one in town.vk.journal.arrivals()] == [False]


@pytest.mark.parametrize(
    ("seconds", "seen"),
    [pytest.param(0.2, True, id="slow"), pytest.param(30.0, False, id="after we gave up")],
)
def test_a_late_answer_has_its_effect_at_once(seconds: float, seen: bool) -> None:
    town = Town()
    town.vk.add_fault(Fault(Kind.DELAY, "*", seconds=seconds))

    body = town.vk.answer(*CREATE)

    assert (body is not None) is seen
    assert len(town.vk.journal.created_chats()) == 1


def test_a_flood_lasts_until_its_time_and_inside_an_execute_too() -> None:
    town = Town()
    town.chat()
    town.vk.add_fault(Fault(Kind.ERROR, "messages.send", until=town.now + 60, code=9))
    code = f'return API.messages.send({{"peer_ids": {CHAT}, "message": "x", "random_id": 1}});'

    alone = town.refusal("messages.send", peer_ids=CHAT, message="x", random_id=1)
    inside = town.body("execute", code=code)
    town.now += 60
    after = town.send()

    assert alone == 9
    assert inside["execute_errors"][0]["error_code"] == 9
    assert "error" not in after[0]


def test_one_peer_can_fail_while_the_others_get_their_message() -> None:
    town = Town()
    town.chat()
    town.vk.add_fault(Fault(Kind.ERROR, "messages.send", code=9, peer_id=FRIEND))

    items = town.call("messages.send", peer_ids=f"{CHAT},{FRIEND}", message="x", random_id=1)
    again = town.call("messages.send", peer_ids=FRIEND, message="x", random_id=1)

    assert [one.get("error", {}).get("code") for one in items] == [None, 9]
    assert "error" not in again[0]


def test_trouble_of_one_community_does_not_touch_another() -> None:
    town = Town()
    town.vk.add_fault(Fault(Kind.ERROR, community=5, times=None))

    assert town.chat() == CHAT


def test_trouble_can_be_taken_away() -> None:
    town = Town()
    town.vk.add_fault(Fault(Kind.LOST_CALL, times=100))

    town.vk.clear_faults()

    assert town.chat() == CHAT


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"kind": Kind.ERROR, "times": 0}, id="for no call"),
        pytest.param({"kind": Kind.DELAY, "peer_id": 5}, id="a delay of one peer"),
    ],
)
def test_trouble_that_makes_no_sense_is_not_taken(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"times|peer"):
        Fault(**wrong)
