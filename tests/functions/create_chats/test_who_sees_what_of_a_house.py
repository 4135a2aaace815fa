"""Of one house each sees what is theirs: its elder stays unknown to who does not name elders."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory
from housechats.ports.people import Page
from support.staff_door import OKTMO, STAFF, StaffDoor, staff_door

REPRESENTATIVE, ELDER = 71, 72
COSY = "2901000017"
PHONE, NAME = "+7 999 000-00-07", "Вымыслова Марфа"


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[StaffDoor]:
    with staff_door(monkeypatch) as door:
        territory, now = Territory(OKTMO), datetime.now(UTC)
        speaker = Post(REPRESENTATIVE, Role.REPRESENTATIVE, territory, now, "vk:3", inn=COSY)
        door.doors.gate.posts.give(speaker)
        door.pages.pages = {f"{ELDER}": Page(ELDER)}
        yield door


def house_with_elder(door: StaffDoor) -> str:
    """Enrol a house by a list, with tags and a company; its elder has joined its chat."""
    door.enrolled(
        "Адрес;Теги;УК;ИНН УК;Старший;Телефон;ВК\n"
        f"г. Архангельск, ул. Садовая, д. 1;льгота;ООО «Уют»;{COSY};{NAME};{PHONE};id{ELDER}\n"
    )
    (line,) = door.ask("GET", "/houses", vk_id=STAFF)[1]["items"]
    door.doors.houses.made(line["id"], chat_id=5, now=datetime.now(UTC))
    door.doors.houses.opened(line["id"], link="https://vk.me/join/1", cmid=1)
    house = door.doors.houses.get(line["id"])
    assert house
    door.doors.residents.note(house, 2, elder_joined=True, now=datetime.now(UTC))
    return str(line["id"])


def card(door: StaffDoor, house_id: str, vk_id: int) -> Any:
    status, shown = door.ask("GET", f"/houses/{house_id}", vk_id=vk_id)
    assert status == 200, shown
    return shown


def test_staff_see_the_elder_and_what_they_noted(door: StaffDoor) -> None:
    house_id = house_with_elder(door)

    shown = card(door, house_id, STAFF)

    assert (shown["elder"]["name"], shown["tags"]) == (NAME, ["льгота"])
    assert shown["instruction"]
    assert shown["batch_id"]
    assert shown["funnel"]["elder_joined_at"]


def test_a_representative_sees_the_house_and_nothing_of_its_elder(door: StaffDoor) -> None:
    house_id = house_with_elder(door)
    house = door.doors.houses.get(house_id)
    assert house

    shown = card(door, house_id, REPRESENTATIVE)
    listed = door.ask("GET", "/houses", vk_id=REPRESENTATIVE)[1]["items"]

    assert (shown["id"], list(shown["organisations"])) == (house_id, [COSY])
    assert (shown["elder"], shown["instruction"]) == (None, None)
    assert (shown["tags"], shown["batch_id"], shown["reason"]) == ([], "", "")
    assert (shown["funnel"]["residents"], shown["funnel"]["elder_joined_at"]) == (2, None)
    said = f"{shown}{listed}"
    for secret in (NAME, "··-07", house.elder_id, house.batch_id, "льгота"):
        assert secret not in said


def test_an_elder_sees_what_is_known_of_themselves_and_nothing_that_staff_noted(
    door: StaffDoor,
) -> None:
    house_id = house_with_elder(door)

    shown = card(door, house_id, ELDER)

    assert shown["elder"] == {"name": NAME, "has_vk": True, "phone": "+7 ••• •••-••-07"}
    assert shown["instruction"]["house_ids"] == [house_id]
    assert shown["funnel"]["elder_joined_at"]
    assert (shown["tags"], shown["batch_id"]) == ([], "")


def test_who_was_the_elder_sees_nothing_of_the_house(door: StaffDoor) -> None:
    house_id = house_with_elder(door)
    heir = {"name": "Небылов Фома", "phone": "8 999 000-00-03"}
    door.ask("PUT", f"/houses/{house_id}/elder", heir, vk_id=STAFF)

    status, _ = door.ask("GET", f"/houses/{house_id}", vk_id=ELDER)

    assert status in {403, 404}
