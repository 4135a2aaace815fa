"""Route of receipts: what became of a broadcast in each chat."""

from dataclasses import dataclass
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from broadcast.list_receipts import Desk, Receipt, ReceiptStatus, list_receipts
from broadcast.routes.router import BroadcastId, Router
from housechats.domain.access import Permission
from housechats.runtime.http import ProblemError, invalid
from housechats.runtime.routes import NO_CURSOR, Cursor, Limit

router = Router()


@dataclass(frozen=True, slots=True)
class ReceiptCounts:
    """Houses of a broadcast by what became of it; exact once it is over."""

    sent: int
    failed: int
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
    return ReceiptPage(items, next_cursor, ReceiptCounts(one.sent, one.failed, one.left, left_out))
