"""Routes of a list's rows: what was decided of each, and mending one in place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import Field

from create_chats.columns import FIELDS
from create_chats.find_row import FoundRow, chunk_of, find_row
from create_chats.repeats import as_shown, lost_ones
from create_chats.routes.router import BatchId, Router
from create_chats.told_addresses import address_in, told_addresses
from housechats.domain.access import Permission
from housechats.domain.batches import CHUNK, Batch, Problem, RowVerdict, Verdict
from housechats.domain.errors import RefusedError, UnavailableError
from housechats.domain.progress import by_verdict
from housechats.ports.batches import KeptChunk
from housechats.runtime.http import ProblemError, answers, invalid, pointer_to, problems
from housechats.runtime.routes import Limit

router = Router()

NO_COLUMN = "Такого столбца нет."
ROW_CHANGED = "Эту строку сейчас исправляет кто-то другой. Откройте её заново через минуту."
CELLS_WANTED = "Укажите, что исправить: столбец и новый текст ячейки."
LONGEST_CELL = 2000
"""What lists hold and people still read."""
MOST_PLACES = 100_000
"""Rows of a list."""

Column = Annotated[str, Field(json_schema_extra={"enum": list(FIELDS)})]
"""Our name of a column; the route itself says of a wrong one which it is."""
RowNumber = Annotated[int, Path(ge=1, description="Номер строки, как в таблице")]


@dataclass(frozen=True, slots=True)
class RowProblem(Problem):
    """What is wrong in a row, or worth a look."""

    field: str = ""
    """Our name of the column, as in `PATCH`; empty when the row as a whole is meant."""


@dataclass(frozen=True, slots=True)
class RowLine(RowVerdict):
    """A row of a list with what was decided of it."""

    problems: tuple[RowProblem, ...] = ()
    """What is wrong in it, or worth a look; the worst first."""
    address: str = ""
    """The address as it stands in the row now; empty where nobody expected a house."""
    confirmed: bool = False
    """A person has confirmed its warnings."""


@dataclass(frozen=True, slots=True)
class RowPage:
    """A page of a list's rows, and how many there are with each verdict."""

    items: list[RowLine]
    """In the order of the list."""
    next_cursor: str
    counts: dict[Verdict, int]
    """All rows of the list by verdict."""
    total: int
    """Rows with the verdict asked for."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row, as it is now."""

    field: Column
    """Our name of the column."""
    header: str
    """The clerk's own; ours when the file has no such column."""
    text: str
    """What stands in it."""
    mended: bool
    """Written by a person after the list came."""


@dataclass(frozen=True, slots=True)
class RowCard:
    """One row with its cells."""

    row: RowLine
    cells: list[Cell]
    """All cells that the list has columns for."""
    remarks: list[str] = field(default_factory=list)
    """To who has just mended it: what could not be known from the row itself."""


@dataclass(frozen=True, slots=True)
class Mending:
    """What is to stand in a row instead."""

    cells: Annotated[
        dict[Column, Annotated[str, Field(max_length=LONGEST_CELL)]],
        Field(max_length=len(FIELDS)),
    ]
    """By our names of columns; an empty text clears a cell."""


@router.get(
    "/batches/<batch_id>/rows",
    operation_id="listRows",
    summary="Строки списка с решением по каждой",
    tags=["rows"],
    permission=Permission.BATCHES_READ,
)
def list_rows(
    batch_id: BatchId,
    verdict: Annotated[Verdict | None, Query(description="Только с этим решением")] = None,
    cursor: Annotated[
        int, Query(ge=0, le=MOST_PLACES, description="next_cursor предыдущей страницы")
    ] = 0,
    limit: Limit = 100,
) -> RowPage:
    batch = router.batch(batch_id)
    first, skipped = divmod(cursor, CHUNK)  # the place in the list after the last row shown
    places = (
        (kept, i, row)
        for kept in router.doors.batches.chunks(batch.id, first=first)
        for i, row in enumerate(kept.rows)
        if (kept.number, i) >= (first, skipped) and verdict in {None, row.verdict}
    )
    found = list(islice(places, limit + 1))
    shown = [row for _, _, row in found[:limit]]
    chunks = {kept.number: kept for kept, _, _ in found[:limit]}
    addresses = _addresses(batch, list(chunks.values()), shown)
    lost = _lost(batch, shown)
    items = [_line(as_shown(row, lost), batch, addresses) for row in shown]
    next_cursor = ""
    if len(found) > limit:
        kept, place, _ = found[limit]
        next_cursor = str(kept.number * CHUNK + place)
    total = batch.rows.get(verdict, 0) if verdict else sum(batch.rows.values())
    return RowPage(items, next_cursor, by_verdict(batch.rows), total)


@router.get(
    "/batches/<batch_id>/rows/<number>",
    operation_id="getRow",
    summary="Одна строка списка: решение и ячейки",
    tags=["rows"],
    permission=Permission.BATCHES_READ,
)
def get_row(batch_id: BatchId, number: RowNumber) -> RowCard:
    batch = router.enrolled(batch_id)
    return _card(batch, _found(batch, number))


