"""Use case: list the houses that a caller may see, and only those."""

from functools import cache
from itertools import chain, compress
from operator import attrgetter

from housechats.domain.access import Caller, Permission, Place, may
from housechats.domain.houses import HouseLine
from housechats.domain.listing import HousePage, order, page
from housechats.ports.houses import Catalogue, Houses
from housechats.ports.people import Elders

SEEN_BY = Permission.HOUSES_READ
OKTMO, ORGANISATIONS = attrgetter("oktmo"), attrgetter("organisations")


def list_houses(
    caller: Caller,
    *,
    catalogue: Catalogue,
    elders: Elders,
    houses: Houses,
    text: str = "",
    state: str = "",
    tag: str = "",
    organisation: str = "",
    cursor: str = "",
    limit: int,
) -> HousePage:
    """Return a page of the houses of the caller's posts, and of those whose elder they are.

    LookupError for a cursor that is none of ours.
    """
    own = _own(caller, elders, houses)

    @cache
    def lies_in_reach(oktmo: str, organisations: tuple[str, ...]) -> bool:
        return may(caller, SEEN_BY, [Place(oktmo, frozenset(organisations))])

    territories = caller.territories(SEEN_BY)
    known = [*chain.from_iterable(map(catalogue.lines, territories))]
    # Every house of a region goes through here: mapped, for a loop takes three times as long.
    seen = map(lies_in_reach, map(OKTMO, known), map(ORGANISATIONS, known))
    lines = [*compress(known, seen)]
    if own:
        # That these are the caller's own no list says, nor may it know the newest of them.
        lines = [*(line for line in lines if line.id not in own), *own.values()]
    if own or len(territories) > 1:
        lines.sort(key=order)
    return page(
        lines,
        text=text,
        state=state,
        tag=tag,
        organisation=organisation,
        cursor=cursor,
        limit=limit,
    )


def _own(caller: Caller, elders: Elders, houses: Houses) -> dict[str, HouseLine]:
    """Return the lines of the houses that name the caller as their elder at this moment."""
    ids = elders.houses_of(caller.elder_ids) if caller.elder_ids else set()
    found = houses.get_many(ids) if ids else []
    return {house.id: house.line for house in found if house.elder_id in caller.elder_ids}
