"""Use case: mend a row of a list in place, by the very rules that a list is checked by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from create_chats.elder_pages import look_up
from create_chats.enrol import Registry, enrol_row
from create_chats.find_row import FoundRow
from create_chats.single_house import check_one
from housechats.domain.batches import Batch, Problem, Row, RowVerdict, Verdict
from housechats.domain.houses import CODES_PER_HOUSE, House, code_of, digest_of
from housechats.domain.organisations import OrganisationKind
from housechats.ports.batches import Batches
from housechats.ports.people import Pages
from housechats.ports.queues import Queue

NO_ADDRESS = "Это не адрес дома. Напишите, например: г. Город, ул. Ленина, д. 5."
SAME_HOUSE = "Этот дом уже есть в строке {}."
FORMER_STAYS = "Прежний дом и его чат остались; если чат не нужен, закройте его."
OTHER_HOUSE = f"Адрес стал другим, значит это другой дом: его чат откроется. {FORMER_STAYS}"
OTHER_ROW = f"Адрес стал другим, и этот дом уже есть в строке {{}}. {FORMER_STAYS}"
REPEAT_FORMER = "Строки {} повторяют прежний адрес этой строки: проверьте их."
EMPTY_SAYS_NOTHING = "Пустая ячейка ничего не меняет: в доме осталось то, что было."

LEASE = timedelta(minutes=1)
"""How long a row is one person's: longer than their request may live."""
SHOWN = 20
"""Rows that a remark names."""
FIELD_OF_CELL = {
    "elder_name": "elder",
    "elder_phone": "elder",
    "elder_vk": "elder",
    **{kind.value: "organisations" for kind in OrganisationKind},
    **{f"{kind}_inn": "organisations" for kind in OrganisationKind},
}
"""Fields of ListedHouse that several cells tell."""


