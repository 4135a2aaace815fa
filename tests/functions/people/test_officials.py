"""A municipality names its own people; who leaves has no access from the next request on."""

from collections.abc import Iterator
from typing import Any

import pytest

from housechats.domain.errors import DisconnectedError, NoCommunityError
from housechats.ports.people import Page
from support.people_door import (
    ADMINISTRATOR,
    ELSEWHERE,
    OF_REGION,
    OKTMO,
    STAFF,
    PeopleDoor,
    people_door,
)

NEW = 77


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[PeopleDoor]:
    with people_door(monkeypatch) as opened:
        opened.pages.pages |= {"novaya": Page(NEW), "77": Page(NEW), "gone_": Page(88, gone=True)}
        yield opened


def test_an_administrator_names_a_staff_member_who_may_work_at_once(door: PeopleDoor) -> None:
    before = door.ask("GET", "/me", vk_id=NEW)[1]["roles"]

    new = {"vk": "https://vk.com/novaya", "role": "staff", "title": "Специалист отдела ЖКХ"}
    status, official = door.ask("POST", "/officials", new)

    assert status == 201
    assert (official["vk_id"], official["role"], official["oktmo"]) == (NEW, "staff", OKTMO)
    assert official["given_by"] == f"vk:{ADMINISTRATOR}"
    assert (before, door.ask("GET", "/me", vk_id=NEW)[1]["roles"]) == ([], ["staff"])


def test_naming_again_changes_nothing_and_another_role_is_a_conflict(door: PeopleDoor) -> None:
    first = door.ask("POST", "/officials", {"vk": "id77", "role": "staff"})[1]

    again = door.ask("POST", "/officials", {"vk": "id77", "role": "staff"})
    other = door.ask("POST", "/officials", {"vk": "id77", "role": "administrator"})

    assert again == (200, first)
    assert (other[0], other[1]["code"]) == (409, "conflict")


def test_a_page_that_is_nobodys_is_said_at_the_field(door: PeopleDoor) -> None:
    for vk in ("vk.com/nikogo_net", "???", "vk.com/gone_"):
        status, problem = door.ask("POST", "/officials", {"vk": vk, "role": "staff"})

        assert (status, problem["errors"][0]["pointer"]) == (422, "/vk")


def test_who_is_dismissed_has_no_access_and_stays_in_history(door: PeopleDoor) -> None:
    post = door.ask("GET", "/officials", query={"role": "staff"})[1]["items"][0]

    status, ended = door.ask("DELETE", f"/officials/{post['id']}")

    assert status == 200
    assert (ended["until"] is not None, ended["ended_by"]) == (True, f"vk:{ADMINISTRATOR}")
    assert door.ask("GET", "/me", vk_id=STAFF)[1]["roles"] == []
    assert door.ask("GET", "/officials", query={"role": "staff"})[1]["items"] == []
    former = door.ask("GET", "/officials", query={"role": "staff", "former": "true"})[1]["items"]
    assert former == [ended]


def test_somebody_who_left_may_be_named_again(door: PeopleDoor) -> None:
    post = door.ask("POST", "/officials", {"vk": "id77", "role": "staff"})[1]
    door.ask("DELETE", f"/officials/{post['id']}")

    status, again = door.ask("POST", "/officials", {"vk": "id77", "role": "administrator"})

    assert (status, again["role"], again["until"]) == (201, "administrator", None)


def test_every_term_of_a_post_stays_in_history(door: PeopleDoor) -> None:
    post = door.ask("POST", "/officials", {"vk": "id77", "role": "staff", "title": "Мастер"})[1]
    door.ask("DELETE", f"/officials/{post['id']}")
    new = {"vk": "id77", "role": "staff", "oktmo": OKTMO}
    door.ask("POST", "/officials", new, vk_id=OF_REGION)
    door.ask("PATCH", f"/officials/{post['id']}", {"role": "administrator"})

    def history(**query: str) -> list[dict[str, Any]]:
        page = door.ask("GET", "/officials", query={"former": "true", **query})[1]
        more = {"cursor": page["next_cursor"]} if page["next_cursor"] else None
        rest = history(**{**query, **more}) if more else []
        return [one for one in page["items"] if one["vk_id"] == NEW] + rest

    terms, page_by_page = history(), history(limit="1")

    admin, region = f"vk:{ADMINISTRATOR}", f"vk:{OF_REGION}"
    assert [(t["role"], t["title"], t["given_by"], t["ended_by"]) for t in terms] == [
        ("administrator", "", admin, ""),
        ("staff", "", region, admin),
        ("staff", "Мастер", admin, admin),
    ]
    assert terms[1]["until"] == terms[0]["since"]
    assert page_by_page == terms
    assert [t["id"] for t in terms] == [post["id"]] * 3


