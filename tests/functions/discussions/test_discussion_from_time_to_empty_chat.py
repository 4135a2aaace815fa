"""A discussion goes from a time that is named to an empty chat, and everybody hears what is due."""

from datetime import timedelta

import pytest

from housechats.domain.discussions import DiscussionState
from support.bot_door import ELDER
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
    assert [text.split(":")[0].split(".")[0] for text in door.house_texts[1:]] == [
        "Назначено обсуждение",
        "Напоминаем",
        "Обсуждение началось, ждём всех, кому важно",
        "Итог обсуждения",
    ]
    assert "1. Лифт починят\nКто: Управляющая компания\nСрок: до 1 февраля" in door.house_texts[-1]
    assert any("вы хотели прийти" in text for text in door.told_texts(NEIGHBOUR))
    assert door.discussion.removed == 3
