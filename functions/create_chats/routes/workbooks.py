"""Routes of workbooks: the list that comes back with its verdicts, and the sample to start from."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from create_chats.results import result_key, result_name
from create_chats.routes.router import BatchId, Router
from housechats.runtime.http import answers

router = Router()

SAMPLE_FOLDER = "sample"
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


@dataclass(frozen=True, slots=True)
class Result:
    """The list with verdicts, reasons and links to the chats."""

    status: ResultStatus
    written_at: datetime | None
    link: WorkbookLink | None


@router.post(
    "/batches/<batch_id>/result",
    operation_id="writeResult",
    summary="Собрать таблицу с решениями по строкам",
    tags=["workbooks"],
    responses=answers("Таблица собирается", Result, 202),
)
def write_result(batch_id: BatchId) -> Response[Result]:
    batch, doors = router.enrolled(batch_id), router.doors
    doors.batches.ask_result(batch.id, now=datetime.now(UTC))
    doors.results.send([{"batch_id": batch.id}])
    return Response(
        status_code=HTTPStatus.ACCEPTED,
        content_type="application/json",
        body=Result(ResultStatus.WRITING, None, None),
    )


@router.get(
    "/batches/<batch_id>/result",
    operation_id="getResult",
    summary="Таблица с решениями по строкам",
    tags=["workbooks"],
)
def get_result(batch_id: BatchId) -> Result:
    batch = router.batch(batch_id)
    if batch.result_asked_at is None:
        return Result(ResultStatus.NOT_ASKED, None, None)
    if batch.result_at is None or batch.result_at < batch.result_asked_at:
        return Result(ResultStatus.WRITING, None, None)
    link = _link(result_key(batch.id), result_name(batch.name))
    return Result(ResultStatus.READY, batch.result_at, link)


@router.get(
    "/sample-list",
    operation_id="getSampleList",
    summary="Образец списка домов",
    tags=["workbooks"],
)
def get_sample_list() -> WorkbookLink:
    """Answer with a link to a workbook to start from."""
    router.official()
    # What writes spreadsheets takes a part of the function's start, and few ask for the sample.
    from create_chats.sample_book import write  # noqa: PLC0415
    from create_chats.workbooks import CONTENT_TYPE  # noqa: PLC0415

    # Written each time: so it is that of the code as it runs, and never one that has expired.
    router.doors.lists.put(sample_key(), write(), content_type=CONTENT_TYPE)
    return _link(sample_key(), SAMPLE_NAME)


def _link(key: str, file_name: str) -> WorkbookLink:
    download = router.doors.lists.download(key, file_name=file_name, now=datetime.now(UTC))
    return WorkbookLink(download.url, file_name, download.expires_at)
