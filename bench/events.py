"""Events of VK: through door and workers in this process, then through the whole system.

Table and queues are in memory, VK is the sandbox's core. Time is the processor's, so that a busy
machine does not change it; VK's pace is kept on the clock of the sandbox.
"""

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from activity import on_talk
from activity.count_talk import Desk as CountingDesk
from activity.count_talk import count_talk
from bench import event_system
from bench.rows import Row
from bench.traffic import AGAIN_S, CHATS, EVENTS, NEIGHBOURS, Street, Telling, Traffic, first_of
from housechats.domain.callbacks import Lane
from housechats.domain.questions import Question, QuestionState, Where
from support.activity_fakes import FakeTallies
from support.bot_door import KEY, BotDoor
from support.lambda_context import CONTEXT
from support.question_door import OKTMO, QuestionDoor

A_SECOND = 500
SECONDS = EVENTS // A_SECOND
TALK_BATCH = 1000
"""BatchSize of the queue of talk in template.yaml."""
CALLS_A_SECOND = 20


def measure() -> list[Row]:
    return [*_in_one_process(), *event_system.measure()]


def _in_one_process() -> list[Row]:
    with pytest.MonkeyPatch.context() as patch:
        town = _Town(patch)
        seconds = town.live()
    calls = len(town.questions.sandbox.journal.arrivals()) - town.calls_before
    lost, doubled = town.lost_and_doubled()
    return [
        Row.at_least(
            f"{EVENTS} events through door and workers: those of a processor's second ÷ {A_SECOND}",
            EVENTS / sum(seconds.values()) / A_SECOND,
            1,
            "×",
        ),
        Row.at_most("  the door alone, of a second's time", seconds["door"] / SECONDS, 1, "× time"),
        Row.at_most("  lost", lost, 0, "events"),
        Row.at_most("  doubled", doubled, 0, "events"),
        Row.at_most(
            "  their VK calls at the pace of one community",
            calls / CALLS_A_SECOND,
            SECONDS + AGAIN_S,
            "s",
        ),
    ]


class _Town:
    """Chats of one community, behind them the bot, its counters and the votes."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.questions = QuestionDoor(residents=CHATS * NEIGHBOURS)
        self.bot = BotDoor(clock=self.questions.clock)
        self.tallies = FakeTallies()
        self._share()
        self.streets = [self._street(number) for number in range(CHATS)]
        self._open(patch)
        vk, community = self.questions.sandbox, self.questions.community
        self.traffic = Traffic(vk, community, self.streets, minds_change=True)
        self.calls_before = len(self.questions.sandbox.journal.arrivals())

    def live(self) -> dict[str, float]:
        """Let all events happen, and the last of VK's repeats come; return what took how long."""
        seconds = {"door": 0.0, "workers": 0.0}
        late: dict[int, list[Telling]] = {}
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
            for second in range(SECONDS + AGAIN_S + 1):
                told = late.pop(second, [])
                for telling in self.traffic.go_on(A_SECOND):
                    due = second + telling.after
                    (late.setdefault(due, []) if telling.after else told).append(telling)
                seconds["door"] += _processor_time(partial(self._tell, told))
                seconds["workers"] += _processor_time(self._work)
                self.questions.wait(timedelta(seconds=1))
            self.questions.pass_time(timedelta(seconds=30))
        return seconds

    def lost_and_doubled(self) -> tuple[int, int]:
        """Lay what is kept and what was said beside what the sandbox knows to have happened."""
        truth, lost, doubled = self.traffic.truth, 0, 0
        for street in self.streets:
            counts = self._counts(street.chat_id)
            pairs = [
                (truth.messages[street.chat_id], counts[0]),
                (truth.joined[street.chat_id], counts[1]),
                (1, self._greetings(street.chat_id)),
            ]
            right = truth.tally(street.question_id)
            kept = self.questions.voices.tally(street.question_id, "vote")
            pairs += [(right.those_for, kept.those_for), (right.against, kept.against)]
            lost += sum(max(0, there - counted) for there, counted in pairs)
            doubled += sum(max(0, counted - there) for there, counted in pairs)
        told = [len(self.questions.told(vk_id)) for vk_id in truth.helped]
        return lost + told.count(0), doubled + sum(max(0, one - 1) for one in told)

    def _tell(self, told: list[Telling]) -> None:
        for telling in told:
            if self.bot.tell_door(telling.event, retry=telling.retry) != "ok":
                raise RuntimeError("the door did not take an event")

    def _work(self) -> None:
        bodies = self.bot.queues[Lane.TALK].take()
        for first in range(0, len(bodies), TALK_BATCH):
            some = bodies[first : first + TALK_BATCH]
            if on_talk.handle(_records(some), CONTEXT)["batchItemFailures"]:
                raise RuntimeError("talk was given back")
        self.bot.work()
        self.questions.own.send(self.bot.queues[Lane.QUESTIONS].take())
        self.questions.work()

    def _street(self, number: int) -> Street:
        chat_id = self.questions.chat(title=f"ул. Садовая, {number}")
        home = self.questions.at(chat_id)
        self.questions.join(chat_id, *range(first_of(chat_id), first_of(chat_id) + NEIGHBOURS))
        house_id, now = f"{number:08X}", self.questions.clock.moment()
        house = replace(
            self.questions.house, id=house_id, digest=house_id, chat_id=chat_id, elder_id=""
        )
        self.questions.houses.by_id[house_id] = house
        self.questions.chats.remember(house.community, chat_id, house_id=house_id)
        saying = self.questions.saying("Вопрос дома", random_id=chat_id)
        cmid = self.questions.talk.say(chat_id, saying)
        question = Question(
            id=f"{number:016x}",
            house_id=house_id,
            oktmo=OKTMO,
            community=house.community,
            chat_id=chat_id,
            text="Когда починят лифт?",
            where=Where.ENTRANCE,
            raised_by="vk:1",
            raised_at=now,
            state=QuestionState.VOTING,
            vote_until=now + timedelta(days=2),
            enough=CHATS * NEIGHBOURS,
            card_cmid=cmid,
            card_at=now,
            card_shown_at=now,
            card_number=1,
        )
        self.questions.questions.add(question)
        return Street(chat_id, home.link, cmid, question.id)

    def _share(self) -> None:
        """Have both doors stand in one town: one messenger, one table."""
        for noun in ("sandbox", "http", "api", "talk", "houses", "chats", "elders", "cards"):
            setattr(self.bot, noun, getattr(self.questions, noun))
        for noun in ("posts", "dialogues", "seen"):
            setattr(self.bot, noun, getattr(self.questions, noun))

    def _open(self, patch: pytest.MonkeyPatch) -> None:
        self.questions.open(patch)
        self.bot.open(patch)
        desk = CountingDesk(self.questions.chats, self.questions.houses, self.tallies, KEY)
        patch.setattr(on_talk, "wired", lambda: partial(count_talk, desk=desk))

    def _counts(self, chat_id: int) -> tuple[int, int]:
        house_id = self.questions.chats.house_of(self.questions.community, chat_id)
        counts = [
            one.counts for name, one in self.tallies.kept.items() if name.house_id == house_id
        ]
        return sum(one.messages for one in counts), sum(one.joined for one in counts)

    def _greetings(self, chat_id: int) -> int:
        said = self.questions.messages(chat_id)
        return sum("Кто отвечает за дом" in str(one.keyboard) for one in said)


def _records(bodies: Iterable[Mapping[str, object]]) -> dict[str, Any]:
    return {
        "Records": [
            {"messageId": str(n), "body": json.dumps(body)} for n, body in enumerate(bodies)
        ]
    }


def _processor_time(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
