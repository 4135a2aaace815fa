"""Elders' pages in the messenger: which of a list's are there, and whose a name is."""

import logging
from collections.abc import Iterable
from dataclasses import replace

from housechats.domain.batches import Problem, Row, Verdict
from housechats.domain.errors import PausedError, UnavailableError
from housechats.domain.people import Elder
from housechats.ports.people import Page, Pages

logger = logging.getLogger(__name__)

FINDINGS = {
    "vk_not_found": (False, "Такой страницы ВКонтакте нет. Проверьте ссылку на страницу старшего."),
    "vk_gone": (False, "Страница удалена или заблокирована. Укажите другую страницу старшего."),
}


def look_up(rows: Iterable[Row], *, pages: Pages, column: str, oktmo: str) -> list[Row]:
    """Give the good rows' elders the numbers of their pages; say which pages are not there.

    A list is not kept waiting for the messenger: without an answer names stay as they are, and
    are looked up when the elder is written to.
    """
    rows = list(rows)
    named = {i: page for i, row in enumerate(rows) if row.verdict.good and (page := _page_of(row))}
    if not named:
        return rows
    try:
        found = pages.look_up(set(named.values()), oktmo=oktmo)
    except (UnavailableError, PausedError) as error:
        logger.warning("pages not looked up: %s", error)
        return rows
    except Exception:
        # A bad token is no fault of the list; an alarm rings on this line.
        logger.exception("pages not looked up: VK answered something unforeseen")
        return rows
    for i, name in named.items():
        rows[i] = _with_page(rows[i], found.get(name), column)
    return rows


def _page_of(row: Row) -> str:
    elder = row.house and row.house.elder
    return (str(elder.vk_id or "") or elder.vk_name) if elder else ""


def _with_page(row: Row, page: Page | None, column: str) -> Row:
    house = row.house
    if house is None or house.elder is None:
        return row
    if page and not page.gone:
        return replace(row, house=replace(house, elder=replace(house.elder, vk_id=page.vk_id)))
    code = "vk_gone" if page else "vk_not_found"
    fatal, message = FINDINGS[code]
    return replace(
        row,
        verdict=Verdict.ACCEPTED_WITH_WARNINGS,
        problems=(*row.problems, Problem(column, code, message, fatal)),
        house=replace(house, elder=_without_page(house.elder)),
    )


def _without_page(elder: Elder) -> Elder | None:
    """Return who is left without the page; nobody at all is no person, nor are two of them one."""
    return replace(elder, vk_id=0, vk_name="") if elder.phone or elder.name else None
