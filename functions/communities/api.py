"""HTTP: the communities that act in a territory."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import Field

from communities.connect import ConnectedMeanwhileError, TakenError, WeakTokenError, connect
from housechats.adapters.aws import spending
from housechats.adapters.bearers import VkBearers
from housechats.adapters.communities import DynamoCommunities
from housechats.adapters.gate import open_gate
from housechats.adapters.secrets import SecretTokens
from housechats.adapters.table import Table
from housechats.domain.access import Permission
from housechats.domain.communities import NEEDED, USEFUL, Community, CommunityState
from housechats.domain.errors import RefusedError
from housechats.domain.patterns import OKTMO_OR_NOTHING, TOKEN
from housechats.ports.communities import Bearers, Communities, Tokens
from housechats.ports.gate import Gate
from housechats.runtime import settings
from housechats.runtime.clock import this_moment
from housechats.runtime.http import ProblemError, answers, invalid, problems
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.routes import Router, answer, api

router = Router()

TAKEN = (
    "Это сообщество уже подключено в другой территории. Его может подключить здесь администратор, "
    "которому видны обе."
)
MEANWHILE = "Это сообщество сейчас подключает кто-то ещё. Проверьте список сообществ."
DISCONNECTED = "Сообщество отключено: подключите его заново ключом."


@dataclass(frozen=True, slots=True)
class Settings(settings.ApiSettings):
    vk_api_url: str
    tokens_prefix: str


@dataclass(frozen=True, slots=True)
class Doors:
    """What the routes work with."""

    gate: Gate
    bearers: Bearers
    communities: Communities
    tokens: Tokens


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
        bearers=VkBearers(env.vk_api_url),
        communities=DynamoCommunities(table),
        tokens=SecretTokens(env.tokens_prefix),
    )


CommunityId = Annotated[int, Path(ge=1, le=10**12 - 1, description="Номер сообщества во ВКонтакте")]


@dataclass(frozen=True, slots=True)
class NewCommunity:
    """A community to connect; connected again, it acts by the new token."""

    token: Annotated[str, Field(pattern=TOKEN)] = field(repr=False)
    """The community's access token, from its settings in VK; no answer ever shows it."""
    oktmo: Annotated[str, Field(pattern=OKTMO_OR_NOTHING)] = ""
    """The territory whose houses it is for; the caller's only one when empty."""


class TakesHouses(StrEnum):
    """Whether a connected community takes new houses."""

    ACTIVE = "active"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class CommunityChange:
    """What is to become of a connected community."""

    state: TakesHouses


@dataclass(frozen=True, slots=True)
class MissingRight:
    """A right that the community's token lacks."""

    right: str
    """By VK's own name."""
    advice: str
    """What does not work without it, and where to switch it on."""


@dataclass(frozen=True, slots=True)
class CommunityCard:
    """A community that is connected, or was."""

    id: int
    """Its number in VK."""
    name: str
    oktmo: str
    """The territory whose houses it is for."""
    state: CommunityState
    reason: str
    """Why it is disconnected: a sentence for people."""
    missing: list[MissingRight]
    """What its token should also have."""
    connected_at: datetime
    connected_by: str
    """Who connected it last: `vk:` and the person's number."""


@dataclass(frozen=True, slots=True)
class CommunityList:
    """All communities of the caller's territories."""

    items: list[CommunityCard]
    """In the order of regions."""
    counts: dict[CommunityState, int]
    """Communities by state."""
    total: int


@router.get(
    "/communities",
    operation_id="listCommunities",
    summary="Сообщества, которые создают чаты",
    tags=["communities"],
    permission=Permission.COMMUNITIES_READ,
)
def list_communities() -> CommunityList:
    own, doors = router.territories, _doors()
    regions = sorted({one.region for one in own})
    found = [
        community
        for region in regions
        for community in doors.communities.of_region(region)
        if any(territory.covers(community.oktmo) for territory in own)
    ]
    counts = {state: sum(one.state == state for one in found) for state in CommunityState}
    counts = {state: many for state, many in counts.items() if many}
    return CommunityList([_card(one) for one in found], counts, len(found))


