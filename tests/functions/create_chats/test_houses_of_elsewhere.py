"""A list or a form of one territory neither changes nor names houses of another."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from create_chats.take_list import Desk, Upload, take_list
from create_chats.uploads import upload_key
from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory
from support.fakes import etag_of
from support.staff_door import ELSEWHERE, OF_REGION, StaffDoor, staff_door

SETTLEMENT, NEIGHBOUR = "11605101101", "11605101106"
OF_SETTLEMENT = 50
ADDRESS = "п. Дальний, ул. Садовая, д. 1"
FIAS_ID = "0cb9f2e0-7a51-4d4f-9f5c-0a1b2c3d4e5f"


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[StaffDoor]:
    with staff_door(monkeypatch) as door:
        place, now = Territory(SETTLEMENT), datetime.now(UTC)
        door.doors.gate.posts.give(Post(OF_SETTLEMENT, Role.STAFF, place, now, "operator"))
        yield door


def rows_of(door: StaffDoor, text: str) -> Any:
    """Return what is told of the rows of a list of the settlement."""
    _, batch = door.ask("POST", "/batches", {"name": "дома.csv"}, vk_id=OF_SETTLEMENT)
    key, body = upload_key(SETTLEMENT, batch["id"]), text.encode()
    door.doors.lists.put(key, body, content_type="text/csv")
    desk = Desk(
        lists=door.doors.lists,
        batches=door.doors.batches,
        towns=door.doors.towns,
        communities=door.doors.registry.communities,
        pages=door.pages,
        rows=door.rows,
    )
    take_list(Upload(key, etag_of(body), "anonymous"), desk=desk, now=datetime.now(UTC))
    door.enrol()
    return door.ask("GET", f"/batches/{batch['id']}/rows", vk_id=OF_SETTLEMENT)[1]["items"]


def test_a_list_of_one_settlement_changes_no_house_of_its_neighbour(door: StaffDoor) -> None:
    new = {"address": ADDRESS, "oktmo": NEIGHBOUR, "elder_name": "Небылов Фома"}
    _, house = door.ask("POST", "/houses", new, vk_id=OF_REGION)
    before = door.doors.houses.get(house["id"])

    (row,) = rows_of(door, f"Адрес;Старший\n{ADDRESS};Вымыслова Марфа\n")

    assert before
    assert door.doors.houses.get(house["id"]) == before
    assert (row["verdict"], row["house_id"]) == ("rejected", "")
    assert row["problems"][0]["code"] == "house_elsewhere"


def test_a_form_of_one_settlement_does_not_show_a_house_of_its_neighbour(door: StaffDoor) -> None:
    door.ask("POST", "/houses", {"address": ADDRESS, "oktmo": NEIGHBOUR}, vk_id=OF_REGION)

    status, answer = door.ask("POST", "/houses", {"address": ADDRESS}, vk_id=OF_SETTLEMENT)

    assert (status, [one["pointer"] for one in answer["errors"]]) == (422, ["/address"])


def test_who_gives_a_fias_id_of_elsewhere_learns_no_title(door: StaffDoor) -> None:
    street = "ул. Садовая, д. 1"
    new = {"address": f"г. Архангельск, {street}", "fias_id": FIAS_ID}
    door.ask("POST", "/houses", new)
    other = {"address": "г. Котлас, ул. Новая, д. 3", "fias_id": FIAS_ID}

    here = door.ask("POST", "/houses", {**other, "address": "г. Архангельск, ул. Новая, д. 3"})
    elsewhere = door.ask("POST", "/houses", other, vk_id=ELSEWHERE)

    assert (here[0], elsewhere[0]) == (422, 422)
    assert street in here[1]["errors"][0]["detail"]
    assert street not in elsewhere[1]["errors"][0]["detail"]
