"""Use case: write the workbook of chats and residents by company."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from housechats.domain.houses import House, HouseLine
from housechats.domain.instructions import Instruction, InstructionState
from housechats.domain.jobs import Job
from housechats.domain.regions import region_at
from housechats.domain.territories import Territory, region_of
from housechats.domain.zones import zone_of
from housechats.ports.files import Files
from housechats.ports.houses import Catalogue, Houses, Scans, Towns
from housechats.ports.instructions import Instructions
from housechats.ports.jobs import Jobs
from housechats.ports.organisation_cards import Cards
from organisations.companies_book import CONTENT_TYPE, Report, write
from organisations.count_companies import progress_of

FOLDER = "exports"


@dataclass(frozen=True, slots=True)
class Desk:
    """What the workbook is made of and where it is put."""

    jobs: Jobs
    catalogue: Catalogue
    houses: Houses
    instructions: Instructions
    scans: Scans
    cards: Cards
    towns: Towns
    files: Files


def export_companies(job_id: str, *, desk: Desk, now: datetime) -> str:
    """Write the workbook that a job asks for, as things are now; a repeat writes it anew."""
    job = desk.jobs.get(job_id)
    if job is None or job.status.final:
        return "over"
    territory = Territory(job.oktmo)
    chosen = [line.id for line in desk.catalogue.lines(territory) if _is_asked_for(job, line)]
    houses = desk.houses.get_many(chosen)
    progress = progress_of(
        houses,
        reached=_reached(houses, desk.instructions),
        scans=desk.scans.of_many(house.id for house in houses),
    )
    region = region_of(job.oktmo)
    where, day = name_of(territory, desk.towns), now.astimezone(zone_of(job.oktmo))
    report = Report(
        title=f"Управляющие компании, {where} — на {day:%d.%m.%Y %H:%M}",
        names={card.inn: card.name for card in desk.cards.of_region(region)},
        progress=progress,
    )
    key = export_key(job.id)
    desk.files.put(key, write(report), content_type=CONTENT_TYPE)
    file_name = f"Управляющие компании, {where}, {day:%d.%m.%Y}.xlsx"
    desk.jobs.finish(job.id, file_key=key, file_name=file_name, now=now)
    return "written"


def export_key(job_id: str) -> str:
    return f"{FOLDER}/{job_id}.xlsx"


def name_of(territory: Territory, towns: Towns) -> str:
    """Return how people call a territory: its region, its town, or else its code."""
    region = region_at(territory.oktmo)
    if region and territory.prefix == territory.region:
        return region.name
    return towns.get(territory.oktmo) or f"ОКТМО {territory.oktmo}"


def _is_asked_for(job: Job, line: HouseLine) -> bool:
    """Tell whether a house belongs in the workbook: a representative's has their own houses."""
    return not job.organisations or bool(set(job.organisations) & set(line.organisations))


def _reached(houses: Collection[House], instructions: Instructions) -> set[tuple[str, str]]:
    """Return letters and elders of instructions that have gone: a list's are read at once."""
    wanted = {(house.letter_id, house.elder_id) for house in houses if house.elder_id}
    elders = Counter(letter_id for letter_id, _ in wanted)
    found: set[tuple[str, str]] = set()
    for letter_id, elder_id in wanted:
        if elders[letter_id] == 1 and (told := instructions.get(letter_id, elder_id)):
            found |= _sent([told])
    for letter_id in (one for one, many in elders.items() if many > 1):
        found |= _sent(instructions.of_batch(letter_id))
    return found & wanted


def _sent(told: Iterable[Instruction]) -> set[tuple[str, str]]:
    return {(one.batch_id, one.elder_id) for one in told if one.state == InstructionState.SENT}
