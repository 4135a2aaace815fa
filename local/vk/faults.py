"""Trouble on demand: errors, slowness, lost calls and lost answers."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    ERROR = "error"  # VK's error `code`, no effect
    DELAY = "delay"  # the effect at once, the answer after `seconds`
    LOST_CALL = "lost_call"  # no effect, the connection is dropped
    LOST_ANSWER = "lost_answer"  # the effect, and the connection is dropped
    BAD_GATEWAY = "bad_gateway"  # no effect, HTTP 502 with a page instead of JSON
    BAD_GATEWAY_AFTER = "bad_gateway_after"  # the effect, and HTTP 502
    EVENT_TWICE = "event_twice"  # an event is told twice
    EVENT_LATE = "event_late"  # it is told after `seconds`
    EVENT_OVERTAKEN = "event_overtaken"  # it is told after the next one, or `seconds`


OF_EVENTS = {Kind.EVENT_TWICE, Kind.EVENT_LATE, Kind.EVENT_OVERTAKEN}


@dataclass(slots=True)
class Fault:
    """What happens to the next `times` calls of `method`, or to all of them before `until`.

    `method` may be "*"; for what happens to events it is the event's type. With `peer_id`, it
    fails for that peer alone. Errors also strike the calls inside an `execute`; everything else
    strikes what arrives.
    """

    kind: Kind
    method: str = "*"
    times: int | None = 1
    until: float | None = None
    code: int = 10
    seconds: float = 30.0
    peer_id: int | None = None
    community: int | None = None

    def __post_init__(self) -> None:
        if self.times is not None and self.times < 1:
            raise ValueError("times must be 1 or more")
        if self.peer_id is not None and self.kind is not Kind.ERROR:
            raise ValueError("only an error can strike one peer")
        if self.until is not None:
            self.times = None


class Faults:
    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self.waiting.append(fault)

    def clear(self) -> None:
        self.waiting.clear()

    def strike(
        self,
        method: str,
        *,
        community: int,
        now: float,
        error: bool,
        peer_id: int | None = None,
    ) -> Fault | None:
        """Take the oldest fault that fits and count it down; `error` asks for errors only."""
        self.waiting = [f for f in self.waiting if f.until is None or now < f.until]
        for fault in self.waiting:
            if (
                fault.kind not in OF_EVENTS
                and (fault.kind is Kind.ERROR) == error
                and fault.method in {method, "*"}
                and fault.peer_id == peer_id
                and fault.community in {community, None}
            ):
                self._count_down(fault)
                return fault
        return None

    def strike_event(self, event: str, *, community: int, now: float) -> Fault | None:
        """Take the oldest fault that an event of this type meets, and count it down."""
        self.waiting = [f for f in self.waiting if f.until is None or now < f.until]
        for fault in self.waiting:
            fits = fault.kind in OF_EVENTS and fault.method in {event, "*"}
            if fits and fault.community in {community, None}:
                self._count_down(fault)
                return fault
        return None

    def _count_down(self, fault: Fault) -> None:
        if fault.times is not None:
            fault.times -= 1
            if fault.times == 0:
                self.waiting.remove(fault)
