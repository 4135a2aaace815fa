"""Use case: hand the instructions whose waiting is over back to the queue."""

from datetime import datetime, timedelta

from housechats.ports import Instructions, Queue

NOT_BEFORE = timedelta(minutes=5)
"""A sweep that comes every minute must not hand the same one over each time."""


def hand_over_due(*, instructions: Instructions, queue: Queue, now: datetime) -> int:
    """Return the number handed over; one that is handed over twice does no harm."""
    due = instructions.due(now)
    queue.send({"batch_id": batch_id, "elder_id": elder_id} for batch_id, elder_id in due)
    for batch_id, elder_id in due:
        instructions.postpone(batch_id, elder_id, until=now + NOT_BEFORE)
    return len(due)
