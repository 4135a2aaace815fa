"""The chat hears what came of a question, and that it is open again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from housechats.domain import question_acts
from housechats.domain.chat_events import Press, Room
from housechats.domain.official_acts import answered, solved
from housechats.domain.questions import VOICES_KEPT, OfficialAnswer, Question, QuestionState
from questions.hand_over_due import hand_over_due
from support.question_door import COMPANY, ELDER, RESIDENT, QuestionDoor

SOON = timedelta(seconds=20)


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> QuestionDoor:
    door = QuestionDoor().open(monkeypatch)
    door.asked()
    door.forge(door.house_chat, RESIDENT, Press(Room.QUESTIONS, "for", door.question.id))
    door.happen()
    door.pass_time(SOON)
    return door


def close(door: QuestionDoor) -> Question:
    """Have the officials answer, and the elder say that it is solved."""
    now = door.clock.moment()
    tally = door.voices.tally(door.question.id, "vote")
    asked = question_acts.asked(door.question, by=f"vk:{ELDER}", now=now, tally=tally)
    answer = OfficialAnswer(COMPANY, "vk:7", now, "Лампы заменили вчера.", id="a")
    closed = solved(answered(asked, answer), by=f"vk:{ELDER}", outcome="Вопрос решён.", now=now)
    door.questions.by_id[closed.id] = replace(closed, revision=closed.revision + 1)
    door.pass_time(timedelta(minutes=3))
    return door.question


def test_the_closing_card_says_what_was_asked_answered_and_decided(door: QuestionDoor) -> None:
    close(door)

    (card,) = [text for text in door.texts(door.house_chat) if text.startswith("Вопрос закрыт")]
    assert "В подъезде третий день нет света." in card
    assert "за 1, против 0" in card
    assert "УК «Двор»" in card
    assert "Лампы заменили вчера." in card
    assert "Итог: вопрос решён." in card


def test_a_closed_question_has_no_buttons_left_and_its_voices_go(door: QuestionDoor) -> None:
    question = close(door)

    card = next(m for m in door.messages(door.house_chat) if m.text.startswith("Вопрос дома"))
    assert not (card.keyboard or {}).get("buttons")
    assert question.closed_at
    assert door.voices.forgotten[question.id] == question.closed_at + VOICES_KEPT
    assert question.wake_at is None
    assert not question.errands


def test_a_question_that_is_open_again_is_said_so_in_the_chat(door: QuestionDoor) -> None:
    question = close(door)
    now = door.clock.moment() + timedelta(days=3)
    door.clock.seconds = now.timestamp()

    again = question_acts.reopened(question, by=f"vk:{ELDER}", reason="Снова темно.", now=now)
    door.questions.by_id[again.id] = replace(again, revision=again.revision + 1)
    door.pass_time(SOON + timedelta(minutes=2))

    assert door.question.state == QuestionState.INVITED
    assert door.question.round == 2
    said = door.texts(door.house_chat)
    (told,) = [text for text in said if text.startswith("Вопрос открыт снова")]
    assert "Почему: Снова темно." in told


def test_a_withdrawn_proposal_is_never_told_of_in_the_chat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    door = QuestionDoor().open(monkeypatch)
    question = door.asked(by=RESIDENT)

    door.forge_command(ELDER, "withdraw", question.id)
    door.happen()
    door.pass_time(SOON)

    assert door.question.state == QuestionState.WITHDRAWN
    assert not door.texts(door.house_chat)
    assert door.told_texts(RESIDENT)[-1].endswith("» снят.")


def test_a_sweep_hands_a_due_question_over_once_in_five_minutes(door: QuestionDoor) -> None:
    door.questions.by_id[door.question.id] = replace(
        door.question, wake_at=door.clock.moment(), errands=()
    )

    def sweep() -> int:
        return hand_over_due(questions=door.questions, queue=door.own, now=door.clock.moment())

    first, again = sweep(), sweep()
    door.clock.sleep(301)
    later = sweep()

    assert (first, again, later) == (1, 0, 1)
