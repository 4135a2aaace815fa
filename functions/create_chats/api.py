"""HTTP: houses and lists of houses."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from secrets import token_hex
from typing import Annotated, Any, TypeVar

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import Field

from create_chats.catalogue import WAITING, Catalogue, HousePage
from create_chats.enrol import Registry, enrol_row
from create_chats.progress import Progress, progress
from create_chats.retry import retry
from create_chats.single_house import NewHouse, checked
from create_chats.uploads import LARGEST, upload_key
from housechats.adapters.batches import DynamoBatches
from housechats.adapters.files import S3Files
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.instructions import DynamoInstructions
from housechats.adapters.people import DynamoElders, DynamoOfficials
from housechats.adapters.queues import SqsQueue
from housechats.adapters.scans import DynamoScans
from housechats.adapters.table import Table
from housechats.domain.batches import CHUNK, Batch, BatchState, RowVerdict, Verdict
from housechats.domain.errors import RefusedError
from housechats.domain.houses import ChatState, House
from housechats.domain.instructions import Channel, Instruction, InstructionState
from housechats.domain.people import Official
from housechats.domain.territories import Territory, is_territory
from housechats.ports import UploadForm
from housechats.runtime import settings
from housechats.runtime.access import caller, in_scope
from housechats.runtime.http import ProblemError, answers, invalid, resolver
from housechats.runtime.log import with_request_id

app = resolver()

OKTMO_WANTED = "Укажите код ОКТМО муниципалитета: 8 или 11 цифр."
ALREADY_THERE = "Такой дом уже есть, и в нём ничего не изменилось."
NO_CURSOR = ("/query/cursor", "Начните с первой страницы.")
NO_ADDRESS = "Это не адрес дома. Напишите, например: г. Город, ул. Ленина, д. 5."

Thing = TypeVar("Thing")
Limit = Annotated[int, Query(ge=1, le=100, description="Сколько записей на странице")]
Cursor = Annotated[str, Query(max_length=100, description="next_cursor предыдущей страницы")]
HouseId = Annotated[str, Path(min_length=8, max_length=8, description="Код дома")]
BatchId = Annotated[str, Path(min_length=16, max_length=16, description="Номер списка")]


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    lists_bucket: str
    openings_queue_url: str
    community_id: int
    id_key: str


@dataclass(frozen=True, slots=True)
class Doors:
    """What the routes work with."""

    houses: DynamoHouses
    elders: DynamoElders
    officials: DynamoOfficials
    batches: DynamoBatches
    instructions: DynamoInstructions
    scans: DynamoScans
    lists: S3Files
    openings: SqsQueue
    catalogue: Catalogue
    registry: Registry


@cache
def wired() -> Doors:
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    houses = DynamoHouses(table)
    elders = DynamoElders(table)
    instructions = DynamoInstructions(table)
    return Doors(
        houses=houses,
        elders=elders,
        officials=DynamoOfficials(table),
        batches=DynamoBatches(table),
        instructions=instructions,
        scans=DynamoScans(table),
        lists=S3Files(env.lists_bucket),
        openings=SqsQueue(env.openings_queue_url),
        catalogue=Catalogue(houses, clock=time.monotonic),
        registry=Registry(
            houses=houses,
            elders=elders,
            instructions=instructions,
            community=env.community_id,
            elder_key=env.id_key,
        ),
    )


@dataclass(frozen=True, slots=True)
class InstructionNote:
    """What became of the message to an elder."""

    elder_id: str
    house_ids: list[str]
    state: InstructionState
    channel: Channel | None
    reason: str
    sent_at: datetime | None


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
    remarks: list[str] = field(default_factory=list)
    """To who has just created it: what was not understood, or that it was there already."""


@dataclass(frozen=True, slots=True)
class NewBatch:
    """A list that is going to be uploaded."""

    name: Annotated[str, Field(pattern=r"^[^\x00-\x1f]*[^\x00-\x20][^\x00-\x1f]*$", max_length=200)]
    """The file's name as its author calls it."""
    oktmo: Annotated[str, Field(pattern=r"^([0-9]{2,3}|[0-9]{8}|[0-9]{11})?$")] = ""
    """The list's territory; the caller's own when empty."""


