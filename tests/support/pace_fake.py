"""VK's pace in one process: one call each 53 ms of the tests' time, and pauses."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime

from housechats.adapters.pace import PROBED_EVERY_MS, STEP_BACK_MS, STEP_MS, WAIT
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

    def wait_for_slot(
        self, methods: Collection[str], lane: Lane, go: Callable[[], None] | None = None
    ) -> None:
        name = max(("*", *methods), key=lambda one: self._pauses.get(one, 0))
        until = self._pauses.get(name, 0)
        if until > self._clock.now():
            self._probe(name, until, lane)
        slot = max(self._next, self._clock.now())
        self._next = slot + STEP_MS / 1000
        if go:
            go()
        self._clock.sleep(max(slot - self._clock.now(), 0))

    def _probe(self, name: str, until: float, lane: Lane) -> None:
        if lane == Lane.EMERGENCY:
            again = self._probes.get(name, 0) + PROBED_EVERY_MS / 1000
            if again <= self._clock.now():
                self._probes[name] = self._clock.now()
                return
            until = min(until, again)
        raise PausedError(datetime.fromtimestamp(until, UTC), WAIT)

    def step_back(self) -> None:
        self._next = max(self._next, self._clock.now() + STEP_BACK_MS / 1000)

    def pause(self, method: str, *, seconds: float) -> datetime:
        until = max(self._clock.now() + seconds, self._pauses.get(method, 0))
        self._pauses[method] = until
        return datetime.fromtimestamp(until, UTC)

    def later(self, seconds: float) -> datetime:
        return datetime.fromtimestamp(self._clock.now() + seconds, UTC)
