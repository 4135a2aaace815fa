"""Use case: foresee when the last chat has a message, from the pace and the queues of now."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from housechats.domain.broadcasts import (
    Broadcast,
    BroadcastState,
    calls_of_message,
    chunk_chats,
)
from housechats.domain.forecast import Load, Quiet, finish_of
from housechats.domain.houses import ChatState, HouseLine
from housechats.ports.broadcasts import Audience, Audiences, Broadcasts
from housechats.ports.paces import Paces

SOON = timedelta(hours=1)
"""Who starts later than that after us finds us gone: a region takes ten seconds."""
MOST_AT_WORK = 100
"""Broadcasts that are looked at."""
CALLS_A_CHAT = 2.1
"""Of a house whose chat is being made, tries that are repeated included."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Where it is read what the communities have to do."""

    broadcasts: Broadcasts
    audiences: Audiences
    paces: Paces


def foresee(
    calls: Mapping[int, int],
    *,
    starts_at: datetime,
    urgent: bool,
    has_file: bool,
    quiet: Quiet | None,
    houses: Iterable[HouseLine],
    traffic: Traffic,
    now: datetime,
) -> datetime:
    """Return when calls of some communities are all answered; `houses` are those of the region."""
    loads = _loads_of_broadcasts(traffic, until=starts_at + SOON)
    for community, number in _being_made(houses).items():
        loads[community].append(Load(number * CALLS_A_CHAT))
    return finish_of(
        calls,
        starts_at=starts_at,
        urgent=urgent,
        standing=traffic.paces.standing(calls),
        loads=loads,
        now=now,
        quiet=quiet,
        has_file=has_file,
    )


def _being_made(houses: Iterable[HouseLine]) -> Counter[int]:
    return Counter(
        house.community for house in houses if house.state == ChatState.PLANNED and not house.waits
    )


def _loads_of_broadcasts(traffic: Traffic, *, until: datetime) -> dict[int, list[Load]]:
    loads: defaultdict[int, list[Load]] = defaultdict(list)
    # Whatever runs or is scheduled is due, so that the sweep looks at it.
    for broadcast_id in traffic.broadcasts.due(until, limit=MOST_AT_WORK):
        one = traffic.broadcasts.get(broadcast_id)
        if one is None or one.state not in {BroadcastState.RUNNING, BroadcastState.SCHEDULED}:
            continue
        if audience := traffic.audiences.get(one.audience_folder):
            begins = one.start_at if one.state == BroadcastState.SCHEDULED else None
            for community, number in _left(one, audience).items():
                loads[community].append(Load(number, one.is_urgent, begins))
    return loads


def _left(one: Broadcast, audience: Audience) -> dict[int, int]:
    """Return the calls that a broadcast has to make yet, by community."""
    in_chunk = -(-audience.chats // audience.size) if audience.size else 0
    calls = one.calls_of_chunk(in_chunk)
    return {
        community: calls * (len(chunks) - one.finished.get(community, 0))
        for community, chunks in audience.chunks.items()
    }


def calls_of(chats: Mapping[int, int], *, personal: bool, pin: bool) -> dict[int, int]:
    """Return the calls that a new message takes to chats of some communities."""
    together = chunk_chats(personal=personal)
    whole = calls_of_message(together, personal=personal, pin=pin)
    return {
        community: number // together * whole
        + calls_of_message(number % together, personal=personal, pin=pin)
        for community, number in chats.items()
    }