@pytest.mark.parametrize("method", ["DELETE", "PATCH"])
def test_the_last_administrator_remains(door: PeopleDoor, method: str) -> None:
    path, body = f"/officials/{ADMINISTRATOR}-{OKTMO}", {"role": "staff"}

    refused = door.ask(method, path, body if method == "PATCH" else None)
    door.ask("POST", "/officials", {"vk": "id77", "role": "administrator"})
    done = door.ask(method, path, body if method == "PATCH" else None)

    assert (refused[0], refused[1]["code"]) == (409, "last_administrator")
    assert done[0] == 200


def test_staff_see_officials_and_cannot_name_any(door: PeopleDoor) -> None:
    seen = door.ask("GET", "/officials", vk_id=STAFF)
    named = door.ask("POST", "/officials", {"vk": "id77", "role": "staff"}, vk_id=STAFF)

    assert seen[0] == 200
    assert seen[1]["counts"] == {"administrator": 1, "staff": 1}
    assert (named[0], named[1]["code"]) == (403, "forbidden")


def test_officials_of_elsewhere_do_not_exist(door: PeopleDoor) -> None:
    path = f"/officials/{STAFF}-{OKTMO}"

    answers = [door.ask(method, path, vk_id=ELSEWHERE)[0] for method in ("GET", "DELETE")]
    named = door.ask("POST", "/officials", {"vk": "id77", "role": "staff", "oktmo": "11"})

    assert answers == [404, 404]
    assert (named[0], named[1]["errors"][0]["pointer"]) == (422, "/oktmo")
    assert door.ask("GET", path, vk_id=OF_REGION)[0] == 200


def test_a_change_of_what_somebody_else_has_changed_is_refused(door: PeopleDoor) -> None:
    path = f"/officials/{STAFF}-{OKTMO}"
    seen = door.answer("GET", path)["headers"]["ETag"]

    first = door.ask("PATCH", path, {"title": "Диспетчер"}, headers={"if-match": seen})
    second = door.ask("PATCH", path, {"title": "Мастер"}, headers={"if-match": seen})

    assert (first[0], first[1]["title"]) == (200, "Диспетчер")
    assert (second[0], second[1]["code"]) == (412, "changed_meanwhile")
    assert door.ask("GET", path)[1]["title"] == "Диспетчер"


def test_officials_come_in_pages(door: PeopleDoor) -> None:
    first = door.ask("GET", "/officials", vk_id=OF_REGION, query={"limit": "3"})[1]

    query = {"limit": "3", "cursor": first["next_cursor"]}
    second = door.ask("GET", "/officials", vk_id=OF_REGION, query=query)[1]

    assert [len(first["items"]), len(second["items"]), first["total"]] == [3, 1, 4]
    assert second["next_cursor"] == ""


def test_a_territory_written_otherwise_is_the_same_one(door: PeopleDoor) -> None:
    new = {"vk": "id77", "role": "administrator", "oktmo": f"{OKTMO}000"}

    official = door.ask("POST", "/officials", new)[1]

    assert official["oktmo"] == OKTMO
    assert door.ask("DELETE", f"/officials/{ADMINISTRATOR}-{OKTMO}")[0] == 200


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(NoCommunityError("none"), id="nobody has connected a community"),
        pytest.param(DisconnectedError(5, "Ключ отозван."), id="VK takes its token no more"),
    ],
)
def test_without_a_community_nobody_is_named_until_one_is_connected(
    door: PeopleDoor, trouble: Exception
) -> None:
    door.pages.trouble = trouble

    status, problem = door.ask("POST", "/officials", {"vk": "id77", "role": "staff"})
    named = door.ask("POST", "/officials", {"vk": "id77", "role": "staff"})

    assert (status, problem["code"]) == (409, "conflict")
    assert "сообщество" in problem["detail"]
    assert named[0] == 201
