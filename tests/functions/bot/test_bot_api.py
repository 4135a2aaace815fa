"""The funnel of elders and the service catalogue, asked as people ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.routes import guides
from housechats.adapters.guides import DynamoGuides
from housechats.adapters.services import DynamoServices
from housechats.domain.guides import Guide, GuideStep, Obstacle, hindered, joined, said_done
from housechats.domain.territories import Territory
from support.small_region import (
    ADMINISTRATOR,
    ELDER,
    HERE,
    OF_REGION,
    REPRESENTATIVE,
    STAFF,
    SmallRegion,
    settle_region,
)
from support.whole_api import WholeApi, whole_api

NOW = datetime.now(UTC)
METERS = {"title": "Показания счётчиков", "kind": "app", "app_id": 7}
SITE = {"title": "Сайт УК", "kind": "link", "link": "https://dvor.example"}


@dataclass(frozen=True)
class Town:
    """A town in which one elder waits for a call."""

    api: WholeApi
    region: SmallRegion

    @property
    def house(self) -> str:
        return self.region.here["houses"]

    @property
    def inn(self) -> str:
        return self.region.here["organisations"]

    def guides(self, vk_id: int = STAFF, **query: str) -> tuple[int, Any]:
        return self.api.ask("GET", "/guides", vk_id=vk_id, query=query)

    def call(self, body: object, *, vk_id: int = STAFF) -> tuple[int, Any]:
        return self.api.ask("POST", f"/guides/{self.house}/call", body, vk_id=vk_id)

    def change(self, become: Any) -> Guide:
        kept = DynamoGuides(self.api.table)
        (guide,) = kept.of_territory(Territory(HERE), since="", limit=9)
        saved = kept.save(become(guide))
        assert saved
        return saved

    def set_services(
        self, *services: object, vk_id: int = STAFF, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        path, body = f"/organisations/{self.inn}/services", {"services": [*services]}
        return self.api.ask("PUT", path, body, vk_id=vk_id, headers=headers)

    def services(self, vk_id: int = STAFF) -> tuple[int, Any]:
        return self.api.ask("GET", f"/organisations/{self.inn}/services", vk_id=vk_id)


@pytest.fixture(scope="module")
def settled() -> Iterator[Town]:
    with pytest.MonkeyPatch.context() as monkeypatch, whole_api(monkeypatch) as api:
        yield Town(api, settle_region(api))


@pytest.fixture
def town(settled: Town) -> Iterator[Town]:
    before = settled.api.snapshot()
    yield settled
    settled.api.restore(before)


def test_staff_see_each_house_with_what_its_elder_has_done(town: Town) -> None:
    status, told = town.guides()

    (line,) = told["items"]
    assert status == 200
    assert (line["house_id"], line["step"], line["reachable"]) == (town.house, "join", True)
    assert line["title"] == "ул. Садовая, д. 1"
    assert line["call"]["step"] == "join"
    assert told["counts"] == {"join": 1, "call": 1}


def test_the_funnel_follows_the_elder(town: Town) -> None:
    def to_the_poster(guide: Guide) -> Guide:
        guide = joined(guide, {town.house}, at=NOW, now=NOW)
        guide = said_done(guide, GuideStep.COPY, guide.turn, now=NOW)
        why = Obstacle.NO_PRINTER
        return hindered(guide, why, GuideStep.PRINT, guide.turn, at=NOW, now=NOW)

    town.change(to_the_poster)

    _, told = town.guides()
    (line,) = told["items"]
    assert line["step"] == "print"
    assert line["joined_at"] is not None
    assert line["copied_at"] is not None
    assert (line["obstacle"]["code"], line["obstacle"]["said"]) == ("no_printer", "Нет принтера")
    assert told["counts"] == {"print": 1, "stuck": 1, "call": 1}


@pytest.mark.parametrize(("step", "found"), [("call", 1), ("join", 1), ("stuck", 0), ("done", 0)])
def test_staff_ask_for_the_houses_at_one_step(town: Town, step: str, found: int) -> None:
    _, told = town.guides(step=step)

    assert (told["total"], len(told["items"])) == (found, found)


def test_a_region_sees_all_its_towns_page_by_page(town: Town) -> None:
    _, first = town.guides(OF_REGION, oktmo="11", limit="1")
    _, second = town.guides(OF_REGION, oktmo="11", limit="1", cursor=first["next_cursor"])

    assert (first["total"], second["next_cursor"]) == (2, "")
    assert {first["items"][0]["oktmo"], second["items"][0]["oktmo"]} == {"11701000", "11730000"}


def test_numbers_are_of_the_whole_territory_only_where_all_of_it_was_looked_through(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, whole = town.guides(OF_REGION, oktmo="11")
    monkeypatch.setattr(guides, "LOOKED_THROUGH", 2)
    _, part = town.guides(OF_REGION, oktmo="11")
    _, rest = town.guides(OF_REGION, oktmo="11", cursor=part["next_cursor"])

    assert (whole["complete"], whole["total"], whole["next_cursor"]) == (True, 2, "")
    assert (part["complete"], part["items"]) == (False, whole["items"])
    assert (rest["complete"], rest["items"], rest["next_cursor"]) == (False, [], "")


def test_what_is_no_cursor_of_the_funnel_is_refused(town: Town) -> None:
    status, problem = town.guides(cursor="11701000")

    assert (status, problem["code"]) == (422, "invalid")


@pytest.mark.parametrize("vk_id", [REPRESENTATIVE, ELDER])
def test_neither_representatives_nor_elders_see_how_others_get_on(town: Town, vk_id: int) -> None:
    answers = [town.guides(vk_id), town.call({"done": True}, vk_id=vk_id)]

    assert [status for status, _ in answers] == [403, 403]


def test_a_call_is_taken_by_one_and_stands_until_it_was_made(town: Town) -> None:
    taken = town.call({"done": False})
    late = town.call({"done": False}, vk_id=ADMINISTRATOR)
    waiting = town.guides(step="call")[1]["total"]
    done = town.call({"done": True, "note": "Вступит вечером."}, vk_id=ADMINISTRATOR)
    again = town.call({"done": True})

    assert taken[1]["call"]["taken_by"] == f"vk:{STAFF}"
    assert (late[0], waiting, again[0]) == (409, 1, 409)
    assert (done[0], done[1]["call"]["note"]) == (200, "Вступит вечером.")
    assert done[1]["call"]["done_at"] is not None
    assert town.guides(step="call")[1]["total"] == 0


def test_a_call_of_another_town_does_not_exist(town: Town) -> None:
    there = town.region.there["houses"]

    status, _ = town.api.ask("POST", f"/guides/{there}/call", {"done": True}, vk_id=STAFF)

    assert status == 404


def test_staff_keep_the_services_and_representatives_read_them(town: Town) -> None:
    before = town.services()
    kept = town.set_services(METERS, SITE)
    seen = town.services(REPRESENTATIVE)
    refused = town.set_services(vk_id=REPRESENTATIVE)

    assert before[1]["services"] == []
    assert (kept[0], seen[0], refused[0]) == (200, 200, 403)
    assert [one["title"] for one in seen[1]["services"]] == [METERS["title"], SITE["title"]]


def test_who_changes_services_that_they_have_not_seen_is_told(town: Town) -> None:
    path = f"/organisations/{town.inn}/services"
    seen = town.api.answer("GET", path, vk_id=STAFF)["headers"]["ETag"]

    first = town.set_services(METERS, headers={"if-match": seen})
    second = town.set_services(SITE, vk_id=ADMINISTRATOR, headers={"if-match": seen})

    assert (first[0], second[0], second[1]["code"]) == (200, 412, "changed_meanwhile")


def test_what_might_mislead_is_refused_where_it_stands(town: Town) -> None:
    status, told = town.set_services(METERS, SITE | {"link": "https://gosus1ugi.ru/dom"})

    assert status == 422
    assert [error["pointer"] for error in told["errors"]] == ["/services/1/link"]


def test_a_service_can_be_for_some_of_its_own_houses_only(town: Town) -> None:
    own = town.set_services(METERS | {"houses": [town.house]})
    strange = town.set_services(METERS | {"houses": [town.house, town.region.there["houses"]]})

    assert own[0] == 200
    assert (strange[0], strange[1]["errors"][0]["pointer"]) == (422, "/services/0/houses/1")
    assert DynamoServices(town.api.table).get("11", town.inn).services[0].houses == (town.house,)


ODD = ["", "\ud800", "я" * 100_000, "../..", "x" * 3000]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("field", ["title", "link", "hash", "houses"])
def test_whatever_stands_in_a_service_is_taken_or_refused(town: Town, field: str, odd: str) -> None:
    status, told = town.set_services(SITE | {field: [odd] if field == "houses" else odd})

    assert status in {200, 422}, told


@pytest.mark.parametrize("odd", ODD)
def test_whatever_is_said_of_a_call_is_taken_or_refused(town: Town, odd: str) -> None:
    status, told = town.call({"done": True, "note": odd})

    assert status in {200, 422}, told
