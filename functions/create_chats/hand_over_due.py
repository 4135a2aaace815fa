"""Use cases: hand houses that wait for their chat, or for what it is to say, to their queue."""

from datetime import datetime, timedelta

from housechats.domain.hand_overs import ENOUGH, pause_after
from housechats.ports.houses import Houses
from housechats.ports.queues import Queue
from housechats.ports.renewals import Renewals

NOT_BEFORE = timedelta(minutes=5)
"""A sweep that comes every minute must not hand the same house over each time."""
A_SWEEP = 560
"""Houses in one sweep: what VK's pace lets us open in a minute."""
AT_ONCE = 10
"""A sweep that dies has handed over this many at most that it did not note."""
GIVEN_UP = (
    "Изменения не дошли до чата: на нашей стороне ошибка. Нажмите «Повторить»; если не поможет, "
    "скажите нам код дома."
)


def hand_over_due(*, houses: Houses, openings: Queue, now: datetime) -> int:
    """Return the number handed over; one that is handed over twice does no harm."""
    due = houses.due(now, limit=A_SWEEP)
    for some in (due[first : first + AT_ONCE] for first in range(0, len(due), AT_ONCE)):
        openings.send({"house_id": house_id} for house_id in some)
        for house_id in some:
            houses.postpone(house_id, until=now + NOT_BEFORE)
    return len(due)


def hand_over_renewals(*, renewing: Renewals, renewals: Queue, now: datetime) -> int:
    """Hand over houses whose chats are behind; return their number.

    What no hand-over has renewed waits for a person: its messages are among the dead letters.
    """
    due = renewing.due(now, limit=A_SWEEP)
    for house_id in (one for one, times in due.items() if times >= ENOUGH):
        renewing.give_up(house_id, reason=GIVEN_UP, now=now)
    left = [one for one, times in due.items() if times < ENOUGH]
    for some in (left[first : first + AT_ONCE] for first in range(0, len(left), AT_ONCE)):
        renewals.send({"house_id": house_id} for house_id in some)
        for house_id in some:
            pause = pause_after(due[house_id], first=NOT_BEFORE)
            renewing.handed_over(house_id, until=now + pause)
    return len(left)
