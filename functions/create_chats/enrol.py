"""Use case: give every good row of a chunk its house, once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from create_chats import rows_file
from housechats.domain.batches import (
    KEPT,
    MOST_PROBLEMS,
    Batch,
    ListedHouse,
    Problem,
    Row,
    RowVerdict,
    Verdict,
)
from housechats.domain.houses import CODES_PER_HOUSE, House, code_of, digest_of, own_letter
from housechats.ports import Batches, Elders, Files, Houses, Instructions, Queue

ELDER_KEPT = timedelta(days=365)
"""How long contacts of an elder are kept after the last list that names them."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A hundred rows of a batch: their place in the file of rows."""

    batch_id: str
    chunk: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Registry:
    """Where a house and its elder are kept: what enrolling a row needs."""

    houses: Houses
    elders: Elders
    instructions: Instructions
    community: int
    elder_key: str
    """The secret with which ids of elders are made."""


def enrol(
    chunk: Chunk,
    *,
    registry: Registry,
    lists: Files,
    batches: Batches,
    openings: Queue,
    now: datetime,
) -> int:
    """Enrol the rows of a chunk and have their chats opened; return the number of new houses.

    Everything a repeat finds done by the same batch counts as done now.
    """
    rows = rows_file.read(
        lists.get_range(rows_file.key_of(chunk.batch_id), chunk.first, chunk.last)
    )
    verdicts = [enrol_row(row, batch_id=chunk.batch_id, registry=registry, now=now) for row in rows]
    span = (chunk.first, chunk.last)
    batches.put_chunk(chunk.batch_id, chunk.chunk, verdicts, span=span, until=now + KEPT)
    new = [v.house_id for v in verdicts if v.house_id and not v.existing and v.verdict.good]
    openings.send({"house_id": house_id} for house_id in new)
    batch = batches.enrolled(chunk.batch_id, chunk.chunk)
    if len(batch.enrolled) == batch.chunks:
        _finish(batch, batches)
    return len(new)


def _finish(batch: Batch, batches: Batches) -> None:
    """Count anew what the check could not know: houses and ФИАС ids that were there before."""
    verdicts = [row for n in range(batch.chunks) for row in batches.chunk(batch.id, n)]
    batches.finish_enrolling(
        batch.id,
        rows=Counter(str(row.verdict) for row in verdicts),
        existing=sum(row.existing for row in verdicts),
    )


def enrol_row(row: Row, *, batch_id: str, registry: Registry, now: datetime) -> RowVerdict:
    """Enrol one row's house with its elder, and say what came of it."""
    problems = row.problems[:MOST_PROBLEMS]
    verdict = RowVerdict(row.number, row.verdict, problems, row.duplicate_of)
    if row.house is None or not row.verdict.good:
        return verdict
    for house in _candidates(row.house, batch_id, registry, now):
        if house.fias_id and not registry.houses.claim_fias(
            house.fias_id, house_id=house.id, digest=house.digest
        ):
            taken = Problem(
                column="",
                code="fias_taken",
                message="Этот код ФИАС уже есть у дома с другим адресом. Проверьте адрес и код.",
                fatal=True,
            )
            return replace(verdict, verdict=Verdict.REJECTED, problems=(taken, *problems))
        there = registry.houses.enrol(house)
        if there is None or _same(there, house):
            _name_elder(house, row.house, registry, now)
            return replace(verdict, house_id=house.id)
        if there.digest == house.digest:
            return replace(verdict, house_id=there.id, existing=True)
    raise RuntimeError("four codes in a row are other houses'")


def _same(there: House, house: House) -> bool:
    """Tell whether an earlier try of ours has enrolled the house."""
    return (there.digest, there.batch_id, there.elder_id) == (
        house.digest,
        house.batch_id,
        house.elder_id,
    )


def _candidates(
    listed: ListedHouse, batch_id: str, registry: Registry, now: datetime
) -> Iterator[House]:
    """Yield the house under each code that it may have, the usual one first."""
    digest = digest_of(listed.oktmo, listed.address)
    for attempt in range(CODES_PER_HOUSE):
        house_id = code_of(digest, attempt)
        yield House(
            id=house_id,
            digest=digest,
            oktmo=listed.oktmo,
            address=listed.address,
            community=registry.community,
            created_at=now,
            fias_id=listed.fias_id,
            entrances=listed.entrances,
            elder_id=listed.elder.id(registry.elder_key) if listed.elder else "",
            batch_id=batch_id,
            letter_id=batch_id or own_letter(house_id),
        )


def _name_elder(house: House, listed: ListedHouse, registry: Registry, now: datetime) -> None:
    if listed.elder:
        registry.elders.put(house.elder_id, listed.elder, until=now + ELDER_KEPT)
        registry.instructions.expect(house.letter_id, house.elder_id, house.id, until=now + KEPT)
