"""Use case: hand complaints that are due to whoever goes on with them."""

from datetime import datetime, timedelta

from housechats.ports.complaints import Complaints
from housechats.ports.queues import Queue

A_SWEEP = 400
"""Complaints in one minute."""
NOT_BEFORE = timedelta(minutes=5)
"""When one that was handed over may be handed over again."""


def hand_over_due(*, complaints: Complaints, queue: Queue, now: datetime) -> int:
    """Hand over those whose time has come, and return how many; twice does no harm."""
    due = complaints.due(now, limit=A_SWEEP)
    queue.send({"complaint_id": complaint_id} for complaint_id in due)
    for complaint_id in due:
        complaints.postpone(complaint_id, until=now + NOT_BEFORE)
    return len(due)
