"""Whoever writes to houses finds what is usually said, or what their organisation says instead."""

from collections.abc import Iterator

import pytest

from housechats.domain.templates import USUAL, TemplateKind
from support.rules_door import (
    COSY,
    ELSEWHERE,
    HOME,
    NOBODY,
    OF_REGION,
    OKTMO,
    OTHER_OKTMO,
    REPRESENTATIVE,
    STAFF,
    RulesDoor,
    rules_door,
)

OWN = {"wording": "Соседи! {что}. Звоните: {звонить}"}
NEWS_OF_COSY = f"/organisations/{COSY}/templates/news"


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[RulesDoor]:
    with rules_door(monkeypatch) as door:
        door.name(COSY)
        door.name(HOME)
        yield door


def wordings(told: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {one["kind"]: one["wording"] for one in told["items"]}


def test_everybody_who_writes_finds_our_wordings_and_what_they_ask_for(door: RulesDoor) -> None:
    status, told, _ = door.ask("GET", "/templates", vk_id=REPRESENTATIVE)

    assert status == 200
    assert wordings(told) == {kind: one.wording for kind, one in USUAL.items()}
    (outage,) = [one for one in told["items"] if one["kind"] == "outage_planned"]
    assert (outage["lane"], outage["own"]) == ("planned", False)
    required = {one["name"]: one["written"] for one in outage["fields"] if one["required"]}
    assert required == {
        "what": "{что}", "where": "{где}", "since": "{с}", "until": "{до}", "call": "{звонить}"
    }  # fmt: skip
    assert {one["written"] for one in outage["fields"] if one["name"] is None} == {
        "{адрес}", "{код}"
    }  # fmt: skip


def test_an_organisation_keeps_its_own_wording_until_it_takes_it_back(door: RulesDoor) -> None:
    set_to = door.ask("PUT", NEWS_OF_COSY, OWN, vk_id=REPRESENTATIVE)
    _, with_own, _ = door.ask("GET", f"/organisations/{COSY}/templates", vk_id=REPRESENTATIVE)
    _, of_others, _ = door.ask("GET", f"/organisations/{HOME}/templates")
    removed = [door.ask("DELETE", NEWS_OF_COSY, vk_id=REPRESENTATIVE)[:2] for _ in range(2)]
    _, without, _ = door.ask("GET", f"/organisations/{COSY}/templates", vk_id=REPRESENTATIVE)

    assert (set_to[0], set_to[1]["own"], set_to[1]["wording"]) == (200, True, OWN["wording"])
    usual = {kind: one.wording for kind, one in USUAL.items()}
    assert wordings(with_own) == usual | {TemplateKind.NEWS: OWN["wording"]}
    assert wordings(of_others) == usual
    assert [status for status, _ in removed] == [200, 200]
    assert {card["wording"] for _, card in removed} == {USUAL[TemplateKind.NEWS].wording}
    assert wordings(without) == usual


def test_line_ends_of_windows_are_kept_as_line_ends(door: RulesDoor) -> None:
    _, told, _ = door.ask("PUT", NEWS_OF_COSY, {"wording": "{что}\r\n{звонить}"})

    assert told["wording"] == "{что}\n{звонить}"


@pytest.mark.parametrize(
    ("wording", "part"),
    [
        pytest.param("{что}", "{звонить}", id="without whom to call"),
        pytest.param("{что} {звонить} {кому}", "{кому}", id="with an unknown field"),
        pytest.param("", "Заполните", id="empty"),
    ],
)
def test_a_wording_that_would_leave_people_asking_is_refused(
    door: RulesDoor, wording: str, part: str
) -> None:
    status, problem, _ = door.ask("PUT", NEWS_OF_COSY, {"wording": wording})

    assert status == 422
    assert [(one["pointer"], part in one["detail"]) for one in problem["errors"]] == [
        ("/wording", True)
    ]


def test_there_is_no_sixth_kind(door: RulesDoor) -> None:
    assert door.ask("PUT", f"/organisations/{COSY}/templates/party", OWN)[0] == 422


@pytest.mark.parametrize(
    ("vk_id", "inn", "status"),
    [
        pytest.param(STAFF, COSY, 200, id="staff, of their town"),
        pytest.param(OF_REGION, COSY, 200, id="the region"),
        pytest.param(REPRESENTATIVE, COSY, 200, id="its representative"),
        pytest.param(REPRESENTATIVE, HOME, 404, id="a representative of another"),
        pytest.param(ELSEWHERE, COSY, 404, id="another region"),
        pytest.param(NOBODY, COSY, 403, id="somebody without a role"),
    ],
)
def test_each_may_change_the_wordings_of_organisations_within_their_reach(
    door: RulesDoor, vk_id: int, inn: str, status: int
) -> None:
    path = f"/organisations/{inn}/templates"

    assert door.ask("PUT", f"{path}/news", OWN, vk_id=vk_id)[0] == status
    assert door.ask("GET", path, vk_id=vk_id)[0] == status
    assert door.ask("DELETE", f"{path}/news", vk_id=vk_id)[0] == status


def test_an_organisation_is_within_reach_where_its_houses_are(door: RulesDoor) -> None:
    door.name("2901000031", oktmo="11605000")
    path = "/organisations/2901000031/templates/news"
    before = door.ask("PUT", path, OWN, vk_id=STAFF)[0]

    door.attach("2901000031", OKTMO)

    assert (before, door.ask("PUT", path, OWN, vk_id=STAFF)[0]) == (404, 200)


def test_what_one_region_writes_for_an_organisation_is_not_said_in_another(
    door: RulesDoor,
) -> None:
    door.name(COSY, oktmo=OTHER_OKTMO)

    door.ask("PUT", NEWS_OF_COSY, OWN, vk_id=STAFF)

    _, told, _ = door.ask("GET", f"/organisations/{COSY}/templates", vk_id=ELSEWHERE)
    assert not any(one["own"] for one in told["items"])
