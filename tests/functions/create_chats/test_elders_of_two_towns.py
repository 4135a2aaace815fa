"""Each town has its own record of an elder: what one town says of a person concerns no other."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from create_chats.enrol import enrol_row
from housechats.domain.addresses import Address
from housechats.domain.batches import ListedHouse, Row, Verdict
from housechats.domain.errors import UnavailableError
from housechats.domain.houses import House
from housechats.domain.people import Elder
from housechats.ports.people import Page
from support.staff_door import ELSEWHERE, StaffDoor, staff_door

MARFA = 101
NAME, PHONE, LAST_DIGITS = "Вымыслова Марфа", "+7 999 000-00-01", "01"
ELSEWHERE_OKTMO = "11730000"
BY_PAGE: dict[str, Any] = {"elder_vk": f"vk.com/id{MARFA}"}
BY_SCREEN_NAME = {"elder_vk": "vk.com/marfa_v"}
BY_PHONE = {"elder_phone": PHONE}

Naming = Callable[[StaffDoor, dict[str, str]], Any]


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[StaffDoor]:
    with staff_door(monkeypatch) as opened:
        opened.pages.pages = {f"{MARFA}": Page(MARFA)}
        yield opened


def created(door: StaffDoor, address: str, *, vk_id: int = 1, **said: Any) -> dict[str, Any]:
    status, card = door.ask("POST", "/houses", {"address": address, **said}, vk_id=vk_id)
    assert status == 201, card
    return dict(card)


def at_home(door: StaffDoor, **said: Any) -> House:
    """Create a house of the first town with its elder."""
    card = created(door, "г. Архангельск, ул. Садовая, д. 1", elder_name=NAME, **said)
    return kept(door, card["id"])


def elsewhere(door: StaffDoor, **said: Any) -> dict[str, Any]:
    return created(door, "г. Котлас, ул. Новая, д. 3", vk_id=ELSEWHERE, **said)


def kept(door: StaffDoor, house_id: str) -> House:
    house = door.doors.houses.get(house_id)
    assert house
    return house


def by_creating(door: StaffDoor, said: dict[str, str]) -> Any:
    return elsewhere(door, **said)


def by_handing_over(door: StaffDoor, said: dict[str, str]) -> Any:
    house_id = elsewhere(door)["id"]
    named = {column.removeprefix("elder_"): text for column, text in said.items()}
    status, card = door.ask("PUT", f"/houses/{house_id}/elder", named, vk_id=ELSEWHERE)
    assert status == 200, card
    return card


def by_a_list(door: StaffDoor, said: dict[str, str]) -> Any:
    elder = Elder(
        said["elder_name"],
        said.get("elder_phone", "").replace(" ", "").replace("-", ""),
        MARFA if "id" in said.get("elder_vk", "") else 0,
        "marfa_v" if "marfa_v" in said.get("elder_vk", "") else "",
    )
    address = Address(locality="г. Котлас", street_type="ул", street="Новая", house="3")
    row = Row(2, Verdict.ACCEPTED, house=ListedHouse(address, ELSEWHERE_OKTMO, elder=elder))
    verdict = enrol_row(
        row,
        batch_id="b-2",
        oktmo=ELSEWHERE_OKTMO,
        registry=door.doors.registry,
        now=datetime.now(UTC),
    )
    assert (verdict.verdict, verdict.problems) == (Verdict.ACCEPTED, ())
    return door.ask("GET", f"/houses/{verdict.house_id}", vk_id=ELSEWHERE)[1]


@pytest.mark.parametrize("name_there", [by_creating, by_handing_over, by_a_list])
@pytest.mark.parametrize(
    "contact",
    [
        pytest.param(BY_PAGE, id="by the page's number"),
        pytest.param(BY_SCREEN_NAME, id="by the page's name"),
        pytest.param(BY_PHONE, id="by phone"),
    ],
)
@pytest.mark.parametrize("name", [NAME, "Вымыслова Обманута"])
def test_another_town_that_names_the_same_person_changes_and_reads_nothing(
    door: StaffDoor, name_there: Naming, contact: dict[str, str], name: str
) -> None:
    # Nobody says whose a name is: it is all that there is of the page.
    trouble = UnavailableError("no answer") if contact is BY_SCREEN_NAME else None
    door.pages.trouble = trouble
    house = at_home(door, **{"elder_phone": PHONE, **contact})
    before = door.doors.elders.get(house.elder_id)
    door.pages.trouble = trouble

    said = {"elder_phone": "+7 999 000-00-77", **contact, "elder_name": name}
    card = name_there(door, said)

    assert before
    assert kept(door, house.id) == house
    assert door.doors.elders.get(house.elder_id) == before
    assert door.doors.elders.houses_of([house.elder_id]) == {house.id}
    assert card["elder"]["name"] == name
    if contact is not BY_PHONE:
        assert card["elder"]["phone"].endswith("77")
        assert f"-{LAST_DIGITS}" not in json.dumps(card["elder"])


def test_a_town_that_knows_no_phone_is_shown_none_of_another_town(door: StaffDoor) -> None:
    at_home(door, elder_phone=PHONE, **BY_PAGE)

    card = elsewhere(door, elder_name=NAME, **BY_PAGE)

    assert card["elder"] == {"name": NAME, "has_vk": True, "phone": ""}


def test_nobody_is_told_that_a_page_is_an_elders_in_another_town(door: StaffDoor) -> None:
    at_home(door, elder_phone=PHONE, **BY_PAGE)
    house_id = elsewhere(door)["id"]

    named = {"name": "Былов Пётр", "vk": f"id{MARFA}"}
    there = door.ask("PUT", f"/houses/{house_id}/elder", named, vk_id=ELSEWHERE)
    second = created(door, "г. Архангельск, ул. Садовая, д. 2")
    here = door.ask("PUT", f"/houses/{second['id']}/elder", named)

    assert (there[0], there[1]["remarks"]) == (200, [])
    assert here[0] == 422


def test_an_elder_of_two_towns_sees_both_houses(door: StaffDoor) -> None:
    house = at_home(door, **BY_PAGE)
    other = elsewhere(door, elder_name=NAME, **BY_PAGE)
    elsewhere_too = created(door, "г. Котлас, ул. Новая, д. 5", vk_id=ELSEWHERE)

    _, page = door.ask("GET", "/houses", vk_id=MARFA)
    cards = [
        door.ask("GET", f"/houses/{house_id}", vk_id=MARFA)[0]
        for house_id in (house.id, other["id"], elsewhere_too["id"])
    ]

    assert {one["id"] for one in page["items"]} == {house.id, other["id"]}
    assert cards == [200, 200, 404]


def test_an_elder_of_two_towns_gets_a_letter_of_each(door: StaffDoor) -> None:
    house = at_home(door, **BY_PAGE)
    other = kept(door, elsewhere(door, elder_name=NAME, **BY_PAGE)["id"])

    letters = [door.doors.instructions.get(one.letter_id, one.elder_id) for one in (house, other)]

    assert house.elder_id != other.elder_id
    assert [letter.house_ids if letter else None for letter in letters] == [
        frozenset({house.id}),
        frozenset({other.id}),
    ]


def test_who_has_handed_a_house_over_sees_it_no_more(door: StaffDoor) -> None:
    house = at_home(door, **BY_PAGE)
    created(door, "г. Архангельск, ул. Садовая, д. 2", elder_name=NAME, **BY_PAGE)
    heir = {"name": "Былов Пётр", "phone": "+7 999 000-00-09"}
    assert door.ask("PUT", f"/houses/{house.id}/elder", heir)[0] == 200

    status, _ = door.ask("GET", f"/houses/{house.id}", vk_id=MARFA)

    assert status == 404
