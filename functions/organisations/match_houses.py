"""Use case: find the houses that a person lists by codes, ФИАС ids or addresses."""

from collections.abc import Sequence

from housechats.domain.house_matching import SEVERAL, fias_ids_of, matching, municipalities_of
from housechats.domain.territories import Territory
from housechats.ports.houses import Catalogue, Houses, Towns
from organisations.work_chunk import PLACE


def match_houses(
    listed: Sequence[str],
    *,
    territory: Territory,
    catalogue: Catalogue,
    houses: Houses,
    towns: Towns,
) -> list[str]:
    """Return the id of each house once; for what is no house of the territory, its place.

    A place is PLACE and the number in the list: the text as it was given may say anything, so it is
    kept nowhere.
    """
    lines = catalogue.lines(territory)
    fias_ids = fias_ids_of(listed)
    found = matching(
        listed,
        lines,
        by_fias=houses.of_fias(fias_ids) if fias_ids else {},
        towns=towns.get_many(municipalities_of(lines)),
    )
    ids = found.settled(houses.get_many(found.maybe))
    named = (
        each if each not in {"", SEVERAL} else f"{PLACE}{n}" for n, each in enumerate(ids, start=1)
    )
    return list(dict.fromkeys(named))
