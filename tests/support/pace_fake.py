"""VK's pace in one process: one call each 53 ms of the tests' time, and pauses."""

from collections.abc import Collection
from datetime import UTC, datetime

from housechats.adapters.pace import STEP_BACK_MS, STEP_MS
from housechats.domain.errors import PausedError
from housechats.ports.chats import Lane
from support.clock import VirtualClock


class FakePace:
    """Stands in for the pace over the table, with its rule."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._next = 0.0
        self._pauses: dict[str, float] = {}

    def wait_for_slot(self, methods: Collection[str], lane: Lane) -> None:
        until = max(self._pauses.get(method, 0) for method in ("*", *methods))
        if until > self._clock.now():
            raise PausedError(datetime.fromtimestamp(until, UTC), "ВКонтакте попросил подождать")
        slot = max(self._next, self._clock.now())
        self._next = slot + STEP_MS / 1000
        self._clock.sleep(slot - self._clock.now())

    def step_back(self) -> None:
        self._next = max(self._next, self._clock.now() + STEP_BACK_MS / 1000)

    def pause(self, method: str, *, seconds: float) -> datetime:
        until = max(self._clock.now() + seconds, self._pauses.get(method, 0))
        self._pauses[method] = until
        return datetime.fromtimestamp(until, UTC)

    def later(self, seconds: float) -> datetime:
        return datetime.fromtimestamp(self._clock.now() + seconds, UTC)
