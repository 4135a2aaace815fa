"""A worker killed anywhere on a question's way through officials doubles and loses nothing."""

import re
from collections import Counter
from collections.abc import Callable
from unittest.mock import patch

import pytest

from housechats.domain.questions import QuestionState
from questions import on_event
from support.killing import Wire
from support.officials_door import (
    ADMINISTRATOR,
    COLLEAGUE,
    OF_HEATING,
    OFFICIAL,
    RESIDENTS,
    STAFF,
    OfficialsDoor,
    moscow,
)
from support.question_door import ELDER, HEATING

PEOPLE = (OFFICIAL, COLLEAGUE, OF_HEATING, STAFF, ADMINISTRATOR, ELDER)
Way = Callable[[OfficialsDoor], None]


def answered_and_solved(door: OfficialsDoor) -> None:
    door.raise_question()
    door.answer()
    for resident in RESIDENTS[:3]:
        door.say(resident, "solved")
    door.settle()
    door.wait_until(moscow("2027-01-18T20:00"))
    assert door.state == QuestionState.CLOSED


def reminded_and_overdue(door: OfficialsDoor) -> None:
    door.raise_question()
    door.wait_until(moscow("2027-01-26T12:00"))
    assert (door.state, door.question.level) == (QuestionState.INVITED, 1)


def passed_on_then_objected(door: OfficialsDoor) -> None:
    door.raise_question()
    door.press(0, OFFICIAL, "Не наш вопрос")
    door.settle()
    door.press(0, OFFICIAL, "Теплосеть")
    door.settle()
    door.write(0, OFFICIAL, "Это отопление, не мы.")
    door.settle()
    assert door.question.inn == HEATING
    door.write(door.house_chat, OF_HEATING, "Починим.", reply_to=door.question.card_cmid)
    door.settle()
    door.press(door.house_chat, OF_HEATING, "Ответить официально")
    door.settle()
    door.say(ELDER, "not_solved")
    door.settle()
    door.write(0, ELDER, "В доме по-прежнему холодно.")
    door.settle()
    assert (door.state, door.question.round) == (QuestionState.INVITED, 3)


def texted(door: OfficialsDoor) -> None:
    door.silence()
    door.put_duty_phone()
    door.raise_question()
    door.settle()


def gone(way: Way, wire: Wire) -> OfficialsDoor:
    door = OfficialsDoor(wire=wire)
    doors = on_event.Doors(door.desk(), wire.watch("seen", door.seen))
    with patch.object(on_event, "wired", lambda: doors):
        way(door)
    return door


def heard(door: OfficialsDoor) -> Counter[tuple[int, str]]:
    """Return what was said, where and how often; a killed worker's answer is minutes later."""
    said = [(0, text) for text in door.texts(door.house_chat)]
    said += [(who, text) for who in PEOPLE for text in door.told_texts(who)]
    return Counter((where, re.sub(r"\d\d:\d\d", "…", text)) for where, text in said)


@pytest.mark.parametrize(
    "way", [answered_and_solved, reminded_and_overdue, passed_on_then_objected]
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_any_call_everybody_hears_the_same_once(way: Way, when: str) -> None:
    calm = Wire()
    usual, kills = heard(gone(way, calm)), 0

    for number in range(1, len(calm.calls) + 1):
        wire = Wire(**{when: {number}})
        door = gone(way, wire)

        kills += wire.kills
        assert heard(door) == usual, f"killed {when} {calm.calls[number - 1]} ({number})"
        assert not door.question.errands
        assert not door.own.dead
    # The records of one batch are worked by threads: how they meet differs from run to run.
    assert kills > 0.9 * len(calm.calls)


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_any_call_an_sms_goes_once_or_staff_are_told_that_nobody_knows(when: str) -> None:
    calm = Wire()
    gone(texted, calm)

    for number in range(1, len(calm.calls) + 1):
        door = gone(texted, Wire(**{when: {number}}))

        is_unknown = "Неизвестно, ушло ли СМС" in door.question.unreached
        told_staff = len(door.told_texts(STAFF))
        assert len(door.sms.sent) <= 1
        assert (len(door.sms.sent) == 1) or is_unknown
        assert told_staff == is_unknown
        assert not door.question.errands
