"""The lists and their verdicts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from housechats.domain.batches import Batch, RowVerdict, Tally
from housechats.domain.instructions import Told
from housechats.domain.territories import Territory


@dataclass(frozen=True, slots=True)
class KeptChunk:
    """The verdicts on up to 100 rows, and where these rows lie in the file of rows."""

    number: int
    span: tuple[int, int]
    """First and last byte, both included."""
    rows: Sequence[RowVerdict]
    mended: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """What people wrote instead of the clerk, by rows' numbers and our names of columns."""


class Batches(Protocol):
    """Keeps the lists and their verdicts."""

    def begin(self, batch: Batch) -> Batch:
        """Keep a batch and return it; the one that is there already goes before."""

    def reading(self, batch_id: str, *, etag: str, now: datetime) -> Batch:
        """Note which file has come for an awaited batch, and return the batch as it is then."""

    def get(self, batch_id: str) -> Batch | None: ...

    def of_territory(self, territory: Territory) -> list[Batch]:
        """Return the batches of a territory, the newest first."""

    def refuse(self, batch_id: str, *, code: str, reason: str) -> None:
        """Give the list up as a whole, unless its rows are being enrolled already."""

    def start(
        self,
        batch_id: str,
        *,
        chunks: int,
        rows: Mapping[str, int],
        first_row: int = 1,
        locality: str = "",
        columns: Mapping[str, str] | None = None,
        remarks: Sequence[str] = (),
    ) -> None:
        """Note the verdicts by number, and what the list was read with: enrolling begins, once."""

    def put_chunk(
        self,
        batch_id: str,
        chunk: int,
        verdicts: Sequence[RowVerdict],
        *,
        span: tuple[int, int],
        until: datetime,
    ) -> Sequence[RowVerdict]:
        """Keep the verdicts of a chunk, and return those that are kept: the first ones stay."""

    def enrolled(self, batch_id: str, chunk: int, more: Tally, *, now: datetime) -> Batch:
        """Note that a chunk's houses exist, and return the batch after it.

        What its rows are more than the check has counted is added once. With the last chunk the
        batch is enrolled.
        """

    def chunk(self, batch_id: str, chunk: int) -> list[RowVerdict]: ...

    def kept(self, batch_id: str, chunk: int) -> KeptChunk | None:
        """Return all that is kept of a chunk, as it was at one moment."""

    def chunks(self, batch_id: str, *, first: int = 0) -> Iterator[KeptChunk]:
        """Yield what is kept of the rows in their order, from a chunk on."""

    def claim_row(
        self,
        batch_id: str,
        chunk: int,
        was: RowVerdict,
        cells: Mapping[str, str],
        *,
        now: datetime,
        until: datetime,
    ) -> bool:
        """Note what a person is about to have in a row, so that nobody mends it otherwise.

        False when the row is not as it was read, or somebody else's note has not expired yet.
        RefusedError when the chunk has no room for the cells.
        """

    def release_row(
        self, batch_id: str, chunk: int, was: RowVerdict, cells: Mapping[str, str]
    ) -> bool:
        """Take the note back; False when it was not ours any more."""

    def mend(
        self,
        batch_id: str,
        chunk: int,
        was: RowVerdict,
        row: RowVerdict,
        cells: Mapping[str, str],
        *,
        now: datetime,
    ) -> bool:
        """Put what a row has become in place of the note, and count it, all at once.

        False when the note was not ours any more: somebody else has mended the row.
        """

    def keep_told(self, batch: Batch, told: Told) -> None:
        """Keep what became of the letters, unless one is new or begun anew since `batch` was read.

        It is kept until then, and `Batch.told` has it.
        """

    def confirm(self, batch_id: str, *, by: str, now: datetime) -> None: ...

    def cancel(self, batch_id: str, *, now: datetime) -> None:
        """Stop a list: nothing of it is begun any more."""

    def resume(self, batch_id: str) -> None:
        """Let a stopped list go on."""

    def ask_result(self, batch_id: str, *, now: datetime) -> None: ...

    def result_written(self, batch_id: str, *, asked_at: datetime) -> None:
        """Note that the workbook asked for then is there, unless a later one is."""

    def ask_sheet(self, batch_id: str, *, now: datetime) -> None: ...

    def sheet_drawn(self, batch_id: str, *, houses: int, now: datetime) -> None: ...
