"""A broadcast stands among all long work: how far it is, what failed, stop it, go on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from housechats.adapters.audiences import S3Audiences
from housechats.adapters.broadcasts import DynamoBroadcasts
from housechats.adapters.files import S3Files
from housechats.adapters.receipts import DynamoReceipts
from housechats.domain.broadcasts import (
    Broadcast,
    BroadcastLane,
    BroadcastState,
    Deed,
    HeldFor,
    folder_of,
)
from housechats.domain.people import Role
from housechats.domain.receipts import Recipient
from jobs.broadcasts import STOPPED_BY_HAND
from support.whole_api import WholeApi, whole_api

ADMINISTRATOR, STAFF, SPEAKER, OF_OTHERS, ELSEWHERE = 1, 2, 3, 4, 5
OKTMO, INN = "11701000", "2901000017"
ID = "b" * 16
NOW = datetime.now(UTC).replace(microsecond=0)
RUNNING = Broadcast(
    id=ID,
    deed=Deed.MESSAGE,
    lane=BroadcastLane.PLANNED,
    oktmo=OKTMO,
    inn=INN,
    created_by="vk:3",
    created_at=NOW - timedelta(minutes=2),
    beginning="Воды не будет.",
    chats=7,
    chunks=3,
    people=70,
    state=BroadcastState.RUNNING,
    held_for=None,
    started_at=NOW - timedelta(minutes=1),
    sent=3,
    failed=1,
)


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[WholeApi]:
    with whole_api(monkeypatch) as opened:
        opened.name(ADMINISTRATOR, Role.ADMINISTRATOR, OKTMO)
        opened.name(STAFF, Role.STAFF, OKTMO)
        opened.name(SPEAKER, Role.REPRESENTATIVE, OKTMO, INN)
        opened.name(OF_OTHERS, Role.REPRESENTATIVE, OKTMO, "2901000024")
        opened.name(ELSEWHERE, Role.ADMINISTRATOR, "11730000")
        yield opened


def kept(api: WholeApi, **changes: object) -> Broadcast:
    return DynamoBroadcasts(api.table).add(replace(RUNNING, **changes))  # type: ignore[arg-type]


def now_kept(api: WholeApi) -> Broadcast:
    one = DynamoBroadcasts(api.table).get(ID)
    assert one
    return one


def done_with_failures(api: WholeApi) -> None:
    """Keep a broadcast that is over: of each of three chunks the second chat failed."""
    audiences = S3Audiences(S3Files("broadcasts"))
    chats = [(7, Recipient(f"H{n:07d}", n + 1, f"Садовая, {n + 1}")) for n in range(7)]
    audiences.write(folder_of(ID), chats, together=3)
    receipts = DynamoReceipts(api.table)
    for chunk, (cmids, failures) in enumerate(
        [
            ({0: 1, 2: 1}, {1: "not_done"}),
            ({0: 1, 2: 1}, {1: "chat_lost"}),
            ({}, {0: "unknown_977"}),
        ]
    ):
        claim = receipts.claim(ID, chunk, now=NOW, lease_until=NOW + timedelta(minutes=1))
        receipts.finish(
            ID, replace(claim.receipts, cmids=cmids, failures=failures, finished_at=NOW)
        )
    kept(api, state=BroadcastState.DONE, finished_at=NOW, sent=4, failed=3)


def ask(api: WholeApi, method: str, path: str, vk_id: int = STAFF, **query: str) -> tuple[int, Any]:
    return api.ask(method, path, vk_id=vk_id, query=query)


def test_a_broadcast_is_shown_in_the_shape_of_all_long_work(api: WholeApi) -> None:
    kept(api)

    _, card = ask(api, "GET", f"/jobs/{ID}")
    _, page = ask(api, "GET", "/jobs", kind="broadcast")

    assert (card["kind"], card["status"]) == ("broadcast", "running")
    assert (card["total"], card["done"], card["failed"]) == (7, 3, 1)
    assert card["eta_seconds"] > 0
    assert card["can"] == {"cancel": True, "retry": False}
    assert [item["id"] for item in page["items"]] == [ID]
    assert page["counts"] == {"running": 1}


def test_a_broadcast_stands_in_the_list_of_all_work_for_a_month(api: WholeApi) -> None:
    kept(api)
    kept(api, id="c" * 16, created_at=NOW - timedelta(days=31))

    _, all_work = ask(api, "GET", "/jobs")
    _, lists = ask(api, "GET", "/jobs", kind="list")

    assert [item["id"] for item in all_work["items"]] == [ID]
    assert lists["items"] == []


def test_whose_broadcast_it_is_not_sees_no_such_work(api: WholeApi) -> None:
    kept(api)

    seen = {
        who: (ask(api, "GET", f"/jobs/{ID}", who)[0], ask(api, "GET", "/jobs", who)[1]["total"])
        for who in (ADMINISTRATOR, STAFF, SPEAKER, OF_OTHERS, ELSEWHERE)
    }

    assert seen == {
        ADMINISTRATOR: (200, 1),
        STAFF: (200, 1),
        SPEAKER: (200, 1),
        OF_OTHERS: (404, 0),
        ELSEWHERE: (404, 0),
    }


def test_a_broadcast_of_the_territory_is_not_the_work_of_an_organisation(api: WholeApi) -> None:
    kept(api, inn="")

    status, _ = ask(api, "GET", f"/jobs/{ID}", SPEAKER)

    assert status == 404


def test_a_running_one_is_stopped_and_again_changes_nothing(api: WholeApi) -> None:
    kept(api)

    answers = [ask(api, "POST", f"/jobs/{ID}/cancel") for _ in range(2)]

    assert [(status, card["status"]) for status, card in answers] == [(200, "cancelled")] * 2
    assert answers[0][1]["reason"] == STOPPED_BY_HAND
    assert answers[0][1]["can"] == {"cancel": False, "retry": True}
    assert now_kept(api).state == BroadcastState.STOPPED


@pytest.mark.parametrize("state", [BroadcastState.SCHEDULED, BroadcastState.AWAITS_APPROVAL])
def test_one_that_has_not_begun_is_taken_back(api: WholeApi, state: BroadcastState) -> None:
    kept(api, state=state, started_at=None, held_for=HeldFor.TIME, start_at=NOW, sent=0, failed=0)

    before = ask(api, "GET", f"/jobs/{ID}")[1]["status"]
    _, card = ask(api, "POST", f"/jobs/{ID}/cancel")

    assert (before, card["status"]) == ("waiting", "cancelled")
    assert card["can"] == {"cancel": False, "retry": False}
    assert now_kept(api).state == BroadcastState.CANCELLED


def test_one_that_is_over_is_not_stopped(api: WholeApi) -> None:
    kept(api, state=BroadcastState.DONE, finished_at=NOW)

    status, problem = ask(api, "POST", f"/jobs/{ID}/cancel")

    assert (status, problem["code"]) == (409, "conflict")


def test_who_speaks_for_an_organisation_stops_its_broadcast_where_broadcasts_are(
    api: WholeApi,
) -> None:
    kept(api)

    status, _ = ask(api, "POST", f"/jobs/{ID}/cancel", SPEAKER)
    _, card = ask(api, "GET", f"/jobs/{ID}", SPEAKER)

    assert status == 403
    assert card["can"] == {"cancel": False, "retry": False}


def test_what_failed_is_told_chat_by_chat_and_page_by_page(api: WholeApi) -> None:
    done_with_failures(api)

    _, first = ask(api, "GET", f"/jobs/{ID}/items", only="failed", limit="2")
    cursor = first["next_cursor"]
    _, last = ask(api, "GET", f"/jobs/{ID}/items", only="failed", limit="2", cursor=cursor)

    items = [*first["items"], *last["items"]]
    assert [(i["id"], i["kind"], i["what"], i["retryable"]) for i in items] == [
        ("H0000001", "house", "Садовая, 2", True),
        ("H0000004", "house", "Садовая, 5", False),
        ("H0000006", "house", "Садовая, 7", True),
    ]
    assert items[1]["reason"].startswith("Чат недоступен сообществу. Верните сообщество в чат")
    assert "977" in items[2]["reason"]
    assert (first["total"], last["next_cursor"]) == (3, "")


def test_a_cursor_that_is_none_of_ours_is_refused(api: WholeApi) -> None:
    done_with_failures(api)

    status, problem = ask(api, "GET", f"/jobs/{ID}/items", cursor="H0000001")

    assert (status, problem["errors"][0]["pointer"]) == (422, "/query/cursor")


def test_a_closing_message_taken_back_keeps_nothing_from_going_on(api: WholeApi) -> None:
    closing = "c" * 16
    kept(api, state=BroadcastState.STOPPED, followed_by=closing, followers=(closing,))
    kept(api, id=closing, of=ID, state=BroadcastState.SCHEDULED, started_at=None, sent=0)

    status, _ = ask(api, "POST", f"/jobs/{closing}/cancel")
    _, card = ask(api, "GET", f"/jobs/{ID}")

    assert (status, now_kept(api).followed_by) == (200, "")
    assert card["can"]["retry"]


@pytest.mark.parametrize("state", [BroadcastState.DONE, BroadcastState.STOPPED])
def test_what_failed_or_is_left_is_handed_to_who_goes_on_with_it(
    api: WholeApi, state: BroadcastState
) -> None:
    kept(api, state=state, finished_at=NOW if state == BroadcastState.DONE else None)

    status, card = ask(api, "POST", f"/jobs/{ID}/retry")

    assert (status, card["status"]) == (200, "running")
    assert api.messages("broadcast-jobs") == [{"broadcast_id": ID, "revision": 1}]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"failed": 0}, id="nothing failed"),
        pytest.param({"followed_by": "f" * 16}, id="it was corrected or recalled"),
    ],
)
def test_where_nothing_can_be_retried_it_is_said(api: WholeApi, changes: dict[str, object]) -> None:
    kept(api, state=BroadcastState.DONE, finished_at=NOW, **changes)

    status, problem = ask(api, "POST", f"/jobs/{ID}/retry")

    assert (status, problem["code"]) == (409, "conflict")
    assert api.messages("broadcast-jobs") == []
