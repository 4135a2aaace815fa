"""A clock that tests move."""

from dataclasses import dataclass
from datetime import UTC, datetime

JANUARY = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
"""A Monday morning on which most tests begin."""


@dataclass
class VirtualClock:
    """Time that passes only when somebody sleeps."""

    seconds: float = JANUARY.timestamp()

    def now(self) -> float:
        return self.seconds

    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def sleep(self, seconds: float) -> None:
        self.seconds += max(seconds, 0)
