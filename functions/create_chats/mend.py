"""Use case: mend a row of a list in place, by the very rules that a list is checked by."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from create_chats.elder_pages import look_up
from create_chats.enrol import Registry, enrol_row
from create_chats.find_row import FoundRow
from create_chats.single_house import check_one
from housechats.domain.batches import KEPT, Batch, Problem, Row, RowVerdict, Verdict
from housechats.domain.houses import CODES_PER_HOUSE, code_of, digest_of
from housechats.ports import Batches, Pages, Queue

NO_ADDRESS = "Это не адрес дома. Напишите, например: г. Город, ул. Ленина, д. 5."
SAME_HOUSE = "Этот дом уже есть в строке {}."


class UnfitRowError(Exception):
    """The row is still not usable; nothing of it was kept."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("the row is still not usable")
        self.problems = [problem for problem in problems if problem.fatal]
        """Their columns are our names of them."""


class RowChangedError(Exception):
    """Somebody else has mended the row since it was read."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What mending a row needs."""

    batches: Batches
    pages: Pages
    registry: Registry
    openings: Queue


def mend(
    batch: Batch, found: FoundRow, cells: Mapping[str, str], *, desk: Desk, now: datetime
) -> RowVerdict:
    """Write cells over those of a row, and enrol its house if the row is good now.

    Every step may be repeated: the same cells again give the same house and verdict.
    """
    was, written = found.verdict, {**found.mended, **cells}
    row = _checked(batch, {**found.cells, **written}, number=was.number)
    if row.house is None or not row.verdict.good:
        raise UnfitRowError(row.problems)
    (row,) = look_up([row], pages=desk.pages, column="elder_vk")
    other = _row_of_same_house(batch, row, desk)
    if other:
        same = Problem("address", "same_house", SAME_HOUSE.format(other), fatal=False)
        verdict = RowVerdict(was.number, Verdict.DUPLICATE, (same,), duplicate_of=other)
    else:
        verdict = enrol_row(row, batch_id=batch.id, registry=desk.registry, now=now)
        if not verdict.house_id:
            raise UnfitRowError(verdict.problems)
    verdict = _with_headers(verdict, batch)
    if written != found.mended or replace(verdict, mended_at=was.mended_at) != was:
        verdict = replace(verdict, mended_at=now)
        until = batch.created_at + KEPT
        desk.batches.keep_mended(batch.id, was.number, written, until=until)
        if not desk.batches.mend(batch.id, found.chunk, was, verdict):
            raise RowChangedError
    else:
        verdict = was
    _count_again(batch.id, desk.batches)
    if verdict.house_id and not verdict.existing:
        desk.openings.send([{"house_id": verdict.house_id}])
    return verdict


def _checked(batch: Batch, cells: Mapping[str, str], *, number: int) -> Row:
    told = {name: cells.get(name, "") for name in {**batch.columns, **cells}}
    row = check_one(told, oktmo=batch.oktmo, locality=batch.locality)
    if row.verdict == Verdict.SKIPPED:
        raise UnfitRowError([Problem("address", "address_missing", NO_ADDRESS, fatal=True)])
    return replace(row, number=number)


def _row_of_same_house(batch: Batch, row: Row, desk: Desk) -> int:
    """Return the number of another row that has the house already; 0 when none has."""
    if row.house is None:
        return 0
    digest = digest_of(row.house.oktmo, row.house.address)
    codes = {code_of(digest, attempt) for attempt in range(CODES_PER_HOUSE)}
    for kept in desk.batches.chunks(batch.id):
        for other in kept.rows:
            if other.house_id in codes and other.number != row.number and other.verdict.good:
                house = desk.registry.houses.get(other.house_id)
                if house and house.digest == digest:
                    return other.number
    return 0


def _with_headers(verdict: RowVerdict, batch: Batch) -> RowVerdict:
    """Call columns as the clerk does."""
    problems = (
        replace(problem, column=batch.columns.get(problem.column, problem.column))
        for problem in verdict.problems
    )
    return replace(verdict, problems=tuple(problems))


def _count_again(batch_id: str, batches: Batches) -> None:
    number = batches.begin_count(batch_id)
    verdicts = [row for kept in batches.chunks(batch_id) for row in kept.rows]
    batches.finish_count(
        batch_id,
        number,
        rows=Counter(str(row.verdict) for row in verdicts),
        existing=sum(row.existing for row in verdicts),
    )
