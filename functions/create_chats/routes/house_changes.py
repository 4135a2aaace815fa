"""Routes of what people do to one house after it exists."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from create_chats import change_house, new_chat
from create_chats.change_house import ChangedMeanwhileError, Changes, WrongStateError
from create_chats.named_elder import NamedElder, read_named
from create_chats.routes.house_card import HouseCard, card_of
from create_chats.routes.router import HouseId, Router
from housechats.domain.access import Permission
from housechats.domain.errors import RefusedError
from housechats.domain.houses import LONGEST_NAME, House
from housechats.domain.patterns import CHAT_TITLE_OR_NOTHING, LINE
from housechats.runtime.http import ProblemError, answers, invalid, problems

router = Router()

NOT_OPEN = "Чат этого дома не открыт: закрыть можно только открытый или недоступный."
NOT_CLOSED = "Чат этого дома не закрыт."
NOT_GONE = (
    "Новый чат открывают вместо того, которого больше нет или из которого сообщество исключено."
)
NOTHING_NEW = "Этот старший уже назначен, ничего не изменилось."
IF_MATCH = "If-Match не совпал, или изменили в этот самый миг."

Tag = Annotated[str, Field(pattern=LINE, max_length=100)]


@dataclass(frozen=True, slots=True)
class HouseChange:
    """What is to be different; what is not said stays."""

    title: Annotated[str, Field(pattern=CHAT_TITLE_OR_NOTHING, max_length=LONGEST_NAME)] | None = (
        None
    )
    """The chat's title; empty gives it the short address again. Lists do not change it."""
    tags: Annotated[list[Tag], Field(max_length=50)] | None = None
    """All of its tags from now on."""
    entrances: Annotated[int, Field(ge=0, le=99, strict=True)] | None = None
    """0 when unknown."""
    flats: Annotated[int, Field(ge=0, le=5000, strict=True)] | None = None
    """0 when unknown."""


@dataclass(frozen=True, slots=True)
class ClosingReason:
    """Why a chat is closed."""

    reason: Annotated[str, Field(pattern=LINE, max_length=300)]
    """A sentence that residents read, in the chat and behind the posters' codes."""


@contextmanager
def changing(not_so: str = "") -> Iterator[None]:
    """Turn what can come in between into its problem."""
    try:
        yield
    except ChangedMeanwhileError as error:
        raise ProblemError("changed_meanwhile") from error
    except WrongStateError as error:
        raise ProblemError("conflict", not_so) from error


@router.patch(
    "/houses/<house_id>",
    operation_id="changeHouse",
    summary="Изменить название чата, метки, подъезды и квартиры",
    tags=["houses"],
    permission=Permission.HOUSES_CHANGE,
    responses={
        **answers("Дом, каким он стал; чат изменится следом", HouseCard, 200),
        **problems(changed_meanwhile=IF_MATCH),
    },
)
def patch_house(house_id: HouseId, wanted: HouseChange) -> HouseCard:
    """Change what is said; the chat's title and first message follow within a minute."""
    house, doors = _as_seen(house_id), router.doors
    changes = Changes(
        name=None if wanted.title is None else " ".join(wanted.title.split()),
        tags=None if wanted.tags is None else tuple(dict.fromkeys(wanted.tags)),
        entrances=wanted.entrances,
        flats=wanted.flats,
    )
    with changing():
        after = change_house.change_house(
            house,
            changes,
            houses=doors.houses,
            renewals=doors.renewals,
        )
    return _card(after)


