"""Routes of activity: how lively chats are, and the same as a workbook."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from activity.routes.router import Period, Router, period_of
from housechats.domain.access import Permission
from housechats.domain.activity import (
    Counts,
    Step,
    Stretch,
    by_day_of,
    last_closed,
    stretches,
    subject_of,
    whole,
)
from housechats.domain.houses import House
from housechats.domain.jobs import Job, JobKind
from housechats.domain.patterns import INN, OKTMO_OR_NOTHING
from housechats.domain.territories import Territory
from housechats.runtime.clock import this_moment
from housechats.runtime.http import answers
from housechats.runtime.job_cards import JobCard, job_card

router = Router()

INN_OR_NOTHING = INN.replace("^(", "^(|")


@dataclass(frozen=True, slots=True)
class ActivityNumbers:
    """What happened in chats."""

    messages: int
    """What people wrote; what a community writes is not counted."""
    people: int
    """Who wrote, counted once in each chat and day."""
    people_median: float
    """Who wrote on the middle one of the days, also of quiet days."""
    joined: int
    """How often somebody came into a chat."""
    left: int
    """How often somebody left a chat, or was removed."""
    questions: int
    """Questions that were raised."""
    answers: int
    """Answers that were given."""
    answer_seconds: int
    """The median time to answer, to a twentieth; 0 when nothing was answered."""


@dataclass(frozen=True, slots=True)
class ActivityStretch:
    """A day, a week or a month, as far as it was asked of."""

    since: date
    until: date
    """Its last day."""
    numbers: ActivityNumbers


@dataclass(frozen=True, slots=True)
class ActivityCard:
    """How lively chats were: counters only, nobody can tell from them who wrote or what."""

    house: str
    """The code of the house that it is about; empty when it is about many."""
    oktmo: str
    """The territory of the houses."""
    inn: str
    """The organisation that answers for the houses; empty when it is about all of them."""
    since: date
    until: date
    """The last day."""
    whole_until: date
    """Up to when the numbers are whole. A territory's and an organisation's days are added up when
    they are over; those after this one are missing. A house's are counted at once."""
    total: ActivityNumbers
    items: list[ActivityStretch]


@dataclass(frozen=True, slots=True)
class NewActivityExport:
    """A workbook of activity to write."""

    oktmo: Annotated[str, Field(pattern=OKTMO_OR_NOTHING)] = ""
    """The territory that it tells of; the caller's only one when empty."""
    inn: Annotated[str, Field(pattern=INN_OR_NOTHING)] = ""
    """Whose houses; all of the territory when empty, a representative's only organisation's."""
    since: date | None = None
    """The first day; the last thirty days when nothing is said."""
    until: date | None = None
    """The last day."""


@router.get(
    "/activity",
    operation_id="readActivity",
    summary="Как живут чаты: дом, организация или территория",
    tags=["activity"],
    permission=Permission.ACTIVITY_READ,
    responses=answers("Счётчики", ActivityCard),
)
def read_activity(
    oktmo: Annotated[
        str, Query(pattern=OKTMO_OR_NOTHING, description="Территория; пусто — ваша единственная")
    ] = "",
    inn: Annotated[
        str, Query(pattern=INN_OR_NOTHING, description="ИНН: только дома этой организации")
    ] = "",
    house: Annotated[str, Query(max_length=8, description="Код дома: только его чат")] = "",
    since: Annotated[
        date | None, Query(alias="from", description="Первый день; пусто — последние тридцать дней")
    ] = None,
    until: Annotated[date | None, Query(alias="to", description="Последний день")] = None,
    by: Annotated[Step, Query(description="По дням, неделям или месяцам")] = Step.DAY,
) -> ActivityCard:
    """Return the counters of a house at once, those of many as they were added up."""
    now = this_moment()
    if house or not (oktmo or inn or router.territories):
        one = router.house(house) if house else router.only_house()
        period = period_of(since, until, one.oktmo, now=now, pointer="/query")
        tallies = router.doors.tallies.of_house(one.id, period.since, period.until)
        return _card(by_day_of(tallies), period, by, house=one, whole_until=period.until)
    code = router.covered(oktmo, "/query/oktmo")
    inn = router.organisation(inn, code, Permission.ACTIVITY_READ)
    period = period_of(since, until, code, now=now, pointer="/query")
    subject = subject_of(Territory(code).prefix, inn)
    totals = router.doors.totals.of(subject, period.since, period.until)
    whole_until = min(period.until, last_closed(now, code))
    return _card(totals, period, by, oktmo=code, inn=inn, whole_until=whole_until)


@router.post(
    "/activity/export",
    operation_id="exportActivity",
    summary="Собрать таблицу активности чатов",
    tags=["activity"],
    permission=Permission.EXPORTS_CREATE,
    once=True,
    responses=answers("Работа начата; ссылка на файл появится в ней", JobCard, 202),
)
def export_activity(new: NewActivityExport) -> Response[JobCard]:
    """Write a workbook; a representative's tells of the houses of their organisation only."""
    oktmo, doors, now = router.covered(new.oktmo), router.doors, this_moment()
    inn = router.organisation(new.inn, oktmo, Permission.EXPORTS_CREATE, "/inn")
    period = period_of(new.since, new.until, oktmo, now=now, pointer="")
    router.asked.deed(oktmo)
    job = Job(
        id=router.asked.new_id(),
        kind=JobKind.ACTIVITY,
        oktmo=oktmo,
        created_by=router.caller.name,
        created_at=now,
        total=1,
        subject={"since": period.since.isoformat(), "until": period.until.isoformat()},
        organisations=(inn,) if inn else (),
    )
    job = doors.jobs.begin(job, [])
    doors.exports.send([{"job_id": job.id}])
    return Response(
        status_code=HTTPStatus.ACCEPTED,
        content_type="application/json",
        headers={"Location": f"/jobs/{job.id}"},
        body=job_card(job, router.caller, now=now),
    )


def _card(
    by_day: Mapping[date, Counts],
    period: Period,
    step: Step,
    *,
    house: House | None = None,
    oktmo: str = "",
    inn: str = "",
    whole_until: date,
) -> ActivityCard:
    since, until = period.since, period.until
    return ActivityCard(
        house=house.id if house else "",
        oktmo=house.oktmo if house else oktmo,
        inn=inn,
        since=since,
        until=until,
        whole_until=whole_until,
        total=_numbers(whole(by_day, since=since, until=until)),
        items=[
            ActivityStretch(one.since, one.until, _numbers(one))
            for one in stretches(by_day, since=since, until=until, step=step)
        ],
    )


def _numbers(stretch: Stretch) -> ActivityNumbers:
    counts = stretch.counts
    return ActivityNumbers(
        messages=counts.messages,
        people=counts.people,
        people_median=stretch.people_median,
        joined=counts.joined,
        left=counts.left,
        questions=counts.questions,
        answers=counts.answers,
        answer_seconds=counts.median_seconds or 0,
    )
