"""Use case: write a region's chain, or a part of it, as lines that anybody can verify."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from housechats.domain.audit import Entry, line
from housechats.domain.territories import Territory
from housechats.ports.audit import Ledger
from housechats.ports.files import Files

FOLDER = "audit"
MOST = 50_000
"""Links in one file: about 25 MB, some seconds of a request."""
JSON_LINES = "application/jsonl"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    links: int
    whole: bool
    """Whether it has every link: only then does one follow from another."""
    next_after: int
    """After which link the rest goes on; 0 when there is none."""


def export_key(export_id: str) -> str:
    return f"{FOLDER}/{export_id}.jsonl"


def export(
    territory: Territory, *, after: int, export_id: str, ledger: Ledger, files: Files
) -> Exported:
    """Write what was done in a territory: of a whole region every link, of a part of it its own.

    The first line tells what the file is: with the end of the chain nobody can cut the last links
    off unnoticed.
    """
    whole = territory.prefix == territory.region
    end = ledger.end(territory.region)
    chain = (link for link in ledger.chain(territory.region, after=after) if link.seq <= end[0])
    entries, next_after = _first(e for e in chain if whole or territory.covers(e.act.oktmo))
    is_end = whole and not next_after
    head = {
        "chain": territory.region,
        "territory": territory.oktmo,
        "after": after,
        "links": len(entries),
        "whole": whole,
        "end": {"seq": end[0], "hash": end[1]} if is_end else None,
    }
    lines = (json.dumps(one, ensure_ascii=False) for one in (head, *map(line, entries)))
    body = "".join(f"{one}\n" for one in lines).encode()
    files.put(export_key(export_id), body, content_type=JSON_LINES)
    return Exported(len(entries), whole, next_after)


def _first(entries: Iterator[Entry]) -> tuple[list[Entry], int]:
    """Return as many as a file takes, and after which one the rest goes on."""
    some = list(islice(entries, MOST + 1))
    return some[:MOST], some[MOST - 1].seq if len(some) > MOST else 0
