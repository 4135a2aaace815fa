"""Use case: tell what of a job failed, why, and whether a retry may help."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from housechats.domain.batches import Batch, RowVerdict, Verdict
from housechats.domain.houses import HouseLine
from housechats.domain.instructions import Instruction, InstructionState
from housechats.domain.jobs import Job
from housechats.ports.batches import Batches
from housechats.ports.houses import Houses
from housechats.ports.jobs import Jobs
from jobs.list_job import NOT_OPEN, NOT_TOLD

NOT_TOLD_WHY = "Инструкцию не удалось доставить."
NO_WAY_TO_KNOW = "Неизвестно, дошло ли сообщение: спросите человека."


class ItemKind(StrEnum):
    """What a thing of a job is."""

    ROW = "row"
    HOUSE = "house"
    INSTRUCTION = "instruction"
    OTHER = "other"
    """What was asked for and is none of ours, such as an address without a house."""


@dataclass(frozen=True, slots=True)
class JobItem:
    """A thing of a job that could not be done."""

    id: str
    """A row's number, a house's code, an elder's id: unique in its job."""
    kind: ItemKind
    what: str
    """The same for people."""
    reason: str
    retryable: bool
    """Whether a retry of the job does it again; else something is to be mended first."""


def failures_of_list(
    batch: Batch,
    lines: Iterable[HouseLine],
    instructions: Sequence[Instruction],
    *,
    batches: Batches,
    houses: Houses,
) -> list[JobItem]:
    """Return rejected rows, chats that are not open, and elders who were not told."""
    rows = (row for chunk in batches.chunks(batch.id) for row in chunk.rows)
    lost = [one for one in instructions if one.state in NOT_TOLD]
    ids = {house_id for one in lost for house_id in one.house_ids}
    titles = {house.id: house.title for house in houses.get_many(ids)}
    return [
        *(_row(row) for row in rows if row.verdict == Verdict.REJECTED),
        *(
            JobItem(line.id, ItemKind.HOUSE, line.title, line.reason, retryable=True)
            for line in lines
            if line.batch_id == batch.id and line.state in NOT_OPEN
        ),
        *(_instruction(one, titles) for one in lost),
    ]


def failures_of_job(job: Job, *, jobs: Jobs) -> list[JobItem]:
    """Return the things that failed in the order of their parts; houses have no titles yet."""
    return [
        JobItem(thing, ItemKind.OTHER, thing, reason, retryable=job.may_retry)
        for chunk in jobs.chunks(job.id)
        for thing, reason in sorted(chunk.failed.items())
    ]


def with_titles(items: Iterable[JobItem], *, houses: Houses) -> Iterator[JobItem]:
    """Name the houses among the things of a page."""
    items = list(items)
    found = {house.id: house.title for house in houses.get_many(item.id for item in items)}
    for item in items:
        if item.kind == ItemKind.OTHER and item.id in found:
            yield JobItem(item.id, ItemKind.HOUSE, found[item.id], item.reason, item.retryable)
        else:
            yield item


def _row(row: RowVerdict) -> JobItem:
    reasons = " ".join(problem.message for problem in row.problems if problem.fatal)
    return JobItem(f"{row.number}", ItemKind.ROW, f"Строка {row.number}", reasons, retryable=False)


def _instruction(told: Instruction, titles: dict[str, str]) -> JobItem:
    where = ", ".join(sorted(titles.get(house_id, house_id) for house_id in told.house_ids))
    unknown = told.state == InstructionState.UNKNOWN
    reason = told.reason or (NO_WAY_TO_KNOW if unknown else NOT_TOLD_WHY)
    what = f"Инструкция старшему: {where}"
    return JobItem(told.elder_id, ItemKind.INSTRUCTION, what, reason, retryable=not unknown)
