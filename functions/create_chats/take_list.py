"""Use case: take a list that was put into the bucket, and give every row its verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from create_chats.check_rows import check, remarks
from create_chats.columns import FIELDS
from create_chats.elder_pages import look_up
from create_chats.read_list import read
from create_chats.refusals import REFUSALS
from create_chats.towns import town_of
from create_chats.uploads import upload_key
from housechats.domain import rows_file
from housechats.domain.batches import Batch, BatchState, Row, Verdict, tally
from housechats.domain.communities import acting
from housechats.domain.errors import RefusedError
from housechats.domain.territories import region_of
from housechats.ports.batches import Batches
from housechats.ports.communities import Communities
from housechats.ports.files import Files
from housechats.ports.houses import Towns
from housechats.ports.people import Pages
from housechats.ports.queues import Queue


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has come: `lists/<ОКТМО>/…` in the bucket of lists."""

    key: str
    etag: str
    principal: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What taking a list needs."""

    lists: Files
    batches: Batches
    towns: Towns
    communities: Communities
    pages: Pages
    rows: Queue


def take_list(upload: Upload, *, desk: Desk, now: datetime) -> BatchState:
    """Read and check a list, keep its rows, and have them enrolled chunk by chunk.

    The same file again, or the same event, is the same batch: every step may be repeated.
    """
    batch = _batch_of(upload, desk.batches, now)
    if batch.state in {BatchState.REFUSED, BatchState.ENROLLED}:
        return batch.state
    if batch.state == BatchState.ENROLLING:
        _hand_over_again(batch, desk)
        return batch.state
    if not acting(desk.communities.of_region(region_of(batch.oktmo)), batch.oktmo):
        desk.batches.refuse(batch.id, code="no_community", reason=REFUSALS["no_community"])
        return BatchState.REFUSED
    body = desk.lists.get(upload.key, etag=upload.etag)
    if body is None:
        reason = "Файл удалили или заменили раньше, чем мы его взяли."
        desk.batches.refuse(batch.id, code="list_gone", reason=reason)
        return BatchState.REFUSED
    locality = batch.locality or town_of(batch.oktmo, desk.towns)
    try:
        listing = read(body)
        checked = check(listing, oktmo=batch.oktmo, locality=locality)
    except RefusedError as refused:
        desk.batches.refuse(batch.id, code=refused.code, reason=refused.message)
        return BatchState.REFUSED
    if all(row.verdict == Verdict.SKIPPED for row in checked):
        desk.batches.refuse(batch.id, code="list_empty", reason=REFUSALS["list_empty"])
        return BatchState.REFUSED
    column = listing.columns.get("elder_vk", FIELDS["elder_vk"][0])
    looked_up = look_up(checked, pages=desk.pages, column=column, oktmo=batch.oktmo)
    rows, spans = _kept(rows_file.key_of(batch.id), looked_up, desk.lists)
    desk.batches.start(
        batch.id,
        chunks=len(spans),
        rows=tally(rows).rows,
        first_row=rows[0].number,
        locality=locality,
        columns=listing.columns,
        remarks=remarks(listing, rows),
    )
    _hand_over(batch.id, spans, desk.rows)
    return BatchState.ENROLLING


def _kept(
    key: str, rows: Sequence[Row], lists: Files
) -> tuple[Sequence[Row], Sequence[rows_file.Span]]:
    """Keep the rows, and return those that are kept, with the places of their chunks.

    Whoever comes second takes the file of who was first: VK may have told them something else,
    and chunks of two files do not fit together.
    """
    file, spans = rows_file.write(rows)
    if lists.put_once(key, file, content_type="application/x-ndjson"):
        return rows, spans
    there = lists.get(key)
    if there is None:
        raise LookupError(f"{key} is gone")
    return list(rows_file.read(there)), rows_file.spans(there)


def _hand_over(batch_id: str, spans: Sequence[rows_file.Span], rows: Queue) -> None:
    rows.send(
        {"batch_id": batch_id, "chunk": n, "first": first, "last": last}
        for n, (first, last) in enumerate(spans)
    )


def _hand_over_again(batch: Batch, desk: Desk) -> None:
    """Send what an earlier try may not have sent.

    Its rows are final: houses are being enrolled by them, and VK may say something else by now.
    """
    file = desk.lists.get(rows_file.key_of(batch.id))
    if file is None:
        raise LookupError(f"the rows of batch {batch.id} are gone")
    _hand_over(batch.id, rows_file.spans(file), desk.rows)


def _batch_of(upload: Upload, batches: Batches, now: datetime) -> Batch:
    """Return the batch that awaits this file, or a new one.

    Another file put by the same form later is a batch of its own, by the same author.
    """
    _, oktmo, *rest = upload.key.split("/")
    if not (oktmo.isascii() and oktmo.isdigit() and rest):
        raise ValueError("a list was put beside lists/<ОКТМО>/: nobody would ever see it")
    batch = Batch(
        id=sha256(f"{upload.key}\n{upload.etag}".encode()).hexdigest()[:16],
        oktmo=oktmo,
        author=f"s3:{upload.principal}",
        created_at=now,
        name="/".join(rest),
        etag=upload.etag,
        key=upload.key,
    )
    awaited = batches.get(rest[0])
    if awaited and upload.key == upload_key(awaited.oktmo, awaited.id):
        awaited = batches.reading(awaited.id, etag=upload.etag, now=now)
        if awaited.etag == upload.etag:
            return awaited
        batch = replace(batch, author=awaited.author, name=awaited.name, locality=awaited.locality)
    return batches.begin(batch)
