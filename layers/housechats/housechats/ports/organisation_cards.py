"""Cards of organisations."""

from typing import Protocol

from housechats.domain.organisation_cards import OrganisationCard


class Cards(Protocol):
    """Keeps the organisations that a region knows."""

    def add(self, card: OrganisationCard) -> OrganisationCard | None:
        """Keep a new card; None when it is new, else the card that is there."""

    def get(self, region: str, inn: str) -> OrganisationCard | None: ...

    def of_region(self, region: str) -> list[OrganisationCard]:
        """Return all cards of a region, in the order of their ИНН."""

    def change(self, card: OrganisationCard, *, revision: int) -> bool:
        """Put what a person has changed; False when the card has another revision by now."""
