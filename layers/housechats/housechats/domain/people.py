"""People: the elders of houses, and the officials of a territory."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

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

    @property
    def id(self) -> str:
        """The same for the same contacts: one person in one list, however often named.

        Without contacts nobody can be reached, and namesakes must not become one person,
        but they are instructed by nobody either: the name alone is enough then.
        """
        contact = self.vk_id or self.vk_name.lower() or self.phone or self.name.casefold()
        return sha256(f"elder/{contact}".encode()).hexdigest()[:16]


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
