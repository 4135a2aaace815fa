"""Use case: change a broadcast, whoever else changes it meanwhile."""

from collections.abc import Callable

from housechats.domain.broadcasts import Broadcast
from housechats.domain.errors import UnavailableError
from housechats.ports.broadcasts import Broadcasts

TRIES = 5
"""How often others may be faster before a person has to try again."""


def change(
    one: Broadcast, to: Callable[[Broadcast], Broadcast], *, broadcasts: Broadcasts
) -> Broadcast:
    """Keep what `to` makes of a broadcast and return it; who was slower looks at it anew.

    `to` raises NotNowError where the change does not fit any more; what it leaves as it is stays.
    """
    for _ in range(TRIES):
        after = to(one)
        if after == one or broadcasts.save(after):
            return after
        one = broadcasts.get(one.id) or one
    raise UnavailableError("others change this broadcast")
