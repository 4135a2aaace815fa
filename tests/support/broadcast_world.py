"""Broadcasts in one process and one virtual clock, with kills, repeats and troubles on demand.

The use cases and the VK adapter are the real ones; the table, the files and the queues are in
memory, VK is the sandbox. Queues deliver at least once: what was not acknowledged comes back after
the visibility time, and after too many receives it lies in the dead letters.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache, partial
from typing import Any

from broadcast import attach, authority, follow, retry_failed, seed, start, sweep
from broadcast.change import change
from broadcast.deliver import Desk, deliver
from broadcast.mailing import Mailing, read_mailing
from broadcast.patience import Hours
from broadcast.set_going import set_going
from housechats.adapters.vk import Slots, VkApi
from housechats.adapters.vk_mailings import VkMailer
from housechats.domain.broadcasts import (
    Broadcast,
    BroadcastLane,
    BroadcastState,
    Deed,
    NotNowError,
    folder_of,
    resumed,
    stopped,
)
from housechats.domain.communities import Community, CommunityState
from housechats.domain.errors import UnavailableError
from housechats.domain.messages import Attachment, Message
from housechats.domain.people import Post, Role
from housechats.domain.receipts import FAILURES, ChunkReceipts, Recipient
from housechats.domain.territories import Territory
from housechats.ports.people import Known
from local.vk.conversations import CHAT_PEERS
from local.vk.conversations import Message as SandboxMessage
from local.vk.core import Sandbox
from local.vk.faults import Fault, Kind
from local.vk.switches import Failure, Gone, Repeat, Switches, TooLate
from support.broadcast_fakes import (
    FakeAudiences,
    FakeBroadcasts,
    FakeMessages,
    FakeReceipts,
    FakeStarts,
)
from support.broadcast_texts_fakes import FakeRulebook
from support.clock import JANUARY, VirtualClock
from support.fakes import FakeCommunities, FakeFiles, FakeHouses, new_community
from support.killing import Killed, Wire
from support.pace_fake import FakePace
from support.vk_http import URL, SandboxHttp

LEASE = timedelta(seconds=120)
VISIBILITY_S = 180
RECEIVES = 20
WORKER_S = 60
SWEEP_S = 60
POLL_S = 0.02
LONGEST_S = 10 * 24 * 3600
"""No case of a few chats takes longer, whatever goes wrong."""
MOST_STEPS = 3_000
TOKENS = {240_000_001: "token one", 240_000_002: "token two"}
ROOT = "b" * 16
SAID_FIRST = "Завтра не будет воды."
SAID = {Deed.CORRECTION: "Вода будет.", Deed.MESSAGE: "Воду дали."}
"""What is said after that."""
COUNTED = {BroadcastState.DONE, BroadcastState.STOPPED}
"""What cards and reports say of these is what their receipts say."""
ENDED = {*COUNTED, BroadcastState.CANCELLED}


@dataclass
class Parcel:
    """A message on its way."""

    queue: str
    body: Mapping[str, Any]
    visible_at: float
    receives: int = 0


@dataclass(frozen=True)
class Case:
    """What is sent, and to how many chats."""

    chats: Mapping[int, int] = field(default_factory=lambda: {240_000_001: 4})
    """Of each community."""
    together: int = 2
    in_flight: int = 2
    personal: bool = False
    pin: bool = False
    file: bool = False
    lane: BroadcastLane = BroadcastLane.PLANNED
    switches: Switches = field(default_factory=Switches)
    """What nobody knows about VK."""


class BroadcastWorld:
    def __init__(
        self,
        case: Case,
        *,
        wire: Wire | None = None,
        chance: random.Random | None = None,
        throttled: float = 0.0,
        repeated: float = 0.0,
        clock: VirtualClock | None = None,
        pace_of: Callable[[int], Slots] | None = None,
    ) -> None:
        """Make a world; `throttled` and `repeated` are shares of calls and of messages."""
        self.case = case
        self.wire = wire or Wire()
        self.clock = clock or VirtualClock()
        self.dead: list[Parcel] = []
        self.parcels: list[Parcel] = []
        self.lost: Counter[int] = Counter()
        self.failures: list[Exception] = []
        """What workers have raised that is not foreseen."""
        self.sends = self.repeats = self.throttled = 0
        self._chance = chance or random.Random(0)
        self._throttled, self._repeated = throttled, repeated
        self.shuffled = repeated > 0
        self._acts: list[tuple[float, Callable[[], None]]] = []
        self._own = threading.local()
        self.echo = False
        """A killed worker's message is delivered once more at once, while its lease lives."""
        self.together: float = 0.0
        """The share of port calls beside which another worker goes on."""
        self.wire.takes_time = self._goes_on
        tokens = {number: TOKENS[number] for number in case.chats}
        self.sandbox = Sandbox(
            tokens, clock=self.clock.now, switches=case.switches, files_base=f"{URL}/"
        )
        http = SandboxHttp(self.sandbox, sleep=self.clock.sleep, latency=0.15)
        self._http = _Http(http, self.wire)
        paces = {number: FakePace(self.clock) for number in tokens}
        self._pace_of = pace_of or paces.__getitem__
        self.communities = FakeCommunities(*(new_community(number) for number in tokens))
        self.broadcasts, self.receipts = FakeBroadcasts(), FakeReceipts()
        self.audiences, self.messages = FakeAudiences(), FakeMessages()
        self.starts, self.files = FakeStarts(), FakeFiles()
        self._open_doors()
        chats = {
            number: self.sandbox.preload(n, community=number) for number, n in case.chats.items()
        }
        self.root = self.prepared(ROOT, case, chats)

    # What people do.

    def confirm(self, one: Broadcast | None = None) -> None:
        """Have a broadcast, usually the first one, go its way."""
        self._do(lambda: self._set_going(self._watched_broadcasts.add(one or self.root)))

    def at(self, seconds: float, act: Callable[[], None]) -> None:
        """Have a person do something some time from now."""
        self._acts.append((self.clock.now() + seconds, act))
        self._acts.sort(key=lambda one: one[0])

    def stop(self, broadcast_id: str = ROOT) -> None:
        because = "Так решил человек."
        self._change(
            broadcast_id, lambda one: stopped(one, because=because, now=self.clock.moment())
        )

    def resume(self) -> None:
        self._change(ROOT, lambda one: resumed(one, now=self.clock.moment()))

    def reconnect(self) -> None:
        """Connect the communities anew whose token VK did not take."""
        for one in self.communities.everywhere():
            if not one.works:
                again = replace(one, state=CommunityState.ACTIVE, revision=one.revision + 1)
                self.communities.connect(again, instead_of=one)

    def follow(self, deed: Deed, *, follower_id: str = "", text: str = "") -> None:
        """Correct, recall or close the broadcast."""
        follower_id = follower_id or deed.value[0] * 16
        self._do(partial(self._follow, deed, follower_id, text or SAID.get(deed, "")))

    def retry(self, broadcast_id: str = ROOT) -> None:
        """Have what failed tried again."""
        self._do(partial(self.retry_once, broadcast_id))

    def retry_once(self, broadcast_id: str = ROOT) -> None:
        """Have what failed tried again by who does not come back if that breaks."""
        one = self.broadcasts.kept.get(broadcast_id)
        if one is None:
            return
        audience = self.audiences.get(one.audience_folder)
        assert audience
        desk = retry_failed.Desk(
            broadcasts=self._watched_broadcasts,
            receipts=self._seeding.receipts,
            audiences=self.audiences,
            houses=FakeHouses(),
            starts=self.starts,
            seed=self._seed,
        )
        retry_failed.retry_failed(one, audience, (), desk=desk, now=self.clock.moment())

    def _follow(self, deed: Deed, follower_id: str, text: str) -> None:
        root, now = self.broadcasts.kept.get(ROOT), self.clock.moment()
        if root is None:
            return
        who = follow.Follower(id=follower_id, by="vk:2")
        desk = follow.Desk(
            broadcasts=self._watched_broadcasts,
            receipts=self.receipts,
            messages=self.messages,
            starts=self.starts,
            seed=self._seed,
        )
        match deed:
            case Deed.CORRECTION:
                message = self._message(text)
                follow.correct(root, message, is_many=False, who=who, desk=desk, now=now)
            case Deed.RECALL:
                follow.recall(root, reason="Ошибка.", who=who, desk=desk, now=now)
            case Deed.MESSAGE:
                closing = follow.Closing(
                    message=self._message(text),
                    lane=root.lane,
                    reason="Так надо.",
                    quiets=(),
                    is_many=False,
                )
                follow.close(root, closing, who=who, desk=desk, now=now)

    def _change(self, broadcast_id: str, to: Callable[[Broadcast], Broadcast]) -> None:
        def act() -> None:
            one = self.broadcasts.kept.get(broadcast_id)
            if one is None:
                return  # its confirmation broke: there is nothing yet to be changed
            after = change(one, to, broadcasts=self._watched_broadcasts)
            self._set_going(after)

        self._do(act)

    def _do(self, act: Callable[[], None]) -> None:
        """Have a person press a button, and again when it broke; what is not possible is not."""
        self._deadlines.append(self.clock.now() + WORKER_S)
        try:
            act()
        except NotNowError:
            return
        except (Killed, UnavailableError):
            self.at(5, partial(self._do, act))
        finally:
            self._deadlines.pop()

    # What time does.

    def run(self) -> None:
        """Work until nothing is left to do."""
        end = self.clock.now() + LONGEST_S
        for _ in range(MOST_STEPS):
            if self.clock.now() > end:
                break
            if self._acts and self._acts[0][0] <= self.clock.now():
                self._acts.pop(0)[1]()
            elif parcel := self._next():
                self._work(parcel)
            elif not self._pass_time():
                return
        raise AssertionError(f"still at work: {self.parcels} {self.broadcasts.kept}")

    @property
    def _deadlines(self) -> list[float]:
        """When the workers of a thread are stopped, one inside another."""
        if not hasattr(self._own, "deadlines"):
            self._own.deadlines = []
        deadlines: list[float] = self._own.deadlines
        return deadlines

    def keep_working(
        self, queues: Collection[str] = ("Starts", "Deliveries", "Emergencies")
    ) -> None:
        """Work as one of several threads until every broadcast has ended."""
        while not all(one.state in ENDED for one in self.broadcasts.kept.values()):
            if parcel := self._next(queues):
                self._work(parcel)
            else:
                self.clock.sleep(POLL_S)

    def _next(self, queues: Collection[str] = ()) -> Parcel | None:
        now = self.clock.now()
        visible = [
            one
            for one in self.parcels
            if one.visible_at <= now and (not queues or one.queue in queues)
        ]
        if not visible:
            return None
        return self._chance.choice(visible) if self.shuffled else visible[0]

    def _work(self, parcel: Parcel) -> None:
        self.repeats += parcel.receives > 0
        parcel.receives += 1
        parcel.visible_at = self.clock.now() + VISIBILITY_S
        kills = self.wire.kills
        if self._worked(partial(self._doors[parcel.queue], parcel.body)):
            if parcel in self.parcels:
                self.parcels.remove(parcel)
        elif parcel.receives >= RECEIVES and parcel in self.parcels:
            self.parcels.remove(parcel)
            self.dead.append(parcel)
        elif self.echo and self.wire.kills > kills:
            parcel.visible_at = self.clock.now()

    def _worked(self, work: Callable[[], object]) -> bool:
        """Have a worker do something; False when it was killed, or could not."""
        self._deadlines.append(self.clock.now() + WORKER_S)
        try:
            work()
        except (Killed, UnavailableError):
            return False
        except Exception as error:  # noqa: BLE001 - judged in the end
            self.failures.append(error)
            return False
        finally:
            self._deadlines.pop()
        return True

    def _goes_on(self) -> None:
        """What happens while a call is on its way: others work, a worker's time runs out."""
        if self.together and self._chance.random() < self.together:
            if self._acts and self._acts[0][0] <= self.clock.now():
                self._acts.pop(0)[1]()
            elif len(self._deadlines) == 1 and (parcel := self._next()):
                self._work(parcel)
        if self._deadlines and self.clock.now() > self._deadlines[-1]:
            raise Killed

    def _pass_time(self) -> bool:
        """Go on to the next thing that happens; False when nothing ever will."""
        due = [one.due_at.timestamp() for one in self.broadcasts.kept.values() if one.due_at]
        sweeps = [max(-(-min(due) // SWEEP_S) * SWEEP_S, self.clock.now())] if due else []
        planned = [at.timestamp() for at in self.starts.planned.values()]
        moments = [
            *(parcel.visible_at for parcel in self.parcels),
            *(at for at, _ in self._acts),
            *planned,
            *sweeps,
        ]
        if not moments:
            return False
        self.clock.sleep(min(moments) - self.clock.now())
        for broadcast_id in self.starts.fire(self.clock.moment()):
            self.post("Starts", {"broadcast_id": broadcast_id})
        if sweeps and self.clock.now() >= sweeps[0]:
            self._worked(partial(sweep.sweep, desk=self._sweeping, now=self.clock.moment()))
            self.clock.sleep(0.001)
        return True

    def post(self, queue: str, body: Mapping[str, Any], delay_s: int = 0) -> None:
        self.sends += 1
        copies = 1 + (self._chance.random() < self._repeated)
        self.repeats += copies - 1
        for _ in range(copies):
            late = self._chance.uniform(0, 200) if self._chance.random() < self._repeated else 0
            self.parcels.append(Parcel(queue, body, self.clock.now() + delay_s + late))

    # The wiring.

    def _open_doors(self) -> None:
        def watch(name: str, port: Any) -> Any:
            return _Shaky(
                self.wire.watch(name, port), self._chance, self._throttled, self._has_throttled
            )

        self._watched_broadcasts = watch("broadcasts", self.broadcasts)
        receipts, communities = watch("receipts", self.receipts), self.communities
        queues = seed.Queues(
            deliveries=watch("deliveries", _Post("Deliveries", self.post)),
            emergencies=watch("emergencies", _Post("Emergencies", self.post)),
            in_flight=self.case.in_flight,
        )
        starts = watch("starts", self.starts)
        self._seeding = seed.Desk(
            broadcasts=self._watched_broadcasts,
            receipts=receipts,
            audiences=self.audiences,
            queues=queues,
            lease=LEASE,
        )
        self._delivering = Desk(
            broadcasts=self._watched_broadcasts,
            receipts=receipts,
            audiences=self.audiences,
            mailing_of=cache(self._read_mailing),
            communities=communities,
            mailer_of=self._mailer_of,
            files=self.files,
            starts=starts,
            queues=queues,
            lose=watch("chats", _Loses(self.lost)).lose,
            lease=LEASE,
        )
        self.starting = start.Desk(
            seeding=self._seeding,
            attaching=attach.Desk(
                broadcasts=self._watched_broadcasts,
                audiences=self.audiences,
                messages=self.messages,
                communities=communities,
                mailer_of=self._mailer_of,
                files=self.files,
            ),
            starts=starts,
            rulebook=FakeRulebook(),
            authority=authority.Desk(_known, FakeHouses(), self.audiences),
        )
        self._sweeping = sweep.Desk(seeding=self._seeding, messages=self.messages, starts=starts)
        self._doors: dict[str, Callable[[Mapping[str, Any]], object]] = {
            "Starts": lambda body: start.start(
                body["broadcast_id"], desk=self.starting, hours=self._hours()
            ),
            "Deliveries": self._deliver,
            "Emergencies": self._deliver,
        }

    def _has_throttled(self) -> None:
        self.throttled += 1

    def _deliver(self, body: Mapping[str, Any]) -> object:
        hours = self._hours()
        return deliver(
            body["broadcast_id"],
            body["chunk"],
            desk=self._delivering,
            hours=hours,
            tries=body.get("tries", 0),
        )

    def _hours(self) -> Hours:
        until = self.clock.moment() + timedelta(seconds=WORKER_S)
        return Hours(self.clock.moment, self.clock.sleep, until)

    def _read_mailing(self, broadcast_id: str) -> Mailing:
        return read_mailing(
            broadcast_id,
            broadcasts=self._watched_broadcasts,
            audiences=self.audiences,
            messages=self.messages,
        )

    def _mailer_of(self, community: Community) -> VkMailer:
        token = TOKENS[community.id]
        api = VkApi(URL, lambda: token, self._pace_of(community.id), self._http)
        return VkMailer(api, community.id)

    def _seed(self, one: Broadcast) -> None:
        seed.seed(one, desk=self._seeding, now=self.clock.moment())

    def _set_going(self, one: Broadcast) -> None:
        set_going(one, seed=self._seed, starts=self.starts, now=self.clock.moment())

    def prepared(
        self, broadcast_id: str, case: Case, chats: Mapping[int, Sequence[int]]
    ) -> Broadcast:
        """Make a broadcast to some chats of communities, its audience and its message."""
        lines = [
            (community, Recipient(f"H{community % 10}{chat:06d}", chat, f"ул. Мира, {chat}"))
            for community, those in chats.items()
            for chat in those
        ]
        folder = folder_of(broadcast_id)
        audience = self.audiences.write(folder, lines, together=case.together)
        self.messages.put(folder, self._message(SAID_FIRST))
        urgent, now = case.lane == BroadcastLane.EMERGENCY, self.clock.moment()
        start_at = now + timedelta(seconds=10)
        return Broadcast(
            id=broadcast_id,
            deed=Deed.MESSAGE,
            lane=case.lane,
            oktmo="11701000",
            inn="",
            created_by="vk:1",
            created_at=now,
            beginning=SAID_FIRST,
            chats=audience.chats,
            chunks=audience.size,
            people=0,
            personal=case.personal,
            pin=case.pin,
            state=BroadcastState.RUNNING if urgent else BroadcastState.SCHEDULED,
            start_at=start_at,
            started_at=now if urgent else None,
            due_at=(now if urgent else start_at) + timedelta(minutes=2),
        )

    def _message(self, text: str) -> Message:
        key = f"{folder_of(ROOT)}/file"
        self.files.bodies[key] = b"%PDF-1.4"
        return Message(
            header="Официально · Администрация города",
            text=f"{text} {{адрес}}" if self.case.personal else text,
            attachment=Attachment(key, "план.pdf", image=False) if self.case.file else None,
        )


@dataclass(frozen=True)
class _Http:
    """Tells the wire which method of VK's is called."""

    http: SandboxHttp
    wire: Wire

    def request(self, method: str, url: str, **how: Any) -> Any:
        name = url.rpartition("/")[2]
        return self.wire.carry(name, lambda: self.http.request(method, url, **how))


@dataclass(frozen=True)
class _Post:
    name: str
    post: Callable[[str, Mapping[str, Any], int], None]

    def send(
        self, bodies: Iterable[Mapping[str, str | int]], *, delay_s: int = 0, group: str = ""
    ) -> None:
        for body in bodies:
            self.post(self.name, dict(body), delay_s)


def _known(vk_id: int) -> Known:
    """Return that everybody works here, and goes on to."""
    return Known((Post(vk_id, Role.STAFF, Territory("11701000"), JANUARY, "operator"),))


@dataclass(frozen=True)
class _Loses:
    lost: Counter[int]

    def lose(self, house_id: str, chat_id: int, code: str) -> None:
        self.lost[chat_id] += 1


class _Shaky:
    """A port whose calls are throttled at times, before they are done or after."""

    def __init__(
        self, port: Any, chance: random.Random, share: float, tell: Callable[[], None]
    ) -> None:
        self._port, self._chance, self._share, self._tell = port, chance, share, tell

    def __getattr__(self, method: str) -> Callable[..., Any]:
        does = getattr(self._port, method)
        if not self._share:
            return does  # type: ignore[no-any-return]

        def shaken(*args: Any, **kwargs: Any) -> Any:
            luck = self._chance.random()
            if luck < self._share:
                self._tell()
                raise UnavailableError("throttled")
            told = does(*args, **kwargs)
            if luck > 1 - self._share / 4:
                self._tell()
                raise UnavailableError("no answer in time")
            return told

        return shaken


# What is judged in the end, by the sandbox alone.


@dataclass(frozen=True)
class Result:
    """What became of a case; `lost` and `doubled` say how, one line for each chat."""

    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    chats: int
    sent: int
    failed: int
    left: int
    kills: int
    calls: int
    repeats: int
    """Messages that came once more."""
    throttled: int
    """Calls of ports that were not answered, done or not."""
    errors: int
    """Calls that VK answered with an error."""
    unanswered: int
    """Calls that VK answered with nothing."""


def judge(world: BroadcastWorld, *, troubled: Mapping[int, set[int]] | None = None) -> Result:
    """Compare what receipts say with what is in the chats.

    `troubled`: chats for which VK was told to refuse, by community; no other one may fail.
    """
    lost: list[str] = []
    doubled: list[str] = []
    counts: Counter[str] = Counter()
    for one in world.broadcasts.kept.values():
        if one.state not in ENDED or one.stopped_because == sweep.GIVEN_UP:
            lost.append(f"{one.deed} is {one.state} {one.stopped_because}")
        told = _Told(world, one, (troubled or {}))
        told.judge(lost, doubled, counts)
    return Result(
        lost=tuple(lost),
        doubled=tuple(doubled),
        chats=counts["chats"],
        sent=counts["sent"],
        failed=counts["failed"],
        left=counts["left"],
        kills=world.wire.kills,
        calls=len(world.wire.calls),
        repeats=world.repeats,
        throttled=world.throttled,
        errors=sum(entry.code != 0 for entry in world.sandbox.journal.entries),
        unanswered=sum(not entry.answered for entry in world.sandbox.journal.entries),
    )


class _Told:
    """The receipts of one broadcast beside its chats."""

    def __init__(
        self, world: BroadcastWorld, one: Broadcast, troubled: Mapping[int, set[int]]
    ) -> None:
        self.world, self.one, self.troubled = world, one, troubled
        self.audience, self.chunks, _ = world.audiences.kept[folder_of(ROOT)]

    def judge(self, lost: list[str], doubled: list[str], counts: Counter[str]) -> None:
        one, totals = self.one, Counter[str]()
        for number, chats in enumerate(self.chunks):
            receipts = self.world.receipts.get(one.id, number)
            community = self.audience.community_of(number)
            totals["through"] += receipts.is_through
            for position, chat in enumerate(chats):
                counts["chats"] += 1
                fault = self._fault_of(receipts, position, community, chat.chat_id)
                copies = self._copies(community, chat.chat_id)
                where = f"{one.deed} {community}/{chat.chat_id}: {fault} {receipts}"
                if copies > 1:
                    doubled.append(where)
                elif fault:
                    lost.append(where)
                totals["sent"] += position in receipts.cmids
            totals["failed"] += receipts.failed
            totals["not_sent"] += receipts.not_sent
        counts.update(totals)
        counts["left"] += one.chats - totals["sent"] - totals["failed"] - totals["not_sent"]
        said = (one.sent, one.failed, one.not_sent, one.passed)
        there = tuple(totals[name] for name in ("sent", "failed", "not_sent", "through"))
        if one.state in COUNTED and said != there:
            lost.append(f"{one.deed} is {one.state}: {said} are said, {there} are there")
        if one.state == BroadcastState.DONE and one.left:
            lost.append(f"{one.deed} is done, and {one.left} are left")

    def _fault_of(self, receipts: ChunkReceipts, position: int, community: int, chat: int) -> str:
        """Return what is wrong with a chat's receipt; empty when it is as the chat is."""
        there = self._is_done(community, chat, receipts, position)
        if position in receipts.cmids:
            return "" if there else "sent, and it is not there"
        if position in receipts.failures:
            return self._fault_of_failure(receipts, position, community, chat, there=there)
        if self.one.state == BroadcastState.DONE:
            return "left in what is done"
        in_doubt = receipts.begun_at is not None or self.one.deed != Deed.MESSAGE
        return "left, and it is there" if there and not in_doubt else ""

    def _fault_of_failure(
        self, receipts: ChunkReceipts, position: int, community: int, chat: int, *, there: bool
    ) -> str:
        code = receipts.failures[position]
        if code == "not_sent":
            above = self.world.receipts.get(self.one.of, receipts.chunk)
            return "not sent, but it was" if position in above.cmids else ""
        if chat not in self.troubled.get(community, set()):
            return f"failed without a reason: {code}"
        if code not in FAILURES and not code.startswith("unknown_"):
            return f"nobody knows what {code} is"
        return "failed, and it is there" if there and code != "unclear" else ""

    def _is_done(self, community: int, chat: int, receipts: ChunkReceipts, position: int) -> bool:
        home = self.world.sandbox.communities[community].chats[chat]
        if self.one.deed == Deed.MESSAGE or position in receipts.replied:
            found = [m for m in home.messages if m.random_id == self.one.random_id]
            cmid = receipts.cmids.get(position)
            return bool(found) and cmid in {None, found[0].cmid}
        root = self.world.receipts.get(self.one.of, receipts.chunk)
        message = next((m for m in home.messages if m.cmid == root.cmids.get(position)), None)
        if message is None:
            return False
        if self.one.deed == Deed.RECALL:
            return message.deleted_at is not None and not self._has_replies(home.messages)
        return SAID[Deed.CORRECTION] in message.text

    def _has_replies(self, messages: Iterable[SandboxMessage]) -> bool:
        """Tell whether a correction's reply is still in a chat."""
        ofs = [one for one in self.world.broadcasts.kept.values() if one.of == self.one.of]
        replies = {one.random_id for one in ofs if one.deed == Deed.CORRECTION}
        return any(one.random_id in replies and one.deleted_at is None for one in messages)

    def _copies(self, community: int, chat: int) -> int:
        """Count by the journal how often the chat got the message."""
        sent = self.world.sandbox.journal.messages(CHAT_PEERS + chat, community)
        return sum(message.random_id == self.one.random_id for message in sent)


# Random cases.

OF_ALL = (Kind.LOST_CALL, Kind.LOST_ANSWER, Kind.BAD_GATEWAY, Kind.BAD_GATEWAY_AFTER, Kind.DELAY)
METHODS = ("*", "*", "messages.send", "execute", "messages.getHistory")
OF_THE_CALL = (1, 6, 9, 10, 29, 14, 36)
OF_A_CHAT = (9, 10, 917, 925, 945, 983, 7777)
PASSING = {9, 10}
"""What ends by itself when it is told so only once."""


def run_seeded(number: int) -> Result:
    """Run a random case to its end, and judge it."""
    chance = random.Random(number)
    case = _case(chance)
    world = BroadcastWorld(
        case,
        wire=Wire(),
        chance=chance,
        throttled=chance.choice([0, 0, 0.02, 0.1]),
        repeated=chance.choice([0, 0.2, 0.6]),
    )
    world.together = chance.choice([0, 0, 0.05, 0.2])
    for _ in range(chance.choice([0, 1, 2, 4, 8])):
        moment = chance.randint(1, 120)
        kill = {chance.choice(["before", "after"]): {moment}}
        world.wire.kill(**kill)
    troubled = _trouble(world, chance)
    _people(world, chance)
    world.at(0, world.confirm)
    world.run()
    result = judge(world, troubled=troubled)
    unforeseen = [one for one in world.failures if not _is_foreseen(one)]
    if unforeseen:
        raise AssertionError(f"case {number}") from unforeseen[0]
    return result


def _is_foreseen(error: Exception) -> bool:
    """Tell whether a worker may raise so: a sweep gives back what it could not look at."""
    if isinstance(error, ExceptionGroup):
        return all(_is_foreseen(one) for one in error.exceptions)
    return isinstance(error, UnavailableError)


def _case(chance: random.Random) -> Case:
    numbers = [*TOKENS][: chance.choice([1, 1, 2])]
    return Case(
        chats={number: chance.randint(1, 6) for number in numbers},
        together=chance.randint(1, 5),
        in_flight=chance.choice([1, 2, 20]),
        personal=chance.random() < 0.3,
        pin=chance.random() < 0.3,
        lane=chance.choice([*BroadcastLane]),
        switches=_switches(chance),
    )


def _switches(chance: random.Random) -> Switches:
    return Switches(
        repeat=chance.choice([*Repeat]),
        failure=chance.choice([*Failure]),
        gone=chance.choice([*Gone]),
        too_late=chance.choice([*TooLate]),
        edit_window=chance.choice([86_400, 86_400, 0]),
        execute_lists_itself=chance.random() < 0.5,
    )


def _trouble(world: BroadcastWorld, chance: random.Random) -> dict[int, set[int]]:
    """Add troubles of VK's, and return the chats that it may refuse for good."""
    for _ in range(chance.choice([0, 0, 1, 3])):
        kind = chance.choice([*OF_ALL, Kind.ERROR, Kind.ERROR])
        fault = Fault(
            kind,
            chance.choice(METHODS),
            times=chance.randint(1, 4),
            code=chance.choice(OF_THE_CALL),
        )
        world.sandbox.add_fault(fault)
    troubled: dict[int, set[int]] = {number: set() for number in world.case.chats}
    if chance.random() < 0.15:  # a history that is hidden for some minutes, hours or for ever
        community = chance.choice([*troubled])
        chat = chance.randint(1, world.case.chats[community])
        until = world.clock.now() + chance.choice([600, 5_000, 10_000_000])
        hidden = Fault(
            Kind.ERROR,
            "messages.getHistory",
            until=until,
            code=917,
            peer_id=CHAT_PEERS + chat,
            community=community,
        )
        world.sandbox.add_fault(hidden)
        troubled[community].add(chat)
    for _ in range(chance.choice([0, 0, 1, 2])):
        community = chance.choice([*troubled])
        chat = chance.randint(1, world.case.chats[community])
        code, times = chance.choice(OF_A_CHAT), chance.randint(1, 3)
        method = chance.choice(["messages.send", "messages.send", "messages.edit", "*"])
        world.sandbox.add_fault(
            Fault(
                Kind.ERROR,
                method,
                times=times,
                code=code,
                peer_id=CHAT_PEERS + chat,
                community=community,
            )
        )
        troubled[community].add(chat)
    return troubled


def _people(world: BroadcastWorld, chance: random.Random) -> None:
    """Have people stop, resume and follow the broadcast at random times."""
    moments = sorted(chance.choice([10.2, 10.6, 11, 13, 60, 400]) for _ in range(2))
    if chance.random() < 0.3:
        world.at(moments[0], world.stop)
        if chance.random() < 0.7:
            world.at(moments[1] + 1, world.resume)
    if chance.random() < 0.5:
        deed = chance.choice([*Deed])
        world.at(chance.choice([11, 15, 700, 4000]), partial(world.follow, deed))
