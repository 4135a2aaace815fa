"""An elder raises a question, a resident proposes one: in a private dialogue, step by step."""

from datetime import timedelta

import pytest

from housechats.domain.chat_events import Press, Room
from housechats.domain.people import Role
from housechats.domain.question_texts import TOO_SHORT
from housechats.domain.questions import Happening, QuestionState, Where
from questions import ask, raising
from support.question_door import COMPANY, ELDER, ELDER_ID, RESIDENT, QuestionDoor

NEIGHBOUR, STAFF = 602, 603
TEXT = "В подъезде третий день нет света."


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> QuestionDoor:
    door = QuestionDoor().open(monkeypatch)
    door.join(door.house_chat, NEIGHBOUR)
    return door


def begin(door: QuestionDoor, who: int) -> str:
    return door.forge(door.house_chat, who, Press(Room.QUESTIONS, "ask"))


def test_what_an_elder_asks_is_put_to_the_vote_in_the_chat_of_the_house(door: QuestionDoor) -> None:
    question = door.asked()

    assert question.state == QuestionState.VOTING
    assert (question.where, question.inn) == (Where.ENTRANCE, COMPANY)
    (card,) = door.messages(door.house_chat)
    assert TEXT in card.text
    assert "УК «Двор»" in card.text
    assert "не собрание собственников" in card.text
    assert card.keyboard
    labels = [key["action"]["label"] for row in card.keyboard["buttons"] for key in row]
    assert labels == ["Поддерживаю 0", "Против 0"]


def test_every_step_that_comes_three_times_makes_one_question_and_one_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    door = QuestionDoor().open(monkeypatch)
    door.seen.note = lambda event, *, now: None  # type: ignore[method-assign]  # killed before it
    once = door.happen
    monkeypatch.setattr(door, "happen", lambda: once(times=3))

    door.asked()

    assert len(door.questions.by_id) == 1
    assert len(door.messages(door.house_chat)) == 1
    told = door.told_texts(ELDER)
    assert len(told) == len(set(told)) == 6


def test_a_reply_with_the_command_takes_the_text_and_the_photos_along(door: QuestionDoor) -> None:
    cmid = door.write(door.house_chat, RESIDENT, "Во дворе неделю не вывозят мусор!", photos=2)

    door.write(door.house_chat, ELDER, "/вопрос", reply_to=cmid)
    door.happen()
    for label in ("Двор", "Не знаю", "Задать"):
        door.press(0, ELDER, label)
        door.happen()

    question = door.question
    assert question.text == "Во дворе неделю не вывозят мусор!"
    assert len(question.photos) == 2
    assert (question.where, question.inn) == (Where.YARD, "")
    assert question.raised_by == f"vk:{ELDER}"


def test_photos_come_with_the_text_or_after_it_three_at_most(door: QuestionDoor) -> None:
    begin(door, ELDER)
    door.happen()
    door.write(0, ELDER, TEXT)
    door.happen()
    door.write(0, ELDER, "", photos=2)
    door.happen()
    door.write(0, ELDER, "", photos=2)
    door.happen()
    for label in ("Весь дом", "УК «Двор»", "Задать"):
        door.press(0, ELDER, label)
        door.happen()

    assert len(door.question.photos) == 3
    assert "Фотографий: 2 из 3" in " ".join(door.told_texts(ELDER))


def test_a_text_that_is_too_short_is_asked_for_again(door: QuestionDoor) -> None:
    begin(door, ELDER)
    door.happen()

    door.write(0, ELDER, "Свет!")
    door.happen()

    assert door.told_texts(ELDER)[-1] == TOO_SHORT
    assert not door.questions.by_id


def test_a_phone_and_a_flat_are_cautioned_against_before_all_read_them(
    door: QuestionDoor,
) -> None:
    begin(door, ELDER)
    door.happen()
    door.write(0, ELDER, "Течёт из кв. 15, звоните +7 912 345-67-89.")
    door.happen()
    for label in ("Дальше", "Квартира", "Не знаю"):
        door.press(0, ELDER, label)
        door.happen()

    assert door.told_texts(ELDER)[-1].count("Обратите внимание.") == 2


