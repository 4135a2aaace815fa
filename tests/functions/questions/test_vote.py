"""Residents vote by the buttons of a card: each has one voice, and every one is counted."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from housechats.domain.chat_events import ChatEvent, Press, Room
from housechats.domain.questions import EDITED_EVERY, QuestionState, Tally, Voice, voter_of
from questions import vote
from support.question_door import ELDER, RESIDENT, QuestionDoor

NEIGHBOURS = tuple(range(700, 730))
DAY = timedelta(days=1)


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> QuestionDoor:
    door = QuestionDoor(residents=400).open(monkeypatch)
    door.join(door.house_chat, *NEIGHBOURS)
    door.asked()
    return door


def pressed(door: QuestionDoor, who: int, command: str, **how: Any) -> str:
    """Press a button of the card, whatever it says by now; return the press's id."""
    chat_id = how.pop("chat_id", door.house_chat)
    return door.forge(chat_id, who, Press(Room.QUESTIONS, command, door.question.id), **how)


def shown(door: QuestionDoor) -> list[str]:
    """Return the labels of the buttons under the latest card."""
    card = next(m for m in reversed(door.messages(door.house_chat)) if m.keyboard)
    assert card.keyboard
    return [key["action"]["label"] for row in card.keyboard["buttons"] for key in row]


def shown_at(door: QuestionDoor) -> list[float]:
    """Return when the card was posted or edited, by the sandbox's journal."""
    calls = door.sandbox.journal.calls("messages.edit")
    return sorted(call.at for call in calls)


def test_thirty_neighbours_vote_with_repeats_and_changes_and_each_counts_once(
    door: QuestionDoor,
) -> None:
    dice = random.Random(1)
    last: dict[int, str] = {}
    for _ in range(120):
        who, command = dice.choice(NEIGHBOURS), dice.choice(["for", "against"])
        pressed(door, who, command)
        last[who] = command
        door.clock.sleep(dice.random())
        if dice.random() < 0.3:
            door.happen(times=dice.choice([1, 2]))
    door.happen(times=2)
    door.pass_time(timedelta(seconds=30))

    words = list(last.values())
    expected = Tally(words.count("for"), words.count("against"))
    assert door.voices.tally(door.question.id, "vote") == expected
    assert shown(door) == [f"Поддерживаю {expected.those_for}", f"Против {expected.against}"]


def test_a_card_is_edited_every_five_seconds_at_most_however_many_vote(
    door: QuestionDoor,
) -> None:
    for who in NEIGHBOURS:
        pressed(door, who, "for")
        door.happen()
        door.pass_time(timedelta(seconds=1))
    door.pass_time(timedelta(seconds=30))

    moments = shown_at(door)
    assert 4 <= len(moments) <= 8
    pauses = [b - a for a, b in pairwise(moments)]
    assert min(pauses) >= EDITED_EVERY.total_seconds()
    assert shown(door) == ["Поддерживаю 30", "Против 0"]


def test_workers_that_vote_together_lose_no_voice(door: QuestionDoor) -> None:
    desk, question = door.desk(), door.question
    for who in NEIGHBOURS * 2:
        pressed(door, who, "for" if who % 3 else "against")
    events = [event for event in door.events() if event.press]
    random.Random(2).shuffle(events)

    def count(event: ChatEvent) -> str:
        assert event.press
        return vote.vote(event, event.press, desk, voice=Voice(event.press.command))

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(count, events))
    door.pass_time(timedelta(seconds=20))

    assert len(said) == len(events)
    against = sum(1 for who in NEIGHBOURS if not who % 3)
    assert door.voices.tally(question.id, "vote") == Tally(30 - against, against)
    assert shown(door) == [f"Поддерживаю {30 - against}", f"Против {against}"]


def test_who_presses_is_told_that_the_voice_was_taken(door: QuestionDoor) -> None:
    press_id = pressed(door, RESIDENT, "against")

    door.happen()

    assert door.snackbar(press_id) == "Ваш голос «против» учтён."


def test_a_late_repeat_of_an_older_press_changes_nothing(door: QuestionDoor) -> None:
    pressed(door, RESIDENT, "for")
    (old,) = [event for event in door.events() if event.press]
    door.clock.sleep(3)
    pressed(door, RESIDENT, "against")
    door.happen()

    door.own.send([old.body])
    door.work()

    assert door.voices.tally(door.question.id, "vote") == Tally(0, 1)


