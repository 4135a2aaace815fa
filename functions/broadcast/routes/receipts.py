"""Routes of receipts: what became of a broadcast in each chat, as pages and as a workbook."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from broadcast.list_receipts import Desk, Receipt, ReceiptStatus, list_receipts
from broadcast.report_job import BROADCAST
from broadcast.routes.router import BroadcastId, Router
from housechats.domain.access import Permission
from housechats.domain.jobs import Job, JobKind
from housechats.runtime.clock import this_moment
from housechats.runtime.http import ProblemError, answers, invalid
from housechats.runtime.job_cards import JobCard, job_card
from housechats.runtime.routes import NO_CURSOR, Cursor, Limit

router = Router()


@dataclass(frozen=True, slots=True)
class ReceiptCounts:
    """Houses of a broadcast by what became of it; exact once it is over."""

    sent: int
    failed: int
    not_sent: int
    """What this one follows never came to these chats: there is nothing to do."""
    left: int
    """Nothing is known of these chats yet: they wait, are under way, or were not begun."""
    left_out: int


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """A page of receipts: chats in the order of sending, then houses that were left out."""

    items: list[Receipt]
    """May be fewer than asked for, even none, while there is a next page."""
    next_cursor: str
    """Give it back for the next page; empty on the last one."""
    counts: ReceiptCounts
    """Of the whole broadcast, whatever status was asked for."""


@router.get(
    "/broadcasts/<broadcast_id>/receipts",
    operation_id="listReceipts",
    summary="Что стало с рассылкой в каждом чате",
    tags=["broadcasts"],
    permission=Permission.BROADCASTS_READ,
)
def list_broadcast_receipts(
    broadcast_id: BroadcastId,
    status: Annotated[ReceiptStatus | None, Query(description="Только такие")] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> ReceiptPage:
    one, doors = router.broadcast(broadcast_id), router.doors
    audience = doors.audiences.get(one.audience_folder)
    if audience is None:
        raise ProblemError("not_found")
    try:
        items, next_cursor = list_receipts(
            one,
            audience,
            status=status,
            cursor=cursor,
            limit=limit,
            desk=Desk(doors.audiences, doors.receipts),
        )
    except LookupError as error:
        raise invalid(*NO_CURSOR) from error
    left_out = sum(audience.left_out.values())
    counts = ReceiptCounts(one.sent, one.failed, one.not_sent, one.left, left_out)
    return ReceiptPage(items, next_cursor, counts)


@router.post(
    "/broadcasts/<broadcast_id>/report",
    operation_id="reportBroadcast",
    summary="Собрать отчёт о рассылке таблицей",
    tags=["broadcasts"],
    permission=Permission.BROADCASTS_READ,
    once=True,
    responses=answers("Работа начата; ссылка на файл появится в ней", JobCard, 202),
)
def report_broadcast(broadcast_id: BroadcastId) -> Response[JobCard]:
    """Write a workbook of a broadcast as it is then; who sees the broadcast sees its report."""
    one, now = router.broadcast(broadcast_id), this_moment()
    job = Job(
        id=router.new_id(),
        kind=JobKind.REPORT,
        oktmo=one.oktmo,
        created_by=router.caller.name,
        created_at=now,
        total=1,
        subject={BROADCAST: one.id},
        organisations=tuple({one.inn} - {""}),
    )
    begun = router.doors.jobs.begin(job, [])
    router.doors.work.send([{"job_id": begun.id}])
    return Response(
        status_code=HTTPStatus.ACCEPTED,
        content_type="application/json",
        headers={"Location": f"/jobs/{begun.id}"},
        body=job_card(begun, router.caller, now=now),
    )
