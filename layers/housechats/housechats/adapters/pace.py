"""Pace: a community's 20 calls a second, shared by all workers, in one item of the table.

Slots are taken by moving `next_at` some steps on (GCRA). Who may wait how long for a slot is the
priority: bulk gives up when the queue of slots is longer than 250 ms, so that an emergency,
which may look 3 s ahead, waits half a second behind it at most: those 250 ms and four slots more.
"""

import random
import time
from collections import deque
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from housechats.adapters.aws import spending
from housechats.adapters.table import ConditionFailedError, Item, Table
from housechats.domain.errors import PausedError, UnavailableError
from housechats.ports.chats import Lane

STEP_MS = 53
"""18.9 calls a second: VK counts 20 in any second (facts: community token), the rest is jitter."""
HORIZON_MS = {Lane.BULK: 250, Lane.INTERACTIVE: 1_000, Lane.EMERGENCY: 3_000}
STEP_BACK_MS = 1_000
"""After an error 6 everybody stands still for as long as VK's window is."""
AT_ONCE = 4
"""Slots in one write: as many as a worker has threads that may wait together."""
GOOD_FOR_MS = 30
"""How late a slot may be used. Up to 60 ms late, 20 steps of 53 ms still hold VK's 20 calls a
second; half of that is left to the way to VK."""
CROWD = 5
"""Grants over which waiting workers spread at most: more would leave slots empty."""
PATIENCE_S = 20
"""How long a worker tries for a slot before it gives its message back to the queue."""
ASKED_AHEAD_MS = 250
"""How long before its slot a call is asked whether it is wanted: a read of the table takes less."""
ASKED_FOR_S = 0.5
"""How long its yes holds: whoever loses a slot by asking must not lose the next one so, too."""
PROBED_EVERY_MS = 50_000
"""How often one emergency call may try a method that VK asked us to leave alone: calls come with
each minute's sweep, some seconds sooner or later."""
ANSWERED_WITHIN_MS = 1_000
"""How long other emergency calls wait for what VK says to such a try, before they give up."""
WAIT = "ВКонтакте попросил подождать"


@dataclass(frozen=True, slots=True)
class Clock:
    """Time and sleep, together, so that a test can drive both."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Probe:
    """An emergency call's try of what VK asked us to leave alone."""

    pause: str
    """Which pause: its attribute in the item."""
    until: int
    """Its end in ms: a new one of VK's ends at another time."""


