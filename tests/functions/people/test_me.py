"""Whoever opens the mini-app learns who they are here."""

import time
from typing import Any

import pytest

from housechats.domain.people import Official, Role
from housechats.domain.territories import Territory
from people import api
from support.fakes import FakeOfficials
from support.http_event import body_of, http_event
from support.world import CONTEXT

DAY_S = 24 * 60 * 60


@pytest.fixture
def officials(monkeypatch: pytest.MonkeyPatch) -> FakeOfficials:
    kept = FakeOfficials()
    kept.put(Official(1, Role.ADMINISTRATOR, Territory("11")))
    kept.put(Official(2, Role.STAFF, Territory("11701000")))
    monkeypatch.setattr(api, "wired", lambda: kept)
    return kept


def me(vk_id: int, *, age: float = 0, path: str = "/me") -> dict[str, Any]:
    launched = time.time() - age
    return api.handle(http_event("GET", path, vk_id=vk_id, vk_ts=launched), CONTEXT)


@pytest.mark.usefixtures("officials")
def test_an_official_reads_role_territory_and_permissions() -> None:
    answers = [body_of(me(vk_id)) for vk_id in (1, 2)]

    assert [(a["vk_id"], a["role"], a["territory"]) for a in answers] == [
        (1, "administrator", "11"),
        (2, "staff", "11701000"),
    ]
    assert all("houses.read" in answer["permissions"] for answer in answers)


def test_a_role_that_changes_counts_at_the_next_request(officials: FakeOfficials) -> None:
    before = body_of(me(2))["role"]

    officials.put(Official(2, Role.ADMINISTRATOR, Territory("11701000")))

    assert (before, body_of(me(2))["role"]) == ("staff", "administrator")


@pytest.mark.usefixtures("officials")
def test_who_has_no_role_is_told_whom_to_ask() -> None:
    answer = me(3)

    problem = body_of(answer)
    assert answer["statusCode"] == problem["status"] == 403
    assert problem["code"] == "not_an_official"
    assert "администратору" in problem["title"]
    assert problem["request_id"] == "request-1"
    assert answer["headers"]["Content-Type"] == "application/problem+json"


@pytest.mark.usefixtures("officials")
def test_a_launch_of_yesterday_has_to_be_made_anew() -> None:
    young, old = me(1, age=DAY_S - 60), me(1, age=DAY_S + 60)

    assert young["statusCode"] == 200
    assert old["statusCode"] == 401
    assert body_of(old)["code"] == "launch_expired"


@pytest.mark.usefixtures("officials")
def test_a_way_that_is_not_there_is_not_found() -> None:
    answer = me(1, path="/nowhere")

    assert answer["statusCode"] == 404
    assert body_of(answer)["code"] == "not_found"


def test_a_bug_of_ours_says_nothing_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> FakeOfficials:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(api, "wired", broken)

    answer = me(1)

    assert answer["statusCode"] == 500
    assert "secret" not in answer["body"]
