"""`python -m bench.broadcast_million`: a broadcast to a million chats, by a virtual clock."""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from threading import Semaphore
from typing import Any

from bench.broadcast_system import BATCH, LEASE_S, WORKER_S, WORKERS
from bench.rows import Row
from bench.surroundings import COMMUNITY, ROOT
from broadcast import seed
from broadcast.deliver import Desk, deliver
from broadcast.mailing import read_mailing
from broadcast.patience import Hours
from broadcast.set_going import set_going
from housechats.adapters.audiences import S3Audiences
from housechats.adapters.messages import S3Messages
from housechats.adapters.vk import CHAT_PEER, VkApi
from housechats.adapters.vk_mailings import VkMailer
from housechats.domain.broadcasts import (
    TOGETHER,
    Broadcast,
    BroadcastLane,
    BroadcastState,
    Deed,
    folder_of,
    preview_folder,
)
from housechats.domain.messages import Message
from housechats.domain.receipts import Recipient
from support.broadcast_fakes import FakeBroadcasts, FakeReceipts, FakeStarts
from support.fakes import FakeCommunities, FakeFiles, new_community
from support.pace_fake import FakePace
from support.virtual_threads import ThreadedClock, VirtualThreads

FEW, MANY = 100_000, 1_000_000
VK_S, AWS_S = 0.15, 0.01
"""What an answer takes: VK's, as in the other benches; that of a table, a file or a queue."""
LOOKS_S = 0.05
"""How soon a poller sees a message."""
MEMORY_GB = 0.5
"""MemorySize in template.yaml."""
KEPT_KB = 0.5
"""The receipts of 100 chats (broadcast_runs measures them)."""
LONGEST_S = 3600
LOOKED_AT = 5_000
"""How often the memory is looked at, in chats."""

PRICES = {
    "written units": 0.625,
    "read units": 0.125,
    "queue requests": 0.40,
    "GB-seconds": 13.33,
    "invocations": 0.20,
    "files put": 5.0,
    "files read": 0.40,
}
"""US dollars a million: us-east-1, on demand, arm64, as AWS listed them in November 2026."""
ONE_EACH = {
    "written units": 1_100_000,
    "read units": 24_000,
    "queue requests": 300_000,
    "GB-seconds": MANY * VK_S * 0.25,
    "invocations": 100_000,
}
"""The yardstick: a message and an item for each chat, a counter for every ten; messages go ten
together to a worker of 256 MB that sends one after another."""


