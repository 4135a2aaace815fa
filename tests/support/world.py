"""The whole way from a row of a list to an elder's instruction, in one process and one clock.

The doors are the real ones, so are the VK adapters; the table, the files, the queues and SMS are
in memory, VK is the sandbox. Queues deliver at least once: what was not acknowledged comes back
after the visibility time, and after too many receives it lies in the dead letters.
"""

import json
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any
from urllib.parse import urlsplit

import pytest

import poster.make_posters
from communities.connect import connect
from create_chats import on_due, on_opening, on_renewal, on_rows, on_upload
from create_chats.enrol import Registry, enrol
from create_chats.hand_over import Desk as HandOverDesk
from create_chats.hand_over_due import hand_over_due as hand_over_houses
from create_chats.hand_over_due import hand_over_renewals
from create_chats.open_chat import Desk as OpeningDesk
from create_chats.open_chat import open_chat
from create_chats.renew import Desk as RenewingDesk
from create_chats.renew import renew
from create_chats.take_list import Desk as ListDesk
from create_chats.take_list import take_list
from housechats.adapters.bearers import VkBearers
from housechats.adapters.vk import Slots, VkChats, VkLetters, VkPages
from housechats.adapters.vk_apis import VkApis
from housechats.adapters.vk_renewals import VkRenewals
from housechats.adapters.vk_talks import VkTalk
from housechats.domain.communities import Community
from housechats.domain.houses import ChatState, House
from housechats.domain.instructions import Instruction, InstructionState
from housechats.ports.chats import Lane
from local.vk.core import Sandbox
from local.vk.switches import Switches
from onboarding import on_due as on_instructions_due
from onboarding import on_poster_ready
from onboarding.hand_over_due import hand_over_due as hand_over_instructions
from onboarding.instruct import Desk as InstructingDesk
from onboarding.instruct import instruct
from poster import on_chat_open
from poster.make_posters import Desk as PosterDesk
from poster.paper import Paper
from poster.sheet import Poster, draw
from support.clock import VirtualClock
from support.cloudformation import resources, template
from support.fakes import (
    FakeBatches,
    FakeChats,
    FakeCommunities,
    FakeElders,
    FakeFiles,
    FakeHouses,
    FakeInstructions,
    FakeTextMessages,
    FakeTokens,
    FakeTowns,
    etag_of,
    new_community,
)
from support.guide_fakes import FakeGuides
from support.killing import Killed, Wire
from support.lambda_context import CONTEXT
from support.organisation_fakes import FakeAttachments
from support.pace_fake import FakePace
from support.renewal_fakes import FakeRenewals, FakeResidents
from support.virtual_threads import VirtualThreads
from support.vk_http import URL, SandboxHttp
from support.vk_side import COMMUNITY, PEOPLE, TOKEN

PUBLIC_URL = "https://dom.example"
OKTMO = "11701000"
REGION = "11"
LONGEST = timedelta(days=3)
"""No list of a few houses takes longer, whatever goes wrong."""
SWEEP_S = 60
POLL_S = 5

_SAM = template()
_QUEUES = resources(_SAM, "AWS::SQS::Queue")


def _parameter(name: str) -> float:
    return float(_SAM["Parameters"][name]["Default"])


def _visibility(queue: str) -> float:
    told = _QUEUES[queue]["VisibilityTimeout"]
    return _parameter(told["Ref"]) if isinstance(told, dict) else float(told)


@dataclass(eq=False)
class Parcel:
    """A message on its way."""

    queue: str
    body: Mapping[str, Any]
    visible_at: float
    receives: int = 0


