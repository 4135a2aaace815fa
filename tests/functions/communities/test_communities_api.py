"""An administrator connects communities by their tokens; staff see which act for them."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from communities import api
from communities.api import Doors
from communities.connect import ConnectedMeanwhileError, connect
from housechats.adapters.aws import client
from housechats.adapters.bearers import VkBearers
from housechats.adapters.secrets import SecretTokens
from housechats.domain.audit import Act
from housechats.domain.communities import NEEDED, USEFUL, CommunityState
from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory
from housechats.ports.communities import Bearer
from local.vk.core import Sandbox
from local.vk.faults import Fault, Kind
from support.aws_mock import aws, new_table
from support.fakes import FakeBearers
from support.http_event import http_event
from support.lambda_context import CONTEXT
from support.vk_http import URL, SandboxHttp

FIRST, SECOND, THIRD = 240_000_001, 240_000_002, 240_000_003
TOKENS = {number: f"vk1.a.secret-{number}" for number in (FIRST, SECOND, THIRD)}
OKTMO, ELSEWHERE_OKTMO = "11701000", "11730000"
ADMINISTRATOR, OF_REGION, STAFF, ELSEWHERE, NOBODY = 1, 2, 3, 4, 5
PREFIX = "stack/communities"


@dataclass
class CommunitiesDoor:
    doors: Doors
    sandbox: Sandbox

    def answer(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        vk_id: int = ADMINISTRATOR,
        headers: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        event = http_event(method, path, vk_id=vk_id, vk_ts=time.time(), body=body)
        event["headers"] |= headers or {}
        return api.handle(event, CONTEXT)

    def ask(self, method: str, path: str, body: object = None, **how: Any) -> tuple[int, Any]:
        answered = self.answer(method, path, body, **how)
        return answered["statusCode"], json.loads(answered["body"] or "null")

    def connect(self, number: int = FIRST, oktmo: str = OKTMO, **how: Any) -> tuple[int, Any]:
        return self.ask("POST", "/communities", {"token": TOKENS[number], "oktmo": oktmo}, **how)

    def kept_tokens(self) -> dict[str, str]:
        secrets = client("secretsmanager")
        names = [secret["Name"] for secret in secrets.list_secrets()["SecretList"]]
        return {name: secrets.get_secret_value(SecretId=name)["SecretString"] for name in names}


@contextmanager
def communities_door(monkeypatch: pytest.MonkeyPatch) -> Iterator[CommunitiesDoor]:
    with aws():
        new_table("houses")
        for name, value in {
            "TABLE": "houses",
            "ID_KEY": "a key",
            "LAUNCH_HOURS": "24",
            "CHANGES_A_MINUTE": "100000",
            "VK_API_URL": URL,
            "TOKENS_PREFIX": PREFIX,
        }.items():
            monkeypatch.setenv(name, value)
        wired = api.wired
        wired.cache_clear()
        sandbox = Sandbox(TOKENS)
        http = SandboxHttp(sandbox, sleep=lambda _: None)
        doors = replace(wired(), bearers=VkBearers(URL, http))
        for vk_id, role, oktmo in [
            (ADMINISTRATOR, Role.ADMINISTRATOR, OKTMO),
            (OF_REGION, Role.ADMINISTRATOR, "11"),
            (STAFF, Role.STAFF, OKTMO),
            (ELSEWHERE, Role.ADMINISTRATOR, ELSEWHERE_OKTMO),
        ]:
            post = Post(vk_id, role, Territory(oktmo), datetime.now(UTC), "operator")
            doors.gate.posts.give(post)
        monkeypatch.setattr(api, "wired", lambda: doors)
        yield CommunitiesDoor(doors, sandbox)
        wired.cache_clear()


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[CommunitiesDoor]:
    with communities_door(monkeypatch) as opened:
        yield opened


def test_a_community_is_connected_by_its_token_alone(door: CommunitiesDoor) -> None:
    status, card = door.connect()

    assert status == 201
    assert (card["id"], card["name"], card["oktmo"]) == (FIRST, "Домовые чаты", OKTMO)
    assert (card["state"], card["missing"], card["connected_by"]) == ("active", [], "vk:1")
    assert door.ask("GET", f"/communities/{FIRST}") == (200, card)


def test_its_token_lies_in_a_secret_of_its_own_and_nowhere_else(
    door: CommunitiesDoor, capsys: pytest.CaptureFixture[str]
) -> None:
    repeatable = {"idempotency-key": "connect-1"}

    answers = [door.answer("POST", "/communities", body(), headers=repeatable) for _ in range(2)]
    door.ask("GET", "/communities")
    door.ask("POST", "/communities", body() | {"oktmo": "no code"})

    items = client("dynamodb").scan(TableName="houses")["Items"]
    assert door.kept_tokens() == {f"{PREFIX}/{FIRST}": TOKENS[FIRST]}
    assert [answer["statusCode"] for answer in answers] == [201, 201]
    assert len(items) > 3
    assert TOKENS[FIRST] not in json.dumps([items, answers]) + capsys.readouterr().out


def body() -> dict[str, str]:
    return {"token": TOKENS[FIRST], "oktmo": OKTMO}


def test_whoever_has_one_territory_need_not_name_it(door: CommunitiesDoor) -> None:
    status, card = door.ask("POST", "/communities", {"token": TOKENS[FIRST]})

    assert (status, card["oktmo"]) == (201, OKTMO)


@pytest.mark.parametrize("code", [5, 27, 15, 28, 1117])
def test_a_token_that_is_no_communitys_is_refused_with_where_to_find_it(
    door: CommunitiesDoor, code: int
) -> None:
    door.sandbox.add_fault(Fault(Kind.ERROR, "execute", code=code))

    status, problem = door.connect()

    (error,) = problem["errors"]
    assert (status, error["pointer"]) == (422, "/token")
    assert "Ключи доступа" in error["detail"]
    assert door.ask("GET", "/communities")[1]["items"] == []
    assert door.kept_tokens() == {}


def test_a_token_that_vk_never_gave_is_refused(door: CommunitiesDoor) -> None:
    status, problem = door.ask("POST", "/communities", {"token": "made-up", "oktmo": OKTMO})

    assert (status, problem["code"]) == (422, "invalid")
    assert door.kept_tokens() == {}


def test_a_token_without_the_rights_that_it_must_have_is_not_kept(door: CommunitiesDoor) -> None:
    door.sandbox.grant(FIRST, ["photos"])

    status, problem = door.connect()

    told = [error["detail"] for error in problem["errors"]]
    assert status == 422
    assert ["сообщения" in told[0], "документы" in told[1], "управление" in told[2]] == [True] * 3
    assert all("«Работа с API»" in sentence for sentence in told)
    assert door.kept_tokens() == {}


def test_a_community_may_lack_what_is_of_use_later_and_its_card_says_so(
    door: CommunitiesDoor,
) -> None:
    door.sandbox.grant(FIRST, ["messages", "docs", "manage"])

    status, card = door.connect()

    (missing,) = card["missing"]
    assert (status, missing["right"]) == (201, "photos")
    assert "«Фотографии»" in missing["advice"]


@pytest.mark.parametrize("fault", [Kind.LOST_CALL, Kind.BAD_GATEWAY])
def test_when_vk_does_not_answer_it_is_to_be_tried_later(
    door: CommunitiesDoor, fault: Kind
) -> None:
    door.sandbox.add_fault(Fault(fault, "execute"))

    answer = door.answer("POST", "/communities", body())

    assert answer["statusCode"] == 503
    assert "Retry-After" in answer["headers"]
    assert door.connect()[0] == 201


def test_connected_again_it_acts_by_the_new_token_and_is_revived(door: CommunitiesDoor) -> None:
    door.connect()
    communities = door.doors.communities
    dead = communities.get(FIRST)
    assert dead
    communities.disconnect(dead, reason="Ключ отозван.")
    shown = door.ask("GET", f"/communities/{FIRST}")[1]
    door.sandbox.replace_token(FIRST, "handed-out-anew")

    status, card = door.ask("POST", "/communities", {"token": "handed-out-anew"})

    assert (shown["state"], shown["reason"]) == ("disconnected", "Ключ отозван.")
    assert (status, card["state"], card["reason"]) == (201, "active", "")
    assert door.kept_tokens() == {f"{PREFIX}/{FIRST}": "handed-out-anew"}
    alive = communities.get(FIRST)
    assert alive
    assert door.doors.tokens.of(alive) == "handed-out-anew"


def test_who_connects_a_community_too_late_changes_nothing_of_it(door: CommunitiesDoor) -> None:
    class Late(SecretTokens):
        def put(self, community_id: int, token: str) -> str:
            door.connect()  # somebody else, at the very same time
            return super().put(community_id, token)

    rights = frozenset({*NEEDED, *USEFUL})
    communities = door.doors.communities
    with pytest.raises(ConnectedMeanwhileError):
        connect(
            "a late token",
            OKTMO,
            by="vk:2",
            covers=lambda _: True,
            bearers=FakeBearers({"a late token": Bearer(FIRST, "Домовые чаты", rights)}),
            communities=communities,
            tokens=Late(PREFIX),
            now=datetime.now(UTC),
        )

    kept = communities.get(FIRST)
    assert kept
    assert kept.connected_by == f"vk:{ADMINISTRATOR}"
    assert [SecretTokens(PREFIX).of(kept), door.doors.tokens.of(kept)] == [TOKENS[FIRST]] * 2


def test_a_full_community_stays_full_when_only_its_token_is_replaced(
    door: CommunitiesDoor,
) -> None:
    door.connect()
    door.ask("PATCH", f"/communities/{FIRST}", {"state": "full"})

    _, card = door.connect()

    assert card["state"] == "full"


def test_a_community_of_another_territory_is_not_taken_away_from_it(
    door: CommunitiesDoor,
) -> None:
    door.connect(oktmo=ELSEWHERE_OKTMO, vk_id=ELSEWHERE)

    status, problem = door.connect()

    assert (status, problem["code"]) == (409, "conflict")
    assert "в другой территории" in problem["detail"]
    there = door.doors.communities.get(FIRST)
    assert there
    assert there.oktmo == ELSEWHERE_OKTMO


def test_who_sees_both_territories_may_move_a_community(door: CommunitiesDoor) -> None:
    door.connect(oktmo=ELSEWHERE_OKTMO, vk_id=ELSEWHERE)

    status, card = door.connect(vk_id=OF_REGION)

    assert (status, card["oktmo"]) == (201, OKTMO)


def test_each_sees_the_communities_of_their_own_territory(door: CommunitiesDoor) -> None:
    door.connect(FIRST)
    door.connect(SECOND, oktmo=ELSEWHERE_OKTMO, vk_id=ELSEWHERE)
    door.connect(THIRD, oktmo="11", vk_id=OF_REGION)

    seen = {
        vk_id: [one["id"] for one in door.ask("GET", "/communities", vk_id=vk_id)[1]["items"]]
        for vk_id in (ADMINISTRATOR, STAFF, ELSEWHERE, OF_REGION)
    }

    assert seen == {
        ADMINISTRATOR: [FIRST],
        STAFF: [FIRST],
        ELSEWHERE: [SECOND],
        OF_REGION: [FIRST, SECOND, THIRD],
    }
    assert door.ask("GET", f"/communities/{SECOND}")[0] == 404
    assert door.ask("PATCH", f"/communities/{SECOND}", {"state": "full"})[0] == 404


@pytest.mark.parametrize("vk_id", [STAFF, NOBODY])
def test_only_administrators_connect_and_change_communities(
    door: CommunitiesDoor, vk_id: int
) -> None:
    door.connect()

    statuses = [
        door.connect(vk_id=vk_id)[0],
        door.ask("PATCH", f"/communities/{FIRST}", {"state": "full"}, vk_id=vk_id)[0],
    ]

    assert statuses == [403, 403]


def test_nobody_connects_a_community_for_a_territory_that_is_not_theirs(
    door: CommunitiesDoor,
) -> None:
    status, problem = door.connect(oktmo=ELSEWHERE_OKTMO)

    assert (status, problem["errors"][0]["pointer"]) == (422, "/oktmo")
    assert door.sandbox.journal.arrivals() == []


def test_staff_see_how_many_communities_take_houses(door: CommunitiesDoor) -> None:
    door.connect(FIRST)
    door.connect(SECOND)

    status, card = door.ask("PATCH", f"/communities/{SECOND}", {"state": "full"})

    listed = door.ask("GET", "/communities")[1]
    assert (status, card["state"]) == (200, "full")
    assert (listed["counts"], listed["total"]) == ({"active": 1, "full": 1}, 2)


def test_who_changes_a_community_that_was_changed_meanwhile_is_told(
    door: CommunitiesDoor,
) -> None:
    door.connect()
    tag = door.answer("GET", f"/communities/{FIRST}")["headers"]["ETag"]
    path, seen = f"/communities/{FIRST}", {"if-match": tag}

    statuses = [
        door.ask("PATCH", path, {"state": state}, headers=seen)[0] for state in ("full", "active")
    ]

    assert statuses == [200, 412]


def test_only_a_token_brings_a_disconnected_community_back(door: CommunitiesDoor) -> None:
    door.connect()
    community = door.doors.communities.get(FIRST)
    assert community
    door.doors.communities.disconnect(community, reason="Ключ отозван.")

    status, problem = door.ask("PATCH", f"/communities/{FIRST}", {"state": "active"})

    there = door.doors.communities.get(FIRST)
    assert (status, problem["detail"]) == (
        409,
        "Сообщество отключено: подключите его заново ключом.",
    )
    assert there
    assert there.state == CommunityState.DISCONNECTED


def test_what_was_done_to_communities_is_accounted_for_by_their_numbers(
    door: CommunitiesDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled: list[Act] = []
    ledger = door.doors.gate.ledger
    monkeypatch.setattr(ledger, "settle", settled.append)

    door.connect()
    door.ask("PATCH", f"/communities/{FIRST}", {"state": "full"})

    on = (f"community:{FIRST}",)
    assert [(act.what, act.on, act.oktmo) for act in settled] == [
        ("connectCommunity", on, OKTMO),
        ("changeCommunity", on, OKTMO),
    ]
