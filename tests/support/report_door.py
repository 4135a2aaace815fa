"""A house whose people complain and report: the sandbox in front, the two workers behind."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

import complaints.on_event as complaints_event
import moderation.on_event as moderation_event
from complaints import go_on as complaints_go_on
from complaints import react as complaints_react
from complaints.hand_over_due import hand_over_due as hand_over_complaints
from housechats.domain.addresses import Address
from housechats.domain.audit import Act
from housechats.domain.chat_events import Press, Room
from housechats.domain.complaints import Complaint
from housechats.domain.houses import ChatState, House
from housechats.domain.organisations import OrganisationKind
from housechats.domain.people import Elder, Post, Role
from housechats.domain.reports import Report
from housechats.domain.territories import Territory
from housechats.domain.webhooks import Webhook, WebhookEvent
from moderation import go_on as moderation_go_on
from moderation import react as moderation_react
from moderation.hand_over_due import hand_over_due as hand_over_reports
from support.clock import JANUARY
from support.dialogue_fakes import FakeDialogues, FakeSeenEvents
from support.fakes import FakeChats, FakeElders, FakeHouses
from support.killing import Killed, Wire
from support.lambda_context import CONTEXT
from support.question_door import FakeOfficialPosts, LateQueue
from support.report_fakes import FakeCarrier, FakeComplaints, FakeReports, FakeWebhooks
from support.talk_door import TalkDoor
from support.turn_fakes import FakeTurns

OKTMO, HOUSE_ID, ELDER_ID = "11701000", "ABCDEF01", "elder-of-the-house"
ELDER, RESIDENT, NEIGHBOUR, STRANGER = 502, 601, 602, 699
OFFICIAL, STAFF, ADMINISTRATOR = 701, 801, 802
COMPANY = "2901000017"
URL = "https://uk.example.ru/complaints"
KEY = "a key"
ROUTED = {Room.COMPLAINTS: complaints_event, Room.MODERATION: moderation_event}


class FakeActs:
    """A ledger that keeps what is settled in it, once."""

    def __init__(self) -> None:
        self.acts: dict[str, Act] = {}

    def settle(self, act: Act) -> None:
        self.acts.setdefault(act.id, act)


@dataclass
class ReportDoor(TalkDoor):
    """The use cases and VkTalk are the real ones; the table is in memory, VK is the sandbox."""

    wire: Wire = field(default_factory=Wire)

    def __post_init__(self) -> None:
        super().__post_init__()
        moment = self.clock.moment
        self.complaints, self.reports = FakeComplaints(), FakeReports()
        self.webhooks, self.carrier, self.ledger = FakeWebhooks(), FakeCarrier(), FakeActs()
        self.houses, self.chats = FakeHouses(), FakeChats()
        self.elders, self.posts = FakeElders(moment), FakeOfficialPosts()
        self.dialogues, self.seen = FakeDialogues(moment), FakeSeenEvents(moment)
        self.turns = FakeTurns()
        self.queues = {room: LateQueue(self.clock) for room in ROUTED}
        self.house_chat = self.chat(ELDER, RESIDENT, NEIGHBOUR)
        self.allow(ELDER, RESIDENT, NEIGHBOUR)
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
            organisations={COMPANY: OrganisationKind.MANAGEMENT_COMPANY},
        )
        self.houses.by_id[HOUSE_ID] = house
        self.chats.remember(self.community, self.house_chat, house_id=HOUSE_ID)
        far = JANUARY.replace(year=2037)
        self.elders.put(ELDER_ID, Elder("Анна Петровна", vk_id=ELDER), until=far)
        self.posts.elder_ids[ELDER] = frozenset({ELDER_ID})
        self.events()

    def open(self, monkeypatch: pytest.MonkeyPatch) -> "ReportDoor":
        watch = self.wire.watch
        talk, houses = watch("talk", self.talk), watch("houses", self.houses)
        posts, seen = watch("posts", self.posts), watch("seen", self.seen)
        of_complaints = complaints_event.Doors(
            complaints_react.Desk(
                dialogues=watch("dialogues", self.dialogues),
                turns=watch("turns", self.turns),
                chats=watch("chats", self.chats),
                houses=houses,
                complaints=watch("complaints", self.complaints),
                posts=posts,
                queue=watch("queue", self.queues[Room.COMPLAINTS]),
                talk_of=lambda _: talk,
            ),
            complaints_go_on.Desk(
                complaints=watch("complaints", self.complaints),
                houses=houses,
                posts=posts,
                webhooks=watch("webhooks", self.webhooks),
                carrier=watch("carrier", self.carrier),
                talk_of=lambda _: talk,
                key=KEY,
            ),
            seen,
        )
        of_reports = moderation_event.Doors(
            moderation_react.Desk(
                reports=watch("reports", self.reports),
                chats=watch("chats", self.chats),
                houses=houses,
                elders=watch("elders", self.elders),
                posts=posts,
                turns=watch("turns", self.turns),
                queue=watch("queue", self.queues[Room.MODERATION]),
                talk_of=lambda _: talk,
                key=KEY,
            ),
            moderation_go_on.Desk(
                reports=watch("reports", self.reports),
                houses=houses,
                elders=watch("elders", self.elders),
                posts=posts,
                ledger=watch("ledger", self.ledger),
                talk_of=lambda _: talk,
            ),
            seen,
        )
        for module, doors in ((complaints_event, of_complaints), (moderation_event, of_reports)):
            monkeypatch.setattr(module, "wired", lambda doors=doors: doors)
            monkeypatch.setattr(module, "this_moment", self.clock.moment)
        return self

    def name(self, vk_id: int, role: Role, *, inn: str = "", oktmo: str = OKTMO) -> None:
        """Give somebody a post."""
        post = Post(vk_id, role, Territory(oktmo), JANUARY, "operator", inn=inn)
        self.posts.posts.append(post)
        self.allow(vk_id)

    def without_elder(self) -> None:
        house = self.houses.by_id[HOUSE_ID]
        self.houses.by_id[HOUSE_ID] = replace(house, elder_id="")
        self.posts.elder_ids.clear()

    def set_webhook(self, *events: WebhookEvent) -> Webhook:
        events = (WebhookEvent.SENT, *events)
        webhook = Webhook(COMPANY, "11", URL, events, "a-nonce", "vk:1", JANUARY)
        self.webhooks.put(webhook)
        return webhook

    # The workers

    def happen(self, *, times: int = 1) -> None:
        """Let what people have done come to where it leads, each of it so often."""
        self.arrive(times=times)
        self.work()

    def arrive(self, *, times: int = 1) -> None:
        """Do what the door and the receptionist do: hand each event to its room."""
        for event in self.events():
            dialogue = self.dialogues.get(self.community, event.user)
            open_room = dialogue.room if dialogue and not event.chat_id else None
            room = event.press.room if event.press else open_room
            if room in self.queues:
                self.queues[room].send([event.body] * times)

    def report(self, vk_id: int, cmid: int) -> None:
        """Have somebody reply with «/жалоба» to a message of the house chat."""
        self.events()
        self.write(self.house_chat, vk_id, "/жалоба", reply_to=cmid)
        said = Press(Room.MODERATION, "report")
        for event in self.events():
            self.queues[Room.MODERATION].send([replace(event, press=said).body])
        self.work()

    def work(self) -> None:
        """Work all that is visible in the queues by now."""
        for room, queue in self.queues.items():
            while batch := queue.receive():
                records: list[dict[str, Any]] = [
                    {"messageId": str(n), "body": json.dumps(one.body)}
                    for n, one in enumerate(batch)
                ]
                try:
                    answer = ROUTED[room].handle({"Records": records}, CONTEXT)
                except Killed:
                    continue
                failed = {int(one["itemIdentifier"]) for one in answer["batchItemFailures"]}
                queue.acknowledge(one for n, one in enumerate(batch) if n not in failed)

    def sweep(self) -> None:
        now = self.clock.moment()
        hand_over_complaints(
            complaints=self.complaints, queue=self.queues[Room.COMPLAINTS], now=now
        )
        hand_over_reports(reports=self.reports, queue=self.queues[Room.MODERATION], now=now)
        self.work()

    def pass_time(self, passed: timedelta, *, every: timedelta = timedelta(minutes=10)) -> None:
        """Let time pass with a sweep now and then."""
        until = self.clock.now() + passed.total_seconds()
        while self.clock.now() < until:
            self.wait(min(every, timedelta(seconds=until - self.clock.now())))
            self.sweep()
        self.work()

    # What people do

    def press_and_see(self, vk_id: int, label: str) -> str:
        """Press a button of the private dialog, and return what is shown."""
        press = self.press(0, vk_id, label)
        self.happen()
        return self.snackbar(press) or ""

    def complain(
        self,
        vk_id: int = RESIDENT,
        *,
        text: str = "Третий день не работает лифт.",
        contact: str = "",
        photos: int = 0,
    ) -> Complaint:
        """Go through the whole dialogue, and return what was sent."""
        known = set(self.complaints.by_id)
        self.forge(self.house_chat, vk_id, Press(Room.COMPLAINTS, "begin"))
        self.happen()
        self._answer(vk_id, press="Лифт")
        self._answer(vk_id, text=text, photos=photos)
        self._answer(vk_id, press="Подъезд")
        self._answer(vk_id, text="2")
        if not photos:
            self._answer(vk_id, press="Без фото")
        if contact:
            self._answer(vk_id, text=contact)
        else:
            self._answer(vk_id, press="Не оставлять контакт")
        self._answer(vk_id, press="Отправить")
        (new,) = set(self.complaints.by_id) - known
        return self.complaints.by_id[new]

    def _answer(self, vk_id: int, *, press: str = "", text: str = "", photos: int = 0) -> None:
        self.wait(timedelta(seconds=5))
        if press:
            self.press(0, vk_id, press)
        else:
            self.write(0, vk_id, text, photos=photos)
        self.happen()

    # What came of it

    @property
    def complaint(self) -> Complaint:
        """The only complaint there is."""
        (one,) = self.complaints.by_id.values()
        return one

    @property
    def the_report(self) -> Report:
        """The only report there is."""
        (one,) = self.reports.by_id.values()
        return one

    def silence(self, people: Iterable[int]) -> None:
        """Have people not let the bot write to them."""
        for vk_id in people:
            self.sandbox.deny_messages(vk_id)
