"""Whoever opens the mini-app learns who they are here."""

from collections.abc import Iterator

import pytest

from people import api
from support.http_event import http_event
from support.lambda_context import CONTEXT
from support.people_door import ADMINISTRATOR, NOBODY, OF_REGION, STAFF, PeopleDoor, people_door

DAY_S = 24 * 60 * 60


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[PeopleDoor]:
    with people_door(monkeypatch) as opened:
        yield opened


def test_an_official_reads_roles_places_and_permissions(door: PeopleDoor) -> None:
    answers = [door.ask("GET", "/me", vk_id=vk_id)[1] for vk_id in (OF_REGION, STAFF)]

    assert [(a["vk_id"], a["roles"], a["posts"][0]["territory"]) for a in answers] == [
        (OF_REGION, ["administrator"], "11"),
        (STAFF, ["staff"], "11701000"),
    ]
    assert all("houses.read" in answer["permissions"] for answer in answers)
    assert [("officials.change" in answer["permissions"]) for answer in answers] == [True, False]


def test_the_limits_are_those_that_hold(door: PeopleDoor) -> None:
    _, answer = door.ask("GET", "/me")

    assert answer["limits"] == {
        "message_characters": 4096,
        "list_bytes": 20 * 1024 * 1024,
        "page_items": 100,
        "changes_a_minute": 100000,
        "launch_hours": 24,
        "idempotency_key_characters": 200,
    }


def test_who_has_no_role_is_nobody_and_may_do_nothing(door: PeopleDoor) -> None:
    status, answer = door.ask("GET", "/me", vk_id=NOBODY)

    assert status == 200
    assert (answer["roles"], answer["posts"], answer["permissions"]) == ([], [], [])


def test_who_has_no_role_is_told_whom_to_ask(door: PeopleDoor) -> None:
    answer = door.answer("GET", "/officials", vk_id=NOBODY)

    status, problem = door.ask("GET", "/officials", vk_id=NOBODY)
    assert status == problem["status"] == 403
    assert problem["code"] == "no_role"
    assert "администратору" in problem["title"]
    assert problem["request_id"].startswith("request-")
    assert answer["headers"]["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("age", [DAY_S + 60, -6 * 60], ids=["of yesterday", "of the future"])
def test_a_launch_that_is_not_of_today_has_to_be_made_anew(door: PeopleDoor, age: float) -> None:
    status, problem = door.ask("GET", "/me", age=age)

    assert (status, problem["code"]) == (401, "launch_expired")
    assert door.ask("GET", "/me", age=DAY_S - 60)[0] == 200


def test_a_shorter_life_of_launches_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    with people_door(monkeypatch, LAUNCH_HOURS="1") as door:
        young, old = door.ask("GET", "/me", age=3500)[0], door.ask("GET", "/me", age=3700)[0]

    assert (young, old) == (200, 401)


def test_a_way_that_is_not_there_is_not_found(door: PeopleDoor) -> None:
    status, problem = door.ask("GET", "/nowhere")

    assert (status, problem["code"]) == (404, "not_found")


def test_a_bug_of_ours_says_nothing_of_itself(
    door: PeopleDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: int) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(door.doors.gate.posts, "known", broken)

    answer = api.handle(http_event("GET", "/me", vk_id=ADMINISTRATOR, vk_ts=2e9), CONTEXT)
    status, problem = door.ask("GET", "/me")

    assert (status, problem["code"]) == (500, "internal")
    assert "secret" not in answer["body"] + str(problem)


def test_a_page_that_has_not_changed_is_not_sent_again(door: PeopleDoor) -> None:
    first = door.answer("GET", "/me")

    again = door.answer("GET", "/me", headers={"if-none-match": first["headers"]["ETag"]})

    assert first["headers"]["Cache-Control"] == "private, no-cache"
    assert (again["statusCode"], again["body"]) == (304, "")
