"""Organisations that answer for houses: management companies, administrations, utilities."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class OrganisationKind(StrEnum):
    """What an organisation is to a house."""

    MANAGEMENT_COMPANY = "management_company"
    """УК, ТСЖ or ЖСК."""
    ADMINISTRATION = "administration"
    UTILITY = "utility"
    """РСО: supplies water, heat, electricity or gas."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as a list names it."""

    kind: OrganisationKind
    name: str = ""
    inn: str = ""
    """ИНН, 10 or 12 digits: its key; empty when the list gives none."""


def attached(
    before: Mapping[str, OrganisationKind], said: Iterable[Organisation]
) -> dict[str, OrganisationKind]:
    """Return ИНН and kinds of those attached to a house when a list has said its organisations.

    Those it names take the place of the earlier ones of their kinds; of a kind that it does not
    name it says nothing, nor does an organisation without an ИНН: it might be the one there is.
    """
    named = {one.inn: one.kind for one in said if one.inn}
    stay = {inn: kind for inn, kind in before.items() if kind not in named.values()}
    return stay | named
