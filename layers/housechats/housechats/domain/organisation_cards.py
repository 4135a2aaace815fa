"""Cards of organisations: how each is called, and where it is known."""

from dataclasses import dataclass, replace
from datetime import datetime

from housechats.domain.access import Place
from housechats.domain.organisations import OrganisationKind, plain_name

MOST_SPELLINGS = 10
"""Beside the name: real lists have two or three for a company."""
MOST_MUNICIPALITIES = 400
"""Where a card remembers to be of use: the region with most of them has about three hundred."""


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    """What is known of an organisation in a region."""

    inn: str
    kind: OrganisationKind
    name: str
    """As it was named first, until a person puts it right; empty when nobody has named it."""
    oktmo: str
    """Where it was named first."""
    introduced_at: datetime | None = None
    spellings: tuple[str, ...] = ()
    """How others have written the name."""
    municipalities: frozenset[str] = frozenset()
    """Codes of 8 digits: where lists or people have named it."""
    duty_phone: str = ""
    """The mobile phone of whoever is on duty there, E.164: the organisation's, no person's."""
    revision: int = 1
    """Grows when a person changes the card."""

    @property
    def place(self) -> Place:
        return Place(self.oktmo, frozenset({self.inn}))

    @property
    def places(self) -> list[Place]:
        """Return where the organisation is known: who may see any of these places may see it."""
        here = frozenset({self.inn})
        return [self.place, *(Place(oktmo, here) for oktmo in sorted(self.municipalities))]

    @property
    def names(self) -> tuple[str, ...]:
        """Return all spellings, that which is shown first."""
        return tuple(name for name in (self.name, *self.spellings) if name)


def is_new_spelling(card: OrganisationCard, name: str) -> bool:
    """Tell whether a name is written in a way that the card does not know and has room for."""
    known = {"", *(plain_name(one) for one in card.names)}
    return plain_name(name) not in known and len(card.spellings) < MOST_SPELLINGS


def is_found(card: OrganisationCard, text: str) -> bool:
    """Tell whether the card has every word of a text in one of its spellings, or its ИНН."""
    asked = plain_name(text).split()
    if len(asked) == 1 and card.inn.startswith(asked[0]):
        return True
    return any(
        all(any(word.startswith(one) for word in plain_name(name).split()) for one in asked)
        for name in card.names or ("",)
    )


def introduced(card: OrganisationCard, name: str, oktmo: str) -> OrganisationCard:
    """Return a card that learns how a list calls the organisation, and in which municipality."""
    card = replace(card, name=card.name or name)
    if is_new_spelling(card, name):
        card = replace(card, spellings=(*card.spellings, name))
    if len(card.municipalities) < MOST_MUNICIPALITIES:
        card = replace(card, municipalities=card.municipalities | {oktmo[:8]})
    return card


def renamed(card: OrganisationCard, name: str) -> OrganisationCard:
    """Return a card that shows another name; the one so far stays as a spelling."""
    card = replace(card, revision=card.revision + 1)
    before = tuple(one for one in card.names if one != name)
    return replace(card, name=name, spellings=before[:MOST_SPELLINGS])
