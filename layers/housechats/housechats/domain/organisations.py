"""Organisations that answer for houses: management companies, administrations, utilities."""

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
