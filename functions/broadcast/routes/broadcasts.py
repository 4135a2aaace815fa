"""Routes of broadcasts: the list of a territory, and one of them."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from broadcast.retry_failed import may_retry
from broadcast.routes.cards import BroadcastCard, BroadcastDetails, details_of
from broadcast.routes.router import BroadcastId, Router
from housechats.domain.access import Permission
from housechats.domain.broadcasts import (
    Broadcast,
    BroadcastLane,
    BroadcastState,
    Deed,
    folder_of,
)
from housechats.domain.territories import Territory
from housechats.domain.zones import zone_of
from housechats.ports.broadcasts import Audience
from housechats.runtime.clock import this_moment
from housechats.runtime.routes import Cursor, Limit, page_of

router = Router()

RECENT = timedelta(days=100)
"""How far back the list goes by itself: every broadcast of a region is read for each page. One may
be planned for 90 days ahead, so what has yet to start is in it."""


class ReviewAsked(StrEnum):
    """Which broadcasts are asked for by their review."""

    DUE = "due"
    """Emergencies at which a second person is still to look."""


@dataclass(frozen=True, slots=True)
class BroadcastPage:
    """A page of broadcasts, the newest first; those to be reviewed by their terms."""

    items: list[BroadcastCard]
    next_cursor: str
    total: int
    counts: dict[BroadcastState, int]
    """Broadcasts by state, whatever state was asked for."""


@router.get(
    "/broadcasts",
    operation_id="listBroadcasts",
    summary="Рассылки территории",
    tags=["broadcasts"],
    permission=Permission.BROADCASTS_READ,
)
def list_broadcasts(
    state: Annotated[BroadcastState | None, Query(description="Только в этом состоянии")] = None,
    lane: Annotated[BroadcastLane | None, Query(description="Только такой срочности")] = None,
    review: Annotated[
        ReviewAsked | None,
        Query(description="due — экстренные, которые ещё не проверил второй человек"),
    ] = None,
    since: Annotated[
        date | None,
        Query(description="Составленные не раньше этого дня; без него — за последние 100 дней"),
    ] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> BroadcastPage:
    found = [one for one in _all_broadcasts(since) if lane in {None, one.lane}]
    if review == ReviewAsked.DUE:
        found = sorted(filter(_awaits_review, found), key=_reviewed_by)
    chosen = [one for one in found if state in {None, one.state}]
    shown, next_cursor = page_of(chosen, lambda one: one.id, cursor, limit)
    return BroadcastPage(
        items=[router.card(one) for one in shown],
        next_cursor=next_cursor,
        total=len(chosen),
        counts=dict(Counter(one.state for one in found)),
    )


@router.get(
    "/broadcasts/<broadcast_id>",
    operation_id="getBroadcast",
    summary="Одна рассылка: что в ней, сколько отправлено и сколько осталось",
    tags=["broadcasts"],
    permission=Permission.BROADCASTS_READ,
)
def get_broadcast(broadcast_id: BroadcastId) -> BroadcastDetails:
    one = router.broadcast(broadcast_id)
    router.asked.revision = one.revision
    card = router.card(one)
    message = None if one.deed == Deed.RECALL else router.doors.messages.get(folder_of(one.id))
    audience = router.doors.audiences.get(one.audience_folder)
    asked = audience.asked if audience else ()
    if card.can.retry and not (audience and _may_retry(one, audience)):
        card = replace(card, can=replace(card.can, retry=False))
    return details_of(card, message, asked, _followers(one) if one.followed_by else [])


def _all_broadcasts(since: date | None) -> list[Broadcast]:
    """Return what the caller may see of those since a day, the newest first."""
    broadcasts, recent = router.doors.broadcasts, this_moment() - RECENT
    found = {}
    for territory in router.territories:
        day = datetime.combine(since, time(), zone_of(territory.code)) if since else recent
        for one in broadcasts.of_territory(territory, since=day):
            if router.may_reach([one.place]):
                found[one.id] = one
    return sorted(found.values(), key=lambda one: (one.created_at, one.id), reverse=True)


def _may_retry(one: Broadcast, audience: Audience) -> bool:
    doors = router.doors
    return may_retry(
        one,
        audience,
        receipts=doors.receipts,
        audiences=doors.audiences,
        houses=doors.houses,
        now=this_moment(),
    )


def _followers(root: Broadcast) -> list[str]:
    there = router.doors.broadcasts.of_territory(Territory(root.oktmo), since=root.created_at)
    return [one.id for one in there if one.of == root.id]


def _awaits_review(one: Broadcast) -> bool:
    return one.review is not None and one.review.at is None


def _reviewed_by(one: Broadcast) -> float:
    return one.review.due_at.timestamp() if one.review else 0
