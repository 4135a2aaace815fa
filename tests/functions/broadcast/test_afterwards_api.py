"""Afterwards, through the API: receipts, retries, corrections, recalls, closing, the report."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from housechats.domain.broadcasts import Broadcast, BroadcastState, folder_of
from housechats.domain.followers import ALREADY_CLOSED
from support.broadcast_door import (
    COMMUNITY,
    COMPANY,
    COSY,
    ELSEWHERE,
    REPRESENTATIVE,
    STAFF,
    BroadcastDoor,
)

ACTS: dict[str, dict[str, str]] = {
    "retry": {},
    "correction": {"text": "Воды не будет до вечера."},
    "recall": {"reason": "Не тот дом."},
    "restored": {"text": "Вода есть."},
    "report": {},
}


def over(door: BroadcastDoor, failed: dict[int, str] | None = None, **said: Any) -> Broadcast:
    """Return a broadcast to three chats that is over; `failed` by position."""
    theirs: dict[str, Any] = {"organisations": {COSY: COMPANY}} if said.get("inn") else {}
    for number in (1, 2, 3):
        door.house(number, **theirs)
    door.house(4, opened=False, **theirs)
    who = REPRESENTATIVE if said.get("inn") else STAFF
    one = door.kept(door.confirm(vk_id=who, **said)["id"])
    return ended(door, one, failed or {})


def ended(door: BroadcastDoor, one: Broadcast, failed: dict[int, str]) -> Broadcast:
    """Have a broadcast be through as if workers had sent it."""
    now = datetime.now(UTC).replace(microsecond=0)
    receipts = door.doors.receipts
    claim = receipts.claim(one.id, 0, now=now, lease_until=now + timedelta(minutes=1))
    sent = {n: 50 + n for n in range(one.chats) if n not in failed}
    noted = replace(claim.receipts, begun_at=None, cmids=sent, failures=failed, finished_at=now)
    assert receipts.finish(one.id, noted)
    return door.become(
        replace(
            one,
            state=BroadcastState.DONE,
            held_for=None,
            started_at=now,
            finished_at=now,
            due_at=None,
            sent=len(sent),
            failed=len(failed),
            finished={COMMUNITY: 1},
        )
    )


def act(door: BroadcastDoor, one: Broadcast, what: str, **how: Any) -> tuple[int, Any]:
    body = how.pop("body", ACTS[what])
    return door.ask("POST", f"/broadcasts/{one.id}/{what}", body, **how)


@pytest.mark.parametrize(("code", "helps"), [("not_done", True), ("too_late", False)])
def test_a_card_offers_another_try_only_where_one_would_be_made(
    door: BroadcastDoor, code: str, helps: bool
) -> None:
    one = over(door, {1: code})

    _, card = door.ask("GET", f"/broadcasts/{one.id}")
    status, _ = act(door, one, "retry")

    assert (card["can"]["retry"], status) == ((True, 202) if helps else (False, 409))


def test_receipts_are_turned_page_by_page_with_the_counts_of_all(door: BroadcastDoor) -> None:
    one = over(door, {1: "chat_rights"})

    status, first = door.ask("GET", f"/broadcasts/{one.id}/receipts", query={"limit": "3"})
    rest = {"limit": "3", "cursor": first["next_cursor"]}
    _, last = door.ask("GET", f"/broadcasts/{one.id}/receipts", query=rest)

    assert status == 200
    assert [item["status"] for item in first["items"]] == ["sent", "failed", "sent"]
    assert first["items"][1]["to_do"].startswith("Верните сообществу права")
    assert [item["code"] for item in last["items"]] == ["no_chat_yet"]
    assert last["next_cursor"] == ""
    counts = {"sent": 2, "failed": 1, "not_sent": 0, "left": 0, "left_out": 1}
    assert first["counts"] == last["counts"] == counts


def test_only_receipts_of_one_status_are_shown_when_asked_for(door: BroadcastDoor) -> None:
    one = over(door, {1: "unknown_977"})

    _, page = door.ask("GET", f"/broadcasts/{one.id}/receipts", query={"status": "failed"})

    assert [item["reason"] for item in page["items"]] == [
        "ВКонтакте ответил ошибкой 977, которой мы не знаем."
    ]


def test_a_cursor_that_is_none_of_ours_is_refused(door: BroadcastDoor) -> None:
    one = over(door)

    status, problem = door.ask("GET", f"/broadcasts/{one.id}/receipts", query={"cursor": "7"})

    assert (status, problem["errors"][0]["pointer"]) == (422, "/query/cursor")


def test_what_failed_is_handed_over_again(door: BroadcastDoor) -> None:
    one = over(door, {1: "not_done"})
    door.deliveries.take()

    status, card = act(door, one, "retry")

    assert (status, card["state"]) == (202, "running")
    assert (card["done"], card["failed"], card["left"]) == (2, 0, 1)
    assert door.deliveries.take() == [{"broadcast_id": one.id, "chunk": 0}]


@pytest.mark.parametrize("failed", [{}, {0: "too_late"}])
def test_where_nothing_can_be_retried_it_is_said(
    door: BroadcastDoor, failed: dict[int, str]
) -> None:
    one = over(door, failed)

    status, problem = act(door, one, "retry")

    assert (status, problem["code"]) == (409, "conflict")
    assert problem["detail"].startswith("Повторять нечего")


def test_a_correction_is_a_broadcast_of_its_own_and_shown_at_its_location(
    door: BroadcastDoor,
) -> None:
    one = over(door)
    door.deliveries.take()

    answered = door.answer("POST", f"/broadcasts/{one.id}/correction", ACTS["correction"])
    location = answered["headers"]["Location"]
    _, card = door.ask("GET", location)

    assert answered["statusCode"] == 202
    assert (card["deed"], card["of"], card["state"]) == ("correction", one.id, "running")
    assert card["message"]["text"] == "Воды не будет до вечера."
    assert card["message"]["header"].endswith(" · Исправление")
    assert door.deliveries.take() == [{"broadcast_id": card["id"], "chunk": 0}]
    assert door.kept(one.id).followed_by == card["id"]


def test_a_correction_of_a_correction_is_one_of_the_message(door: BroadcastDoor) -> None:
    one = over(door)
    _, first = act(door, one, "correction")
    ended(door, door.kept(first["id"]), {})

    status, second = act(door, door.kept(first["id"]), "correction")

    assert (status, second["of"]) == (202, one.id)


def test_the_same_request_again_makes_no_second_correction(door: BroadcastDoor) -> None:
    one, key = over(door), {"idempotency-key": "k-1"}

    cards = [act(door, one, "correction", headers=key)[1] for _ in range(2)]

    assert cards[0]["id"] == cards[1]["id"]
    assert door.kept(one.id).followed_by == cards[0]["id"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("/{}/recall", {"reason": "\u200b"}, id="why it is taken back"),
        pytest.param("/{}/recall", {"reason": " "}, id="why it is taken back, blank"),
        pytest.param("/{}/restored", {"text": "Всё.", "reason": "\u2060."}, id="why at once"),
        pytest.param("/{}/review", {"note": "…"}, id="what a second person found"),
        pytest.param("", {"token": "0" * 16 + "." + "0" * 16, "reason": "—"}, id="why it is sent"),
    ],
)
def test_what_colleagues_are_told_has_a_word_in_it(
    door: BroadcastDoor, path: str, body: dict[str, str]
) -> None:
    one = over(door)

    status, problem = door.ask("POST", "/broadcasts" + path.format(one.id), body)

    assert status == 422
    assert [error["pointer"] for error in problem["errors"]] == [f"/{[*body][-1]}"]


@pytest.mark.parametrize("what", ["correction", "recall", "restored"])
def test_a_key_that_was_forgotten_stands_for_no_new_request(door: BroadcastDoor, what: str) -> None:
    one, key = over(door), {"idempotency-key": "weekly"}
    first = door.kept(act(door, one, what, headers=key)[1]["id"])
    door.become(replace(first, created_at=first.created_at - timedelta(days=1)))
    door.doors.gate.requests.release(f"vk:{STAFF}", "weekly")

    status, problem = act(door, one, what, headers=key)

    assert (status, problem["code"]) == (422, "key_reused")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        pytest.param({"text": " "}, "/text", id="empty"),
        pytest.param({"text": "Дом {кот}"}, "/text", id="an unknown field"),
        pytest.param({"text": "я" * 4090}, "/text", id="too long with the first line"),
        pytest.param({"text": "До ночи.", "until": "завтра"}, "/until", id="no time"),
        pytest.param({"text": "До ночи.", "pin": True}, "/pin", id="what cannot be changed"),
    ],
)
def test_a_correction_that_cannot_go_out_is_refused(
    door: BroadcastDoor, body: dict[str, object], pointer: str
) -> None:
    one = over(door)

    status, problem = act(door, one, "correction", body=body)

    assert (status, problem["errors"][0]["pointer"]) == (422, pointer)
    assert door.kept(one.id).followed_by == ""


def test_a_recall_of_a_running_one_stops_it_and_says_why(door: BroadcastDoor) -> None:
    one = door.become(
        replace(over(door), state=BroadcastState.RUNNING, finished_at=None, due_at=None)
    )

    status, card = act(door, one, "recall")
    _, before = door.ask("GET", f"/broadcasts/{one.id}")

    assert (status, card["deed"], card["sender_reason"]) == (202, "recall", "Не тот дом.")
    assert (before["state"], before["recalled"]) == ("stopped", True)
    assert before["can"] == dict.fromkeys(before["can"], False)


def test_what_is_older_than_a_day_is_not_recalled_and_the_card_says_so(
    door: BroadcastDoor,
) -> None:
    one = over(door)
    long_ago = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=25)
    one = door.become(replace(one, started_at=long_ago, finished_at=long_ago))

    status, problem = act(door, one, "recall")
    _, card = door.ask("GET", f"/broadcasts/{one.id}")

    assert (status, problem["code"]) == (409, "conflict")
    assert (card["can"]["recall"], card["can"]["correct"]) == (False, True)


def test_a_closing_message_of_a_template_goes_to_the_same_chats_in_ten_seconds(
    door: BroadcastDoor,
) -> None:
    one = over(door)
    filled = {"kind": "restored", "what": "вода есть", "where": "ул. Садовая", "call": "112"}

    status, card = act(door, one, "restored", body={"template": filled})
    _, shown = door.ask("GET", f"/broadcasts/{card['id']}")

    assert (status, card["state"], card["held_for"]) == (202, "scheduled", "hold")
    assert (card["of"], card["total"]) == (one.id, 3)
    assert shown["message"]["header"].endswith(" · Завершено")
    assert "вода есть" in shown["message"]["text"]
    assert card["id"] in door.starts.planned


def test_a_closing_message_keeps_quiet_hours(door: BroadcastDoor) -> None:
    one = over(door)
    door.rule(quiet_now=True)

    _, card = act(door, one, "restored")

    assert (card["state"], card["held_for"]) == ("scheduled", "quiet_hours")


def test_a_second_closing_message_is_refused_and_the_first_is_known_in_lists(
    door: BroadcastDoor,
) -> None:
    one = over(door)
    _, closing = act(door, one, "restored")

    status, problem = act(door, one, "restored")
    _, card = door.ask("GET", f"/broadcasts/{one.id}")
    _, page = door.ask("GET", "/broadcasts")

    assert (status, problem["code"], problem["detail"]) == (409, "conflict", ALREADY_CLOSED)
    assert (card["can"]["close"], card["can"]["correct"]) == (False, True)
    assert card["closed_by"] == closing["id"]
    shown = {item["id"]: (item["closing"], item["of"]) for item in page["items"]}
    assert shown == {one.id: (False, ""), closing["id"]: (True, one.id)}


def test_a_closing_message_to_many_chats_waits_for_a_second_person(door: BroadcastDoor) -> None:
    one = over(door)
    door.rule(second_person_above=2)

    status, problem = act(door, one, "restored", body={"text": "Вода есть.", "lane": "emergency"})
    _, held = act(door, one, "restored")

    assert held["state"] == "awaits_approval"
    assert (status, problem["errors"][0]["pointer"]) == (422, "/reason")


def test_a_report_is_a_job_that_its_organisation_sees(door: BroadcastDoor) -> None:
    one = over(door, inn=COSY)

    answered = door.answer("POST", f"/broadcasts/{one.id}/report", {}, vk_id=REPRESENTATIVE)

    (body,) = door.work.take()
    job = door.doors.jobs.get(str(body["job_id"]))
    assert job
    assert answered["statusCode"] == 202
    assert answered["headers"]["Location"] == f"/jobs/{job.id}"
    assert (job.kind, job.subject, job.organisations) == (
        "report",
        {"broadcast_id": one.id},
        (COSY,),
    )


@pytest.mark.parametrize("what", [*ACTS, "receipts"])
def test_what_is_out_of_reach_does_not_exist(door: BroadcastDoor, what: str) -> None:
    one = over(door)

    answers = [door.ask(*_asked(one, what), vk_id=who)[0] for who in (ELSEWHERE, REPRESENTATIVE)]

    assert answers == [404, 404]
    assert door.kept(one.id) == one


def test_who_speaks_for_an_organisation_follows_its_own_broadcasts(door: BroadcastDoor) -> None:
    one = over(door, inn=COSY)

    status, card = act(door, one, "correction", vk_id=REPRESENTATIVE)

    assert (status, card["inn"]) == (202, COSY)
    assert door.doors.messages.get(folder_of(card["id"]))


def _asked(one: Broadcast, what: str) -> tuple[Any, ...]:
    path = f"/broadcasts/{one.id}/{what}"
    return ("GET", path) if what == "receipts" else ("POST", path, ACTS[what])
