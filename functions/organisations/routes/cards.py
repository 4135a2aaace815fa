"""Routes of organisations' cards: find one, add one, put its name right."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from housechats.domain.access import Permission
from housechats.domain.contacts import LONGEST as LONGEST_PHONE
from housechats.domain.contacts import read_phone
from housechats.domain.organisation_cards import OrganisationCard, is_found, renamed
from housechats.domain.organisations import (
    LONGEST_NAME,
    Organisation,
    OrganisationKind,
    is_inn,
    plain_name,
)
from housechats.domain.patterns import INN, OKTMO_OR_NOTHING
from housechats.domain.territories import region_of
from housechats.runtime.clock import this_moment
from housechats.runtime.http import ProblemError, answers, invalid, problems
from housechats.runtime.routes import Cursor, Limit, page_of
from organisations.routes.router import Inn, Router

router = Router()

INN_WRONG = "ИНН неверен: нужно 10 цифр (у предпринимателя 12), проверьте каждую."
NO_NAME = "Напишите название словами."
ALREADY_THERE = "Эта организация уже есть: показано то, что о ней известно."
NAMED_ELSEWHERE = "Эту организацию назвали на другой территории: исправить карточку могут там."
NO_MOBILE = "Нужен мобильный телефон: +7 9…, на него уйдёт СМС. Уберите его пустой строкой."
NAMESAKE = "Так же называется организация с ИНН {}: проверьте, не она ли это."

Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """An organisation to add."""

    inn: Annotated[str, Field(pattern=INN)]
    """ИНН; its check digits must agree."""
    kind: OrganisationKind
    name: Name
    """In any spelling."""
    oktmo: Annotated[str, Field(pattern=OKTMO_OR_NOTHING)] = ""
    """The territory in which it works; the caller's only one when empty."""


@dataclass(frozen=True, slots=True)
class OrganisationChange:
    """What is to be put right; what is left out stays."""

    name: Annotated[str | None, Field(min_length=1, max_length=LONGEST_NAME)] = None
    """The name to show; the one so far stays as a spelling."""
    kind: OrganisationKind | None = None
    """What it is from now on; houses that it is attached to keep what it is to them."""
    duty_phone: Annotated[str | None, Field(max_length=LONGEST_PHONE)] = None
    """The duty desk's mobile phone, for an SMS when no representative can be written to; the
    organisation's, no person's. Empty: there is none."""


@dataclass(frozen=True, slots=True)
class OrganisationNote:
    """An organisation, as lists show it."""

    inn: str
    kind: OrganisationKind
    name: str
    """Empty when nobody has named it yet."""
    oktmo: str
    """The territory in which it was named first."""
    houses: int
    """For how many houses within the caller's reach it answers now."""


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """A page of organisations, and how many there are of each kind."""

    items: list[OrganisationNote]
    next_cursor: str
    """Give it back for the next page; empty on the last one."""
    total: int
    """Organisations that match what was asked."""
    counts: dict[OrganisationKind, int]
    """Organisations that match the search, by kind."""


@dataclass(frozen=True, slots=True)
class OrganisationDetails:
    """All that is known of an organisation."""

    inn: str
    kind: OrganisationKind
    name: str
    """Empty when nobody has named it yet."""
    spellings: list[str]
    """How else it is written."""
    oktmo: str
    """The territory in which it was named first."""
    introduced_at: datetime | None
    """When it was named first."""
    duty_phone: str
    """The duty desk's mobile phone; empty when there is none."""
    houses: int
    """For how many houses within the caller's reach it answers now."""
    remarks: list[str]
    """To who has just added it: that it was there, or that another is called so."""


