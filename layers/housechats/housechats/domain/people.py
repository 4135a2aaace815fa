"""People: the elders of houses, and those who have a post in a territory."""

import hmac
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from housechats.domain.territories import Territory

ELDER_KEPT = timedelta(days=365)
"""How long contacts of an elder are kept after they were named last."""


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
    def mobile(self) -> str:
        """The phone if an SMS reaches it: staff may call any other."""
        return self.phone if self.phone.startswith("+79") else ""

    def id(self, key: str, oktmo: str) -> str:
        """Return the same id for the same person in a municipality, however often they are named.

        A page of VK is one person's. A phone may be an office's, so the name belongs to it. Each
        municipality has a record of its own: what one says of a person concerns no other.
        The id stands in queues, keys and links: without the secret key nobody gets from it to
        the phone, of which there are few enough to try them all.
        """
        contact = self.vk_id or self.vk_name.lower() or f"{self.phone}/{_plain(self.name)}"
        source = f"elder/{oktmo[:8]}/{contact}"  # 8 digits of ОКТМО are the municipality's
        return hmac.digest(key.encode(), source.encode(), "sha256").hex()[:16]

    def is_same_as(self, other: "Elder") -> bool:
        """Tell whether two lists mean one person of one house.

        A page is one person's, whatever else is said. Where one of them has none, the phone
        decides, and of an office's the names; without a phone of both, one name said twice.
        """
        if self.has_page and other.has_page:
            return self._shares_page(other)
        if self.phone and other.phone:
            return self.phone == other.phone and self.is_named_like(other)
        return _plain(self.name) == _plain(other.name) != ""

    def renewed_by(self, said: "Elder") -> "Elder":
        """Return the same person with what was said later; what is empty was not said."""
        known = self if self._shares_page(said) or not said.has_page else said
        return Elder(
            name=said.name or self.name,
            phone=said.phone or self.phone,
            vk_id=said.vk_id or known.vk_id,
            vk_name=said.vk_name or known.vk_name,
        )

    @property
    def has_page(self) -> bool:
        return bool(self.vk_id or self.vk_name)

    def is_named_like(self, other: "Elder") -> bool:
        """Tell whether two names may be one person's: they share a word, or one is not said."""
        one, another = _plain(self.name), _plain(other.name)
        if not one or not another or one == another:
            return True
        return not set(_LONG_WORD.findall(one)).isdisjoint(_LONG_WORD.findall(another))

    def _shares_page(self, other: "Elder") -> bool:
        if self.vk_id and other.vk_id:
            return self.vk_id == other.vk_id
        return bool(self.vk_name) and self.vk_name.lower() == other.vk_name.lower()


_LONG_WORD = re.compile(r"[^\W\d_]{3,}")
"""Initials are no one's own."""


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("ё", "е").split())


class Role(StrEnum):
    """What a person is: it decides what they may do."""

    ADMINISTRATOR = "administrator"
    """Of a territory: names its staff, sees everything in it."""
    STAFF = "staff"
    """Of a territory: runs its chats."""
    REPRESENTATIVE = "representative"
    """Of an organisation, within the territory of whoever invited them."""
    ELDER = "elder"
    """Of a house: the house says who it is, there is no post for it."""


@dataclass(frozen=True, slots=True)
class Post:
    """One role that a person has at one place; one that has ended stays as history."""

    vk_id: int
    role: Role
    territory: Territory
    since: datetime
    given_by: str
    """`vk:<id>`, or `operator`."""
    inn: str = ""
    """ИНН of the organisation that a representative speaks for."""
    title: str = ""
    """What the person is called at work: history shows it in place of a name."""
    until: datetime | None = None
    ended_by: str = ""
    revision: int = 1
    """Grows with every change: who changes what they have read says which it was."""
    earlier: tuple["Post", ...] = ()
    """Its former terms, the oldest first: one ends when the person leaves or gets another role."""

    @property
    def terms(self) -> list["Post"]:
        """The post as it is, and as it was, the newest first."""
        return [replace(self, earlier=()), *reversed(self.earlier)]

    @property
    def id(self) -> str:
        """Its name in the API: a person has one post at one place."""
        place = [str(self.vk_id), self.territory.oktmo, self.inn]
        return "-".join(part for part in place if part)
