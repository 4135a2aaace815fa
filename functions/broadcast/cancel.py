"""Use case: take a broadcast back before it starts, and let go what it was to follow."""

from datetime import datetime

from broadcast.change import change
from housechats.domain.broadcasts import Broadcast, BroadcastState, cancelled, unfollowed
from housechats.ports.broadcasts import Broadcasts, Starts


def cancel(one: Broadcast, *, broadcasts: Broadcasts, starts: Starts, now: datetime) -> Broadcast:
    """Have nobody get it; NotNowError once it has begun. Killed on the way, a repeat goes on."""

    def to(there: Broadcast) -> Broadcast:
        return there if there.state == BroadcastState.CANCELLED else cancelled(there, now=now)

    after = change(one, to, broadcasts=broadcasts)
    starts.cancel(one.id)
    # What says that another one is over keeps its rest from going out: now nothing does.
    if root := broadcasts.get(one.of) if one.of else None:
        change(root, lambda there: unfollowed(there, by=one.id), broadcasts=broadcasts)
    return after
