"""The checked rows of a list as one file: a line a row, read again chunk by chunk.

Names and phones of elders wait here, and in no queue, until their houses are enrolled; the
bucket deletes the file after 30 days.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from housechats.domain.addresses import Address
from housechats.domain.batches import CHUNK, ListedHouse, Problem, Row, Verdict
from housechats.domain.people import Elder

Span = tuple[int, int]
"""First and last byte of a chunk, both included."""


def key_of(batch_id: str) -> str:
    return f"rows/{batch_id}.jsonl"


def write(rows: Iterable[Row]) -> tuple[bytes, list[Span]]:
    """Return the file and where each chunk of 100 rows lies in it."""
    body = bytearray()
    spans: list[Span] = []
    first = 0
    for n, row in enumerate(rows, start=1):
        body += json.dumps(asdict(row), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        if n % CHUNK == 0:
            spans.append((first, len(body) - 1))
            first = len(body)
    if len(body) > first:
        spans.append((first, len(body) - 1))
    return bytes(body), spans


def read(chunk: bytes) -> Iterator[Row]:
    """Yield the rows of one chunk."""
    for line in chunk.splitlines():
        yield _row(json.loads(line))


def _row(raw: dict[str, Any]) -> Row:
    house = raw["house"]
    return Row(
        number=raw["number"],
        verdict=Verdict(raw["verdict"]),
        problems=tuple(Problem(**problem) for problem in raw["problems"]),
        house=house and _house(house),
        duplicate_of=raw["duplicate_of"],
    )


def _house(raw: dict[str, Any]) -> ListedHouse:
    elder = raw["elder"]
    return ListedHouse(
        address=Address(**raw["address"]),
        oktmo=raw["oktmo"],
        fias_id=raw["fias_id"],
        entrances=raw["entrances"],
        elder=elder and Elder(**elder),
    )
