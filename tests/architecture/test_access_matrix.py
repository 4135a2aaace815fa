"""Every operation of the API, asked by every role, inside and outside its scope."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from docs.openapi import openapi
from housechats.domain.access import GRANTS, Permission
from housechats.domain.people import Role
from support.small_region import CALLERS, HERE, NOBODY, THERE, SmallRegion, Things, settle_region
from support.whole_api import WholeApi, whole_api

OPEN = {"me", "acceptInvitation"}
"""What who has no role may ask too: who they are, and to get a role that somebody gave them."""
BODIES: dict[str, dict[str, Any]] = {
    "acceptInvitation": {"code": "nobody-s"},
    "actOnDiscussion": {"act": "cancel", "reason": "Мастер заболел."},
    "addOrganisation": {"inn": "{organisations}", "kind": "management_company", "name": "УК Двор"},
    "answerComplaint": {"status": "accepted"},
    "answerQuestion": {"text": "Лифт починят завтра."},
    "attachHouses": {"kind": "administration", "houses": ["{houses}"]},
    "attachOrganisation": {"inn": "{organisations}", "kind": "management_company"},
    "closeBroadcast": {"text": "Вода есть."},
    "confirmBroadcast": {"token": "{tokens}"},
    "correctBroadcast": {"text": "Воды не будет до 14."},
    "callElder": {"done": True},
    "changeCommunity": {"state": "full"},
    "changeHouse": {"entrances": 3},
    "changeOfficial": {"title": "Специалист"},
    "changeOrganisation": {"name": "УК Двор"},
    "closeHouse": {"reason": "Дом расселён."},
    "confirmQuestion": {"solved": True},
    "connectCommunity": {"token": "a-token"},
    "createBatch": {"name": "дома.csv"},
    "createHouse": {"address": "г. Вымышленск, ул. Лесная, д. 9"},
    "decideQuestion": {"decision": "withdraw"},
    "decideReport": {"decision": "keep"},
    "exportActivity": {},
    "exportAudit": {},
    "exportWorkbook": {"kind": "companies"},
    "forgetPerson": {"vk": "id501"},
    "handOver": {"name": "Вымыслов Пётр", "vk": "id603"},
    "mendRow": {"cells": {"address": "г. Вымышленск, ул. Лесная, д. 7"}},
    "moveBroadcast": {"start_at": "{tomorrow}"},
    "moveDiscussion": {"starts_at": "{afternoon}"},
    "nameDiscussion": {"starts_at": "{afternoon}"},
    "nameOfficial": {"vk": "id603", "role": "staff"},
    "nameRepresentative": {"vk": "id603"},
    "previewBroadcast": {"parts": [{"kind": "all"}], "lane": "news", "text": "Воды нет."},
    "publishProtocol": {"text": "Лифт починят до марта."},
    "raiseQuestion": {"text": "В подъезде нет света.", "where": "entrance"},
    "recallBroadcast": {"reason": "Ошиблись домом."},
    "replayComplaints": {"inn": "{organisations}"},
    "redirectQuestion": {"inn": "", "reason": "Это не наше оборудование."},
    "reviewBroadcast": {"note": "Всё верно."},
    "searchPerson": {"vk": "id501"},
    "setAnswerTerms": {"first_word_days": 2},
    "setBroadcastRules": {"second_person_above": 500},
    "setQuestionRules": {"vote_days": 5},
    "setServices": {"services": [{"title": "Счётчики", "kind": "app", "app_id": 7}]},
    "setTemplate": {"wording": "{{что}} {{звонить}}"},
    "setTerritory": {"locality": "г. Вымышленск"},
    "setWebhook": {"url": "https://uk.example.ru/complaints"},
    "transferHouses": {"to": "{others}"},
}
"""What is asked with each operation that takes a body; things in it are those of the same town."""
IN_ITS_STATE = 409
"""Within reach, but not now: a house whose chat is not open cannot be closed."""


@cache
def document() -> dict[str, Any]:
    return openapi()


@cache
def operations() -> dict[str, tuple[str, str, Any]]:
    """Return method, path and description of every signed operation, by its id."""
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
        if operation.get("security") != []
    }


@cache
def takes_territory(name: str) -> bool:
    """Tell whether a body may say in which territory something is to be done."""
    _, _, operation = operations()[name]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    shape = body.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return "oktmo" in document()["components"]["schemas"].get(shape, {}).get("properties", {})


def permission_of(name: str) -> Permission | None:
    said = operations()[name][2].get("x-permission")
    return Permission(said) if said else None


def path_to(name: str, things: Things) -> str:
    """Fill a path with things: each is called as the collection before it."""
    path = operations()[name][1]
    return re.sub(r"/([a-z]+)/\{\w+\}", lambda part: f"/{part[1]}/{things[part[1]]}", path)


def body_of(name: str, things: Things, oktmo: str) -> object:
    if name not in BODIES:
        return None
    said = {"oktmo": oktmo} if takes_territory(name) else {}
    return said | {key: _filled(value, things) for key, value in BODIES[name].items()}


def _filled(value: Any, things: Things) -> Any:
    match value:
        case list():
            return [_filled(one, things) for one in value]
        case dict():
            return {key: _filled(one, things) for key, one in value.items()}
        case str():
            tomorrow = datetime.now(UTC) + timedelta(days=1)
            # No quiet hours reach into it (domain/quiet_hours.py).
            afternoon = f"{tomorrow:%Y-%m-%d}T16:30"
            at = {"tomorrow": tomorrow.isoformat(timespec="seconds"), "afternoon": afternoon}
            return value.format(**things, **at)
    return value


@pytest.fixture(scope="module")
def api() -> Iterator[WholeApi]:
    with pytest.MonkeyPatch.context() as monkeypatch, whole_api(monkeypatch) as opened:
        yield opened


@pytest.fixture(scope="module")
def region(api: WholeApi) -> SmallRegion:
    return settle_region(api)


def ask(api: WholeApi, name: str, things: Things, oktmo: str, vk_id: int, **how: Any) -> Any:
    method, body = operations()[name][0], body_of(name, things, oktmo)
    return api.ask(method, path_to(name, things), body, vk_id=vk_id, **how)


def test_every_operation_needs_a_permission_but_the_two_that_give_one() -> None:
    without = {name for name in operations() if permission_of(name) is None}

    assert without == OPEN


def test_every_operation_has_an_example(region: SmallRegion) -> None:
    lacking = {
        name
        for name, (_, path, operation) in operations().items()
        if ("requestBody" in operation) != (name in BODIES)
        or not set(re.findall(r"/([a-z]+)/\{", path)) <= region.here.keys()
    }

    assert lacking == set(), "say what is asked with it: BODIES, support/small_region.py"


@pytest.mark.parametrize("name", operations())
def test_whoever_is_not_granted_an_operation_is_refused_and_changes_nothing(
    api: WholeApi, region: SmallRegion, name: str
) -> None:
    permission, before = permission_of(name), api.kept()
    refused = {role: caller for role, caller in CALLERS.items() if permission not in GRANTS[role]}

    answers = {
        role: ask(api, name, region.here, HERE, caller)
        for role, caller in refused.items()
        if permission
    }
    nobody = ask(api, name, region.here, HERE, NOBODY)
    expired = ask(api, name, region.here, HERE, CALLERS[Role.ADMINISTRATOR], age=25 * 3600)

    assert {(status, told["code"]) for status, told in answers.values()} <= {(403, "forbidden")}
    assert (expired[0], expired[1]["code"]) == (401, "launch_expired")
    if permission:
        assert (nobody[0], nobody[1]["code"]) == (403, "no_role")
    else:
        assert nobody[0] not in {401, 403}
    assert api.kept() == before


GRANTED = [
    pytest.param(name, role, id=f"{name} as {role}")
    for name in operations()
    for role in CALLERS
    if permission_of(name) in GRANTS[role]
]


@pytest.mark.parametrize(("name", "role"), GRANTED)
def test_whoever_is_granted_an_operation_does_it_where_they_have_the_role(
    api: WholeApi, region: SmallRegion, name: str, role: Role
) -> None:
    before = api.snapshot()

    caller = CALLERS[role]
    status, told = ask(api, name, region.here_of(caller), HERE, caller)

    api.restore(before)
    assert status < 300 or status == IN_ITS_STATE, told
    ids = set(region.there.values()) - set(region.here.values()) - {region.there["communities"]}
    assert not [one for one in ids if one in f"{told}"], "what lies outside is shown"


@pytest.mark.parametrize(("name", "role"), GRANTED)
def test_whoever_is_granted_an_operation_finds_nothing_elsewhere_and_changes_nothing(
    api: WholeApi, region: SmallRegion, name: str, role: Role
) -> None:
    before, caller = api.kept(), CALLERS[role]
    answers = []

    if "{" in operations()[name][1]:
        answers.append((ask(api, name, region.there, HERE, caller), 404))
    if takes_territory(name):
        answers.append((ask(api, name, region.here, THERE, caller), 422))

    for (status, told), expected in answers:
        assert status == expected, told
        if status == 422:
            assert told["errors"][0]["pointer"] == "/oktmo"
    assert api.kept() == before
