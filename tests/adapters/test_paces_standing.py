"""Who tells when a mailing will be through sees how the paces stand, and takes no slot."""

from datetime import UTC, datetime, timedelta

from housechats.adapters.pace import Clock, Pace
from housechats.adapters.paces import DynamoPaces
from housechats.adapters.table import Table
from housechats.domain.forecast import Standing
from housechats.ports.chats import Lane
from support.clock import VirtualClock


def test_the_next_slot_and_a_pause_of_sends_are_seen(table: Table) -> None:
    clock = VirtualClock()
    pace = Pace(table, 7, clock=Clock(clock.now, clock.sleep))
    now = datetime.fromtimestamp(clock.now(), UTC)
    pace.wait_for_slot(["messages.send"], Lane.BULK)
    until = pace.pause("messages.send", seconds=90)

    standing = DynamoPaces(table).standing([7, 8])

    assert set(standing) == {7}
    assert standing[7].paused_until == until
    free_at = standing[7].free_at
    assert free_at is not None
    assert now < free_at < now + timedelta(seconds=1)


def test_a_pause_of_other_calls_keeps_no_mailing(table: Table) -> None:
    clock = VirtualClock()
    pace = Pace(table, 7, clock=Clock(clock.now, clock.sleep))

    pace.pause("messages.createChat", seconds=90)

    assert DynamoPaces(table).standing([7]) == {7: Standing()}
