"""Routes that begin long work: many houses at once, all houses of a company, the workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from housechats.domain.access import Permission
from housechats.domain.jobs import CHUNK, Job, JobKind
from housechats.domain.organisations import Organisation, OrganisationKind
from housechats.domain.patterns import INN, OKTMO_OR_NOTHING
from housechats.domain.people import Role
from housechats.domain.territories import Territory
from housechats.runtime.clock import this_moment
from housechats.runtime.http import ProblemError, answers, invalid
from housechats.runtime.job_cards import JobCard, job_card
from organisations.routes.router import Inn, Router, beginning

router = Router()

MOST_LISTED = 2000
"""Houses in one request: their addresses are read within the 30 seconds that the gateway gives."""
NO_CARD = "Такой организации здесь ещё нет: сначала добавьте её."
ITSELF = "Это та же организация."
NO_HOUSES = "На этой территории за организацией нет ни одного дома."

Oktmo = Annotated[str, Field(pattern=OKTMO_OR_NOTHING)]


@dataclass(frozen=True, slots=True)
class HousesToAttach:
    """Houses for which an organisation is to answer."""

    kind: OrganisationKind
    """What it is to them. A house has one management company: the one so far ends."""
    houses: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=300)]],
        Field(min_length=1, max_length=MOST_LISTED),
    ]
    """Codes of houses, ФИАС ids or addresses, in any mixture."""
    since: date | None = None
    """The first day, in the time of the region; from now on when left out."""
    oktmo: Oktmo = ""
    """The territory in which the houses are looked for; the caller's only one when empty."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """An organisation that takes over the houses of another."""

    to: Annotated[str, Field(pattern=INN)]
    """ИНН of the one that takes over; it becomes to each house what the other one is."""
    since: date | None = None
    """The first day, in the time of the region; from now on when left out."""
    oktmo: Oktmo = ""
    """The territory whose houses pass over; the caller's only one when empty."""


class ExportKind(StrEnum):
    """What a workbook tells."""

    COMPANIES = "companies"
    """Chats, elders and residents by management company."""


@dataclass(frozen=True, slots=True)
class NewExport:
    """A workbook to write."""

    kind: ExportKind
    oktmo: Oktmo = ""
    """The territory that it tells of; the caller's only one when empty."""


@router.post(
    "/organisations/<inn>/houses",
    operation_id="attachHouses",
    summary="Закрепить за организацией дома по списку",
    tags=["organisations"],
    permission=Permission.ATTACHMENTS_CHANGE,
    once=True,
    responses=answers("Работа начата; как она идёт, видно по Location", JobCard, 202),
)
def attach_houses(inn: Inn, listed: HousesToAttach) -> Response[JobCard]:
    """Attach many houses; what is no house of the territory fails with its number."""
    # What reads addresses takes a part of the function's start, and few ask for it.
    from organisations.match_houses import match_houses  # noqa: PLC0415

    oktmo, doors = router.covered(listed.oktmo), router.doors
    router.asked.deed(oktmo, f"organisation:{inn}")
    card = router.card_at(inn, oktmo)
    if card is None:
        raise ProblemError("not_found", NO_CARD)
    now = this_moment()
    since = beginning(listed.since, oktmo, otherwise=now)
    things = match_houses(
        listed.houses,
        territory=Territory(oktmo),
        catalogue=doors.catalogue,
        houses=doors.houses,
        towns=doors.towns,
    )
    doors.attachments.introduce(Organisation(card.kind, "", inn), oktmo=oktmo, now=now)
    subject = {"inn": inn, "kind": str(listed.kind), "since": _ms(since)}
    return _begun(JobKind.ATTACHMENT, oktmo, things, subject, [inn], now)


