"""HTTP: reported messages, for elders and staff. What they say is read in the chat, not here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from housechats.adapters.aws import spending
from housechats.adapters.gate import open_gate
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.queues import SqsQueue
from housechats.adapters.reports import DynamoReports
from housechats.adapters.table import Table
from housechats.domain.access import Permission, Place
from housechats.domain.house_rules import HouseRule
from housechats.domain.houses import House
from housechats.domain.report_texts import OWN_MESSAGE, OWN_REPORT
from housechats.domain.reports import Happening, NotNowError, Removal, Report, ReportState
from housechats.domain.territories import Territory, is_territory
from housechats.ports.gate import Gate
from housechats.ports.houses import Houses
from housechats.ports.queues import Queue
from housechats.ports.reports import Reports
from housechats.runtime import settings
from housechats.runtime.clock import this_moment
from housechats.runtime.http import ProblemError, answers, invalid, problems
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.routes import (
    Cursor,
    Limit,
    Router,
    answer,
    api,
    page_of,
)
from moderation.decide import Deciding, Decision, OwnMessageError, OwnReportError, decide

router = Router()

OTHER_OKTMO = "Укажите код ОКТМО: 2, 3, 8 или 11 цифр."


@dataclass(frozen=True, slots=True)
class Settings(settings.ApiSettings):
    moderation_queue_url: str


@dataclass(frozen=True, slots=True)
class Doors:
    """What the routes work with."""

    gate: Gate
    reports: Reports
    houses: Houses
    queue: Queue


@cache
def wired() -> Doors:
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    gate = open_gate(
        table,
        elder_key=env.id_key,
        launch_hours=env.launch_hours,
        changes_a_minute=env.changes_a_minute,
    )
    return Doors(
        gate=gate,
        reports=DynamoReports(table),
        houses=DynamoHouses(table),
        queue=SqsQueue(env.moderation_queue_url),
    )


ReportId = Annotated[str, Path(min_length=16, max_length=16, description="Номер сообщения")]


@dataclass(frozen=True, slots=True)
class ReportCard:
    """A reported message; what it says, and who reported it, is not told."""

    id: str
    house: str
    """Code of the house."""
    oktmo: str
    chat_link: str
    """The invite link of the chat in which it stands; empty when the chat has none."""
    message: int
    """Its number in the chat."""
    reported_at: datetime
    """When it was reported first."""
    reporters: int
    """How many people reported it."""
    by_company: bool
    """Whether a representative of an organisation of the house is among them."""
    state: ReportState
    decided_by: str
    """`vk:` and a number; empty until it is decided."""
    decided_at: datetime | None
    """Null until it is decided."""
    rule: HouseRule | None
    """Which rule it breaks; null when it breaks none, or is not decided."""
    deletion: Removal
    """What became of the message."""
    muting: Removal
    """What became of its author's right to write."""


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A page of reported messages, the newest first."""

    items: list[ReportCard]
    next_cursor: str
    """Empty on the last page."""
    total: int


class ReportVerdict(StrEnum):
    """What is to become of a reported message."""

    REMOVE = "remove"
    REMOVE_AND_MUTE = "remove_and_mute"
    """Its author may not write for a day, where VK allows it."""
    KEEP = "keep"
    QUARREL = "quarrel"
    """Neighbours quarrel: who reported it is told what helps."""


HAPPENINGS = {
    ReportVerdict.REMOVE: Happening.REMOVED,
    ReportVerdict.REMOVE_AND_MUTE: Happening.REMOVED,
    ReportVerdict.KEEP: Happening.KEPT,
    ReportVerdict.QUARREL: Happening.QUARREL,
}


@dataclass(frozen=True, slots=True)
class ReportDecision:
    """What somebody decides."""

    decision: ReportVerdict
    rule: HouseRule | None = None
    """Which rule the message breaks; a removal needs it."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A report with the house that it lies in now."""

    report: Report
    house: House

    @property
    def place(self) -> Place:
        return self.report.place(self.house.elder_id)


