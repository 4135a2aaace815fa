"""Use cases: say in which town a municipality's addresses lie that name none."""

import re

from housechats.domain.territories import is_oktmo
from housechats.ports.houses import Towns

_ANY_STREET = "Образцовая"
_LETTER = re.compile("[а-яё]", re.IGNORECASE)


def has_town(oktmo: str) -> bool:
    """Tell whether a territory may have one: a region or a group of its districts has many."""
    return is_oktmo(oktmo) and len(oktmo.rstrip("0")) > len("117")


def town_of(oktmo: str, towns: Towns) -> str:
    """Return the town of a municipality's addresses; empty when it has none, or none is said."""
    return towns.get(_municipality(oktmo)) if has_town(oktmo) else ""


def keep_town(oktmo: str, locality: str, towns: Towns) -> None:
    towns.put(_municipality(oktmo), locality)


def read_town(text: str) -> str:
    """Return a town as addresses have it, or an empty string when it cannot be understood."""
    # What reads addresses takes a tenth of the API's start, and few requests name a town.
    from housechats.domain.address_reading import parse  # noqa: PLC0415

    address, findings = parse(f"{text}, ул. {_ANY_STREET}, д. 1")
    if address is None or any(finding.fatal for finding in findings):
        return ""
    is_town = (address.street, address.house) == (_ANY_STREET, "1") and _LETTER.search(text)
    return address.locality if is_town else ""


def _municipality(oktmo: str) -> str:
    """Return a code in one spelling: a municipality's 8 digits may be written with 3 zeros more."""
    return oktmo[:8] if oktmo.endswith("000") else oktmo
