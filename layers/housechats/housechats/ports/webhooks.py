"""The systems of organisations."""

from collections.abc import Mapping
from typing import Protocol

from housechats.domain.webhooks import Webhook


class Webhooks(Protocol):
    """Keeps where the systems of organisations are told."""

    def get(self, region: str, inn: str) -> Webhook | None: ...

    def put(self, webhook: Webhook) -> None: ...

    def delete(self, region: str, inn: str) -> None: ...


class Carrier(Protocol):
    """Takes messages to the systems of organisations."""

    def fault_of(self, url: str) -> str:
        """Say in Russian why no message is taken to an address; empty when one is."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Hand over a message; UnavailableError when it was not taken with a 2xx."""
