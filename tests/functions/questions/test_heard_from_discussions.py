"""Discussions tell what has become of the one on a question: late, again, in any order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from housechats.domain.official_acts import answered, not_solved
from housechats.domain.questions import OfficialAnswer, Question, QuestionState
from housechats.ports.talks import Saying
from support.question_door import COMPANY, ELDER, HEATING, QuestionDoor

IN_A_DAY = timedelta(days=1)


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> QuestionDoor:
    door = QuestionDoor().open(monkeypatch)
    question = door.asked()
    door.questions.by_id[question.id] = replace(door.question, state=QuestionState.UNSUPPORTED)
    door.forge_command(ELDER, "ask_anyway", question.id)
    door.happen()
    return door


def hears(
    door: QuestionDoor,
    what: str,
    discussion_id: str = "d1",
    *,
    inn: str = COMPANY,
    starts_in: timedelta = IN_A_DAY,
    times: int = 1,
    **also: int,
) -> Question:
    starts_at = round((door.clock.now() + starts_in.total_seconds()) * 1000)
    body: dict[str, str | int] = {
        "question_id": door.question.id,
        "happened": what,
        "discussion_id": discussion_id,
    }
    for _ in range(times):
        door.own.send([body | {"starts_at": starts_at, "inn": inn} | also])
    door.work()
    return door.question


def test_a_time_is_named_and_the_discussion_takes_place(door: QuestionDoor) -> None:
    named = hears(door, "time_named", times=2)
    over = hears(door, "discussion_over", times=2)

    assert (named.state, named.discussion_id) == (QuestionState.DISCUSSED, "d1")
    assert over.state == QuestionState.ANSWERED
    assert over.silence_at


def test_residents_judge_what_came_of_the_discussion_and_the_closing_card_leads_there(
    door: QuestionDoor,
) -> None:
    hears(door, "time_named")
    outcome = door.talk.say(door.house_chat, Saying("Итог обсуждения", 77, door.clock.moment()))

    hears(door, "discussion_over", outcome_cmid=outcome)
    door.pass_time(timedelta(seconds=10))
    asked = door.messages(door.house_chat)[-1]
    door.pass_time(timedelta(days=8))

    closing = door.messages(door.house_chat)[-1]
    assert asked.text.startswith("По вопросу прошло обсуждение. Он решён?")
    assert "Итог обсуждения — в сообщении выше." in closing.text
    assert "Ответ получен" not in closing.text
    assert [one.reply.cmid for one in (asked, closing) if one.reply] == [outcome, outcome]


def test_the_residents_word_in_a_new_round_is_not_about_the_former_discussion(
    door: QuestionDoor,
) -> None:
    hears(door, "time_named")
    over = hears(door, "discussion_over", outcome_cmid=7)

    door.questions.save(not_solved(over, by="vk:2", reason="Не сделали.", now=door.clock.moment()))

    assert (over.discussion_cmid, door.question.discussion_cmid) == (7, 0)


def test_a_cancelled_discussion_has_the_officials_asked_anew(door: QuestionDoor) -> None:
    hears(door, "time_named")
    before = door.question.round

    cancelled = hears(door, "discussion_cancelled", times=3)

    assert cancelled.state == QuestionState.INVITED
    assert cancelled.round == before + 1


def test_what_is_told_again_of_a_past_discussion_changes_nothing(door: QuestionDoor) -> None:
    hears(door, "time_named")
    hears(door, "discussion_cancelled")

    after = hears(door, "time_named")

    assert after.state == QuestionState.INVITED
    assert not door.discussions.bodies


def test_a_cancelling_that_comes_first_keeps_the_time_from_being_named(door: QuestionDoor) -> None:
    hears(door, "discussion_cancelled")

    assert hears(door, "time_named").state == QuestionState.INVITED
    assert hears(door, "time_named", "d2").state == QuestionState.DISCUSSED


def test_a_second_discussion_is_told_that_there_is_one_already(door: QuestionDoor) -> None:
    hears(door, "time_named")

    hears(door, "time_named", "d2")

    assert door.question.discussion_id == "d1"
    assert door.discussions.bodies == [{"discussion_id": "d2", "happened": "question_over"}]


def test_a_discussion_of_which_nothing_is_heard_has_the_officials_asked_anew(
    door: QuestionDoor,
) -> None:
    hears(door, "time_named")

    door.pass_time(IN_A_DAY + timedelta(days=7, hours=2))

    assert door.question.state == QuestionState.INVITED


def test_a_question_that_is_withdrawn_calls_its_discussion_off(door: QuestionDoor) -> None:
    question = hears(door, "time_named")

    door.forge_command(ELDER, "withdraw", question.id)
    door.happen()
    door.pass_time(timedelta(seconds=10))  # the card was shown some seconds ago

    assert door.question.state == QuestionState.WITHDRAWN
    assert door.discussions.bodies == [{"discussion_id": "d1", "happened": "question_over"}]
    assert "Итог: вопрос снят." in door.texts(door.house_chat)[-1]


def test_a_discussion_that_was_given_up_does_not_come_back(door: QuestionDoor) -> None:
    hears(door, "time_named")
    door.pass_time(IN_A_DAY + timedelta(days=7, hours=2))

    after = hears(door, "time_named")

    assert (after.state, after.discussion_id) == (QuestionState.INVITED, "")
    assert not door.discussions.bodies


def test_a_discussion_that_an_answer_made_needless_does_not_come_back(door: QuestionDoor) -> None:
    question = hears(door, "time_named")
    at = door.clock.moment()
    answer = OfficialAnswer(COMPANY, "vk:1", at, "Свет дали.", id="a1")
    replied = not_solved(answered(question, answer), by="vk:2", reason="Не дали.", now=at)
    door.questions.save(replied)

    after = hears(door, "time_named")

    assert (after.state, after.discussion_id) == (QuestionState.INVITED, "")


def test_a_time_that_was_named_by_those_whose_question_it_is_no_more_is_called_off(
    door: QuestionDoor,
) -> None:
    question = hears(door, "time_named", inn=HEATING)

    assert (question.inn, question.state) == (COMPANY, QuestionState.INVITED)
    assert door.discussions.bodies == [{"discussion_id": "d1", "happened": "question_over"}]


def test_an_earlier_time_that_is_told_after_the_later_one_changes_nothing(
    door: QuestionDoor,
) -> None:
    moved = hears(door, "time_named", starts_in=timedelta(days=20))

    after = hears(door, "time_named", starts_in=timedelta(days=1))

    assert after.discussed_until == moved.discussed_until
    assert after.wake_at == moved.wake_at
