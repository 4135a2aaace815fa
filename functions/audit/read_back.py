"""Use case: find acts in the chains of the caller's territories, the newest first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge

from housechats.domain.audit import Act, Entry
from housechats.domain.territories import Territory
from housechats.ports.audit import Ledger

AT_ONCE = 100
"""Links in one query."""
MOST_READ = 1000
"""Links that one page may cost: a rare act is looked for page by page."""
LATE = timedelta(days=1)
"""How much later than it was done an act may get into its chain: the sweep takes minutes."""

Place = Mapping[str, int]
"""Before which link of each region's chain a page begins."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acts are looked for; what is empty does not matter."""

    who: str = ""
    what: str = ""
    on: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def finds(self, act: Act) -> bool:
        return (
            self.who in {"", act.who}
            and self.what in {"", act.what}
            and self.on in {"", *act.on}
            and (self.since is None or self.since <= act.at)
            and (self.until is None or act.at < self.until)
        )

    def is_past(self, act: Act) -> bool:
        """Tell whether nothing before this one can be found any more."""
        return self.since is not None and act.at < self.since - LATE


def read_back(
    wanted: Wanted, territories: Sequence[Territory], place: Place, *, ledger: Ledger, limit: int
) -> tuple[list[Entry], Place]:
    """Return acts done in the territories, and where the next page begins; nowhere at the end.

    A page that cost too much is short, even empty: the next one goes on.
    """
    regions = sorted({territory.region for territory in territories})
    # A chain that the last page has read to its end is not begun anew.
    left = {region: place.get(region, 0) for region in regions if region in place or not place}
    chains = [_backwards(ledger, region, before, wanted) for region, before in left.items()]
    found: list[Entry] = []
    for read, (region, entry) in enumerate(merge(*chains, key=_newest_first)):
        if len(found) == limit or read == MOST_READ:
            return found, {region: seq for region, seq in left.items() if seq != 1}
        left[region] = entry.seq
        if _is_within(territories, entry) and wanted.finds(entry.act):
            found.append(entry)
    return found, {}


def _newest_first(link: tuple[str, Entry]) -> float:
    return -link[1].act.at.timestamp()


def _is_within(territories: Sequence[Territory], entry: Entry) -> bool:
    return any(territory.covers(entry.act.oktmo) for territory in territories)


def _backwards(
    ledger: Ledger, region: str, before: int, wanted: Wanted
) -> Iterator[tuple[str, Entry]]:
    while entries := ledger.entries(region, before=before, limit=AT_ONCE):
        for entry in entries:
            if wanted.is_past(entry.act):
                return
            yield region, entry
        before = entries[-1].seq
        if before == 1:
            return
