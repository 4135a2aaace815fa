"""The bot with its two doors: what people do in the sandbox goes in, what it says comes out."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot import guide, on_callback, on_event
from bot.desk import Desk
from bot.on_callback import Door
from housechats.adapters.vk import VkLetters
from housechats.domain.addresses import Address
from housechats.domain.callbacks import Lane, proof_of, secret_of
from housechats.domain.chat_events import Room
from housechats.domain.houses import ChatState, House
from housechats.domain.organisation_cards import OrganisationCard
from housechats.domain.organisations import OrganisationKind
from housechats.domain.people import Elder, Post
from housechats.domain.posters import poster_key
from housechats.ports.people import Known
from housechats.ports.talks import Capabilities
from support.broadcast_texts_fakes import FakeRulebook
from support.clock import JANUARY
from support.dialogue_fakes import FakeDialogues, FakeSeenEvents
from support.fakes import (
    FakeChats,
    FakeCommunities,
    FakeElders,
    FakeFiles,
    FakeHouses,
    FakeQueue,
    new_community,
)
from support.guide_fakes import FakeGuides, FakeServices
from support.killing import Killed, Wire
from support.lambda_context import CONTEXT
from support.organisation_fakes import FakeCards
from support.renewal_fakes import FakeResidents
from support.talk_door import COMMUNITY, TalkDoor
from support.turn_fakes import FakeTurns

KEY = "a key of the server"
OKTMO = "11701000"
ELDER_ID = "elder-of-the-house"
ELDER = 502
COMPANY = "2901000017"
TRIES = 20


class FakePosts:
    """Tells of pages what a test has told of them."""

    def __init__(self) -> None:
        self.posts: dict[int, tuple[Post, ...]] = {}
        self.elder_ids: dict[int, frozenset[str]] = {}

    def known(self, vk_id: int) -> Known:
        return Known(self.posts.get(vk_id, ()), self.elder_ids.get(vk_id, frozenset()))


@dataclass
class BotDoor(TalkDoor):
    """Rooms beside the bot's are queues into which one can look."""

    wire: Wire = field(default_factory=Wire)
    community: int = COMMUNITY

    def __post_init__(self) -> None:
        super().__post_init__()
        self.houses = FakeHouses()
        self.chats = FakeChats()
        self.elders = FakeElders(self.clock.moment)
        self.posts = FakePosts()
        self.cards = FakeCards()
        self.services = FakeServices()
        self.turns = FakeTurns()
        self.seen = FakeSeenEvents(self.clock.moment)
        self.dialogues = FakeDialogues(self.clock.moment)
        self.communities = FakeCommunities(new_community(self.community))
        self.rulebook = FakeRulebook()
        self.guides = FakeGuides()
        self.files = FakeFiles()
        self.queues = {lane: FakeQueue() for lane in Lane}
        self.house_chat = self.chat(title="ул. Садовая, д. 5")
        self.add_house(self.house_chat)
        self.sandbox_told = len(self.sandbox.events(self.community))

    # The house

    def add_house(self, chat_id: int, house_id: str = "ABCDEF01") -> None:
        house = House(
            id=house_id,
            digest=house_id,
            oktmo=OKTMO,
            address=Address(street="Садовая", street_type="ул", house="5"),
            community=self.community,
            created_at=JANUARY,
            state=ChatState.OPEN,
            chat_id=chat_id,
            link="https://vk.me/join/1",
            elder_id=ELDER_ID,
            letter_id="letter",
            organisations={COMPANY: OrganisationKind.MANAGEMENT_COMPANY},
        )
        self.houses.by_id[house_id] = house
        self.chats.remember(self.community, chat_id, house_id=house_id)
        self.elders.put(
            ELDER_ID,
            Elder("Анна Петровна", vk_id=ELDER),
            until=JANUARY.replace(year=2030),
            house_ids=frozenset({house_id}),
        )
        self.posts.elder_ids[ELDER] = frozenset({ELDER_ID})
        self.cards.add(
            OrganisationCard(COMPANY, OrganisationKind.MANAGEMENT_COMPANY, "УК «Двор»", OKTMO)
        )
        self.files.put(poster_key(house_id), b"%PDF", content_type="application/pdf")

    @property
    def house(self) -> House:
        return self.houses.by_id["ABCDEF01"]

    # The doors

    def open(self, monkeypatch: pytest.MonkeyPatch) -> "BotDoor":
        lanes = {lane: self._watched(str(lane), queue) for lane, queue in self.queues.items()}
        door = Door(KEY, lanes, self.clock.moment)
        desk = self._desk()
        monkeypatch.setattr(on_callback, "wired", lambda: door)
        monkeypatch.setattr(on_event, "wired", lambda: desk)
        return self

    def callbacks(self) -> list[dict[str, Any]]:
        """Return what VK has to tell since it was last asked."""
        events = self.sandbox.events(self.community)
        fresh, self.sandbox_told = events[self.sandbox_told :], len(events)
        return fresh

    def tell_door(self, event: dict[str, Any], *, retry: int = 0) -> str:
        """Tell the door as VK does, and return its answer."""
        body = json.dumps(event | {"secret": secret_of(KEY, self.community)})
        path = {
            "community": str(self.community),
            "proof": proof_of(KEY, self.community, "c0de"),
        }
        headers = {"x-retry-counter": str(retry)} if retry else {}
        answer = on_callback.handle(
            {"pathParameters": path, "headers": headers, "body": body}, CONTEXT
        )
        return str(answer["body"])

    def work(self, *, times: int = 1) -> None:
        """Let the receptionist work all that lies in its queue, each of it so often."""
        bodies = [body for body in self.queues[Lane.EVENTS].take() for _ in range(times)]
        for first in range(0, len(bodies), 10):
            self._work(bodies[first : first + 10])

    def happen(self) -> None:
        """Let what people have done come to where it leads."""
        for event in self.callbacks():
            assert self.tell_door(event) == "ok"
        self.work()

    def handed_on(self, lane: Lane) -> list[dict[str, Any]]:
        return list(self.queues[lane].bodies)

    def _work(self, bodies: list[dict[str, str | int]]) -> None:
        """Work a batch until nothing is given back; a killed worker's comes again whole."""
        left = bodies
        for _ in range(TRIES):
            if not left:
                return
            records = [
                {"messageId": str(n), "body": json.dumps(body)} for n, body in enumerate(left)
            ]
            try:
                answer = on_event.handle({"Records": records}, CONTEXT)
            except Killed:
                self.clock.sleep(180)
                continue
            failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
            left = [body for n, body in enumerate(left) if str(n) in failed]
        raise AssertionError("the receptionist does not come to an end")

    def _desk(self) -> Desk:
        watched = self._watched
        return Desk(
            seen=watched("seen", self.seen),
            dialogues=watched("dialogues", self.dialogues),
            turns=watched("turns", self.turns),
            chats=watched("chats", self.chats),
            houses=watched("houses", self.houses),
            elders=watched("elders", self.elders),
            posts=watched("posts", self.posts),
            cards=watched("cards", self.cards),
            services=watched("services", self.services),
            residents=watched("residents", FakeResidents(self.houses)),
            rulebook=watched("rulebook", self.rulebook),
            communities=self.communities,
            talk_of=lambda _: self._talking,
            rooms={
                room: watched(str(room), self.queues[Lane(str(room))])
                for room in Room
                if room not in {Room.BOT, Room.GUIDE}
            },
            later=watched("later", self.queues[Lane.EVENTS]),
            guide=self._guide_desk(),
            clock=self.clock.moment,
        )

    def _guide_desk(self) -> guide.Desk:
        return guide.Desk(
            guides=self._watched("guides", self.guides),
            houses=self.houses,
            elders=self.elders,
            communities=self.communities,
            rules=self.rulebook,
            files=self.files,
            posters=FakeQueue(),
            talk_of=lambda _: self.talk,
            letters_of=lambda community: VkLetters(self.api, community.id),
            public_url="https://dom.example",
            clock=self.clock.moment,
        )

    @property
    def _talking(self) -> Any:
        return Talking(self.wire.watch("talk", self.talk), self.talk.can)

    def _watched(self, name: str, port: Any) -> Any:
        return self.wire.watch(name, port)


class Talking:
    """A watched Talk that still says what it can."""

    def __init__(self, watched: Any, can: Capabilities) -> None:
        self._watched = watched
        self.can = can

    def __getattr__(self, method: str) -> Any:
        return getattr(self._watched, method)
