"""How long a worker tries again in place what cannot be done just now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from housechats.domain.errors import UnavailableError

PAUSES_S = (1, 2, 4)
VK_TAKES = timedelta(seconds=36)
"""The longest wait for a slot (20 s) and for VK's answer (15 s): what a call needs at most."""
TABLE_TAKES = timedelta(seconds=1)

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Hours:
    """A worker's time: the clock, and when it is stopped."""

    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    until: datetime


def patiently(
    call: Callable[[], Result], *, hours: Hours, takes: timedelta = TABLE_TAKES
) -> Result:
    """Return what a call that bears a repeat returns, tried some times while there is time.

    UnavailableError in the end, or at once when the time is too short for the call.
    """
    if hours.now() + takes > hours.until:
        raise UnavailableError("the worker's time is too short")
    for pause in PAUSES_S:
        try:
            return call()
        except UnavailableError:
            if hours.now() + timedelta(seconds=pause) + takes > hours.until:
                raise
            hours.sleep(pause)
    return call()
