"""How the paces of communities stand, for whoever tells when a mailing will be through."""

from collections.abc import Iterable
from typing import Protocol

from housechats.domain.forecast import Standing


class Paces(Protocol):
    """Tells of the paces of communities without waiting for a slot."""

    def standing(self, communities: Iterable[int]) -> dict[int, Standing]:
        """Return how those stand that have ever called."""
