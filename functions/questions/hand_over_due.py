"""Use case: hand the questions that are due back to their queue."""

from datetime import datetime, timedelta

from housechats.ports.questions import Questions
from housechats.ports.queues import Queue

NOT_BEFORE = timedelta(minutes=5)
"""A sweep that comes every minute must not hand the same one over each time."""
A_SWEEP = 800
"""Questions in one sweep: what is left comes a minute later."""
AT_ONCE = 10
"""A sweep that dies has handed over this many at most that it did not note."""


def hand_over_due(*, questions: Questions, queue: Queue, now: datetime) -> int:
    """Return the number handed over; one that is handed over twice does no harm."""
    due = questions.due(now, limit=A_SWEEP)
    for some in (due[first : first + AT_ONCE] for first in range(0, len(due), AT_ONCE)):
        queue.send({"question_id": question_id} for question_id in some)
        for question_id in some:
            questions.postpone(question_id, until=now + NOT_BEFORE)
    return len(due)
