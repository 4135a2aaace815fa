"""Staff see that a chat is lost and what to do; they try it again, or have a new one opened."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from housechats.domain.houses import ChatState, House
from housechats.domain.receipts import FAILURES
from housechats.domain.territories import Territory
from support.staff_door import ELSEWHERE, STAFF, StaffDoor, staff_door

ADDRESS = "г. Архангельск, ул. Садовая, д. 1"
PHONE = "+7 999 000-00-03"


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[StaffDoor]:
    with staff_door(monkeypatch) as door:
        yield door


def kept(door: StaffDoor, house_id: str) -> House:
    house = door.doors.houses.get(house_id)
    assert house
    return house


def lost(door: StaffDoor, code: str = "chat_lost", **fields: object) -> str:
    """Create a house whose chat was open and is lost, and return its id."""
    status, house = door.ask("POST", "/houses", {"address": ADDRESS, **fields})
    assert status == 201, house
    house_id = str(house["id"])
    door.doors.houses.made(house_id, chat_id=5, now=datetime.now(UTC))
    door.doors.houses.opened(house_id, link="https://vk.me/join/1", cmid=1)
    door.doors.houses.lose(house_id, 5, code)
    door.openings.take()
    return house_id


def renewed(door: StaffDoor, house_id: str) -> None:
    """Have the worker write to the chat, as VK lets it again."""
    now = datetime.now(UTC)
    claim = door.doors.renewing.claim(house_id, now=now, lease_until=now + timedelta(minutes=1))
    assert claim
    assert claim.ours
    assert door.doors.renewing.renewed(claim.house, link="https://vk.me/join/1", cmid=2)


@pytest.mark.parametrize("code", [code for code, one in FAILURES.items() if one.loses_chat])
def test_the_card_of_a_lost_chat_says_why_and_what_to_do(door: StaffDoor, code: str) -> None:
    house_id = lost(door, code)

    _, card = door.ask("GET", f"/houses/{house_id}", vk_id=STAFF)

    assert (card["state"], card["reason"]) == ("lost", FAILURES[code].said)
    assert card["lost"] == {
        "code": code,
        "to_do": FAILURES[code].to_do,
        "new_chat": code in {"chat_lost", "not_found"},
    }


def test_lost_chats_are_counted_and_asked_for(door: StaffDoor) -> None:
    house_id = lost(door)
    door.ask("POST", "/houses", {"address": "г. Архангельск, ул. Садовая, д. 2"})

    _, page = door.ask("GET", "/houses", vk_id=STAFF, query={"state": "lost"})

    assert [(one["id"], one["state"]) for one in page["items"]] == [(house_id, "lost")]
    assert (page["total"], page["counts"]) == (1, {"lost": 1, "planned": 1})
    assert page["items"][0]["reason"] == "Чат недоступен сообществу."


def test_a_loss_is_one_entry_of_what_lists_are_told(door: StaffDoor) -> None:
    house_id = lost(door)
    catalogue, territory = door.doors.catalogue, Territory("11701000")
    catalogue.forget()
    (before,) = catalogue.lines(territory)

    door.doors.houses.lose(house_id, 5, "chat_lost")
    catalogue.forget()
    (after,) = catalogue.lines(territory)

    assert before == after
    assert (after.state, after.chat_id) == (ChatState.LOST, 5)


def test_a_lost_chat_is_renewed_when_a_person_says_so_and_open_again_then(
    door: StaffDoor,
) -> None:
    house_id = lost(door)

    status, card = door.ask("POST", f"/houses/{house_id}/retry", vk_id=STAFF)
    handed = door.renewals.take()
    renewed(door, house_id)
    _, then = door.ask("GET", f"/houses/{house_id}", vk_id=STAFF)

    assert (status, card["state"], card["up_to_date"]) == (202, "lost", False)
    assert (handed, door.openings.bodies) == ([{"house_id": house_id}], [])
    assert (then["state"], then["lost"], then["reason"]) == ("open", None, "")
    _, page = door.ask("GET", "/houses", vk_id=STAFF, query={"state": "open"})
    assert page["total"] == 1


def test_a_chat_that_stays_out_of_reach_is_tried_as_often_as_people_want(door: StaffDoor) -> None:
    house_id = lost(door)
    statuses = []
    for _ in range(2):
        statuses.append(door.ask("POST", f"/houses/{house_id}/retry")[0])
        door.doors.renewing.lost(kept(door, house_id), code="not_found", reason="Нет чата.")

    _, card = door.ask("GET", f"/houses/{house_id}")

    assert statuses == [202, 202]
    assert (card["state"], card["reason"], card["lost"]["code"]) == (
        "lost",
        "Нет чата.",
        "not_found",
    )
    assert len(door.renewals.take()) == 2


def test_a_new_chat_is_opened_instead_of_one_that_is_gone_and_its_elder_is_to_be_told(
    door: StaffDoor,
) -> None:
    house_id = lost(door, elder_name="Небылов Фома", elder_phone=PHONE)

    status, card = door.ask("POST", f"/houses/{house_id}/new-chat", vk_id=STAFF)
    again, _ = door.ask("POST", f"/houses/{house_id}/new-chat", vk_id=STAFF)

    house = kept(door, house_id)
    assert (status, card["state"], card["link"], card["lost"]) == (202, "planned", "", None)
    assert (again, door.openings.take()) == (409, [{"house_id": house_id}])
    assert (house.left_chats, house.chat_id) == ((5,), 0)
    assert card["instruction"]["state"] == "waiting"
    told = door.doors.instructions.get(house.letter_id, house.elder_id)
    assert told
    assert told.house_ids == {house_id}


@pytest.mark.parametrize("code", ["chat_rights", "consent", "blocked"])
def test_a_chat_in_which_only_rights_are_missing_is_not_replaced(
    door: StaffDoor, code: str
) -> None:
    house_id = lost(door, code)

    status, problem = door.ask("POST", f"/houses/{house_id}/new-chat")

    assert (status, problem["code"]) == (409, "conflict")
    assert kept(door, house_id).state == ChatState.LOST


def test_a_lost_chat_is_closed_with_its_reason(door: StaffDoor) -> None:
    house_id = lost(door)

    status, card = door.ask("POST", f"/houses/{house_id}/close", {"reason": "Расселён."})

    assert (status, card["state"], card["lost"]) == (202, "closed", None)
    assert kept(door, house_id).loss == ""


@pytest.mark.parametrize("act", ["retry", "new-chat"])
def test_a_lost_chat_elsewhere_does_not_exist(door: StaffDoor, act: str) -> None:
    house_id = lost(door)

    status, _ = door.ask("POST", f"/houses/{house_id}/{act}", vk_id=ELSEWHERE)

    assert status == 404
    assert kept(door, house_id).state == ChatState.LOST


def test_who_has_seen_another_house_opens_no_new_chat(door: StaffDoor) -> None:
    house_id = lost(door)
    headers: dict[str, Any] = {"If-Match": '"r9-abc"'}

    status, problem = door.ask("POST", f"/houses/{house_id}/new-chat", headers=headers)

    assert (status, problem["code"]) == (412, "changed_meanwhile")
    assert door.openings.bodies == []
