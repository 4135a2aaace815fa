"""Staff create, find and retry houses over HTTP; bad input gets a sentence and harms nothing."""

from collections.abc import Iterator
from typing import Any

import pytest

from housechats.domain.organisations import OrganisationKind
from housechats.ports.people import Page
from support.killing import Killed, Wire
from support.staff_door import ELSEWHERE, OF_REGION, StaffDoor, staff_door

ADDRESS = "г. Архангельск, ул. Садовая, д. 1"


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[StaffDoor]:
    with staff_door(monkeypatch) as door:
        yield door


def create(door: StaffDoor, address: str = ADDRESS, **fields: object) -> tuple[int, Any]:
    return door.ask("POST", "/houses", {"address": address, **fields})


def test_a_house_is_created_once_and_the_second_answer_says_so(door: StaffDoor) -> None:
    first, house = create(door, entrances=3)
    second, same = create(door, entrances=9)

    assert (first, house["state"]) == (201, "planned")
    assert any("Старший не указан" in remark for remark in house["remarks"])
    assert (second, same["id"], same["entrances"]) == (200, house["id"], 3)
    assert same["remarks"] == ["Такой дом уже есть, и в нём ничего не изменилось."]


def test_a_new_house_is_handed_over_to_be_opened(door: StaffDoor) -> None:
    _, house = create(door)

    assert door.openings.bodies == [{"house_id": house["id"]}]


def test_the_sweep_opens_the_chat_of_a_house_whose_request_was_cut_off(door: StaffDoor) -> None:
    wire = Wire(before={1})
    door.cut_off(wire.watch("openings", door.openings))

    with pytest.raises(Killed):
        create(door)
    door.sweep()

    (house,) = door.ask("GET", "/houses")[1]["items"]
    assert door.openings.bodies == [{"house_id": house["id"]}]


def test_a_list_of_houses_keeps_to_itself_how_it_is_kept(door: StaffDoor) -> None:
    create(door)

    _, page = door.ask("GET", "/houses")

    (house,) = page["items"]
    assert house.keys() >= {"id", "title", "state"}
    assert house.keys().isdisjoint({"position", "told"})


def test_what_was_not_understood_is_remarked(door: StaffDoor) -> None:
    _, house = create(door, elder_name="Былов Пётр", elder_phone="abc")

    assert any("телефон" in remark.lower() for remark in house["remarks"])


def test_the_page_of_a_new_house_s_elder_gets_its_number(door: StaffDoor) -> None:
    door.pages.pages = {"marfa_v": Page(101)}

    _, house = create(door, elder_name="Вымыслова Марфа", elder_vk="vk.com/marfa_v")

    kept = door.doors.houses.get(house["id"])
    assert kept
    elder = door.doors.elders.get(kept.elder_id)
    assert elder
    assert (elder.vk_id, elder.vk_name) == (101, "marfa_v")


def test_a_page_that_is_not_there_is_remarked_and_the_chat_is_created(door: StaffDoor) -> None:
    status, house = create(door, elder_name="Вымыслова Марфа", elder_vk="vk.com/marfa_v")

    assert status == 201
    assert any("Такой страницы ВКонтакте нет" in remark for remark in house["remarks"])


def test_a_house_in_the_town_of_its_territory_needs_no_town(door: StaffDoor) -> None:
    door.ask("PUT", "/territories/11701000", {"locality": "г. Архангельск"})

    status, house = create(door, "ул. Садовая, д. 1")

    assert (status, house["address"]) == (201, "г. Архангельск, ул. Садовая, д. 1")


def test_a_card_shows_flats_tags_and_organisations(door: StaffDoor) -> None:
    batch_id = door.enrolled(
        f"Адрес;Квартир;Теги;УК;ИНН УК\n{ADDRESS};120;новостройка;ООО «Пример»;7707083893\n"
    )
    _, rows = door.ask("GET", f"/batches/{batch_id}/rows")

    _, house = door.ask("GET", f"/houses/{rows['items'][0]['house_id']}")

    assert (house["flats"], house["tags"]) == (120, ["новостройка"])
    assert house["organisations"] == {"7707083893": OrganisationKind.MANAGEMENT_COMPANY}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        pytest.param({}, "/address", id="no address"),
        pytest.param({"address": ""}, "/address", id="an empty address"),
        pytest.param({"address": "  \t"}, "/address", id="a blank address"),
        pytest.param({"address": "Итого"}, "/address", id="a total"),
        pytest.param({"address": "ул. Садовая"}, "/address", id="no number"),
        pytest.param({"address": ADDRESS, "oktmo": "36701000"}, "/oktmo", id="elsewhere"),
        pytest.param({"address": ADDRESS, "oktmo": "1170１０００"}, "/oktmo", id="other digits"),
        pytest.param({"address": ADDRESS, "entrances": "много"}, "/entrances", id="no number"),
        pytest.param("[" * 100_000, "", id="too deep"),
        pytest.param("{", "", id="no JSON"),
    ],
)
def test_bad_input_is_a_problem_with_a_place_and_a_sentence(
    door: StaffDoor, body: object, pointer: str
) -> None:
    status, problem = door.ask("POST", "/houses", body)

    assert (status, problem["code"]) == (422, "invalid")
    assert pointer in {error["pointer"] for error in problem["errors"]}
    assert door.ask("GET", "/houses")[1]["total"] == 0


def test_pages_of_one_state_go_on_where_they_ended(door: StaffDoor) -> None:
    addresses = [f"г. Архангельск, ул. Садовая, д. {n}" for n in range(1, 6)]
    ids = {create(door, address)[1]["id"] for address in addresses}
    planned = {"state": "planned"}

    _, first = door.ask("GET", "/houses", query={**planned, "limit": "2"})
    after = {"limit": "3", "cursor": first["next_cursor"]}
    _, second = door.ask("GET", "/houses", query={**planned, **after})

    assert {house["id"] for house in first["items"] + second["items"]} == ids
    assert (first["total"], second["next_cursor"]) == (5, "")


@pytest.mark.parametrize("query", [{"cursor": "zzz"}, {"state": "foo"}, {"limit": "0"}])
@pytest.mark.parametrize("path", ["/houses", "/batches"])
def test_a_page_that_cannot_be_is_a_problem(
    door: StaffDoor, path: str, query: dict[str, str]
) -> None:
    status, _ = door.ask("GET", path, query=query)

    assert status == (200 if (path, *query) == ("/batches", "state") else 422)


def test_a_house_elsewhere_does_not_exist(door: StaffDoor) -> None:
    new = {"address": ADDRESS, "oktmo": "11605000"}
    created, house = door.ask("POST", "/houses", new, vk_id=OF_REGION)

    statuses = [
        door.ask(method, path, vk_id=ELSEWHERE)[0]
        for method, path in [
            ("GET", f"/houses/{house['id']}"),
            ("POST", f"/houses/{house['id']}/retry"),
        ]
    ]

    assert created == 201
    assert statuses == [404, 404]


def test_a_chat_on_its_way_cannot_be_retried(door: StaffDoor) -> None:
    _, house = create(door)

    status, problem = door.ask("POST", f"/houses/{house['id']}/retry")

    assert (status, problem["code"]) == (409, "conflict")
