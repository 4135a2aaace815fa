"""Use case: attach organisations to a house and detach them, from a day on."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from housechats.domain.attachments import Wish, granted
from housechats.domain.errors import UnavailableError
from housechats.domain.houses import House
from housechats.ports.houses import Houses
from housechats.ports.organisations import Attachments

TRIES = 5
"""How often others may be faster at one house before somebody has to try again."""


def attach(
    house: House,
    wishes: Collection[Wish],
    *,
    houses: Houses,
    attachments: Attachments,
    source: str = "",
    now: datetime,
) -> House:
    """Grant wishes at a house and return it as it is then; what is so already stays as it is.

    What begins or ends later waits for its day. A house that somebody else changes meanwhile is
    read anew: `house` is as it was read by whoever asks.
    """
    for _ in range(TRIES):
        inns = {*house.organisations, *(wish.inn for wish in wishes)}
        known = attachments.get_many((inn, house.id) for inn in inns)
        settlement = granted(house.id, house.organisations, known, wishes, now)
        changed = [replace(one, source=source) for one in settlement.changed]
        if attachments.settle(house, settlement.carried, changed, now=now):
            return houses.get(house.id) or house
        house = houses.get(house.id) or house
    raise UnavailableError("others change this house")