def test_who_lets_nobody_write_to_them_is_led_to_the_dialog(door: QuestionDoor) -> None:
    press_id = begin(door, NEIGHBOUR)

    door.happen()

    assert door.snackbar(press_id) == f"https://vk.me/club{door.community}"


def test_a_greeting_of_who_has_not_read_what_is_asked_is_not_the_question(
    door: QuestionDoor,
) -> None:
    begin(door, NEIGHBOUR)
    door.happen()
    door.allow(NEIGHBOUR)
    door.write(0, NEIGHBOUR, "Здравствуйте!")
    door.happen(times=2)
    asked = door.told_texts(NEIGHBOUR)

    door.write(0, NEIGHBOUR, TEXT)
    door.happen()

    assert asked == [ask.ASK_TEXT]
    assert door.told_texts(NEIGHBOUR)[1:] == [ask.ASK_PHOTOS]


def test_who_lets_the_bot_write_and_presses_again_at_once_is_asked(door: QuestionDoor) -> None:
    begin(door, NEIGHBOUR)
    door.happen()
    door.allow(NEIGHBOUR)

    begin(door, NEIGHBOUR)
    door.happen()
    door.write(0, NEIGHBOUR, TEXT)
    door.happen()

    assert door.told_texts(NEIGHBOUR) == [ask.ASK_TEXT, ask.ASK_PHOTOS]


def test_who_writes_the_command_privately_reads_where_questions_are_asked(
    door: QuestionDoor,
) -> None:
    door.write(0, RESIDENT, "/вопрос")
    door.happen()

    assert door.told_texts(RESIDENT) == [ask.NOT_A_HOUSE]


def test_who_replies_with_the_command_reads_which_text_was_taken(door: QuestionDoor) -> None:
    cmid = door.write(door.house_chat, RESIDENT, "Во дворе неделю не вывозят мусор!")

    door.write(door.house_chat, ELDER, "/вопрос", reply_to=cmid)
    door.happen()
    door.press(0, ELDER, "Дальше")
    door.happen()

    taken, where = door.told_texts(ELDER)
    assert "«Во дворе неделю не вывозят мусор!»" in taken
    assert taken.endswith(ask.ASK_PHOTOS)
    assert where == ask.ASK_WHERE


def test_a_cancelled_dialogue_asks_nothing(door: QuestionDoor) -> None:
    begin(door, ELDER)
    door.happen()

    door.press(0, ELDER, "Отмена")
    door.happen()
    door.write(0, ELDER, TEXT)
    door.happen()

    assert not door.questions.by_id
    assert door.told_texts(ELDER)[-1] == ask.CANCELLED


def test_what_a_resident_proposes_the_elder_raises(door: QuestionDoor) -> None:
    question = door.asked(by=RESIDENT)
    assert question.state == QuestionState.PROPOSED
    assert not door.messages(door.house_chat)

    door.press(0, ELDER, "Задать")
    door.happen()

    assert door.question.state == QuestionState.VOTING
    assert len(door.messages(door.house_chat)) == 1
    assert "задан" in door.told_texts(RESIDENT)[-1]


def test_what_a_resident_proposes_the_elder_declines_with_a_reason(door: QuestionDoor) -> None:
    door.asked(by=RESIDENT)

    door.press(0, ELDER, "Отклонить")
    door.happen()
    door.write(0, ELDER, "Лампу уже меняют, придут завтра.")
    door.happen()

    assert door.question.state == QuestionState.DECLINED
    assert "Лампу уже меняют" in door.told_texts(RESIDENT)[-1]
    assert not door.messages(door.house_chat)


def test_a_proposal_is_declined_without_a_word_too(door: QuestionDoor) -> None:
    door.asked(by=RESIDENT)

    door.press(0, ELDER, "Отклонить")
    door.happen()
    door.press(0, ELDER, "Без причины")
    door.happen()

    assert door.question.state == QuestionState.DECLINED


