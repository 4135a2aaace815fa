"""The checked rows of a list as one file: a line a row, read again chunk by chunk.

Names and phones of elders wait here, and in no queue, until their houses are enrolled; the
bucket deletes the file after 30 days.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from housechats.domain.addresses import Address
from housechats.domain.batches import CHUNK, ListedHouse, Problem, Row, Verdict
from housechats.domain.organisations import Organisation, OrganisationKind
from housechats.domain.people import Elder

Span = tuple[int, int]
"""First and last byte of a chunk, both included."""


def key_of(batch_id: str) -> str:
    return f"rows/{batch_id}.jsonl"


def write(rows: Iterable[Row]) -> tuple[bytes, list[Span]]:
    """Return the file and where each chunk of 100 rows lies in it."""
    body = bytearray()
    for row in rows:
        body += _line(row).encode() + b"\n"
    file = bytes(body)
    return file, spans(file)


def spans(file: bytes) -> list[Span]:
    """Return where each chunk of 100 rows lies in the file."""
    found: list[Span] = []
    first = end = 0
    for n, line in enumerate(file.splitlines(keepends=True), start=1):
        end += len(line)
        if n % CHUNK == 0:
            found.append((first, end - 1))
            first = end
    return [*found, (first, end - 1)] if end > first else found


def read(chunk: bytes) -> Iterator[Row]:
    """Yield the rows of one chunk."""
    for line in chunk.splitlines():
        yield _row(json.loads(line))


def changed(file: bytes, change: Callable[[Row], Row]) -> bytes:
    """Return the file with rows that say less; each keeps its place to the byte.

    Chunks are found by their bytes, so what became shorter is filled up with spaces.
    """
    lines = []
    for line in file.splitlines(keepends=True):
        row = _row(json.loads(line))
        after = change(row)
        said = line if after == row else _line(after).encode().ljust(len(line) - 1) + b"\n"
        if len(said) != len(line):
            raise ValueError("a row of a list became longer")
        lines.append(said)
    return b"".join(lines)


def _fields(thing: Any) -> dict[str, Any]:
    """Return a dataclass as JSON has it, without what is empty.

    Unlike `asdict` it copies nothing: a list has 100,000 rows.
    """
    return {name: value for name in thing.__slots__ if (value := getattr(thing, name))}


_line = partial(json.dumps, default=_fields, ensure_ascii=False, separators=(",", ":"))


def _row(raw: Mapping[str, Any]) -> Row:
    house = raw.get("house")
    return Row(
        number=raw.get("number", 0),
        verdict=Verdict(raw["verdict"]),
        problems=tuple(map(_problem, raw.get("problems", ()))),
        house=_house(house) if house is not None else None,
        duplicate_of=raw.get("duplicate_of", 0),
        cells=raw.get("cells", {}),
    )


def _problem(raw: Mapping[str, Any]) -> Problem:
    return Problem(
        column=raw.get("column", ""),
        code=raw.get("code", ""),
        message=raw.get("message", ""),
        fatal=raw.get("fatal", False),
    )


def _house(raw: Mapping[str, Any]) -> ListedHouse:
    elder = raw.get("elder")
    return ListedHouse(
        address=Address(**raw["address"]),
        oktmo=raw.get("oktmo", ""),
        fias_id=raw.get("fias_id", ""),
        entrances=raw.get("entrances", 0),
        flats=raw.get("flats", 0),
        elder=_elder(elder) if elder is not None else None,
        organisations=tuple(map(_organisation, raw.get("organisations", ()))),
        tags=tuple(raw.get("tags", ())),
    )


def _elder(raw: Mapping[str, Any]) -> Elder:
    return Elder(
        name=raw.get("name", ""),
        phone=raw.get("phone", ""),
        vk_id=raw.get("vk_id", 0),
        vk_name=raw.get("vk_name", ""),
    )


def _organisation(raw: Mapping[str, Any]) -> Organisation:
    return Organisation(OrganisationKind(raw["kind"]), raw.get("name", ""), raw.get("inn", ""))
