"""Use case: count the residents of a community's open chats, and see which elders have joined."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from housechats.domain.communities import Community
from housechats.domain.houses import ChatState, House
from housechats.ports.houses import Houses
from housechats.ports.people import Elders
from housechats.ports.residents import Headcount, Residents

AT_ONCE = 1800
"""Chats in one look: what one call to VK tells of."""
COUNTED = {ChatState.OPEN, ChatState.LOST}
"""Who may not write to a chat may see who is in it all the same."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What counting works with."""

    houses: Houses
    elders: Elders
    residents: Residents


def in_turn(communities: Iterable[Community], *, residents: Residents) -> list[Community]:
    """Return those that can be counted, the one whose turn was longest ago first.

    An hour may be too short for all: then the last are the first of the next one.
    """
    begun = residents.begun()
    working = [community for community in communities if community.works]
    never = [community for community in working if community.id not in begun]
    before = [community for community in working if community.id in begun]
    return [*never, *sorted(before, key=lambda community: begun[community.id])]


def count_residents(community: int, *, headcount: Headcount, desk: Desk, now: datetime) -> int:
    """Note the numbers that have changed; return how many.

    An elder joins as anybody does: only where the number is another one they are looked for.
    Who is killed on the way has noted some, and the next count notes the others.
    """
    desk.residents.begin(community, now=now)
    known = desk.residents.of(community)
    numbers = sorted(known)
    changed = 0
    for some in (numbers[first : first + AT_ONCE] for first in range(0, len(numbers), AT_ONCE)):
        counts = headcount.count(some)
        others = {n: count for n, count in counts.items() if known[n].residents != count}
        houses = desk.houses.get_many(known[n].house_id for n in others)
        # A chat may be remembered whose house is not made yet, or has got another one.
        houses = [house for house in houses if house.chat_id in others]
        joined = headcount.joined(_awaited(houses, desk.elders))
        for house in houses:
            desk.residents.note(
                house, others[house.chat_id], elder_joined=house.chat_id in joined, now=now
            )
        changed += len(houses)
    return changed


def _awaited(houses: Iterable[House], elders: Elders) -> dict[int, int]:
    """Return the pages of elders who were not seen in their chats yet, by the chats' numbers."""
    awaited = [
        house
        for house in houses
        if house.state in COUNTED and house.elder_id and not house.elder_joined_at
    ]
    known = elders.get_many({house.elder_id for house in awaited})
    pages = {house.chat_id: known[house.elder_id] for house in awaited if house.elder_id in known}
    return {chat_id: elder.vk_id for chat_id, elder in pages.items() if elder.vk_id}
