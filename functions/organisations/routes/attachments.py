"""Routes of attachments: which organisation answers for which house, and from when to when."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from housechats.domain.access import Permission
from housechats.domain.attachments import Attachment, Period, Wish
from housechats.domain.houses import ChatState, House, HouseLine
from housechats.domain.organisations import Organisation, OrganisationKind
from housechats.domain.patterns import INN
from housechats.domain.zones import day_at, last_day_before
from housechats.runtime.clock import this_moment
from housechats.runtime.http import ProblemError, answers, invalid
from housechats.runtime.routes import Cursor, Limit, page_of
from organisations.attach import attach
from organisations.routes.router import HouseId, Inn, Router, beginning, end

router = Router()

NO_CARD = "Такой организации здесь ещё нет: сначала добавьте её."
ENDS_FIRST = "Последний день раньше первого."
NOT_ATTACHED = "Эта организация за домом не закреплена."


class When(StrEnum):
    """Which houses of an organisation are asked for."""

    NOW = "now"
    """For which it answers today."""
    PLANNED = "planned"
    """For which it is to answer from a later day on."""
    ENDED = "ended"
    """For which it answered before."""


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """An organisation that is to answer for a house."""

    inn: Annotated[str, Field(pattern=INN)]
    kind: OrganisationKind
    """What it is to the house. A house has one management company: the one so far ends."""
    since: date | None = None
    """The first day, in the time of the house's region; from now on when left out."""
    until: date | None = None
    """The last day; without an end when left out."""


@dataclass(frozen=True, slots=True)
class Span:
    """A time for which an organisation was, is or will be something to a house."""

    kind: OrganisationKind
    since: date
    """The first day, in the time of the house's region."""
    until: date | None
    """The last day; null when no end is known."""


@dataclass(frozen=True, slots=True)
class AttachmentCard:
    """What an organisation is to a house."""

    inn: str
    name: str
    """Of the organisation; empty when nobody has named it."""
    now: OrganisationKind | None
    """What it is today; null when nothing."""
    spans: list[Span]
    """All that is known, the oldest first; also what is to come."""


@dataclass(frozen=True, slots=True)
class HouseOrganisations:
    """The organisations of a house after a change."""

    house_id: str
    items: list[AttachmentCard]
    """Those that answer for it today, and the one that was asked for."""


@dataclass(frozen=True, slots=True)
class OrganisationHouse:
    """A house of an organisation."""

    id: str
    """The code of 8 characters on its posters."""
    title: str
    oktmo: str
    state: ChatState
    """What is settled of its chat; while it is being made, it is planned."""
    spans: list[Span]
    """When the organisation was, is and will be what to it, the oldest first."""


@dataclass(frozen=True, slots=True)
class OrganisationHousePage:
    """A page of an organisation's houses within the caller's reach."""

    items: list[OrganisationHouse]
    next_cursor: str
    """Give it back for the next page; empty on the last one."""
    total: int
    """Houses on all pages."""


@router.post(
    "/houses/<house_id>/organisations",
    operation_id="attachOrganisation",
    summary="Закрепить организацию за домом",
    tags=["organisations"],
    permission=Permission.ATTACHMENTS_CHANGE,
    once=True,
    responses=answers("Организации дома", HouseOrganisations, 200),
)
def attach_organisation(house_id: HouseId, new: NewAttachment) -> Response[HouseOrganisations]:
    """Attach from a day on; what begins later waits for its day, what is so already stays."""
    house, now = router.house(house_id), this_moment()
    router.asked.deed(house.oktmo, f"house:{house.id}", f"organisation:{new.inn}")
    card = router.card_at(new.inn, house.oktmo)
    if card is None:
        raise invalid("/inn", NO_CARD)
    since = beginning(new.since, house.oktmo, otherwise=now)
    until = end(new.until, house.oktmo)
    if until and until <= since:
        raise invalid("/until", ENDS_FIRST)
    # Whoever works where the house is finds the card from now on.
    router.doors.attachments.introduce(
        Organisation(card.kind, "", card.inn), oktmo=house.oktmo, now=now
    )
    house = _granted(house, Wish(new.inn, new.kind, since, until), now)
    return Response(
        status_code=HTTPStatus.OK,
        content_type="application/json",
        body=_organisations(house, new.inn),
    )


