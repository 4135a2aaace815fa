"""An elder raises a question, a resident proposes one: in a private dialogue, step by step."""

import pytest

from housechats.domain.questions import QuestionState, Where
from support.question_door import COMPANY, QuestionDoor


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> QuestionDoor:
    return QuestionDoor().open(monkeypatch)


def test_what_an_elder_asks_is_put_to_the_vote_in_the_chat_of_the_house(door: QuestionDoor) -> None:
    question = door.asked()

    assert question.state == QuestionState.VOTING
    assert (question.where, question.inn) == (Where.ENTRANCE, COMPANY)
    (card,) = door.messages(door.house_chat)
    assert "В подъезде третий день нет света." in card.text
    assert "УК «Двор»" in card.text
    assert "не собрание собственников" in card.text
    labels = [key["action"]["label"] for row in card.keyboard["buttons"] for key in row]
    assert labels == ["Поддерживаю 0", "Против 0"]
