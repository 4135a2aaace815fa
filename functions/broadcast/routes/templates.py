"""Routes of templates: what is usually said, and what an organisation says instead."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import Field

from broadcast.routes.router import Router
from housechats.domain.access import Permission
from housechats.domain.broadcast_texts import as_sent
from housechats.domain.broadcasts import BroadcastLane
from housechats.domain.messages import HOUSE_FIELDS
from housechats.domain.organisation_cards import OrganisationCard
from housechats.domain.patterns import INN
from housechats.domain.templates import (
    LONGEST_WORDING,
    MEANT,
    USUAL,
    WRITTEN,
    Gap,
    Template,
    TemplateKind,
    faults_of_wording,
)
from housechats.domain.territories import region_of
from housechats.runtime.clock import this_moment
from housechats.runtime.http import ProblemError

router = Router()

Inn = Annotated[str, Path(pattern=INN, description="ИНН организации")]
Kind = Annotated[TemplateKind, Path(description="Для какого случая")]


@dataclass(frozen=True, slots=True)
class NewWording:
    """What an organisation says instead of what is usual."""

    wording: Annotated[str, Field(min_length=1, max_length=LONGEST_WORDING)]
    """With every field that the kind requires, written as the list of templates shows them."""


@dataclass(frozen=True, slots=True)
class TemplateField:
    """One field of a wording."""

    name: Gap | None
    """Under which it is filled in; null when it is filled in by itself, house by house."""
    written: str
    """How it stands in a wording."""
    meaning: str
    """What is to stand there: a Russian phrase."""
    required: bool
    """Whether no wording of the kind may lack it."""
    used: bool
    """Whether it is to be filled in: the wording has it, or the kind requires it."""


@dataclass(frozen=True, slots=True)
class TemplateCard:
    """What is usually said in one case."""

    kind: TemplateKind
    title: str
    """What the case is called, for a list to choose from."""
    wording: str
    """The text, with its fields."""
    own: bool
    """Whether the organisation keeps a wording of its own; else this is ours."""
    lane: BroadcastLane
    """By which such a message usually goes."""
    fields: list[TemplateField]
    """All that may stand in a wording of this kind."""
    changed_at: datetime | None
    """When the organisation's own wording was written."""


@dataclass(frozen=True, slots=True)
class TemplateList:
    """Templates of all kinds."""

    items: list[TemplateCard]


@router.get(
    "/templates",
    operation_id="listTemplates",
    summary="Шаблоны рассылок",
    tags=["templates"],
    permission=Permission.BROADCASTS_READ,
)
def list_templates() -> TemplateList:
    return TemplateList([_card(template) for template in USUAL.values()])


@router.get(
    "/organisations/<inn>/templates",
    operation_id="listTemplatesOfOrganisation",
    summary="Шаблоны рассылок организации",
    tags=["templates"],
    permission=Permission.BROADCASTS_READ,
)
def list_templates_of_organisation(inn: Inn) -> TemplateList:
    region = region_of(_organisation(inn).oktmo)
    own = {one.kind: one for one in router.doors.templates.of_organisation(region, inn)}
    return TemplateList([_card(own.get(kind, usual)) for kind, usual in USUAL.items()])


@router.put(
    "/organisations/<inn>/templates/<kind>",
    operation_id="setTemplate",
    summary="Задать свой текст шаблона",
    tags=["templates"],
    permission=Permission.TEMPLATES_CHANGE,
)
def set_template(inn: Inn, kind: Kind, new: NewWording) -> TemplateCard:
    card = _organisation(inn)
    _about_to_change(card, kind)
    wording = as_sent(new.wording)
    if faults := faults_of_wording(kind, wording):
        errors = [{"pointer": "/wording", "detail": fault} for fault in faults]
        raise ProblemError("invalid", errors=errors)
    template = Template(
        kind=kind,
        wording=wording,
        region=region_of(card.oktmo),
        inn=inn,
        changed_at=this_moment(),
    )
    router.doors.templates.put(template)
    return _card(template)


@router.delete(
    "/organisations/<inn>/templates/<kind>",
    operation_id="removeTemplate",
    summary="Вернуть обычный текст шаблона",
    tags=["templates"],
    permission=Permission.TEMPLATES_CHANGE,
)
def remove_template(inn: Inn, kind: Kind) -> TemplateCard:
    """Take an own wording back, and return ours, which counts again."""
    card = _organisation(inn)
    _about_to_change(card, kind)
    router.doors.templates.remove(region_of(card.oktmo), inn, kind)
    return _card(USUAL[kind])


def _about_to_change(card: OrganisationCard, kind: TemplateKind) -> None:
    router.asked.deed(card.oktmo, f"organisation:{card.inn}", f"template:{kind}")


def _organisation(inn: str) -> OrganisationCard:
    """Return the card of an organisation that is known where the caller may do this.

    It is also known where its houses are, though nobody has named it there.
    """
    regions = sorted({territory.region for territory in router.territories})
    found = [card for region in regions if (card := router.doors.cards.get(region, inn))]
    for card in found:
        if router.may_reach(router.places_of(card)):
            return card
    if not found:
        raise ProblemError("not_found")
    return router.reach(found[0], *router.places_of(found[0]))


def _card(template: Template) -> TemplateCard:
    gaps, required = template.gaps, template.use.required
    fields = [
        TemplateField(gap, WRITTEN[gap], MEANT[WRITTEN[gap]], gap in required, gap in gaps)
        for gap in Gap
    ]
    fields += [
        TemplateField(None, written, meaning, required=False, used=written in template.wording)
        for written, meaning in HOUSE_FIELDS.items()
    ]
    return TemplateCard(
        kind=template.kind,
        title=template.use.title,
        wording=template.wording,
        own=bool(template.inn),
        lane=template.use.lane,
        fields=fields,
        changed_at=template.changed_at,
    )
