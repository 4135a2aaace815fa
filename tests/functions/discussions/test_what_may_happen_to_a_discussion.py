"""People come late, do not come, go on, call off, forget the protocol: the house hears of it."""

from datetime import timedelta

import pytest

from discussions.desk import quiet_at
from discussions.on_event import Doors, work
from housechats.domain.broadcast_rules import TerritoryRules
from housechats.domain.discussions import DiscussionState
from housechats.domain.quiet_hours import next_allowed
from local.vk.conversations import Message
from local.vk.faults import Kind
from local.vk.switches import Listed, Switches
from support.bot_door import COMPANY, ELDER, OKTMO
from support.discussion_door import (
    MINUTE,
    NEIGHBOUR,
    OFFICIAL,
    OTHER,
    QUESTION,
    SPEAKER,
    DiscussionDoor,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def door() -> DiscussionDoor:
    return DiscussionDoor()


@pytest.fixture
def open_one(door: DiscussionDoor) -> DiscussionDoor:
    """Give a discussion that has begun, with two neighbours in its chat."""
    door.name()
    door.pass_until(door.discussion.starts_at + MINUTE)
    door.join(door.discussion.chat_id, NEIGHBOUR, OTHER)
    return door


def last(door: DiscussionDoor) -> str:
    return door.house_texts[-1]


# ---------------------------------------------------------------- a time


def test_proposed_evenings_are_working_days_outside_quiet_hours(door: DiscussionDoor) -> None:
    door.forge_private("name_time", QUESTION)
    door.work_discussions()

    assert door.proposed() == [
        "пн 11.01, 19:00",
        "вт 12.01, 19:00",
        "ср 13.01, 19:00",
        "чт 14.01, 19:00",
    ]


def test_a_time_that_is_typed_is_named_once_however_often_it_is_confirmed(
    door: DiscussionDoor,
) -> None:
    door.forge_private("name_time", QUESTION)
    door.work_discussions()
    door.wait(MINUTE)
    door.write(0, SPEAKER, "в четверг в 18:30")
    door.work_discussions()
    for _ in range(2):
        door.press(0, SPEAKER, "Назначить")
        door.work_discussions()

    assert f"{door.discussion.starts_at:%d.%m %H:%M}" == "14.01 15:30"
    assert door.told_questions() == ["time_named"]
    assert sum("Назначено обсуждение" in text for text in door.house_texts) == 1
    assert door.discussion.id in door.starts.planned


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        pytest.param("сегодня в 12:30", "не меньше часа", id="too soon"),
        pytest.param("завтра в 23:00", "тихие часы", id="at night"),
        pytest.param("завтра в 20:30", "тихие часы", id="ends at night"),
        pytest.param("1 мая в 19:00", "30 дней", id="too far"),
        pytest.param("когда-нибудь", "Не удалось прочитать", id="no time"),
    ],
)
def test_a_time_that_does_not_do_is_answered_with_others(
    door: DiscussionDoor, typed: str, answer: str
) -> None:
    door.forge_private("name_time", QUESTION)
    door.work_discussions()
    door.wait(MINUTE)
    door.write(0, SPEAKER, typed)
    door.work_discussions()

    assert answer in door.told_texts(SPEAKER)[-1]
    assert door.proposed()
    assert not door.discussions.by_id


def test_another_discussion_of_the_house_is_shown_as_in_the_way(door: DiscussionDoor) -> None:
    named = door.name()
    door.set_question(id="question-2")
    door.questions.by_id["question-2"] = door.questions.by_id[QUESTION]
    door.forge_private("name_time", "question-2")
    door.work_discussions()
    door.wait(MINUTE)
    door.write(0, SPEAKER, "завтра в 18:00")
    door.work_discussions()

    assert "уже есть обсуждение в понедельник, 11 января" in door.told_texts(SPEAKER)[-1]
    assert door.proposed()[0] == "вт 12.01, 19:00"
    assert len(door.discussions.by_id) == 1
    assert named.id in door.discussions.by_id


def test_who_does_not_answer_for_the_question_names_no_time(door: DiscussionDoor) -> None:
    presses = []
    for stranger in (NEIGHBOUR, ELDER):
        door.allow(stranger)
        presses.append(door.forge_private("name_time", QUESTION, by=stranger))
        value = str(int((door.clock.moment() + 2 * HOUR).timestamp()))
        door.forge_private("confirm", QUESTION, by=stranger, value=value)
        door.work_discussions()

    assert not door.discussions.by_id
    assert all("не у вас" in (door.snackbar(press) or "") for press in presses)
    assert not door.told_texts(NEIGHBOUR)


