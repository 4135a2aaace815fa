"""A discussion goes from a time that is named to an empty chat, and everybody hears what is due."""

from datetime import UTC, datetime, timedelta

import pytest

from housechats.domain.discussions import DiscussionState
from housechats.domain.zones import zone_of
from local.vk.conversations import CHAT_PEERS
from local.vk.faults import Kind
from support.bot_door import ELDER, OKTMO
from support.discussion_door import NEIGHBOUR, OTHER, SPEAKER, DiscussionDoor


@pytest.fixture
def door() -> DiscussionDoor:
    return DiscussionDoor()


def test_a_question_is_discussed_and_its_chat_emptied(door: DiscussionDoor) -> None:
    discussion = door.name()
    door.press(door.house_chat, NEIGHBOUR, "Пойду")
    door.work_discussions()
    door.pass_until(discussion.starts_at + timedelta(minutes=1))
    room = door.discussion.chat_id
    door.join(room, SPEAKER, NEIGHBOUR, OTHER)
    door.write(room, SPEAKER, "Здравствуйте! Лифт ждёт деталь.")
    door.pass_time(timedelta(minutes=40))
    door.write(room, OTHER, "Когда она придёт?")
    door.pass_time(timedelta(hours=2))
    door.press(0, SPEAKER, "Написать протокол")
    door.work_discussions()
    for answer in ("Лифт починят", "Управляющая компания", "до 1 февраля"):
        door.wait(timedelta(seconds=20))
        door.write(0, SPEAKER, answer)
        door.work_discussions()
    door.press(0, SPEAKER, "Опубликовать")
    door.work_discussions()
    before_grace = door.members(room)
    door.pass_time(timedelta(hours=25))

    assert door.discussion.state == DiscussionState.EMPTIED
    assert before_grace == {SPEAKER, NEIGHBOUR, OTHER}
    assert door.members(room) == set()
    assert door.members(door.house_chat) == {ELDER, NEIGHBOUR, OTHER, SPEAKER}
    assert door.told_questions() == ["time_named", "discussion_over"]
    outcome = door.messages(door.house_chat)[-1].cmid
    assert door.to_questions.bodies[-1]["outcome_cmid"] == outcome
    assert [text.split(":")[0].split(".")[0] for text in door.house_texts[1:]] == [
        "Назначено обсуждение",
        "Напоминаем",
        "Обсуждение началось, ждём всех, кому важно",
        "Итог обсуждения",
    ]
    assert "1. Лифт починят\nКто: Управляющая компания\nСрок: до 1 февраля" in door.house_texts[-1]
    assert any("вы хотели прийти" in text for text in door.told_texts(NEIGHBOUR))
    assert door.discussion.removed == 3


def hour_of(door: DiscussionDoor, beginning: str) -> int:
    """Return the hour at which the house was told something, by its own clock."""
    (message,) = (one for one in door.messages(door.house_chat) if one.text.startswith(beginning))
    return datetime.fromtimestamp(message.date, UTC).astimezone(zone_of(OKTMO)).hour


def test_a_reminder_that_was_put_off_into_the_night_waits_for_the_morning(
    door: DiscussionDoor,
) -> None:
    door.name("ср 13.01, 19:00")
    a_day_before = door.discussion.starts_at - timedelta(days=1)
    door.pass_until(a_day_before - timedelta(minutes=20))
    until = door.clock.now() + 6 * 3600
    peer = CHAT_PEERS + door.house_chat
    door.fault(Kind.ERROR, "messages.send", code=9, until=until, peer_id=peer)

    door.pass_until(a_day_before + timedelta(hours=22))

    assert 8 <= hour_of(door, "Напоминаем") <= 12


def test_the_house_is_not_told_at_night_that_there_was_no_protocol(door: DiscussionDoor) -> None:
    discussion = door.name()
    door.pass_until(discussion.starts_at + timedelta(minutes=1))
    room = door.discussion.chat_id
    door.join(room, SPEAKER, NEIGHBOUR)
    while door.discussion.state == DiscussionState.OPEN:
        door.write(room, SPEAKER, "Ещё обсуждаем.")
        door.pass_time(timedelta(minutes=20))

    door.pass_time(timedelta(days=4))

    assert 8 <= hour_of(door, "Обсуждение прошло") <= 20


def test_a_press_that_comes_again_takes_nothing_of_the_protocol(door: DiscussionDoor) -> None:
    discussion = door.name()
    door.pass_until(discussion.starts_at + timedelta(minutes=1))
    door.join(door.discussion.chat_id, SPEAKER, NEIGHBOUR)
    door.write(door.discussion.chat_id, SPEAKER, "Здравствуйте!")
    door.pass_time(timedelta(hours=3))
    door.press(0, SPEAKER, "Написать протокол")
    (pressed,) = door.events()
    door.own.send([pressed.body])
    door.work_discussions()
    door.wait(timedelta(seconds=20))
    door.write(0, SPEAKER, "Лифт починят")
    door.work_discussions()
    door.seen.until.clear()  # its worker was killed before it had noted the press

    door.own.send([pressed.body])
    door.work_discussions()
    for answer in ("Управляющая компания", "до 1 февраля"):
        door.wait(timedelta(seconds=20))
        door.write(0, SPEAKER, answer)
        door.work_discussions()
    door.press(0, SPEAKER, "Опубликовать")
    door.work_discussions()

    assert door.house_texts[-1].count("1. Лифт починят\nКто: Управляющая компания") == 1
