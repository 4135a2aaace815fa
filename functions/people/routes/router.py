"""A router that knows what the routes of people work with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from housechats.domain.access import Place, Placed, may
from housechats.domain.errors import DisconnectedError, NoCommunityError
from housechats.domain.people import Post
from housechats.ports.gate import Gate
from housechats.ports.invitations import Invitations
from housechats.ports.organisation_cards import Cards
from housechats.ports.people import Pages
from housechats.ports.queues import Queue
from housechats.runtime import routes
from housechats.runtime.http import ProblemError, invalid
from people.officials import UnknownPageError, vk_id_of

if TYPE_CHECKING:
    from people.erase import ErasureDesk

NO_COMMUNITY = (
    "Сначала подключите к этой территории сообщество ВКонтакте: через него находят страницы людей."
)
CONNECT_AGAIN = "{} Подключите сообщество заново: через него находят страницы людей."


@dataclass(frozen=True)
class Doors:
    """What the routes work with; what few requests need is opened late."""

    gate: Gate
    late_pages: Callable[[], Pages]
    cards: Cards
    invitations: Invitations
    invitations_queue: Queue
    app_id: int
    """Of the mini app that links lead to."""
    late_erasures: Callable[[], "ErasureDesk"]

    @cached_property
    def pages(self) -> Pages:
        return self.late_pages()

    @cached_property
    def erasures(self) -> "ErasureDesk":
        return self.late_erasures()


@dataclass(frozen=True, slots=True)
class PlacedPost:
    """A post as scope sees it."""

    post: Post

    @property
    def place(self) -> Place:
        inn = self.post.inn
        return Place(self.post.territory.oktmo, frozenset({inn} if inn else ()))


def term_name(post: Post) -> str:
    """Name a term of a post in lists: all terms of a post share its id."""
    return f"{post.id}@{post.since:%Y%m%d%H%M%S%f}"


@contextmanager
def asking_vk() -> Iterator[None]:
    """Say what a person is to do when no community can ask for a page."""
    try:
        yield
    except NoCommunityError as error:
        raise ProblemError("conflict", NO_COMMUNITY) from error
    except DisconnectedError as error:
        raise ProblemError("conflict", CONNECT_AGAIN.format(error.message)) from error


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

    def vk_id_of(self, text: str, oktmo: str) -> int:
        """Return the number of the page that a body names at `/vk`."""
        try:
            with asking_vk():
                return vk_id_of(text, pages=self.doors.pages, oktmo=oktmo)
        except UnknownPageError as error:
            raise invalid("/vk", str(error)) from error

    def reached_post(self, post_id: str) -> Post:
        """Return a post within the caller's reach, also one that has ended."""
        found = self.doors.gate.posts.get(post_id)
        post = self.reach(PlacedPost(found) if found else None).post
        self.asked.deed(post.territory.oktmo, f"vk:{post.vk_id}")
        return post