def test_a_moved_discussion_is_reminded_of_at_its_new_time(door: DiscussionDoor) -> None:
    door.name()
    door.press(0, SPEAKER, "Перенести")
    door.work_discussions()
    door.press(0, SPEAKER, "чт 14.01, 19:00")
    door.work_discussions()
    door.press(0, SPEAKER, "Перенести", cmid=door.told(SPEAKER)[-1].cmid)
    door.work_discussions()
    door.pass_until(door.discussion.starts_at - MINUTE)

    moved = [text.split("\n")[0] for text in door.house_texts[1:]]
    assert moved == [
        "Обсуждение перенесено: новое время — в последнем объявлении ниже.",
        "Обсуждение перенесено: в четверг, 14 января, в 19:00 по местному времени.",
        "Напоминаем: обсуждение в четверг, 14 января, в 19:00 по местному времени.",
        "Напоминаем: обсуждение в четверг, 14 января, в 19:00 по местному времени.",
    ]
    assert door.told_questions() == ["time_named", "time_named"]
    assert door.starts.planned[door.discussion.id] == door.discussion.starts_at


def move(door: DiscussionDoor, label: str) -> None:
    door.press(0, SPEAKER, "Перенести")
    door.work_discussions()
    door.press(0, SPEAKER, label)
    door.work_discussions()
    door.press(0, SPEAKER, "Перенести", cmid=door.told(SPEAKER)[-1].cmid)
    door.work_discussions()


def cards(door: DiscussionDoor) -> list[Message]:
    return [one for one in door.messages(door.house_chat) if "Обсуждение пере" in one.text]


def test_the_card_of_before_says_that_the_discussion_was_moved(door: DiscussionDoor) -> None:
    door.name()

    move(door, "чт 14.01, 19:00")
    door.wait(HOUR)
    move(door, "вт 12.01, 19:00")

    first, second, now = cards(door)
    for before in (first, second):
        assert before.text.startswith("Обсуждение перенесено: новое время — в последнем")
        assert not (before.keyboard or {}).get("buttons")
    assert (now.keyboard or {})["buttons"]
    assert "во вторник, 12 января, в 19:00" in now.text
    assert not [text for text in door.house_texts if "понедельник" in text]
    assert door.discussion.errands == ()


def test_a_press_under_a_card_that_vk_lets_nobody_edit_counts_for_the_new_time(
    door: DiscussionDoor,
) -> None:
    door.name("чт 14.01, 19:00")
    (old,) = [one for one in door.messages(door.house_chat) if "Назначено" in one.text]
    door.pass_time(timedelta(hours=25), step=HOUR)
    move(door, "ср 13.01, 19:00")

    press = door.press(door.house_chat, NEIGHBOUR, "Пойду", cmid=old.cmid)
    door.work_discussions()

    assert "Назначено" in door.house_texts[1]
    assert "перенесено: ср 13.01, 19:00" in (door.snackbar(press) or "")
    assert door.interested.of(door.discussion.id) == [NEIGHBOUR]
    assert door.discussion.errands == ()


def test_the_card_of_a_discussion_that_was_called_off_says_so(door: DiscussionDoor) -> None:
    door.name()
    door.press(0, SPEAKER, "Отменить")
    door.work_discussions()
    door.wait(MINUTE)
    door.write(0, SPEAKER, "Мастер заболел")
    door.work_discussions()

    door.press(0, SPEAKER, "Отменить обсуждение")
    door.work_discussions()

    assert door.house_texts[1].startswith("Обсуждение отменено.")
    assert not (door.messages(door.house_chat)[1].keyboard or {}).get("buttons")


def test_a_reminder_that_falls_into_the_night_comes_when_the_night_is_over(
    door: DiscussionDoor,
) -> None:
    quiet = quiet_at(OKTMO, door.rulebook)
    door.name("вт 12.01, 19:00")
    door.pass_until(door.discussion.starts_at - MINUTE, step=timedelta(minutes=1))

    said_at = [
        message.date for message in door.messages(door.house_chat) if "Напоминаем" in message.text
    ]
    assert len(said_at) == 2
    for second in said_at:
        moment = door.clock.moment().fromtimestamp(second, tz=door.clock.moment().tzinfo)
        assert next_allowed(moment, [quiet]) == moment


