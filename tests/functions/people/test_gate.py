"""What every change passes: it is accounted for, done once, counted, and meets nobody else's."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from housechats.adapters.audit import CUT_OFF_AFTER, DynamoLedger
from housechats.adapters.communities import DynamoCommunities
from housechats.adapters.table import Table
from housechats.domain.audit import Entry, Outcome, first_broken
from housechats.domain.errors import PausedError, UnavailableError
from housechats.domain.people import Role
from housechats.ports.people import Page
from people import api as people_api
from support.fakes import new_community
from support.killing import Killed, Wire
from support.whole_api import WholeApi, whole_api

ADMINISTRATOR, NEW = 1, 77
OKTMO = "11701000"
OFFICIAL = {"vk": "id77", "role": "staff"}
POST_ID = f"{NEW}-{OKTMO}"
ONCE = {"Idempotency-Key": "form-1"}
CALLS = 8
"""That one change makes to the gate's ports."""


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[WholeApi]:
    with whole_api(monkeypatch, CHANGES_A_MINUTE="8") as opened:
        opened.name(ADMINISTRATOR, Role.ADMINISTRATOR, OKTMO)
        opened.pages.pages["77"] = Page(NEW)
        yield opened


def name_official(api: WholeApi, body: Any = None, **headers: str) -> dict[str, Any]:
    asked = ("POST", "/officials", body or OFFICIAL)
    return api.answer(*asked, vk_id=ADMINISTRATOR, headers=headers)


def read(answer: dict[str, Any]) -> Any:
    return json.loads(answer["body"])


def links(api: WholeApi) -> list[Entry]:
    return [*DynamoLedger(api.table).chain("11")]


def sweep(api: WholeApi) -> None:
    """Account for what was cut off, as happens every minute."""
    ledger = DynamoLedger(api.table)
    for act in ledger.due(datetime.now(UTC) + CUT_OFF_AFTER, limit=80):
        ledger.settle(act)


def let_lease_die(table: Table) -> None:
    """Have who holds the key be dead for long."""
    for item in table.query_all("pk = :pk", pk=f"CALLER#vk:{ADMINISTRATOR}"):
        if "lease_until" in item:
            past = datetime.now(UTC) - timedelta(seconds=1)
            table.update(item["pk"], item["sk"], "SET #lease_until = :past", past=past)


def watched(monkeypatch: pytest.MonkeyPatch, wire: Wire) -> None:
    """Have the gate's calls of the API of people go over a wire."""
    doors = people_api.wired()
    gate = replace(
        doors.gate,
        posts=wire.watch("posts", doors.gate.posts),
        ledger=wire.watch("ledger", doors.gate.ledger),
        requests=wire.watch("requests", doors.gate.requests),
    )
    monkeypatch.setattr(people_api, "wired", lambda: replace(doors, gate=gate))


