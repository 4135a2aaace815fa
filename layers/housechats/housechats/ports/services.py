"""Services of organisations."""

from collections.abc import Iterable
from typing import Protocol

from housechats.domain.services import ServiceList


class Services(Protocol):
    """Keeps what each organisation of a region offers."""

    def get(self, region: str, inn: str) -> ServiceList:
        """Return it as it is now (consistent); an empty one when nothing was kept."""

    def of_many(self, region: str, inns: Iterable[str]) -> list[ServiceList]:
        """Return those that are there, in no order (consistent)."""

    def put(self, services: ServiceList) -> bool:
        """Keep a changed list; False when it has another revision by now.

        `services.revision` is one more than that of the one it was made from.
        """