@router.post(
    "/communities",
    operation_id="connectCommunity",
    summary="Подключить сообщество по ключу доступа",
    tags=["communities"],
    permission=Permission.COMMUNITIES_CHANGE,
    once=True,
    responses={
        **answers("Сообщество подключено", CommunityCard, 201),
        **problems(
            conflict="Сообщество подключено в другой территории, или его подключает кто-то ещё.",
            invalid="Ключ не подходит: `errors` говорит, чего в нём нет и где это включить.",
        ),
    },
)
def connect_community(new: NewCommunity) -> Response[CommunityCard]:
    """Ask VK whose token it is and what it may do; nothing is kept of one that does not serve."""
    oktmo, doors = router.covered(new.oktmo), _doors()
    router.asked.deed(oktmo)
    now = this_moment()
    try:
        community = connect(
            new.token,
            oktmo,
            by=router.caller.name,
            covers=lambda there: any(one.covers(there) for one in router.territories),
            bearers=doors.bearers,
            communities=doors.communities,
            tokens=doors.tokens,
            now=now,
        )
    except RefusedError as refused:
        raise invalid("/token", refused.message) from None
    except WeakTokenError as weak:
        advice = {**NEEDED, **USEFUL}
        errors = [{"pointer": "/token", "detail": advice[right]} for right in weak.missing]
        raise ProblemError("invalid", errors=errors) from None
    except TakenError:
        raise ProblemError("conflict", TAKEN) from None
    except ConnectedMeanwhileError:
        raise ProblemError("conflict", MEANWHILE) from None
    router.asked.deed(oktmo, f"community:{community.id}")
    return Response(
        status_code=HTTPStatus.CREATED,
        content_type="application/json",
        headers={"Location": f"/communities/{community.id}"},
        body=_card(community),
    )


@router.get(
    "/communities/<community_id>",
    operation_id="getCommunity",
    summary="Одно сообщество",
    tags=["communities"],
    permission=Permission.COMMUNITIES_READ,
)
def get_community(community_id: CommunityId) -> CommunityCard:
    return _shown(router.reach(_doors().communities.get(community_id)))


@router.patch(
    "/communities/<community_id>",
    operation_id="changeCommunity",
    summary="Брать ли сообществу новые дома",
    tags=["communities"],
    permission=Permission.COMMUNITIES_CHANGE,
    responses={
        **answers("Сообщество, каким оно стало", CommunityCard, 200),
        **problems(
            conflict="Сообщество отключено: его возвращает только ключ.",
            changed_meanwhile="Сообщество изменилось с тех пор, как его показали.",
        ),
    },
)
def change_community(community_id: CommunityId, change: CommunityChange) -> CommunityCard:
    """Let it take new houses, or none; houses that it has go on either way."""
    communities = _doors().communities
    community = router.reach(communities.get(community_id))
    router.asked.deed(community.oktmo, f"community:{community.id}")
    router.asked.require_match(community.revision)
    if not community.works:
        raise ProblemError("conflict", DISCONNECTED)
    state = CommunityState(change.state)
    if state != community.state and not communities.turn(community, state):
        raise ProblemError("changed_meanwhile")
    return _shown(router.reach(communities.get(community_id)))


def _doors() -> Doors:
    doors: Doors = router.context["doors"]
    return doors


def _shown(community: Community) -> CommunityCard:
    """Show it to somebody who may change it by what they see."""
    router.asked.revision = community.revision
    return _card(community)


def _card(community: Community) -> CommunityCard:
    return CommunityCard(
        id=community.id,
        name=community.name,
        oktmo=community.oktmo,
        state=community.state,
        reason=community.reason,
        missing=[MissingRight(right, USEFUL[right]) for right in community.missing],
        connected_at=community.connected_at,
        connected_by=community.connected_by,
    )


app = api(router)


@with_request_id
def handle(event: dict[str, Any], context: Context) -> dict[str, Any]:
    doors = wired()
    return answer(app, event, context, gate=doors.gate, doors=doors, spent=spending.take)
