"""Use case: hand the instructions whose waiting is over back to the queue."""

from datetime import datetime, timedelta

from housechats.ports.instructions import Instructions
from housechats.ports.queues import Queue

NOT_BEFORE = timedelta(minutes=5)
"""A sweep that comes every minute must not hand the same one over each time."""
A_SWEEP = 280
"""Instructions in one sweep: what VK's pace lets us send in a minute, at four calls each."""
AT_ONCE = 10
"""A sweep that dies has handed over this many at most that it did not note."""


def hand_over_due(*, instructions: Instructions, queue: Queue, now: datetime) -> int:
    """Return the number handed over; one that is handed over twice does no harm."""
    due = instructions.due(now, limit=A_SWEEP)
    for some in (due[first : first + AT_ONCE] for first in range(0, len(due), AT_ONCE)):
        queue.send({"batch_id": batch_id, "elder_id": elder_id} for batch_id, elder_id in some)
        for batch_id, elder_id in some:
            instructions.postpone(batch_id, elder_id, until=now + NOT_BEFORE)
    return len(due)
