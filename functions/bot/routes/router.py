"""A router that knows what the routes work with."""

from dataclasses import dataclass

from housechats.ports.gate import Gate
from housechats.ports.guides import Guides
from housechats.ports.houses import Houses
from housechats.ports.organisation_cards import Cards
from housechats.ports.services import Services
from housechats.runtime import routes


@dataclass(frozen=True, slots=True)
class Doors:
    """What the routes work with."""

    gate: Gate
    houses: Houses
    guides: Guides
    cards: Cards
    services: Services


class Router(routes.Router):
    """Routes of one resource."""

    @property
    def doors(self) -> Doors:
        doors: Doors = self.context["doors"]
        return doors
