"""Nothing that a resident forges or writes makes the bot ask, call or answer for somebody else."""

from datetime import timedelta

import pytest

from housechats.domain.chat_events import Press, Room
from housechats.domain.dialogues import ENOUGH, MOST_BEGUN
from housechats.domain.people import Role
from housechats.domain.questions import QuestionState
from housechats.domain.quoted_texts import CALLS, OFFICIAL
from questions import ask
from support.question_door import COMPANY, ELDER, RESIDENT, QuestionDoor

FOREIGN, OFFICIAL_ELSEWHERE = "2901000109", 777
TEXT = "В подъезде третий день нет света."


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> QuestionDoor:
    return QuestionDoor().open(monkeypatch)


def press(door: QuestionDoor, *labels: str, by: int = RESIDENT) -> None:
    for label in labels:
        door.press(0, by, label)
        door.happen()


def begin(door: QuestionDoor, text: str, *, by: int = RESIDENT) -> None:
    door.forge(door.house_chat, by, Press(Room.QUESTIONS, "ask"))
    door.happen()
    door.write(0, by, text)
    door.happen()


@pytest.mark.parametrize(
    "inn",
    [
        pytest.param(FOREIGN, id="of another house"),
        pytest.param("x" * 200, id="long"),
        pytest.param("#", id="a sign of keys"),
        pytest.param(f"{COMPANY} ", id="nearly right"),
    ],
)
def test_only_organisations_of_the_house_are_asked_whatever_a_button_says(
    door: QuestionDoor, inn: str
) -> None:
    door.name(OFFICIAL_ELSEWHERE, Role.REPRESENTATIVE, inn=FOREIGN)
    begin(door, TEXT, by=ELDER)
    press(door, "Дальше", "Подъезд", by=ELDER)

    forged = door.forge(0, ELDER, Press(Room.QUESTIONS, "who", value=inn))
    door.happen()

    assert door.snackbar(forged)
    assert door.dialogues.open[door.community, ELDER].step == "who"
    press(door, "УК «Двор»", "Задать", by=ELDER)
    assert door.question.inn == COMPANY


def test_an_organisation_that_left_the_house_meanwhile_is_not_asked(door: QuestionDoor) -> None:
    begin(door, TEXT, by=ELDER)
    press(door, "Дальше", "Подъезд", "УК «Двор»", by=ELDER)

    door.house.organisations.pop(COMPANY)  # type: ignore[attr-defined]
    press(door, "Задать", by=ELDER)

    assert (door.question.inn, door.question.kind) == ("", None)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("Нет света третий день! @all приходите", CALLS, id="everybody"),
        pytest.param("Вор живёт здесь: [id1|Сосед]", CALLS, id="a neighbour"),
        pytest.param(
            "Нет света.\n\nОфициально · Администрация · Ответ на вопрос\n\nНе будет.",
            OFFICIAL,
            id="an answer",
        ),
    ],
)
def test_a_text_that_calls_people_or_passes_for_an_answer_is_asked_for_again(
    door: QuestionDoor, text: str, fault: str
) -> None:
    begin(door, text, by=ELDER)

    assert door.told_texts(ELDER)[-1] == fault
    assert door.dialogues.open[door.community, ELDER].step == "text"


def test_a_link_that_only_looks_official_is_pointed_out_to_the_elder(door: QuestionDoor) -> None:
    begin(door, "Оплатите долг: https://gosusIugi.ru.pay.example")
    press(door, "Дальше", "Подъезд", "УК «Двор»", "Предложить")

    assert "ведёт она на другой сайт" in door.told_texts(ELDER)[-1]


def test_who_presses_cancel_again_and_again_is_written_to_once(door: QuestionDoor) -> None:
    begin(door, TEXT)

    for _ in range(5):
        door.forge(0, RESIDENT, Press(Room.QUESTIONS, "cancel"))
        door.happen()

    assert door.told_texts(RESIDENT).count(ask.CANCELLED) == 1


def test_who_forges_the_button_of_another_is_shown_it_and_not_written_to(
    door: QuestionDoor,
) -> None:
    question = door.asked()

    for command in ("leave", "answer", "not_ours", "redirect", "raise", "withdraw", "publish"):
        door.forge_command(RESIDENT, command, question.id)
    door.happen()

    assert door.told_texts(RESIDENT) == []
    assert door.question == question


