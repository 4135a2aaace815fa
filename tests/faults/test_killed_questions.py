"""Workers of questions are killed at every call to a port: all is said and counted once."""

from collections import Counter
from datetime import timedelta

import pytest

from housechats.domain.chat_events import Press, Room
from housechats.domain.people import Role
from housechats.domain.questions import QuestionState, Tally
from support.killing import Wire
from support.question_door import COMPANY, ELDER, RESIDENT, QuestionDoor

REPRESENTATIVE = 650
NEIGHBOURS = (701, 702, 703, 704)
ENOUGH_TIME = timedelta(minutes=7)
"""For a killed worker's body to come again, and for a sweep."""
TEXT = "В подъезде третий день нет света."


def live_through(door: QuestionDoor) -> QuestionDoor:
    """Have a resident propose, the elder raise, the neighbours vote until it is enough."""
    door.join(door.house_chat, *NEIGHBOURS)
    door.name(REPRESENTATIVE, Role.REPRESENTATIVE, inn=COMPANY)
    door.events()
    door.forge(door.house_chat, RESIDENT, Press(Room.QUESTIONS, "ask"))
    settle(door)
    door.write(0, RESIDENT, TEXT)
    settle(door)
    for label in ("Дальше", "Подъезд", "УК «Двор»", "Предложить"):
        door.press(0, RESIDENT, label)
        settle(door)
    door.press(0, ELDER, "Задать")
    settle(door)
    question = door.question
    first, *others = NEIGHBOURS
    door.forge(door.house_chat, first, Press(Room.QUESTIONS, "against", question.id))
    settle(door)  # a voice that comes when others were enough comes too late
    for who in others:
        door.forge(door.house_chat, who, Press(Room.QUESTIONS, "for", question.id))
    settle(door)
    return door


def settle(door: QuestionDoor) -> None:
    door.arrive()
    door.pass_time(ENOUGH_TIME)


def heard(door: QuestionDoor) -> dict[str, Counter[str]]:
    """Return what the chat and each person have heard, by their first lines."""
    people = {str(who): door.told_texts(who) for who in (ELDER, RESIDENT, REPRESENTATIVE)}
    said = people | {"chat": door.texts(door.house_chat)}
    return {who: Counter(text.partition("\n")[0] for text in texts) for who, texts in said.items()}


def new_door(monkeypatch: pytest.MonkeyPatch, **kills: list[int]) -> QuestionDoor:
    return QuestionDoor(wire=Wire(**kills), residents=30).open(monkeypatch)


def test_killed_at_any_call_everything_is_said_once_and_every_voice_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = live_through(new_door(monkeypatch))
    expected = heard(whole)
    assert whole.question.state == QuestionState.INVITED
    assert all(times == 1 for texts in expected.values() for times in texts.values())

    calls = len(whole.wire.calls)
    kills = 0
    for number in range(1, calls + 1):
        # Both in one life: before one call, and after one half a life away.
        door = new_door(monkeypatch, before=[number], after=[(number + calls // 2) % calls + 1])
        live_through(door)
        kills += door.wire.kills

        assert heard(door) == expected, (number, door.wire.calls[number - 1])
        assert door.question.state == QuestionState.INVITED
        assert door.question.tally == Tally(3, 1)
        assert not door.question.errands
        assert not door.own.dead
    assert kills >= calls
