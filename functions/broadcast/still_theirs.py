"""Use case: look whether the chats of a broadcast are still those of whom it speaks for."""

from collections.abc import Iterable

from housechats.domain.houses import HouseLine
from housechats.ports.broadcasts import Audience, Audiences


def has_left(audience: Audience, theirs: Iterable[HouseLine], *, audiences: Audiences) -> bool:
    """Tell whether an audience has a house that is not among theirs of now."""
    ids = {line.id for line in theirs}
    chunks = audiences.all_chunks(audience)
    return any(chat.house_id not in ids for chunk in chunks for chat in chunk)
