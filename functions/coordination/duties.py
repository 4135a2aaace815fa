"""Who has a duty in a municipality: its staff and administrators, the elders of its houses."""

from collections.abc import Collection, Iterable

from coordination.desk import Desk
from housechats.domain.houses import ChatState, HouseLine
from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory

STAFF = {Role.ADMINISTRATOR, Role.STAFF}
OF_MUNICIPALITY = 8
"""Digits of its code (ОКТМО)."""


def elders_of(lines: Iterable[HouseLine], desk: Desk) -> dict[int, int]:
    """Return the pages of those who are elders of open house chats, each with its community.

    A community of their own house's chat is one that they know.
    """
    open_ids = [line.id for line in lines if line.state == ChatState.OPEN]
    houses = [one for one in desk.houses.get_many(open_ids) if one.elder_id]
    contacts = desk.elders.get_many({house.elder_id for house in houses})
    pages = ((house, contacts.get(house.elder_id)) for house in houses)
    return {elder.vk_id: house.community for house, elder in pages if elder and elder.vk_id}


def staff_of(oktmo: str, desk: Desk) -> set[int]:
    """Return who runs the chats of a municipality: of it, of its district, or of a part of it.

    A region's own staff answer for many: they are not invited everywhere, and may come.
    """
    district = Territory(f"{oktmo[:5]}000")
    return {
        post.vk_id
        for post in desk.posts.of_territory(district)
        if _runs(post, oktmo) or Territory(oktmo).covers(post.territory.oktmo)
        if post.until is None and post.role in STAFF
    }


def without_duty(people: Collection[int], oktmo: str, desk: Desk) -> set[int]:
    """Return who has nothing to do there, as things are at this moment.

    Nobody is sent away by what a list said some seconds ago.
    """
    return {vk_id for vk_id in people if not _has_duty(vk_id, oktmo, desk)}


def _has_duty(vk_id: int, oktmo: str, desk: Desk) -> bool:
    known = desk.posts.known(vk_id)
    if any(post.until is None and _runs(post, oktmo) for post in known.posts):
        return True
    own = desk.houses.get_many(desk.elders.houses_of(known.elder_ids)) if known.elder_ids else []
    return any(
        house.elder_id in known.elder_ids and house.oktmo[:OF_MUNICIPALITY] == oktmo
        for house in own
    )


def _runs(post: Post, oktmo: str) -> bool:
    return post.role in STAFF and post.territory.covers(oktmo)
