"""VK's Callback API: who is to be told of which event and when, and what came of telling."""

import heapq
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from threading import Condition, RLock
from typing import Any

from local.vk.community import Community, Server
from local.vk.faults import Faults, Kind
from local.vk.switches import Switches

AGAIN_AFTER = (10, 180, 600, 1800, 3600)
"""Seconds until an event is told again, by how often it was told in vain (the documentation)."""
IN_A_ROW = 5
"""Failures after which a server is left alone; the documentation has "several"."""
REST = 60
"""For how many seconds; the documentation has "a while"."""
LONGEST_REST = 10_800
"""What is asked for by Retry-After must be below three hours (the documentation)."""
ASKS_TO_REST = {410, 429, 503}
STEP = 0.05
"""By how much an overtaken event is later than the one that overtook it."""
OK = 200


@dataclass(slots=True)
class Delivery:
    """One event for one server; `tries` is how often it was told in vain."""

    number: int
    community: int
    server_id: int
    event: dict[str, Any]
    due: float
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Post:
    """What is to be posted now; `patience` is how many seconds an answer may take."""

    delivery: Delivery
    url: str
    headers: dict[str, str]
    body: bytes
    patience: float

    @property
    def confirms(self) -> bool:
        return bool(self.delivery.event["type"] == "confirmation")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; status 0 when nothing came in time."""

    status: int = 0
    body: bytes = b""
    retry_after: float | None = None


@dataclass(slots=True)
class Told:
    """How telling went so far."""

    done: int = 0
    again: int = 0
    lost: list[dict[str, Any]] = field(default_factory=list)
    """Events of which VK speaks no more."""


class Callbacks:
    """Holds what is due; whoever posts takes it, and tells what was answered.

    `scale` shortens all pauses, for those who cannot wait an hour.
    """

    def __init__(
        self,
        communities: Iterable[Community],
        *,
        clock: Callable[[], float],
        lock: RLock,
        switches: Switches,
        faults: Faults,
        scale: float = 1.0,
    ) -> None:
        self._communities = {one.id: one for one in communities}
        self._clock = clock
        self._switches = switches
        self._faults = faults
        self._scale = scale
        self._numbers = count()
        self._due: list[tuple[float, int, Delivery]] = []
        self._overtaken: set[int] = set()
        """Numbers of those that wait for the next event, or for their time."""
        self.told = Told()
        self.changed = Condition(lock)
        """Whoever waits for work waits for it."""

    @property
    def waiting(self) -> int:
        return len(self._due)

    def event(self, community: Community, event: dict[str, Any]) -> None:
        """Have all servers told that want to know it."""
        with self.changed:
            overtaken, self._overtaken = self._overtaken, set()
            for server in community.servers.values():
                if server.confirmed and event["type"] in server.events:
                    self._plan(server, community, event)
            late = [one for one in self._due if one[1] in overtaken]
            for one in late:
                self._due.remove(one)
                heapq.heapify(self._due)
                self._put(one[2], self._clock() + STEP)

    def confirm(self, community: Community, server: Server) -> None:
        """Have a server asked for the confirmation code; one that knew it hears on meanwhile."""
        event = {"type": "confirmation", "group_id": community.id}
        with self.changed:
            server.status = "wait"
            self._put(self._delivery(server, community, event), self._clock())

    def next_at(self) -> float | None:
        """Return when something is due."""
        return self._due[0][0] if self._due else None

    def idle(self, most: float) -> float:
        """Return for how many seconds nothing is due, `most` at most."""
        at = self.next_at()
        return most if at is None else min(max(at - self._clock(), 0.001), most)

    def take(self) -> Post | None:
        """Return what is due now, and forget it until its answer is told."""
        with self.changed:
            now = self._clock()
            while self._due and self._due[0][0] <= now:
                _, _, delivery = heapq.heappop(self._due)
                home = self._communities[delivery.community]
                server = home.servers.get(delivery.server_id)
                if server is None:
                    continue
                if now < server.rests_until:
                    self._put(delivery, server.rests_until)
                    continue
                return self._post(delivery, server)
            return None

    def came(self, post: Post, answer: Answer) -> None:
        """Note what was answered to a post."""
        delivery = post.delivery
        with self.changed:
            home = self._communities[delivery.community]
            server = home.servers.get(delivery.server_id)
            if server is None:
                return
            if post.confirms:
                known = answer.status == OK and answer.body == home.confirmation_code.encode()
                server.confirmed, server.status = known, "ok" if known else "failed"
            elif answer.status == OK and answer.body == b"ok":
                server.failures, server.status = 0, "ok"
                self.told.done += 1
            elif answer.status == OK and answer.body == b"remove":
                del home.servers[server.id]
            else:
                self._failed(delivery, server, answer)

    def _plan(self, server: Server, community: Community, event: dict[str, Any]) -> None:
        now = self._clock()
        delivery = self._delivery(server, community, event)
        fault = self._faults.strike_event(event["type"], community=community.id, now=now)
        kind = fault.kind if fault else None
        late = fault.seconds if fault and kind is not Kind.EVENT_TWICE else 0
        self._put(delivery, now + late)
        if kind is Kind.EVENT_OVERTAKEN:
            self._overtaken.add(delivery.number)
        if kind is Kind.EVENT_TWICE:
            self._put(self._delivery(server, community, event), now)

    def _delivery(self, server: Server, community: Community, event: dict[str, Any]) -> Delivery:
        return Delivery(next(self._numbers), community.id, server.id, event, self._clock())

    def _put(self, delivery: Delivery, due: float) -> None:
        delivery.due = due
        heapq.heappush(self._due, (due, delivery.number, delivery))
        self.changed.notify()

    def _post(self, delivery: Delivery, server: Server) -> Post:
        body = dict(delivery.event)
        confirms = body["type"] == "confirmation"
        if server.secret_key and (not confirms or self._switches.confirmation_secret):
            body["secret"] = server.secret_key
        headers = {"Content-Type": "application/json", "User-Agent": "VKSandbox"}
        if delivery.tries:
            headers["X-Retry-Counter"] = str(delivery.tries)
        sent = json.dumps(body, ensure_ascii=False).encode()
        return Post(delivery, server.url, headers, sent, self._switches.callback_timeout)

    def _failed(self, delivery: Delivery, server: Server, answer: Answer) -> None:
        now = self._clock()
        server.failures += 1
        delivery.tries += 1
        asked = answer.retry_after if answer.status in ASKS_TO_REST else None
        if asked is not None and 0 <= asked < LONGEST_REST:
            server.rests_until = now + asked * self._scale
        elif server.failures >= IN_A_ROW:
            server.status = "failed"
            server.failures = 0
            server.rests_until = now + REST * self._scale
        if delivery.tries > len(AGAIN_AFTER):
            self.told.lost.append(delivery.event)
            return
        self.told.again += 1
        self._put(delivery, now + AGAIN_AFTER[delivery.tries - 1] * self._scale)
