"""What was looked at is what is sent: once, by whom it was looked at, within the hour."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from broadcast.kept_previews import find_preview, keep_preview
from housechats.adapters.aws import client
from housechats.adapters.posts import DynamoPosts
from housechats.domain.broadcasts import BroadcastState, folder_of
from support.broadcast_door import (
    ADMINISTRATOR,
    COLLEAGUE,
    COMPANY,
    COSY,
    ELSEWHERE,
    HOME,
    REPRESENTATIVE,
    STAFF,
    BroadcastDoor,
    wished,
)

NOW = datetime.now(UTC)
MOST_REQUESTS = 20
"""At some ten milliseconds each: the answer is there well within a second."""


def pointers(problem: Any) -> list[str]:
    return [error["pointer"] for error in problem["errors"]]


def expire(door: BroadcastDoor, preview_id: str) -> None:
    """Have the hour of a preview be over."""
    kept = find_preview(preview_id, files=door.doors.files)
    assert kept
    assert kept.preview
    over = replace(kept.preview, expires_at=kept.preview.expires_at - timedelta(hours=2))
    keep_preview(replace(kept, preview=over), files=door.doors.files)


def test_a_preview_sends_nothing(door: BroadcastDoor) -> None:
    door.house(1)

    told = door.preview()

    assert (told["chats"], told["lane"], told["second_person_needed"]) == (1, "planned", False)
    assert door.ask("GET", "/broadcasts")[1]["total"] == 0
    assert not door.starts.planned
    assert not door.deliveries.bodies


def test_the_card_says_whom_it_was_asked_to_reach(door: BroadcastDoor) -> None:
    for number in (1, 2):
        door.house(number)
    street = {"kind": "street", "street": "Садовая", "side": "even"}
    pasted = {"kind": "list", "lines": ["г. Архангельск, ул. Садовая, 1", "ул. Нигде, 5"]}

    one = door.confirm(parts=[street, pasted])
    _, card = door.ask("GET", f"/broadcasts/{one['id']}")

    assert card["audience"] == [
        "ул. Садовая (г. Архангельск), чётная сторона — домов: 1",
        "список, строк: 2 — домов: 1",
    ]


def test_what_is_confirmed_starts_in_ten_seconds(door: BroadcastDoor) -> None:
    door.house(1)
    token = door.preview(text="Воды не будет.")["token"]

    answer = door.answer("POST", "/broadcasts", {"token": token})

    one = door.kept(token.partition(".")[0])
    assert answer["statusCode"] == 202
    assert answer["headers"]["Location"] == f"/broadcasts/{one.id}"
    assert (one.state, one.chats, one.beginning) == (BroadcastState.SCHEDULED, 1, "Воды не будет.")
    assert door.starts.planned == {one.id: one.start_at}
    assert one.start_at == one.created_at + timedelta(seconds=10)


def test_what_is_confirmed_keeps_its_text_and_its_chats(door: BroadcastDoor) -> None:
    door.house(1)

    card = door.confirm(text="Воды не будет.")

    folder = folder_of(card["id"])
    message, audience = door.doors.messages.get(folder), door.doors.audiences.get(folder)
    assert message
    assert message.text == "Воды не будет."
    assert message.header == "Официально · Администрация · Плановые работы"
    assert audience
    assert audience.chats == 1


def test_a_token_confirmed_twice_is_one_broadcast(door: BroadcastDoor) -> None:
    door.house(1)
    token = door.preview(lane="emergency")["token"]

    cards = [door.ask("POST", "/broadcasts", {"token": token})[1] for _ in range(2)]

    assert cards[0]["id"] == cards[1]["id"]
    assert door.ask("GET", "/broadcasts")[1]["total"] == 1


def test_a_preview_is_good_for_an_hour(door: BroadcastDoor) -> None:
    door.house(1)
    told = door.preview()
    expire(door, told["id"])

    status, problem = door.ask("POST", "/broadcasts", {"token": told["token"]})
    looked, gone = door.ask("GET", f"/broadcasts/previews/{told['id']}")

    assert (status, problem["code"]) == (410, "preview_expired")
    assert (looked, gone["code"]) == (410, "preview_expired")


def test_of_very_many_chats_a_preview_is_awaited(
    door: BroadcastDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    door.house(1)
    door.house(2)
    monkeypatch.setattr("broadcast.preview.AT_ONCE", 1)

    answer = door.answer("POST", "/broadcasts/previews", wished())
    location = answer["headers"]["Location"]
    _, awaited = door.ask("GET", location)
    (work,) = door.work.take()
    door.doors.jobs.fail(str(work["job_id"]), reason="Текст слишком длинный.", now=NOW)
    status, problem = door.ask("GET", location)

    assert answer["statusCode"] == 202
    assert (awaited["status"], awaited["preview"]) == ("making", None)
    assert awaited["poll_after_ms"] > 0
    assert (status, problem["detail"]) == (409, "Текст слишком длинный.")


def test_what_was_confirmed_in_time_is_found_again_when_the_hour_is_over(
    door: BroadcastDoor,
) -> None:
    door.house(1)
    told = door.preview()
    door.ask("POST", "/broadcasts", {"token": told["token"]})
    expire(door, told["id"])

    status, card = door.ask("POST", "/broadcasts", {"token": told["token"]})

    assert (status, card["id"]) == (202, told["id"])


@pytest.mark.parametrize("vk_id", [COLLEAGUE, ADMINISTRATOR, ELSEWHERE])
def test_nobody_confirms_what_another_has_looked_at(door: BroadcastDoor, vk_id: int) -> None:
    door.house(1)
    told = door.preview()

    asked = door.ask("POST", "/broadcasts", {"token": told["token"]}, vk_id=vk_id)
    looked = door.ask("GET", f"/broadcasts/previews/{told['id']}", vk_id=vk_id)

    assert (asked[0], looked[0]) == (404, 404)
    assert not door.starts.planned


def test_a_forged_token_confirms_nothing(door: BroadcastDoor) -> None:
    door.house(1)
    told = door.preview()
    forged = told["id"] + "." + "0" * 16

    status, problem = door.ask("POST", "/broadcasts", {"token": forged})

    assert (status, problem["code"]) == (404, "not_found")


@pytest.mark.parametrize("token", ["", "x", "a" * 16, "../../secrets.0123456789abcdef"])
def test_a_token_looks_like_one(door: BroadcastDoor, token: str) -> None:
    status, problem = door.ask("POST", "/broadcasts", {"token": token})

    assert (status, pointers(problem)) == (422, ["/token"])


def test_other_chats_than_those_looked_at_get_nothing(door: BroadcastDoor) -> None:
    stays, goes = door.house(1), door.house(2)
    told = door.preview()
    door.close(goes)
    came = door.house(3)

    status, problem = door.ask("POST", "/broadcasts", {"token": told["token"]})

    assert (status, problem["code"]) == (409, "audience_changed")
    assert problem["difference"] == {
        "came": 1,
        "went": 1,
        "came_first": [came.title],
        "went_first": [goes.title],
    }
    assert stays.title not in f"{problem}"
    assert door.ask("GET", "/broadcasts")[1]["total"] == 0


def test_who_represents_no_more_cannot_confirm(door: BroadcastDoor) -> None:
    door.house(1, organisations={COSY: COMPANY})
    told = door.preview(vk_id=REPRESENTATIVE)
    posts = DynamoPosts(door.table)
    for post in posts.known(REPRESENTATIVE).posts:
        posts.end(post, by="operator", now=datetime.now(UTC))

    status, _ = door.ask("POST", "/broadcasts", {"token": told["token"]}, vk_id=REPRESENTATIVE)

    assert status == 403
    assert not door.starts.planned


def test_a_representative_speaks_for_their_organisation_to_its_houses(
    door: BroadcastDoor,
) -> None:
    door.house(1)
    door.house(2, organisations={COSY: COMPANY})
    door.house(3, organisations={HOME: COMPANY})

    card = door.confirm(vk_id=REPRESENTATIVE)

    assert (card["inn"], card["total"]) == (COSY, 1)
    (details,) = [door.ask("GET", f"/broadcasts/{card['id']}")[1]]
    assert details["message"]["header"] == "Официально · УК «Уют» · Плановые работы"


def test_what_staff_send_in_a_companys_name_goes_to_its_houses_alone(
    door: BroadcastDoor,
) -> None:
    door.house(1)
    theirs = door.house(2, organisations={COSY: COMPANY})
    door.house(3, organisations={HOME: COMPANY})

    told = door.preview(inn=COSY)

    assert [one["house_id"] for one in told["samples"]] == [theirs.id]
    assert told["chats"] == 1


def test_a_representative_speaks_for_nobody_else(door: BroadcastDoor) -> None:
    status, problem = door.ask(
        "POST", "/broadcasts/previews", wished(inn=HOME), vk_id=REPRESENTATIVE
    )

    assert (status, pointers(problem)) == (422, ["/inn"])


def test_an_emergency_is_handed_over_before_the_answer_goes_out(door: BroadcastDoor) -> None:
    door.house(1)

    card = door.confirm(lane="emergency", text="Уходите из подвалов.")

    assert (card["state"], card["status"], card["can"]["stop"]) == ("running", "running", True)
    assert door.emergencies.take() == [{"broadcast_id": card["id"], "chunk": 0}]
    assert not door.starts.planned


def test_an_emergency_keeps_no_quiet_hours_and_news_do(door: BroadcastDoor) -> None:
    door.house(1)
    door.rule(quiet_now=True)

    urgent, news = door.confirm(lane="emergency"), door.confirm(lane="news")

    assert urgent["state"] == "running"
    assert (news["state"], news["held_for"]) == ("scheduled", "quiet_hours")
    assert "тихие часы" in news["waits_because"]
    assert news["waits_until"] == news["start_at"]


def test_an_emergency_to_many_chats_wants_a_reason(door: BroadcastDoor) -> None:
    door.house(1)
    door.house(2)
    door.rule(second_person_above=1)
    token = door.preview(lane="emergency")["token"]

    status, problem = door.ask("POST", "/broadcasts", {"token": token})
    _, card = door.ask("POST", "/broadcasts", {"token": token, "reason": "Паводок"})

    assert (status, pointers(problem)) == (422, ["/reason"])
    assert (card["state"], card["sender_reason"]) == ("running", "Паводок")
    assert card["review"]["overdue"] is False
    assert card["can"]["review"] is False


def test_a_message_for_nobody_is_not_sent(door: BroadcastDoor) -> None:
    door.house(1, opened=False)
    told = door.preview()

    status, problem = door.ask("POST", "/broadcasts", {"token": told["token"]})

    assert told["left_out"] == {"no_chat_yet": 1}
    assert (status, problem["code"]) == (409, "conflict")


def test_the_same_key_makes_one_preview_and_one_broadcast(door: BroadcastDoor) -> None:
    door.house(1)
    key = {"Idempotency-Key": "a-key"}

    previews = [
        door.ask("POST", "/broadcasts/previews", wished(), headers=key)[1]["preview"]
        for _ in range(2)
    ]
    said = {"token": previews[0]["token"]}
    confirmed = [
        door.answer("POST", "/broadcasts", said, headers={"Idempotency-Key": "b-key"})
        for _ in range(2)
    ]

    assert previews[0] == previews[1]
    assert [answer["statusCode"] for answer in confirmed] == [202, 202]
    assert confirmed[1]["headers"]["Idempotency-Replayed"] == "true"


def test_a_key_of_what_was_sent_before_previews_nothing_that_would_not_be_sent(
    door: BroadcastDoor,
) -> None:
    door.house(1)
    key = {"Idempotency-Key": "weekly"}
    told = door.ask("POST", "/broadcasts/previews", wished(), headers=key)[1]["preview"]
    door.ask("POST", "/broadcasts", {"token": told["token"]})
    door.doors.gate.requests.release(f"vk:{STAFF}", "weekly")

    status, problem = door.ask("POST", "/broadcasts/previews", wished(), headers=key)

    assert (status, problem["code"]) == (422, "key_reused")


def test_a_key_of_what_was_looked_at_only_may_look_again(door: BroadcastDoor) -> None:
    door.house(1)
    key = {"Idempotency-Key": "weekly"}
    before = door.ask("POST", "/broadcasts/previews", wished(), headers=key)[1]["preview"]
    door.house(2)
    door.doors.gate.requests.release(f"vk:{STAFF}", "weekly")

    status, told = door.ask("POST", "/broadcasts/previews", wished(), headers=key)

    assert (status, told["preview"]["chats"]) == (201, 2)
    assert told["preview"]["token"] != before["token"]


FAULTS = [
    pytest.param({"parts": []}, "/parts", id="for nobody"),
    pytest.param({"parts": [{"kind": "street"}]}, "/parts/0/street", id="no street"),
    pytest.param({"lane": "loud"}, "/lane", id="no such lane"),
    pytest.param({"text": " "}, "/text", id="without a word"),
    pytest.param({"text": "а" * 4096}, "/text", id="longer than VK takes"),
    pytest.param({"text": "Здравствуйте, {имя}"}, "/text", id="a field that is none"),
    pytest.param({"template": {"kind": "news"}}, "/text", id="a text and a template"),
    pytest.param(
        {"text": "", "template": {"kind": "news", "call": "112"}},
        "/template/what",
        id="a gap in a template",
    ),
    pytest.param({"until": "завтра"}, "/until", id="a time that is none"),
    pytest.param({"start_at": "2020-01-01T10:00"}, "/start_at", id="a time that has passed"),
    pytest.param(
        {"lane": "emergency", "start_at": "2100-01-01T10:00"},
        "/start_at",
        id="an emergency that can wait",
    ),
    pytest.param(
        {"buttons": [{"label": "Сайт", "link": "http://dom.example"}]},
        "/buttons/0/link",
        id="a link that anybody may read",
    ),
    pytest.param({"file": {"id": "0" * 16, "name": "план.pdf"}}, "/file", id="no such file"),
    pytest.param({"file": {"id": "../x", "name": "план.pdf"}}, "/file/id", id="no file's id"),
    pytest.param({"oktmo": "11605000"}, "/oktmo", id="another town"),
    pytest.param({"inn": "2901000031"}, "/inn", id="an organisation nobody has named"),
    pytest.param({"whom": "everybody"}, "/whom", id="a field that there is not"),
]


@pytest.mark.parametrize(("wrong", "pointer"), FAULTS)
def test_what_is_filled_in_wrongly_is_told_of_its_field(
    door: BroadcastDoor, wrong: dict[str, Any], pointer: str
) -> None:
    door.house(1)

    status, problem = door.ask("POST", "/broadcasts/previews", wished(**wrong))

    assert status == 422
    assert pointers(problem) == [pointer]
    assert all(error["detail"] for error in problem["errors"])


def test_times_are_read_by_the_clocks_of_the_town(door: BroadcastDoor) -> None:
    door.house(1)
    filled = {
        "kind": "outage_planned",
        "what": "не будет воды",
        "where": "ул. Садовая",
        "since": "2099-11-30T10:00",
        "until": "2099-11-30T12:00",
        "call": "112",
    }

    told = door.preview(text=None, template=filled)

    assert "с 30 ноября 10:00 до 12:00" in told["samples"][0]["text"]


def test_an_emergency_is_confirmed_in_few_requests(door: BroadcastDoor) -> None:
    for number in range(1, 4):
        door.house(number)
    token = door.preview(lane="emergency")["token"]
    requests = count_requests()

    door.ask("POST", "/broadcasts", {"token": token})

    assert requests.total() <= MOST_REQUESTS, requests


def count_requests() -> Counter[str]:
    """Count from now on what is asked of the table and the files."""
    requests: Counter[str] = Counter()
    for service in ("dynamodb", "s3"):
        client(service).meta.events.register(
            "before-call",
            lambda model, **_: requests.update([model.name]),
            unique_id=f"count-{service}",
        )
    return requests
