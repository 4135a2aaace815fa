"""Terms of answers that territories have set."""

from typing import Protocol

from housechats.domain.answer_terms import TerritoryTerms


class Termbook(Protocol):
    """Keeps what territories have set: a region has few, they are read together."""

    def of_region(self, region: str) -> list[TerritoryTerms]:
        """Return all that was set in a region (consistent), in the order of the codes."""

    def put(self, terms: TerritoryTerms) -> bool:
        """Keep changed terms; False when they have another revision by now.

        `terms.revision` is one more than that of those they were made from.
        """
