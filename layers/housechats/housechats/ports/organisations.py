"""Which organisation answers for which house."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from housechats.domain.attachments import Attachment, Carried
from housechats.domain.houses import House
from housechats.domain.organisations import Organisation, OrganisationKind


class Attachments(Protocol):
    """Keeps which organisation answers for which house, and since when until when."""

    def introduce(self, organisation: Organisation, *, oktmo: str, now: datetime) -> None:
        """Keep an organisation's card with the place where it was first named.

        One that is there keeps its name, which a person may have put right, and learns the
        spelling and the municipality.
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

    def get_many(self, keys: Iterable[tuple[str, str]]) -> list[Attachment]:
        """Return those that are there (consistent), by ИНН and house, in no order."""

    def of_organisation(self, inn: str) -> list[Attachment]:
        """Return all that an organisation ever was to houses, or will be."""

    def settle(
        self, house: House, carried: Carried, changed: Sequence[Attachment], *, now: datetime
    ) -> bool:
        """Write what a house carries together with its attachments, all or nothing.

        An attachment is due when its next period begins or ends. False when the house's
        organisations or one of the attachments are not as they were read.
        """

    def due(self, now: datetime, *, limit: int) -> list[tuple[str, str]]:
        """Return ИНН and house of some attachments whose time has come."""
