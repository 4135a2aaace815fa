"""Routes of the service catalogue: what an organisation's buttons in house chats may open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import Field

from bot.routes.router import Router
from housechats.domain.access import Permission
from housechats.domain.houses import read_code
from housechats.domain.organisation_cards import OrganisationCard
from housechats.domain.patterns import INN
from housechats.domain.services import (
    MOST_HOUSES,
    MOST_SERVICES,
    Service,
    ServiceKind,
    ServiceList,
    faults_of,
)
from housechats.domain.territories import region_of
from housechats.runtime.http import ProblemError, answers, problems

router = Router()

NOT_ITS_HOUSE = "Среди ваших домов этой организации такого нет."
MANY_HOUSES = f"Домов у одного сервиса не больше {MOST_HOUSES}: оставьте список пустым для всех."
KEPT_ELSEWHERE = (
    "Эту организацию завели на другой территории: список её сервисов ведут там, где её завели."
)

Inn = Annotated[str, Path(pattern=INN, description="ИНН организации")]


@dataclass(frozen=True, slots=True)
class NewServices:
    """All services of an organisation, in the order in which people see them."""

    services: Annotated[list[Service], Field(max_length=MOST_SERVICES)]
    """None: its houses are shown nothing of it."""


@dataclass(frozen=True, slots=True)
class ServiceCard:
    """One button that may be put into house chats."""

    title: str
    """What the button says: up to 40 characters."""
    kind: ServiceKind
    link: str
    """Where it leads; empty when it opens an app."""
    app_id: int
    """Which app it opens; 0 when it leads to a link."""
    hash: str
    """What the app is told."""
    houses: list[str]
    """Only for these houses; none: for all that the organisation answers for."""


@dataclass(frozen=True, slots=True)
class ServicesCard:
    """The services of an organisation in a region."""

    inn: str
    services: list[ServiceCard]
    """In the order in which people see them; a chat shows ten buttons at most."""


@router.get(
    "/organisations/<inn>/services",
    operation_id="getServices",
    summary="Сервисы организации в чатах её домов",
    tags=["organisations"],
    permission=Permission.SERVICES_READ,
)
def get_services(inn: Inn) -> ServicesCard:
    card = _card(inn)
    return _shown(router.doors.services.get(region_of(card.oktmo), inn))


@router.put(
    "/organisations/<inn>/services",
    operation_id="setServices",
    summary="Задать сервисы организации",
    tags=["organisations"],
    permission=Permission.SERVICES_CHANGE,
    responses={
        **answers("Сервисы, какими они стали", ServicesCard, 200),
        **problems(changed_meanwhile="Сервисы изменились с тех пор, как их показали."),
    },
)
def set_services(inn: Inn, new: NewServices) -> ServicesCard:
    """Set all of them anew; the next press of «Сервисы» shows what is kept now."""
    card = _card(inn)
    router.asked.deed(card.oktmo, f"organisation:{inn}")
    if not router.may_reach([card.place]):
        raise ProblemError("forbidden", KEPT_ELSEWHERE)
    before = router.doors.services.get(region_of(card.oktmo), inn)
    router.asked.require_match(before.revision)
    errors = [
        {"pointer": f"/services{fault.pointer}", "detail": fault.message}
        for fault in faults_of(new.services)
    ] or _faults_of_houses(inn, new.services)
    if errors:
        raise ProblemError("invalid", errors=errors)
    after = ServiceList(before.region, inn, tuple(new.services), before.revision + 1)
    if not router.doors.services.put(after):
        raise ProblemError("changed_meanwhile")
    return _shown(after)


def _card(inn: str) -> OrganisationCard:
    """Return the organisation as it is known where the caller may do this."""
    regions = sorted({territory.region for territory in router.territories})
    found = [card for region in regions if (card := router.doors.cards.get(region, inn))]
    for card in found:
        if router.may_reach(card.places):
            return card
    raise ProblemError("not_found")


def _faults_of_houses(inn: str, services: Sequence[Service]) -> list[dict[str, str]]:
    named = {
        house_id
        for service in services
        for house_id in service.houses[:MOST_HOUSES]
        if read_code(house_id) == house_id
    }
    theirs = {
        house.id
        for house in router.doors.houses.get_many(named)
        if inn in house.organisations and router.may_reach([house.place])
    }
    faults = []
    for number, service in enumerate(services):
        pointer = f"/services/{number}/houses"
        if len(service.houses) > MOST_HOUSES:
            faults.append({"pointer": pointer, "detail": MANY_HOUSES})
            continue
        faults += [
            {"pointer": f"{pointer}/{place}", "detail": NOT_ITS_HOUSE}
            for place, house_id in enumerate(service.houses)
            if house_id not in theirs
        ]
    return faults


def _shown(services: ServiceList) -> ServicesCard:
    """Show them to somebody who may change them by what they see."""
    router.asked.revision = services.revision
    return ServicesCard(services.inn, [_service(service) for service in services.services])


def _service(service: Service) -> ServiceCard:
    return ServiceCard(
        title=service.title,
        kind=service.kind,
        link=service.link,
        app_id=service.app_id,
        hash=service.hash,
        houses=[*service.houses],
    )
