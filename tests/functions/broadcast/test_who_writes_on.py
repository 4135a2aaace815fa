"""Who writes in the name of an organisation: only to the houses for which it answers now."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from housechats.adapters.organisations import DynamoAttachments
from housechats.domain.broadcasts import Broadcast, BroadcastState
from housechats.domain.houses import House
from housechats.domain.organisations import Organisation, OrganisationKind
from support.broadcast_door import (
    COMPANY,
    COSY,
    OTHER_OKTMO,
    REPRESENTATIVE,
    STAFF,
    BroadcastDoor,
    wished,
)

NOW = datetime.now(UTC).replace(microsecond=0)
WRITING = {
    "retry": {},
    "resume": {},
    "correction": {"text": "Воды не будет до вечера."},
    "restored": {"text": "Вода есть."},
}


def half_sent(door: BroadcastDoor) -> tuple[Broadcast, House]:
    """Return a company's broadcast to two houses, stopped when one had it, and the other house."""
    _, other = [door.house(number, organisations={COSY: COMPANY}) for number in (1, 2)]
    one = door.kept(door.confirm(vk_id=REPRESENTATIVE)["id"])
    stopped = replace(one, state=BroadcastState.STOPPED, held_for=None, started_at=NOW)
    return door.become(replace(stopped, due_at=None, sent=1, failed=1)), other


def ask(door: BroadcastDoor, one: Broadcast, what: str, body: Any, vk_id: int) -> tuple[int, Any]:
    return door.ask("POST", f"/broadcasts/{one.id}/{what}", body, vk_id=vk_id)


@pytest.mark.parametrize("what", WRITING)
def test_a_company_writes_no_more_to_a_house_that_it_has_left(
    door: BroadcastDoor, what: str
) -> None:
    one, other = half_sent(door)
    door.detach(other)

    status, problem = ask(door, one, what, WRITING[what], REPRESENTATIVE)

    assert (status, problem["code"]) == (409, "conflict")
    assert "сотрудник территории" in problem["detail"]
    assert door.kept(one.id) == one


@pytest.mark.parametrize("what", ["resume", "correction"])
def test_a_company_writes_on_to_its_houses_of_now(door: BroadcastDoor, what: str) -> None:
    one, _ = half_sent(door)

    status, _ = ask(door, one, what, WRITING[what], REPRESENTATIVE)

    assert status in {200, 202}


@pytest.mark.parametrize(
    ("what", "vk_id"),
    [("correction", STAFF), ("restored", STAFF), ("resume", STAFF), ("recall", REPRESENTATIVE)],
)
def test_staff_tell_the_houses_that_were_left_and_the_company_still_takes_back(
    door: BroadcastDoor, what: str, vk_id: int
) -> None:
    one, other = half_sent(door)
    door.detach(other)

    status, _ = ask(door, one, what, WRITING.get(what, {"reason": "Не тот дом."}), vk_id)

    assert status in {200, 202}


def test_staff_speak_only_for_organisations_that_are_known_where_they_work(
    door: BroadcastDoor,
) -> None:
    far = Organisation(OrganisationKind.ADMINISTRATION, "Правительство области", "2901000031")
    DynamoAttachments(door.table).introduce(far, oktmo=OTHER_OKTMO, now=NOW)

    before, problem = door.ask("POST", "/broadcasts/previews", wished(inn=far.inn))
    door.house(1, organisations={far.inn: far.kind})
    after, _ = door.ask("POST", "/broadcasts/previews", wished(inn=far.inn))

    assert (before, problem["errors"][0]["pointer"]) == (422, "/inn")
    assert after == 201
