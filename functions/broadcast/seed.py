"""Use cases: hand chunks over to workers, and tell when all of them are through."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from broadcast.change import change
from broadcast.mailing import audience_of
from housechats.domain.broadcasts import (
    IN_FLIGHT,
    Broadcast,
    BroadcastState,
    Deed,
    done,
    recall_ended,
)
from housechats.domain.receipts import ChunkReceipts
from housechats.ports.broadcasts import Audience, Audiences, Broadcasts, Receipts
from housechats.ports.queues import Queue

TRIES = 5
BEGUN = {BroadcastState.RUNNING, BroadcastState.STOPPED, BroadcastState.DONE}


@dataclass(frozen=True, slots=True)
class Queues:
    """Where chunks wait for a worker."""

    deliveries: Queue
    emergencies: Queue
    in_flight: int = IN_FLIGHT

    def hand_over(self, one: Broadcast, chunks: Iterable[int]) -> None:
        self._send(one, [{"broadcast_id": one.id, "chunk": chunk} for chunk in chunks])

    def hand_over_again(self, one: Broadcast, chunk: int, *, tries: int, after_s: int) -> None:
        """Have a chunk that failed come back; who gets it learns how often it did so before."""
        body: dict[str, str | int] = {"broadcast_id": one.id, "chunk": chunk, "tries": tries}
        self._send(one, [body], delay_s=after_s)

    def _send(
        self, one: Broadcast, bodies: Sequence[Mapping[str, str | int]], *, delay_s: int = 0
    ) -> None:
        queue = self.emergencies if one.is_urgent else self.deliveries
        queue.send(bodies, delay_s=delay_s, group=one.id)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the chunks of a broadcast are, by their receipts."""

    finished: Mapping[int, int]
    """Chunks that are through, by community."""
    sent: int
    failed: int
    not_sent: int
    to_hand_over: tuple[int, ...]
    """Chunks with which the broadcast goes on."""
    in_doubt: tuple[int, ...]
    """Chunks that a worker began, of which nobody knows what went out."""
    waits_until: datetime | None
    """When the next chats that VK asked us to leave alone can be tried again."""

    @property
    def through(self) -> int:
        return sum(self.finished.values())


def standing_of(
    audience: Audience,
    receipts: Iterable[ChunkReceipts],
    *,
    in_flight: int,
    lease: timedelta,
    now: datetime,
) -> Standing:
    """Fold receipts, however many there are.

    A chunk in a worker's hands is not handed over: if the worker dies, its message comes back.
    """
    sent = failed = not_sent = 0
    through = Counter[int]()
    finished, busy, due, waits = set[int](), set[int](), list[int](), list[datetime]()
    in_doubt: list[int] = []
    for one in receipts:
        sent += len(one.cmids)
        failed += one.failed
        not_sent += one.not_sent
        through[audience.community_of(one.chunk)] += one.is_through
        if one.begun_at and now - one.begun_at < lease:
            busy.add(one.chunk)
        elif one.begun_at and not one.is_through:
            in_doubt.append(one.chunk)
        if one.finished_at:
            finished.add(one.chunk)
        if not one.finished_at or one.is_through or one.chunk in busy:
            continue
        if one.again_at and one.again_at > now:
            waits.append(one.again_at)
        else:
            due.append(one.chunk)
    heads = _heads(audience, finished, in_flight)
    return Standing(
        finished={community: chunks for community, chunks in through.items() if chunks},
        sent=sent,
        failed=failed,
        not_sent=not_sent,
        to_hand_over=(*(chunk for chunk in heads if chunk not in busy), *due),
        in_doubt=tuple(in_doubt),
        waits_until=min(waits, default=None),
    )


def _heads(audience: Audience, finished: set[int], in_flight: int) -> list[int]:
    """Return the first chunk of each chain that is not finished."""
    chains = (
        chunks[first::in_flight]
        for chunks in audience.chunks.values()
        for first in range(min(in_flight, len(chunks)))
    )
    heads = (next((one for one in chain if one not in finished), None) for chain in chains)
    return [head for head in heads if head is not None]


@dataclass(frozen=True, slots=True)
class Desk:
    """What handing over works with."""

    broadcasts: Broadcasts
    receipts: Receipts
    audiences: Audiences
    queues: Queues
    lease: timedelta
    """A worker's: longer than it may live."""


def seed(one: Broadcast, *, desk: Desk, now: datetime) -> None:
    """Hand over the chunks with which a running broadcast begins, or goes on.

    As many of each community as may be in flight; each hands over the next one of its chain.
    """
    audience = audience_of(one, broadcasts=desk.broadcasts, audiences=desk.audiences)
    desk.queues.hand_over(one, stand(one, audience, desk=desk, now=now).to_hand_over)


def stand(one: Broadcast, audience: Audience, *, desk: Desk, now: datetime) -> Standing:
    """Return how far a broadcast is."""
    in_flight = desk.queues.in_flight
    receipts = desk.receipts.of(one.id)
    return standing_of(audience, receipts, in_flight=in_flight, lease=desk.lease, now=now)


def next_of(audience: Audience, chunk: int, *, in_flight: int) -> int | None:
    """Return the next chunk of a chain; None when it ends."""
    chunks = audience.chunks[audience.community_of(chunk)]
    after = chunks.index(chunk) + in_flight
    return chunks[after] if after < len(chunks) else None


def hand_on_from(
    one: Broadcast, audience: Audience, chunk: int, *, receipts: Receipts, queues: Queues
) -> None:
    """Hand over what follows a chunk that somebody else has finished, if nobody has begun it.

    A repeated message must not start a second chain beside the first.
    """
    following = next_of(audience, chunk, in_flight=queues.in_flight)
    while following is not None:
        there = receipts.get(one.id, following)
        if there.finished_at is None:
            if there.begun_at is None:
                queues.hand_over(one, [following])
            return
        following = next_of(audience, following, in_flight=queues.in_flight)


def end(
    broadcast_id: str,
    audience: Audience,
    *,
    broadcasts: Broadcasts,
    receipts: Receipts,
    now: datetime,
) -> bool:
    """End a broadcast all of whose chunks are through, with the exact numbers; else False.

    One that was stopped when everything had gone out is done as well. One that was ended already
    is counted anew: a slow worker may have counted after that.
    """
    standing = standing_of(
        audience, receipts.of(broadcast_id), in_flight=1, lease=timedelta(), now=now
    )
    if standing.through < audience.size:
        return False
    for _ in range(TRIES):
        one = broadcasts.get(broadcast_id)
        if one is None or one.state not in BEGUN:
            return False
        tell_recalled(one, deleted=standing.sent > 0, broadcasts=broadcasts)
        counted = replace(one, finished=standing.finished, not_sent=standing.not_sent)
        if broadcasts.recount(done(counted, sent=standing.sent, failed=standing.failed, now=now)):
            return True
    return False


def tell_recalled(one: Broadcast, *, deleted: bool, broadcasts: Broadcasts) -> None:
    """Note in what a recall was of whether it has deleted anything: if not, that still stands."""
    root = broadcasts.get(one.of) if one.deed == Deed.RECALL else None
    if root:
        change(
            root,
            lambda there: recall_ended(there, by=one.id, deleted=deleted),
            broadcasts=broadcasts,
        )