@router.delete(
    "/houses/<house_id>/organisations/<inn>",
    operation_id="detachOrganisation",
    summary="Открепить организацию от дома",
    tags=["organisations"],
    permission=Permission.ATTACHMENTS_CHANGE,
)
def detach_organisation(
    house_id: HouseId,
    inn: Inn,
    until: Annotated[
        date | None,
        Query(description="Последний день по времени региона дома; без него — с этой минуты"),
    ] = None,
) -> HouseOrganisations:
    """End it, now or after a day; what was planned for later is given up."""
    house, now = router.house(house_id), this_moment()
    router.asked.deed(house.oktmo, f"house:{house.id}", f"organisation:{inn}")
    known = router.doors.attachments.get_many([(inn, house.id)])
    if not known and inn not in house.organisations:
        raise ProblemError("not_found", NOT_ATTACHED)
    ends = end(until, house.oktmo, "/query/until") or now
    house = _granted(house, Wish(inn, None, ends), now)
    return _organisations(house, inn)


@router.get(
    "/organisations/<inn>/houses",
    operation_id="listOrganisationHouses",
    summary="Дома организации",
    tags=["organisations"],
    permission=Permission.ORGANISATIONS_READ,
)
def list_organisation_houses(
    inn: Inn,
    when: Annotated[When, Query(description="Сейчас, в планах или прежние")] = When.NOW,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> OrganisationHousePage:
    """List the houses within the caller's reach in the order of their addresses."""
    router.card(inn)
    now, attachments = this_moment(), router.doors.attachments
    if when == When.NOW:
        lines = [line for line in router.lines() if inn in line.organisations]
        known: dict[str, Attachment] = {}
    else:
        all_known = attachments.of_organisation(inn)
        known = {one.house_id: one for one in all_known if _is_at(one, when, now)}
        lines = [line for line in router.lines() if line.id in known]
    items, next_cursor = page_of(lines, lambda line: line.id, cursor, limit)
    if when == When.NOW:
        keys = [(inn, line.id) for line in items]
        known = {one.house_id: one for one in attachments.get_many(keys)}
    shown = [_house(line, known.get(line.id)) for line in items]
    return OrganisationHousePage(shown, next_cursor, len(lines))


def _is_at(one: Attachment, when: When, now: datetime) -> bool:
    if when == When.PLANNED:
        return any(period.since > now for period in one.periods)
    return any(period.until and period.until <= now for period in one.periods)


def _granted(house: House, wish: Wish, now: datetime) -> House:
    doors = router.doors
    after = attach(house, [wish], houses=doors.houses, attachments=doors.attachments, now=now)
    doors.catalogue.forget()
    return after


def _organisations(house: House, asked: str) -> HouseOrganisations:
    inns = sorted({*house.organisations, asked})
    known = {
        one.inn: one for one in router.doors.attachments.get_many((inn, house.id) for inn in inns)
    }
    return HouseOrganisations(
        house_id=house.id,
        items=[
            AttachmentCard(
                inn=inn,
                name=router.name_at(inn, house),
                now=house.organisations.get(inn),
                spans=[_span(p, house.oktmo) for p in known[inn].periods] if inn in known else [],
            )
            for inn in inns
        ],
    )


def _house(line: HouseLine, known: Attachment | None) -> OrganisationHouse:
    periods = known.periods if known else ()
    spans = [_span(period, line.oktmo) for period in periods]
    return OrganisationHouse(line.id, line.title, line.oktmo, line.state, spans)


def _span(period: Period, oktmo: str) -> Span:
    last = last_day_before(period.until, oktmo) if period.until else None
    return Span(period.kind, day_at(period.since, oktmo), last)
