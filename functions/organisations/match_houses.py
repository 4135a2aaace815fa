"""Use case: find the houses that a person lists by codes, ФИАС ids or addresses."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from housechats.domain.address_reading import parse_parts, read_fias_id
from housechats.domain.houses import CODES_PER_HOUSE, code_of, digest_of, read_code
from housechats.domain.territories import Territory
from housechats.ports.houses import Catalogue, Houses, Towns
from organisations.work_chunk import PLACE


def match_houses(
    listed: Sequence[str],
    *,
    territory: Territory,
    catalogue: Catalogue,
    houses: Houses,
    towns: Towns,
) -> list[str]:
    """Return the id of each house once; for what is no house of the territory, its place.

    A place is PLACE and the number in the list: the text as it was given may say anything, so it is
    kept nowhere.
    """
    lines = catalogue.lines(territory)
    ids = {line.id for line in lines}
    municipalities = sorted({line.oktmo[:8] for line in lines})
    local = towns.get_many(municipalities)
    fias_ids = {fias_id for text in listed if (fias_id := read_fias_id(text))}
    by_fias = houses.of_fias(fias_ids) if fias_ids else {}
    found: list[str] = []
    digests: dict[int, set[str]] = {}
    maybe: defaultdict[str, set[int]] = defaultdict(set)
    for n, text in enumerate(listed):
        found.append(_by_number(text, by_fias))
        if found[n] not in ids:
            found[n] = ""
            digests[n] = set(_digests(text, municipalities, local))
            for digest in digests[n]:
                for attempt in range(CODES_PER_HOUSE):
                    if (code := code_of(digest, attempt)) in ids:
                        maybe[code].add(n)
    # A code may be another house's: what tells houses apart is the digest.
    for house in houses.get_many(maybe):
        for n in maybe[house.id]:
            if house.digest in digests[n]:
                # Two towns of a region may have the address: then nobody knows which is meant.
                found[n] = house.id if not found[n] else _MANY
    named = (
        each if each not in {"", _MANY} else f"{PLACE}{n}" for n, each in enumerate(found, start=1)
    )
    return list(dict.fromkeys(named))


_MANY = "*"


def _by_number(text: str, by_fias: dict[str, str]) -> str:
    return read_code(text) or by_fias.get(read_fias_id(text), "")


def _digests(text: str, municipalities: Iterable[str], local: Mapping[str, str]) -> Iterator[str]:
    """Yield how a house of that address would be told apart in each municipality."""
    cells = {"address": text}
    address, findings = parse_parts(cells)
    if address:
        yield from (digest_of(oktmo, address) for oktmo in municipalities)
    elif any(finding.code == "locality_missing" for finding in findings):
        read = {town: parse_parts(cells, locality=town)[0] for town in {*local.values()}}
        for oktmo, town in local.items():
            if there := read[town]:
                yield digest_of(oktmo, there)
