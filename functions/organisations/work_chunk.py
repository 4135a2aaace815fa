"""Use case: attach the houses of one part of a job."""

from dataclasses import dataclass
from datetime import UTC, datetime

from housechats.domain.attachments import Wish
from housechats.domain.houses import House
from housechats.domain.jobs import Job, JobKind
from housechats.domain.organisations import OrganisationKind
from housechats.domain.territories import Territory
from housechats.ports.houses import Houses
from housechats.ports.jobs import Jobs
from housechats.ports.organisations import Attachments
from organisations.attach import attach

PLACE = "#"
"""Before the number in the list of what was no house."""
NOT_FOUND = "Строка {}: такого дома на этой территории нет. Проверьте код дома, код ФИАС или адрес."
GONE = "Такого дома на этой территории больше нет."
NOT_THEIRS = "За этим домом уже закреплена другая организация: передавать нечего."


@dataclass(frozen=True, slots=True)
class Desk:
    """What the work is done with."""

    jobs: Jobs
    houses: Houses
    attachments: Attachments


def work_chunk(job_id: str, number: int, *, desk: Desk, now: datetime) -> str:
    """Attach the houses of a part, once; a job that was stopped stops before its next part.

    A part that comes again finds its houses attached: it changes none of them.
    """
    job, chunk = desk.jobs.get(job_id), desk.jobs.chunk(job_id, number)
    if job is None or chunk is None:
        return "no such job"
    if job.status.final or chunk.finished:
        return "over"
    # Tried anew are only those that failed.
    things = [*chunk.failed] or chunk.things
    there = {house.id: house for house in desk.houses.get_many(t for t in things if _is_id(t))}
    failed = {}
    for thing in things:
        if reason := _work(job, thing, there.get(thing), desk, now):
            failed[thing] = reason
    desk.jobs.finish_chunk(job_id, chunk, failed=failed, now=now)
    return f"{len(things) - len(failed)} of {len(things)}"


def _work(job: Job, thing: str, house: House | None, desk: Desk, now: datetime) -> str:
    """Attach one house; return a sentence when that cannot be."""
    if not _is_id(thing):
        return NOT_FOUND.format(thing.removeprefix(PLACE))
    if house is None or not Territory(job.oktmo).covers(house.oktmo):
        return GONE
    wishes = wishes_of(job, house)
    if wishes is None:
        return NOT_THEIRS
    attach(house, wishes, houses=desk.houses, attachments=desk.attachments, source=job.id, now=now)
    return ""


def wishes_of(job: Job, house: House) -> list[Wish] | None:
    """Return what a job wishes of a house; None when the house is not what it was for."""
    since = datetime.fromtimestamp(int(job.subject["since"]) / 1000, UTC)
    inn = job.subject["inn"]
    if job.kind == JobKind.ATTACHMENT:
        return [Wish(inn, OrganisationKind(job.subject["kind"]), since)]
    to, kind = job.subject["to"], house.organisations.get(inn)
    if kind is None:
        return [] if to in house.organisations else None
    return [Wish(to, kind, since), Wish(inn, None, since)]


def _is_id(thing: str) -> bool:
    return not thing.startswith(PLACE)
