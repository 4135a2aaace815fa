"""The desk: what use cases of coordination work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from housechats.domain.communities import Community
from housechats.ports.chats import ChatMaker, Chats
from housechats.ports.communities import Communities
from housechats.ports.coordination import CoordinationChats
from housechats.ports.houses import Catalogue, Houses, Towns
from housechats.ports.people import Elders, Posts
from housechats.ports.talks import Talk


@dataclass(frozen=True, slots=True)
class Desk:
    """What use cases of coordination work with."""

    coordination: CoordinationChats
    chats: Chats
    communities: Communities
    catalogue: Catalogue
    houses: Houses
    elders: Elders
    posts: Posts
    towns: Towns
    maker_of: Callable[[Community], ChatMaker]
    talk_of: Callable[[Community], Talk]
    lease: timedelta
    """Longer than a chat takes to be made: a dead lease means a dead worker."""
    clock: Callable[[], datetime]
