"""Use case: hand the houses whose waiting is over back to the queue."""

from datetime import datetime, timedelta

from housechats.ports import Houses, Queue

NOT_BEFORE = timedelta(minutes=5)
"""A sweep that comes every minute must not hand the same house over each time."""


def hand_over_due(*, houses: Houses, openings: Queue, now: datetime) -> int:
    """Return the number of houses handed over; one that is handed over twice does no harm."""
    due = houses.due(now)
    openings.send({"house_id": house_id} for house_id in due)
    for house_id in due:
        houses.postpone(house_id, until=now + NOT_BEFORE)
    return len(due)