class UnfitRowError(Exception):
    """The row is still not usable; nothing of it was kept."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("the row is still not usable")
        self.problems = [problem for problem in problems if problem.fatal]
        """Their columns are our names of them."""


class RowChangedError(Exception):
    """Somebody else has mended the row since it was read, or is mending it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What mending a row needs."""

    batches: Batches
    pages: Pages
    registry: Registry
    openings: Queue


@dataclass(frozen=True, slots=True)
class Mended:
    """What a row has become, and what its mender is told besides."""

    verdict: RowVerdict
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Others:
    """Other rows of the list that concern a row that gets another house."""

    same_house: int = 0
    """The one that has this house already; 0 when none has."""
    repeats: tuple[int, ...] = ()
    """Those that repeat the row as it was."""


def mend(
    batch: Batch, found: FoundRow, cells: Mapping[str, str], *, desk: Desk, now: datetime
) -> Mended:
    """Write cells over those of a row, and enrol its house if the row is good now.

    The row is the mender's own from before its house is enrolled until all is kept. Every step
    may be repeated: the same cells again give the same house and verdict.
    """
    was, written = found.verdict, {**found.mended, **cells}
    row = _checked(batch, found, written)
    if row.house is None or not row.verdict.good:
        raise UnfitRowError(row.problems)
    (row,) = look_up([row], pages=desk.pages, column="elder_vk", oktmo=batch.oktmo)
    until = now + LEASE
    if not desk.batches.claim_row(batch.id, found.chunk, was, written, now=now, until=until):
        raise RowChangedError
    others = _others(batch, found, row, desk)
    verdict = _enrolled(batch, row, others, desk=desk, now=now)
    if verdict.verdict == Verdict.REJECTED:
        desk.batches.release_row(batch.id, found.chunk, was, written)
        raise UnfitRowError(verdict.problems)
    if verdict.house_id and not verdict.existing:
        desk.openings.send([{"house_id": verdict.house_id}])
    verdict = replace(_with_headers(verdict, batch), moved=_is_moved(found.row, row))
    if written != found.mended or replace(verdict, mended_at=was.mended_at) != was:
        verdict = replace(verdict, mended_at=now)
    else:
        verdict = was
    if not desk.batches.mend(batch.id, found.chunk, was, verdict, written, now=now):
        raise RowChangedError
    return Mended(verdict, tuple(_remarks(found, cells, verdict, others)))


def _checked(batch: Batch, found: FoundRow, written: Mapping[str, str]) -> Row:
    cells = {**found.cells, **written}
    told = {name: cells.get(name, "") for name in {**batch.columns, **cells}}
    row = check_one(told, oktmo=batch.oktmo, locality=batch.locality, among=found.row)
    if row.verdict == Verdict.SKIPPED:
        raise UnfitRowError([Problem("address", "address_missing", NO_ADDRESS, fatal=True)])
    # What the list told of the street, it told in another row than this one.
    told_before = {p.code: p for p in found.row.problems if p.code == "street_kind_settled"}
    problems = tuple(told_before.get(problem.code, problem) for problem in row.problems)
    return replace(row, number=found.verdict.number, problems=problems)


def _others(batch: Batch, found: FoundRow, row: Row, desk: Desk) -> _Others:
    """Look through the list, once, and only if the row gets a house that is not new or its own.

    A list of 100,000 rows has 20 MB of verdicts.
    """
    house = _house_there(row, desk)
    other = house if house and house.id != found.verdict.house_id else None
    moves = _is_moved(found.row, row) and not found.verdict.moved
    if not other and not moves:
        return _Others()
    number, same_house, repeats = found.verdict.number, 0, []
    for kept in desk.batches.chunks(batch.id):
        for one in kept.rows:
            if one.duplicate_of == number:
                repeats.append(one.number)
            if other and one.house_id == other.id and one.number != number and one.verdict.good:
                same_house = same_house or one.number
    return _Others(same_house, tuple(repeats) if moves else ())


def _house_there(row: Row, desk: Desk) -> House | None:
    if row.house is None:
        return None
    digest = digest_of(row.house.oktmo, row.house.address)
    codes = [code_of(digest, attempt) for attempt in range(CODES_PER_HOUSE)]
    there = desk.registry.houses.get_many(codes)
    return next((house for house in there if house.digest == digest), None)


def _is_moved(before: Row, after: Row) -> bool:
    """Tell whether a row that other rows may repeat has another house now."""
    if before.house is None or after.house is None or not before.verdict.good:
        return False
    one, other = (digest_of(row.oktmo, row.address) for row in (before.house, after.house))
    return one != other


def _enrolled(batch: Batch, row: Row, others: _Others, *, desk: Desk, now: datetime) -> RowVerdict:
    if not others.same_house:
        return enrol_row(row, batch_id=batch.id, oktmo=batch.oktmo, registry=desk.registry, now=now)
    same = SAME_HOUSE.format(others.same_house)
    problem = Problem("address", "same_house", same, fatal=False)
    return RowVerdict(row.number, Verdict.DUPLICATE, (problem,), duplicate_of=others.same_house)


def _with_headers(verdict: RowVerdict, batch: Batch) -> RowVerdict:
    """Call columns as the clerk does."""
    problems = (
        replace(problem, column=batch.columns.get(problem.column, problem.column))
        for problem in verdict.problems
    )
    return replace(verdict, problems=tuple(problems))


def _remarks(
    found: FoundRow, cells: Mapping[str, str], verdict: RowVerdict, others: _Others
) -> list[str]:
    """Return what a person could not know from the row itself."""
    told = []
    before = found.verdict.house_id
    if before and verdict.house_id != before:
        told.append(OTHER_HOUSE if verdict.house_id else OTHER_ROW.format(verdict.duplicate_of))
    if others.repeats:
        told.append(REPEAT_FORMER.format(_named(others.repeats)))
    shown = {**found.cells, **found.mended}
    cleared = [name for name, said in cells.items() if shown.get(name) and not said.strip()]
    same = before and verdict.house_id == before
    if same and any(FIELD_OF_CELL.get(name, name) not in verdict.changes for name in cleared):
        told.append(EMPTY_SAYS_NOTHING)
    return told


def _named(numbers: Sequence[int]) -> str:
    named = ", ".join(map(str, numbers[:SHOWN]))
    return named if len(numbers) <= SHOWN else f"{named} и ещё {len(numbers) - SHOWN}"
