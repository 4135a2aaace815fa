"""One call on its way: who calls, with what, when, and the world it acts on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from local.vk.community import Community, Server
from local.vk.errors import bad
from local.vk.faults import Faults
from local.vk.journal import Arrival, Journal
from local.vk.people import People
from local.vk.switches import Switches


class Callbacks(Protocol):
    """What a method asks of whoever tells servers of events."""

    def confirm(self, community: Community, server: Server) -> None: ...


@dataclass(frozen=True, slots=True)
class World:
    people: People
    switches: Switches
    journal: Journal
    faults: Faults
    invite_base: str
    files_base: str
    callbacks: Callbacks
    tell: Callable[[Community, str, dict[str, Any]], object]
    """Makes an event."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose parameters are read; `now` is the moment it arrived."""

    world: World
    community: Community
    arrival: Arrival
    given: dict[str, Any]

    @property
    def now(self) -> float:
        return self.arrival.at

    def get(self, name: str, default: Any = None) -> Any:
        return self.given.get(name, default)

    def effect(self, what: str) -> None:
        self.arrival.effects.append(what)

    def check_group(self) -> None:
        if self.get("group_id", self.community.id) != self.community.id:
            raise bad("group_id", "is not the community of this token")