@dataclass(frozen=True, slots=True)
class AwaitedBatch:
    """The batch, and the form with which a browser posts its file."""

    id: str
    upload: UploadForm


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch in a list."""

    id: str
    oktmo: str
    name: str
    author: str
    created_at: datetime
    state: BatchState
    rows: dict[str, int] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BatchPage:
    items: list[BatchLine]
    next_cursor: str
    total: int


@dataclass(frozen=True, slots=True)
class RowPage:
    items: list[RowVerdict]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class InstructionPage:
    items: list[InstructionNote]
    next_cursor: str
    total: int


@app.get("/houses", operation_id="listHouses", summary="Дома территории", tags=["houses"])
def list_houses(
    q: Annotated[str, Query(max_length=100, description="Слова адреса в любом порядке")] = "",
    state: Annotated[str, Query(description="Состояние чата или waiting")] = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> HousePage:
    official = _caller()
    if state not in {"", WAITING, *ChatState}:
        raise invalid("/query/state", "Такого состояния нет.")
    try:
        return wired().catalogue.page(
            official.territory, text=q, state=state, cursor=cursor, limit=limit
        )
    except LookupError as error:
        raise invalid(*NO_CURSOR) from error


@app.get("/houses/<house_id>", operation_id="getHouse", summary="Один дом", tags=["houses"])
def get_house(house_id: HouseId) -> HouseCard:
    return _card(_house(house_id, _caller()))


@app.post(
    "/houses",
    operation_id="createHouse",
    summary="Создать чат дома",
    tags=["houses"],
    responses=answers("Дом; 200, если он уже был", HouseCard, 200, 201),
)
def create_house(new: NewHouse) -> Response[HouseCard]:
    """Create one house; the same address again answers with the house that is there."""
    official, doors = _caller(), wired()
    oktmo = new.oktmo or official.territory.oktmo
    _may_create_in(official, oktmo)
    try:
        row = checked(new, oktmo=oktmo)
    except RefusedError as refused:
        raise invalid("/oktmo", OKTMO_WANTED) from refused
    if row.verdict == Verdict.SKIPPED:
        raise invalid("/address", NO_ADDRESS)
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
    house = _house(verdict.house_id, official)
    if not house.state.settled:
        doors.openings.send([{"house_id": house.id}])
    is_new = house.created_at == now
    remarks = [problem.message for problem in verdict.problems]
    return Response(
        status_code=HTTPStatus.CREATED if is_new else HTTPStatus.OK,
        content_type="application/json",
        body=replace(_card(house), remarks=remarks if is_new else [ALREADY_THERE]),
    )


@app.post(
    "/houses/<house_id>/retry",
    operation_id="retryHouse",
    summary="Открыть чат заново, если прежде не вышло",
    tags=["houses"],
    responses=answers("Дом; чат откроется в свою очередь", HouseCard, 202),
)
def retry_house(house_id: HouseId) -> Response[HouseCard]:
    official, doors = _caller(), wired()
    begun = retry(
        _house(house_id, official),
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
        body=_card(_house(house_id, official)),
    )


@app.post(
    "/batches",
    operation_id="createBatch",
    summary="Загрузить список",
    tags=["batches"],
    responses=answers("Номер списка и форма для файла", AwaitedBatch, 201),
)
def create_batch(new: NewBatch) -> Response[AwaitedBatch]:
    """Answer with the form with which a browser posts the file straight into the bucket."""
    official, doors, now = _caller(), wired(), datetime.now(UTC)
    oktmo = new.oktmo or official.territory.oktmo
    _may_create_in(official, oktmo)
    batch = Batch(
        id=token_hex(8),
        oktmo=oktmo,
        author=f"vk:{official.vk_id}",
        created_at=now,
        state=BatchState.AWAITED,
        name=new.name,
    )
    doors.batches.begin(batch)
    key = upload_key(batch.oktmo, batch.id)
    form = doors.lists.upload_form(key, max_bytes=LARGEST, now=now)
    return Response(
        status_code=HTTPStatus.CREATED,
        content_type="application/json",
        body=AwaitedBatch(batch.id, form),
    )


@app.get("/batches", operation_id="listBatches", summary="Списки территории", tags=["batches"])
def list_batches(cursor: Cursor = "", limit: Limit = 50) -> BatchPage:
    batches = wired().batches.of_territory(_caller().territory)
    shown, next_cursor = _page_of(batches, lambda batch: batch.id, cursor, limit)
    items = [
        BatchLine(b.id, b.oktmo, b.name, b.author, b.created_at, b.state, b.rows, b.reason)
        for b in shown
    ]
    return BatchPage(items, next_cursor, len(batches))


@app.get(
    "/batches/<batch_id>",
    operation_id="getBatch",
    summary="Один список: сколько сделано и сколько осталось",
    tags=["batches"],
)
def get_batch(batch_id: BatchId) -> Progress:
    batch = _batch(batch_id)
    lines = wired().catalogue.lines(Territory(batch.oktmo))
    return progress(batch, lines, wired().instructions.of_batch(batch.id))


@app.get(
    "/batches/<batch_id>/rows",
    operation_id="listRows",
    summary="Строки списка с решением по каждой",
    tags=["batches"],
)
def list_rows(
    batch_id: BatchId,
    verdict: Annotated[Verdict | None, Query(description="Только с этим решением")] = None,
    cursor: Annotated[int, Query(ge=0, description="next_cursor предыдущей страницы")] = 0,
    limit: Limit = 100,
) -> RowPage:
    batch = _batch(batch_id)
    items: list[RowVerdict] = []
    # Rows are numbered from the file's first line, chunks from the first row below the header,
    # which stands in one of the first twenty lines.
    for chunk in range(max(cursor // CHUNK - 1, 0), batch.chunks):
        for row in wired().batches.chunk(batch.id, chunk):
            if row.number > cursor and verdict in {None, row.verdict}:
                items.append(row)
        if len(items) > limit:
            return RowPage(items[:limit], str(items[limit - 1].number))
    return RowPage(items, "")


@app.get(
    "/batches/<batch_id>/instructions",
    operation_id="listInstructions",
    summary="Что стало с инструкциями старшим",
    tags=["batches"],
)
def list_instructions(
    batch_id: BatchId, cursor: Cursor = "", limit: Limit = 100
) -> InstructionPage:
    notes = [_note(i) for i in wired().instructions.of_batch(_batch(batch_id).id)]
    items, next_cursor = _page_of(notes, lambda note: note.elder_id, cursor, limit)
    return InstructionPage(items, next_cursor, len(notes))


def _caller() -> Official:
    return caller(app, officials=wired().officials, now=datetime.now(UTC))


def _may_create_in(official: Official, oktmo: str) -> None:
    """Refuse a territory outside the caller's; a region's own code lies in the region."""
    if not (is_territory(oktmo) and official.territory.covers(oktmo)):
        raise invalid("/oktmo", "Этот ОКТМО вне вашей территории.")


def _house(house_id: str, official: Official) -> House:
    return in_scope(official, wired().houses.get(house_id.upper()))


def _batch(batch_id: str) -> Batch:
    return in_scope(_caller(), wired().batches.get(batch_id))


def _card(house: House) -> HouseCard:
    doors = wired()
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
        instruction=_note(told) if told else None,
        scans=doors.scans.of(house.id),
    )


def _note(instruction: Instruction) -> InstructionNote:
    return InstructionNote(
        elder_id=instruction.elder_id,
        house_ids=sorted(instruction.house_ids),
        state=instruction.state,
        channel=instruction.channel,
        reason=instruction.reason,
        sent_at=instruction.sent_at if instruction.state == InstructionState.SENT else None,
    )


def _page_of(
    things: list[Thing], name: Callable[[Thing], str], cursor: str, limit: int
) -> tuple[list[Thing], str]:
    """Return the things after the one whose name the cursor is, and the next cursor."""
    names = [name(thing) for thing in things]
    if cursor and cursor not in names:
        raise invalid(*NO_CURSOR)
    first = names.index(cursor) + 1 if cursor else 0
    items = things[first : first + limit]
    return items, name(items[-1]) if first + limit < len(things) else ""


@with_request_id
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
