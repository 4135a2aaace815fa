"""Threads that run one at a time, in an order that their sleeping decides: no real time passes."""

import heapq
import threading
from collections import deque
from collections.abc import Callable
from itertools import count
from types import TracebackType

from support.clock import VirtualClock


class VirtualThreads:
    """Runs functions as threads of one clock; `sleep` and `lock` are theirs to use."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self._numbers = count()
        self._turns: list[tuple[float, int, threading.Semaphore]] = []
        self._yielded = threading.Semaphore(0)
        self._own = threading.local()
        self._failures: list[BaseException] = []

    def start(self, work: Callable[[], None]) -> None:
        turn = threading.Semaphore(0)

        def body() -> None:
            self._own.turn = turn
            turn.acquire()
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - told to the test
                self._failures.append(error)
            self._yielded.release()

        threading.Thread(target=body, daemon=True).start()
        self._plan(self.clock.now(), turn)

    def run(self, *, until: float) -> None:
        """Let the threads run until a time; those that sleep then are left asleep."""
        while self._turns and self._turns[0][0] <= until:
            at, _, turn = heapq.heappop(self._turns)
            self.clock.seconds = max(self.clock.seconds, at)
            turn.release()
            self._yielded.acquire()
            if self._failures:
                raise self._failures[0]

    def sleep(self, seconds: float) -> None:
        self._plan(self.clock.now() + max(seconds, 0), self._own.turn)
        self._give_way()

    def lock(self) -> "VirtualLock":
        return VirtualLock(self)

    def wait_in(self, queue: deque[threading.Semaphore]) -> None:
        queue.append(self._own.turn)
        self._give_way()

    def wake_first(self, queue: deque[threading.Semaphore]) -> None:
        if queue:
            self._plan(self.clock.now(), queue.popleft())

    def _plan(self, at: float, turn: threading.Semaphore) -> None:
        heapq.heappush(self._turns, (at, next(self._numbers), turn))

    def _give_way(self) -> None:
        turn: threading.Semaphore = self._own.turn
        self._yielded.release()
        turn.acquire()


class ThreadedClock(VirtualClock):
    """A clock whose sleepers let other virtual threads go on; `threads` is set by its maker."""

    threads: VirtualThreads

    def sleep(self, seconds: float) -> None:
        self.threads.sleep(seconds)


class VirtualLock:
    """threading.Lock for virtual threads."""

    def __init__(self, threads: VirtualThreads) -> None:
        self._threads = threads
        self._held = False
        self._queue: deque[threading.Semaphore] = deque()

    def __enter__(self) -> None:
        while self._held:
            self._threads.wait_in(self._queue)
        self._held = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._held = False
        self._threads.wake_first(self._queue)