def test_a_card_older_than_a_day_is_posted_anew_and_voices_under_both_count(
    door: QuestionDoor,
) -> None:
    old = door.question.card_cmid
    door.pass_time(DAY)

    pressed(door, RESIDENT, "for", cmid=old)
    door.happen()
    door.pass_time(timedelta(seconds=10))
    new = door.question.card_cmid
    pressed(door, ELDER, "for", cmid=old)
    pressed(door, NEIGHBOURS[0], "for", cmid=new)
    door.happen()
    door.pass_time(timedelta(seconds=10))

    assert new != old
    assert shown(door) == ["Поддерживаю 3", "Против 0"]
    cards = [m for m in door.messages(door.house_chat) if "Вопрос дома" in m.text]
    assert len(cards) == 2


def test_nobody_votes_from_another_chat(door: QuestionDoor) -> None:
    elsewhere = door.chat(RESIDENT, title="Чужой дом")

    press_id = pressed(door, RESIDENT, "for", chat_id=elsewhere)
    privately = door.forge_command(RESIDENT, "for", door.question.id)
    door.happen()

    assert door.snackbar(press_id) == vote.NOT_THIS_CHAT
    assert door.snackbar(privately) == vote.NOT_THIS_CHAT
    assert door.voices.tally(door.question.id, "vote") == Tally()


def test_a_forged_press_for_no_question_is_told_so(door: QuestionDoor) -> None:
    press_id = door.forge_command(RESIDENT, "for", "nothing", chat_id=door.house_chat)

    door.happen()

    assert door.snackbar(press_id) == vote.NO_SUCH


def test_enough_voices_end_the_vote_at_once_and_the_officials_are_asked(
    door: QuestionDoor,
) -> None:
    assert door.question.enough == 40
    door.questions.by_id[door.question.id] = replace(door.question, enough=5)

    for who in NEIGHBOURS[:5]:
        pressed(door, who, "for")
        door.happen()
    door.pass_time(timedelta(seconds=30))

    assert door.question.state == QuestionState.INVITED
    assert door.question.tally == Tally(5, 0)
    assert door.question.round == 1
    said = door.texts(door.house_chat)
    assert any(text.startswith("Голосование закончилось: за 5, против 0.") for text in said)
    card = next(m for m in door.messages(door.house_chat) if "Вопрос дома" in m.text)
    assert not (card.keyboard or {}).get("buttons")


def test_a_voice_after_the_vote_is_told_that_it_has_ended(door: QuestionDoor) -> None:
    door.pass_time(timedelta(days=7, hours=2))

    press_id = pressed(door, RESIDENT, "for")
    door.happen()

    assert door.question.state == QuestionState.UNSUPPORTED
    assert door.snackbar(press_id) == vote.OVER


def test_a_voice_in_time_that_arrives_before_the_count_is_counted(door: QuestionDoor) -> None:
    question = door.question
    assert question.vote_until
    door.clock.seconds = question.vote_until.timestamp() - 1
    pressed(door, RESIDENT, "against")
    door.happen()
    door.pass_time(timedelta(minutes=5))

    assert door.question.tally == Tally(0, 1)


def test_too_few_voices_leave_it_to_the_elder_who_may_send_it_all_the_same(
    door: QuestionDoor,
) -> None:
    pressed(door, RESIDENT, "for")
    door.happen()
    door.pass_time(timedelta(days=7, hours=2))

    door.press(0, ELDER, "Отправить ответственным")
    door.happen()

    assert door.question.state == QuestionState.INVITED
    assert door.question.tally == Tally(1, 0)


def test_too_few_voices_and_a_silent_elder_close_the_question(door: QuestionDoor) -> None:
    door.pass_time(timedelta(days=7, hours=2))

    door.pass_time(timedelta(days=14, hours=1))

    assert door.question.state == QuestionState.CLOSED
    assert any(text.startswith("Вопрос закрыт") for text in door.texts(door.house_chat))


def test_nobody_learns_from_what_is_kept_who_has_voted(door: QuestionDoor) -> None:
    pressed(door, RESIDENT, "for")
    door.happen()

    kept = str(door.voices.said)
    assert str(RESIDENT) not in kept
    assert voter_of("a key", door.question.id, RESIDENT) in kept
