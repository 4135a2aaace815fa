"""HTTP: coordination chats, for the staff of their municipalities."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Query

from housechats.adapters.aws import spending
from housechats.adapters.coordination import DynamoCoordinationChats
from housechats.adapters.gate import open_gate
from housechats.adapters.table import Table
from housechats.domain.access import Permission
from housechats.domain.coordination import CoordinationChat
from housechats.domain.patterns import OKTMO_OR_NOTHING
from housechats.domain.territories import Territory
from housechats.ports.coordination import CoordinationChats
from housechats.ports.gate import Gate
from housechats.runtime import settings
from housechats.runtime.http import answers
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.routes import Router, answer, api

router = Router()


@dataclass(frozen=True, slots=True)
class Settings(settings.ApiSettings):
    pass


@dataclass(frozen=True, slots=True)
class Doors:
    """What the routes work with."""

    gate: Gate
    coordination: CoordinationChats


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
    return Doors(gate, DynamoCoordinationChats(table))


class CoordinationState(StrEnum):
    """How far a coordination chat is."""

    OPENING = "opening"
    """It is being made; `reason` says why it waits, if it does."""
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class CoordinationCard:
    """A coordination chat: for the staff of a municipality and the elders of its houses."""

    id: str
    oktmo: str
    """The municipality."""
    title: str
    state: CoordinationState
    link: str
    """By which staff may join; empty until the chat is open. It is another one after each time that
    somebody had to leave."""
    members: int
    """How many people were there when it was looked at last."""
    looked_at: datetime | None
    """When it was seen who is there; null when it never was."""
    invited: int
    """To how many the bot has told the link, or is about to."""
    not_told: int
    """How many of them do not let the community write to them: tell them yourselves."""
    reason: str
    """Why it is not open yet, or cannot be looked after: a sentence for people."""


@dataclass(frozen=True, slots=True)
class CoordinationList:
    """Coordination chats."""

    items: list[CoordinationCard]


@router.get(
    "/coordination-chats",
    operation_id="listCoordinationChats",
    summary="Координационные чаты муниципалитетов",
    tags=["coordination"],
    permission=Permission.COORDINATION_READ,
    responses=answers("Чаты вашей территории", CoordinationList),
)
def list_coordination_chats(
    oktmo: Annotated[
        str, Query(pattern=OKTMO_OR_NOTHING, description="Только в этой территории")
    ] = "",
) -> CoordinationList:
    """Return those of the caller's territories, by municipality."""
    doors: Doors = router.context["doors"]
    asked = [Territory(router.covered(oktmo, "/query/oktmo"))] if oktmo else router.territories
    regions = sorted({territory.region for territory in asked})
    found = [
        chat
        for region in regions
        for chat in doors.coordination.of_region(region)
        if any(territory.covers(chat.oktmo) for territory in asked)
    ]
    return CoordinationList([_card(chat) for chat in found])


def _card(chat: CoordinationChat) -> CoordinationCard:
    return CoordinationCard(
        id=chat.id,
        oktmo=chat.oktmo,
        title=chat.title,
        state=CoordinationState.OPEN if chat.is_open else CoordinationState.OPENING,
        link=chat.link,
        members=chat.members,
        looked_at=chat.looked_at,
        invited=len(chat.invited),
        not_told=sum(one.generation == 0 for one in chat.invited.values()),
        reason=chat.reason,
    )


app = api(router)


@with_request_id
def handle(event: dict[str, Any], context: Context) -> dict[str, Any]:
    doors = wired()
    return answer(app, event, context, gate=doors.gate, doors=doors, spent=spending.take)