def test_a_cancelled_discussion_is_told_with_its_reason(door: DiscussionDoor) -> None:
    door.name()
    door.press(0, SPEAKER, "Отменить")
    door.work_discussions()
    door.wait(MINUTE)
    door.write(0, SPEAKER, "Мастер заболел")
    door.work_discussions()
    before = door.discussion.state
    door.press(0, SPEAKER, "Отменить обсуждение")
    door.work_discussions()
    door.pass_time(timedelta(hours=12))

    assert before == DiscussionState.PLANNED
    assert door.discussion.state == DiscussionState.CANCELLED
    assert "отменено.\nПричина: Мастер заболел." in last(door)
    assert door.told_questions() == ["time_named", "discussion_cancelled"]
    assert door.calls("messages.createChat") == 0


def test_a_withdrawn_question_calls_its_discussion_off(door: DiscussionDoor) -> None:
    discussion = door.name()
    for _ in range(2):
        door.own.send([{"discussion_id": discussion.id, "happened": "question_over"}])
        door.work_discussions()

    assert door.discussion.state == DiscussionState.CANCELLED
    assert sum("обсуждать его не нужно" in text for text in door.house_texts) == 1
    assert "отменено" in door.told_texts(SPEAKER)[-1]


# ---------------------------------------------------------------- while it is open


def test_nobody_of_the_company_comes_and_the_house_hears_of_it(open_one: DiscussionDoor) -> None:
    door = open_one
    door.write(door.discussion.chat_id, NEIGHBOUR, "Есть кто?")
    door.pass_time(timedelta(minutes=20))
    after_twenty = last(door)
    door.pass_time(timedelta(minutes=20))
    door.pass_time(timedelta(hours=26))

    assert "Представитель задерживается" in after_twenty
    assert "не состоялось: представитель не пришёл" in last(door)
    assert "Пожалуйста, назначьте другое время" in door.told_texts(SPEAKER)[-1]
    assert door.told_questions() == ["time_named", "discussion_cancelled"]
    assert door.discussion.state == DiscussionState.EMPTIED
    assert door.members(door.discussion.chat_id) == set()


def test_a_colleague_may_come_in_place_of_who_named_the_time(open_one: DiscussionDoor) -> None:
    door = open_one
    door.name_speaker(650)
    door.join(door.discussion.chat_id, 650)
    door.write(door.discussion.chat_id, 650, "Я сегодня вместо коллеги.")
    door.pass_time(timedelta(minutes=45))

    assert door.discussion.state == DiscussionState.OPEN
    assert "задерживается" not in last(door)


def test_a_new_time_may_be_named_after_nobody_came(open_one: DiscussionDoor) -> None:
    door = open_one
    door.pass_time(timedelta(minutes=40))
    door.press(0, SPEAKER, "Назначить время")
    door.work_discussions()
    door.press(0, SPEAKER, door.proposed()[0])
    door.work_discussions()
    door.press(0, SPEAKER, "Назначить")
    door.work_discussions()

    assert [one.state for one in door.discussions.of_house("ABCDEF01")] == [
        DiscussionState.PLANNED,
        DiscussionState.SETTLED,
    ]


def test_people_who_still_write_are_offered_to_go_on_for_four_hours_at_most(
    open_one: DiscussionDoor,
) -> None:
    door = open_one
    room = door.discussion.chat_id
    door.join(room, SPEAKER, ELDER)
    door.write(room, SPEAKER, "Начнём.")
    shown = []
    for _ in range(50):
        door.write(room, NEIGHBOUR, "И ещё вопрос.")
        door.pass_time(timedelta(minutes=5))
        if door.texts(room)[-1].startswith("Обсуждение рассчитано"):
            press = door.press(room, ELDER, "Продлить на полчаса")
            door.work_discussions()
            shown.append(door.snackbar(press))

    assert set(shown) == {"Готово."}
    assert len(shown) == 6
    assert door.discussion.state == DiscussionState.ENDED
    assert door.discussion.ended_at is not None
    assert door.discussion.ended_at - door.discussion.begun_at < 4 * HOUR + 10 * MINUTE