class Pace:
    """Hands out slots for calls of one community; a worker's threads share one.

    They ask one at a time, each for all who wait, so that a worker is one in the crowd.
    """

    def __init__(self, table: Table, community: int, *, clock: Clock | None = None) -> None:
        self._table = table
        self._community = community
        self._key = (f"PACE#{community}", "PACE")
        self._clock = clock or Clock()
        self._turn = Lock()
        self._slots: deque[int] = deque()
        self._seen: Item = {}
        """The item as it was when the slots were taken: it tells of pauses."""
        self._waiting = 0
        self._count = Lock()

    def wait_for_slot(
        self, methods: Collection[str], lane: Lane, go: Callable[[], None] | None = None
    ) -> Probe | None:
        """Return when a call may be made; PausedError when VK asked us not to make it.

        ``methods`` are all that the one call runs: an `execute` runs several. ``go`` is asked
        while the slot is waited for; what it raises leaves the slot unused. An emergency may try
        once a minute what is paused for all others: whoever gets such a probe lifts the pause
        when VK takes the call.
        """
        give_up = self._clock.now() + PATIENCE_S
        asked_until = 0.0
        probe = None
        while self._clock.now() < give_up:
            try:
                slot = self._granted(methods, lane, give_up, probing=probe is not None)
            except _OnPauseError as paused:
                if lane != Lane.EMERGENCY:
                    raise
                probe = self._probed(paused)
                continue
            if go:
                self._sleep_until(slot - ASKED_AHEAD_MS)
                if self._clock.now() > asked_until:
                    go()
                    asked_until = self._clock.now() + ASKED_FOR_S
            self._sleep_until(slot)
            # Who was held up has lost the slot: late calls would crowd the second after it.
            if _ms(self._clock) <= slot + GOOD_FOR_MS:
                spending.add(f"vk_calls_{self._community}", 1)
                return probe
        raise UnavailableError("no slot at the community's pace")

    def step_back(self) -> None:
        """Move everybody's next slot a second on, after VK's error 6."""
        spending.add(f"error_6_{self._community}", 1)
        with suppress(ConditionFailedError):  # slots are given out beyond that already
            self._table.update(
                *self._key,
                "SET #next_at = :later",
                condition="attribute_not_exists(#next_at) OR #next_at < :later",
                later=_ms(self._clock) + STEP_BACK_MS,
            )

    def pause(self, method: str, *, seconds: float) -> datetime:
        """Let nobody call a method (`*`: any) for a while; return until when.

        A longer pause that is on already stays. It is on for emergencies again, if it was lifted.
        """
        name = _pause(method)
        until = _ms(self._clock) + round(seconds * 1000)
        try:
            self._table.update(
                *self._key,
                f"SET #{name} = :until",
                condition=f"attribute_not_exists(#{name}) OR #{name} < :until",
                until=until,
            )
        except ConditionFailedError as failed:
            item = failed.item or {}
            until = item[name]
            if item.get(_lifted(name)) == until:
                self._table.update(*self._key, f"REMOVE #{_lifted(name)}")
        return _moment(until)

    def lift(self, probe: Probe) -> None:
        """Let emergencies go on at full speed: VK has taken the call that tried the pause.

        The call is made, so nothing is said of a mark that cannot be left: it is tried again.
        """
        with suppress(ConditionFailedError, UnavailableError):  # VK has asked anew meanwhile
            self._table.update(
                *self._key,
                f"SET #{_lifted(probe.pause)} = :until",
                condition=f"#{probe.pause} = :until",
                until=probe.until,
            )

    def later(self, seconds: float) -> datetime:
        """Return the moment that many seconds from now."""
        return datetime.fromtimestamp(self._clock.now() + seconds, UTC)

    def _granted(
        self, methods: Collection[str], lane: Lane, give_up: float, *, probing: bool
    ) -> int:
        """Return a slot for one of the worker's threads, in its turn."""
        with self._count:
            self._waiting += 1
        try:
            with self._turn:
                return self._next_slot(methods, lane, give_up, probing=probing)
        finally:
            with self._count:
                self._waiting -= 1

    def _sleep_until(self, moment: int) -> None:
        # Counted from now: the write took its time, and slots must not drift together.
        self._clock.sleep(max(moment / 1000 - self._clock.now(), 0))

    def _probed(self, paused: "_OnPauseError") -> Probe | None:
        """Have this call try a pause, or wait for what VK says to another one that does.

        PausedError when that one was not taken either, as far as is known.
        """
        now, name = _ms(self._clock), f"probe_{paused.name}"
        try:
            self._table.update(
                *self._key,
                f"SET #{name} = :now",
                condition=f"attribute_not_exists(#{name}) OR #{name} <= :before",
                now=now,
                before=now - PROBED_EVERY_MS,
            )
        except ConditionFailedError as failed:
            probed = int((failed.item or {})[name])
            if now < probed + ANSWERED_WITHIN_MS:
                self._sleep_until(probed + ANSWERED_WITHIN_MS)
                return None
            again = min(paused.ends, probed + PROBED_EVERY_MS)
            raise PausedError(_moment(again), WAIT) from None
        return Probe(paused.name, paused.ends)

    def _next_slot(
        self, methods: Collection[str], lane: Lane, give_up: float, *, probing: bool
    ) -> int:
        """Return the worker's next slot, from those it has or from the table."""
        while self._slots and self._slots[0] + GOOD_FOR_MS < _ms(self._clock):
            self._slots.popleft()
        tries = 0
        while not self._slots:
            if self._clock.now() >= give_up:
                raise UnavailableError("no slot at the community's pace")
            count = max(1, min(self._waiting, AT_ONCE))
            try:
                self._take(count, lane)
            except ConditionFailedError as failed:
                item, now = failed.item or {}, _ms(self._clock)
                if not probing:
                    _heed_pauses(item, methods, lane, now)
                tries += 1
                self._clock.sleep(_until_free(item, now, lane, tries))
        if not probing:
            _heed_pauses(self._seen, methods, lane, _ms(self._clock))
        return self._slots.popleft()

    def _take(self, count: int, lane: Lane) -> None:
        """Move `next_at` on by some steps, which are slots of ours then."""
        asked = _ms(self._clock)
        try:
            self._seen = self._table.update(
                *self._key,
                "SET #next_at = #next_at + :steps",
                condition="#next_at BETWEEN :now AND :horizon",
                returns="ALL_OLD",
                steps=count * STEP_MS,
                now=asked,
                horizon=asked + HORIZON_MS[lane],
            )
            first = int(self._seen["next_at"])
        except ConditionFailedError as failed:
            item = failed.item or {}
            if item.get("next_at", 0) >= asked:
                raise
            # Nobody has called for a while. The slot begins when this write is answered, as far
            # as the last one tells; else a slow table would make every slot late.
            now = _ms(self._clock)
            first = now + (now - asked)
            self._seen = self._table.update(
                *self._key,
                "SET #next_at = :next",
                condition="attribute_not_exists(#next_at) OR #next_at < :now",
                returns="ALL_OLD",
                next=first + count * STEP_MS,
                now=now,
            )
        self._slots.extend(first + step * STEP_MS for step in range(count))


class _OnPauseError(PausedError):
    """A pause is on; `name` is its attribute in the item."""

    def __init__(self, name: str, until: int) -> None:
        super().__init__(_moment(until), WAIT)
        self.name, self.ends = name, until


def _heed_pauses(item: Item, methods: Collection[str], lane: Lane, now: int) -> None:
    ends = {name: int(item.get(name, 0)) for name in map(_pause, ("*", *methods))}
    if lane == Lane.EMERGENCY:
        ends = {name: end for name, end in ends.items() if item.get(_lifted(name)) != end}
    name = max(ends, key=ends.__getitem__, default="")
    if name and ends[name] > now:
        raise _OnPauseError(name, ends[name])


def _lifted(pause: str) -> str:
    """Return where the end of a pause is noted that emergencies need not heed any more."""
    return f"lifted_{pause}"


def _pause(method: str) -> str:
    return "pause_all" if method == "*" else f"pause_{method.replace('.', '_')}"


def _until_free(item: Item, now: int, lane: Lane, tries: int) -> float:
    """Return seconds until slots are within the lane's horizon.

    Each grant satisfies one worker: the larger the crowd is (seen from tries in vain), the wider
    its next tries are spread, so that few writes are spent on asking.
    """
    over: float = item.get("next_at", now) - now - HORIZON_MS[lane]
    spread = STEP_MS * AT_ONCE * min(tries, CROWD) * random.random()  # noqa: S311
    return (max(over, 0) + spread) / 1000


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def _ms(clock: Clock) -> int:
    return round(clock.now() * 1000)
