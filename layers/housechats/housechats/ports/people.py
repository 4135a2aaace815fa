"""People: pages, elders, officials."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from housechats.domain.people import Elder, Official


@dataclass(frozen=True, slots=True)
class Page:
    """A person's page in the messenger."""

    vk_id: int
    gone: bool = False
    """Deleted or blocked."""


class Pages(Protocol):
    """Finds people's pages in the messenger, many at once."""

    def look_up(self, names: Collection[str]) -> dict[str, Page]:
        """Return the pages that are there by what they were asked for: numbers or names."""


class Elders(Protocol):
    """Keeps what is needed to reach the elders."""

    def put(self, elder_id: str, elder: Elder, *, until: datetime) -> None: ...

    def get(self, elder_id: str) -> Elder | None: ...

    def get_many(self, elder_ids: Iterable[str]) -> dict[str, Elder]:
        """Return those that are there, by their ids."""


class Officials(Protocol):
    """Keeps who may do what in a territory."""

    def put(self, official: Official) -> None: ...

    def get(self, vk_id: int) -> Official | None: ...
