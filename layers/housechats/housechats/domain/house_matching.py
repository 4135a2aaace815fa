"""Houses that a person lists by codes, ФИАС ids or addresses, in any mixture."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from housechats.domain.address_reading import parse_parts, read_fias_id
from housechats.domain.houses import (
    CODES_PER_HOUSE,
    House,
    HouseLine,
    code_of,
    digest_of,
    read_code,
)

SEVERAL = "*"
"""Stands for a house where two have the address: nobody knows which is meant."""


@dataclass(frozen=True, slots=True)
class Matching:
    """What is known of listed houses before those that they may be were read."""

    found: Sequence[str]
    """The id of each house that its own number names; empty where an address may."""
    digests: Mapping[int, Collection[str]]
    """How the others would be told apart, by their places in the list."""
    maybe: Mapping[str, Collection[int]]
    """The houses that these may be by their codes, and the places: codes of two may meet."""

    def settled(self, houses: Iterable[House]) -> list[str]:
        """Return the id of each listed house, SEVERAL, or nothing, from the houses of `maybe`."""
        found = [*self.found]
        for house in houses:
            for n in self.maybe[house.id]:
                if house.digest in self.digests[n]:
                    found[n] = house.id if not found[n] else SEVERAL
        return found


def fias_ids_of(listed: Iterable[str]) -> set[str]:
    return {fias_id for text in listed if (fias_id := read_fias_id(text))}


def municipalities_of(lines: Iterable[HouseLine]) -> list[str]:
    """Return the ОКТМО codes of the municipalities where the houses stand, 8 digits each."""
    return sorted({line.oktmo[:8] for line in lines})


def matching(
    listed: Sequence[str],
    lines: Collection[HouseLine],
    *,
    by_fias: Mapping[str, str],
    towns: Mapping[str, str],
) -> Matching:
    """Read a list against the houses that it may name.

    `by_fias`: houses by the ФИАС ids of the list. `towns`: of municipalities, for addresses that
    name none.
    """
    ids = {line.id for line in lines}
    municipalities = municipalities_of(lines)
    found: list[str] = []
    digests: dict[int, set[str]] = {}
    maybe: defaultdict[str, set[int]] = defaultdict(set)
    for n, text in enumerate(listed):
        named = read_code(text) or by_fias.get(read_fias_id(text), "")
        found.append(named if named in ids else "")
        if found[n]:
            continue
        digests[n] = set(_digests(text, municipalities, towns))
        for digest in digests[n]:
            for attempt in range(CODES_PER_HOUSE):
                if (code := code_of(digest, attempt)) in ids:
                    maybe[code].add(n)
    return Matching(found, digests, maybe)


def _digests(text: str, municipalities: Iterable[str], towns: Mapping[str, str]) -> Iterator[str]:
    """Yield how a house of that address would be told apart in each municipality."""
    cells = {"address": text}
    address, findings = parse_parts(cells)
    if address:
        yield from (digest_of(oktmo, address) for oktmo in municipalities)
    elif any(finding.code == "locality_missing" for finding in findings):
        read = {town: parse_parts(cells, locality=town)[0] for town in {*towns.values()}}
        for oktmo, town in towns.items():
            if there := read[town]:
                yield digest_of(oktmo, there)
