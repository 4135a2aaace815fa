"""Which organisation answers for which house."""

from datetime import datetime
from typing import Protocol

from housechats.domain.organisations import Organisation, OrganisationKind


class Attachments(Protocol):
    """Keeps which organisation answers for which house, and since when until when."""

    def introduce(self, organisation: Organisation, *, oktmo: str) -> None:
        """Keep an organisation's card with the place where it was first named, unless it is there.

        What is there may be a better spelling, put by a person.
        """

    def attach_first(
        self, inn: str, house_id: str, kind: OrganisationKind, *, batch_id: str, now: datetime
    ) -> None:
        """Attach to a house that is new, unless anything is known of the two already."""

    def attach(
        self, inn: str, house_id: str, kind: OrganisationKind, *, batch_id: str, now: datetime
    ) -> None:
        """Attach from now on; who is attached as that kind already stays so since then."""

    def detach(
        self, inn: str, house_id: str, kind: OrganisationKind, *, batch_id: str, now: datetime
    ) -> None:
        """End it now, unless it has ended before.

        Also when nothing is known of the two: `attach_first` may yet come, too late.
        """
