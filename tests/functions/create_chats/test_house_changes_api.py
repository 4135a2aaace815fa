"""Staff change a house, hand it over, close and reopen its chat over HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from housechats.domain.houses import House
from housechats.domain.instructions import InstructionState
from housechats.ports.people import Page
from support.staff_door import ELSEWHERE, STAFF, StaffDoor, staff_door

ADDRESS = "г. Архангельск, ул. Садовая, д. 1"
PHONE = "+7 999 000-00-03"


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[StaffDoor]:
    with staff_door(monkeypatch) as door:
        yield door


def opened(door: StaffDoor, **fields: object) -> str:
    """Create a house whose chat is open, and return its id."""
    status, house = door.ask("POST", "/houses", {"address": ADDRESS, **fields})
    assert status == 201, house
    door.doors.houses.made(house["id"], chat_id=5, now=datetime.now(UTC))
    door.doors.houses.opened(house["id"], link="https://vk.me/join/1", cmid=1)
    return str(house["id"])


def kept(door: StaffDoor, house_id: str) -> House:
    house = door.doors.houses.get(house_id)
    assert house
    return house


def problem_at(answer: Any) -> list[str]:
    return [one["pointer"] for one in answer.get("errors", [])]


def test_a_title_is_changed_and_the_chat_follows(door: StaffDoor) -> None:
    house_id = opened(door)

    status, card = door.ask("PATCH", f"/houses/{house_id}", {"title": "  ЖК  «Север» "})

    assert (status, card["title"], card["revision"]) == (200, "ЖК «Север»", 1)
    assert not card["up_to_date"]
    assert door.renewals.take() == [{"house_id": house_id}]


def test_what_a_chat_does_not_say_is_changed_without_it(door: StaffDoor) -> None:
    house_id = opened(door)

    changes = {"tags": ["лифт", "лифт"], "entrances": 4, "flats": 80}
    status, card = door.ask("PATCH", f"/houses/{house_id}", changes)

    assert (status, card["tags"], card["entrances"], card["flats"]) == (200, ["лифт"], 4, 80)
    assert card["up_to_date"]
    assert door.renewals.bodies == []


def test_nothing_said_changes_nothing(door: StaffDoor) -> None:
    house_id = opened(door)

    _, card = door.ask("PATCH", f"/houses/{house_id}", {})

    assert card["revision"] == 0


def test_a_house_gets_its_address_back(door: StaffDoor) -> None:
    house_id = opened(door)
    door.ask("PATCH", f"/houses/{house_id}", {"title": "ЖК «Север»"})

    _, card = door.ask("PATCH", f"/houses/{house_id}", {"title": ""})

    assert card["title"] == "ул. Садовая, д. 1"


@pytest.mark.parametrize(
    "wrong", [{"title": "x" * 65}, {"title": "дом\n"}, {"tags": [" "]}, {"entrances": -1}]
)
def test_what_cannot_be_is_refused(door: StaffDoor, wrong: dict[str, Any]) -> None:
    house_id = opened(door)

    status, answer = door.ask("PATCH", f"/houses/{house_id}", wrong)

    assert status == 422
    assert problem_at(answer)[0].startswith(f"/{next(iter(wrong))}")
    assert kept(door, house_id).revision == 0


def test_who_has_seen_another_house_changes_nothing(door: StaffDoor) -> None:
    house_id = opened(door)
    door.ask("PATCH", f"/houses/{house_id}", {"flats": 8})

    status, answer = door.ask(
        "PATCH", f"/houses/{house_id}", {"flats": 9}, headers={"If-Match": '"r0-abc"'}
    )

    assert (status, answer["code"]) == (412, "changed_meanwhile")
    assert kept(door, house_id).flats == 8


def test_a_chat_is_handed_over(door: StaffDoor) -> None:
    house_id = opened(door, elder_name="Небылов Фома", elder_phone=PHONE)
    door.pages.pages = {"marfa_v": Page(101)}

    heir = {"name": "Вымыслова Марфа", "vk": "vk.com/marfa_v", "phone": "8 999 000-00-07"}
    status, card = door.ask("PUT", f"/houses/{house_id}/elder", heir)

    assert status == 200, card
    assert card["elder"] == {
        "name": "Вымыслова Марфа",
        "has_vk": True,
        "phone": "+7 ••• •••-••-07",
    }
    assert (card["instruction"]["state"], card["remarks"]) == ("waiting", [])
    assert door.renewals.take() == [{"house_id": house_id}]
    house = kept(door, house_id)
    due = door.doors.instructions.due(datetime.now(UTC), limit=80)
    assert due == [(house.letter_id, house.elder_id)]
    assert door.doors.elders.houses_of([house.elder_id]) == {house_id}


def test_the_card_tells_staff_what_became_of_the_letter_to_the_former_elder(
    door: StaffDoor,
) -> None:
    house_id = opened(door, elder_name="Небылов Фома", elder_phone=PHONE)
    former = kept(door, house_id).elder_id
    heir = {"name": "Вымыслова Марфа", "phone": "8 999 000-00-07"}
    _, handed_over = door.ask("PUT", f"/houses/{house_id}/elder", heir)

    instructions = door.doors.instructions
    parting = instructions.get(kept(door, house_id).parting_id, former)
    assert parting
    instructions.finish(
        parting, InstructionState.UNDELIVERABLE, now=datetime.now(UTC), reason="Нет связи."
    )
    _, card = door.ask("GET", f"/houses/{house_id}", vk_id=STAFF)

    assert (handed_over["former"]["elder_id"], handed_over["former"]["state"]) == (
        former,
        "waiting",
    )
    assert (card["former"]["state"], card["former"]["reason"]) == ("undeliverable", "Нет связи.")
    assert card["instruction"]["elder_id"] != former


def test_a_house_that_had_no_elder_before_has_parted_with_nobody(door: StaffDoor) -> None:
    house_id = opened(door)
    heir = {"name": "Вымыслова Марфа", "phone": "8 999 000-00-07"}

    _, card = door.ask("PUT", f"/houses/{house_id}/elder", heir)

    assert (card["former"], kept(door, house_id).parting_id) == (None, "")


def test_the_same_elder_again_changes_nothing(door: StaffDoor) -> None:
    house_id = opened(door, elder_name="Небылов Фома", elder_phone=PHONE)
    before = kept(door, house_id)

    same = {"name": "Небылов Фома", "phone": "89990000003"}
    _, card = door.ask("PUT", f"/houses/{house_id}/elder", same)

    assert card["remarks"] == ["Этот старший уже назначен, ничего не изменилось."]
    assert kept(door, house_id) == before
    assert door.renewals.bodies == []


def test_a_new_phone_of_the_same_elder_is_kept(door: StaffDoor) -> None:
    door.pages.pages = {"marfa_v": Page(101)}
    page = {"elder_name": "Вымыслова Марфа", "elder_vk": "vk.com/marfa_v"}
    house_id = opened(door, **page)

    named = {"name": "Вымыслова Марфа Петровна", "vk": "vk.com/marfa_v", "phone": PHONE}
    _, card = door.ask("PUT", f"/houses/{house_id}/elder", named)

    house = kept(door, house_id)
    elder = door.doors.elders.get(house.elder_id)
    assert elder
    assert (elder.phone, card["elder"]["name"]) == ("+79990000003", named["name"])
    assert door.renewals.take() == [{"house_id": house_id}]


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"name": "Былов Пётр"}, "/name"),
        ({"name": "Былов Пётр", "phone": "abc"}, "/phone"),
        ({"name": "Былов Пётр", "vk": "vk.com/nobody_here"}, "/vk"),
        ({"name": "Былов Пётр", "vk": "vk.com/club5"}, "/vk"),
    ],
)
def test_an_elder_whom_nothing_reaches_is_not_named(
    door: StaffDoor, said: dict[str, str], pointer: str
) -> None:
    house_id = opened(door)

    status, answer = door.ask("PUT", f"/houses/{house_id}/elder", said)

    assert status == 422
    assert pointer in problem_at(answer)
    assert kept(door, house_id).elder_id == ""


def test_a_page_of_somebody_else_is_asked_about(door: StaffDoor) -> None:
    door.pages.pages = {"marfa_v": Page(101)}
    page = {"elder_name": "Вымыслова Марфа", "elder_vk": "vk.com/marfa_v"}
    opened(door, **page)
    _, other = door.ask("POST", "/houses", {"address": "г. Архангельск, ул. Садовая, д. 2"})

    wrong = {"name": "Былов Пётр", "vk": "vk.com/marfa_v"}
    status, answer = door.ask("PUT", f"/houses/{other['id']}/elder", wrong)

    assert (status, problem_at(answer)) == (422, ["/vk"])


def test_a_chat_is_closed_with_a_reason_and_opened_again(door: StaffDoor) -> None:
    house_id = opened(door)

    closed_with, closed = door.ask("POST", f"/houses/{house_id}/close", {"reason": "Расселён."})
    twice, _ = door.ask("POST", f"/houses/{house_id}/close", {"reason": "Расселён."})
    opened_with, reopened = door.ask("POST", f"/houses/{house_id}/reopen")

    assert (closed_with, twice, opened_with) == (202, 409, 202)
    assert (closed["state"], closed["closed"]["reason"]) == ("closed", "Расселён.")
    assert closed["link"] == ""
    assert (reopened["state"], reopened["closed"], reopened["link"]) == ("open", None, "")
    assert len(door.renewals.take()) == 2


def test_only_an_open_chat_is_closed_and_only_a_closed_one_opened(door: StaffDoor) -> None:
    _, house = door.ask("POST", "/houses", {"address": ADDRESS})

    closing, _ = door.ask("POST", f"/houses/{house['id']}/close", {"reason": "Расселён."})
    opening, _ = door.ask("POST", f"/houses/{house['id']}/reopen")

    assert (closing, opening) == (409, 409)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "", {"flats": 1}),
        ("PUT", "/elder", {"name": "Былов Пётр", "phone": PHONE}),
        ("POST", "/close", {"reason": "Расселён."}),
        ("POST", "/reopen", None),
    ],
)
def test_a_house_elsewhere_does_not_exist(
    door: StaffDoor, method: str, path: str, body: dict[str, Any] | None
) -> None:
    house_id = opened(door)

    status, _ = door.ask(method, f"/houses/{house_id}{path}", body, vk_id=ELSEWHERE)

    assert status == 404
    assert kept(door, house_id).revision == 0


def test_the_card_tells_how_far_a_house_has_come(door: StaffDoor) -> None:
    house_id = opened(door, elder_name="Небылов Фома", elder_phone=PHONE)
    house = kept(door, house_id)
    door.doors.scans.count(house_id, "1")
    door.doors.residents.note(house, 11, elder_joined=True, now=datetime.now(UTC))

    _, card = door.ask("GET", f"/houses/{house_id}", vk_id=STAFF)

    funnel = card["funnel"]
    assert (funnel["scans"], funnel["residents"]) == (1, 11)
    assert funnel["elder_joined_at"]
    assert funnel["elder_reached_at"] is None


def test_a_chat_that_could_not_be_renewed_is_renewed_when_a_person_says_so(
    door: StaffDoor,
) -> None:
    house_id = opened(door)
    door.ask("PATCH", f"/houses/{house_id}", {"title": "ЖК «Север»"})
    now = datetime.now(UTC)
    door.doors.renewing.claim(house_id, now=now, lease_until=now + timedelta(minutes=1))
    house = kept(door, house_id)
    door.doors.renewing.refused(house, link=house.link, cmid=1, reason="Нет прав.")
    door.renewals.take()

    status, card = door.ask("POST", f"/houses/{house_id}/retry")

    assert (status, card["reason"]) == (202, "")
    assert door.renewals.take() == [{"house_id": house_id}]
