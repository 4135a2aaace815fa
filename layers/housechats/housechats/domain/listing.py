"""Lists of houses: pages of those that are asked for, and how many there are in each state."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

from housechats.domain.houses import HouseLine, ShownHouse
from housechats.domain.search import Asked

SEPARATOR = "\n"


class ShownState(StrEnum):
    """By what houses in lists are counted and asked for."""

    WAITING = "waiting"
    """It waits for a time that VK set, whatever the state of its chat."""
    PLANNED = "planned"
    """Its chat is being made, or is to be."""
    OPEN = "open"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    CLOSED = "closed"
    LOST = "lost"
    """The community can write to it no more: its card says what to do."""


@dataclass(frozen=True, slots=True)
class HousePage:
    """A page of houses, and how many there are in each state."""

    items: Sequence[ShownHouse]
    next_cursor: str
    """Give it back for the next page; empty on the last one."""
    total: int
    """Houses that match the search and the state asked for."""
    counts: dict[ShownState, int]
    """Houses that match the search, by state."""


def page(
    lines: Iterable[HouseLine],
    *,
    text: str = "",
    state: str = "",
    tag: str = "",
    organisation: str = "",
    cursor: str = "",
    limit: int,
) -> HousePage:
    """Return a page of the houses that have all words of the text, a tag, an organisation.

    The case of a tag does not matter. The lines are in their order, all within the reach of who
    asks. LookupError for a cursor that is none of ours.
    """
    after, asked = _order_of(cursor), Asked.of(text)
    tag = tag.casefold()
    found = [
        line
        for line in lines
        if (not tag or tag in map(str.casefold, line.tags))
        and (not organisation or organisation in line.organisations)
        and (not asked or asked.finds(line.title, line.position))
    ]
    chosen = [line for line in found if state_of(line) == state] if state else found
    first = bisect_right(chosen, after, key=order)
    items = chosen[first : first + limit]
    more = first + limit < len(chosen)
    return HousePage(items, cursor_of(items[-1]) if more else "", len(chosen), count(found))


def count(lines: Iterable[HouseLine]) -> dict[ShownState, int]:
    return dict(Counter(map(state_of, lines)))


def state_of(line: HouseLine) -> ShownState:
    return ShownState.WAITING if line.waits else ShownState(line.state)


def order(line: HouseLine) -> tuple[str, str]:
    """Return by what lists are in order: two houses may have one position."""
    return line.position, line.id


def within(lines: Sequence[HouseLine], prefix: str) -> Sequence[HouseLine]:
    """Return those whose ОКТМО code begins so, of lines in their order."""
    key = attrgetter("oktmo")
    first = bisect_left(lines, prefix, key=key)
    # No digit comes after a colon.
    return lines[first : bisect_left(lines, f"{prefix}:", lo=first, key=key)]


def cursor_of(line: HouseLine) -> str:
    """Return where the page after a house begins: its place, which no change of the list moves."""
    return urlsafe_b64encode(SEPARATOR.join(order(line)).encode()).decode().rstrip("=")


def _order_of(cursor: str) -> tuple[str, str]:
    """Return the place that a cursor says; LookupError for what is no cursor of ours."""
    try:
        said = urlsafe_b64decode(f"{cursor}{'=' * (-len(cursor) % 4)}").decode()
    except ValueError as error:
        raise LookupError(cursor) from error
    position, separator, house_id = said.partition(SEPARATOR)
    if cursor and not separator:
        raise LookupError(cursor)
    return position, house_id
