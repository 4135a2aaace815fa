"""Use case: take a list that was put into the bucket, and give every row its verdict."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from create_chats import rows_file
from create_chats.check_rows import check
from create_chats.read_list import read
from create_chats.refusals import REFUSALS
from create_chats.uploads import upload_key
from housechats.domain.batches import Batch, BatchState, Verdict
from housechats.domain.errors import RefusedError
from housechats.ports import Batches, Files, Queue


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has come: `lists/<ОКТМО>/…` in the bucket of lists."""

    key: str
    etag: str
    principal: str


def take_list(
    upload: Upload, *, lists: Files, batches: Batches, rows: Queue, now: datetime
) -> BatchState:
    """Read and check a list, keep its rows, and have them enrolled chunk by chunk.

    The same file again, or the same event, is the same batch: every step may be repeated.
    """
    batch = _batch_of(upload, batches, now)
    if batch.state in {BatchState.REFUSED, BatchState.ENROLLED}:
        return batch.state
    body = lists.get(upload.key, etag=upload.etag)
    if body is None:
        reason = "Файл удалили или заменили раньше, чем мы его взяли."
        batches.refuse(batch.id, code="list_gone", reason=reason)
        return BatchState.REFUSED
    try:
        checked = list(check(read(body), oktmo=batch.oktmo))
    except RefusedError as refused:
        batches.refuse(batch.id, code=refused.code, reason=refused.message)
        return BatchState.REFUSED
    if all(row.verdict == Verdict.SKIPPED for row in checked):
        batches.refuse(batch.id, code="list_empty", reason=REFUSALS["list_empty"])
        return BatchState.REFUSED
    file, spans = rows_file.write(checked)
    lists.put(rows_file.key_of(batch.id), file, content_type="application/x-ndjson")
    verdicts = Counter(str(row.verdict) for row in checked)
    batches.start(batch.id, chunks=len(spans), rows=verdicts)
    rows.send(
        {"batch_id": batch.id, "chunk": n, "first": first, "last": last}
        for n, (first, last) in enumerate(spans)
    )
    return BatchState.ENROLLING


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
    )
    awaited = batches.get(rest[0])
    if awaited and upload.key == upload_key(awaited.oktmo, awaited.id):
        awaited = batches.reading(awaited.id, etag=upload.etag, now=now)
        if awaited.etag == upload.etag:
            return awaited
        batch = replace(batch, author=awaited.author, name=awaited.name)
    return batches.begin(batch)
