"""Workers that are killed: every call to a port is counted, and some end the worker."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any


class Killed(BaseException):
    """The worker is no more: nothing of ours may catch this."""


class Wire:
    """Every call to a watched port goes over this wire.

    The worker is killed before the calls whose numbers are in `before`, and after those in
    `after`; numbers begin with 1 and go over all workers.
    """

    def __init__(self, *, before: Collection[int] = (), after: Collection[int] = ()) -> None:
        self.calls: list[str] = []
        self.kills = 0
        self.takes_time: Callable[[], None] = lambda: None
        """What passes on the way to a port and back: other workers go on meanwhile."""
        self._before = set(before)
        self._after = set(after)

    def kill(self, *, before: Collection[int] = (), after: Collection[int] = ()) -> None:
        """Add calls at which a worker is killed."""
        self._before |= set(before)
        self._after |= set(after)

    def watch(self, name: str, port: Any) -> Any:
        return _Watched(name, port, self)

    def carry(self, name: str, call: Callable[[], Any]) -> Any:
        self.calls.append(name)
        number = len(self.calls)
        self._kill_if(number in self._before)
        self.takes_time()
        result = call()
        self.takes_time()
        self._kill_if(number in self._after)
        return result

    def _kill_if(self, told: bool) -> None:
        if told:
            self.kills += 1
            raise Killed


class _Watched:
    def __init__(self, name: str, port: Any, wire: Wire) -> None:
        self._name, self._port, self._wire = name, port, wire

    def __getattr__(self, method: str) -> Callable[..., Any]:
        does = getattr(self._port, method)

        @wraps(does)
        def carried(*args: Any, **kwargs: Any) -> Any:
            return self._wire.carry(f"{self._name}.{method}", lambda: does(*args, **kwargs))

        return carried
