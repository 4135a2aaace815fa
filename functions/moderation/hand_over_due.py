"""Use case: hand reports that are due to whoever goes on with them."""

from datetime import datetime

from housechats.ports.queues import Queue
from housechats.ports.reports import Reports

A_SWEEP = 400
"""Reports in one minute."""


def hand_over_due(*, reports: Reports, queue: Queue, now: datetime) -> int:
    """Hand over those whose time has come, and return how many; twice does no harm."""
    due = reports.due(now, limit=A_SWEEP)
    queue.send({"report_id": report_id} for report_id in due)
    return len(due)
