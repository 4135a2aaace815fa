"""HTTP: posters to download."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from housechats.adapters.batches import DynamoBatches
from housechats.adapters.files import S3Files
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.people import DynamoOfficials
from housechats.adapters.queues import SqsQueue
from housechats.adapters.table import Table
from housechats.domain.batches import Batch
from housechats.domain.houses import ChatState
from housechats.domain.posters import poster_key, sheet_key
from housechats.runtime import settings
from housechats.runtime.access import caller, in_scope
from housechats.runtime.http import ProblemError, answers, resolver
from housechats.runtime.log import with_request_id
from poster.paper import Paper

app = resolver()

HouseId = Annotated[str, Path(min_length=8, max_length=8, description="Код дома")]
BatchId = Annotated[str, Path(min_length=16, max_length=16, description="Номер списка")]


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    posters_bucket: str
    sheets_queue_url: str
    public_url: str


@dataclass(frozen=True, slots=True)
class Doors:
    """What the routes work with."""

    houses: DynamoHouses
    batches: DynamoBatches
    officials: DynamoOfficials
    files: S3Files
    sheets: SqsQueue
    public_url: str


@cache
def wired() -> Doors:
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    return Doors(
        houses=DynamoHouses(table),
        batches=DynamoBatches(table),
        officials=DynamoOfficials(table),
        files=S3Files(env.posters_bucket),
        sheets=SqsQueue(env.sheets_queue_url),
        public_url=env.public_url,
    )


@dataclass(frozen=True, slots=True)
class PosterLink:
    """A link that opens a PDF without a header, for a quarter of an hour."""

    url: str
    file_name: str
    expires_at: datetime


class SheetStatus(StrEnum):
    NOT_ASKED = "not_asked"
    DRAWING = "drawing"
    READY = "ready"
    EMPTY = "empty"
    """No chat of the batch was open when the file was drawn."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file with the posters of all open houses of a batch."""

    status: SheetStatus
    houses: int
    """Houses in the file: those whose chats were open when it was drawn."""
    drawn_at: datetime | None
    link: PosterLink | None


@app.get(
    "/houses/<house_id>/poster",
    operation_id="getPoster",
    summary="Объявление для подъездов и лифта",
    tags=["posters"],
)
def get_poster(
    house_id: HouseId,
    paper: Annotated[Paper, Query(description="Размер листа")] = Paper.A4,
) -> PosterLink:
    """Answer with a link; a file that is not kept any more is drawn again."""
    now, doors = datetime.now(UTC), wired()
    official = caller(app, officials=doors.officials, now=now)
    house = in_scope(official, doors.houses.get(house_id.upper()))
    if house.state != ChatState.OPEN:
        raise ProblemError("conflict", "Объявление появится, когда чат дома откроется.")
    key = poster_key(house.id) if paper == Paper.A4 else f"posters/{house.id}-{paper.lower()}.pdf"
    if doors.files.get(key) is None:
        # Drawing takes a third of the function's start, and most posters are there already.
        from poster.make_posters import PDF, sheet_of  # noqa: PLC0415

        body = sheet_of([house], public_url=doors.public_url, paper=paper)
        doors.files.put(key, body, content_type=PDF)
    return _link(key, f"Объявление {house.title} ({paper}).pdf", now)


@app.post(
    "/batches/<batch_id>/posters",
    operation_id="drawPosters",
    summary="Собрать объявления всех домов списка в один файл",
    tags=["posters"],
    responses=answers("Файл собирается", Sheet, 202),
)
def draw_posters(batch_id: BatchId) -> Response[Sheet]:
    now = datetime.now(UTC)
    batch = _batch(batch_id, now)
    wired().batches.ask_sheet(batch.id, now=now)
    wired().sheets.send([{"batch_id": batch.id}])
    return Response(
        status_code=HTTPStatus.ACCEPTED,
        content_type="application/json",
        body=Sheet(SheetStatus.DRAWING, 0, None, None),
    )


@app.get(
    "/batches/<batch_id>/posters",
    operation_id="getPosters",
    summary="Файл с объявлениями всех домов списка",
    tags=["posters"],
)
def get_posters(batch_id: BatchId) -> Sheet:
    now = datetime.now(UTC)
    batch = _batch(batch_id, now)
    if batch.sheet_asked_at is None:
        return Sheet(SheetStatus.NOT_ASKED, 0, None, None)
    if batch.sheet_at is None or batch.sheet_at < batch.sheet_asked_at:
        return Sheet(SheetStatus.DRAWING, 0, None, None)
    if not batch.sheet_houses:
        return Sheet(SheetStatus.EMPTY, 0, batch.sheet_at, None)
    name = batch.name.rpartition(".")[0] or batch.name or batch.id
    link = _link(sheet_key(batch.id), f"Объявления {name}.pdf", now)
    return Sheet(SheetStatus.READY, batch.sheet_houses, batch.sheet_at, link)


def _batch(batch_id: str, now: datetime) -> Batch:
    official = caller(app, officials=wired().officials, now=now)
    return in_scope(official, wired().batches.get(batch_id))


def _link(key: str, file_name: str, now: datetime) -> PosterLink:
    download = wired().files.download(key, file_name=file_name, now=now)
    return PosterLink(download.url, file_name, download.expires_at)


@with_request_id
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
