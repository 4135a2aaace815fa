"""People's pages are told apart even if one name spoils a whole call."""

from typing import Any

import pytest

from housechats.adapters.vk import MOST_REFUSALS, VkPages
from housechats.domain.errors import RefusedError, UnavailableError
from housechats.ports.chats import Lane
from housechats.ports.people import Page


class StrictApi:
    """Refuses a call in which any name is nobody's."""

    def __init__(self, known: set[str]) -> None:
        self.known = known
        self.calls = 0

    def call(self, _method: str, _lane: Lane, **params: Any) -> list[dict[str, int]]:
        self.calls += 1
        names = params["user_ids"].split(",")
        if not self.known.issuperset(names):
            raise RefusedError("113", "Invalid user id")
        return [{"id": int(name)} for name in names]


def pages_of(api: StrictApi) -> VkPages:
    return VkPages(lambda _: api, Lane.BULK)  # type: ignore[arg-type,return-value]


def test_a_page_that_is_not_there_costs_nobody_else_theirs() -> None:
    api = StrictApi({str(n) for n in range(100, 200)})

    found = pages_of(api).look_up([*api.known, "7"], oktmo="11")

    assert found == {name: Page(int(name), gone=False) for name in api.known}
    assert api.calls < 20


def test_too_many_refusals_say_nothing_of_anybody() -> None:
    api = StrictApi(set())

    with pytest.raises(UnavailableError):
        pages_of(api).look_up([str(n) for n in range(1, 901)], oktmo="11")

    assert api.calls == MOST_REFUSALS + 1