def test_a_button_pressed_twice_prolongs_once(open_one: DiscussionDoor) -> None:
    door = open_one
    room = door.discussion.chat_id
    door.join(room, SPEAKER)
    for _ in range(11):
        door.write(room, SPEAKER, "Говорим.")
        door.pass_time(timedelta(minutes=5))
    planned = door.discussion.ends_at
    for _ in range(2):
        door.press(room, SPEAKER, "Продлить на полчаса")
        door.work_discussions()
    neighbour = door.press(room, NEIGHBOUR, "Продлить на полчаса")
    door.work_discussions()

    assert door.discussion.ends_at == planned + timedelta(minutes=30)
    assert door.snackbar(neighbour) == "Продлить может представитель или старший по дому."


def test_a_button_of_one_chat_does_nothing_in_another(open_one: DiscussionDoor) -> None:
    from housechats.domain.chat_events import Press, Room  # noqa: PLC0415

    door = open_one
    elsewhere = door.chat(SPEAKER)
    door.forge(elsewhere, SPEAKER, Press(Room.DISCUSSIONS, "end", door.discussion.id))
    door.forge(door.house_chat, NEIGHBOUR, Press(Room.DISCUSSIONS, "end", door.discussion.id))
    door.work_discussions()

    assert door.discussion.state == DiscussionState.OPEN


def test_the_protocol_is_asked_for_three_times_and_then_the_fact_is_posted(
    open_one: DiscussionDoor,
) -> None:
    door = open_one
    room = door.discussion.chat_id
    door.join(room, SPEAKER)
    door.write(room, SPEAKER, "Всё сказал.")
    door.press(0, SPEAKER, "Закончить обсуждение")
    door.work_discussions()
    door.pass_time(timedelta(hours=71), step=timedelta(minutes=20))
    asked = [text for text in door.told_texts(SPEAKER) if "протокол" in text]
    before = door.discussion.state
    door.pass_time(timedelta(hours=27), step=timedelta(minutes=20))

    assert len(asked) == 3
    assert before == DiscussionState.ENDED
    assert "Протокол представитель не прислал." in last(door)
    assert door.discussion.state == DiscussionState.EMPTIED
    assert door.told_questions()[-1] == "discussion_over"


def test_the_outcome_is_a_reply_to_the_card_of_the_question(open_one: DiscussionDoor) -> None:
    door = open_one
    door.pass_time(timedelta(minutes=40))

    card = door.questions.by_id[QUESTION].card_cmid
    outcome = door.messages(door.house_chat)[-1]
    assert outcome.cmid == door.discussion.outcome_cmid
    assert outcome.reply is not None
    assert outcome.reply.cmid == card


def test_people_are_told_before_the_chat_is_emptied(open_one: DiscussionDoor) -> None:
    door = open_one
    door.pass_time(timedelta(minutes=45))
    settled_at = door.discussion.settled_at
    assert settled_at is not None
    farewell = door.texts(door.discussion.chat_id)[-1]
    door.pass_until(settled_at + timedelta(hours=23))
    members = door.members(door.discussion.chat_id)

    assert "участники из него удалены во вторник, 12 января" in farewell
    assert members == {NEIGHBOUR, OTHER}


# ---------------------------------------------------------------- its chat


def test_a_chat_that_was_made_without_an_answer_is_found_by_its_code(
    door: DiscussionDoor,
) -> None:
    door.name()
    door.fault(Kind.LOST_ANSWER, "messages.createChat")
    door.pass_until(door.discussion.starts_at + 10 * MINUTE, step=MINUTE)

    assert door.discussion.state == DiscussionState.OPEN
    assert door.calls("messages.createChat") == 1


def test_a_chat_that_nobody_can_find_is_given_up_and_another_time_asked_for() -> None:
    door = DiscussionDoor(switches=Switches(listed=Listed.AFTER_FIRST_MESSAGE))
    door.name()
    door.fault(Kind.LOST_ANSWER, "messages.createChat")
    door.pass_until(door.discussion.starts_at + 20 * MINUTE, step=MINUTE)

    assert door.discussion.state == DiscussionState.CANCELLED
    assert "ВКонтакте его не показывает" in door.discussion.reason
    assert "не состоялось: ВКонтакте не дал открыть" in last(door)
    assert door.told_questions() == ["time_named", "discussion_cancelled"]
    assert door.calls("messages.createChat") == 1


def test_a_pause_of_vk_longer_than_the_discussion_calls_it_off(door: DiscussionDoor) -> None:
    door.name()
    door.fault(Kind.ERROR, "messages.createChat", code=29, times=50)
    door.pass_until(door.discussion.ends_at + 10 * MINUTE)

    assert door.discussion.state == DiscussionState.CANCELLED
    assert door.calls("messages.createChat") <= 3


