"""Routes of elders' guides: how far each house has come, and who waits for a call."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import Field

from bot.routes.router import Router
from housechats.domain.access import Permission
from housechats.domain.guide_texts import OBSTACLES
from housechats.domain.guides import (
    LONGEST_NOTE,
    Call,
    Guide,
    GuidedHouse,
    GuideStep,
    Obstacle,
    called,
    taken,
)
from housechats.domain.houses import House
from housechats.domain.patterns import OKTMO_OR_NOTHING
from housechats.domain.territories import Territory, region_of
from housechats.runtime.clock import this_moment
from housechats.runtime.errands import change
from housechats.runtime.http import ProblemError, answers, invalid, problems
from housechats.runtime.routes import NO_CURSOR, Cursor, Limit

router = Router()

LOOKED_THROUGH = 1_000
"""Guides that one request reads: 60 read units, 120 where elders have five houses each. All those
of 18,200 houses would be 1,000 units, and eight reads one after another."""
CURSOR = re.compile(r"[0-9]{8}#[^#]+#[^#]+")
AFTER_ALL = "~"
"""In place of a house: after all houses of an elder."""

NO_CALL = "Звонка по этому дому никто не ждёт: возможно, уже позвонили."
TAKEN_BY_OTHER = "Этот звонок уже взял на себя другой сотрудник."
NOT_SAID = "Старший не сказал, что именно не получается"
SAID: dict[Obstacle, str] = {
    Obstacle.UNNAMED: NOT_SAID,
    **{one: said for of_step in OBSTACLES.values() for one, said in of_step.items()},
}


class GuideFilter(StrEnum):
    """Which houses of the funnel are asked for."""

    JOIN = "join"
    """Their elder was told and is not in the chat yet."""
    COPY = "copy"
    PRINT = "print"
    DONE = "done"
    STUCK = "stuck"
    """Their elder has said that something does not succeed."""
    CALL = "call"
    """Their elder waits for a call."""


@dataclass(frozen=True, slots=True)
class ObstacleNote:
    """What is in an elder's way."""

    code: Obstacle
    """One of a fixed list."""
    said: str
    """As the elder's button says it."""
    since: datetime | None
    """When they said so."""


@dataclass(frozen=True, slots=True)
class CallNote:
    """The last call that an elder wished for."""

    asked_at: datetime
    """When they wished for it."""
    step: GuideStep
    """At which step they were."""
    taken_by: str
    """`vk:<id>` of the staff member who has taken it; empty: nobody has."""
    taken_at: datetime | None
    """When somebody took it; null: nobody has."""
    done_at: datetime | None
    """When somebody said that the elder was called; null: they still wait."""
    note: str
    """What came of it."""


@dataclass(frozen=True, slots=True)
class GuideLine:
    """How far the elder of one house has come."""

    house_id: str
    """The code of 8 characters on its posters."""
    title: str
    oktmo: str
    step: GuideStep
    """What is to be done next with this house."""
    instructed_at: datetime
    """When the elder was told of it."""
    joined_at: datetime | None
    """When the elder was seen in its chat."""
    copied_at: datetime | None
    """When they said that its old chats know."""
    printed_at: datetime | None
    """When they said that its posters hang."""
    reachable: bool
    """Whether the elder lets the community write to them, as far as is known."""
    reminders: int
    """How often they were reminded: three times at most, of all their houses together."""
    remind_at: datetime | None
    """When they will be reminded; null: not any more, or not while they wait for a call."""
    obstacle: ObstacleNote | None
    """Null when they have not said that something does not succeed."""
    call: CallNote | None
    """Null when they have never wished for one."""


@dataclass(frozen=True, slots=True)
class GuidePage:
    """A page of the funnel, and how many houses are at each step."""

    items: list[GuideLine]
    next_cursor: str
    """Give it back for the next page; empty on the last one."""
    total: int
    """Houses that match what was asked, from the cursor on, among those looked through."""
    counts: dict[GuideFilter, int]
    """The same of all houses, by step; those whose elder is stuck or waits for a call besides."""
    complete: bool
    """Whether the numbers are those of the whole territory: on the first page of up to 1,000
    elders. Of a region ask town by town. A page that is not complete may be short, even empty."""


@dataclass(frozen=True, slots=True)
class CallDone:
    """What a staff member does about a call."""

    done: Annotated[bool, Field(strict=True)]
    """True: the elder was called. False: the caller takes it upon themselves."""
    note: Annotated[str, Field(max_length=LONGEST_NOTE)] = ""
    """What came of it; without names, phones and flats."""


HouseId = Annotated[str, Path(min_length=8, max_length=8, description="Код дома")]


