"""VK's pace in one process: one call each 53 ms of the tests' time, and pauses."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime

from housechats.adapters.pace import (
    ANSWERED_WITHIN_MS,
    PROBED_EVERY_MS,
    STEP_BACK_MS,
    STEP_MS,
    WAIT,
    Probe,
)
from housechats.domain.errors import PausedError
from housechats.ports.chats import Lane
from support.clock import VirtualClock


class FakePace:
    """Stands in for the pace over the table, with its rule."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._next = 0.0
        self._pauses: dict[str, float] = {}
        self._probes: dict[str, float] = {}
        self._lifted: dict[str, int] = {}

    def wait_for_slot(
        self, methods: Collection[str], lane: Lane, go: Callable[[], None] | None = None
    ) -> Probe | None:
        probe = None
        while probe is None and (paused := self._paused(methods, lane)):
            probe = self._probed(*paused, lane)
        slot = max(self._next, self._clock.now())
        self._next = slot + STEP_MS / 1000
        if go:
            go()
        self._clock.sleep(max(slot - self._clock.now(), 0))
        return probe

    def _paused(self, methods: Collection[str], lane: Lane) -> tuple[str, float] | None:
        """Return the longest pause that is on for a lane, and its end."""
        on = {name: until for name in ("*", *methods) if (until := self._pauses.get(name, 0))}
        if lane == Lane.EMERGENCY:
            on = {name: until for name, until in on.items() if self._lifted.get(name) != _ms(until)}
        name = max(on, key=on.__getitem__, default="")
        return (name, on[name]) if name and on[name] > self._clock.now() else None

    def _probed(self, name: str, until: float, lane: Lane) -> Probe | None:
        if lane == Lane.EMERGENCY:
            probed, now = self._probes.get(name, 0), self._clock.now()
            again = probed + PROBED_EVERY_MS / 1000
            if again <= now:
                self._probes[name] = now
                return Probe(name, _ms(until))
            if now < probed + ANSWERED_WITHIN_MS / 1000:
                self._clock.sleep(probed + ANSWERED_WITHIN_MS / 1000 - now)
                return None
            until = min(until, again)
        raise PausedError(datetime.fromtimestamp(until, UTC), WAIT)

    def lift(self, probe: Probe) -> None:
        if _ms(self._pauses.get(probe.pause, 0)) == probe.until:
            self._lifted[probe.pause] = probe.until

    def step_back(self) -> None:
        self._next = max(self._next, self._clock.now() + STEP_BACK_MS / 1000)

    def pause(self, method: str, *, seconds: float) -> datetime:
        until = max(self._clock.now() + seconds, self._pauses.get(method, 0))
        self._pauses[method] = until
        self._lifted.pop(method, None)
        return datetime.fromtimestamp(until, UTC)

    def later(self, seconds: float) -> datetime:
        return datetime.fromtimestamp(self._clock.now() + seconds, UTC)


def _ms(moment: float) -> int:
    return round(moment * 1000)
