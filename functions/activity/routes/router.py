"""A router that knows what the routes work with, and of what the caller may ask."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from housechats.domain.access import Permission
from housechats.domain.activity import LONGEST
from housechats.domain.houses import House
from housechats.domain.people import Role
from housechats.domain.zones import day_at
from housechats.ports.activity import Tallies, Totals
from housechats.ports.gate import Gate
from housechats.ports.houses import Houses
from housechats.ports.jobs import Jobs
from housechats.ports.people import Elders
from housechats.ports.queues import Queue
from housechats.runtime import routes
from housechats.runtime.http import invalid

USUAL = 30
"""Days that are shown when nobody says which."""
FIRST_YEAR, LAST_YEAR = 2000, 2100

NO_SUCH_DAY = f"Нужна дата с {FIRST_YEAR} по {LAST_YEAR} год."
TOO_LONG = f"Спросите не больше чем о {LONGEST} днях сразу."
BACKWARDS = "Последний день раньше первого."
WHICH_HOUSE = "У вас несколько домов: укажите код одного из них."
WHICH_ORGANISATION = "У вас несколько организаций: укажите ИНН одной из них."
NOT_YOURS = "Этой организации на вашей территории нет, или она не ваша."


@dataclass(frozen=True, slots=True)
class Doors:
    """What the routes work with."""

    gate: Gate
    houses: Houses
    elders: Elders
    tallies: Tallies
    totals: Totals
    jobs: Jobs
    exports: Queue


@dataclass(frozen=True, slots=True)
class Period:
    """Days that are asked of, both ends included."""

    since: date
    until: date


class Router(routes.Router):
    """Routes of one resource."""

    @property
    def doors(self) -> Doors:
        doors: Doors = self.context["doors"]
        return doors

    def house(self, house_id: str) -> House:
        return self.reach(self.doors.houses.get(house_id.upper()))

    def only_house(self) -> House:
        """Return the house of an elder who does not say which one: most have one only."""
        ids = self.doors.elders.houses_of(self.caller.elder_ids)
        there = self.doors.houses.get_many(ids)
        # An elder's contacts may still name a house that has another elder by now.
        own = [house for house in there if self.may_reach([house.place])]
        if len(own) != 1:
            raise invalid("/query/house", WHICH_HOUSE)
        return own[0]

    def organisation(
        self, inn: str, oktmo: str, permission: Permission, pointer: str = "/query/inn"
    ) -> str:
        """Return of which organisation of a territory the caller may ask; empty: of all houses."""
        posts = [post for post in self.caller.granting(permission) if post.territory.covers(oktmo)]
        if any(post.role != Role.REPRESENTATIVE for post in posts):
            return inn
        own = {post.inn for post in posts}
        if not inn and len(own) > 1:
            raise invalid(pointer, WHICH_ORGANISATION)
        if inn and inn not in own:
            raise invalid(pointer, NOT_YOURS)
        return inn or min(own)


def period_of(
    since: date | None, until: date | None, oktmo: str, *, now: datetime, pointer: str
) -> Period:
    """Return the days that are asked of: the last thirty when nobody says which."""
    for name, day in (("from", since), ("to", until)):
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise invalid(f"{pointer}/{name}", NO_SUCH_DAY)
    last = until or max(day_at(now, oktmo), since or date.min)
    first = since or last - timedelta(days=USUAL - 1)
    if last < first:
        raise invalid(f"{pointer}/to", BACKWARDS)
    if (last - first).days >= LONGEST:
        raise invalid(f"{pointer}/from", TOO_LONG)
    return Period(first, last)
