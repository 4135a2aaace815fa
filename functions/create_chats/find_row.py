"""Use case: find one row of a list again, with what is written in it."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from create_chats import rows_file
from housechats.domain.batches import CHUNK, Batch, RowVerdict
from housechats.ports import Batches, Files


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row as it is now."""

    chunk: int
    verdict: RowVerdict
    cells: Mapping[str, str]
    """What the clerk wrote, by our names of columns."""
    mended: Mapping[str, str]
    """What a person wrote instead."""


def find_row(batch: Batch, number: int, *, batches: Batches, lists: Files) -> FoundRow | None:
    chunk = _chunk_of(batch, number, batches)
    verdicts = batches.chunk(batch.id, chunk) if chunk >= 0 else []
    verdict = next((row for row in verdicts if row.number == number), None)
    if verdict is None:
        return None
    first, last = batches.span(batch.id, chunk)
    rows = rows_file.read(lists.get_range(rows_file.key_of(batch.id), first, last))
    cells = next(row.cells for row in rows if row.number == number)
    return FoundRow(chunk, verdict, cells, batches.mended_cells(batch.id, number))


def _chunk_of(batch: Batch, number: int, batches: Batches) -> int:
    """Return the last chunk that does not begin after the row; -1 when there is none."""
    # Rows are counted from the file's first line, chunks from the first row below the header.
    ahead = range(min(number // CHUNK + 1, batch.chunks))
    return bisect_right(ahead, number, key=lambda n: batches.chunk(batch.id, n)[0].number) - 1