def test_a_proposal_to_which_the_elder_says_nothing_is_declined_kindly(
    door: QuestionDoor,
) -> None:
    door.asked(by=RESIDENT)

    door.pass_time(timedelta(days=14, hours=2))

    assert door.question.state == QuestionState.DECLINED
    assert "Спасибо, что написали." in door.told_texts(RESIDENT)[-1]


def test_who_is_no_elder_cannot_decide_whatever_they_press(door: QuestionDoor) -> None:
    question = door.asked(by=RESIDENT)

    said = [
        door.forge_command(who, command, question.id)
        for who in (RESIDENT, NEIGHBOUR)
        for command in ("raise", "decline", "ask_anyway", "withdraw")
    ]
    door.happen()

    assert door.question.state == QuestionState.PROPOSED
    assert {door.snackbar(press_id) for press_id in said} == {
        "Это может сделать только старший по дому."
    }


def test_a_resident_has_one_proposal_at_a_time(door: QuestionDoor) -> None:
    door.asked(by=RESIDENT)

    with pytest.raises(ValueError, match="not enough values"):
        door.asked(by=RESIDENT, text="А ещё во дворе сломаны качели.")

    assert len(door.questions.by_id) == 1


def test_a_house_is_asked_five_times_a_day_at_most(door: QuestionDoor) -> None:
    for number in range(5):
        door.asked(text=f"Вопрос дома под номером {number}.")

    begin(door, ELDER)
    door.happen()
    door.write(0, ELDER, TEXT)
    door.happen()
    for label in ("Дальше", "Подъезд", "УК «Двор»"):
        door.press(0, ELDER, label)
        door.happen()
    press_id = door.press(0, ELDER, "Задать")
    door.happen()

    assert door.snackbar(press_id) == raising.TOO_MANY
    assert len(door.questions.by_id) == 5


def test_without_an_elder_a_proposal_waits_for_staff(door: QuestionDoor) -> None:
    door.without_elder()
    door.name(STAFF, Role.STAFF)

    question = door.asked(by=RESIDENT)
    door.forge_command(STAFF, "raise", question.id)
    door.happen()

    assert ask.PROPOSED_TO_NOBODY in door.told_texts(RESIDENT)
    assert door.question.state == QuestionState.VOTING
    assert door.question.deeds[0].what == Happening.RAISED
    assert door.question.deeds[0].by == f"vk:{STAFF}"


def test_who_has_left_the_chat_asks_nothing_of_the_house(door: QuestionDoor) -> None:
    begin(door, RESIDENT)
    door.happen()
    door.write(0, RESIDENT, TEXT)
    door.happen()
    for label in ("Дальше", "Подъезд", "УК «Двор»"):
        door.press(0, RESIDENT, label)
        door.happen()

    door.leave(door.house_chat, RESIDENT)
    press_id = door.press(0, RESIDENT, "Предложить")
    door.happen()

    assert not door.questions.by_id
    assert "участник чата" in (door.snackbar(press_id) or "")


def test_who_was_elder_until_today_raises_nothing_any_more(door: QuestionDoor) -> None:
    question = door.asked(by=RESIDENT)
    door.posts.elder_ids[ELDER] = frozenset({f"{ELDER_ID}-of-another-house"})

    door.forge_command(ELDER, "raise", question.id)
    door.happen()

    assert door.question.state == QuestionState.PROPOSED


def test_nobody_asks_from_a_chat_that_was_the_houses_once(door: QuestionDoor) -> None:
    former = door.chat(RESIDENT)
    door.chats.remember(door.community, former, house_id=door.house.id)

    press = door.forge(former, RESIDENT, Press(Room.QUESTIONS, "ask"))
    door.happen()

    assert door.snackbar(press) == ask.NOT_A_HOUSE
    assert door.told_texts(RESIDENT) == []
