"""How people call a territory: its region, its town, or else its code."""

from housechats.domain.regions import region_at
from housechats.domain.territories import Territory
from housechats.ports.houses import Towns


def name_place(oktmo: str, towns: Towns) -> str:
    territory, region = Territory(oktmo), region_at(oktmo)
    if region and territory.prefix == territory.region:
        return region.name
    return towns.get(territory.oktmo) or f"ОКТМО {territory.oktmo}"
