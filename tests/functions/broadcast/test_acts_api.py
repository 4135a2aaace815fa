"""What people do with a broadcast that is there, whoever else does so at the same time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from broadcast.routes import acts
from broadcast.routes.cards import STILL_SENDING
from housechats.adapters.audit import DynamoLedger
from housechats.domain.broadcast_starts import APPROVABLE, OVER_BY_NOW, WAITED_TOO_LONG
from housechats.domain.broadcasts import Broadcast, BroadcastState, folder_of
from housechats.domain.zones import zone_of
from support.broadcast_door import (
    ADMINISTRATOR,
    COLLEAGUE,
    COMPANY,
    COSY,
    ELDER,
    ELSEWHERE,
    NOBODY,
    OF_REGION,
    OKTMO,
    REPRESENTATIVE,
    STAFF,
    BroadcastDoor,
)

IN_TWO_HOURS = (datetime.now(zone_of(OKTMO)) + timedelta(hours=2)).replace(
    microsecond=0, tzinfo=None
)
ACTS = ["approval", "cancel", "stop", "resume", "review"]


def act(door: BroadcastDoor, broadcast_id: str, what: str, **how: Any) -> tuple[int, Any]:
    body = {"note": "Всё верно."} if what == "review" else None
    return door.ask("POST", f"/broadcasts/{broadcast_id}/{what}", body, **how)


def running(door: BroadcastDoor, **said: Any) -> Broadcast:
    """Return a broadcast that a worker has begun to send."""
    card = door.confirm(**said)
    now = datetime.now(UTC)
    return door.become(
        replace(
            door.kept(card["id"]),
            state=BroadcastState.RUNNING,
            started_at=now,
            held_for=None,
        )
    )


@pytest.fixture
def two_houses(door: BroadcastDoor) -> BroadcastDoor:
    door.house(1)
    door.house(2)
    return door


def test_what_has_not_begun_is_taken_back(two_houses: BroadcastDoor) -> None:
    door, card = two_houses, two_houses.confirm()

    status, after = act(door, card["id"], "cancel")
    again, same = act(door, card["id"], "cancel")

    assert (status, after["state"], after["status"]) == (200, "cancelled", "cancelled")
    assert (again, same["state"]) == (200, "cancelled")
    assert after["poll_after_ms"] == 0
    assert not door.starts.planned


def test_who_stops_it_learns_how_many_are_still_being_sent_until_they_are_counted(
    two_houses: BroadcastDoor,
) -> None:
    door, one = two_houses, running(two_houses)
    now = datetime.now(UTC)
    receipts = door.doors.receipts
    claim = receipts.claim(one.id, 0, now=now, lease_until=now + timedelta(minutes=2))

    _, stopped = act(door, one.id, "stop")
    noted = replace(claim.receipts, begun_at=None, cmids={0: 50}, failures={1: "not_done"})
    assert receipts.finish(one.id, replace(noted, finished_at=now))
    _, soon = door.ask("GET", f"/broadcasts/{one.id}")

    assert (stopped["done"], stopped["left"], stopped["sending"]) == (0, 2, 2)
    assert stopped["waits_because"] == STILL_SENDING.format(2)
    assert stopped["poll_after_ms"] > 0
    assert (soon["done"], soon["failed"], soon["left"], soon["sending"]) == (1, 1, 0, 0)
    assert (soon["waits_because"], soon["poll_after_ms"]) == ("", 0)


def test_what_has_begun_is_stopped_not_taken_back(two_houses: BroadcastDoor) -> None:
    door, one = two_houses, running(two_houses)

    refused, problem = act(door, one.id, "cancel")
    status, after = act(door, one.id, "stop")
    again, same = act(door, one.id, "stop")

    assert (refused, problem["code"]) == (409, "conflict")
    assert "можно остановить" in problem["detail"]
    assert (status, after["state"], after["reason"]) == (200, "stopped", acts.STOPPED_BY_HAND)
    assert (again, same["state"]) == (200, "stopped")


def test_what_was_stopped_goes_on_with_the_rest(two_houses: BroadcastDoor) -> None:
    door, one = two_houses, running(two_houses)
    act(door, one.id, "stop")

    status, after = act(door, one.id, "resume")

    assert (status, after["state"], after["reason"]) == (200, "running", "")
    assert door.deliveries.take() == [{"broadcast_id": one.id, "chunk": 0}]


def test_what_was_stopped_goes_on_in_the_morning(two_houses: BroadcastDoor) -> None:
    door, one = two_houses, running(two_houses)
    act(door, one.id, "stop")
    door.rule(quiet_now=True)

    status, after = act(door, one.id, "resume")
    again, same = act(door, one.id, "resume")

    assert (status, after["state"], after["held_for"]) == (200, "scheduled", "quiet_hours")
    assert (again, same["start_at"]) == (200, after["start_at"])
    assert not door.deliveries.bodies
    assert door.starts.planned[one.id] == door.kept(one.id).start_at


def test_what_waits_for_the_morning_is_stopped_too(two_houses: BroadcastDoor) -> None:
    door, one = two_houses, running(two_houses)
    act(door, one.id, "stop")
    door.rule(quiet_now=True)
    act(door, one.id, "resume")

    status, after = act(door, one.id, "stop")

    assert (status, after["state"]) == (200, "stopped")
    assert not door.starts.planned


def test_a_second_person_lets_a_broadcast_to_many_chats_go(two_houses: BroadcastDoor) -> None:
    door = two_houses
    door.rule(second_person_above=1)
    card = door.confirm()

    own, problem = act(door, card["id"], "approval")
    status, after = act(door, card["id"], "approval", vk_id=COLLEAGUE)
    again, _ = act(door, card["id"], "approval", vk_id=COLLEAGUE)

    assert card["state"] == "awaits_approval"
    assert "второй человек" in card["waits_because"]
    assert (own, problem["code"]) == (409, "conflict")
    assert (status, after["state"], after["approved_by"]) == (200, "scheduled", f"vk:{COLLEAGUE}")
    assert again == 200
    assert list(door.starts.planned) == [card["id"]]


def test_what_has_waited_too_long_for_a_second_person_is_composed_anew(
    two_houses: BroadcastDoor,
) -> None:
    door = two_houses
    door.rule(second_person_above=1)
    one = door.kept(door.confirm()["id"])
    door.become(replace(one, created_at=one.created_at - APPROVABLE - timedelta(minutes=1)))

    status, problem = act(door, one.id, "approval", vk_id=COLLEAGUE)
    _, card = door.ask("GET", f"/broadcasts/{one.id}", vk_id=COLLEAGUE)

    assert (status, problem["detail"]) == (409, WAITED_TOO_LONG)
    assert not card["can"]["approve"]
    assert not door.starts.planned


def test_a_time_chosen_for_later_leaves_a_second_person_time_until_then(
    two_houses: BroadcastDoor,
) -> None:
    door = two_houses
    door.rule(second_person_above=1)
    one = door.kept(door.confirm(start_at=IN_TWO_HOURS.isoformat())["id"])
    door.become(replace(one, created_at=one.created_at - APPROVABLE - timedelta(minutes=1)))

    status, _ = act(door, one.id, "approval", vk_id=COLLEAGUE)

    assert status == 200


def test_what_is_over_is_not_announced_any_more(two_houses: BroadcastDoor) -> None:
    door = two_houses
    door.rule(second_person_above=1)
    one = door.kept(door.confirm(until=IN_TWO_HOURS.isoformat())["id"])
    message = door.doors.messages.get(folder_of(one.id))
    assert message
    ended = replace(message, until=datetime.now(UTC) - timedelta(minutes=1))
    door.doors.messages.put(folder_of(one.id), ended)

    status, problem = act(door, one.id, "approval", vk_id=COLLEAGUE)

    assert (status, problem["detail"]) == (409, OVER_BY_NOW)
    assert not door.starts.planned


def test_a_second_person_confirms_the_time_that_they_have_seen(two_houses: BroadcastDoor) -> None:
    door = two_houses
    door.rule(second_person_above=1)
    card = door.confirm()
    path, to = f"/broadcasts/{card['id']}", {"start_at": IN_TWO_HOURS.isoformat()}
    seen = door.answer("GET", path, vk_id=COLLEAGUE)["headers"]["ETag"]
    door.ask("PATCH", path, to)
    anew = door.answer("GET", path, vk_id=COLLEAGUE)["headers"]["ETag"]

    first, problem = act(door, card["id"], "approval", vk_id=COLLEAGUE, headers={"If-Match": seen})
    second, _ = act(door, card["id"], "approval", vk_id=COLLEAGUE, headers={"If-Match": anew})
    again, _ = act(door, card["id"], "approval", vk_id=COLLEAGUE, headers={"If-Match": anew})

    assert (first, problem["code"]) == (412, "changed_meanwhile")
    assert (second, again) == (200, 200)


def test_who_composed_it_sees_that_another_has_to_confirm(two_houses: BroadcastDoor) -> None:
    door = two_houses
    door.rule(second_person_above=1)
    card = door.confirm()

    _, others = door.ask("GET", f"/broadcasts/{card['id']}", vk_id=COLLEAGUE)

    assert (card["can"]["approve"], others["can"]["approve"]) == (False, True)


def test_a_broadcast_is_moved_until_it_starts(two_houses: BroadcastDoor) -> None:
    door, card = two_houses, two_houses.confirm()
    to = {"start_at": IN_TWO_HOURS.isoformat()}

    status, after = door.ask("PATCH", f"/broadcasts/{card['id']}", to)
    one = door.kept(card["id"])

    at = IN_TWO_HOURS.replace(tzinfo=zone_of(OKTMO))
    assert (status, after["held_for"]) == (200, "time")
    assert one.start_at == at
    assert door.starts.planned == {one.id: at}


def test_a_broadcast_is_moved_by_what_was_seen_of_it(two_houses: BroadcastDoor) -> None:
    door, card = two_houses, two_houses.confirm()
    path, to = f"/broadcasts/{card['id']}", {"start_at": IN_TWO_HOURS.isoformat()}
    seen = door.answer("GET", path)["headers"]["ETag"]

    first, _ = door.ask("PATCH", path, to, headers={"If-Match": seen})
    second, problem = door.ask("PATCH", path, to, headers={"If-Match": seen})

    assert (first, second, problem["code"]) == (200, 412, "changed_meanwhile")


@pytest.mark.parametrize("start_at", ["", "завтра", "2020-01-01T10:00", "2999-01-01T10:00"])
def test_a_broadcast_is_moved_to_a_time_that_can_be(
    two_houses: BroadcastDoor, start_at: str
) -> None:
    door, card = two_houses, two_houses.confirm()

    status, problem = door.ask("PATCH", f"/broadcasts/{card['id']}", {"start_at": start_at})

    assert status == 422
    assert problem["errors"][0]["pointer"] == "/start_at"


def test_nothing_is_moved_to_when_what_it_tells_of_is_over(two_houses: BroadcastDoor) -> None:
    door, ends = two_houses, IN_TWO_HOURS.isoformat()
    card = door.confirm(until=ends)

    status, problem = door.ask("PATCH", f"/broadcasts/{card['id']}", {"start_at": ends})

    assert (status, problem["errors"][0]["pointer"]) == (422, "/start_at")
    assert door.kept(card["id"]).start_at == datetime.fromisoformat(card["start_at"])


def test_what_a_second_person_has_confirmed_only_they_move(two_houses: BroadcastDoor) -> None:
    door, to = two_houses, {"start_at": IN_TWO_HOURS.isoformat()}
    door.rule(second_person_above=1)
    card = door.confirm()
    act(door, card["id"], "approval", vk_id=COLLEAGUE)

    own, problem = door.ask("PATCH", f"/broadcasts/{card['id']}", to)
    theirs, _ = door.ask("PATCH", f"/broadcasts/{card['id']}", to, vk_id=COLLEAGUE)

    assert (own, theirs) == (409, 200)
    assert "перенести её может только он" in problem["detail"]


@pytest.mark.parametrize("body", [{}, {"note": ""}, {"note": " …"}])
def test_whoever_looks_at_an_emergency_says_what_they_found(
    two_houses: BroadcastDoor, body: dict[str, str]
) -> None:
    door = two_houses
    door.rule(second_person_above=1)
    card = door.confirm(lane="emergency", reason="Паводок")

    status, problem = door.ask("POST", f"/broadcasts/{card['id']}/review", body, vk_id=COLLEAGUE)

    review = door.kept(card["id"]).review
    assert (status, problem["errors"][0]["pointer"]) == (422, "/note")
    assert review
    assert review.at is None


def test_what_runs_is_moved_no_more(two_houses: BroadcastDoor) -> None:
    door, one = two_houses, running(two_houses)
    to = {"start_at": IN_TWO_HOURS.isoformat()}

    status, problem = door.ask("PATCH", f"/broadcasts/{one.id}", to)

    assert (status, problem["code"]) == (409, "conflict")


def test_an_emergency_without_a_second_person_is_looked_at(two_houses: BroadcastDoor) -> None:
    door = two_houses
    door.rule(second_person_above=1)
    card = door.confirm(lane="emergency", reason="Паводок")

    _, due = door.ask("GET", "/broadcasts", query={"review": "due"})
    own, _ = act(door, card["id"], "review")
    status, after = act(door, card["id"], "review", vk_id=COLLEAGUE)
    _, none = door.ask("GET", "/broadcasts", query={"review": "due"})

    assert [one["id"] for one in due["items"]] == [card["id"]]
    assert own == 409
    assert (status, after["review"]["by"], after["review"]["note"]) == (
        200,
        f"vk:{COLLEAGUE}",
        "Всё верно.",
    )
    assert none["items"] == []


def test_overdue_reviews_come_first(two_houses: BroadcastDoor) -> None:
    door = two_houses
    door.rule(second_person_above=1)
    cards = [door.confirm(lane="emergency", reason="Паводок") for _ in range(2)]
    late = door.kept(cards[1]["id"])
    assert late.review
    overdue = replace(late.review, due_at=datetime.now(UTC) - timedelta(hours=1))
    door.become(replace(late, review=overdue))

    _, due = door.ask("GET", "/broadcasts", query={"review": "due"})

    assert [one["id"] for one in due["items"]] == [cards[1]["id"], cards[0]["id"]]
    assert [one["review"]["overdue"] for one in due["items"]] == [True, False]


def test_whoever_is_slower_looks_at_it_anew(
    two_houses: BroadcastDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, one = two_houses, running(two_houses)
    save = door.doors.broadcasts.save
    raced = iter([True])

    def race(after: Broadcast) -> bool:
        if next(raced, False):
            door.become(door.kept(one.id))  # somebody else was faster
        return save(after)

    monkeypatch.setattr(door.doors.broadcasts, "save", race)

    status, after = act(door, one.id, "stop")

    assert (status, after["state"]) == (200, "stopped")


def test_what_ended_meanwhile_is_said_to_who_was_slower(
    two_houses: BroadcastDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, one = two_houses, running(two_houses)
    save = door.doors.broadcasts.save
    raced = iter([True])

    def race(after: Broadcast) -> bool:
        if next(raced, False):
            door.become(replace(door.kept(one.id), state=BroadcastState.DONE))
        return save(after)

    monkeypatch.setattr(door.doors.broadcasts, "save", race)

    status, problem = act(door, one.id, "stop")

    assert (status, problem["detail"]) == (409, "Рассылка уже закончена.")


@pytest.mark.parametrize("what", ACTS)
@pytest.mark.parametrize(
    ("vk_id", "status"),
    [(ELSEWHERE, 404), (REPRESENTATIVE, 404), (ELDER, 403), (NOBODY, 403)],
)
def test_nobody_else_does_anything_to_a_broadcast(
    two_houses: BroadcastDoor, what: str, vk_id: int, status: int
) -> None:
    door, card = two_houses, two_houses.confirm()
    before = door.kept(card["id"])

    answered, _ = act(door, card["id"], what, vk_id=vk_id)

    assert answered == status
    assert door.kept(card["id"]) == before


def test_a_broadcast_is_seen_by_who_works_where_it_goes(door: BroadcastDoor) -> None:
    door.house(1)
    door.house(2, organisations={COSY: COMPANY})
    towns, company = door.confirm(), door.confirm(vk_id=REPRESENTATIVE)
    everybody = [STAFF, COLLEAGUE, ADMINISTRATOR, OF_REGION, REPRESENTATIVE, ELSEWHERE]

    seen = {
        vk_id: {one["id"] for one in door.ask("GET", "/broadcasts", vk_id=vk_id)[1]["items"]}
        for vk_id in everybody
    }

    both = {towns["id"], company["id"]}
    assert [seen[vk_id] for vk_id in everybody[:4]] == [both] * 4
    assert seen[REPRESENTATIVE] == {company["id"]}
    assert seen[ELSEWHERE] == set()


def test_broadcasts_are_listed_page_by_page_and_by_state(two_houses: BroadcastDoor) -> None:
    door = two_houses
    cards = [door.confirm(text=f"Новость {number}", lane="news") for number in range(3)]
    act(door, cards[0]["id"], "cancel")

    _, first = door.ask("GET", "/broadcasts", query={"limit": "2"})
    _, rest = door.ask("GET", "/broadcasts", query={"limit": "2", "cursor": first["next_cursor"]})
    _, off = door.ask("GET", "/broadcasts", query={"state": "cancelled"})
    _, urgent = door.ask("GET", "/broadcasts", query={"lane": "emergency"})

    shown = [one["id"] for one in (*first["items"], *rest["items"])]
    assert shown == [card["id"] for card in reversed(cards)]
    assert rest["next_cursor"] == ""
    assert first["counts"] == {"scheduled": 2, "cancelled": 1}
    assert ([one["id"] for one in off["items"]], off["total"]) == ([cards[0]["id"]], 1)
    assert urgent["items"] == []


def test_the_list_goes_back_a_hundred_days_and_further_when_asked_for(
    two_houses: BroadcastDoor,
) -> None:
    door, now = two_houses, datetime.now(UTC)
    cards = [door.confirm(lane="news") for _ in range(3)]
    ages = dict(zip((card["id"] for card in cards), (0, 99, 101), strict=True))
    for broadcast_id, age in ages.items():
        door.become(replace(door.kept(broadcast_id), created_at=now - timedelta(days=age)))

    def listed(**query: str) -> list[int]:
        _, page = door.ask("GET", "/broadcasts", query=query)
        return [ages[one["id"]] for one in page["items"]]

    day = (now - timedelta(days=102)).date().isoformat()
    assert listed() == [0, 99]
    assert listed(since=day) == [0, 99, 101]
    assert listed(since="0001-01-01") == [0, 99, 101]
    assert listed(since="9999-12-31") == []
    assert door.ask("GET", "/broadcasts", query={"since": "вчера"})[0] == 422


def test_what_was_done_to_a_broadcast_is_in_the_audit(two_houses: BroadcastDoor) -> None:
    door, card = two_houses, two_houses.confirm()

    act(door, card["id"], "cancel")

    told = [entry.act for entry in DynamoLedger(door.table).entries("11")]
    assert [act.what for act in told[:2]] == ["cancelBroadcast", "confirmBroadcast"]
    assert {act.on for act in told[:2]} == {(f"broadcast:{card['id']}",)}
    assert {act.oktmo for act in told[:2]} == {OKTMO}


def test_who_names_the_region_needs_a_second_person_where_the_town_wants_one(
    two_houses: BroadcastDoor,
) -> None:
    door = two_houses
    door.rule(second_person_above=1)
    named: dict[str, Any] = {"oktmo": "11", "parts": [{"kind": "municipality", "oktmo": OKTMO}]}

    shown = door.preview(vk_id=OF_REGION, **named)
    card = door.confirm(vk_id=OF_REGION, **named)
    urgent = door.confirm(vk_id=OF_REGION, lane="emergency", reason="Паводок", **named)

    assert (shown["second_person_needed"], card["state"]) == (True, "awaits_approval")
    assert urgent["review"]


def test_a_correction_of_what_went_to_the_region_is_looked_at_where_the_town_wants_it(
    two_houses: BroadcastDoor,
) -> None:
    door = two_houses
    card = door.confirm(vk_id=OF_REGION, oktmo="11")
    one, now = door.kept(card["id"]), datetime.now(UTC)
    door.become(
        replace(one, state=BroadcastState.DONE, started_at=now, finished_at=now, sent=one.chats)
    )
    door.rule(second_person_above=1)
    path, text = f"/broadcasts/{card['id']}/correction", {"text": "Воды не будет до вечера."}

    status, correction = door.ask("POST", path, text, vk_id=OF_REGION)

    assert status == 202
    assert correction["review"]
