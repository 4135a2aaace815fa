"""Staff find houses by any words of an address, page by page."""

from dataclasses import replace

import pytest

from create_chats.catalogue import FRESH_S, Catalogue, HousePage, matches
from housechats.domain.houses import HouseLine
from housechats.domain.territories import Territory
from support.clock import VirtualClock
from support.fakes import FakeHouses

LINE = HouseLine(id="A", oktmo="11701000", title="ул. Садовая, д. 1", state="open")
TERRITORY = Territory("11701000")


class CountedHouses(FakeHouses):
    """Houses with given lines, that count how often they are read."""

    def __init__(self, lines: list[HouseLine]) -> None:
        super().__init__()
        self.shown, self.reads = lines, 0

    def lines(self, territory: Territory) -> list[HouseLine]:
        self.reads += 1
        return self.shown


def catalogue(*lines: HouseLine, clock: VirtualClock | None = None) -> Catalogue:
    return Catalogue(CountedHouses(list(lines)), clock=(clock or VirtualClock()).now)


def page(
    of: Catalogue, text: str = "", state: str = "", cursor: str = "", limit: int = 50
) -> HousePage:
    return of.page(TERRITORY, text=text, state=state, cursor=cursor, limit=limit)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", True),
        ("садовая", True),
        ("сад 1", True),
        ("1 САДОВАЯ", True),
        ("ул. Садовая, д. 1", True),
        ("садовая 2", False),
        ("адовая", False),
    ],
)
def test_words_may_come_in_any_order_and_unfinished(text: str, *, found: bool) -> None:
    assert matches("ул. Садовая, д. 1", text) is found


def test_both_letters_e_are_one() -> None:
    assert matches("ул. Королёва, д. 5", "королева")
    assert matches("ул. Королева, д. 5", "королёва")


def test_pages_follow_each_other_without_gaps() -> None:
    lines = [replace(LINE, id=f"H{n}", title=f"ул. Садовая, д. {n}") for n in range(5)]
    houses = catalogue(*lines)

    first = page(houses, limit=2)
    second = page(houses, limit=2, cursor=first.next_cursor)
    third = page(houses, limit=2, cursor=second.next_cursor)

    assert [line.id for p in (first, second, third) for line in p.items] == [
        line.id for line in lines
    ]
    assert (first.total, third.next_cursor) == (5, "")


def test_counts_are_of_all_states_and_the_page_of_one() -> None:
    houses = catalogue(
        LINE,
        replace(LINE, id="B", state="planned"),
        replace(LINE, id="C", state="planned", waits=True),
    )

    planned = page(houses, state="planned")
    waiting = page(houses, state="waiting")

    assert [line.id for line in planned.items] == ["B"]
    assert [line.id for line in waiting.items] == ["C"]
    assert planned.counts == {"open": 1, "planned": 1, "waiting": 1}
    assert planned.total == 1


def test_a_list_that_is_polled_is_read_once_in_five_seconds() -> None:
    clock = VirtualClock()
    houses = CountedHouses([LINE])
    shown = Catalogue(houses, clock=clock.now)

    for _ in range(10):
        shown.lines(TERRITORY)
    reads = houses.reads
    clock.sleep(FRESH_S + 0.1)
    shown.lines(TERRITORY)

    assert (reads, houses.reads) == (1, 2)


def test_a_fresh_process_reads_though_its_clock_begins_at_zero() -> None:
    clock = VirtualClock(seconds=1.0)
    houses = CountedHouses([LINE])

    shown = Catalogue(houses, clock=clock.now).lines(TERRITORY)

    assert shown == [LINE]


def test_territories_are_not_mixed_up() -> None:
    houses = CountedHouses([LINE])
    shown = Catalogue(houses, clock=VirtualClock().now)

    shown.lines(TERRITORY)
    shown.lines(Territory("11"))

    assert houses.reads == 2
