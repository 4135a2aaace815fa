"""Use case: hand the houses whose waiting is over back to their queue."""

from datetime import datetime, timedelta

from housechats.ports.houses import Houses
from housechats.ports.queues import Queue
from housechats.ports.renewals import Renewals

NOT_BEFORE = timedelta(minutes=5)
"""A sweep that comes every minute must not hand the same house over each time."""
A_SWEEP = 560
"""Houses in one sweep: what VK's pace lets us open in a minute."""
AT_ONCE = 10
"""A sweep that dies has handed over this many at most that it did not note."""


def hand_over_due(*, houses: Houses | Renewals, openings: Queue, now: datetime) -> int:
    """Hand over houses that wait for their chat, or, as renewals, for what it is to say.

    Return their number; one that is handed over twice does no harm.
    """
    due = houses.due(now, limit=A_SWEEP)
    for some in (due[first : first + AT_ONCE] for first in range(0, len(due), AT_ONCE)):
        openings.send({"house_id": house_id} for house_id in some)
        for house_id in some:
            houses.postpone(house_id, until=now + NOT_BEFORE)
    return len(due)
