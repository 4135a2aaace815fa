"""A house whose people ask and vote: the sandbox in front, the worker of questions behind."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Lock
from typing import Any

import pytest

from housechats.domain.addresses import Address
from housechats.domain.chat_events import ChatEvent, EventKind, Press, Room
from housechats.domain.commands import read_command
from housechats.domain.houses import ChatState, House
from housechats.domain.organisation_cards import OrganisationCard
from housechats.domain.organisations import OrganisationKind
from housechats.domain.people import Elder, Post, Role
from housechats.domain.questions import Question
from housechats.domain.territories import Territory
from housechats.ports.people import Known
from questions import on_event
from questions.desk import Desk
from questions.hand_over_due import hand_over_due
from support.broadcast_texts_fakes import FakeRulebook
from support.clock import JANUARY, VirtualClock
from support.dialogue_fakes import FakeDialogues, FakeSeenEvents
from support.fakes import FakeChats, FakeElders, FakeHouses, FakeQueue, FakeTextMessages
from support.killing import Killed, Wire
from support.lambda_context import CONTEXT
from support.officials_fakes import FakeTermbook
from support.organisation_fakes import FakeCards
from support.question_fakes import FakeQuestionRulebook, FakeQuestions, FakeVoices
from support.talk_door import TalkDoor
from support.turn_fakes import FakeTurns

OKTMO = "11701000"
HOUSE_ID = "ABCDEF01"
ELDER_ID = "elder-of-the-house"
ELDER, RESIDENT = 502, 601
COMPANY, HEATING = "2901000017", "2901000024"
TEXT = "В подъезде третий день нет света."
VISIBILITY_S = 180
RECEIVES = 10
BATCH = 10


class FakeOfficialPosts:
    """Tells who has which post, as a test has said."""

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.elder_ids: dict[int, frozenset[str]] = {}

    def known(self, vk_id: int) -> Known:
        theirs = tuple(post for post in self.posts if post.vk_id == vk_id)
        return Known(theirs, self.elder_ids.get(vk_id, frozenset()))

    def of_territory(self, territory: Territory) -> list[Post]:
        return [post for post in self.posts if territory.covers(post.territory.oktmo)]


@dataclass
class Parcel:
    body: dict[str, Any]
    visible_at: float
    receives: int = 0


class LateQueue:
    """Hands bodies over when their delay is over; what is not acknowledged comes again."""

    def __init__(self, clock: VirtualClock) -> None:
        self.parcels: list[Parcel] = []
        self.dead: list[Parcel] = []
        self._clock = clock
        self._one_at_a_time = Lock()

    def send(
        self, bodies: Iterable[Mapping[str, str | int]], *, delay_s: int = 0, group: str = ""
    ) -> None:
        with self._one_at_a_time:
            at = self._clock.now() + delay_s
            self.parcels += [Parcel(dict(body), at) for body in bodies]

    def receive(self) -> list[Parcel]:
        now = self._clock.now()
        due = [one for one in self.parcels if one.visible_at <= now][:BATCH]
        for one in due:
            one.receives += 1
            one.visible_at = now + VISIBILITY_S
            if one.receives > RECEIVES:
                self.dead.append(one)
                self.parcels.remove(one)
        return [one for one in due if one.receives <= RECEIVES]

    def acknowledge(self, some: Iterable[Parcel]) -> None:
        gone = [id(one) for one in some]
        self.parcels = [one for one in self.parcels if id(one) not in gone]

    @property
    def next_at(self) -> float | None:
        return min((one.visible_at for one in self.parcels), default=None)


@dataclass
class QuestionDoor(TalkDoor):
    """The use cases and VkTalk are the real ones; the table is in memory, VK is the sandbox."""

    wire: Wire = field(default_factory=Wire)
    residents: int = 40

    def __post_init__(self) -> None:
        super().__post_init__()
        moment = self.clock.moment
        self.questions, self.voices = FakeQuestions(), FakeVoices()
        self.rules, self.terms = FakeQuestionRulebook(), FakeTermbook()
        self.quiet_hours, self.sms = FakeRulebook(), FakeTextMessages()
        self.houses, self.chats = FakeHouses(), FakeChats()
        self.elders, self.posts = FakeElders(moment), FakeOfficialPosts()
        self.cards = FakeCards()
        self.dialogues, self.seen = FakeDialogues(moment), FakeSeenEvents(moment)
        self.turns = FakeTurns()
        self.own, self.discussions = LateQueue(self.clock), FakeQueue()
        self.activity = FakeQueue()
        self.house_chat = self.chat(ELDER, RESIDENT)
        self.allow(ELDER, RESIDENT)
        self._add_house()
        self.swept_at = self.clock.now()
        self.sandbox.events(self.community)
        self.events()

    def _add_house(self) -> None:
        house = House(
            id=HOUSE_ID,
            digest=HOUSE_ID,
            oktmo=OKTMO,
            address=Address(street="Садовая", street_type="ул", house="5"),
            community=self.community,
            created_at=JANUARY,
            state=ChatState.OPEN,
            chat_id=self.house_chat,
            elder_id=ELDER_ID,
            residents=self.residents,
            organisations={
                COMPANY: OrganisationKind.MANAGEMENT_COMPANY,
                HEATING: OrganisationKind.UTILITY,
            },
        )
        self.houses.by_id[HOUSE_ID] = house
        self.chats.remember(self.community, self.house_chat, house_id=HOUSE_ID)
        far = JANUARY.replace(year=2037)
        self.elders.put(ELDER_ID, Elder("Анна Петровна", vk_id=ELDER), until=far)
        self.posts.elder_ids[ELDER] = frozenset({ELDER_ID})
        company, utility = OrganisationKind.MANAGEMENT_COMPANY, OrganisationKind.UTILITY
        self.cards.add(OrganisationCard(COMPANY, company, "УК «Двор»", OKTMO))
        self.cards.add(OrganisationCard(HEATING, utility, "Теплосеть", OKTMO))

    @property
    def house(self) -> House:
        return self.houses.by_id[HOUSE_ID]

    def without_elder(self) -> None:
        self.houses.by_id[HOUSE_ID] = replace(self.house, elder_id="")
        self.posts.elder_ids.clear()

    def name(self, vk_id: int, role: Role, *, inn: str = "", oktmo: str = OKTMO) -> None:
        """Give somebody a post."""
        post = Post(vk_id, role, Territory(oktmo), JANUARY, "operator", inn=inn)
        self.posts.posts.append(post)
        self.allow(vk_id)

    # The worker

    def open(self, monkeypatch: pytest.MonkeyPatch) -> "QuestionDoor":
        doors = on_event.Doors(self.desk(), self.wire.watch("seen", self.seen))
        monkeypatch.setattr(on_event, "wired", lambda: doors)
        return self

    def desk(self) -> Desk:
        watch, talk = self.wire.watch, self.wire.watch("talk", self.talk)
        return Desk(
            questions=watch("questions", self.questions),
            voices=watch("voices", self.voices),
            chats=watch("chats", self.chats),
            houses=watch("houses", self.houses),
            posts=watch("posts", self.posts),
            elders=watch("elders", self.elders),
            dialogues=watch("dialogues", self.dialogues),
            turns=watch("turns", self.turns),
            cards=watch("cards", self.cards),
            rulebook=watch("rulebook", self.rules),
            termbook=watch("termbook", self.terms),
            quiet_hours=watch("quiet_hours", self.quiet_hours),
            sms=watch("sms", self.sms),
            talk_of=lambda _: talk,
            own=watch("own", self.own),
            discussions=watch("discussions", self.discussions),
            activity=watch("activity", self.activity),
            key="a key",
            clock=self.clock.moment,
        )

    def arrive(self, *, times: int = 1) -> None:
        """Have what people have done arrive in the queue, each of it so often."""
        for event in self.events():
            if routed := self._routed(event):
                for _ in range(times):
                    self.own.send([routed.body])

    def _routed(self, event: ChatEvent) -> ChatEvent | None:
        """Return what the door and the receptionist send to this room."""
        if event.kind == EventKind.TEXT and event.press is None:
            return self._text(event)
        ours = event.press and event.press.room == Room.QUESTIONS
        return event if ours else None

    def _text(self, event: ChatEvent) -> ChatEvent | None:
        chat_id, vk_id = event.chat_id, event.user
        written = (
            self.talk.read(chat_id, event.cmid)
            if chat_id
            else self.talk.read_private(vk_id, event.cmid)
        )
        press = read_command(
            written.text if written else "",
            community=self.community,
            privately=not chat_id,
            replies=bool(event.reply_cmid),
        )
        if press:
            return replace(event, press=press) if press.room == Room.QUESTIONS else None
        is_reply = bool(chat_id and event.reply_to < 0)
        return event if is_reply or not chat_id else None

    def work(self) -> None:
        """Work all that is visible in the queue by now."""
        while batch := self.own.receive():
            records = [
                {"messageId": str(n), "body": json.dumps(one.body)} for n, one in enumerate(batch)
            ]
            try:
                answer = on_event.handle({"Records": records}, CONTEXT)
            except Killed:
                continue
            failed = {int(one["itemIdentifier"]) for one in answer["batchItemFailures"]}
            self.own.acknowledge(one for n, one in enumerate(batch) if n not in failed)

    def happen(self, *, times: int = 1) -> None:
        """Let what people have done come to where it leads, by now."""
        self.arrive(times=times)
        self.work()

    def sweep(self) -> None:
        hand_over_due(questions=self.questions, queue=self.own, now=self.clock.moment())
        self.work()

    def pass_time(self, passed: timedelta) -> None:
        """Let time pass with all that it brings: late bodies, and a sweep each minute or later."""
        until = self.clock.now() + passed.total_seconds()
        while self.clock.now() < until:
            steps = [until, self.swept_at + self._sweep_every(passed)]
            steps += [self.own.next_at] if self.own.next_at else []
            self.clock.seconds = max(self.clock.now(), min(steps))
            if self.clock.now() >= self.swept_at + self._sweep_every(passed):
                self.swept_at = self.clock.now()
                self.sweep()
            self.work()

    def _sweep_every(self, passed: timedelta) -> float:
        return 60 if passed <= timedelta(hours=2) else 3600

    # What is there

    @property
    def question(self) -> Question:
        """The only question there is."""
        (one,) = self.questions.by_id.values()
        return one

    def forge_command(self, vk_id: int, command: str, thing: str = "", *, chat_id: int = 0) -> str:
        return self.forge(chat_id, vk_id, Press(Room.QUESTIONS, command, thing))

    def asked(
        self, *, by: int = ELDER, text: str = "В подъезде третий день нет света."
    ) -> Question:
        """Have somebody go through the dialogue, and return the question."""
        known = set(self.questions.by_id)
        self.forge(self.house_chat, by, Press(Room.QUESTIONS, "ask"))
        self.happen()
        self.write(0, by, text)
        self.happen()
        for label in ("Дальше", "Подъезд", "УК «Двор»"):
            self.press(0, by, label)
            self.happen()
        self.press(0, by, "Задать" if by == ELDER else "Предложить")
        self.happen()
        (new,) = set(self.questions.by_id) - known
        return self.questions.by_id[new]
