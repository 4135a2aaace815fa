"""Routes of houses: find one, create one, open its chat anew."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from create_chats.elder_pages import look_up
from create_chats.enrol import enrol_row
from create_chats.list_houses import list_houses
from create_chats.retry import retry
from create_chats.routes.notes import InstructionNote, note_of
from create_chats.routes.router import (
    Doors,
    HouseId,
    Router,
)
from create_chats.single_house import NewHouse, checked
from create_chats.towns import town_of
from housechats.domain.access import Permission
from housechats.domain.batches import Verdict
from housechats.domain.errors import RefusedError
from housechats.domain.houses import ChatState, House
from housechats.domain.listing import STATES, HousePage
from housechats.domain.organisations import OrganisationKind
from housechats.runtime.http import ProblemError, answers, invalid
from housechats.runtime.routes import NO_CURSOR, Cursor, Limit

router = Router()

OKTMO_WANTED = "Укажите код ОКТМО муниципалитета: 8 или 11 цифр."
ALREADY_THERE = "Такой дом уже есть, и в нём ничего не изменилось."
NO_ADDRESS = "Это не адрес дома. Напишите, например: г. Город, ул. Ленина, д. 5."


@dataclass(frozen=True, slots=True)
class HouseCard:
    """One house with its chat."""

    id: str
    """The code of 8 characters on its posters."""
    title: str
    address: str
    oktmo: str
    fias_id: str
    entrances: int
    """0 when unknown."""
    state: ChatState
    reason: str
    """Why the chat is refused, uncertain or waits."""
    due_at: datetime | None
    """When a waiting one is tried again."""
    link: str
    """The chat's present invite link; posters carry /j/<id>, which outlives it."""
    batch_id: str
    created_at: datetime
    poster_at: datetime | None
    elder_name: str
    instruction: InstructionNote | None
    scans: dict[str, int]
    """Scans of the posters by place: an entrance's number, `lift`, `sms`, `other`."""
    flats: int = 0
    """0 when unknown."""
    tags: list[str] = field(default_factory=list)
    organisations: dict[str, OrganisationKind] = field(default_factory=dict)
    """Those attached now: ИНН and what it is to the house."""
    remarks: list[str] = field(default_factory=list)
    """To who has just created it: what was not understood, or that it was there already."""


@router.get(
    "/houses",
    operation_id="listHouses",
    summary="Дома территории",
    tags=["houses"],
    permission=Permission.HOUSES_READ,
)
def get_houses(
    q: Annotated[str, Query(max_length=100, description="Слова адреса в любом порядке")] = "",
    state: Annotated[str, Query(description="Состояние чата или waiting")] = "",
    tag: Annotated[str, Query(max_length=100, description="Метка дома")] = "",
    organisation: Annotated[str, Query(max_length=12, description="ИНН организации дома")] = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> HousePage:
    """List the houses that the caller may see, in the order of their addresses."""
    if state not in {"", *STATES}:
        raise invalid("/query/state", "Такого состояния нет.")
    doors = router.doors
    try:
        return list_houses(
            router.caller,
            catalogue=doors.catalogue,
            elders=doors.elders,
            houses=doors.houses,
            text=q,
            state=state,
            tag=tag,
            organisation=organisation,
            cursor=cursor,
            limit=limit,
        )
    except LookupError as error:
        raise invalid(*NO_CURSOR) from error


@router.get(
    "/houses/<house_id>",
    operation_id="getHouse",
    summary="Один дом",
    tags=["houses"],
    permission=Permission.HOUSES_READ,
)
def get_house(house_id: HouseId) -> HouseCard:
    return _card(router.house(house_id), router.doors)


@router.post(
    "/houses",
    operation_id="createHouse",
    summary="Создать чат дома",
    tags=["houses"],
    responses=answers("Дом; 200, если он уже был", HouseCard, 200, 201),
    permission=Permission.HOUSES_CREATE,
    once=True,
    rereads=True,
)
def create_house(new: NewHouse) -> Response[HouseCard]:
    """Create one house; the same address again answers with the house that is there."""
    doors, oktmo = router.doors, router.covered(new.oktmo)
    try:
        row = checked(new, oktmo=oktmo, locality=town_of(oktmo, doors.towns))
    except RefusedError as refused:
        raise invalid("/oktmo", OKTMO_WANTED) from refused
    if row.verdict == Verdict.SKIPPED:
        raise invalid("/address", NO_ADDRESS)
    (row,) = look_up([row], pages=doors.pages, column="elder_vk", oktmo=oktmo)
    now = datetime.now(UTC)
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)  # as the table keeps it
    verdict = enrol_row(row, batch_id="", registry=doors.registry, now=now)
    if not verdict.house_id:
        errors = [
            {"pointer": f"/{problem.column or 'fias_id'}", "detail": problem.message}
            for problem in verdict.problems
            if problem.fatal
        ]
        raise ProblemError("invalid", errors=errors)
    doors.catalogue.forget()
    house = router.house(verdict.house_id)
    if not house.state.settled:
        doors.openings.send([{"house_id": house.id}])
    is_new = house.created_at == now
    remarks = [problem.message for problem in verdict.problems]
    return Response(
        status_code=HTTPStatus.CREATED if is_new else HTTPStatus.OK,
        content_type="application/json",
        headers={"Location": f"/houses/{house.id}"},
        body=replace(_card(house, doors), remarks=remarks if is_new else [ALREADY_THERE]),
    )


@router.post(
    "/houses/<house_id>/retry",
    operation_id="retryHouse",
    summary="Открыть чат заново, если прежде не вышло",
    tags=["houses"],
    responses=answers("Дом; чат откроется в свою очередь", HouseCard, 202),
    permission=Permission.HOUSES_CHANGE,
    once=True,
    rereads=True,
)
def retry_house(house_id: HouseId) -> Response[HouseCard]:
    doors = router.doors
    begun = retry(
        router.house(house_id),
        houses=doors.houses,
        instructions=doors.instructions,
        openings=doors.openings,
        now=datetime.now(UTC),
    )
    if not begun:
        raise ProblemError("conflict", "Чат этого дома уже открыт или открывается.")
    return Response(
        status_code=HTTPStatus.ACCEPTED,
        content_type="application/json",
        headers={"Location": f"/houses/{house_id}"},
        body=_card(router.house(house_id), doors),
    )


def _card(house: House, doors: Doors) -> HouseCard:
    elder = doors.elders.get(house.elder_id) if house.elder_id else None
    told = doors.instructions.get(house.letter_id, house.elder_id) if house.elder_id else None
    return HouseCard(
        id=house.id,
        title=house.title,
        address=house.address.full,
        oktmo=house.oktmo,
        fias_id=house.fias_id,
        entrances=house.entrances,
        state=house.state,
        reason=house.reason,
        due_at=house.due_at,
        link=house.link,
        batch_id=house.batch_id,
        created_at=house.created_at,
        poster_at=house.poster_at,
        elder_name=elder.name if elder else "",
        instruction=note_of(told) if told else None,
        scans=doors.scans.of(house.id),
        flats=house.flats,
        tags=list(house.tags),
        organisations=dict(house.organisations),
    )
