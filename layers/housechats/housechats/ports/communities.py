"""The communities, and the tokens with which they act."""

from dataclasses import dataclass
from typing import Protocol

from housechats.domain.communities import Community, CommunityState


class Communities(Protocol):
    """Keeps the communities that are connected."""

    def get(self, community_id: int) -> Community | None: ...

    def of_region(self, region: str) -> list[Community]:
        """Return a region's communities as they are now (consistent), by their ids."""

    def everywhere(self) -> list[Community]:
        """Return the communities of all regions."""

    def connect(self, community: Community, *, instead_of: Community | None) -> bool:
        """Keep a community whose token works, in place of what was read of it before.

        False when somebody else has connected it meanwhile.
        """

    def disconnect(self, community: Community, *, reason: str) -> None:
        """Note that VK takes its token no more, unless another token has been connected since."""

    def turn(self, community: Community, state: CommunityState) -> bool:
        """Let a connected one take new houses, or none; False when it is not as it was read."""


class Tokens(Protocol):
    """Keeps the communities' tokens where secrets are kept."""

    def put(self, community_id: int, token: str) -> str:
        """Keep one more token of a community, and return how it is asked for."""

    def of(self, community: Community) -> str:
        """Return the token that the community was connected with, whatever was put since."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose a token is, and what it may do."""

    id: int
    name: str
    rights: frozenset[str]
    """By the messenger's own names."""


class Bearers(Protocol):
    """Tells whose a token is: the messenger's side of connecting a community."""

    def ask(self, token: str) -> Bearer:
        """Return the community; RefusedError when the token is not valid, or is a person's."""