@router.get(
    "/guides",
    operation_id="listGuides",
    summary="Как старшие проходят шаги: воронка по домам",
    tags=["houses"],
    permission=Permission.GUIDES_READ,
)
def list_guides(
    oktmo: Annotated[
        str, Query(pattern=OKTMO_OR_NOTHING, description="Территория; пусто — все ваши")
    ] = "",
    step: Annotated[GuideFilter | None, Query(description="Только такие дома")] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> GuidePage:
    """List the houses whose elders were told of them, by municipalities and elders."""
    if cursor and not CURSOR.fullmatch(cursor):
        raise invalid(*NO_CURSOR)
    own = router.territories
    territories = [Territory(router.covered(oktmo, "/query/oktmo"))] if oktmo else own
    guides = _looked_through(territories, cursor)
    guided = [
        one for one in _guided(guides, territories) if _place(one) > (_region(cursor), cursor)
    ]
    counts = Counter(where for guide, house in guided for where in _where(guide, house))
    asked = [one for one in guided if step is None or step in _where(*one)]
    items = asked[:limit]
    whole = len(guides) < LOOKED_THROUGH
    next_cursor = "" if whole else f"{guides[-1].listed_at}#{AFTER_ALL}"
    if len(asked) > limit:
        _, next_cursor = _place(items[-1])
    return GuidePage(
        items=_lines(items),
        next_cursor=next_cursor,
        total=len(asked),
        counts={where: counts[where] for where in GuideFilter if counts[where]},
        complete=whole and not cursor,
    )


@router.post(
    "/guides/<house_id>/call",
    operation_id="callElder",
    summary="Взять на себя звонок старшему или отметить, что позвонили",
    tags=["houses"],
    permission=Permission.GUIDES_CHANGE,
    once=True,
    responses={
        **answers("Дом, каким он стал", GuideLine, 200),
        **problems(conflict="Звонка никто не ждёт, или его взял другой сотрудник."),
    },
)
def call_elder(house_id: HouseId, deed: CallDone) -> Response[GuideLine]:
    """Take a call or say that it was made: with it for all houses of this elder."""
    house = router.reach(router.doors.houses.get(house_id.upper()))
    router.asked.deed(house.oktmo, f"house:{house.id}")
    guides, now, by = router.doors.guides, this_moment(), router.caller.name
    guide = guides.get(house.elder_id) if house.elder_id else None
    if guide is None or house.id not in {one.id for one in guide.houses}:
        raise ProblemError("not_found")
    if not guide.wants_call:
        raise ProblemError("conflict", NO_CALL)

    def then(there: Guide) -> Guide:
        if deed.done:
            return called(there, by=by, note=deed.note.strip(), now=now)
        return taken(there, by=by, now=now)

    after = change(house.elder_id, then, guides) or guide
    if not deed.done and after.call and after.call.taken_by != by:
        raise ProblemError("conflict", TAKEN_BY_OTHER)
    (own,) = (one for one in after.houses if one.id == house.id)
    return Response(
        status_code=HTTPStatus.OK,
        content_type="application/json",
        body=_line(after, own, house),
    )


def _looked_through(territories: Iterable[Territory], cursor: str) -> list[Guide]:
    """Return the guides from the cursor on, no more than one page looks through."""
    found: list[Guide] = []
    # Guides lie at municipalities: two settlements of one have the same.
    places = {(one.region, one.prefix[:8]): one for one in territories}
    for (region, _), territory in sorted(places.items(), key=lambda one: one[0]):
        left = LOOKED_THROUGH - len(found)
        if left and region >= _region(cursor):
            since = cursor.rpartition("#")[0] if region == _region(cursor) else ""
            found += router.doors.guides.of_territory(territory, since=since, limit=left)
    return found


def _guided(
    guides: Iterable[Guide], territories: Sequence[Territory]
) -> list[tuple[Guide, GuidedHouse]]:
    """Return the houses of territories with the guides that lead through them, in their order."""
    found = [
        (guide, house)
        for guide in guides
        for house in guide.houses
        if any(territory.covers(house.oktmo) for territory in territories)
    ]
    return sorted(found, key=_place)


def _place(guided: tuple[Guide, GuidedHouse]) -> tuple[str, str]:
    guide, house = guided
    return region_of(guide.listed_at), f"{guide.listed_at}#{house.id}"


def _region(cursor: str) -> str:
    return region_of(cursor) if cursor else ""


def _where(guide: Guide, house: GuidedHouse) -> set[GuideFilter]:
    where = {GuideFilter(_step(house))}
    if guide.obstacle:
        where.add(GuideFilter.STUCK)
    if guide.wants_call:
        where.add(GuideFilter.CALL)
    return where


def _step(house: GuidedHouse) -> GuideStep:
    """Return what is to be done next with one house: its elder may be further with others."""
    if not house.joined_at:
        return GuideStep.JOIN
    if not house.copied_at:
        return GuideStep.COPY
    return GuideStep.DONE if house.printed_at else GuideStep.PRINT


def _lines(guided: Sequence[tuple[Guide, GuidedHouse]]) -> list[GuideLine]:
    known = {one.id: one for one in router.doors.houses.get_many(house.id for _, house in guided)}
    return [_line(guide, house, known.get(house.id)) for guide, house in guided]


def _line(guide: Guide, house: GuidedHouse, known: House | None) -> GuideLine:
    return GuideLine(
        house_id=house.id,
        title=known.title if known else "",
        oktmo=house.oktmo,
        step=_step(house),
        instructed_at=house.told_at,
        joined_at=house.joined_at,
        copied_at=house.copied_at,
        printed_at=house.printed_at,
        reachable=guide.reachable,
        reminders=guide.reminders,
        remind_at=guide.remind_at,
        obstacle=ObstacleNote(guide.obstacle, SAID[guide.obstacle], guide.obstacle_at)
        if guide.obstacle
        else None,
        call=_call(guide.call) if guide.call else None,
    )


def _call(call: Call) -> CallNote:
    return CallNote(
        asked_at=call.asked_at,
        step=call.step,
        taken_by=call.taken_by,
        taken_at=call.taken_at,
        done_at=call.done_at,
        note=call.note,
    )
