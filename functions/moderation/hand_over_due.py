"""Use case: hand reports that are due to whoever goes on with them."""

from datetime import datetime, timedelta

from housechats.ports.queues import Queue
from housechats.ports.reports import Reports

A_SWEEP = 400
"""Reports in one minute."""
NOT_BEFORE = timedelta(minutes=5)
"""When one that was handed over may be handed over again."""


def hand_over_due(*, reports: Reports, queue: Queue, now: datetime) -> int:
    """Hand over those whose time has come, and return how many; twice does no harm."""
    due = reports.due(now, limit=A_SWEEP)
    queue.send({"report_id": report_id} for report_id in due)
    for report_id in due:
        reports.postpone(report_id, until=now + NOT_BEFORE)
    return len(due)
