"""People: pages, elders, officials."""

from collections.abc import Collection, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from housechats.domain.people import Elder, Post
from housechats.domain.territories import Territory


@dataclass(frozen=True, slots=True)
class Page:
    """A person's page in the messenger."""

    vk_id: int
    gone: bool = False
    """Deleted or blocked."""


class Pages(Protocol):
    """Finds people's pages in the messenger, many at once."""

    def look_up(self, names: Collection[str], *, oktmo: str) -> dict[str, Page]:
        """Return the pages that are there by what they were asked for: numbers or names.

        Any community of the territory asks.
        """


class Elders(Protocol):
    """Keeps what is needed to reach the elders."""

    def put(
        self,
        elder_id: str,
        elder: Elder,
        *,
        until: datetime,
        house_ids: AbstractSet[str] = frozenset(),
    ) -> None:
        """Keep the contacts in place of the former, and houses that may name this elder.

        From then on the page, if they have one, is known as this elder's.
        """

    def name_for(self, elder_id: str, house_ids: AbstractSet[str]) -> None:
        """Keep more houses that may name this elder."""

    def found_page(self, elder_id: str, vk_id: int, *, until: datetime) -> None:
        """Keep whose page it is that a list has called by its screen name."""

    def get(self, elder_id: str) -> Elder | None: ...

    def get_many(self, elder_ids: Iterable[str]) -> dict[str, Elder]:
        """Return those that are there, by their ids."""

    def houses_of(self, elder_ids: Iterable[str]) -> set[str]:
        """Return ids of houses that may name one of them: the house itself has the last word."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a page of the messenger."""

    posts: tuple[Post, ...] = ()
    """Also those that have ended."""
    elder_ids: frozenset[str] = frozenset()
    """Of the elders whose contacts say that the page is theirs: one for each municipality."""


class LastAdministratorError(Exception):
    """A territory would be left without an administrator."""


class Posts(Protocol):
    """Keeps who has which post, and who had it."""

    def known(self, vk_id: int) -> Known: ...

    def get(self, post_id: str) -> Post | None: ...

    def of_territory(self, territory: Territory) -> list[Post]:
        """Return the posts of a territory, also those that have ended, in the order of places."""

    def give(self, post: Post) -> Post | None:
        """Keep a post that is new or has ended; None when it is done, else the one there is."""

    def change(self, before: Post, after: Post) -> bool:
        """Give a post another role or title; False when it is not as it was read.

        LastAdministratorError when nobody would be left to name others.
        """

    def end(self, post: Post, *, by: str, now: datetime) -> bool:
        """End a post at once; False when it is not as it was read. Errors as in `change`."""