def measure(pace_units: float) -> list[Row]:
    """Reckon; `pace_units` are written for the slot of one call."""
    command = [sys.executable, "-m", "bench.broadcast_million"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    told = json.loads(done.stdout)
    used = told["used"]
    used["written units"] += pace_units * told["calls"]
    price, each = _price(used), _price(ONE_EACH)
    print(
        f"{MANY} deliveries: "
        + ", ".join(f"{what} {amount:,.0f}" for what, amount in used.items())
        + f"; ${price:.3f}, with a message and an item for each ${each:.2f}"
    )
    return [
        Row.at_most(
            f"peak of memory, planning for {MANY} chats beside {FEW}", told["growth"], 10, "MiB"
        ),
        Row.at_most(f"{MANY} chats: calls of VK ÷ ⌈chats ÷ 100⌉", told["calls"] / 10_000, 1, "×"),
        Row.at_most("  minutes, by the virtual clock", told["seconds"] / 60, 9.2, "min"),
        Row.at_most("  queue requests for a chunk", used["queue requests"] / 10_000, 3, "requests"),
        Row.at_most("  writes", used["written units"] / MANY, 0.05, "units a delivery"),
        Row.at_most("  GB-seconds", used["GB-seconds"], 2_500, "GB-s"),
        Row.at_most("  price", price, 0.1, "$"),
        Row.at_least("  a message and an item for each chat ÷ ours", each / price, 20, "× price"),
        Row.at_most("  chats with no message, or with two", told["wrong"], 0, "chats"),
    ]


def _price(used: Mapping[str, float]) -> float:
    return sum(amount * PRICES[what] for what, amount in used.items()) / 1_000_000


class DiskFiles(FakeFiles):
    """Keeps files where they take no memory."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def get(self, key: str, *, etag: str = "") -> bytes | None:
        assert not etag
        path = self._path(key)
        return path.read_bytes() if path.exists() else None

    def get_range(self, key: str, first: int, last: int) -> bytes:
        with self._path(key).open("rb") as file:
            file.seek(first)
            return file.read(last - first + 1)

    def put(self, key: str, body: bytes, *, content_type: str) -> None:
        assert content_type
        self._path(key).write_bytes(body)

    @contextmanager
    def upload(self, key: str, *, content_type: str) -> Iterator[Callable[[bytes], None]]:
        assert content_type
        with self._path(key).open("wb") as file:

            def take(piece: bytes) -> None:
                file.write(piece)

            yield take

    def copy(self, key: str, to: str) -> None:
        shutil.copyfile(self._path(key), self._path(to))

    def _path(self, key: str) -> Path:
        return self._folder / key.replace("/", "_")


@dataclass(frozen=True)
class Answer:
    status: int
    data: bytes


class ManyChats:
    """Stands for VK, which would not fit into memory: it counts what each chat gets."""

    def __init__(self, clock: ThreadedClock) -> None:
        self._clock = clock
        self.calls = 0
        self.got = bytearray(MANY + 1)

    def request(self, method: str, url: str, **how: Any) -> Answer:
        assert (method, url.rpartition("/")[2]) == ("POST", "messages.send")
        self.calls += 1
        peers = [int(peer) for peer in how["fields"]["peer_ids"].split(",")]
        for peer in peers:
            self.got[peer - CHAT_PEER] += 1
        items = [{"peer_id": peer, "message_id": 0, "conversation_message_id": 7} for peer in peers]
        self._clock.sleep(VK_S)
        return Answer(200, json.dumps({"response": items}).encode())


class Counted:
    """A port whose calls take time and are counted."""

    def __init__(self, name: str, port: Any, counts: Counter[str], clock: ThreadedClock) -> None:
        self._name, self._port, self._counts, self._clock = name, port, counts, clock

    def __getattr__(self, method: str) -> Callable[..., Any]:
        does = getattr(self._port, method)

        def counted(*args: Any, **kwargs: Any) -> Any:
            self._counts[f"{self._name}.{method}"] += 1
            self._clock.sleep(AWS_S)
            return does(*args, **kwargs)

        return counted


class Line:
    """A queue: the messages that wait for a worker."""

    def __init__(self) -> None:
        self.bodies: deque[Mapping[str, Any]] = deque()
        self.requests = 0

    def send(
        self, bodies: Iterable[Mapping[str, str | int]], *, delay_s: int = 0, group: str = ""
    ) -> None:
        assert not delay_s
        assert group
        given = [*bodies]
        self.bodies.extend(given)
        self.requests += -(-len(given) // BATCH)


class Million:
    def __init__(self, folder: Path) -> None:
        self.clock = ThreadedClock()
        self.threads = self.clock.threads = VirtualThreads(self.clock)
        self.counts: Counter[str] = Counter()
        self.vk = ManyChats(self.clock)
        self.line = Line()
        self.broadcasts, self.receipts = FakeBroadcasts(), FakeReceipts()
        files = DiskFiles(folder)
        self.audiences, self.messages = S3Audiences(files), S3Messages(files)
        self.files = files
        self.memory: list[float] = []
        """MiB of the process, looked at while it plans."""
        self.invocations = 0
        self.seconds = 0.0
        """How long workers have worked, all together."""

    def plan(self, number: int) -> Broadcast:
        """Do what a preview, its confirmation and the start do; the chunks are handed over."""
        broadcast_id = f"{number:016x}"
        audience = self.audiences.write(
            preview_folder(broadcast_id), self._chats(number), together=TOGETHER
        )
        self.audiences.copy(preview_folder(broadcast_id), folder_of(broadcast_id))
        self.messages.put(folder_of(broadcast_id), Message("Официально", "Не будет воды."))
        now = self.clock.moment()
        one = Broadcast(
            id=broadcast_id,
            deed=Deed.MESSAGE,
            lane=BroadcastLane.PLANNED,
            oktmo="11",
            inn="",
            created_by="vk:1",
            created_at=now,
            beginning="Не будет воды.",
            chats=audience.chats,
            chunks=audience.size,
            people=audience.people,
            state=BroadcastState.RUNNING,
            started_at=now,
        )
        seeding = seed.Desk(
            broadcasts=self.broadcasts,
            receipts=self.receipts,
            audiences=self.audiences,
            queues=seed.Queues(self.line, self.line),
            lease=timedelta(seconds=LEASE_S),
        )
        self.broadcasts.add(one)
        set_going(one, seed=partial(seed.seed, desk=seeding, now=now), starts=FakeStarts(), now=now)
        self.memory.append(_resident_mib())
        return one

    def _chats(self, number: int) -> Iterator[tuple[int, Recipient]]:
        for chat in range(1, number + 1):
            if chat % LOOKED_AT == 0:
                self.memory.append(_resident_mib())
            yield COMMUNITY, Recipient(f"H{chat:07d}", chat, f"ул. Садовая, д. {chat}", people=40)

    def send(self, one: Broadcast) -> float:
        """Deliver everything, and return the seconds it took."""
        began, desk = self.clock.now(), self._desk()
        for _ in range(WORKERS):
            self.threads.start(partial(self._poll, one, desk))
        self.threads.run(until=began + LONGEST_S)
        finished_at = self.broadcasts.kept[one.id].finished_at
        assert finished_at
        return finished_at.timestamp() - began

    def used(self) -> dict[str, float]:
        """Return what a bill would have: items are of 1 KB at most, and of 4 KB at most read."""
        asked, folded = self.counts, len(self.receipts.kept)
        writes = ("receipts.claim", "receipts.finish", "broadcasts.count", "broadcasts.recount")
        return {
            "written units": float(sum(asked[name] for name in writes)),
            "read units": asked["broadcasts.get"] + folded * KEPT_KB / 4,
            "queue requests": self.line.requests + 2.0 * self.invocations,
            "GB-seconds": self.seconds * MEMORY_GB,
            "invocations": float(self.invocations),
            "files read": float(asked["audiences.chunk"] + asked["audiences.get"]),
        }

    def _desk(self) -> Desk:
        watch = partial(Counted, counts=self.counts, clock=self.clock)
        broadcasts, audiences = (
            watch("broadcasts", self.broadcasts),
            watch("audiences", self.audiences),
        )
        api = VkApi("https://vk.invalid", lambda: "a token", FakePace(self.clock), self.vk)
        read = partial(
            read_mailing, broadcasts=broadcasts, audiences=audiences, messages=self.messages
        )
        line: Any = watch("queue", self.line)
        return Desk(
            broadcasts=broadcasts,
            receipts=watch("receipts", self.receipts),
            audiences=audiences,
            mailing_of=cache(read),
            communities=FakeCommunities(new_community(COMMUNITY)),
            mailer_of=lambda community: VkMailer(api, community.id),
            files=self.files,
            starts=FakeStarts(),
            queues=seed.Queues(line, line),
            lose=_never,
            lease=timedelta(seconds=LEASE_S),
        )

    def _poll(self, one: Broadcast, desk: Desk) -> None:
        """Do what Lambda does for one worker: batches, as they come."""
        while self.broadcasts.kept[one.id].finished_at is None:
            batch = [self.line.bodies.popleft() for _ in range(min(BATCH, len(self.line.bodies)))]
            if not batch:
                self.clock.sleep(LOOKS_S)
                continue
            self._invoke(batch, desk)

    def _invoke(self, batch: list[Mapping[str, Any]], desk: Desk) -> None:
        began, left = self.clock.now(), [*batch]
        waiting: deque[Semaphore] = deque()
        until = self.clock.moment() + timedelta(seconds=WORKER_S)
        hours = Hours(self.clock.moment, self.clock.sleep, until)

        def work(body: Mapping[str, Any]) -> None:
            deliver(body["broadcast_id"], body["chunk"], desk=desk, hours=hours)
            left.pop()
            if not left:
                self.threads.wake_first(waiting)

        for body in batch:
            self.threads.start(partial(work, body))
        self.threads.wait_in(waiting)
        self.invocations += 1
        self.seconds += self.clock.now() - began


def _never(house_id: str, chat_id: int, code: str) -> None:
    raise AssertionError((house_id, chat_id, code))


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        before = Million(Path(folder))
        before.plan(FEW)
        million = Million(Path(folder))
        one = million.plan(MANY)
        seconds = million.send(one)
    told = {
        "growth": max(million.memory) - max(before.memory),
        "calls": million.vk.calls,
        "seconds": seconds,
        "used": million.used(),
        "wrong": sum(million.vk.got[chat] != 1 for chat in range(1, MANY + 1)),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