def test_staff_may_do_what_the_representative_may(door: DiscussionDoor) -> None:
    door.allow(OFFICIAL)
    door.forge_private("name_time", QUESTION, by=OFFICIAL)
    door.work_discussions()

    assert door.proposed(OFFICIAL)
    assert door.questions.by_id[QUESTION].inn == COMPANY
    assert TerritoryRules(OKTMO).quiet is None


def test_an_answer_that_vk_does_not_let_us_give_now_is_given_later(door: DiscussionDoor) -> None:
    door.fault(Kind.ERROR, "messages.send", code=9)
    door.forge_private("name_time", QUESTION)
    door.work_discussions()
    before = door.told_texts(SPEAKER)
    door.wait(timedelta(minutes=6))
    door.work_discussions()

    assert before == []
    assert door.own.delays == [300]
    assert len(door.told_texts(SPEAKER)) == 1


def test_who_answers_within_the_same_second_is_heard(door: DiscussionDoor) -> None:
    door.clock.seconds += 0.7
    door.forge_private("name_time", QUESTION)
    door.work_discussions()

    door.write(0, SPEAKER, "завтра в 19:00")
    door.work_discussions()

    assert door.told_texts(SPEAKER)[-1].startswith("Назначить обсуждение: ")
    assert door.proposed() == ["Назначить", "Другое время"]


def test_who_does_not_want_to_cancel_after_all_says_so_and_may_write_what_they_like(
    door: DiscussionDoor,
) -> None:
    door.name()
    door.press(0, SPEAKER, "Отменить")
    door.work_discussions()
    door.wait(MINUTE)
    press = door.press(0, SPEAKER, "Не отменять")
    door.work_discussions()
    told = len(door.told_texts(SPEAKER))

    door.write(0, SPEAKER, "Во сколько приходить?")
    door.work_discussions()

    assert "остаётся" in (door.snackbar(press) or "")
    assert door.discussion.state == DiscussionState.PLANNED
    assert len(door.told_texts(SPEAKER)) == told


def test_a_reason_is_read_before_it_counts_and_may_be_written_anew(door: DiscussionDoor) -> None:
    door.name()
    door.press(0, SPEAKER, "Отменить")
    door.work_discussions()
    for text in ("Спасибо", "Мастер заболел"):
        door.wait(MINUTE)
        door.write(0, SPEAKER, text)
        door.work_discussions()
    shown = door.told(SPEAKER)[-1]

    for _ in range(2):
        door.press(0, SPEAKER, "Отменить обсуждение", cmid=shown.cmid)
        door.work_discussions()

    assert "Причина: Мастер заболел." in shown.text
    assert door.proposed() == []
    assert door.discussion.reason == "Мастер заболел"
    assert sum("отменено.\nПричина" in text for text in door.house_texts) == 1


def test_who_has_lost_the_post_is_told_so_and_is_asked_for_no_reason_any_more(
    door: DiscussionDoor,
) -> None:
    door.name()
    door.press(0, SPEAKER, "Отменить")
    door.work_discussions()
    door.posts.posts.pop(SPEAKER)
    door.wait(MINUTE)

    door.write(0, SPEAKER, "Мастер заболел")
    door.work_discussions()

    assert door.discussion.state == DiscussionState.PLANNED
    assert "только представитель или сотрудник" in door.told_texts(SPEAKER)[-1]
    assert door.dialogues.get(door.community, SPEAKER) is None


def test_a_reason_with_signs_that_nobody_sees_is_asked_for_again(door: DiscussionDoor) -> None:
    door.name()
    door.press(0, SPEAKER, "Отменить")
    door.work_discussions()
    door.wait(MINUTE)

    door.write(0, SPEAKER, "Мастер\u202e заболел")
    door.work_discussions()

    assert door.discussion.state == DiscussionState.PLANNED
    assert "знак" in door.told_texts(SPEAKER)[-1]


@pytest.mark.parametrize(
    ("command", "said"), [("Петров из квартиры 7", "unknown command"), ("go", "go")]
)
def test_what_is_logged_of_a_press_is_a_word_of_ours(
    door: DiscussionDoor, command: str, said: str
) -> None:
    door.forge_private(command, "d1")
    (event,) = door.events()

    worked = work(event.body, Doors(door.desk_of_discussions, door.seen), [])

    assert worked == said
