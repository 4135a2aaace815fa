"""Use case: have a broadcast that was begun, approved, moved or resumed go its way."""

from collections.abc import Callable
from datetime import datetime

from housechats.domain.broadcasts import Broadcast, BroadcastState
from housechats.ports.broadcasts import Starts

Seed = Callable[[Broadcast], object]
"""Hands over the chunks of a running broadcast that are next."""


def set_going(one: Broadcast, *, seed: Seed, starts: Starts, now: datetime) -> None:
    """Hand over what runs, plan what is scheduled. Killed before it, the sweep does the same."""
    if one.state == BroadcastState.RUNNING:
        seed(one)
    if one.state == BroadcastState.SCHEDULED and one.start_at:
        starts.plan(one.id, at=one.start_at, now=now)
