"""Use case: list the houses that a caller may see, and only those."""

from dataclasses import replace
from functools import cache
from itertools import chain, compress
from operator import attrgetter

from housechats.domain.access import Caller, Permission, Place, may
from housechats.domain.houses import HouseLine
from housechats.domain.listing import HousePage, order, page
from housechats.ports.houses import Catalogue, Houses
from housechats.ports.people import Elders

SEEN_BY = Permission.HOUSES_READ
RUN_BY = Permission.HOUSES_HAND_OVER
"""Whoever names a house's elder knows what staff note of it; tags are words of theirs."""
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

    What staff note of a house is neither shown to others nor found by them.
    LookupError for a cursor that is none of ours.
    """
    own = _own(caller, elders, houses)

    @cache
    def lies_in_reach(oktmo: str, organisations: tuple[str, ...]) -> bool:
        return may(caller, SEEN_BY, [Place(oktmo, frozenset(organisations))])

    @cache
    def is_run(oktmo: str, organisations: tuple[str, ...]) -> bool:
        return may(caller, RUN_BY, [Place(oktmo, frozenset(organisations))])

    territories = caller.territories(SEEN_BY)
    known = [*chain.from_iterable(map(catalogue.lines, territories))]
    # Every house of a region goes through here: mapped, for a loop takes three times as long.
    seen = map(lies_in_reach, map(OKTMO, known), map(ORGANISATIONS, known))
    lines = [*compress(known, seen)]
    if own:
        # That these are the caller's own no list says, nor may it know the newest of them.
        lines = [*(line for line in lines if line.id not in own), *own.values()]
    if own or len(caller.granting(SEEN_BY)) > len(caller.granting(RUN_BY)):
        lines = [
            line if is_run(line.oktmo, line.organisations) else _without_notes(line)
            for line in lines
        ]
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


def _without_notes(line: HouseLine) -> HouseLine:
    return replace(line, batch_id="", tags=(), reason="")


def _own(caller: Caller, elders: Elders, houses: Houses) -> dict[str, HouseLine]:
    """Return the lines of the houses that name the caller as their elder at this moment."""
    ids = elders.houses_of(caller.elder_ids) if caller.elder_ids else set()
    found = houses.get_many(ids) if ids else []
    return {house.id: house.line for house in found if house.elder_id in caller.elder_ids}