@router.put(
    "/houses/<house_id>/elder",
    operation_id="handOver",
    summary="Назначить старшего или передать чат другому",
    tags=["houses"],
    permission=Permission.HOUSES_HAND_OVER,
    responses={
        **answers("Дом с новым старшим: ему уйдёт инструкция, прежнему — весть", HouseCard, 200),
        **problems(changed_meanwhile=IF_MATCH),
    },
)
def put_elder(house_id: HouseId, elder: NamedElder) -> HouseCard:
    """Name the elder: contacts are checked as in a list; the same person again changes nothing."""
    # What hands over takes a part of the function's start, and few ask for it.
    from create_chats.hand_over import Desk, hand_over  # noqa: PLC0415

    house, doors = _as_seen(house_id), router.doors
    named, found = read_named(elder, house, pages=doors.pages)
    if named is None:
        errors = [{"pointer": f"/{one.column}", "detail": one.message} for one in found]
        raise ProblemError("invalid", errors=errors)
    desk = Desk(
        houses=doors.houses,
        elders=doors.elders,
        instructions=doors.instructions,
        residents=doors.residents,
        renewals=doors.renewals,
        elder_key=doors.elder_key,
    )
    try:
        with changing():
            after = hand_over(house, named, desk=desk, now=datetime.now(UTC))
    except RefusedError as refused:
        raise invalid("/vk", refused.message) from refused
    remarks = [one.message for one in found]
    if after.revision == house.revision:
        remarks.append(NOTHING_NEW)
    router.asked.deed(house.oktmo, f"house:{house.id}", f"elder:{after.elder_id}")
    return replace(_card(after), remarks=remarks)


@router.post(
    "/houses/<house_id>/close",
    operation_id="closeHouse",
    summary="Закрыть чат дома",
    tags=["houses"],
    permission=Permission.HOUSES_CLOSE,
    once=True,
    rereads=True,
    responses={
        **answers("Дом; ссылка чата отзывается", HouseCard, 202),
        **problems(conflict=NOT_OPEN, changed_meanwhile=IF_MATCH),
    },
)
def close_house(house_id: HouseId, why: ClosingReason) -> Response[HouseCard]:
    """Close an open chat: posters' codes say so at once, nobody new comes in, members stay."""
    house, doors = _as_seen(house_id), router.doors
    with changing(NOT_OPEN):
        after = change_house.close(
            house,
            " ".join(why.reason.split()),
            houses=doors.houses,
            renewals=doors.renewals,
            now=datetime.now(UTC),
        )
    return _accepted(after)


@router.post(
    "/houses/<house_id>/reopen",
    operation_id="reopenHouse",
    summary="Открыть закрытый чат снова",
    tags=["houses"],
    permission=Permission.HOUSES_CLOSE,
    once=True,
    rereads=True,
    responses={
        **answers("Дом; чат получит новую ссылку", HouseCard, 202),
        **problems(conflict=NOT_CLOSED, changed_meanwhile=IF_MATCH),
    },
)
def reopen_house(house_id: HouseId) -> Response[HouseCard]:
    """Open a closed chat again: it gets a fresh link, the posters' codes lead to it."""
    house, doors = _as_seen(house_id), router.doors
    with changing(NOT_CLOSED):
        after = change_house.reopen(
            house,
            houses=doors.houses,
            instructions=doors.instructions,
            renewals=doors.renewals,
            now=datetime.now(UTC),
        )
    return _accepted(after)


@router.post(
    "/houses/<house_id>/new-chat",
    operation_id="openNewChat",
    summary="Открыть новый чат вместо потерянного",
    tags=["houses"],
    permission=Permission.HOUSES_CLOSE,
    once=True,
    rereads=True,
    responses={
        **answers("Дом; новый чат откроется в свою очередь", HouseCard, 202),
        **problems(conflict=NOT_GONE, changed_meanwhile=IF_MATCH),
    },
)
def open_new_chat(house_id: HouseId) -> Response[HouseCard]:
    """Leave a chat that is gone and open another: posters' codes lead to it, the elder is told."""
    house, doors = _as_seen(house_id), router.doors
    with changing(NOT_GONE):
        new_chat.open_new_chat(
            house,
            houses=doors.houses,
            instructions=doors.instructions,
            openings=doors.openings,
            now=datetime.now(UTC),
        )
    return _accepted(router.house(house_id))


def _as_seen(house_id: str) -> House:
    """Return the house, if it is still as the caller has seen it."""
    house = router.house(house_id)
    router.asked.require_match(house.revision)
    return house


def _card(house: House) -> HouseCard:
    router.asked.revision = house.revision
    return card_of(house, router.caller, router.doors)


def _accepted(house: House) -> Response[HouseCard]:
    return Response(
        status_code=HTTPStatus.ACCEPTED,
        content_type="application/json",
        headers={"Location": f"/houses/{house.id}"},
        body=_card(house),
    )
