"""A router that knows what the routes of people work with."""

from dataclasses import dataclass

from housechats.domain.access import Place, Placed, may
from housechats.domain.people import Post
from housechats.ports.gate import Gate
from housechats.ports.invitations import Invitations
from housechats.ports.organisation_cards import Cards
from housechats.ports.people import Pages
from housechats.ports.queues import Queue
from housechats.runtime import routes
from people.erase import ErasureDesk


@dataclass(frozen=True, slots=True)
class Doors:
    """What the routes work with."""

    gate: Gate
    pages: Pages
    cards: Cards
    invitations: Invitations
    invitations_queue: Queue
    app_id: int
    """Of the mini app that links lead to."""
    erasures: ErasureDesk


@dataclass(frozen=True, slots=True)
class PlacedPost:
    """A post as scope sees it."""

    post: Post

    @property
    def place(self) -> Place:
        inn = self.post.inn
        return Place(self.post.territory.oktmo, frozenset({inn} if inn else ()))


class Router(routes.Router):
    """Routes of one resource."""

    @property
    def doors(self) -> Doors:
        doors: Doors = self.context["doors"]
        return doors

    def sees(self, thing: Placed) -> bool:
        """Tell whether something that was found lies within the caller's reach."""
        permission = self.asked.permission
        return permission is not None and may(self.caller, permission, [thing.place])

    def reached_post(self, post_id: str) -> Post:
        """Return a post within the caller's reach, also one that has ended."""
        found = self.doors.gate.posts.get(post_id)
        post = self.reach(PlacedPost(found) if found else None).post
        self.asked.deed(post.territory.oktmo, f"vk:{post.vk_id}")
        return post
