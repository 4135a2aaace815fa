"""People: the elders of houses, and the officials of a territory."""

import hmac
from dataclasses import dataclass
from enum import StrEnum

from housechats.domain.territories import Territory


@dataclass(frozen=True, slots=True)
class Elder:
    """The person named to run a house chat, as a list names them."""

    name: str
    phone: str = ""
    """E.164, or empty."""
    vk_id: int = 0
    """Numeric VK id; 0 when the list gives none."""
    vk_name: str = ""
    """VK screen name; empty when the list gives none."""

    def id(self, key: str) -> str:
        """Return the same id for the same person, however often lists name them.

        A page of VK is one person's. A phone may be an office's, so the name belongs to it.
        The id stands in queues, keys and links: without the secret key nobody gets from it to
        the phone, of which there are few enough to try them all.
        """
        name = " ".join(self.name.casefold().replace("ё", "е").split())
        contact = self.vk_id or self.vk_name.lower() or f"{self.phone}/{name}"
        return hmac.digest(key.encode(), f"elder/{contact}".encode(), "sha256").hex()[:16]


class Role(StrEnum):
    """What a person may do in a territory."""

    ADMINISTRATOR = "administrator"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Official:
    """A person with a role in a territory."""

    vk_id: int
    role: Role
    territory: Territory
