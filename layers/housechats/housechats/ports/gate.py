"""What access is decided by and accounted for in."""

from dataclasses import dataclass

from housechats.ports.audit import Ledger
from housechats.ports.houses import Houses
from housechats.ports.people import Elders, Posts
from housechats.ports.requests import Requests


@dataclass(frozen=True, slots=True)
class Gate:
    """What every request of the APIs passes."""

    posts: Posts
    elders: Elders
    houses: Houses
    ledger: Ledger
    requests: Requests
    elder_key: str
    """The secret of elders' ids; it also hides what could be guessed: bodies of requests, codes."""
    launch_hours: int
    """How long launch parameters serve: they do not refresh while the app stays open."""
    changes_a_minute: int
    """How many changes one caller may make in a minute."""
