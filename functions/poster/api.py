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

from housechats.adapters.aws import spending
from housechats.adapters.batches import DynamoBatches
from housechats.adapters.files import S3Files
from housechats.adapters.gate import open_gate
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.queues import SqsQueue
from housechats.adapters.table import Table
from housechats.domain.access import Permission
from housechats.domain.batches import Batch
from housechats.domain.houses import ChatState
from housechats.domain.jobs import Job, JobKind
from housechats.domain.posters import poster_key, sheet_key, sheet_name
from housechats.ports.batches import Batches
from housechats.ports.files import Files
from housechats.ports.gate import Gate
from housechats.ports.houses import Houses
from housechats.ports.jobs import Jobs
from housechats.ports.queues import Queue
from housechats.runtime import settings
from housechats.runtime.http import ProblemError, answers
from housechats.runtime.job_cards import JobCard, job_card
from housechats.runtime.log import with_request_id
from housechats.runtime.routes import Router, answer, api
from poster.paper import Paper

router = Router()

HouseId = Annotated[str, Path(min_length=8, max_length=8, description="Код дома")]
BatchId = Annotated[str, Path(min_length=16, max_length=16, description="Номер списка")]


@dataclass(frozen=True, slots=True)
class Settings(settings.ApiSettings):
    posters_bucket: str
    sheets_queue_url: str
    public_url: str


@dataclass(frozen=True, slots=True)
class Doors:
    """What the routes work with."""

    gate: Gate
    houses: Houses
    batches: Batches
    jobs: Jobs
    files: Files
    sheets: Queue
    public_url: str


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
        houses=DynamoHouses(table),
        batches=DynamoBatches(table),
        jobs=DynamoJobs(table),
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
    """As of when its houses are."""
    link: PosterLink | None
    """Where the file is; null until it is ready, and when it would be empty."""


@router.get(
    "/houses/<house_id>/poster",
    operation_id="getPoster",
    summary="Объявление для подъездов и лифта",
    tags=["posters"],
    permission=Permission.HOUSES_READ,
)
def get_poster(
    house_id: HouseId,
    paper: Annotated[Paper, Query(description="Размер листа")] = Paper.A4,
) -> PosterLink:
    """Answer with a link; a file that is not kept any more is drawn again."""
    now, doors = datetime.now(UTC), _doors()
    house = router.reach(doors.houses.get(house_id.upper()))
    if house.state != ChatState.OPEN:
        raise ProblemError("conflict", "Объявление появится, когда чат дома откроется.")
    key = poster_key(house.id) if paper == Paper.A4 else f"posters/{house.id}-{paper.lower()}.pdf"
    if doors.files.get(key) is None:
        # Drawing takes a third of the function's start, and most posters are there already.
        from poster.make_posters import PDF, sheet_of  # noqa: PLC0415

        body = sheet_of([house], public_url=doors.public_url, paper=paper)
        doors.files.put(key, body, content_type=PDF)
    return _link(key, f"Объявление {house.title} ({paper}).pdf", now)


@router.post(
    "/batches/<batch_id>/posters",
    operation_id="drawPosters",
    summary="Собрать объявления всех домов списка в один файл",
    tags=["posters"],
    responses=answers("Файл собирается; когда он готов, видно по Location", JobCard, 202),
    permission=Permission.BATCHES_READ,
    once=True,
)
def draw_posters(batch_id: BatchId) -> Response[JobCard]:
    now, doors = datetime.now(UTC), _doors()
    batch = _batch(batch_id)
    doors.batches.ask_sheet(batch.id, now=now)
    asked = Job(
        id=router.asked.new_id(),
        kind=JobKind.POSTERS,
        oktmo=batch.oktmo,
        created_by=router.caller.name,
        created_at=now,
        total=1,
        subject={"batch_id": batch.id},
    )
    job = doors.jobs.begin(asked, [])
    doors.sheets.send([{"job_id": job.id}])
    return Response(
        status_code=HTTPStatus.ACCEPTED,
        content_type="application/json",
        headers={"Location": f"/jobs/{job.id}"},
        body=job_card(job, router.caller, now=now),
    )


@router.get(
    "/batches/<batch_id>/posters",
    operation_id="getPosters",
    summary="Файл с объявлениями всех домов списка",
    tags=["posters"],
    permission=Permission.BATCHES_READ,
)
def get_posters(batch_id: BatchId) -> Sheet:
    now = datetime.now(UTC)
    batch = _batch(batch_id)
    if batch.sheet_asked_at is None:
        return Sheet(SheetStatus.NOT_ASKED, 0, None, None)
    if batch.sheet_at is None or batch.sheet_at < batch.sheet_asked_at:
        return Sheet(SheetStatus.DRAWING, 0, None, None)
    if not batch.sheet_houses:
        return Sheet(SheetStatus.EMPTY, 0, batch.sheet_at, None)
    link = _link(sheet_key(batch.id), sheet_name(batch), now)
    router.asked.shows_link_beside((batch.id, batch.sheet_houses, batch.sheet_at))
    return Sheet(SheetStatus.READY, batch.sheet_houses, batch.sheet_at, link)


def _doors() -> Doors:
    doors: Doors = router.context["doors"]
    return doors


def _batch(batch_id: str) -> Batch:
    batch = router.reach(_doors().batches.get(batch_id))
    router.asked.deed(batch.oktmo, f"batch:{batch.id}")
    return batch


def _link(key: str, file_name: str, now: datetime) -> PosterLink:
    download = _doors().files.download(key, file_name=file_name, now=now)
    return PosterLink(download.url, file_name, download.expires_at)


app = api(router)


@with_request_id
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    doors = wired()
    return answer(app, event, context, gate=doors.gate, doors=doors, spent=spending.take)
