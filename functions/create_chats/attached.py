"""Organisations that a row attaches to its house: names, and ИНН with their check digits."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from housechats.domain.address_words import says_nothing
from housechats.domain.findings import Finding, found
from housechats.domain.organisations import (
    LONGEST_NAME,
    Organisation,
    OrganisationKind,
    is_inn,
)

FINDINGS = {
    "inn_missing": (
        False,
        "Нет ИНН организации: без него её нельзя связать с домом. Впишите 10 или 12 цифр.",
    ),
    "inn_wrong": (
        False,
        "ИНН неверен и не учтён: нужно 10 цифр (у предпринимателя 12), проверьте каждую.",
    ),
    "inn_count": (
        False,
        (
            "Организаций в ячейке — {}, а ИНН — {}: ИНН не учтены. Напишите их через точку "
            "с запятой в том же порядке."
        ),
    ),
    "organisations_too_many": (False, "В ячейке больше 20 организаций: учтены первые 20."),
    "organisation_name_too_long": (
        False,
        "Слишком длинное название организации: учтены первые 300 знаков.",
    ),
}
"""They repeat no number: the ИНН of a sole trader is a person's."""

MOST = 20
"""Of one kind: water, heat, electricity and gas have one supplier each, rarely two."""
NO_ORGANISATION = {
    "непосредственное управление", "непосредственное", "не выбран", "не выбрана", "не выбрано",
    "способ управления не выбран", "нет управляющей организации", "без управления",
}  # fmt: skip

_COLUMNS = [(str(kind), f"{kind}_inn") for kind in OrganisationKind]
_SET_APART = re.compile(r"[;\n]")
_INN_SET_APART = re.compile(r"[;,\n]|(?<=\d)\s+(?=\d{9,12}(?!\d))")
_INN = re.compile(r"(?:инн)?[\s:.№]*([0-9]{9,12})(?:[.,]0+)?(?:\s*/\s*[0-9]{9})?", re.IGNORECASE)
"""What accountants write beside it after a slash is the КПП."""


def read_organisations(
    cells: Mapping[str, str],
) -> tuple[tuple[Organisation, ...], Mapping[str, Finding]]:
    """Return the organisations and what was found, by column.

    An organisation whose ИНН is not known keeps its name: a person may still read it.
    """
    return _organisations(
        tuple((cells.get(name, ""), cells.get(inn, "")) for name, inn in _COLUMNS)
    )


@lru_cache(maxsize=4096)
def _organisations(
    said: tuple[tuple[str, str], ...],
) -> tuple[tuple[Organisation, ...], Mapping[str, Finding]]:
    organisations: dict[Organisation, None] = {}
    findings: dict[str, Finding] = {}
    for kind, (names, inns) in zip(OrganisationKind, said, strict=True):
        if names or inns:
            organisations |= dict.fromkeys(_of_kind(kind, names, inns, findings))
    return tuple(organisations), findings


def _of_kind(
    kind: OrganisationKind, name: str, inn: str, findings: dict[str, Finding]
) -> Iterator[Organisation]:
    column = f"{kind}_inn"
    names = _names(kind, name)
    inns = [one for one in _INN_SET_APART.split(inn) if _is_said(one)]
    if names and inns and len(names) != len(inns):
        findings[column] = found(FINDINGS, "inn_count", str(len(names)), str(len(inns)))
        inns = []
    elif names and not inns:
        findings[column] = found(FINDINGS, "inn_missing")
    if len(names) > MOST:
        findings[kind] = found(FINDINGS, "organisations_too_many")
    for i in range(min(max(len(names), len(inns)), MOST)):
        name = names[i] if names else ""
        inn = read_inn(inns[i]) if inns else ""
        if len(name) > LONGEST_NAME:
            findings[kind] = found(FINDINGS, "organisation_name_too_long")
        if inns and not inn:
            findings[column] = found(FINDINGS, "inn_wrong")
        if name or inn:
            yield Organisation(kind, name[:LONGEST_NAME], inn)


def read_inn(text: str) -> str:
    """Return the ИНН, with the zero that a spreadsheet dropped, or an empty string.

    The zero is put back only where the check digits agree then.
    """
    said = _INN.fullmatch(text.strip())
    if not said:
        return ""
    inn = said[1] if len(said[1]) in {10, 12} else f"0{said[1]}"
    return inn if is_inn(inn) else ""


def _names(kind: OrganisationKind, text: str) -> list[str]:
    """Return the names in a cell: of those who supply a house there may be several."""
    names = _SET_APART.split(text) if kind is OrganisationKind.UTILITY else [text]
    return [" ".join(name.split()) for name in names if _is_said(name)]


def _is_said(text: str) -> bool:
    return not says_nothing(text) and text.strip(" .,;\n\t").lower() not in NO_ORGANISATION
