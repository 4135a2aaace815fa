"""A house with a question that waits for its officials, in a community of the sandbox.

Time passes minute by minute as the sweeps see it; the doors of discussions work what is due.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cleanup_discussions import empty_room
from discussions import go_on
from discussions import on_event as worker
from discussions.desk import Desk, Office
from discussions.on_event import Doors
from housechats.adapters.vk import VkChats
from housechats.adapters.vk_gatherings import VkGatherings
from housechats.domain.discussions import Discussion
from housechats.domain.people import Post, Role
from housechats.domain.questions import Question, QuestionState, Where
from housechats.domain.territories import Territory
from housechats.ports.talks import Pressed
from support.bot_door import COMPANY, ELDER, OKTMO, BotDoor
from support.clock import JANUARY
from support.discussion_fakes import (
    FakeDiscussionChats,
    FakeDiscussions,
    FakeInterested,
    FakeStarts,
)
from support.fakes import FakeQueue
from support.killing import Killed

SPEAKER, OFFICIAL, NEIGHBOUR, OTHER = 600, 610, 701, 702
QUESTION = "question-1"
MINUTE = timedelta(minutes=1)


class KnownQuestions:
    """Tells of questions what a test has told of them."""

    def __init__(self, *questions: Question) -> None:
        self.by_id = {one.id: one for one in questions}

    def get(self, record_id: str) -> Question | None:
        return self.by_id.get(record_id)


@dataclass
class DiscussionDoor(BotDoor):
    reached: Callable[[str, Any], Any] = field(default=lambda _, port: port)
    """What a worker has of a port: the port itself, or one over a wire."""

    def __post_init__(self) -> None:
        super().__post_init__()
        now = self.clock.moment
        self.discussions = FakeDiscussions(now)
        self.rooms = FakeDiscussionChats(self.chats)
        self.interested = FakeInterested(now)
        self.starts, self.cleanings = FakeStarts(), FakeStarts()
        self.own, self.cleanups, self.to_questions = FakeQueue(), FakeQueue(), FakeQueue()
        self.handed_back: list[Any] = []
        """What a worker was killed at: the queue hands it over again."""
        self.join(self.house_chat, ELDER, NEIGHBOUR, OTHER, SPEAKER)
        self.allow(SPEAKER, NEIGHBOUR)
        self.name_speaker(SPEAKER)
        self.posts.posts[OFFICIAL] = (
            Post(OFFICIAL, Role.STAFF, Territory(OKTMO), JANUARY, "operator"),
        )
        card = self.talk.say(self.house_chat, self.saying("Карточка вопроса", random_id=77))
        self.questions = KnownQuestions(
            Question(
                id=QUESTION,
                house_id="ABCDEF01",
                oktmo=OKTMO,
                community=self.community,
                chat_id=self.house_chat,
                text="Когда починят лифт в третьем подъезде?",
                where=Where.ENTRANCE,
                raised_by=f"vk:{ELDER}",
                raised_at=JANUARY,
                state=QuestionState.INVITED,
                inn=COMPANY,
                card_cmid=card,
                invited_at=JANUARY,
            )
        )
        self.events()

    def name_speaker(self, vk_id: int) -> None:
        territory = Territory(OKTMO)
        post = Post(vk_id, Role.REPRESENTATIVE, territory, JANUARY, "operator", inn=COMPANY)
        self.posts.posts[vk_id] = (post,)

    # What workers work with

    @property
    def office(self) -> Office:
        reached = self.reached
        return Office(
            discussions=reached("discussions", self.discussions),
            questions=reached("questions", self.questions),
            houses=reached("houses", self.houses),
            posts=reached("posts", self.posts),
            rulebook=reached("rulebook", self.rulebook),
            own=reached("own", self.own),
            clock=self.clock.moment,
        )

    @property
    def desk_of_discussions(self) -> Desk:
        reached = self.reached
        return Desk(
            office=self.office,
            chats=reached("chats", self.chats),
            rooms=reached("rooms", self.rooms),
            interested=reached("interested", self.interested),
            communities=reached("communities", self.communities),
            dialogues=reached("dialogues", self.dialogues),
            turns=reached("turns", self.turns),
            talk_of=lambda _: reached("talk", self.talk),
            maker_of=lambda _: reached("maker", VkChats(self.api, self.community)),
            gathering_of=lambda _: reached("gathering", VkGatherings(self.api)),
            starts=reached("starts", self.starts),
            cleanings=reached("cleanings", self.cleanings),
            to_questions=reached("to_questions", self.to_questions),
            lease=timedelta(seconds=120),
        )

    @property
    def desk_of_cleaning(self) -> empty_room.Desk:
        reached = self.reached
        return empty_room.Desk(
            discussions=reached("discussions", self.discussions),
            rooms=reached("rooms", self.rooms),
            communities=reached("communities", self.communities),
            talk_of=lambda _: reached("talk", self.talk),
            cleanings=reached("cleanings", self.cleanups),
            lease=timedelta(seconds=120),
            works_for=timedelta(seconds=30),
            clock=self.clock.moment,
        )

    # What passes

    def work_discussions(self) -> None:
        """Have the worker take what people did, and what lies in its queue."""
        desk = self.desk_of_discussions
        doors = Doors(desk, self.seen)
        answers: list[tuple[int, Pressed]] = []
        bodies: list[Any] = [e.body for e in self.events() if e.press or not e.chat_id]
        bodies, self.handed_back = [*self.handed_back, *bodies, *self.own.take()], []
        for body in bodies:
            try:
                worker.work(json.loads(json.dumps(body)), doors, answers)
            except Killed:
                self.handed_back.append(body)
        self.talk.answer([answer for _, answer in answers])

    def clean(self) -> list[str]:
        """Have the cleaners take what lies in their queue."""
        desk, outcomes = self.desk_of_cleaning, []
        for body in self.cleanups.take():
            try:
                outcomes.append(str(empty_room.empty_room(str(body["discussion_id"]), desk=desk)))
            except Killed:
                self.cleanups.send([body])
        return outcomes

    def pass_time(self, span: timedelta, *, step: timedelta = timedelta(minutes=5)) -> None:
        """Let time pass, with the sweeps of both rooms."""
        until = self.clock.moment() + span
        while self.clock.moment() < until:
            self.wait(min(step, until - self.clock.moment()))
            self.sweep()

    def sweep(self) -> None:
        now = self.clock.moment()
        go_on.hand_over_due(discussions=self.discussions, own=self.own, now=now)
        self.work_discussions()
        empty_room.hand_over_due(
            discussions=self.discussions, cleanings=self.cleanups, now=now, limit=100
        )
        self.clean()

    def pass_until(self, moment: datetime, **how: Any) -> None:
        self.pass_time(moment - self.clock.moment(), **how)

    # What came of it

    @property
    def discussion(self) -> Discussion:
        """Return the latest discussion."""
        return max(self.discussions.by_id.values(), key=lambda one: (one.created_at, one.id))

    @property
    def house_texts(self) -> list[str]:
        return self.texts(self.house_chat)

    def told_questions(self) -> list[str]:
        return [str(body["happened"]) for body in self.to_questions.bodies]

    def set_question(self, **changes: Any) -> None:
        there = self.questions.by_id[QUESTION]
        self.questions.by_id[QUESTION] = replace(there, **changes)

    def name(self, label: str = "") -> Discussion:
        """Have the representative name a time privately, by the first button or another one."""
        self.forge_private("name_time", QUESTION)
        self.work_discussions()
        self.press(0, SPEAKER, label or self.proposed()[0])
        self.work_discussions()
        self.press(0, SPEAKER, "Назначить")
        self.work_discussions()
        return self.discussion

    def forge_private(self, command: str, thing: str, *, by: int = SPEAKER, value: str = "") -> str:
        from housechats.domain.chat_events import Press, Room  # noqa: PLC0415

        return self.forge(0, by, Press(Room.DISCUSSIONS, command, thing, value))

    def proposed(self, vk_id: int = SPEAKER) -> list[str]:
        """Return the labels of the buttons of the last private message."""
        rows = (self.told(vk_id)[-1].keyboard or {}).get("buttons", [])
        return [key["action"]["label"] for row in rows for key in row]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
