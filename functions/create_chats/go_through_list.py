"""Use case: a list that a person stopped comes to rest; one that goes on has all failures retried.

The list itself says which of both: whoever comes late does what was said last.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from create_chats.enrol import STOPPED
from create_chats.retry import retry
from housechats.domain import rows_file
from housechats.domain.batches import Batch, BatchState
from housechats.domain.houses import ChatState, House
from housechats.domain.instructions import InstructionState
from housechats.ports.batches import Batches
from housechats.ports.files import Files
from housechats.ports.houses import Houses
from housechats.ports.instructions import Instructions
from housechats.ports.queues import Queue
from housechats.ports.renewals import Renewals

CHECKED = {BatchState.ENROLLING, BatchState.ENROLLED}
"""Earlier there are no houses, and the list's own message will come."""
FAILED = {ChatState.REFUSED, ChatState.UNCERTAIN, ChatState.LOST}


@dataclass(frozen=True, slots=True)
class Desk:
    """What going through a list works with."""

    batches: Batches
    houses: Houses
    renewing: Renewals
    instructions: Instructions
    files: Files
    parts: Queue
    rows: Queue
    openings: Queue
    renewals: Queue
    letters: Queue


def go_through(batch_id: str, chunk: int | None, *, desk: Desk, now: datetime) -> str:
    """Stop, or begin anew, a chunk of a list; without one have all its chunks gone through."""
    batch = desk.batches.get(batch_id)
    if batch is None or batch.state not in CHECKED:
        return "nothing to go through"
    if chunk is None:
        desk.parts.send({"batch_id": batch.id, "chunk": n} for n in range(batch.chunks))
        if not batch.cancelled_at:
            _enrol_rest(batch, desk)
            _write_again(batch, desk)
        return "handed out"
    if batch.cancelled_at:
        return f"{_stop(_houses(batch, chunk, desk), desk)} stopped"
    if chunk not in batch.enrolled:
        return "on its way"  # since the list was let go on
    return f"{_begin_again(_houses(batch, chunk, desk), desk, now)} begun again"


def _houses(batch: Batch, chunk: int, desk: Desk) -> Iterable[House]:
    """Return the houses that came with a chunk's rows."""
    ids = {row.house_id for row in desk.batches.chunk(batch.id, chunk) if row.house_id}
    return [house for house in desk.houses.get_many(ids) if house.batch_id == batch.id]


def _stop(houses: Iterable[House], desk: Desk) -> int:
    """Give up the chats that nobody has begun, and have their elders told of the others."""
    stopped = 0
    for house in houses:
        was_stopped = house.state == ChatState.REFUSED and house.reason == STOPPED
        if was_stopped or desk.houses.give_up(house.id, reason=STOPPED):
            # Whoever opens chats hands settled ones on.
            desk.openings.send([{"house_id": house.id}])
            stopped += 1
    return stopped


def _enrol_rest(batch: Batch, desk: Desk) -> None:
    left = [chunk for chunk in range(batch.chunks) if chunk not in batch.enrolled]
    if not left:
        return
    file = desk.files.get(rows_file.key_of(batch.id))
    if file is None:
        raise LookupError(f"the rows of batch {batch.id} are gone")
    spans = rows_file.spans(file)
    desk.rows.send(
        {"batch_id": batch.id, "chunk": chunk, "first": spans[chunk][0], "last": spans[chunk][1]}
        for chunk in left
    )


def _begin_again(houses: Iterable[House], desk: Desk, now: datetime) -> int:
    failed = [h for h in houses if h.state in FAILED]
    return sum(
        retry(
            house,
            houses=desk.houses,
            renewing=desk.renewing,
            instructions=desk.instructions,
            openings=desk.openings,
            renewals=desk.renewals,
            now=now,
        )
        for house in failed
    )


def _write_again(batch: Batch, desk: Desk) -> None:
    """Have elders written to whom nothing reached; an SMS that may have gone is none of these."""
    for told in desk.instructions.of_batch(batch.id):
        if told.state == InstructionState.UNDELIVERABLE:
            desk.instructions.reopen(told)
        # Also one that waits: whoever reopened it may have died before this.
        if told.state in {InstructionState.UNDELIVERABLE, InstructionState.WAITING}:
            desk.letters.send([{"batch_id": told.batch_id, "elder_id": told.elder_id}])
