"""Use case: tell of each row which address is written in it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial

from create_chats.columns import ADDRESS_FIELDS
from housechats.domain import rows_file
from housechats.domain.batches import Batch
from housechats.ports.batches import KeptChunk
from housechats.ports.files import Files

AT_ONCE = 8
"""Rejected rows lie far apart: a page of them may be from a hundred parts of the file."""


def told_addresses(
    batch: Batch, chunks: Sequence[KeptChunk], numbers: Collection[int], *, lists: Files
) -> dict[int, str]:
    """Return what these rows of these chunks say, as it was written or mended."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - few requests need it

    read = partial(_of_chunk, batch, numbers=numbers, lists=lists)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return dict(pair for found in threads.map(read, chunks) for pair in found)


def _of_chunk(
    batch: Batch, kept: KeptChunk, *, numbers: Collection[int], lists: Files
) -> list[tuple[int, str]]:
    return list(_told(kept, lists.get_range(rows_file.key_of(batch.id), *kept.span), numbers))


def _told(kept: KeptChunk, rows: bytes, numbers: Collection[int]) -> Iterator[tuple[int, str]]:
    for row in rows_file.read(rows):
        if row.number in numbers:
            yield row.number, address_in({**row.cells, **kept.mended.get(row.number, {})})


def address_in(cells: Mapping[str, str]) -> str:
    """Return the address that stands in cells, given by our names of columns."""
    parts = (cells.get(name, "").strip() for name in ADDRESS_FIELDS)
    return ", ".join(part for part in parts if part)