@router.get(
    "/reports",
    operation_id="listReports",
    summary="Сообщения, на которые пожаловались",
    tags=["moderation"],
    permission=Permission.MODERATION_READ,
)
def list_reports(
    oktmo: Annotated[str, Query(max_length=11, description="Только этой территории")] = "",
    state: Annotated[ReportState | None, Query(description="Только в этом состоянии")] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> ReportPage:
    if oktmo and not is_territory(oktmo):
        raise invalid("/query/oktmo", OTHER_OKTMO)
    found = [
        one
        for one in _within()
        if state in {None, one.report.state}
        and (not oktmo or Territory(oktmo).covers(one.report.oktmo))
    ]
    items, next_cursor = page_of(found, lambda one: one.report.id, cursor, limit)
    return ReportPage([_card(one) for one in items], next_cursor, len(found))


@router.post(
    "/reports/<report_id>/decision",
    operation_id="decideReport",
    summary="Решить, что с сообщением",
    tags=["moderation"],
    permission=Permission.MODERATION_DECIDE,
    responses={
        **answers("Решение записано и выполняется", ReportCard, 200),
        **problems(
            conflict="Уже решено, не названо правило, сообщила ваша организация, или написали вы."
        ),
    },
)
def decide_report(report_id: ReportId, said: ReportDecision) -> ReportCard:
    """Have it carried out: what VK does not allow, the report tells then."""
    doors = _doors()
    reached = router.reach(_reached(doors.reports.get(report_id)))
    report = reached.report
    router.asked.deed(
        report.oktmo, f"report:{report.id}", f"house:{report.house_id}", f"decision:{said.decision}"
    )
    mutes = said.decision == ReportVerdict.REMOVE_AND_MUTE
    try:
        after = decide(
            report,
            Decision(HAPPENINGS[said.decision], said.rule, mutes=mutes),
            caller=router.caller,
            place=reached.place,
            accounts=False,  # the audit is told of the request
            request_id="",
            desk=Deciding(doors.reports, doors.queue),
            now=this_moment(),
        )
    except NotNowError as refused:
        raise ProblemError("conflict", refused.message) from None
    except OwnReportError:
        raise ProblemError("conflict", OWN_REPORT) from None
    except OwnMessageError:
        raise ProblemError("conflict", OWN_MESSAGE) from None
    return _card(Reached(after or report, reached.house))


def _doors() -> Doors:
    doors: Doors = router.context["doors"]
    return doors


def _reached(report: Report | None) -> Reached | None:
    house = _doors().houses.get(report.house_id) if report else None
    return Reached(report, house) if report and house else None


def _within() -> Iterator[Reached]:
    """Yield the reports where the caller may do this: by territory, or of their own houses."""
    doors = _doors()
    found = {
        one.id: one
        for territory in router.territories
        for one in doors.reports.of_territory(territory)
    }
    for own in doors.houses.get_many(router.asked.own_houses):
        found |= {one.id: one for one in doors.reports.of_house(own.id, own.oktmo)}
    houses = {
        house.id: house for house in doors.houses.get_many({o.house_id for o in found.values()})
    }
    for report in sorted(found.values(), key=lambda one: (one.reported_at, one.id), reverse=True):
        house = houses.get(report.house_id)
        if house and router.may_reach([report.place(house.elder_id)]):
            yield Reached(report, house)


def _card(reached: Reached) -> ReportCard:
    report = reached.report
    return ReportCard(
        id=report.id,
        house=report.house_id,
        oktmo=report.oktmo,
        chat_link=reached.house.link,
        message=report.cmid,
        reported_at=report.reported_at,
        reporters=len(report.reporter_keys),
        by_company=report.by_company,
        state=report.state,
        decided_by=report.decided_by,
        decided_at=report.decided_at,
        rule=report.rule,
        deletion=report.deletion,
        muting=report.muting,
    )


app = api(router)


@with_request_id
def handle(event: dict[str, Any], context: Context) -> dict[str, Any]:
    doors = wired()
    return answer(app, event, context, gate=doors.gate, doors=doors, spent=spending.take)
