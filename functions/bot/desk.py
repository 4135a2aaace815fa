"""The desk: what the receptionist and its use cases work with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot import guide
from housechats.domain.broadcast_rules import rules_at
from housechats.domain.chat_events import ChatEvent, Room
from housechats.domain.communities import Community
from housechats.domain.errors import DisconnectedError
from housechats.domain.houses import ChatState, House
from housechats.domain.quiet_hours import LocalQuiet, next_allowed
from housechats.domain.random_ids import random_id
from housechats.domain.territories import region_of
from housechats.domain.zones import zone_of
from housechats.ports.broadcast_rules import Rulebook
from housechats.ports.chats import Chats
from housechats.ports.communities import Communities
from housechats.ports.dialogues import Dialogues, SeenEvents
from housechats.ports.houses import Houses
from housechats.ports.organisation_cards import Cards
from housechats.ports.people import Elders, Posts
from housechats.ports.queues import Queue
from housechats.ports.residents import Residents
from housechats.ports.services import Services
from housechats.ports.talks import Talk
from housechats.ports.turns import Turns


@dataclass(frozen=True, slots=True)
class Desk:
    """What reacting to events works with."""

    seen: SeenEvents
    dialogues: Dialogues
    turns: Turns
    chats: Chats
    houses: Houses
    elders: Elders
    posts: Posts
    cards: Cards
    services: Services
    residents: Residents
    rulebook: Rulebook
    communities: Communities
    talk_of: Callable[[Community], Talk]
    rooms: Mapping[Room, Queue]
    """Where events go that are another room's business."""
    later: Queue
    """The receptionist's own: what VK does not let us answer now."""
    guide: guide.Desk
    clock: Callable[[], datetime]


def talk_as(community_id: int, desk: Desk) -> Talk:
    """Return the Talk of a community; DisconnectedError when it may not act."""
    community = desk.communities.get(community_id)
    if community is None or not community.works:
        raise DisconnectedError(0, "the community is disconnected")
    return desk.talk_of(community)


def house_of(event: ChatEvent, desk: Desk) -> House | None:
    """Return the house in whose open chat something was done; None when it was elsewhere."""
    house_id = desk.chats.house_of(event.community, event.chat_id) if event.chat_id else None
    house = desk.houses.get(house_id) if house_id else None
    if house is None or house.state != ChatState.OPEN:
        return None
    is_its_chat = (house.community, house.chat_id) == (event.community, event.chat_id)
    return house if is_its_chat else None


def is_quiet(house: House, now: datetime, desk: Desk) -> bool:
    """Tell whether people of a house are not to be disturbed now."""
    rules = rules_at(house.oktmo, desk.rulebook.of_region(region_of(house.oktmo)))
    return next_allowed(now, [LocalQuiet(rules.quiet, zone_of(house.oktmo))]) > now


def number_of(event: ChatEvent, what: str) -> int:
    """Return the number by which VK knows what is said upon an event, however often it comes."""
    return random_id(f"{what}/{event.community}/{event.id}")
