"""Use case: have a broadcast tried again in the chats where it failed, and the rest of it sent."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, partial

from broadcast.set_going import Seed, set_going
from housechats.domain.broadcast_rules import quiets_within
from housechats.domain.broadcast_starts import tried_again
from housechats.domain.broadcasts import Broadcast, BroadcastState, NotNowError
from housechats.domain.errors import UnavailableError
from housechats.domain.failed_chats import lost_in, reopened
from housechats.domain.followers import NOTHING_TO_RETRY
from housechats.domain.quiet_hours import LocalQuiet
from housechats.domain.receipts import ChunkReceipts
from housechats.domain.territories import region_of
from housechats.ports.broadcast_rules import Rulebook
from housechats.ports.broadcasts import Audience, Audiences, Broadcasts, Receipts, Starts
from housechats.ports.houses import Houses

TRIES = 5
"""How often others may be faster before a person has to try again."""
WORKS_AT_MOST = timedelta(minutes=15)
"""No function lives longer (AWS Lambda quotas)."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a retry works with."""

    broadcasts: Broadcasts
    receipts: Receipts
    audiences: Audiences
    houses: Houses
    starts: Starts
    seed: Seed


def retry_failed(
    one: Broadcast,
    audience: Audience,
    quiets: Sequence[LocalQuiet],
    *,
    desk: Desk,
    now: datetime,
) -> Broadcast:
    """Have what can be retried tried again, and return the broadcast as it goes on.

    NotNowError when there is nothing, or it is not over. Whoever is killed on the way leaves
    chunks open of a broadcast that is over: asked again, it goes on with them.
    """
    for _ in range(TRIES):
        # Whether it may be at all is asked before anything is opened.
        tried_again(one, quiets, failed=one.failed, finished=one.finished, now=now)
        counted, finished = _open_chunks(one, audience, desk, now)
        if sum(finished.values()) == audience.size:
            raise NotNowError(NOTHING_TO_RETRY)
        after = tried_again(counted, quiets, failed=counted.failed, finished=finished, now=now)
        if desk.broadcasts.recount(after):
            set_going(after, seed=desk.seed, starts=desk.starts, now=now)
            return after
        one = desk.broadcasts.get(one.id) or one
        if one.state in {BroadcastState.RUNNING, BroadcastState.SCHEDULED}:
            return one  # somebody else has pressed the same button
    raise UnavailableError("others change this broadcast")


def may_retry(
    one: Broadcast,
    audience: Audience,
    *,
    receipts: Receipts,
    audiences: Audiences,
    houses: Houses,
    now: datetime,
) -> bool:
    """Tell whether there is a chat to which a retry would send: the receipts are read for it."""
    through = 0
    for chunk in receipts.of(one.id):
        may_go = chunk.failures and not chunk.begun_at
        if may_go and _reopened(chunk, audience, audiences, houses, now) is not chunk:
            return True
        through += chunk.is_through
    return through < audience.size


def retry_handed_over(
    broadcast_id: str, *, revision: int, rules: Rulebook, desk: Desk, now: datetime
) -> str:
    """Have done what somebody asked for where all long work is shown; however often it comes.

    `revision`: of what they saw. Whoever has changed it since, as by a stop, has the last word.
    """
    one = desk.broadcasts.get(broadcast_id)
    audience = desk.audiences.get(one.audience_folder) if one else None
    if one is None or audience is None:
        return "gone"
    if one.state == BroadcastState.RUNNING:
        desk.seed(one)  # whoever began it again may have died before this
        return "runs"
    if one.revision != revision:
        return "changed"
    quiets = quiets_within(one.oktmo, rules.of_region(region_of(one.oktmo)))
    try:
        retry_failed(one, audience, quiets, desk=desk, now=now)
    except NotNowError:
        return "over"
    return "begun again"


def _open_chunks(
    one: Broadcast, audience: Audience, desk: Desk, now: datetime
) -> tuple[Broadcast, dict[int, int]]:
    """Open chunks with chats that may go; return what is sent and failed, and chunks through."""
    sent, failed, not_sent, finished = 0, 0, 0, Counter[int]()
    heed = cache(partial(_have_counted, one, desk, now))
    for chunk in desk.receipts.of(one.id):
        after = _opened(one, chunk, audience, desk, now, heed) if chunk.failures else chunk
        sent += len(after.cmids)
        failed += after.failed
        not_sent += after.not_sent
        if after.is_through:
            finished[audience.community_of(after.chunk)] += 1
    return replace(one, sent=sent, failed=failed, not_sent=not_sent), dict(finished)


def _have_counted(one: Broadcast, desk: Desk, now: datetime) -> None:
    """Have the sweep count what is opened, should whoever opens it die before they count it."""
    due_at = now + WORKS_AT_MOST
    desk.broadcasts.looked_at(one, seen=one.seen, hand_overs=one.hand_overs, due_at=due_at)


def _opened(
    one: Broadcast,
    chunk: ChunkReceipts,
    audience: Audience,
    desk: Desk,
    now: datetime,
    heed: Callable[[], None],
) -> ChunkReceipts:
    for _ in range(TRIES):
        if chunk.begun_at:
            return chunk  # a worker is at it, or died at it: first that is settled
        after = _reopened(chunk, audience, desk.audiences, desk.houses, now)
        if after is chunk:
            return chunk
        heed()  # before anything is opened
        if desk.receipts.reopen(one.id, after, instead_of=chunk):
            return after
        chunk = desk.receipts.get(one.id, chunk.chunk)
    raise UnavailableError("others change this chunk")


def _reopened(
    chunk: ChunkReceipts,
    audience: Audience,
    audiences: Audiences,
    houses: Houses,
    now: datetime,
) -> ChunkReceipts:
    """Return a chunk without the failures that may go another time; the same if none may."""
    lost = lost_in(chunk)
    chats = audiences.chunk(audience, chunk.chunk) if lost else ()
    found = houses.get_many(chats[n].house_id for n in lost)
    return reopened(chunk, chats, {house.id: house for house in found}, now=now)
