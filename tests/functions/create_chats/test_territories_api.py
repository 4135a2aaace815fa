"""Administrators say in which town the addresses lie that name none."""

from collections.abc import Iterator

import pytest

from support.staff_door import ADMINISTRATOR, ELSEWHERE, OF_REGION, STAFF, StaffDoor, staff_door

TOWN = {"locality": "Архангельск г"}


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[StaffDoor]:
    with staff_door(monkeypatch) as door:
        yield door


def test_a_town_is_set_in_the_spelling_of_addresses_and_can_be_changed(door: StaffDoor) -> None:
    _, before = door.ask("GET", "/territories/11701000")

    status, card = door.ask("PUT", "/territories/11701000", TOWN)

    assert (before["locality"], status) == ("", 200)
    assert card == {"oktmo": "11701000", "locality": "г. Архангельск"}
    assert door.ask("GET", "/territories/11701000", vk_id=STAFF)[1] == card
    door.ask("PUT", "/territories/11701000", {"locality": "п. Боброво"}, vk_id=OF_REGION)
    assert door.ask("GET", "/territories/11701000")[1]["locality"] == "п. Боброво"


def test_a_town_can_be_taken_back(door: StaffDoor) -> None:
    door.ask("PUT", "/territories/11701000", TOWN)

    status, card = door.ask("PUT", "/territories/11701000", {"locality": ""})

    assert (status, card["locality"]) == (200, "")
    assert door.ask("GET", "/territories/11701000")[1]["locality"] == ""


def test_a_municipality_s_code_of_eleven_digits_is_the_same_municipality(door: StaffDoor) -> None:
    door.ask("PUT", "/territories/11701000000", TOWN)

    _, card = door.ask("GET", "/territories/11701000")

    assert card["locality"] == "г. Архангельск"


@pytest.mark.parametrize("text", ["  ", "ул. Ленина", "12", "г. Архангельск, ул. Садовая, д. 5"])
def test_what_is_no_town_is_not_taken(door: StaffDoor, text: str) -> None:
    status, problem = door.ask("PUT", "/territories/11701000", {"locality": text})

    assert (status, problem["code"]) == (422, "invalid")
    assert [error["pointer"] for error in problem["errors"]] == ["/locality"]


@pytest.mark.parametrize(
    ("vk_id", "oktmo", "expected"),
    [
        pytest.param(ADMINISTRATOR, "11701000", (200, 200), id="their own"),
        pytest.param(OF_REGION, "11701000", (200, 200), id="in their region"),
        pytest.param(STAFF, "11701000", (200, 403), id="staff read only"),
        pytest.param(ELSEWHERE, "11701000", (404, 404), id="elsewhere"),
        pytest.param(ADMINISTRATOR, "11", (404, 404), id="above them"),
        pytest.param(OF_REGION, "11", (200, 409), id="a region has many towns"),
        pytest.param(OF_REGION, "118", (404, 404), id="a region within theirs"),
        pytest.param(OF_REGION, "1170", (422, 422), id="no territory"),
    ],
)
def test_a_territory_is_read_by_all_and_set_by_administrators_of_its_own(
    door: StaffDoor, vk_id: int, oktmo: str, expected: tuple[int, int]
) -> None:
    path = f"/territories/{oktmo}"

    read, _ = door.ask("GET", path, vk_id=vk_id)
    written, _ = door.ask("PUT", path, TOWN, vk_id=vk_id)

    assert (read, written) == expected
