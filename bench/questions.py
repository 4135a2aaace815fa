"""What a question costs from its card to its end, and a discussion until its chat is empty."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any, cast

import pytest

from bench.activity import Meter
from bench.rows import Row
from housechats.adapters.dialogues import DynamoDialogues, DynamoSeenEvents
from housechats.adapters.discussions import (
    DynamoDiscussionChats,
    DynamoDiscussions,
    DynamoInterested,
)
from housechats.adapters.questions import DynamoQuestions, DynamoVoices
from housechats.adapters.table import Table
from housechats.domain.chat_events import Press, Room
from housechats.domain.discussions import DiscussionState
from housechats.domain.people import Role
from support.aws_mock import aws, new_table
from support.discussion_door import NEIGHBOUR, SPEAKER, DiscussionDoor
from support.killing import Wire
from support.officials_door import OfficialsDoor
from support.question_door import COMPANY, ELDER
from support.talk_door import TalkDoor

VOTERS, PEOPLE, THIRD = 30, 200, 616
SENDING = ("own.send", "to_questions.send", "discussions.send")
READS = {"houses.get", "posts.known", "chats.house_of", "elders.get", "cards.get", "rooms.get"}
"""What is read of nouns that are in memory here: a unit each."""
SWEPT = {"due", "to_clean"}
"""What a sweep asks for all questions at once."""


def measure() -> list[Row]:
    return [*_question(), *_discussion()]


@dataclass(frozen=True)
class _Billed:
    """A noun in memory; whatever is asked of it the real table is asked as well, for the bill."""

    ours: Any
    real: Any

    def __getattr__(self, name: str) -> Any:
        ours = getattr(self.ours, name)
        real = None if name in SWEPT else getattr(self.real, name, None)
        if real is None:
            return ours

        @wraps(ours)
        def both(*args: Any, **kwargs: Any) -> Any:
            real(*args, **kwargs)
            return ours(*args, **kwargs)

        return both


def _question() -> Iterator[Row]:
    with aws(), pytest.MonkeyPatch.context() as patch:
        table, meter = new_table("questions-bench"), Meter()
        door = OfficialsDoor(residents=10 * VOTERS)
        door.name(THIRD, Role.REPRESENTATIVE, inn=COMPANY)
        door.questions = cast("Any", _Billed(door.questions, DynamoQuestions(table)))
        door.voices = cast("Any", _Billed(door.voices, DynamoVoices(table)))
        _bill(door, table)
        door.open(patch)
        door.join(door.house_chat, *_people(VOTERS))
        door.happen()
        before = _spent(door, meter, door.wire)
        door.asked(text="Когда починят лифт во втором подъезде?")
        for vk_id in _people(VOTERS):
            door.forge_command(vk_id, "for", door.question.id, chat_id=door.house_chat)
            door.happen()
            door.pass_time(timedelta(minutes=1))
        door.settle()
        assert len(door.question.told) == 3, door.question
        door.answer()
        asked = door.question
        solved = Press(Room.QUESTIONS, "solved", asked.id, str(asked.turn))
        door.forge(door.house_chat, ELDER, solved)
        door.settle()
        assert door.question.state.over, door.question
        spent = _spent(door, meter, door.wire) - before
    what = f"a question, {VOTERS} votes a minute apart, 3 representatives"
    yield from spent.rows(what, vk=120, written=700, read=500, queue=300)


def _discussion() -> Iterator[Row]:
    with aws():
        table, meter, wire = new_table("discussions-bench"), Meter(), Wire()
        door = DiscussionDoor(reached=wire.watch)
        door.discussions = cast("Any", _Billed(door.discussions, DynamoDiscussions(table)))
        door.rooms = cast("Any", _Billed(door.rooms, DynamoDiscussionChats(table)))
        door.interested = cast("Any", _Billed(door.interested, DynamoInterested(table)))
        _bill(door, table)
        door.seen = wire.watch("seen", door.seen)
        before = _spent(door, meter, wire)
        discussion = door.name()
        door.press(door.house_chat, NEIGHBOUR, "Пойду")
        door.work_discussions()
        door.pass_until(discussion.starts_at + timedelta(minutes=1))
        room = door.discussion.chat_id
        door.join(room, SPEAKER, *_people(PEOPLE - 1))
        for minute in range(40):
            door.write(room, SPEAKER if minute % 2 else _people(1)[0], "Добрый вечер!")
            door.pass_time(timedelta(minutes=1))
        door.pass_time(timedelta(hours=2))
        door.press(0, SPEAKER, "Написать протокол")
        door.work_discussions()
        for answer in ("Лифт починят", "Управляющая компания", "до 1 февраля"):
            door.wait(timedelta(seconds=20))
            door.write(0, SPEAKER, answer)
            door.work_discussions()
        door.press(0, SPEAKER, "Опубликовать")
        door.work_discussions()
        door.pass_time(timedelta(hours=25))
        assert door.discussion.state == DiscussionState.EMPTIED, door.discussion.state
        assert door.discussion.removed == PEOPLE
        spent = _spent(door, meter, wire) - before
    yield from spent.rows(
        f"a discussion of {PEOPLE} people", vk=50, written=150, read=200, queue=120
    )


@dataclass(frozen=True)
class _Spent:
    vk_calls: int
    """What is in one `execute` is one."""
    written: float
    read: float
    requests: int
    """Of queues, if every message comes alone: sent, received, deleted."""

    def __sub__(self, before: "_Spent") -> "_Spent":
        return _Spent(
            self.vk_calls - before.vk_calls,
            self.written - before.written,
            self.read - before.read,
            self.requests - before.requests,
        )

    def rows(self, what: str, *, vk: int, written: int, read: int, queue: int) -> list[Row]:
        return [
            Row.at_most(f"{what}: VK calls", self.vk_calls, vk, "calls"),
            Row.at_most("  writes", self.written, written, "units"),
            Row.at_most("  reads", self.read, read, "units"),
            Row.at_most("  queue requests", self.requests, queue, "requests"),
        ]


def _spent(door: TalkDoor, meter: Meter, wire: Wire) -> _Spent:
    """Return all that was spent until now."""
    reads = sum(call in READS for call in wire.calls)
    bodies = sum(call == "seen.seen" or call.startswith(SENDING) for call in wire.calls)
    vk_calls = len(door.sandbox.journal.arrivals())
    return _Spent(vk_calls, meter.written, meter.read + reads, 3 * bodies)


def _bill(door: Any, table: Table) -> None:
    door.dialogues = _Billed(door.dialogues, DynamoDialogues(table))
    door.seen = _Billed(door.seen, DynamoSeenEvents(table))


def _people(number: int) -> range:
    return range(10_000, 10_000 + number)
