"""A question goes to officials: they are asked, reminded, answer; residents say what came of it."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from housechats.domain import official_texts as texts
from housechats.domain.chat_events import Press, Room
from housechats.domain.errors import OutcomeUnknownError, UnavailableError
from housechats.domain.questions import QuestionState
from local.vk.conversations import CHAT_PEERS
from local.vk.faults import Kind
from questions.invite import MOST_TEXTED
from support.officials_door import (
    ADMINISTRATOR,
    COLLEAGUE,
    OF_HEATING,
    OFFICIAL,
    QUESTION,
    RESIDENTS,
    STAFF,
    STRANGER,
    OfficialsDoor,
    moscow,
)
from support.question_door import COMPANY, ELDER, HEATING

MOSCOW = timezone(timedelta(hours=3))


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> OfficialsDoor:
    door = OfficialsDoor()
    door.open(monkeypatch)
    return door


# The invitation


def test_all_representatives_of_the_competent_organisation_are_asked(door: OfficialsDoor) -> None:
    door.raise_question()

    (asked,) = door.told_texts(OFFICIAL)
    assert "Когда починят лифт" in asked
    assert "Садовая" in asked
    assert (
        "10 рабочих дней. Основание: Постановление Правительства РФ от 15.05.2013 № 416." in asked
    )
    assert "С текстом акта этот срок ещё не сверен." in asked
    assert "это правило нашего сервиса, не закона" in asked
    assert len(door.told_texts(COLLEAGUE)) == 1
    assert door.told_texts(OF_HEATING) == []
    assert door.question.told == (OFFICIAL, COLLEAGUE)


def test_at_night_nobody_is_asked_before_the_morning(door: OfficialsDoor) -> None:
    door.wait(timedelta(hours=12))  # midnight in Moscow

    door.raise_question()
    at_night = door.told_texts(OFFICIAL)
    door.wait_until(moscow("2027-01-12T10:30"))

    assert at_night == []
    assert len(door.told_texts(OFFICIAL)) == 1


def test_who_presses_while_vk_has_us_wait_is_answered_afterwards(door: OfficialsDoor) -> None:
    door.raise_question()
    until = door.clock.now() + 7200
    door.fault(Kind.ERROR, "messages.send", code=9, until=until)

    door.press(0, OFFICIAL, "Ответить")
    door.happen()
    waiting = len(door.told_texts(OFFICIAL))
    door.pass_time(timedelta(hours=3))

    assert waiting == 1
    assert len(door.told_texts(OFFICIAL)) == waiting + 1
    assert not door.own.dead


def test_where_no_representative_can_be_written_to_the_duty_desk_gets_an_sms(
    door: OfficialsDoor,
) -> None:
    door.silence()
    door.put_duty_phone()

    door.raise_question()

    ((phone, text),) = door.sms.sent
    assert phone == "+79000000001"
    assert "Садовая" in text
    assert (door.question.unreached, door.told_texts(STAFF)) == ("", [])


def test_an_sms_that_waits_for_the_morning_delays_nothing_in_the_chat(
    door: OfficialsDoor,
) -> None:
    for vk_id in (OFFICIAL, COLLEAGUE):
        door.dismiss(vk_id)
    door.put_duty_phone()
    door.wait(timedelta(hours=12))  # midnight in Moscow
    door.raise_question()
    tried_at_night = door.sms.sent[:]

    door.forge_command(ELDER, "withdraw", QUESTION)
    door.happen()
    door.pass_time(timedelta(minutes=10))

    assert tried_at_night == door.sms.sent == []
    assert any(text.startswith("Вопрос закрыт") for text in door.texts(door.house_chat))


def test_times_that_are_named_and_called_off_for_ever_do_not_cost_an_sms_each(
    door: OfficialsDoor,
) -> None:
    door.silence()
    door.put_duty_phone()
    door.raise_question()

    for number in range(7):
        told = {"question_id": QUESTION, "discussion_id": f"d{number}"}
        for happened in ("time_named", "discussion_cancelled"):
            door.own.send([told | {"happened": happened}])
            door.settle()

    assert len(door.sms.sent) == MOST_TEXTED
    assert "уже писали СМС" in door.question.unreached
    assert "уже писали СМС" in door.told_texts(STAFF)[-1]


def test_without_a_phone_the_municipality_is_told_that_nobody_was_reached(
    door: OfficialsDoor,
) -> None:
    door.silence()

    door.raise_question()

    assert "телефон дежурного в её карточке не указан" in door.question.unreached
    assert len(door.told_texts(STAFF)) == len(door.told_texts(ADMINISTRATOR)) == 1
    assert "некому передать" in door.told_texts(STAFF)[0]


def test_an_sms_of_which_nobody_knows_is_not_sent_again(door: OfficialsDoor) -> None:
    door.silence()
    door.put_duty_phone()
    door.sms.answer_lost = OutcomeUnknownError("no answer")

    door.raise_question()
    door.pass_time(timedelta(hours=3))

    assert len(door.sms.sent) == 1
    assert "Неизвестно, ушло ли СМС" in door.question.unreached
    assert len(door.told_texts(STAFF)) == 1


def test_an_sms_that_surely_did_not_go_is_tried_again(door: OfficialsDoor) -> None:
    door.silence()
    door.put_duty_phone()
    door.sms.trouble = UnavailableError("too many")

    door.raise_question()
    door.pass_time(timedelta(hours=1))

    assert len(door.sms.sent) == 1
    assert door.question.unreached == ""


def test_a_question_that_is_nobodys_goes_to_the_municipality(door: OfficialsDoor) -> None:
    door.raise_question(inn="")

    assert len(door.told_texts(STAFF)) == 1
    assert "Организация, которая отвечает за вопрос, не указана" in door.question.unreached


# Reminders


def test_officials_are_reminded_in_working_time_and_then_the_next_level_is_told_once(
    door: OfficialsDoor,
) -> None:
    door.raise_question()

    door.wait_until(moscow("2027-02-05T12:00"))

    told = door.told(OFFICIAL)
    hours = [datetime.fromtimestamp(one.date, MOSCOW) for one in told]
    assert [f"{hour:%m-%d %H}" for hour in hours] == [
        "01-11 12",  # asked
        "01-15 09",  # three working days are over
        "01-18 15",  # the middle
        "01-22 09",  # the working day before the last
        "01-25 18",  # the end
    ]
    assert "Срок ответа вышел 25 января, 18:00" in told[-1].text
    assert len(door.told_texts(STAFF)) == len(door.told_texts(ADMINISTRATOR)) == 1
    assert "УК «Двор»" in door.told_texts(STAFF)[0]
    assert (door.question.level, door.state) == (1, QuestionState.INVITED)


def test_the_card_says_once_since_when_the_answer_is_overdue_until_somebody_answers(
    door: OfficialsDoor,
) -> None:
    door.raise_question()

    door.wait_until(moscow("2027-01-26T10:00"))
    overdue = [text for text in door.texts(door.house_chat) if "просрочен" in text]
    door.answer()

    (card,) = overdue
    assert "Ответ просрочен с 25 января." in card
    assert "просрочен" not in door.message(door.question.card_cmid).text


def test_a_house_does_not_hear_at_night_that_an_answer_is_overdue(door: OfficialsDoor) -> None:
    door.raise_question()
    door.clock.seconds = moscow("2027-01-26T02:00").timestamp()  # nothing worked since

    door.sweep()
    at_night = " ".join(door.texts(door.house_chat))
    door.wait_until(moscow("2027-01-26T10:00"))

    assert "просрочен" not in at_night
    assert "Ответ просрочен с 25 января." in door.message(door.question.card_cmid).text


def test_a_card_that_vk_lets_nobody_change_any_more_is_left_as_it_is(door: OfficialsDoor) -> None:
    door.raise_question()
    door.wait_until(moscow("2027-01-28T10:00"))
    cards = len([text for text in door.texts(door.house_chat) if "Вопрос дома" in text])

    door.answer()

    after = len([text for text in door.texts(door.house_chat) if "Вопрос дома" in text])
    assert cards == after
    assert door.state == QuestionState.ANSWERED
    assert "redraw_card" not in {one.kind for one in door.question.errands}


def test_an_elder_whose_question_is_overdue_gets_the_text_of_an_official_appeal(
    door: OfficialsDoor,
) -> None:
    door.raise_question()
    before = len(door.told_texts(ELDER))

    door.wait_until(moscow("2027-01-25T17:00"))
    in_time = len(door.told_texts(ELDER))
    door.wait_until(moscow("2027-02-05T12:00"))

    assert in_time == before
    (appeal,) = door.told_texts(ELDER)[before:]
    assert "не ответили в срок" in appeal
    assert "УК «Двор»" in appeal
    assert "Садовая" in appeal
    assert "Когда починят лифт" in appeal
    assert "не заменяет официального обращения" in appeal


def test_a_reminder_that_was_put_off_into_the_night_waits_for_the_morning(
    door: OfficialsDoor,
) -> None:
    door.raise_question()
    first = door.question.remind_at[0].timestamp()
    door.wait_until(door.question.remind_at[0] - timedelta(minutes=30))
    # From the reminder's morning until after ten in the evening.
    door.fault(Kind.ERROR, "messages.send", code=9, until=first + 14 * 3600)

    door.pass_time(timedelta(hours=20))
    at_night = len(door.told_texts(OFFICIAL))
    door.pass_time(timedelta(hours=10))

    assert at_night == 1
    assert len(door.told_texts(OFFICIAL)) == at_night + 1
    reminded = datetime.fromtimestamp(door.told(OFFICIAL)[-1].date, MOSCOW)
    assert reminded.hour >= 9


def test_who_has_left_the_organisation_is_not_reminded(door: OfficialsDoor) -> None:
    door.raise_question()
    door.dismiss(OFFICIAL)

    door.wait_until(moscow("2027-01-15T10:00"))

    assert len(door.told_texts(OFFICIAL)) == 1
    assert len(door.told_texts(COLLEAGUE)) == 2


def test_after_an_answer_nobody_is_reminded(door: OfficialsDoor) -> None:
    door.raise_question()
    door.answer()
    told = len(door.told_texts(COLLEAGUE))

    door.wait_until(moscow("2027-01-16T12:00"))

    assert len(door.told_texts(COLLEAGUE)) == told


# The answer


def test_an_answer_is_shown_first_and_then_stands_in_the_chat_under_the_official_line(
    door: OfficialsDoor,
) -> None:
    door.raise_question()

    door.press(0, OFFICIAL, "Ответить")
    door.settle()
    door.write(0, OFFICIAL, "Лифт починят 20 января.")
    door.settle()
    before = list(door.texts(door.house_chat))
    door.press(0, OFFICIAL, "Опубликовать")
    door.settle()

    said = "Официально · УК «Двор» · Ответ на вопрос дома\n\nЛифт починят 20 января."
    assert any(said in text for text in door.told_texts(OFFICIAL))
    assert said not in before
    assert door.texts(door.house_chat).count(said) == 1
    assert door.state == QuestionState.ANSWERED
    assert "Если до 18 января, 18:00 никто не скажет" in door.texts(door.house_chat)[-1]


def test_only_the_latest_draft_can_be_published(door: OfficialsDoor) -> None:
    door.raise_question()
    door.press(0, OFFICIAL, "Ответить")
    door.settle()
    door.write(0, OFFICIAL, "Черновик.")
    door.settle()
    old = door.told(OFFICIAL)[-1].cmid
    door.write(0, OFFICIAL, "Лифт починят 20 января.")
    door.settle()

    refused = door.press(0, OFFICIAL, "Опубликовать", cmid=old)
    door.settle()
    door.press(0, OFFICIAL, "Опубликовать и закрепить")
    door.settle()

    assert "другой текст" in (door.snackbar(refused) or "")
    (given,) = door.question.answers
    pinned = door.at(door.house_chat).pinned
    assert given.text == "Лифт починят 20 января."
    assert pinned
    assert pinned.cmid == given.cmid


def test_who_has_lost_the_post_before_publishing_is_refused(door: OfficialsDoor) -> None:
    door.raise_question()
    door.press(0, OFFICIAL, "Ответить")
    door.settle()
    door.write(0, OFFICIAL, "Лифт починят 20 января.")
    door.settle()
    door.dismiss(OFFICIAL)

    refused = door.press(0, OFFICIAL, "Опубликовать")
    door.settle()

    assert "только представитель" in (door.snackbar(refused) or "")
    assert (door.question.answers, door.state) == ((), QuestionState.INVITED)


def test_nobody_is_asked_for_an_answer_that_came_too_late(door: OfficialsDoor) -> None:
    door.raise_question()
    door.press(0, OFFICIAL, "Ответить")
    door.settle()
    door.questions.save(replace(door.question, state=QuestionState.WITHDRAWN, errands=()))

    door.write(0, OFFICIAL, "Лифт починят 20 января.")
    door.settle()
    door.write(0, OFFICIAL, "Спасибо.")
    door.settle()

    assert door.told_texts(OFFICIAL)[-1] == "Этот вопрос сейчас не ждёт ответа."
    assert door.told_texts(OFFICIAL).count("Этот вопрос сейчас не ждёт ответа.") == 1


@pytest.mark.parametrize("who", [OF_HEATING, STRANGER, STAFF, ELDER])
def test_nobody_outside_the_organisation_can_answer(door: OfficialsDoor, who: int) -> None:
    door.raise_question()
    door.allow(who)

    presses = [
        door.forge(0, who, Press(Room.QUESTIONS, command, QUESTION, "1"))
        for command in ("answer", "publish", "not_ours", "redirect")
    ]
    by_hand = door.write(door.house_chat, STRANGER, "Я отвечу.", reply_to=door.question.card_cmid)
    door.settle()
    forged = door.forge(
        door.house_chat,
        STRANGER,
        Press(Room.QUESTIONS, "official", QUESTION, f"{STRANGER}:{by_hand}"),
    )
    door.settle()

    assert all(door.snackbar(press) for press in [*presses, forged])
    assert (door.question.answers, door.question.redirects) == ((), ())


def test_a_representative_who_writes_by_hand_can_make_it_official(door: OfficialsDoor) -> None:
    door.raise_question()

    door.write(door.house_chat, OFFICIAL, "Мастер придёт завтра.", reply_to=door.question.card_cmid)
    door.settle()
    others = door.press(door.house_chat, OF_HEATING, "Ответить официально")
    door.settle()
    door.press(door.house_chat, OFFICIAL, "Ответить официально")
    door.settle()

    assert door.snackbar(others) == "Эта кнопка для того, кто написал ответ."
    (given,) = door.question.answers
    assert given.text == "Мастер придёт завтра."
    assert (
        door.texts(door.house_chat).count(
            "Официально · УК «Двор» · Ответ на вопрос дома\n\nМастер придёт завтра."
        )
        == 1
    )


def test_an_answer_by_hand_is_taken_once_and_its_button_goes(door: OfficialsDoor) -> None:
    door.raise_question()
    door.write(door.house_chat, OFFICIAL, "Мастер придёт завтра.", reply_to=door.question.card_cmid)
    door.settle()
    (offer,) = [m.cmid for m in door.messages(door.house_chat) if m.text == texts.OFFER]
    before = door.labels(offer)

    door.press(door.house_chat, OFFICIAL, "Ответить официально")
    door.settle()

    assert (before, door.labels(offer)) == (["Ответить официально"], [])
    assert door.message(offer).text == texts.OFFER_TAKEN


def test_a_forged_button_under_another_message_leaves_that_as_it_is(door: OfficialsDoor) -> None:
    door.raise_question()
    card = door.question.card_cmid
    by_hand = door.write(door.house_chat, OFFICIAL, "Мастер придёт завтра.", reply_to=card)
    door.settle()
    before = door.message(card).text

    pressed = Press(Room.QUESTIONS, "official", QUESTION, f"{OFFICIAL}:{by_hand}")
    door.forge(door.house_chat, OFFICIAL, pressed, cmid=card)
    door.settle()

    assert len(door.question.answers) == 1
    assert door.message(card).text == before


def test_a_reply_to_what_tells_that_it_is_open_again_can_be_made_official(
    door: OfficialsDoor,
) -> None:
    door.raise_question()
    door.answer()
    door.say(ELDER, "not_solved")
    door.write(0, ELDER, "Лифт стоит по-прежнему, мастера не было.")
    door.settle()
    reopened = _saying(door, "Вопрос открыт снова")

    door.write(door.house_chat, OFFICIAL, "Мастер был сегодня.", reply_to=reopened)
    door.settle()
    door.press(door.house_chat, OFFICIAL, "Ответить официально")
    door.settle()

    assert door.question.answers[-1].text == "Мастер был сегодня."


def test_a_reply_to_what_tells_how_the_vote_ended_can_be_made_official(
    door: OfficialsDoor,
) -> None:
    door.raise_question()
    ended = _saying(door, "Голосование закончилось")

    door.write(door.house_chat, OFFICIAL, "Мастер придёт завтра.", reply_to=ended)
    door.settle()

    assert texts.OFFER in door.texts(door.house_chat)


def _saying(door: OfficialsDoor, beginning: str) -> int:
    """Return the message of the house chat that begins so."""
    (one,) = [m.cmid for m in door.messages(door.house_chat) if m.text.startswith(beginning)]
    return one


# What the residents say


def test_the_elder_says_that_it_is_solved_and_it_is_closed(door: OfficialsDoor) -> None:
    door.raise_question()
    door.answer()

    shown = door.say(ELDER, "solved")

    assert shown == "Вопрос закрыт: вы подтвердили, что он решён."
    assert door.state == QuestionState.CLOSED
    assert "Итог: вопрос решён, так сказал старший по дому." in door.texts(door.house_chat)[-1]


def test_three_residents_are_enough_and_each_counts_once(door: OfficialsDoor) -> None:
    door.raise_question()
    door.answer()

    for resident in (*RESIDENTS[:3], RESIDENTS[0]):
        door.say(resident, "solved")
    door.say(RESIDENTS[3], "not_solved")
    door.settle()
    labels = door.labels(door.question.solved_cmid)
    door.wait_until(moscow("2027-01-18T19:30"))

    assert labels == ["Решено 3", "Не решено 1"]
    assert door.state == QuestionState.CLOSED
    assert door.question.outcome == "Вопрос решён, так сказали жители."
    assert "Жители: решено — 3, не решено — 1." in door.texts(door.house_chat)[-1]


def test_whoever_answers_does_not_say_that_it_is_solved(door: OfficialsDoor) -> None:
    door.raise_question()
    door.answer()

    shown = door.say(OFFICIAL, "solved")
    door.settle()

    assert shown == "Решён ли вопрос, говорят жители, а не те, кто на него отвечает."
    assert door.labels(door.question.solved_cmid) == ["Решено 0", "Не решено 0"]


def test_a_chat_that_takes_no_answer_is_told_to_whoever_answered(door: OfficialsDoor) -> None:
    door.raise_question()
    door.fault(Kind.ERROR, "messages.send", code=917, peer_id=CHAT_PEERS + door.house_chat)

    door.answer()

    assert "Ответ не удалось опубликовать" in door.told_texts(OFFICIAL)[-1]


def test_after_three_redirects_the_municipality_is_told_to_decide(door: OfficialsDoor) -> None:
    door.raise_question()
    turns = [(OFFICIAL, "Теплосеть"), (OF_HEATING, "УК «Двор»")] * 2

    for official, other in turns:
        door.press(0, official, "Не наш вопрос")
        door.settle()
        door.press(0, official, other)
        door.settle()
        door.write(0, official, "Это оборудование не наше.")
        door.settle()

    assert (door.question.inn, door.question.round) == ("", 5)
    assert len(door.told_texts(STAFF)) == 1
    assert "Чей он, решат сотрудники муниципалитета." in door.told_texts(ELDER)[-1]


def test_silence_closes_it_at_the_hour_that_was_named(door: OfficialsDoor) -> None:
    door.raise_question()
    door.answer()

    door.wait_until(moscow("2027-01-18T17:59"))
    before = door.state
    door.wait_until(moscow("2027-01-18T19:30"))

    assert (before, door.state) == (QuestionState.ANSWERED, QuestionState.CLOSED)
    assert "Жители не сказали" in door.question.outcome


def test_the_elder_objects_says_why_and_officials_are_asked_again(door: OfficialsDoor) -> None:
    door.raise_question()
    door.answer()

    door.say(ELDER, "not_solved")
    door.write(0, ELDER, "Лифт стоит по-прежнему, мастера не было.")
    door.settle()

    assert (door.state, door.question.round) == (QuestionState.INVITED, 2)
    assert "мастера не было" in door.told_texts(OFFICIAL)[-1]
    (reopened,) = [text for text in door.texts(door.house_chat) if "открыт снова" in text]
    assert "Почему: Лифт стоит по-прежнему, мастера не было." in reopened


def test_a_reason_that_calls_the_whole_house_is_asked_for_again(door: OfficialsDoor) -> None:
    door.raise_question()
    door.answer()

    door.say(ELDER, "not_solved")
    door.write(0, ELDER, "@all лифт стоит по-прежнему!")
    door.settle()

    assert door.state == QuestionState.ANSWERED
    assert "Уберите упоминания" in door.told_texts(ELDER)[-1]


def test_an_elder_who_gives_no_reason_has_objected_all_the_same(door: OfficialsDoor) -> None:
    door.raise_question()
    door.answer()
    door.say(ELDER, "not_solved")

    door.wait_until(moscow("2027-01-18T19:30"))

    assert (door.state, door.question.round) == (QuestionState.INVITED, 2)


def test_a_second_answer_is_judged_anew_and_the_first_takes_no_more_words(
    door: OfficialsDoor,
) -> None:
    door.raise_question()
    door.answer()
    for resident in RESIDENTS[:3]:
        door.say(resident, "solved")
    first, its_turn = door.question.solved_cmid, str(door.question.turn)

    door.answer("Лифт починят 30 января: ждём деталь.")
    pressed = Press(Room.QUESTIONS, "solved", QUESTION, its_turn)
    late = door.forge(door.house_chat, RESIDENTS[3], pressed)
    door.happen()
    door.say(RESIDENTS[4], "not_solved")
    door.settle()

    assert door.labels(first) == []
    assert "Решено: 3, не решено: 0." in door.message(first).text
    assert "под новым ответом" in door.message(first).text
    assert door.labels(door.question.solved_cmid) == ["Решено 0", "Не решено 1"]
    assert "под новым ответом" in (door.snackbar(late) or "")
    assert len([text for text in door.texts(door.house_chat) if "Он решён?" in text]) == 1


def test_an_elder_s_reason_for_the_first_answer_does_not_reject_the_second(
    door: OfficialsDoor,
) -> None:
    door.raise_question()
    door.answer()
    door.say(ELDER, "not_solved")
    door.answer("Лифт починят 30 января: ждём деталь.")

    door.write(0, ELDER, "Лифт стоит по-прежнему, мастера не было.")
    door.settle()

    assert door.state == QuestionState.ANSWERED
    assert "под новым ответом" in door.told_texts(ELDER)[-1]


def test_what_was_counted_stays_under_an_answer_that_was_not_enough(door: OfficialsDoor) -> None:
    door.raise_question()
    door.answer()
    card = door.question.solved_cmid
    door.say(RESIDENTS[0], "not_solved")
    door.say(ELDER, "not_solved")

    door.write(0, ELDER, "Лифт стоит по-прежнему, мастера не было.")
    door.settle()

    assert door.state == QuestionState.INVITED
    assert door.labels(card) == []
    assert door.message(card).text.endswith("Решено: 0, не решено: 2.")


def test_most_say_not_solved_and_it_is_opened_again(door: OfficialsDoor) -> None:
    door.raise_question()
    door.answer()
    door.say(RESIDENTS[0], "solved")
    door.say(RESIDENTS[1], "not_solved")
    door.say(RESIDENTS[2], "not_solved")

    door.wait_until(moscow("2027-01-18T19:30"))
    late = door.say(RESIDENTS[3], "solved")

    assert (door.state, door.question.round) == (QuestionState.INVITED, 2)
    assert "Вопрос открыт снова" in "\n".join(door.texts(door.house_chat))
    assert late == "Об этом уже решено: вопрос закрыт или открыт снова."


# Not theirs


def test_a_question_that_is_not_theirs_goes_to_another_with_the_reason(door: OfficialsDoor) -> None:
    door.raise_question()

    door.press(0, OFFICIAL, "Не наш вопрос")
    door.settle()
    door.press(0, OFFICIAL, "Теплосеть")
    door.settle()
    door.write(0, OFFICIAL, "коротко")
    door.settle()
    door.write(0, OFFICIAL, "Лифт обслуживает другая организация.")
    door.settle()

    assert (door.question.inn, door.question.round) == (HEATING, 2)
    assert "хотя бы 10 знаков" in door.told_texts(OFFICIAL)[-2]
    assert "Лифт обслуживает другая организация." in door.told_texts(OF_HEATING)[-1]
    assert "УК «Двор» сообщает, что вопрос не к ней" in door.told_texts(ELDER)[-1]
    assert door.question.redirects == (f"{COMPANY}: Лифт обслуживает другая организация.",)


def test_an_organisation_that_has_left_the_house_is_not_asked_again(door: OfficialsDoor) -> None:
    door.put_duty_phone()
    door.raise_question()
    door.answer()
    left = {inn: kind for inn, kind in door.house.organisations.items() if inn != COMPANY}
    door.houses.by_id[door.house.id] = replace(door.house, organisations=left)
    asked_once = door.told_texts(OFFICIAL)

    door.say(ELDER, "not_solved")
    door.write(0, ELDER, "Лифт так и стоит, никто не приходил.")
    door.settle()

    assert (door.state, door.question.inn, door.question.kind) == (QuestionState.INVITED, "", None)
    assert door.told_texts(OFFICIAL) == asked_once
    assert door.sms.sent == []
    assert "Ответить" in repr(door.told(STAFF)[-1].keyboard)
