"""An elder whom a person names: checked by the very rules that a list's elders are checked by."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from create_chats.elder_pages import look_up
from create_chats.single_house import Text
from housechats.domain.batches import ListedHouse, Problem, Row, Verdict
from housechats.domain.houses import House
from housechats.domain.people import Elder
from housechats.ports.people import Pages

NOBODY = "Назовите старшего: имя и мобильный телефон или страницу ВКонтакте."


@dataclass(frozen=True, slots=True)
class NamedElder:
    """A person to run a house chat; every field may be written as in a list."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    phone: Text = ""
    """Where an SMS reaches the elder when VK does not."""
    vk: Text = ""
    """A link to the elder's own page in VK."""


def read_named(
    said: NamedElder, house: House, *, pages: Pages
) -> tuple[Elder | None, list[Problem]]:
    """Return the elder, unless nothing would reach them, and what was found, by fields."""
    from housechats.domain.contacts import read_elder  # noqa: PLC0415 - few requests need it

    elder, findings = read_elder(said.name, said.phone, said.vk)
    problems = [
        Problem(column.removeprefix("elder_"), finding.code, finding.message, finding.fatal)
        for column, finding in findings.items()
    ]
    listed = ListedHouse(house.address, house.oktmo, elder=elder)
    row = Row(1, Verdict.ACCEPTED, tuple(problems), listed)
    (row,) = look_up([row], pages=pages, column="vk", oktmo=house.oktmo)
    found = row.house.elder if row.house else None
    reachable = found if found and (found.mobile or found.has_page) else None
    problems = list(row.problems)
    if reachable is None and not problems:
        problems = [Problem("name", "elder_unreachable", NOBODY, fatal=True)]
    return reachable, problems