@router.get(
    "/organisations",
    operation_id="listOrganisations",
    summary="Организации территории",
    tags=["organisations"],
    permission=Permission.ORGANISATIONS_READ,
)
def list_organisations(
    q: Annotated[
        str, Query(max_length=100, description="Начало ИНН или слова названия в любом порядке")
    ] = "",
    kind: Annotated[OrganisationKind | None, Query(description="Только такие")] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> OrganisationPage:
    houses = _houses_by_inn()
    found = [
        card
        for region in sorted({territory.region for territory in router.territories})
        for card in router.doors.cards.of_region(region)
        if is_found(card, q) and (_is_ours(card) or houses[card.inn])
    ]
    chosen = [card for card in found if kind is None or card.kind == kind]
    items, next_cursor = page_of(chosen, _place_in_list, cursor, limit)
    return OrganisationPage(
        items=[
            OrganisationNote(card.inn, card.kind, card.name, card.oktmo, houses[card.inn])
            for card in items
        ],
        next_cursor=next_cursor,
        total=len(chosen),
        counts=dict(Counter(card.kind for card in found)),
    )


def _is_ours(card: OrganisationCard) -> bool:
    return router.may_reach(card.places)


def _place_in_list(card: OrganisationCard) -> str:
    """Name a card in lists: two regions may know one organisation."""
    return f"{region_of(card.oktmo)}-{card.inn}"


@router.post(
    "/organisations",
    operation_id="addOrganisation",
    summary="Добавить организацию",
    tags=["organisations"],
    permission=Permission.ORGANISATIONS_CHANGE,
    once=True,
    responses=answers("Организация; 200, если она уже была", OrganisationDetails, 200, 201),
)
def add_organisation(new: NewOrganisation) -> Response[OrganisationDetails]:
    """Add one; who names one that is there teaches it the spelling and gets it."""
    oktmo, doors = router.covered(new.oktmo), router.doors
    router.asked.deed(oktmo, f"organisation:{new.inn}")
    if not is_inn(new.inn):
        raise invalid("/inn", INN_WRONG)
    name = _checked(new.name)
    there = doors.cards.get(region_of(oktmo), new.inn)
    doors.attachments.introduce(
        Organisation(new.kind, name, new.inn), oktmo=oktmo, now=this_moment()
    )
    card = doors.cards.get(region_of(oktmo), new.inn)
    if card is None:
        raise ProblemError("unavailable")
    remarks = [ALREADY_THERE] if there else [*_namesakes(card)]
    return Response(
        status_code=HTTPStatus.OK if there else HTTPStatus.CREATED,
        content_type="application/json",
        headers={"Location": f"/organisations/{card.inn}"},
        body=_details(card, remarks),
    )


@router.get(
    "/organisations/<inn>",
    operation_id="getOrganisation",
    summary="Одна организация",
    tags=["organisations"],
    permission=Permission.ORGANISATIONS_READ,
)
def get_organisation(inn: Inn) -> OrganisationDetails:
    return _shown(router.card(inn))


@router.patch(
    "/organisations/<inn>",
    operation_id="changeOrganisation",
    summary="Исправить карточку организации",
    tags=["organisations"],
    permission=Permission.ORGANISATIONS_CHANGE,
    responses={
        **answers("Организация, какой она стала", OrganisationDetails, 200),
        **problems(changed_meanwhile="Карточка изменилась с тех пор, как её показали."),
    },
)
def change_organisation(inn: Inn, change: OrganisationChange) -> OrganisationDetails:
    """Put right what lists call it; what it is to its houses stays.

    A region has one card of an organisation: only where it was named first it is put right.
    """
    card = router.card(inn)
    if not router.may_reach([card.place]):
        raise ProblemError("forbidden", NAMED_ELSEWHERE)
    router.asked.deed(card.oktmo, f"organisation:{inn}")
    router.asked.require_match(card.revision)
    name = card.name if change.name is None else _checked(change.name)
    phone = card.duty_phone if change.duty_phone is None else _mobile(change.duty_phone)
    after = replace(renamed(card, name), kind=change.kind or card.kind, duty_phone=phone)
    if replace(after, revision=card.revision) == card:
        return _shown(card)
    if not router.doors.cards.change(after, revision=card.revision):
        raise ProblemError("changed_meanwhile")
    return _shown(after)


def _checked(name: str) -> str:
    """Return a name without needless spaces; one without a word is none."""
    if not plain_name(name):
        raise invalid("/name", NO_NAME)
    return " ".join(name.split())


def _mobile(phone: str) -> str:
    """Return a mobile phone in its one spelling; empty when none is given."""
    if not phone.strip():
        return ""
    found, _ = read_phone(phone)
    if not found.startswith("+79"):
        raise invalid("/duty_phone", NO_MOBILE)
    return found


def _namesakes(card: OrganisationCard) -> list[str]:
    """Say which others of the region are called the same."""
    called = plain_name(card.name)
    return [
        NAMESAKE.format(other.inn)
        for other in router.doors.cards.of_region(region_of(card.oktmo))
        if other.inn != card.inn and called in map(plain_name, other.names)
    ]


def _houses_by_inn() -> Counter[str]:
    """Count the houses of each organisation within the caller's reach."""
    return Counter(inn for line in router.lines() for inn in line.organisations)


def _shown(card: OrganisationCard) -> OrganisationDetails:
    """Show it to somebody who may change it by what they see."""
    router.asked.revision = card.revision
    return _details(card)


def _details(card: OrganisationCard, remarks: list[str] | None = None) -> OrganisationDetails:
    return OrganisationDetails(
        inn=card.inn,
        kind=card.kind,
        name=card.name,
        spellings=list(card.spellings),
        oktmo=card.oktmo,
        introduced_at=card.introduced_at,
        duty_phone=card.duty_phone,
        houses=sum(card.inn in line.organisations for line in router.lines()),
        remarks=remarks or [],
    )