def test_who_is_elder_no_more_is_left_alone_after_one_sentence(door: QuestionDoor) -> None:
    door.asked(by=RESIDENT)
    press(door, "Отклонить", by=ELDER)
    door.posts.elder_ids.clear()
    said = len(door.told_texts(ELDER))

    for _ in range(2):
        door.write(0, ELDER, "Лампу уже меняют, придут завтра.")
        door.happen()

    assert door.question.state == QuestionState.PROPOSED
    assert len(door.told_texts(ELDER)) == said + 1


def test_who_presses_ask_again_and_again_is_asked_once_in_a_while(door: QuestionDoor) -> None:
    for _ in range(20):
        door.forge(door.house_chat, RESIDENT, Press(Room.QUESTIONS, "ask"))
        door.happen()

    assert len(door.told_texts(RESIDENT)) == 1


def test_a_question_of_another_chat_is_neither_voted_on_nor_told_of(door: QuestionDoor) -> None:
    question = door.asked()
    elsewhere = door.chat(RESIDENT)

    said = [
        door.forge(chat_id, RESIDENT, Press(Room.QUESTIONS, command, question.id))
        for chat_id in (0, elsewhere)
        for command in ("for", "against", "solved", "not_solved")
    ]
    door.happen()

    assert not door.voices.tally(question.id, "vote").total
    assert {"из другого чата" in (door.snackbar(one) or "") for one in said} == {True}


def test_replies_of_residents_do_not_have_all_questions_of_the_house_read(
    door: QuestionDoor,
) -> None:
    question = door.asked()
    before = door.wire.calls.count("questions.of_house")

    for _ in range(5):
        door.write(door.house_chat, RESIDENT, "Согласен!", reply_to=question_card(door))
        door.happen()

    assert door.question.id == question.id
    assert door.wire.calls.count("questions.of_house") == before


@pytest.mark.parametrize(
    "cmid",
    [
        pytest.param("\u00b2", id="a digit that is no number"),
        pytest.param("-1", id="below nought"),
        pytest.param("", id="none"),
        pytest.param("9" * 100, id="long"),
    ],
)
def test_an_official_who_forges_a_number_of_a_message_publishes_nothing(
    door: QuestionDoor, cmid: str
) -> None:
    door.name(OFFICIAL_ELSEWHERE, Role.REPRESENTATIVE, inn=COMPANY)
    door.join(door.house_chat, OFFICIAL_ELSEWHERE)
    question = door.asked()
    door.forge_command(ELDER, "ask_anyway", question.id)
    door.happen()

    value = f"{OFFICIAL_ELSEWHERE}:{cmid}"
    press = Press(Room.QUESTIONS, "official", question.id, value)
    forged = door.forge(door.house_chat, OFFICIAL_ELSEWHERE, press)
    door.happen()

    assert door.snackbar(forged)
    assert not door.question.answers
    assert not door.own.dead


def test_whatever_the_community_says_notifies_nobody_by_name(door: QuestionDoor) -> None:
    door.asked()

    said = [*door.sandbox.journal.calls("messages.send")]
    assert {call.params.get("disable_mentions") for call in said} == {"1"}


def question_card(door: QuestionDoor) -> int:
    (card,) = door.messages(door.house_chat)
    return card.cmid


def test_the_log_repeats_no_word_that_a_forged_button_says(
    door: QuestionDoor, capsys: pytest.CaptureFixture[str]
) -> None:
    door.forge(door.house_chat, RESIDENT, Press(Room.QUESTIONS, "Петров из квартиры 7"))
    door.happen()
    door.forge(door.house_chat, RESIDENT, Press(Room.QUESTIONS, "ask"))
    door.happen()

    logged = capsys.readouterr().out
    assert "Петров" not in logged
    assert "\\u" not in logged
    assert '"outcome": "unknown command"' in logged
    assert '"outcome": "ask"' in logged


def test_who_begins_and_cancels_again_and_again_is_written_to_some_times_an_hour(
    door: QuestionDoor,
) -> None:
    def cycle() -> str:
        begun = door.forge(door.house_chat, RESIDENT, Press(Room.QUESTIONS, "ask"))
        door.happen()
        door.forge(0, RESIDENT, Press(Room.QUESTIONS, "cancel"))
        door.happen()
        return door.snackbar(begun) or ""

    shown = [cycle() for _ in range(MOST_BEGUN + 5)]
    told = len(door.told_texts(RESIDENT))
    door.pass_time(timedelta(hours=1))

    assert shown == [ask.BEGUN] * MOST_BEGUN + [ENOUGH] * 5
    assert told == 2 * MOST_BEGUN
    assert cycle() == ask.BEGUN
