"""Routes of houses: find one, create one, open its chat anew."""

from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from create_chats.elder_pages import look_up
from create_chats.list_houses import list_houses
from create_chats.retry import retry
from create_chats.routes.house_card import HouseCard, card_of
from create_chats.routes.router import HouseId, Router
from create_chats.single_house import NewHouse, checked
from create_chats.towns import town_of
from housechats.domain.access import Permission
from housechats.domain.batches import Verdict
from housechats.domain.errors import RefusedError
from housechats.domain.listing import HousePage, ShownState
from housechats.runtime.clock import this_moment
from housechats.runtime.http import ProblemError, answers, invalid
from housechats.runtime.routes import NO_CURSOR, Cursor, Limit

router = Router()

OKTMO_WANTED = "Укажите код ОКТМО муниципалитета: 8 или 11 цифр."
ALREADY_THERE = "Такой дом уже есть, и в нём ничего не изменилось."
NO_ADDRESS = "Это не адрес дома. Напишите, например: г. Город, ул. Ленина, д. 5."


@router.get(
    "/houses",
    operation_id="listHouses",
    summary="Дома территории",
    tags=["houses"],
    permission=Permission.HOUSES_READ,
)
def get_houses(
    q: Annotated[str, Query(max_length=100, description="Слова адреса в любом порядке")] = "",
    state: Annotated[
        str,
        Query(description="Только в этом состоянии", json_schema_extra={"enum": ["", *ShownState]}),
    ] = "",
    tag: Annotated[str, Query(max_length=100, description="Метка дома")] = "",
    organisation: Annotated[str, Query(max_length=12, description="ИНН организации дома")] = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> HousePage:
    """List the houses that the caller may see, in the order of their addresses."""
    if state not in {"", *ShownState}:
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
    house = router.house(house_id)
    router.asked.revision = house.revision
    return card_of(house, router.caller, router.doors)


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
    # What enrols takes a part of the function's start, and few ask for it.
    from create_chats.enrol import enrol_row, field_of  # noqa: PLC0415

    doors, oktmo = router.doors, router.covered(new.oktmo)
    try:
        row = checked(new, oktmo=oktmo, locality=town_of(oktmo, doors.towns))
    except RefusedError as refused:
        raise invalid("/oktmo", OKTMO_WANTED) from refused
    if row.verdict == Verdict.SKIPPED:
        raise invalid("/address", NO_ADDRESS)
    (row,) = look_up([row], pages=doors.pages, column="elder_vk", oktmo=oktmo)
    now = this_moment()
    verdict = enrol_row(row, batch_id="", oktmo=oktmo, registry=doors.registry, now=now)
    if not verdict.house_id:
        router.require_community(verdict.problems)
        errors = [
            {"pointer": f"/{field_of(problem)}", "detail": problem.message}
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
        body=replace(
            card_of(house, router.caller, doors),
            remarks=remarks if is_new else [ALREADY_THERE],
        ),
    )


@router.post(
    "/houses/<house_id>/retry",
    operation_id="retryHouse",
    summary="Попробовать с чатом ещё раз, если прежде не вышло",
    tags=["houses"],
    responses=answers("Дом; чат откроется в свою очередь", HouseCard, 202),
    permission=Permission.HOUSES_CHANGE,
    once=True,
    rereads=True,
)
def retry_house(house_id: HouseId) -> Response[HouseCard]:
    """Open a chat that could not be opened, renew one that could not be renewed or is lost."""
    doors = router.doors
    begun = retry(
        router.house(house_id),
        houses=doors.houses,
        renewing=doors.renewing,
        instructions=doors.instructions,
        openings=doors.openings,
        renewals=doors.renewals,
        now=datetime.now(UTC),
    )
    if not begun:
        raise ProblemError(
            "conflict", "Повторять нечего: чат этого дома открыт, закрыт или открывается."
        )
    return Response(
        status_code=HTTPStatus.ACCEPTED,
        content_type="application/json",
        headers={"Location": f"/houses/{house_id}"},
        body=card_of(router.house(house_id), router.caller, doors),
    )
