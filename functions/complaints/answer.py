"""Use case: note what becomes of a complaint, as those say whom it is for."""

from dataclasses import dataclass
from datetime import datetime

from housechats.domain.complaints import Complaint, Happening, moved
from housechats.ports.complaints import Complaints
from housechats.ports.queues import Queue
from housechats.runtime.errands import change


@dataclass(frozen=True, slots=True)
class Answering:
    """What an answer is noted with."""

    store: Complaints
    queue: Queue


def answer_complaint(
    complaint_id: str, says: Happening, *, by: str, note: str, desk: Answering, now: datetime
) -> Complaint | None:
    """Note it and have the author told; NotNowError when it cannot be so now.

    Killed in between, the complaint is due: the sweep has its errands done.
    """
    after = change(
        complaint_id,
        lambda complaint: moved(complaint, says, now=now, by=by, note=note),
        desk.store,
    )
    if after and after.errands:
        desk.queue.send([{"complaint_id": complaint_id}])
    return after


def send_again(complaint_id: str, *, desk: Answering, now: datetime) -> Complaint | None:
    """Have a complaint delivered anew that could not be; NotNowError when it was."""
    after = change(complaint_id, lambda one: moved(one, Happening.SENT_AGAIN, now=now), desk.store)
    desk.queue.send([{"complaint_id": complaint_id}])
    return after
