"""Use case: write the workbook that comes back for a list that was checked."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from create_chats.columns import FIELDS
from create_chats.read_list import Listing, read
from create_chats.repeats import as_shown, lost_ones
from create_chats.result_book import Judged, write
from create_chats.results import result_key, result_name
from create_chats.tables import Table
from create_chats.workbooks import CONTENT_TYPE
from housechats.domain import rows_file
from housechats.domain.batches import Batch
from housechats.domain.houses import ChatState, House
from housechats.ports.batches import Batches, KeptChunk
from housechats.ports.files import Files
from housechats.ports.houses import Houses
from housechats.ports.jobs import Jobs

LIST_GONE = "Этого списка больше нет: он хранится 30 дней."
NOT_OPEN_YET = "Чат ещё открывается"


def make_result(
    batch_id: str, asked_at: datetime, *, batches: Batches, houses: Houses, lists: Files
) -> str:
    """Write the workbook that was asked for at a moment, as things are now.

    Each asking has a file of its own: whoever is slow replaces no newer one.
    """
    batch = batches.get(batch_id)
    if batch is None:
        return "no such list"
    listing = _listing(batch, lists)
    # All at once: the workbook's columns depend on what is mended in the last row.
    kept = list(batches.chunks(batch.id))
    book = write(
        listing,
        _judged(kept, houses),
        mended={number: cells for chunk in kept for number, cells in chunk.mended.items()},
        remarks=(*batch.remarks, *_town(batch)),
    )
    lists.put(result_key(batch.id, asked_at), book, content_type=CONTENT_TYPE)
    batches.result_written(batch.id, asked_at=asked_at)
    return "written"


def make_result_job(
    job_id: str, *, jobs: Jobs, batches: Batches, houses: Houses, lists: Files, now: datetime
) -> str:
    """Write the workbook that a job asks for, and end the job with it."""
    job = jobs.get(job_id)
    if job is None or job.status.final:
        return "over"
    batch = batches.get(job.subject["batch_id"])
    if batch is None:
        jobs.fail(job.id, reason=LIST_GONE, now=now)
        return "no such list"
    asked_at = datetime.fromtimestamp(int(job.subject["asked_at"]) / 1000, UTC)
    make_result(batch.id, asked_at, batches=batches, houses=houses, lists=lists)
    key, name = result_key(batch.id, asked_at), result_name(batch.name)
    jobs.finish(job.id, file_key=key, file_name=name, now=now)
    return "written"


def _town(batch: Batch) -> Iterator[str]:
    """Say with which town the list was read: its mended copy is read with one too."""
    if batch.locality:
        yield (
            f"Адреса без города прочитаны как «{batch.locality}». Если город не задан в настройках "
            "территории, укажите его и при загрузке этой таблицы."
        )


def _listing(batch: Batch, lists: Files) -> Listing:
    """Return the list as it came; if it was replaced since, what was understood of it."""
    body = lists.get(batch.key, etag=batch.etag)
    if body is not None:
        return read(body)
    rows = lists.get(rows_file.key_of(batch.id))
    if rows is None:
        raise LookupError(f"the rows of batch {batch.id} are gone")
    return _understood(rows)


def _understood(rows: bytes) -> Listing:
    """Return the rows in their places, under our names of columns."""
    filled = {name for row in rows_file.read(rows) for name in row.cells}
    names = [name for name in FIELDS if name in filled]
    header = next(rows_file.read(rows)).number - 1

    def cells() -> Iterator[Sequence[str]]:
        yield from ([] for _ in range(1, header))
        yield [FIELDS[name][0] for name in names]
        last = header
        for row in rows_file.read(rows):
            yield from ([] for _ in range(last + 1, row.number))
            yield [row.cells.get(name, "") for name in names]
            last = row.number

    places = {name: place for place, name in enumerate(names)}
    columns = {name: FIELDS[name][0] for name in names}
    return Listing(columns, places, header, Table(cells))


def _judged(kept: Sequence[KeptChunk], houses: Houses) -> Iterator[Judged]:
    """Yield the verdicts in the order of their rows, each with the link to its chat."""
    lost = lost_ones(row for chunk in kept for row in chunk.rows)
    for chunk in kept:
        ids = {row.house_id for row in chunk.rows if row.house_id}
        found = {house.id: _chat(house) for house in houses.get_many(ids)}
        for row in chunk.rows:
            yield as_shown(row, lost), found.get(row.house_id, "")


def _chat(house: House) -> str:
    if house.state == ChatState.OPEN:
        return house.link
    return house.reason or NOT_OPEN_YET
