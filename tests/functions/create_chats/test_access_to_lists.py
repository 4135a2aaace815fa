"""Outside an official's territory nothing of a list exists, whatever is asked of it."""

from collections.abc import Iterator

import pytest

from support.staff_door import (
    ADMINISTRATOR,
    ELSEWHERE,
    OF_REGION,
    STAFF,
    StaffDoor,
    staff_door,
)

NOBODY = 999
LIST = "Адрес\nг. Архангельск, ул. Садовая, д. 1\n"
ROUTES = [
    ("GET", ""),
    ("GET", "/rows"),
    ("GET", "/rows/2"),
    ("PATCH", "/rows/2"),
    ("POST", "/confirmation"),
    ("POST", "/result"),
    ("GET", "/result"),
    ("GET", "/instructions"),
]


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[StaffDoor]:
    with staff_door(monkeypatch) as door:
        yield door


@pytest.mark.parametrize(
    ("vk_id", "expected"),
    [
        pytest.param(ADMINISTRATOR, {200, 202}, id="administrator"),
        pytest.param(STAFF, {200, 202}, id="staff"),
        pytest.param(OF_REGION, {200, 202}, id="administrator of the region"),
        pytest.param(ELSEWHERE, {404}, id="administrator elsewhere"),
        pytest.param(NOBODY, {403}, id="nobody"),
    ],
)
def test_a_list_is_there_for_the_officials_of_its_territory_only(
    door: StaffDoor, vk_id: int, expected: set[int]
) -> None:
    batch_id = door.enrolled(LIST)
    cells = {"cells": {"entrances": "2"}}

    statuses = {
        door.ask(
            method,
            f"/batches/{batch_id}{path}",
            cells if method == "PATCH" else None,
            vk_id=vk_id,
        )[0]
        for method, path in ROUTES
    }

    assert statuses == expected
