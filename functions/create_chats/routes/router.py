"""A router that knows what routes work with, who asks, and what lies in their scope."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from create_chats.catalogue import Catalogue
from create_chats.enrol import Registry
from housechats.domain.batches import Batch, BatchState
from housechats.domain.houses import House
from housechats.domain.people import Official
from housechats.domain.territories import is_territory
from housechats.ports.batches import Batches
from housechats.ports.files import Files
from housechats.ports.houses import Houses, Scans, Towns
from housechats.ports.instructions import Instructions
from housechats.ports.people import Elders, Officials, Pages
from housechats.ports.queues import Queue
from housechats.runtime.access import caller, in_scope
from housechats.runtime.http import ProblemError, invalid

Thing = TypeVar("Thing")
Limit = Annotated[int, Query(ge=1, le=100, description="Сколько записей на странице")]
Cursor = Annotated[str, Query(max_length=100, description="next_cursor предыдущей страницы")]
HouseId = Annotated[str, Path(min_length=8, max_length=8, description="Код дома")]
BatchId = Annotated[str, Path(min_length=16, max_length=16, description="Номер списка")]

NO_CURSOR = ("/query/cursor", "Начните с первой страницы.")


@dataclass(frozen=True, slots=True)
class Doors:
    """What the routes work with."""

    houses: Houses
    elders: Elders
    officials: Officials
    batches: Batches
    instructions: Instructions
    scans: Scans
    towns: Towns
    pages: Pages
    lists: Files
    openings: Queue
    results: Queue
    catalogue: Catalogue
    registry: Registry


class Router(APIGatewayHttpRouter):
    """Routes of one resource."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    @property
    def doors(self) -> Doors:
        doors: Doors = self.context["doors"]
        return doors

    def official(self) -> Official:
        """Return who asks, with the role that they have at this moment."""
        return caller(self, officials=self.doors.officials, now=datetime.now(UTC))

    def house(self, house_id: str, official: Official) -> House:
        return in_scope(official, self.doors.houses.get(house_id.upper()))

    def batch(self, batch_id: str) -> Batch:
        return in_scope(self.official(), self.doors.batches.get(batch_id))

    def enrolled(self, batch_id: str) -> Batch:
        """Return a batch whose verdicts are final."""
        batch = self.batch(batch_id)
        if batch.state == BatchState.REFUSED:
            raise ProblemError("conflict", "Этот список не принят: строк в нём нет.")
        if batch.state != BatchState.ENROLLED:
            raise ProblemError("conflict", "Список ещё проверяется. Подождите немного.")
        return batch


def require_covered(official: Official, oktmo: str) -> None:
    """Refuse a territory outside the caller's; a region's own code lies in the region."""
    if not (is_territory(oktmo) and official.territory.covers(oktmo)):
        raise invalid("/oktmo", "Этот ОКТМО вне вашей территории.")


def page_of(
    things: Sequence[Thing], name: Callable[[Thing], str], cursor: str, limit: int
) -> tuple[Sequence[Thing], str]:
    """Return the things after the one whose name the cursor is, and the next cursor."""
    names = [name(thing) for thing in things]
    if cursor and cursor not in names:
        raise invalid(*NO_CURSOR)
    first = names.index(cursor) + 1 if cursor else 0
    items = things[first : first + limit]
    return items, name(items[-1]) if first + limit < len(things) else ""
