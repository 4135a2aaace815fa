"""Use cases: draw the posters of an opened house, of an elder's houses, of a whole batch."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from housechats.domain.batches import Batch
from housechats.domain.houses import ChatState, House
from housechats.domain.posters import poster_key, posters_key, sheet_key, sheet_name
from housechats.ports.batches import Batches
from housechats.ports.files import Files
from housechats.ports.houses import Houses
from housechats.ports.instructions import Instructions
from housechats.ports.jobs import Jobs
from housechats.ports.queues import Queue
from poster.paper import Paper
from poster.sheet import Poster, draw

PDF = "application/pdf"
NONE_OPEN = "Ни один чат списка ещё не открыт. Запросите объявления, когда чаты откроются."


@dataclass(frozen=True, slots=True)
class Desk:
    """What drawing for an opened house works with."""

    houses: Houses
    instructions: Instructions
    files: Files
    elders: Queue
    public_url: str


def sheet_of(houses: Iterable[House], *, public_url: str, paper: Paper = Paper.A4) -> bytes:
    """Draw the posters of houses, one after another, in one file."""
    posters = (
        Poster(
            house_id=house.id,
            address=house.address.short,
            locality=house.address.locality,
            entrances=house.entrances,
        )
        for house in houses
    )
    return draw(posters, public_url=public_url, paper=paper)


def make_poster(house_id: str, *, desk: Desk, now: datetime) -> str:
    """Draw and keep the poster of an open house, then have its elder told."""
    house = desk.houses.get(house_id)
    if house is None or house.state != ChatState.OPEN:
        return "no open chat"
    if house.poster_at is None:
        body = sheet_of([house], public_url=desk.public_url)
        desk.files.put(poster_key(house.id), body, content_type=PDF)
    # Also of one that is drawn: who noted it may have been killed before lists were told.
    desk.houses.poster_drawn(house.id, now=house.poster_at or now)
    if house.elder_id:
        desk.elders.send([{"batch_id": house.letter_id, "elder_id": house.elder_id}])
    return "drawn"


def make_elder_posters(batch_id: str, elder_id: str, *, desk: Desk) -> str:
    """Draw the posters of all open houses of an elder into one file, then have the elder told."""
    instruction = desk.instructions.get(batch_id, elder_id)
    if instruction is None:
        return "no instruction"
    houses = desk.houses.get_many(instruction.house_ids)
    theirs = filter(instruction.still_tells_of, houses)
    opened = sorted((h for h in theirs if h.state == ChatState.OPEN), key=lambda h: h.title)
    if opened:
        body = sheet_of(opened, public_url=desk.public_url)
        desk.files.put(posters_key(batch_id, elder_id), body, content_type=PDF)
    desk.elders.send([{"batch_id": batch_id, "elder_id": elder_id}])
    return "drawn"


def make_batch_sheet(
    job_id: str,
    *,
    jobs: Jobs,
    batches: Batches,
    houses: Houses,
    files: Files,
    public_url: str,
    now: datetime,
) -> int:
    """Draw one file with the posters of all open houses of a batch; return their number."""
    job = jobs.get(job_id)
    if job is None or job.status.final:
        return 0
    batch = batches.get(job.subject["batch_id"])
    opened = list(_open_houses(batch, batches, houses)) if batch else []
    if batch and opened:
        body = sheet_of(opened, public_url=public_url)
        files.put(sheet_key(batch.id), body, content_type=PDF)
    if batch:
        batches.sheet_drawn(batch.id, houses=len(opened), now=now)
    if batch and opened:
        name = sheet_name(batch)
        jobs.finish(job.id, file_key=sheet_key(batch.id), file_name=name, now=now)
    else:
        jobs.fail(job.id, reason=NONE_OPEN, now=now)
    return len(opened)


def _open_houses(batch: Batch, batches: Batches, houses: Houses) -> Iterator[House]:
    """Yield the batch's open houses in the order of its rows."""
    for chunk in range(batch.chunks):
        ids = [row.house_id for row in batches.chunk(batch.id, chunk) if row.house_id]
        found = {house.id: house for house in houses.get_many(ids)}
        for house_id in dict.fromkeys(ids):
            house = found.get(house_id)
            if house and house.state == ChatState.OPEN:
                yield house
