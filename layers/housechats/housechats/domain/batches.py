"""Batches: one uploaded list of houses, and the verdict on each of its rows."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from housechats.domain.access import Place
from housechats.domain.addresses import Address
from housechats.domain.instructions import Told
from housechats.domain.organisations import Organisation
from housechats.domain.people import Elder

CHUNK = 100
"""Rows in one message and one item of verdicts."""
MOST_PROBLEMS = 8
"""Problems kept of a row: a hundred of the worst rows must fit an item of 400 KB."""
KEPT = timedelta(days=30)
"""How long a list, its rows and its posters are kept (personal data: least, shortest)."""


class Verdict(StrEnum):
    """What becomes of a row."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_WARNINGS = "accepted_with_warnings"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    SKIPPED = "skipped"

    @property
    def good(self) -> bool:
        return self in {Verdict.ACCEPTED, Verdict.ACCEPTED_WITH_WARNINGS}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a row, or worth a look."""

    column: str
    """The clerk's own header."""
    code: str
    message: str
    """A Russian sentence that says what to write."""
    fatal: bool
    """It must be mended: the row has no house until then."""


@dataclass(frozen=True, slots=True)
class ListedHouse:
    """A house as a list tells it."""

    address: Address
    oktmo: str
    fias_id: str = ""
    entrances: int = 0
    """0 when unknown."""
    flats: int = 0
    """0 when unknown."""
    elder: Elder | None = None
    organisations: tuple[Organisation, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list with its verdict."""

    number: int
    """The number that the spreadsheet program shows."""
    verdict: Verdict
    problems: tuple[Problem, ...] = ()
    house: ListedHouse | None = None
    duplicate_of: int = 0
    cells: Mapping[str, str] = field(default_factory=dict)
    """What the clerk wrote, by our names of the columns; empty for a skipped row."""


class BatchState(StrEnum):
    """How far a list has come."""

    AWAITED = "awaited"
    """An upload form was given out; the file has not come yet."""
    READING = "reading"
    REFUSED = "refused"
    ENROLLING = "enrolling"
    ENROLLED = "enrolled"
    """Every good row has its house; chats open one after another."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One uploaded list."""

    id: str
    oktmo: str
    author: str
    """`vk:<id>` of who asked for the form, or `s3:<principal>` for a list put into the bucket."""
    created_at: datetime
    state: BatchState = BatchState.READING
    name: str = ""
    """The file's name as its author called it."""
    etag: str = ""
    """Which file it is: another one under the same key is another batch."""
    chunks: int = 0
    enrolled: frozenset[int] = frozenset()
    """Chunks whose houses all exist."""
    rows: dict[str, int] = field(default_factory=dict)
    """Number of rows by verdict."""
    existing: int = 0
    """Good rows whose houses were there before this list."""
    code: str = ""
    """Why the list was refused as a whole: a stable code."""
    reason: str = ""
    """The same as a Russian sentence."""
    sheet_at: datetime | None = None
    """When one PDF of all posters was drawn."""
    sheet_houses: int = 0
    """Houses in that PDF."""
    sheet_asked_at: datetime | None = None
    locality: str = ""
    """The town of rows that name none: the territory's setting when the list came."""
    remarks: tuple[str, ...] = ()
    """Russian sentences about the list as a whole, such as which of its sheets was read."""
    confirmed_at: datetime | None = None
    """When a person confirmed the warnings; rows mended later have theirs unconfirmed."""
    confirmed_by: str = ""
    result_at: datetime | None = None
    """When somebody asked for the latest workbook with the verdicts that is written."""
    result_asked_at: datetime | None = None
    key: str = ""
    """Where its file lies in the bucket of lists."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Our names of the columns that were read, and the clerk's own headers."""
    changed: int = 0
    """Good rows that changed a house that was there."""
    first_row: int = 0
    """The number of the first row below the header: the others follow it without a gap."""
    cancelled_at: datetime | None = None
    """When a person stopped it: rows not enrolled by then, and chats not begun, stay so."""
    counted_at: datetime | None = None
    """When rows were counted last: a chunk was enrolled, or a row was mended."""

    told: Told | None = None
    """What became of its letters, once all have come to their ends, until that changes."""
    letters_anew: int = 0
    """How often a letter that had come to its end was begun anew."""

    @property
    def place(self) -> Place:
        return Place(self.oktmo)


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What is kept of a row: no person in it."""

    number: int
    """The number that the spreadsheet program shows."""
    verdict: Verdict
    problems: tuple[Problem, ...] = ()
    duplicate_of: int = 0
    """The number of the row that it repeats."""
    house_id: str = ""
    existing: bool = False
    """The house was there before this list."""
    changes: tuple[str, ...] = ()
    """What the list changed of a house that was there: fields of ListedHouse."""
    mended_at: datetime | None = None
    """When a person mended the row in place."""
    moved: bool = False
    """A person gave it another house: rows that repeat it repeat the former one."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows there are, or how many more: a part is added to a whole only once."""

    rows: Mapping[str, int]
    """By verdict."""
    existing: int = 0
    changed: int = 0

    def __sub__(self, other: "Tally") -> "Tally":
        rows = Counter(self.rows)
        rows.subtract(other.rows)
        more = {verdict: number for verdict, number in rows.items() if number}
        return Tally(more, self.existing - other.existing, self.changed - other.changed)


def tally(rows: Iterable[Row | RowVerdict]) -> Tally:
    """Count rows; of those that are not enrolled yet nobody knows which houses are there."""
    rows = list(rows)
    existing = [row for row in rows if isinstance(row, RowVerdict) and row.existing]
    return Tally(
        Counter(str(row.verdict) for row in rows),
        existing=len(existing),
        changed=sum(bool(row.changes) for row in existing),
    )
