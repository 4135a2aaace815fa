"""Organisations that answer for houses: management companies, administrations, utilities."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from unicodedata import normalize

from housechats.domain.address_words import LOOK_ALIKES

LONGEST_NAME = 300


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


# ИНН

# Weights of the check digits: приказ ФНС от 29.06.2012 № ММВ-7-6/435@, приложение.
_WEIGHTS = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN = re.compile(r"[0-9]{10}|[0-9]{12}")


def is_inn(text: str) -> bool:
    """Tell whether a text is an ИНН: 10 digits, a sole trader's 12, that agree with each other."""
    if not _INN.fullmatch(text) or not text.strip("0"):
        return False
    checked = (9,) if len(text) == len("7707083893") else (10, 11)
    return all(
        sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS[-n:], strict=False))
        % 11
        % 10
        == int(text[n])
        for n in checked
    )


# What makes two names one spelling

_FORMS = {
    "общество с ограниченной ответственностью": "ооо",
    "публичное акционерное общество": "пао",
    "непубличное акционерное общество": "нао",
    "открытое акционерное общество": "оао",
    "закрытое акционерное общество": "зао",
    "акционерное общество": "ао",
    "товарищество собственников жилья": "тсж",
    "товарищество собственников недвижимости": "тсн",
    "жилищно строительный кооператив": "жск",
    "жилищный кооператив": "жк",
    "индивидуальный предприниматель": "ип",
    "муниципальное унитарное предприятие": "муп",
    "муниципальное казенное предприятие": "мкп",
    "муниципальное бюджетное учреждение": "мбу",
    "муниципальное казенное учреждение": "мку",
    "государственное унитарное предприятие": "гуп",
    "государственное бюджетное учреждение": "гбу",
    "некоммерческая организация": "нко",
}
_SHORT_FORMS = frozenset(_FORMS.values())
_LONG_FORMS = re.compile(rf"\b(?:{'|'.join(sorted(_FORMS, key=len, reverse=True))})\b")
_IN_FULL = re.compile(r"\bуправляющая (?:компания|организация)\b")
_WORDS = re.compile(r"\w+")


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """Return what spellings of one name have in common: «ООО «Уют»», «УЮТ, ООО» are one.

    Neither case nor quotes tell names apart, nor how and where the legal form is written.
    """
    words = " ".join(_WORDS.findall(normalize("NFKC", name).casefold().translate(LOOK_ALIKES)))
    words = _LONG_FORMS.sub(lambda form: _FORMS[form.group()], words)
    words = _IN_FULL.sub("ук", words)
    forms = [word for word in words.split() if word in _SHORT_FORMS]
    return " ".join([*sorted(set(forms)), *(w for w in words.split() if w not in _SHORT_FORMS)])
