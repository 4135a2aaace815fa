"""People's pages are found the same way in memory and in VK."""

from collections.abc import Callable

import pytest

from housechats.ports.people import Page, Pages
from local.vk.switches import every_position
from support.fakes import FakePages
from support.vk_side import GONE, UNWILLING, WILLING, VkSide

NOBODY = "4294967295"
"""People's numbers end far below."""


def in_memory() -> FakePages:
    marfa = Page(WILLING)
    return FakePages(
        {
            "marfa_v": marfa,
            str(WILLING): marfa,
            "petr_b": Page(UNWILLING),
            str(GONE): Page(GONE, gone=True),
        }
    )


@pytest.fixture(
    params=[
        pytest.param(in_memory, id="in memory"),
        *(
            pytest.param(lambda switches=switches: VkSide(switches).pages, id=name)
            for name, switches in every_position()
        ),
    ]
)
def pages(request: pytest.FixtureRequest) -> Pages:
    make: Callable[[], Pages] = request.param
    return make()


def test_pages_are_found_by_number_and_by_name_in_any_case(pages: Pages) -> None:
    found = pages.look_up({str(WILLING), "marfa_v", "Petr_B"}, oktmo="11701000")

    assert found == {
        str(WILLING): Page(WILLING),
        "marfa_v": Page(WILLING),
        "Petr_B": Page(UNWILLING),
    }


def test_a_page_that_nobody_has_is_left_out(pages: Pages) -> None:
    found = pages.look_up({"nobody_at_all", NOBODY, "marfa_v"}, oktmo="11701000")

    assert set(found) == {"marfa_v"}


def test_when_nobody_has_any_of_them_nothing_is_found(pages: Pages) -> None:
    assert pages.look_up({"nobody_at_all"}, oktmo="11701000") == {}


def test_a_deleted_page_is_there_but_gone(pages: Pages) -> None:
    assert pages.look_up({str(GONE)}, oktmo="11701000") == {str(GONE): Page(GONE, gone=True)}


def test_nothing_is_asked_about_nobody() -> None:
    vk = VkSide()

    found = vk.pages.look_up([], oktmo="11701000")

    assert found == {}
    assert vk.clock.now() == VkSide().clock.now()


def test_a_long_list_is_asked_about_by_the_thousand() -> None:
    vk = VkSide()
    began = vk.clock.now()

    found = vk.pages.look_up([str(n) for n in range(1, 2_502)], oktmo="11701000")

    assert len(found) == 2_501
    calls = (vk.clock.now() - began) / vk.latency
    assert round(calls) == 3
