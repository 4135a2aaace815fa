"""Rules of broadcasts that territories have set."""

from typing import Protocol

from housechats.domain.broadcast_rules import TerritoryRules


class Rulebook(Protocol):
    """Keeps what territories have set: a region has few, they are read together."""

    def of_region(self, region: str) -> list[TerritoryRules]:
        """Return all that was set in a region (consistent), in the order of the codes."""

    def put(self, rules: TerritoryRules) -> bool:
        """Keep changed rules; False when they have another revision by now.

        `rules.revision` is one more than that of those they were made from.
        """
