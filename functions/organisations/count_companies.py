"""How far the chats of each company's houses are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields

from housechats.domain.houses import ChatState, House
from housechats.domain.organisations import OrganisationKind

COMPANY = OrganisationKind.MANAGEMENT_COMPANY
NONE = ""
"""Stands for the ИНН where a house has no company."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the chat of one house is."""

    company: str
    """ИНН; empty when the house has none."""
    house: House
    elder_reached: bool
    """Whether the instruction to the elder whom it has now has gone."""
    scans: int

    @property
    def is_open(self) -> bool:
        return self.house.state == ChatState.OPEN

    @property
    def elder_joined(self) -> bool:
        return self.house.elder_joined_at is not None


@dataclass(frozen=True, slots=True)
class Counts:
    """Houses of a company by how far their chats are, and the residents in them."""

    houses: int = 0
    open: int = 0
    elders_reached: int = 0
    elders_joined: int = 0
    scanned: int = 0
    """Houses at which somebody has scanned a poster."""
    residents: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            **{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        )

    @property
    def share(self) -> float:
        """Return the part of the houses whose chats are open."""
        return self.open / self.houses if self.houses else 0.0


def progress_of(
    houses: Iterable[House],
    *,
    reached: Collection[tuple[str, str]],
    scans: Mapping[str, int],
) -> list[Progress]:
    """Return how far each house is.

    `reached` are letters and elders, as houses name them, of instructions that have gone.
    """
    return [
        Progress(
            company=min(
                (i for i, kind in house.organisations.items() if kind == COMPANY), default=""
            ),
            house=house,
            elder_reached=(house.letter_id, house.elder_id) in reached,
            scans=scans.get(house.id, 0),
        )
        for house in houses
    ]


def counts_of(progress: Iterable[Progress]) -> dict[str, Counts]:
    """Return the counts of each company by its ИНН."""
    counts: defaultdict[str, Counts] = defaultdict(Counts)
    for one in progress:
        counts[one.company] += Counts(
            houses=1,
            open=one.is_open,
            elders_reached=one.elder_reached,
            elders_joined=one.elder_joined,
            scanned=one.scans > 0,
            residents=one.house.residents,
        )
    return dict(counts)