@router.post(
    "/organisations/<inn>/transfer",
    operation_id="transferHouses",
    summary="Передать все дома организации другой",
    tags=["organisations"],
    permission=Permission.ATTACHMENTS_CHANGE,
    once=True,
    responses=answers("Работа начата; как она идёт, видно по Location", JobCard, 202),
)
def transfer_houses(inn: Inn, transfer: Transfer) -> Response[JobCard]:
    """Pass all houses of one organisation in a territory over to another, from a day on."""
    oktmo, doors = router.covered(transfer.oktmo), router.doors
    to = transfer.to
    router.asked.deed(oktmo, f"organisation:{inn}", f"organisation:{to}")
    if to == inn:
        raise invalid("/to", ITSELF)
    if router.card_at(inn, oktmo) is None:
        raise ProblemError("not_found", NO_CARD)
    taker = router.card_at(to, oktmo)
    if taker is None:
        raise invalid("/to", NO_CARD)
    now = this_moment()
    since = beginning(transfer.since, oktmo, otherwise=now)
    lines = doors.catalogue.lines(Territory(oktmo))
    things = [line.id for line in lines if inn in line.organisations]
    if not things:
        raise ProblemError("conflict", NO_HOUSES)
    doors.attachments.introduce(Organisation(taker.kind, "", to), oktmo=oktmo, now=now)
    subject = {"inn": inn, "to": to, "since": _ms(since)}
    return _begun(JobKind.TRANSFER, oktmo, things, subject, [inn, to], now)


@router.post(
    "/exports",
    operation_id="exportWorkbook",
    summary="Собрать таблицу «по УК»",
    tags=["organisations"],
    permission=Permission.EXPORTS_CREATE,
    once=True,
    responses=answers("Работа начата; ссылка на файл появится в ней", JobCard, 202),
)
def export_workbook(new: NewExport) -> Response[JobCard]:
    """Write a workbook; a representative's tells of the houses of their organisation only."""
    oktmo = router.covered(new.oktmo)
    router.asked.deed(oktmo)
    now = this_moment()
    job = router.doors.jobs.begin(_job(JobKind.COMPANIES, oktmo, 1, {}, _own(oktmo), now), [])
    router.doors.exports.send([{"job_id": job.id}])
    return _accepted(job, now)


def _own(oktmo: str) -> list[str]:
    """Return ИНН of the only organisations that the caller may ask of; none when of all."""
    posts = [
        post
        for post in router.caller.granting(Permission.EXPORTS_CREATE)
        if post.territory.covers(oktmo)
    ]
    if any(post.role != Role.REPRESENTATIVE for post in posts):
        return []
    return sorted({post.inn for post in posts})


def _ms(moment: datetime) -> str:
    """Return a moment as a job keeps it: whole milliseconds since 1970."""
    return str(round(moment.timestamp() * 1000))


def _begun(
    kind: JobKind,
    oktmo: str,
    things: Sequence[str],
    subject: Mapping[str, str],
    organisations: Sequence[str],
    now: datetime,
) -> Response[JobCard]:
    parts = [things[first : first + CHUNK] for first in range(0, len(things), CHUNK)]
    new = _job(kind, oktmo, len(things), subject, organisations, now)
    job = router.doors.jobs.begin(new, parts)
    router.doors.chunks.send({"job_id": job.id, "chunk": n} for n in range(job.chunks))
    return _accepted(job, now)


def _job(
    kind: JobKind,
    oktmo: str,
    total: int,
    subject: Mapping[str, str],
    organisations: Sequence[str],
    now: datetime,
) -> Job:
    return Job(
        id=router.asked.new_id(),
        kind=kind,
        oktmo=oktmo,
        created_by=router.caller.name,
        created_at=now,
        total=total,
        subject=subject,
        organisations=tuple(organisations),
    )


def _accepted(job: Job, now: datetime) -> Response[JobCard]:
    return Response(
        status_code=HTTPStatus.ACCEPTED,
        content_type="application/json",
        headers={"Location": f"/jobs/{job.id}"},
        body=job_card(job, router.caller, now=now),
    )
