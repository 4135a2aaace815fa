"""Activity hears of what was asked and answered in a house chat: once, and of nobody's name."""

from datetime import timedelta

import pytest

from housechats.domain.activity import Deed, Heard
from housechats.domain.questions import QuestionState
from support.officials_door import OFFICIAL, QUESTION, OfficialsDoor
from support.question_door import RESIDENT, QuestionDoor


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> QuestionDoor:
    return QuestionDoor().open(monkeypatch)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> OfficialsDoor:
    """A house whose question waits for the official's answer."""
    door = OfficialsDoor()
    door.open(monkeypatch)
    door.raise_question()
    return door


def heard(door: QuestionDoor) -> list[Heard]:
    return [Heard.read(body) for body in door.activity.bodies]


def test_a_question_is_counted_when_it_is_put_to_the_vote(door: QuestionDoor) -> None:
    question = door.asked()

    raised = question.deeds[0].at
    assert heard(door) == [
        Heard(door.community, door.house_chat, raised, event=question.id, deed=Deed.QUESTION)
    ]


def test_a_proposal_is_not_counted_before_the_elder_raises_it(door: QuestionDoor) -> None:
    question = door.asked(by=RESIDENT)

    assert question.state == QuestionState.PROPOSED
    assert heard(door) == []


def test_an_answer_is_counted_with_the_time_it_took(asked: OfficialsDoor) -> None:
    invited = asked.question.invited_at
    asked.pass_time(timedelta(hours=1))

    asked.answer()

    (answer,) = asked.question.answers
    (one,) = heard(asked)
    assert invited
    assert (one.deed, one.event, one.at) == (Deed.ANSWER, f"{QUESTION}/1", answer.at)
    assert one.seconds == round((answer.at - invited).total_seconds())


def test_a_second_answer_to_the_same_is_counted_without_a_time(asked: OfficialsDoor) -> None:
    asked.answer()

    asked.answer("Лифт починили раньше.")

    _, second = heard(asked)
    assert (second.event, second.seconds) == (f"{QUESTION}/2", None)


def test_what_activity_is_told_names_no_person(asked: OfficialsDoor) -> None:
    asked.answer()

    assert str(OFFICIAL) not in str(asked.activity.bodies)
