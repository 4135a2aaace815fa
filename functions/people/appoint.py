"""Use case: make somebody the administrator of a territory."""

from housechats.domain.people import Official, Role
from housechats.domain.territories import Territory, is_territory
from housechats.ports.people import Officials


def appoint(vk_id: int, oktmo: str, *, officials: Officials) -> Official:
    """Give the role; whoever may invoke the function in AWS may do it, and nobody else."""
    if not is_territory(oktmo):
        raise ValueError("ОКТМО: 2 или 3 цифры региона, 8 или 11 цифр муниципалитета")
    official = Official(vk_id, Role.ADMINISTRATOR, Territory(oktmo))
    officials.put(official)
    return official
