"""Use case: write the workbook of how lively chats were."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime

from activity.activity_book import CONTENT_TYPE, Line, Report, write
from housechats.domain.activity import Step, by_day_of, stretches, subject_of, whole
from housechats.domain.houses import HouseLine
from housechats.domain.jobs import Job
from housechats.domain.regions import region_at
from housechats.domain.territories import Territory
from housechats.ports.activity import Tallies, Totals
from housechats.ports.files import Files
from housechats.ports.houses import Catalogue, Towns
from housechats.ports.jobs import Jobs

FOLDER = "exports"
THREADS = 8
"""A region's 18,200 houses are asked one by one: at some 8 ms each that is a third of a minute."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the workbook is made of and where it is put."""

    jobs: Jobs
    catalogue: Catalogue
    towns: Towns
    tallies: Tallies
    totals: Totals
    files: Files


def export_activity(job_id: str, *, desk: Desk, now: datetime) -> str:
    """Write the workbook that a job asks for, as things are now; a repeat writes it anew."""
    job = desk.jobs.get(job_id)
    if job is None or job.status.final:
        return "over"
    territory = Territory(job.oktmo)
    since, until = (date.fromisoformat(job.subject[name]) for name in ("since", "until"))
    lines = [line for line in desk.catalogue.lines(territory) if _is_asked_for(job, line)]
    where = _name_of(territory, desk.towns)
    inn = next(iter(job.organisations), "")
    of_whom = f", организация с ИНН {inn}" if inn else ""
    report = Report(
        title=f"Активность чатов, {where}{of_whom} — с {since:%d.%m.%Y} по {until:%d.%m.%Y}",
        days=_days(territory, inn, since, until, desk),
        places=_places(lines, inn, since, until, desk),
        houses=_houses(lines, since, until, desk),
    )
    key = f"{FOLDER}/{job.id}.xlsx"
    desk.files.put(key, write(report), content_type=CONTENT_TYPE)
    file_name = f"Активность чатов, {where}, {since:%d.%m.%Y}-{until:%d.%m.%Y}.xlsx"
    desk.jobs.finish(job.id, file_key=key, file_name=file_name, now=now)
    return "written"


def _is_asked_for(job: Job, line: HouseLine) -> bool:
    return not job.organisations or bool(set(job.organisations) & set(line.organisations))


def _days(territory: Territory, inn: str, since: date, until: date, desk: Desk) -> list[Line]:
    totals = desk.totals.of(subject_of(territory.prefix, inn), since, until)
    days = stretches(totals, since=since, until=until, step=Step.DAY)
    return [Line((f"{one.since:%d.%m.%Y}",), one) for one in days]


def _places(
    lines: Iterable[HouseLine], inn: str, since: date, until: date, desk: Desk
) -> list[Line]:
    """Return a line for each municipality in which houses are asked of."""
    codes = sorted({line.oktmo[:8] for line in lines})
    towns = desk.towns.get_many(codes)
    found = []
    for code in codes:
        totals = desk.totals.of(subject_of(code, inn), since, until)
        stretch = whole(totals, since=since, until=until)
        found.append(Line((towns.get(code, ""), code), stretch))
    return found


def _houses(lines: list[HouseLine], since: date, until: date, desk: Desk) -> list[Line]:
    """Return a line for each house, also for those whose chats are silent, or not there yet."""

    def line_of(line: HouseLine) -> Line:
        tallies = desk.tallies.of_house(line.id, since, until)
        stretch = whole(by_day_of(tallies), since=since, until=until)
        return Line((line.title, line.oktmo, line.id), stretch)

    with ThreadPoolExecutor(THREADS) as pool:
        return [*pool.map(line_of, lines)]


def _name_of(territory: Territory, towns: Towns) -> str:
    """Return how people call a territory: its region, its town, or else its code."""
    region = region_at(territory.oktmo)
    if region and territory.prefix == territory.region:
        return region.name
    return towns.get(territory.oktmo) or f"ОКТМО {territory.oktmo}"
