"""Audit: who did what to whom and when, in a chain in which nothing can be changed unnoticed."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256


class Outcome(StrEnum):
    """What is known of an act."""

    DONE = "done"
    UNKNOWN = "unknown"
    """Whoever did it was cut off before saying how it ended."""


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody set about: kept before it is done, so that no act goes unaccounted."""

    id: str
    at: datetime
    who: str
    """`vk:<id>`."""
    role: str
    what: str
    """Operation of the API, by its id."""
    on: tuple[str, ...]
    """Ids of what it concerns, such as `house:0A1B2C3D`, `organisation:2901234567`, `vk:5`."""
    oktmo: str
    """Where it was done."""
    request_id: str
    outcome: Outcome = Outcome.UNKNOWN


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of a region's chain."""

    seq: int
    """Its number, from 1, without a gap."""
    act: Act
    previous: str
    """The hash of the link before; the first one's is that of the region's name."""
    hash: str = ""

    def sealed(self) -> "Entry":
        """Return the link with its hash."""
        return replace(self, hash=self.digest())

    def digest(self) -> str:
        """Return SHA-256 of everything in the link but the hash, as canonical JSON."""
        told = line(self)
        del told["hash"]
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()


def first_hash(region: str) -> str:
    """Return what the first link of a region's chain hangs on."""
    return sha256(f"housechats/{region}".encode()).hexdigest()


def line(entry: Entry) -> dict[str, object]:
    """Return a link as one flat record: how it is exported, and what its hash is made from."""
    act = asdict(entry.act)
    at = entry.act.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "seq": entry.seq,
        **act,
        "at": at,
        "on": list(entry.act.on),
        "previous": entry.previous,
        "hash": entry.hash,
    }


def read_line(told: dict[str, object]) -> Entry:
    """Return the link that a record tells; KeyError, TypeError or ValueError when it is none."""
    at, on = str(told["at"]), told["on"]
    if not isinstance(on, list):
        raise TypeError("on")
    names = ("id", "who", "role", "what", "oktmo", "request_id")
    return Entry(
        seq=int(str(told["seq"])),
        act=Act(
            **{name: str(told[name]) for name in names},
            at=datetime.fromisoformat(at),
            on=tuple(map(str, on)),
            outcome=Outcome(str(told["outcome"])),
        ),
        previous=str(told["previous"]),
        hash=str(told["hash"]),
    )


def first_broken(entries: Iterable[Entry], region: str, end: tuple[int, str]) -> int | None:
    """Return the number at which a chain breaks, or None; the links in their order, from 1.

    `end` is number and hash of the last link as kept beside the chain: without it nobody could
    tell that the last ones are gone, or were made anew.
    """
    seq, previous = 0, first_hash(region)
    for seq, entry in enumerate(entries, start=1):
        if entry.seq != seq or entry.previous != previous or entry.hash != entry.digest():
            return seq
        previous = entry.hash
    return None if (seq, previous) == end else max(1, min(seq + 1, end[0]))