@dataclass
class World:
    monkeypatch: pytest.MonkeyPatch
    switches: Switches = field(default_factory=Switches)
    wire: Wire = field(default_factory=Wire)
    shuffle: random.Random | None = None
    """Deliver in any order, and each message twice."""
    echo: bool = False
    """A killed worker's message is delivered once more at once, while its lease lives."""
    pace: Slots | None = None
    communities_told: Mapping[int, str] = field(default_factory=lambda: {COMMUNITY: TOKEN})
    """The communities that are connected in the region, with their tokens."""
    latency: float = 0.15
    """Seconds that a call to VK takes."""
    clock: VirtualClock = field(default_factory=VirtualClock)

    def __post_init__(self) -> None:
        self.houses = FakeHouses()
        self.chats = FakeChats()
        self.renewals = FakeRenewals(self.houses)
        self.residents = FakeResidents(self.houses)
        self.attachments = FakeAttachments()
        self.elders = FakeElders(self.clock.moment)
        self.batches = FakeBatches()
        self.instructions, self.guides = FakeInstructions(), FakeGuides()
        self.lists = FakeFiles()
        self.posters = FakeFiles()
        self.sms = FakeTextMessages()
        self.towns = FakeTowns()
        self.parcels: list[Parcel] = []
        self.dead: list[Parcel] = []
        self.communities = FakeCommunities()
        self.tokens = FakeTokens()
        self.sandbox = Sandbox(
            self.communities_told,
            clock=self.clock.now,
            people=PEOPLE,
            switches=self.switches,
            files_base=f"{URL}/",
        )
        self._vk = SandboxHttp(self.sandbox, sleep=self.clock.sleep, latency=self.latency)
        for number, token in self.communities_told.items():
            version = self.tokens.put(number, token)
            self.communities.by_id[number] = new_community(number, REGION, token_version=version)
        self.began = self.clock.now()
        self._next_sweep = self.clock.now() + SWEEP_S
        self._doors: dict[str, Callable[[dict[str, Any], Any], Any]] = {
            "Uploads": on_upload.handle,
            "Rows": on_rows.handle,
            "Openings": on_opening.handle,
            "Renewals": on_renewal.handle,
            "Posters": on_chat_open.handle,
            "Instructions": on_poster_ready.handle,
        }
        self._open_doors()

    # What people do.

    def put_list(self, text: str, *, key: str = f"lists/{OKTMO}/дома.csv") -> None:
        """Put a list into the bucket; EventBridge tells the first queue."""
        self.lists.bodies[key] = text.encode()
        self.tell_of_list(key)

    def tell_of_list(self, key: str = f"lists/{OKTMO}/дома.csv") -> None:
        etag = etag_of(self.lists.bodies[key])
        event = {"detail": {"object": {"key": key, "etag": etag}, "requester": "somebody"}}
        self.post("Uploads", event)

    def connect(self, token: str, oktmo: str = REGION) -> Community:
        """Connect a community by its token, as an administrator does."""
        return connect(
            token,
            oktmo,
            by="vk:1",
            covers=lambda _: True,
            bearers=VkBearers(URL, self._vk),
            communities=self.communities,
            tokens=self.tokens,
            now=self.clock.moment(),
        )

    def put_back(self) -> None:
        """Return the dead letters to their queues, as an operator's one command does."""
        for parcel in self.dead:
            self.post(parcel.queue, parcel.body)
        self.dead.clear()

    # What time does.

    def run(self) -> None:
        """Work until nothing is left to do."""
        end = self.clock.now() + LONGEST.total_seconds()
        while self.clock.now() < end:
            if parcel := self._next():
                self._deliver(parcel)
            elif not self._pass_time():
                return
        raise AssertionError(f"still at work after {LONGEST}: {self.parcels}")

    def run_together(self, threads: VirtualThreads, *, workers: int) -> None:
        """Work until nothing is left to do, several workers at once."""
        for _ in range(workers):
            threads.start(self._keep_working)
        threads.start(self._keep_sweeping)
        threads.run(until=self.clock.now() + LONGEST.total_seconds())
        assert self._all_done(), f"still at work after {LONGEST}: {self.parcels}"

    def _keep_working(self) -> None:
        while not self._all_done():
            if parcel := self._next():
                self._deliver(parcel)
            else:
                self.clock.sleep(POLL_S)

    def _keep_sweeping(self) -> None:
        while not self._all_done():
            self.clock.sleep(SWEEP_S)
            self._sweep()

    def _all_done(self) -> bool:
        return not self.parcels and not self._waiting()

    def _waiting(self) -> list[datetime]:
        due = [house.due_at for house in self.houses.by_id.values()]
        due += [instruction.due_at for instruction in self.instructions.by_key.values()]
        return [moment for moment in due if moment]

    def run_until(self, there: Callable[[], bool]) -> None:
        """Work until something is so."""
        end = self.clock.now() + LONGEST.total_seconds()
        while not there():
            assert self.clock.now() < end, "it never came to be"
            if parcel := self._next():
                self._deliver(parcel)
            else:
                assert self._pass_time(), "everything is done, and it is not so"

    def _next(self) -> Parcel | None:
        visible = [one for one in self.parcels if one.visible_at <= self.clock.now()]
        if not visible:
            return None
        return self.shuffle.choice(visible) if self.shuffle else visible[0]

    def _deliver(self, parcel: Parcel) -> None:
        parcel.receives += 1
        parcel.visible_at = self.clock.now() + _visibility(parcel.queue)
        record = {"messageId": "1", "body": json.dumps(parcel.body, ensure_ascii=False)}
        try:
            answer = self._doors[parcel.queue]({"Records": [record]}, CONTEXT)
        except Killed:
            done = False
            if self.echo:
                parcel.visible_at = self.clock.now()
        else:
            done = not answer["batchItemFailures"]
        if done:
            self.parcels.remove(parcel)
        elif parcel.receives >= _QUEUES[parcel.queue]["RedrivePolicy"]["maxReceiveCount"]:
            self.parcels.remove(parcel)
            self.dead.append(parcel)

    def _pass_time(self) -> bool:
        """Go on to the next thing that happens; False when nothing ever will."""
        if self._all_done():
            return False
        waiting = self._waiting()
        moments = [parcel.visible_at for parcel in self.parcels]
        if waiting:
            moments.append(max(self._next_sweep, self.clock.now()))
        self.clock.sleep(min(moments) - self.clock.now())
        if waiting and self.clock.now() >= self._next_sweep:
            self._next_sweep = self.clock.now() + SWEEP_S
            self._sweep()
        return True

    def _sweep(self) -> None:
        for handle in (on_due.handle, on_instructions_due.handle):
            try:
                handle({}, CONTEXT)
            except Killed:
                continue

    # What is seen at the end.

    @property
    def took(self) -> timedelta:
        return timedelta(seconds=self.clock.now() - self.began)

    def in_queue(self, queue: str) -> list[Parcel]:
        return [parcel for parcel in self.parcels if parcel.queue == queue]

    def house_at(self, title: str) -> House:
        (house,) = [one for one in self.houses.by_id.values() if one.title == title]
        return house

    def houses_in(self, state: ChatState) -> list[House]:
        return [house for house in self.houses.by_id.values() if house.state == state]

    def instructions_in(self, state: InstructionState) -> list[Instruction]:
        return [one for one in self.instructions.by_key.values() if one.state == state]

    # The wiring.

    def post(self, queue: str, body: Mapping[str, Any]) -> None:
        copies = 2 if self.shuffle else 1
        for _ in range(copies):
            late = self.shuffle.uniform(0, 200) if self.shuffle else 0
            self.parcels.append(Parcel(queue, body, self.clock.now() + late))

    def _open_doors(self) -> None:
        watch = self.wire.watch
        houses, chats = watch("houses", self.houses), watch("chats", self.chats)
        elders, batches = watch("elders", self.elders), watch("batches", self.batches)
        instructions = watch("instructions", self.instructions)
        lists, posters = watch("lists", self.lists), watch("posters", self.posters)
        queues = {name: watch(f"queue of {name}", _Post(name, self.post)) for name in self._doors}
        communities = watch("communities", self.communities)
        pace, http = self.pace, _Http(self._vk, self.wire)
        apis = VkApis(
            URL,
            self.tokens,
            communities,
            lambda _: pace or FakePace(self.clock),
            http,
        )
        lease = timedelta(seconds=_parameter("LeaseSeconds"))
        opening = OpeningDesk(
            houses=houses,
            chats=chats,
            elders=elders,
            communities=communities,
            messenger_of=lambda community: VkChats(apis.of(community), community.id),
            posters=queues["Posters"],
            instructions=queues["Instructions"],
            lease=lease,
        )
        drawing = PosterDesk(
            houses=houses,
            instructions=instructions,
            files=posters,
            elders=queues["Instructions"],
            public_url=PUBLIC_URL,
        )
        instructing = InstructingDesk(
            houses=houses,
            elders=elders,
            batches=batches,
            instructions=instructions,
            guides=watch("guides", self.guides),
            communities=communities,
            letters_of=lambda community: VkLetters(apis.of(community), community.id),
            talk_of=lambda community: VkTalk(apis.of(community), community.id, self.clock.moment),
            sms=watch("sms", self.sms),
            files=posters,
            posters=queues["Posters"],
            public_url=PUBLIC_URL,
            lease=lease,
        )
        renewing = RenewingDesk(
            renewals=watch("renewals", self.renewals),
            elders=elders,
            communities=communities,
            renewer_of=lambda community: VkRenewals(apis.of(community), community.id),
            posters=queues["Posters"],
            instructions=queues["Instructions"],
            lease=lease,
        )
        self.retrying: dict[str, Any] = {
            "houses": houses,
            "renewing": renewing.renewals,
            "instructions": instructions,
            "openings": queues["Openings"],
            "renewals": queues["Renewals"],
        }
        registry = Registry(
            houses=houses,
            elders=elders,
            instructions=instructions,
            attachments=watch("attachments", self.attachments),
            communities=communities,
            elder_key="a key of the test",
        )
        taking = ListDesk(
            lists=lists,
            batches=batches,
            towns=self.towns,
            communities=communities,
            pages=VkPages(apis.at, Lane.BULK),
            rows=queues["Rows"],
        )
        self._wire(on_upload, take_list, desk=taking)
        self._wire(
            on_rows,
            enrol,
            registry=registry,
            lists=lists,
            batches=batches,
            openings=queues["Openings"],
        )
        self._wire(on_opening, open_chat, desk=opening)
        self._wire(on_poster_ready, instruct, desk=instructing)
        self._wire(on_renewal, renew, desk=renewing)
        sweeps = [
            partial(hand_over_houses, houses=houses, openings=queues["Openings"]),
            partial(hand_over_renewals, renewing=renewing.renewals, renewals=queues["Renewals"]),
        ]
        self.monkeypatch.setattr(on_due, "wired", lambda: [self._now(each) for each in sweeps])
        self.handing = HandOverDesk(
            houses=houses,
            elders=elders,
            instructions=instructions,
            residents=watch("residents", self.residents),
            renewals=queues["Renewals"],
            elder_key="a key of the test",
        )
        self._wire(
            on_instructions_due,
            hand_over_instructions,
            instructions=instructions,
            queue=queues["Instructions"],
        )
        self.monkeypatch.setattr(on_chat_open, "wired", lambda: drawing)
        # Equal posters are equal bytes: hundreds of worlds need them drawn once.
        self.monkeypatch.setattr(poster.make_posters, "draw", _draw_once)

    def _wire(self, door: Any, use_case: Callable[..., Any], **ports: Any) -> None:
        """Give a door its use case, at this world's time instead of the machine's."""
        at_our_time = self._now(partial(use_case, **ports))
        self.monkeypatch.setattr(door, "wired", lambda: at_our_time)

    def _now(self, use_case: Callable[..., Any]) -> Callable[..., Any]:
        def at_our_time(*args: Any, **_now: object) -> Any:
            return use_case(*args, now=self.clock.moment())

        return at_our_time


@dataclass(frozen=True)
class _Http:
    """Tells the wire which method of VK's is called."""

    http: SandboxHttp
    wire: Wire

    def request(self, method: str, url: str, **how: Any) -> Any:
        name = urlsplit(url).path.removeprefix("/method/")
        return self.wire.carry(
            "upload" if name.startswith("/") else name,
            lambda: self.http.request(method, url, **how),
        )


@dataclass(frozen=True)
class _Post:
    name: str
    post: Callable[[str, Mapping[str, Any]], None]

    def send(
        self, bodies: Iterable[Mapping[str, str | int]], *, delay_s: int = 0, group: str = ""
    ) -> None:
        assert not delay_s, "nothing on this way is kept back"
        for body in bodies:
            self.post(self.name, dict(body))


def _draw_once(posters: Iterable[Poster], *, public_url: str, paper: Paper = Paper.A4) -> bytes:
    return _drawn(tuple(posters), public_url, paper)


@cache
def _drawn(posters: tuple[Poster, ...], public_url: str, paper: Paper) -> bytes:
    return draw(posters, public_url=public_url, paper=paper)
