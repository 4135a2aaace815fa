"""What a list says of a house that is there already, and what of it differs.

An empty cell says nothing: it changes nothing.
"""

from dataclasses import replace

from housechats.domain.batches import ListedHouse
from housechats.domain.houses import House, parting_letter
from housechats.domain.organisations import attached

COMPARED = {
    "elder": "elder_id",
    "entrances": "entrances",
    "flats": "flats",
    "tags": "tags",
    "organisations": "organisations",
    "fias_id": "fias_id",
}
"""Fields of ListedHouse, and where a house keeps them."""


def corrected(house: House, listed: ListedHouse, *, elder_id: str, letter_id: str) -> House:
    """Return the house as it is when the list is right."""
    same_tags = not listed.tags or set(listed.tags) == set(house.tags)
    return replace(
        house,
        elder_id=elder_id,
        letter_id=letter_id,
        parting_id=house.parting_id if elder_id == house.elder_id else parting_letter(house),
        entrances=listed.entrances or house.entrances,
        flats=listed.flats or house.flats,
        tags=house.tags if same_tags else listed.tags,
        organisations=attached(house.organisations, listed.organisations),
        fias_id=house.fias_id or listed.fias_id,
    )


def differences(before: House, after: House) -> tuple[str, ...]:
    """Return which fields of ListedHouse a list has corrected."""
    return tuple(
        said for said, kept in COMPARED.items() if getattr(before, kept) != getattr(after, kept)
    )
