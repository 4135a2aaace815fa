"""Use case: find one row of a list again, with what is written in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from housechats.domain import rows_file
from housechats.domain.batches import CHUNK, Batch, Row, RowVerdict
from housechats.ports.batches import Batches
from housechats.ports.files import Files


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row as it is now."""

    chunk: int
    verdict: RowVerdict
    row: Row
    """As it was in the file."""
    mended: Mapping[str, str]
    """What a person wrote instead, by our names of columns."""

    @property
    def cells(self) -> Mapping[str, str]:
        """Return what the clerk wrote, by our names of columns."""
        return self.row.cells


def find_row(batch: Batch, number: int, *, batches: Batches, lists: Files) -> FoundRow | None:
    chunk = chunk_of(batch, number)
    kept = batches.kept(batch.id, chunk) if 0 <= chunk < batch.chunks else None
    verdict = next((row for row in kept.rows if row.number == number), None) if kept else None
    if kept is None or verdict is None:
        return None
    rows = rows_file.read(lists.get_range(rows_file.key_of(batch.id), *kept.span))
    row = next(row for row in rows if row.number == number)
    return FoundRow(kept.number, verdict, row, kept.mended.get(number, {}))


def chunk_of(batch: Batch, number: int) -> int:
    """Return the chunk that a row is in, if the list has such a row."""
    return (number - batch.first_row) // CHUNK
