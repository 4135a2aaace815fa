"""A discussion's worker is killed at any call to a port: everything is said once all the same."""

from collections import Counter
from datetime import timedelta
from functools import cache

import pytest

from housechats.domain.discussions import DiscussionState
from support.discussion_door import NEIGHBOUR, SPEAKER, DiscussionDoor
from support.killing import Wire

MINUTE = timedelta(minutes=1)
APART = 5
"""Every so manieth call is where a worker dies, in one run after another."""


def live_through(wire: Wire) -> DiscussionDoor:
    """Have a discussion named, held, and settled without a protocol; workers may die on the way."""
    door = DiscussionDoor(reached=wire.watch)
    door.forge_private("name_time", "question-1")
    settle(door)
    door.press(0, SPEAKER, "пн 11.01, 19:00")
    settle(door)
    door.press(0, SPEAKER, "Назначить")
    settle(door)
    door.press(door.house_chat, NEIGHBOUR, "Пойду")
    settle(door)
    door.pass_until(door.discussion.starts_at + 10 * MINUTE, step=3 * MINUTE)
    door.join(door.discussion.chat_id, SPEAKER, NEIGHBOUR)
    door.write(door.discussion.chat_id, SPEAKER, "Добрый вечер!")
    door.pass_time(timedelta(hours=2), step=10 * MINUTE)
    door.pass_time(timedelta(hours=80), step=timedelta(hours=1))
    door.pass_time(timedelta(hours=40), step=timedelta(hours=1))
    return door


def settle(door: DiscussionDoor) -> None:
    for _ in range(3):
        door.work_discussions()
        door.wait(timedelta(seconds=5))


def heard(door: DiscussionDoor) -> Counter[tuple[str, str]]:
    """Return what was said where, and how often."""
    places = {
        "house": door.house_texts,
        "room": door.texts(door.discussion.chat_id),
        "speaker": door.told_texts(SPEAKER),
        "neighbour": door.told_texts(NEIGHBOUR),
    }
    return Counter((place, text[:60]) for place, texts in places.items() for text in texts)


@cache
def undisturbed() -> tuple[Counter[tuple[str, str]], int]:
    wire = Wire()
    return heard(live_through(wire)), len(wire.calls)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("first", range(1, APART + 1))
def test_whoever_is_killed_everybody_hears_everything_once(when: str, first: int) -> None:
    usual, calls = undisturbed()
    for number in range(first, calls + 1, APART):
        wire = Wire(**{when: [number]})
        door = live_through(wire)

        assert heard(door) == usual, number
        assert door.discussion.state == DiscussionState.EMPTIED
        assert door.calls("messages.createChat") == 1
        assert door.members(door.discussion.chat_id) == set()
        assert set(door.told_questions()) == {"time_named", "discussion_over"}
