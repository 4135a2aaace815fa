"""Pace: a community's 20 calls a second, shared by all workers, in one item of the table.

A slot is taken by moving `next_at` one step on (GCRA). Who may wait how long for a slot is the
priority: bulk gives up when the queue of slots is longer than 250 ms, so that an emergency,
which may look 3 s ahead, never waits longer than that behind it.
"""

import random
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from housechats.adapters.aws import spending
from housechats.adapters.table import ConditionFailedError, Item, Table
from housechats.domain.errors import PausedError, UnavailableError
from housechats.ports import Lane

STEP_MS = 53
"""18.9 calls a second: VK counts 20 in any second (facts: community token), the rest is jitter."""
HORIZON_MS = {Lane.BULK: 250, Lane.INTERACTIVE: 1_000, Lane.EMERGENCY: 3_000}
STEP_BACK_MS = 1_000
"""After an error 6 everybody stands still for as long as VK's window is."""
CROWD = 6
"""Steps by which waiters spread at most: more would leave slots empty in a horizon of five."""
PATIENCE_S = 20
"""How long a worker tries for a slot before it gives its message back to the queue."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Time and sleep, together, so that a test can drive both."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


class Pace:
    """Hands out slots for calls of one community."""

    def __init__(self, table: Table, community: int, *, clock: Clock | None = None) -> None:
        self._table = table
        self._key = (f"PACE#{community}", "PACE")
        self._clock = clock or Clock()

    def wait_for_slot(self, methods: Collection[str], lane: Lane) -> None:
        """Return when a call may be made; PausedError when VK asked us not to make it.

        ``methods`` are all that the one call runs: an `execute` runs several.
        """
        give_up = self._clock.now() + PATIENCE_S
        tries = 0
        while self._clock.now() < give_up:
            now = _ms(self._clock)
            try:
                before = self._take(now, lane)
            except ConditionFailedError as failed:
                _heed_pauses(failed.item or {}, methods, now)
                tries += 1
                self._clock.sleep(_until_free(failed.item or {}, now, lane, tries))
                continue
            _heed_pauses(before, methods, now)
            slot = max(now, before.get("next_at", 0))
            # Counted from now: the write took its time, and slots must not drift together.
            self._clock.sleep(max(slot / 1000 - self._clock.now(), 0))
            return
        raise UnavailableError("no slot at the community's pace")

    def step_back(self) -> None:
        """Move everybody's next slot a second on, after VK's error 6."""
        spending.add("error_6", 1)
        with suppress(ConditionFailedError):  # slots are given out beyond that already
            self._table.update(
                *self._key,
                "SET #next_at = :later",
                condition="attribute_not_exists(#next_at) OR #next_at < :later",
                later=_ms(self._clock) + STEP_BACK_MS,
            )

    def pause(self, method: str, *, seconds: float) -> datetime:
        """Let nobody call a method (`*`: any) for a while; return until when.

        A longer pause that is on already stays.
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
            until = (failed.item or {})[name]
        return datetime.fromtimestamp(until / 1000, UTC)

    def later(self, seconds: float) -> datetime:
        """Return the moment that many seconds from now."""
        return datetime.fromtimestamp(self._clock.now() + seconds, UTC)

    def _take(self, now: int, lane: Lane) -> Item:
        """Move `next_at` a step on and return the item as it was."""
        try:
            return self._table.update(
                *self._key,
                "SET #next_at = #next_at + :step",
                condition="#next_at BETWEEN :now AND :horizon",
                returns="ALL_OLD",
                step=STEP_MS,
                now=now,
                horizon=now + HORIZON_MS[lane],
            )
        except ConditionFailedError as failed:
            item = failed.item or {}
            if item.get("next_at", 0) >= now:
                raise
        return self._table.update(
            *self._key,
            "SET #next_at = :next",
            condition="attribute_not_exists(#next_at) OR #next_at < :now",
            returns="ALL_OLD",
            next=now + STEP_MS,
            now=now,
        )


def _heed_pauses(item: Item, methods: Collection[str], now: int) -> None:
    until = max(item.get(_pause(method), 0) for method in ("*", *methods))
    if until > now:
        moment = datetime.fromtimestamp(until / 1000, UTC)
        raise PausedError(moment, "ВКонтакте попросил подождать")


def _pause(method: str) -> str:
    return "pause_all" if method == "*" else f"pause_{method.replace('.', '_')}"


def _until_free(item: Item, now: int, lane: Lane, tries: int) -> float:
    """Return seconds until a slot is within the lane's horizon.

    Every slot frees one waiter: the longer the crowd is (seen from tries in vain), the wider
    its next tries are spread, so that few writes are spent on asking.
    """
    over: float = item.get("next_at", now) - now - HORIZON_MS[lane]
    spread = STEP_MS * min(tries, CROWD) * 2 * random.random()  # noqa: S311
    return (max(over, 0) + STEP_MS / 2 + spread) / 1000


def _ms(clock: Clock) -> int:
    return round(clock.now() * 1000)