def die_at(wire: Wire, api: WholeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a request die where a wire says."""
    with monkeypatch.context() as patch:
        watched(patch, wire)
        with pytest.raises(Killed):
            name_official(api, **ONCE)


# ---------------------------------------------------------------- accounted for


def test_a_change_is_intended_before_it_is_done_and_remembered_before_it_is_settled(
    api: WholeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = Wire()
    watched(monkeypatch, wire)

    name_official(api, **ONCE)

    told = [call for call in wire.calls if call not in {"posts.known", "posts.get"}]
    assert told == [
        "requests.count",
        "requests.begin",
        "ledger.intend",
        "posts.give",
        "requests.answered",
        "ledger.settle",
    ]
    assert len(wire.calls) == CALLS


@pytest.mark.parametrize("number", range(1, CALLS + 1))
@pytest.mark.parametrize("when", ["before", "after"])
def test_nothing_that_was_changed_goes_unaccounted_wherever_the_request_dies(
    api: WholeApi, monkeypatch: pytest.MonkeyPatch, number: int, when: str
) -> None:
    wire = Wire(before={number}) if when == "before" else Wire(after={number})
    die_at(wire, api, monkeypatch)
    was_done = api.gate.posts.get(POST_ID) is not None
    let_lease_die(api.table)
    again = name_official(api, **ONCE)
    sweep(api)

    chain = links(api)
    assert again["statusCode"] in {200, 201}
    assert api.gate.posts.get(POST_ID)
    assert len({entry.act.id for entry in chain}) == len(chain)
    assert {entry.act.what for entry in chain} <= {"nameOfficial"}
    assert not was_done or "request-1" in {entry.act.request_id for entry in chain}
    assert was_done or chain[0].act.outcome == Outcome.DONE
    assert first_broken(chain, "11", DynamoLedger(api.table).end("11")) is None


def test_a_refused_change_is_in_no_chain_and_an_invalid_one_is_written_nowhere(
    api: WholeApi,
) -> None:
    before = api.snapshot()
    invalid = name_official(api, {"vk": "id77", "role": "emperor"})
    after = api.snapshot()

    nobodys = name_official(api, {"vk": "id78", "role": "staff"})
    sweep(api)

    assert (invalid["statusCode"], nobodys["statusCode"]) == (422, 422)
    assert after == before
    assert links(api) == []


def test_an_act_tells_who_did_what_to_whom_and_where(api: WholeApi) -> None:
    name_official(api)

    (entry,) = links(api)
    act = entry.act
    assert (act.who, act.role, act.what, act.on, act.oktmo, act.outcome) == (
        "vk:1",
        "administrator",
        "nameOfficial",
        ("vk:77",),
        OKTMO,
        Outcome.DONE,
    )


# ---------------------------------------------------------------- once


def test_a_repeat_gets_the_same_answer_and_changes_nothing(api: WholeApi) -> None:
    first = name_official(api, **ONCE)
    api.pages.pages.clear()

    again = name_official(api, **ONCE)

    assert (first["statusCode"], again["statusCode"]) == (201, 201)
    assert again["body"] == first["body"]
    assert again["headers"]["location"] == first["headers"]["Location"]
    assert again["headers"]["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first["headers"]
    assert len(links(api)) == 1


def test_the_same_key_with_another_body_is_refused(api: WholeApi) -> None:
    name_official(api, **ONCE)

    other = name_official(api, {**OFFICIAL, "title": "Другая"}, **ONCE)

    assert (other["statusCode"], read(other)["code"]) == (422, "key_reused")


def test_whoever_comes_while_it_is_being_done_is_told_so(
    api: WholeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    die_at(Wire(before={5}), api, monkeypatch)  # about to change something

    other = name_official(api, **ONCE)
    let_lease_die(api.table)
    third = name_official(api, **ONCE)

    assert (other["statusCode"], read(other)["code"]) == (409, "in_progress")
    assert int(other["headers"]["Retry-After"]) >= 1
    assert third["statusCode"] == 201


def test_a_refused_request_may_be_put_right_under_its_key(api: WholeApi) -> None:
    wrong = name_official(api, {"vk": "id78", "role": "staff"}, **ONCE)

    right = name_official(api, **ONCE)

    assert (wrong["statusCode"], right["statusCode"]) == (422, 201)


@pytest.mark.parametrize("key", ["с пробелом", "a b", "x" * 201])
def test_a_key_that_is_none_is_said(api: WholeApi, key: str) -> None:
    answer = name_official(api, **{"Idempotency-Key": key})

    assert answer["statusCode"] == 422
    assert read(answer)["errors"][0]["pointer"] == "/header/Idempotency-Key"


def test_an_answer_that_names_a_person_is_read_anew_and_kept_nowhere(api: WholeApi) -> None:
    DynamoCommunities(api.table).connect(new_community(1, OKTMO), instead_of=None)
    new = {
        "address": "г. Вымышленск, ул. Садовая, д. 1",
        "elder_name": "Вымыслова Марфа",
        "elder_phone": "+7 999 000-00-01",
    }
    asked: Any = ("POST", "/houses", new)

    first = api.answer(*asked, vk_id=ADMINISTRATOR, headers=ONCE)
    again = api.answer(*asked, vk_id=ADMINISTRATOR, headers=ONCE)

    kept = [*api.table.query_all("pk = :pk", pk=f"CALLER#vk:{ADMINISTRATOR}")]
    assert (first["statusCode"], again["statusCode"]) == (201, 201)
    assert read(again)["id"] == read(first)["id"]
    assert read(again)["elder"]["name"] == "Вымыслова Марфа"
    assert "Вымыслова" not in f"{kept}"


# ---------------------------------------------------------------- too often, not now


def test_who_changes_too_much_waits_for_the_next_minute(api: WholeApi) -> None:
    answers = [name_official(api) for _ in range(17)]  # a minute may end on the way

    last = answers[-1]
    assert (last["statusCode"], read(last)["code"]) == (429, "too_many_requests")
    assert 1 <= int(last["headers"]["Retry-After"]) <= 60
    assert api.ask("GET", "/me", vk_id=ADMINISTRATOR)[0] == 200


@pytest.mark.parametrize(
    ("trouble", "longest"),
    [
        pytest.param(UnavailableError("VK"), 5, id="for now"),
        pytest.param(
            PausedError(datetime.now(UTC) + timedelta(hours=1), "Ждём ВКонтакте."),
            3600,
            id="until a time",
        ),
    ],
)
def test_what_cannot_be_done_now_says_when_to_come_again(
    api: WholeApi, trouble: Exception, longest: int
) -> None:
    api.pages.trouble = trouble

    answer = name_official(api, **ONCE)
    again = name_official(api, **ONCE)

    assert (answer["statusCode"], read(answer)["code"]) == (503, "unavailable")
    assert 1 <= int(answer["headers"]["Retry-After"]) <= longest
    assert again["statusCode"] == 201
    assert [entry.act.outcome for entry in links(api)] == [Outcome.UNKNOWN, Outcome.DONE]


# ---------------------------------------------------------------- validators


def test_what_has_not_changed_is_not_sent_again(api: WholeApi) -> None:
    path = f"/officials/{api.name(NEW, Role.STAFF, OKTMO).id}"
    first = api.answer("GET", path, vk_id=ADMINISTRATOR)
    tag = first["headers"]["ETag"]

    same = api.answer("GET", path, vk_id=ADMINISTRATOR, headers={"If-None-Match": f'"x", {tag}'})
    api.ask("PATCH", path, {"title": "Новая"}, vk_id=ADMINISTRATOR)
    changed = api.answer("GET", path, vk_id=ADMINISTRATOR, headers={"If-None-Match": tag})

    assert (same["statusCode"], same["body"]) == (304, "")
    assert changed["statusCode"] == 200
    assert changed["headers"]["ETag"] != tag
    assert first["headers"]["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        pytest.param("{}", 200, id="what was seen"),
        pytest.param('"other", {}', 200, id="one of several"),
        pytest.param("W/{}", 200, id="what a proxy has packed"),
        pytest.param("*", 200, id="whatever it is"),
        pytest.param('"r9-0"', 412, id="what is no more"),
        pytest.param('"{0}', 412, id="nonsense"),
    ],
)
def test_a_change_meets_only_what_its_author_has_seen(
    api: WholeApi, said: str, status: int
) -> None:
    path = f"/officials/{api.name(NEW, Role.STAFF, OKTMO).id}"
    tag = api.answer("GET", path, vk_id=ADMINISTRATOR)["headers"]["ETag"]
    headers = {"If-Match": said.format(tag) if status == 200 else said.format("r1")}

    answer = api.answer("PATCH", path, {"title": "Новая"}, vk_id=ADMINISTRATOR, headers=headers)

    assert answer["statusCode"] == status
    if status == 200:
        assert answer["headers"]["ETag"].startswith('"r2-')
