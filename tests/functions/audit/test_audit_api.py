"""Administrators see who did what in their territory, and take it away as a file."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest

from audit import export, read_back
from housechats.adapters.audit import DynamoLedger
from housechats.adapters.aws import client
from housechats.domain.audit import Act, Outcome
from housechats.domain.people import Role
from support.whole_api import WholeApi, whole_api

OF_TOWN, OF_REGION, STAFF, OF_TWO = 1, 2, 3, 4
TOWN, OTHER_TOWN = "11701000", "11730000"
BEGAN = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[WholeApi]:
    with whole_api(monkeypatch) as opened:
        opened.name(OF_TOWN, Role.ADMINISTRATOR, TOWN)
        opened.name(OF_REGION, Role.ADMINISTRATOR, "11")
        opened.name(STAFF, Role.STAFF, TOWN)
        opened.name(OF_TWO, Role.ADMINISTRATOR, TOWN)
        opened.name(OF_TWO, Role.ADMINISTRATOR, "118")
        yield opened


def done(api: WholeApi, *oktmos: str, **said: Any) -> None:
    """Account for an act a minute, in places."""
    ledger = DynamoLedger(api.table)
    first = sum(ledger.end(region)[0] for region in ("11", "118"))
    for number, oktmo in enumerate(oktmos, start=first):
        act = Act(
            id=f"act-{number}",
            at=BEGAN + timedelta(minutes=number),
            who="vk:9",
            role="staff",
            what="createHouse",
            on=(f"house:{number}",),
            oktmo=oktmo,
            request_id="r",
            outcome=Outcome.DONE,
        )
        ledger.settle(replace(act, **said))


def shown(api: WholeApi, vk_id: int, **query: str) -> list[str]:
    """Return ids of all acts that somebody sees, page by page."""
    ids: list[str] = []
    cursor = ""
    while True:
        asked = {"limit": "2", **query} | ({"cursor": cursor} if cursor else {})
        status, page = api.ask("GET", "/audit", vk_id=vk_id, query=asked)
        assert status == 200, page
        ids += [item["id"] for item in page["items"]]
        if not (cursor := page["next_cursor"]):
            return ids


def exported(api: WholeApi, vk_id: int, **body: Any) -> tuple[Any, list[Any]]:
    """Return what is answered to an export, and the lines of the file."""
    status, file = api.ask("POST", "/audit/export", body, vk_id=vk_id)
    assert status == 200, file
    key = unquote(file["url"].partition("?")[0]).partition("amazonaws.com/")[2]
    text = client("s3").get_object(Bucket="lists", Key=key)["Body"].read().decode()
    return file, [json.loads(line) for line in text.splitlines()]


def test_acts_are_shown_the_newest_first_each_to_who_covers_its_place(api: WholeApi) -> None:
    done(api, TOWN, OTHER_TOWN, "11", TOWN, "11811000")

    assert shown(api, OF_TOWN) == ["act-3", "act-0"]
    assert shown(api, OF_REGION) == ["act-3", "act-2", "act-1", "act-0"]
    assert shown(api, OF_TWO) == ["act-4", "act-3", "act-0"]


def test_staff_see_no_account(api: WholeApi) -> None:
    status, problem = api.ask("GET", "/audit", vk_id=STAFF)

    assert (status, problem["code"]) == (403, "forbidden")


def test_an_act_is_told_whole(api: WholeApi) -> None:
    done(api, TOWN)

    (deed,) = api.ask("GET", "/audit", vk_id=OF_TOWN)[1]["items"]

    assert deed == {
        "id": "act-0",
        "at": BEGAN.isoformat().replace("+00:00", "Z"),
        "who": "vk:9",
        "role": "staff",
        "what": "createHouse",
        "on": ["house:0"],
        "oktmo": TOWN,
        "request_id": "r",
        "outcome": "done",
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param({"who": "vk:8"}, ["act-1"], id="by who"),
        pytest.param({"what": "closeHouse"}, ["act-2"], id="by what"),
        pytest.param({"on": "house:3"}, ["act-3"], id="by the thing"),
        pytest.param({"from": 2}, ["act-3", "act-2"], id="from a time"),
        pytest.param({"to": 2}, ["act-1", "act-0"], id="to a time"),
        pytest.param({"from": 1, "to": 3, "who": "vk:9"}, ["act-2"], id="by all at once"),
    ],
)
def test_acts_are_found(api: WholeApi, query: dict[str, Any], found: list[str]) -> None:
    done(api, TOWN)
    done(api, TOWN, who="vk:8")
    done(api, TOWN, what="closeHouse")
    done(api, TOWN)

    asked = {
        name: value if isinstance(value, str) else (BEGAN + timedelta(minutes=value)).isoformat()
        for name, value in query.items()
    }

    assert shown(api, OF_TOWN, **asked) == found


def test_a_rare_act_is_found_page_by_page(api: WholeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_back, "MOST_READ", 2)
    monkeypatch.setattr(read_back, "AT_ONCE", 2)
    done(api, TOWN, who="vk:8")
    done(api, *[TOWN] * 6)

    first = api.ask("GET", "/audit", vk_id=OF_TOWN, query={"who": "vk:8"})[1]

    assert first["items"] == []
    assert shown(api, OF_TOWN, who="vk:8") == ["act-0"]


@pytest.mark.parametrize("cursor", ["nonsense", "11", "11-x", "11-1.", "1" * 101])
def test_a_cursor_that_is_none_of_ours_is_said(api: WholeApi, cursor: str) -> None:
    status, problem = api.ask("GET", "/audit", vk_id=OF_TOWN, query={"cursor": cursor})

    assert (status, problem["errors"][0]["pointer"]) == (422, "/query/cursor")


def test_a_time_without_a_zone_is_asked_for_anew(api: WholeApi) -> None:
    status, problem = api.ask("GET", "/audit", vk_id=OF_TOWN, query={"from": "2026-01-01T00:00"})

    assert (status, problem["errors"][0]["pointer"]) == (422, "/query/from")


def test_who_covers_the_region_takes_away_the_whole_chain_with_its_end(api: WholeApi) -> None:
    done(api, TOWN, OTHER_TOWN, "11")

    file, (head, *links) = exported(api, OF_REGION)

    assert (file["links"], file["whole"], file["next_after"]) == (3, True, 0)
    assert file["file_name"].endswith(".jsonl")
    assert [link["seq"] for link in links] == [1, 2, 3]
    assert head["end"] == {"seq": 3, "hash": links[-1]["hash"]}


def test_who_covers_a_part_takes_away_exactly_what_they_see(api: WholeApi) -> None:
    done(api, TOWN, OTHER_TOWN, TOWN, "11")

    file, (head, *links) = exported(api, OF_TOWN)

    assert (file["whole"], head["whole"], head["end"]) == (False, False, None)
    assert [link["id"] for link in links] == ["act-0", "act-2"]


def test_what_does_not_fit_into_one_file_goes_on_in_the_next(
    api: WholeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST", 2)
    done(api, *[TOWN] * 3)

    file, (head, *_) = exported(api, OF_REGION)
    more, (_, *rest) = exported(api, OF_REGION, after=file["next_after"])

    assert (file["next_after"], head["end"]) == (2, None)
    # The third, and the first export itself.
    assert ([link["seq"] for link in rest], more["next_after"]) == ([3, 4], 0)


def test_an_export_is_accounted_for_too(api: WholeApi) -> None:
    exported(api, OF_TOWN)

    (deed,) = api.ask("GET", "/audit", vk_id=OF_TOWN)[1]["items"]

    assert (deed["who"], deed["what"], deed["outcome"]) == ("vk:1", "exportAudit", "done")


def test_a_repeat_of_an_export_gets_a_link_of_its_own_to_one_file(api: WholeApi) -> None:
    done(api, TOWN)
    key = {"idempotency-key": "export-1"}

    first = api.ask("POST", "/audit/export", {}, vk_id=OF_TOWN, headers=key)[1]
    again = api.ask("POST", "/audit/export", {}, vk_id=OF_TOWN, headers=key)[1]

    assert again["expires_at"] > first["expires_at"]
    assert again["url"].partition("?")[0] == first["url"].partition("?")[0]
    assert "amazonaws.com" not in f"{api.remembered()}", "a link is remembered"


def test_an_export_of_another_territory_is_refused(api: WholeApi) -> None:
    status, problem = api.ask("POST", "/audit/export", {"oktmo": "11"}, vk_id=OF_TOWN)

    assert (status, problem["errors"][0]["pointer"]) == (422, "/oktmo")
