"""Erasure: how a person is recognised in what is kept, and what is left of it without them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from housechats.domain.contacts import read_vk
from housechats.domain.people import Elder
from housechats.domain.territories import Territory

if TYPE_CHECKING:
    from housechats.domain.batches import Row

REQUEST_KEPT = timedelta(days=7)
"""How long it is remembered at most whom to forget, if nobody ends the work."""
CELLS = ("elder_name", "elder_phone", "elder_vk")
"""Cells of a row that tell of its elder, by our names of columns."""
_APART = r"\W{0,3}"
"""What people set digits of a phone apart with: «8 (916) 123-45-67»."""
_ZEROS = str.maketrans("ОоOo", "0000")


class RecordKind(StrEnum):
    """What kind of record tells of a person."""

    ELDER = "elder"
    POST = "post"
    INVITATION = "invitation"
    LIST = "list"
    REFUSED_LIST = "refused_list"
    """A list that nobody could read: whom it names is not known."""
    ANSWER = "answer"
    """An answer of the API, remembered for a day."""
    COMPLAINT = "complaint"
    """A complaint that the person sent, or that tells of them."""
    REPORT = "report"
    """A message that the person wrote and others reported, or that they reported."""
    DIALOGUE = "dialogue"
    """What the bot has asked the person, or what was answered of them."""
    QUESTION = "question"
    """A question of a house that the person asked, answered or decided about: it stays, they go."""
    DISCUSSION = "discussion"
    """A discussion whose time the person named, or whose protocol they wrote: the same."""
    INTEREST = "interest"
    """That the person wants to be told when a discussion opens."""


@dataclass(frozen=True, slots=True)
class Found:
    """One record that tells of a person."""

    where: RecordKind
    id: str
    what: str
    """What is known there: a Russian sentence, with the person in it."""
    oktmo: str = ""
    """Where it lies; empty when it lies nowhere."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is to be forgotten, by what they say of themselves."""

    vk_id: int = 0
    vk_names: frozenset[str] = frozenset()
    """Screen names in lower case."""
    phone: str = ""
    """E.164."""

    def is_elder(self, elder: Elder) -> bool:
        if self.phone and (elder.phone == self.phone or self.is_in(elder.name)):
            return True
        if self.vk_id and elder.vk_id == self.vk_id:
            return True
        return elder.vk_name.lower() in self.vk_names

    def is_in(self, text: str) -> bool:
        """Tell whether a text says the phone or the page, however they are spelled."""
        if self.phone:
            digits = _APART.join(self.phone.removeprefix("+7"))
            spelled = rf"(?<!\d)(?:\+?[78]{_APART})?{digits}(?!\d)"
            return bool(re.search(spelled, text.translate(_ZEROS)))
        lowered = text.lower()
        if self.vk_id and re.search(rf"\bid{self.vk_id}(?!\w)", lowered):
            return True
        return any(
            re.search(rf"(?:/|@|\[){re.escape(name)}(?![\w.])", lowered) for name in self.vk_names
        )

    def is_told_by(self, cells: Mapping[str, str]) -> bool:
        """Tell whether the cells of a row tell of this person."""
        if any(self.is_in(cell) for cell in cells.values()):
            return True
        vk_id, vk_name, _ = read_vk(cells.get("elder_vk", ""))
        return bool(vk_id and vk_id == self.vk_id) or vk_name in self.vk_names

    def is_in_row(self, row: "Row") -> bool:
        elder = row.house and row.house.elder
        return bool(elder and self.is_elder(elder)) or self.is_told_by(row.cells)

    def known_as(self, elders: Collection[Elder]) -> "Person":
        """Return the person with the screen names of their page that records tell."""
        names = {e.vk_name.lower() for e in elders if self.vk_id and e.vk_id == self.vk_id}
        return replace(self, vk_names=self.vk_names | (names - {""}))


@dataclass(frozen=True, slots=True)
class Erasure:
    """A request to forget a person: the only record that names them until it is done."""

    id: str
    """The job's."""
    person: Person
    oktmo: str
    """The territory within which they are forgotten; empty: everywhere."""
    asked_by: str
    """`vk:<id>`, or `operator`."""
    asked_at: datetime

    def reaches(self, oktmo: str) -> bool:
        return not self.oktmo or Territory(self.oktmo).covers(oktmo)


def without_elder(row: "Row", person: Person) -> "Row":
    """Return a row that tells nothing of its elder, nor of the person elsewhere."""
    cells = {
        name: cell
        for name, cell in row.cells.items()
        if name not in CELLS and not person.is_in(cell)
    }
    house = row.house and replace(row.house, elder=None)
    return replace(row, house=house, cells=cells)


def emptied(cells: Mapping[str, str], person: Person) -> dict[str, str]:
    """Return what a person wrote into a row, with nothing in place of its elder.

    An empty cell stays: without it the one of the file would show again.
    """
    return {
        name: "" if name in CELLS or person.is_in(cell) else cell for name, cell in cells.items()
    }
