"""Use cases: an elder who was told of houses is guided from then on; one who has parted is not."""

from collections.abc import Callable, Sequence
from datetime import datetime

from housechats.domain.errors import UnavailableError
from housechats.domain.guides import Guide, GuidedHouse, kept, told
from housechats.domain.houses import House
from housechats.domain.instructions import Instruction
from housechats.ports.guides import Guides

TRIES = 5
"""How often the elder may be faster at their guide before the queue has to try again."""


def begin_guide(
    instruction: Instruction,
    houses: Sequence[House],
    *,
    reachable: bool,
    guides: Guides,
    now: datetime,
) -> None:
    """Have the guide lead an elder through the houses of a letter; again it changes nothing."""
    guided = [
        GuidedHouse(house.id, house.oktmo, instruction.batch_id, told_at=now) for house in houses
    ]

    def with_houses(guide: Guide | None) -> Guide | None:
        return told(
            guide,
            instruction.elder_id,
            guided,
            community=instruction.community,
            reachable=reachable,
            now=now,
        )

    if guided:
        _change(instruction.elder_id, with_houses, guides)


def leave_guide(elder_id: str, house_id: str, *, guides: Guides, now: datetime) -> None:
    """Have the guide of an elder lead them no more through a house that is another's."""

    def without_house(guide: Guide | None) -> Guide | None:
        if guide is None:
            return None
        left = {house.id for house in guide.houses} - {house_id}
        return kept(guide, left, now=now)

    _change(elder_id, without_house, guides)


def _change(elder_id: str, change: Callable[[Guide | None], Guide | None], guides: Guides) -> None:
    for _ in range(TRIES):
        there = guides.get(elder_id)
        wanted = change(there)
        if wanted is None or wanted == there or guides.save(wanted):
            return
    raise UnavailableError("others keep changing this guide")
