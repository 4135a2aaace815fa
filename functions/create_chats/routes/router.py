"""A router that knows what the routes of houses and lists work with, and finds them in reach."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path

from housechats.domain.batches import Batch, BatchState, Problem
from housechats.domain.houses import House
from housechats.ports.batches import Batches
from housechats.ports.files import Files
from housechats.ports.gate import Gate
from housechats.ports.houses import Catalogue, Houses, Scans, Towns
from housechats.ports.instructions import Instructions
from housechats.ports.jobs import Jobs
from housechats.ports.people import Elders, Pages
from housechats.ports.queues import Queue
from housechats.ports.renewals import Renewals
from housechats.ports.residents import Residents
from housechats.runtime import routes
from housechats.runtime.http import ProblemError

if TYPE_CHECKING:
    from create_chats.enrol import Registry

HouseId = Annotated[str, Path(min_length=8, max_length=8, description="Код дома")]
BatchId = Annotated[str, Path(min_length=16, max_length=16, description="Номер списка")]


@dataclass(frozen=True)
class Doors:
    """What the routes work with; what few requests need is opened late."""

    gate: Gate
    houses: Houses
    renewing: Renewals
    residents: Residents
    elders: Elders
    batches: Batches
    jobs: Jobs
    instructions: Instructions
    scans: Scans
    towns: Towns
    late_pages: Callable[[], Pages]
    lists: Files
    openings: Queue
    renewals: Queue
    results: Queue
    catalogue: Catalogue
    late_registry: Callable[[], "Registry"]
    elder_key: str

    @cached_property
    def pages(self) -> Pages:
        return self.late_pages()

    @cached_property
    def registry(self) -> "Registry":
        return self.late_registry()


class Router(routes.Router):
    """Routes of one resource."""

    @property
    def doors(self) -> Doors:
        doors: Doors = self.context["doors"]
        return doors

    def house(self, house_id: str) -> House:
        house = self.reach(self.doors.houses.get(house_id.upper()))
        self.asked.deed(house.oktmo, f"house:{house.id}")
        return house

    def batch(self, batch_id: str) -> Batch:
        batch = self.reach(self.doors.batches.get(batch_id))
        self.asked.deed(batch.oktmo, f"batch:{batch.id}")
        return batch

    def require_community(self, problems: Iterable[Problem]) -> None:
        """Refuse what has no community: it is a matter of the territory, not of a field."""
        if any(problem.code == "no_community" for problem in problems):
            raise ProblemError("no_community")

    def enrolled(self, batch_id: str) -> Batch:
        """Return a batch whose verdicts are final."""
        batch = self.batch(batch_id)
        if batch.state == BatchState.REFUSED:
            raise ProblemError("conflict", "Этот список не принят: строк в нём нет.")
        if batch.state != BatchState.ENROLLED:
            raise ProblemError("conflict", "Список ещё проверяется. Подождите немного.")
        return batch
