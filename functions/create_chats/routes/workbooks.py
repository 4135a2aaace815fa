"""Routes of workbooks: the list that comes back with its verdicts, and the sample to start from."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from create_chats.results import KEPT, PATIENCE, result_key, result_name
from create_chats.routes.router import BatchId, Router
from housechats.domain.access import Permission
from housechats.domain.jobs import Job, JobKind
from housechats.runtime.http import answers
from housechats.runtime.job_cards import JobCard, job_card

router = Router()

SAMPLE_FOLDER = "sample"
NOT_WRITTEN = ("result_late", "Собрать таблицу не получилось. Запросите её ещё раз.")
SAMPLE_NAME = "Список домов (образец).xlsx"


def sample_key() -> str:
    return f"{SAMPLE_FOLDER}/list.xlsx"


@dataclass(frozen=True, slots=True)
class WorkbookLink:
    """A link that opens a workbook without a header, for a quarter of an hour."""

    url: str
    file_name: str
    expires_at: datetime


class ResultStatus(StrEnum):
    NOT_ASKED = "not_asked"
    WRITING = "writing"
    READY = "ready"
    FAILED = "failed"
    """It may be asked for again."""


@dataclass(frozen=True, slots=True)
class Result:
    """The list with verdicts, reasons and links to the chats."""

    status: ResultStatus
    written_at: datetime | None
    """As of when it tells of the rows."""
    link: WorkbookLink | None
    """Where the file is; null until it is ready."""
    code: str = ""
    """Why it has failed: a stable code."""
    reason: str = ""
    """The same as a Russian sentence."""
    stale: bool = False
    """Rows have changed since: what is written of them is true no more."""


@router.post(
    "/batches/<batch_id>/result",
    operation_id="writeResult",
    summary="Собрать таблицу с решениями по строкам",
    tags=["workbooks"],
    responses=answers("Таблица собирается; когда она готова, видно по Location", JobCard, 202),
    permission=Permission.BATCHES_READ,
    once=True,
)
def write_result(batch_id: BatchId) -> Response[JobCard]:
    batch, doors = router.enrolled(batch_id), router.doors
    asked_at = round(datetime.now(UTC).timestamp() * 1000)
    now = datetime.fromtimestamp(asked_at / 1000, UTC)
    asked = Job(
        id=router.asked.new_id(),
        kind=JobKind.RESULT,
        oktmo=batch.oktmo,
        created_by=router.caller.name,
        created_at=now,
        total=1,
        subject={"batch_id": batch.id, "asked_at": f"{asked_at}"},
    )
    job = doors.jobs.begin(asked, [])
    doors.batches.ask_result(batch.id, now=job.created_at)
    doors.results.send([{"job_id": job.id}])
    return Response(
        status_code=HTTPStatus.ACCEPTED,
        content_type="application/json",
        headers={"Location": f"/jobs/{job.id}"},
        body=job_card(job, router.caller, now=now),
    )


@router.get(
    "/batches/<batch_id>/result",
    operation_id="getResult",
    summary="Таблица с решениями по строкам",
    tags=["workbooks"],
    permission=Permission.BATCHES_READ,
)
def get_result(batch_id: BatchId) -> Result:
    batch, now = router.batch(batch_id), datetime.now(UTC)
    asked_at, written_at = batch.result_asked_at, batch.result_at
    if asked_at is None:
        return Result(ResultStatus.NOT_ASKED, None, None)
    if written_at is None or written_at < asked_at:
        if now - asked_at < PATIENCE:
            return Result(ResultStatus.WRITING, None, None)
        return Result(ResultStatus.FAILED, None, None, *NOT_WRITTEN)
    if now - written_at > KEPT:
        return Result(ResultStatus.NOT_ASKED, None, None)  # it was deleted
    link = _link(result_key(batch.id, written_at), result_name(batch.name))
    stale = batch.counted_at is not None and batch.counted_at > written_at
    router.asked.shows_link_beside((link.file_name, written_at, stale))
    return Result(ResultStatus.READY, written_at, link, stale=stale)


@router.get(
    "/sample-list",
    operation_id="getSampleList",
    summary="Образец списка домов",
    tags=["workbooks"],
    permission=Permission.BATCHES_CREATE,
)
def get_sample_list() -> WorkbookLink:
    """Answer with a link to a workbook to start from."""
    # What writes spreadsheets takes a part of the function's start, and few ask for the sample.
    from create_chats.sample_book import write  # noqa: PLC0415
    from create_chats.workbooks import CONTENT_TYPE  # noqa: PLC0415

    # Written each time: so it is that of the code as it runs, and never one that has expired.
    router.doors.lists.put(sample_key(), write(), content_type=CONTENT_TYPE)
    return _link(sample_key(), SAMPLE_NAME)


def _link(key: str, file_name: str) -> WorkbookLink:
    download = router.doors.lists.download(key, file_name=file_name, now=datetime.now(UTC))
    return WorkbookLink(download.url, file_name, download.expires_at)
