"""Use case: say in words whom a broadcast was asked to reach, for its card and its report."""

from collections.abc import Sequence

from broadcast.name_place import name_place
from housechats.domain.audiences import (
    AllHouses,
    CoordinationChatsOf,
    ListedHouses,
    MunicipalityHouses,
    OrganisationHouses,
    Part,
    PartFound,
    Side,
    StreetHouses,
    TaggedHouses,
    TheseHouses,
)
from housechats.ports.houses import Towns

SIDES = {Side.ALL: "", Side.EVEN: "чётная сторона", Side.ODD: "нечётная сторона"}


def tell_audience(
    parts: Sequence[Part], found: Sequence[PartFound], *, inn: str, towns: Towns
) -> tuple[str, ...]:
    """Return a line for each part, with how many houses it has found.

    Of a pasted list only its length is told: what people have pasted is not kept.
    """
    return tuple(
        f"{_said(part, one, inn, towns)} — {_counted(part)}: {one.houses}"
        for part, one in zip(parts, found, strict=True)
    )


def _counted(part: Part) -> str:
    return "чатов" if isinstance(part, CoordinationChatsOf) else "домов"


def _said(part: Part, found: PartFound, inn: str, towns: Towns) -> str:
    match part:
        case AllHouses():
            return "все дома организации" if inn else "все дома"
        case TheseHouses(ids):
            return f"список по кодам, кодов: {len(ids)}"
        case ListedHouses(lines):
            return f"список, строк: {len(lines)}"
        case StreetHouses():
            return _street(part, found)
        case MunicipalityHouses(oktmo):
            return name_place(oktmo, towns)
        case OrganisationHouses(of):
            return f"дома организации с ИНН {of}"
        case TaggedHouses(tag):
            return f"тег «{tag.strip()}»"
        case CoordinationChatsOf(oktmo):
            where = name_place(oktmo, towns) if oktmo else ""
            return ", ".join(filter(None, ["координационные чаты", where]))


def _street(part: StreetHouses, found: PartFound) -> str:
    # Where a street was not understood, what is said of it is why.
    street = found.said if found.houses else part.street.strip()
    return ", ".join(filter(None, [street, SIDES[part.side], _numbers(part)]))


def _numbers(part: StreetHouses) -> str:
    if part.first is not None and part.last is not None:
        return str(part.first) if part.first == part.last else f"{part.first}–{part.last}"
    if part.first is not None:
        return f"от {part.first}"
    return "" if part.last is None else f"до {part.last}"
