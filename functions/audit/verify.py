"""Use case: verify the chains of all regions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from housechats.domain.audit import first_broken
from housechats.domain.regions import REGIONS
from housechats.ports.audit import Ledger

NOWHERE = ""
"""The chain of what was cut off before anybody knew where it was done."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of verifying one chain."""

    region: str
    links: int
    """By the end that is kept beside it."""
    broken: int | None
    """The number of the first link that is not as it was; None when all are."""


def verify(*, ledger: Ledger, regions: Iterable[str] = (NOWHERE, *REGIONS)) -> Iterator[Verified]:
    """Yield what came of each chain that has links."""
    for region in regions:
        end = ledger.end(region)
        # What is added meanwhile comes after that end.
        links = islice(ledger.chain(region), end[0])
        broken = first_broken(links, region, end)
        if end[0] or broken:
            yield Verified(region, end[0], broken)
