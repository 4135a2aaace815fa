"""Use case: connect a community by its token."""

from collections.abc import Callable
from datetime import datetime

from housechats.domain.communities import NEEDED, USEFUL, Community, CommunityState
from housechats.ports.communities import Bearers, Communities, Tokens


class WeakTokenError(Exception):
    """The token lacks rights without which the community is of no use; nothing was kept."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(f"the token lacks {', '.join(missing)}")
        self.missing = missing
        """Keys of NEEDED and USEFUL: all that a new token must have."""


class TakenError(Exception):
    """The community is connected for a territory in which the caller has no say."""


class ConnectedMeanwhileError(Exception):
    """Somebody else has connected the same community at the same time."""


def connect(
    token: str,
    oktmo: str,
    *,
    by: str,
    covers: Callable[[str], bool],
    bearers: Bearers,
    communities: Communities,
    tokens: Tokens,
    now: datetime,
) -> Community:
    """Ask VK whose token it is, and keep it; connected again, the community acts by the new one.

    `covers` tells whether the caller has a say in a territory. Killed in between, or too late, it
    has changed nothing: only the token that the note of the community names is used.
    """
    bearer = bearers.ask(token)
    lacking = [right for right in (*NEEDED, *USEFUL) if right not in bearer.rights]
    if any(right in NEEDED for right in lacking):
        raise WeakTokenError(lacking)
    there = communities.get(bearer.id)
    if there and there.oktmo != oktmo and not covers(there.oktmo):
        raise TakenError
    community = Community(
        id=bearer.id,
        name=bearer.name,
        oktmo=oktmo,
        state=there.state if there and there.works else CommunityState.ACTIVE,
        connected_at=now,
        connected_by=by,
        token_version=tokens.put(bearer.id, token),
        missing=tuple(lacking),
        revision=there.revision + 1 if there else 1,
    )
    if not communities.connect(community, instead_of=there):
        raise ConnectedMeanwhileError
    return community