@router.patch(
    "/batches/<batch_id>/rows/<number>",
    operation_id="mendRow",
    summary="Исправить строку, не загружая список заново",
    tags=["rows"],
    responses={
        **answers("Строка, какой она стала", RowCard, 200),
        **problems(
            not_found="Такого списка или такой строки нет.",
            conflict="Список ещё проверяется или не принят; или строку исправляет кто-то другой.",
            invalid="Строка всё ещё не годится: `errors` называет ячейки. Ничего не сохранено.",
        ),
    },
    permission=Permission.BATCHES_MEND,
)
def mend_row(batch_id: BatchId, number: RowNumber, mending: Mending) -> RowCard:
    """Check the row anew with these cells; a good one gets its house and its chat at once."""
    # What enrols and mends takes a part of the function's start, and few ask for it.
    from create_chats.enrol import field_of  # noqa: PLC0415
    from create_chats.mend import Desk, RowChangedError, UnfitRowError, mend  # noqa: PLC0415

    if unknown := mending.cells.keys() - FIELDS.keys():
        raise ProblemError("invalid", errors=[_error(name, NO_COLUMN) for name in sorted(unknown)])
    if not mending.cells:
        raise invalid("/cells", CELLS_WANTED)
    batch, doors = router.enrolled(batch_id), router.doors
    found, now = _found(batch, number), datetime.now(UTC)
    desk = Desk(
        batches=doors.batches,
        pages=doors.pages,
        registry=doors.registry,
        openings=doors.openings,
    )
    try:
        mended = mend(batch, found, mending.cells, desk=desk, now=now)
    except UnfitRowError as unfit:
        router.require_community(unfit.problems)
        errors = [_error(field_of(p), p.message) for p in unfit.problems]
        raise ProblemError("invalid", errors=errors) from unfit
    except (RowChangedError, UnavailableError) as changed:
        raise ProblemError("conflict", ROW_CHANGED) from changed
    except RefusedError as refused:
        raise ProblemError("conflict", refused.message) from refused
    doors.catalogue.forget()
    return _card(batch, _found(batch, number), mended.remarks)


def _error(name: str, detail: str) -> dict[str, str]:
    return {"pointer": pointer_to("cells", name), "detail": detail}


def _found(batch: Batch, number: int) -> FoundRow:
    doors = router.doors
    found = find_row(batch, number, batches=doors.batches, lists=doors.lists)
    if found is None:
        raise ProblemError("not_found")
    return found


def _lost(batch: Batch, rows: Sequence[RowVerdict]) -> dict[int, RowVerdict]:
    """Return those rows that these repeat and that have lost their houses."""
    wanted = {row.duplicate_of for row in rows if row.duplicate_of}
    chunks = {chunk_of(batch, number) for number in wanted}
    batches = router.doors.batches
    return lost_ones(row for chunk in sorted(chunks) for row in batches.chunk(batch.id, chunk))


def _addresses(
    batch: Batch, chunks: Sequence[KeptChunk], rows: Sequence[RowVerdict]
) -> dict[int, str]:
    numbers = {row.number for row in rows if row.verdict != Verdict.SKIPPED}
    chunks = [kept for kept in chunks if any(row.number in numbers for row in kept.rows)]
    return told_addresses(batch, chunks, numbers, lists=router.doors.lists)


def _line(row: RowVerdict, batch: Batch, addresses: Mapping[int, str]) -> RowLine:
    """Show a row; warnings of one that was mended later are not among the confirmed ones."""
    confirmed = (
        row.verdict == Verdict.ACCEPTED_WITH_WARNINGS
        and batch.confirmed_at is not None
        and (row.mended_at is None or row.mended_at <= batch.confirmed_at)
    )
    fields = {name: getattr(row, name) for name in RowVerdict.__slots__}
    fields["problems"] = tuple(_with_fields(row.problems, batch))
    return RowLine(**fields, address=addresses.get(row.number, ""), confirmed=confirmed)


def _with_fields(problems: Sequence[Problem], batch: Batch) -> Iterator[RowProblem]:
    ours = {headers[0]: name for name, headers in FIELDS.items()}
    ours |= {header: name for name, header in batch.columns.items()}
    for one in problems:
        name = one.column if one.column in FIELDS else ours.get(one.column, "")
        yield RowProblem(one.column, one.code, one.message, one.fatal, name)


def _card(batch: Batch, found: FoundRow, remarks: Sequence[str] = ()) -> RowCard:
    cells = [
        Cell(
            field=name,
            header=batch.columns.get(name, FIELDS[name][0]),
            text=found.mended.get(name, found.cells.get(name, "")),
            mended=name in found.mended,
        )
        for name in {**batch.columns, **found.cells, **found.mended}
        if name in FIELDS
    ]
    row = as_shown(found.verdict, _lost(batch, [found.verdict]))
    addresses = {row.number: address_in({**found.cells, **found.mended})}
    return RowCard(_line(row, batch, addresses), cells, list(remarks))
