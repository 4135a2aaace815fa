"""A router that knows what the routes work with, and what of it the caller may reach."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path

from housechats.domain.access import Place
from housechats.domain.houses import House, HouseLine
from housechats.domain.organisation_cards import OrganisationCard
from housechats.domain.patterns import INN
from housechats.domain.territories import region_of
from housechats.domain.zones import beginning_of, end_of
from housechats.ports.gate import Gate
from housechats.ports.houses import Catalogue, Houses, Towns
from housechats.ports.jobs import Jobs
from housechats.ports.organisation_cards import Cards
from housechats.ports.organisations import Attachments
from housechats.ports.queues import Queue
from housechats.runtime import routes
from housechats.runtime.http import ProblemError, invalid

Inn = Annotated[str, Path(pattern=INN, description="ИНН организации")]
HouseId = Annotated[str, Path(min_length=8, max_length=8, description="Код дома")]

FIRST_YEAR, LAST_YEAR = 2000, 2100
NO_SUCH_DAY = f"Нужна дата с {FIRST_YEAR} по {LAST_YEAR} год."


@dataclass(frozen=True, slots=True)
class Doors:
    """What the routes work with."""

    gate: Gate
    houses: Houses
    catalogue: Catalogue
    towns: Towns
    cards: Cards
    attachments: Attachments
    jobs: Jobs
    chunks: Queue
    exports: Queue


class Router(routes.Router):
    """Routes of one resource."""

    @property
    def doors(self) -> Doors:
        doors: Doors = self.context["doors"]
        return doors

    def house(self, house_id: str) -> House:
        return self.reach(self.doors.houses.get(house_id.upper()))

    def card(self, inn: str) -> OrganisationCard:
        """Return the card of an organisation that is known where the caller may do this.

        It is also known where its houses are, though nobody has named it there.
        """
        regions = sorted({territory.region for territory in self.territories})
        found = [card for region in regions if (card := self.doors.cards.get(region, inn))]
        for card in found:
            if self.may_reach(card.places):
                return card
        for card in found:
            houses = self._houses_of(inn)
            if self.may_reach(houses) or card is found[-1]:
                return self.reach(card, *card.places, *houses)
        raise ProblemError("not_found")

    def card_at(self, inn: str, oktmo: str) -> OrganisationCard | None:
        """Return the card that the region of a place has; None also when it is out of reach."""
        card = self.doors.cards.get(region_of(oktmo), inn)
        reached = card and (self.may_reach(card.places) or self.may_reach(self._houses_of(inn)))
        return card if reached else None

    def name_at(self, inn: str, house: House) -> str:
        """Return what an organisation of a house within reach is called, if anybody has said."""
        card = self.doors.cards.get(region_of(house.oktmo), inn)
        return card.name if card else ""

    def _houses_of(self, inn: str) -> list[Place]:
        return [line.place for line in self.lines() if inn in line.organisations]

    def lines(self) -> Iterator[HouseLine]:
        """Yield the lines of all houses where the caller may do this."""
        return self.lines_of(self.doors.catalogue)


def beginning(day: date | None, oktmo: str, *, otherwise: datetime) -> datetime:
    """Return the first moment of a day that a body names, where the house stands."""
    return beginning_of(_usual(day, "/since"), oktmo) if day else otherwise


def end(day: date | None, oktmo: str, pointer: str = "/until") -> datetime | None:
    """Return the first moment after a day that a body names as the last."""
    return end_of(_usual(day, pointer), oktmo) if day else None


def _usual(day: date, pointer: str) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise invalid(pointer, NO_SUCH_DAY)
    return day
