"""Questions through the API: elders raise and decide, staff see all, each sees what is theirs."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from housechats.adapters.answer_terms import DynamoTermbook
from housechats.adapters.broadcast_rules import DynamoRulebook
from housechats.adapters.gate import open_gate
from housechats.domain.people import Role
from housechats.domain.questions import QuestionState, Tally, Voice
from housechats.runtime.clock import this_moment
from questions import api
from questions.routes.router import Doors
from support.aws_mock import aws, new_table
from support.fakes import FakeQueue
from support.http_event import body_of, http_event
from support.lambda_context import CONTEXT
from support.question_door import (
    COMPANY,
    ELDER,
    HEATING,
    HOUSE_ID,
    OKTMO,
    QuestionDoor,
)

ADMINISTRATOR, STAFF, ELSEWHERE, OFFICIAL, OF_HEATING, NOBODY = 1, 3, 4, 5, 6, 9
NEW = {"text": "В подъезде третий день нет света.", "where": "entrance", "inn": COMPANY}


class Door:
    """The API of questions on fakes, with an elder, staff and officials of a town."""

    def __init__(self, town: QuestionDoor, doors: Doors) -> None:
        self.town = town
        self.questions = town.questions
        self.queue: FakeQueue = doors.own  # type: ignore[assignment]

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        by: int = ELDER,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        event = http_event(method, path, vk_id=by, vk_ts=time.time(), query=query, body=body)
        event["headers"] |= headers or {}
        answer = api.handle(event, CONTEXT)
        return answer["statusCode"], body_of(answer)

    def raised(self, *, by: int = ELDER, **more: str) -> str:
        status, card = self.ask("POST", f"/houses/{HOUSE_ID}/questions", NEW | more, by=by)
        assert status == 201, card
        return str(card["id"])

    def proposed(self) -> str:
        """Have a resident's proposal wait."""
        question_id = self.raised()
        kept = self.questions.by_id[question_id]
        waiting = replace(
            kept, state=QuestionState.PROPOSED, deeds=(), vote_until=None, raised_by="vk:601"
        )
        self.questions.by_id[question_id] = waiting
        return question_id

    def decide(self, question_id: str, decision: str, **how: Any) -> tuple[int, Any]:
        body = {"decision": decision, "reason": how.pop("reason", "")}
        return self.ask("POST", f"/questions/{question_id}/decision", body, **how)


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    town = QuestionDoor()
    for vk_id, role, oktmo, inn in [
        (ADMINISTRATOR, Role.ADMINISTRATOR, OKTMO, ""),
        (STAFF, Role.STAFF, OKTMO, ""),
        (ELSEWHERE, Role.ADMINISTRATOR, "46605000", ""),
        (OFFICIAL, Role.REPRESENTATIVE, OKTMO, COMPANY),
        (OF_HEATING, Role.REPRESENTATIVE, OKTMO, HEATING),
    ]:
        town.name(vk_id, role, inn=inn, oktmo=oktmo)
    town.elders.name_for(next(iter(town.posts.elder_ids[ELDER])), {HOUSE_ID})
    with aws():
        table = new_table("houses")
        gate = open_gate(table, elder_key="a key", launch_hours=24, changes_a_minute=100_000)
        people: Any = {"posts": town.posts, "elders": town.elders, "houses": town.houses}
        doors = Doors(
            gate=replace(gate, **people),
            questions=town.questions,
            voices=town.voices,
            houses=town.houses,
            cards=town.cards,
            rulebook=town.rules,
            termbook=DynamoTermbook(table),
            quiet_hours=DynamoRulebook(table),
            own=FakeQueue(),
            clock=this_moment,
        )
        monkeypatch.setattr(api, "wired", lambda: doors)
        yield Door(town, doors)


def test_an_elder_raises_a_question_once_however_often_the_request_comes(door: Door) -> None:
    path, key = f"/houses/{HOUSE_ID}/questions", {"idempotency-key": "one-and-the-same"}

    status, card = door.ask("POST", path, NEW, headers=key)
    again, repeated = door.ask("POST", path, NEW, headers=key)

    assert (status, again) == (201, 201)
    assert card["id"] == repeated["id"]
    assert card["state"] == "voting"
    assert (card["inn"], card["kind"], card["name"]) == (COMPANY, "management_company", "УК «Двор»")
    assert len(door.questions.by_id) == 1
    assert {"question_id": card["id"]} in door.queue.bodies


@pytest.mark.parametrize(
    ("who", "status"),
    [
        pytest.param(STAFF, 201, id="staff may"),
        pytest.param(OFFICIAL, 403, id="a representative may not"),
        pytest.param(ELSEWHERE, 404, id="who works elsewhere does not see the house"),
        pytest.param(NOBODY, 403, id="who has no role"),
    ],
)
def test_elders_and_staff_raise_questions(door: Door, who: int, status: int) -> None:
    answered, _ = door.ask("POST", f"/houses/{HOUSE_ID}/questions", NEW, by=who)

    assert answered == status


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"text": "Свет!"}, id="too short"),
        pytest.param({"text": "Свет! " * 200}, id="too long"),
        pytest.param({"text": " " * 20}, id="nothing but spaces"),
        pytest.param({"inn": "7707083893"}, id="not of the house"),
        pytest.param({"photos": ["https://evil.example/x.png"]}, id="no photo of VK"),
        pytest.param({"photos": ["photo1_2"] * 4}, id="four photos"),
        pytest.param({"where": "roof"}, id="no such place"),
    ],
)
def test_what_does_not_do_is_refused_with_the_field(door: Door, wrong: dict[str, Any]) -> None:
    status, problem = door.ask("POST", f"/houses/{HOUSE_ID}/questions", NEW | wrong)

    assert status == 422
    assert problem["errors"][0]["pointer"].startswith(f"/{next(iter(wrong))}")
    assert not door.questions.by_id


def test_a_sixth_question_of_a_day_waits_until_tomorrow(door: Door) -> None:
    for number in range(5):
        door.raised(text=f"Вопрос дома под номером {number}.")

    status, problem = door.ask("POST", f"/houses/{HOUSE_ID}/questions", NEW)

    assert (status, problem["code"]) == (409, "conflict")
    assert "пять вопросов" in problem["detail"]


def test_a_proposal_is_seen_by_elder_and_staff_and_not_by_the_organisation(door: Door) -> None:
    question_id = door.proposed()

    seen = {
        who: door.ask("GET", f"/questions/{question_id}", by=who)[0]
        for who in (ELDER, STAFF, OFFICIAL, OF_HEATING, ELSEWHERE)
    }

    assert seen == {ELDER: 200, STAFF: 200, OFFICIAL: 404, OF_HEATING: 404, ELSEWHERE: 404}


def test_only_staff_are_told_who_proposed_it(door: Door) -> None:
    question_id = door.proposed()
    door.decide(question_id, "raise", by=STAFF)

    _, to_staff = door.ask("GET", f"/questions/{question_id}", by=STAFF)
    _, to_elder = door.ask("GET", f"/questions/{question_id}")

    assert to_staff["raised_by"] == "vk:601"
    assert [one["by"] for one in to_staff["history"]] == [f"vk:{STAFF}"]
    assert to_elder["raised_by"] == ""
    assert [one["by"] for one in to_elder["history"]] == [""]


def test_lists_show_to_each_what_is_theirs(door: Door) -> None:
    raised, asked = door.raised(), door.raised()
    door.decide(asked, "ask")

    def listed(by: int, **query: str) -> list[str]:
        status, page = door.ask("GET", "/questions", by=by, query=query)
        assert status == 200
        return sorted(one["id"] for one in page["items"])

    both = sorted([raised, asked])
    assert listed(ELDER) == listed(STAFF) == listed(ADMINISTRATOR) == both
    assert listed(OFFICIAL) == [asked]
    assert listed(OF_HEATING) == listed(ELSEWHERE) == []
    assert listed(STAFF, state="voting") == [raised]
    assert listed(STAFF, house=HOUSE_ID.lower()) == both
    assert listed(OF_HEATING, house=HOUSE_ID) == []
    assert listed(STAFF, oktmo="11") == both
    assert listed(STAFF, oktmo="71") == []


def test_what_is_not_answered_in_time_is_overdue(door: Door) -> None:
    late, fresh = door.raised(), door.raised()
    for one in (late, fresh):
        door.decide(one, "ask")
    kept = door.questions.by_id[late]
    an_hour_ago = this_moment() - timedelta(hours=1)
    door.questions.by_id[late] = replace(kept, answer_due_at=an_hour_ago)

    _, page = door.ask("GET", "/questions", by=STAFF, query={"overdue": "true"})

    assert [(one["id"], one["overdue"]) for one in page["items"]] == [(late, True)]


def test_a_long_list_comes_in_pages(door: Door) -> None:
    ids = {door.raised(text=f"Вопрос дома под номером {number}.") for number in range(5)}

    found, cursor = [], ""
    while True:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        _, page = door.ask("GET", "/questions", query=query)
        assert page["total"] == 5
        found += [one["id"] for one in page["items"]]
        if not (cursor := page["next_cursor"]):
            break

    assert len(found) == 5
    assert set(found) == ids


def test_a_vote_is_shown_with_the_voices_of_this_moment(door: Door) -> None:
    question_id = door.raised()
    for voter, voice in (("a", Voice.FOR), ("b", Voice.FOR), ("c", Voice.AGAINST)):
        door.town.voices.put(question_id, "vote", voter, voice, at=this_moment(), order=voter)

    _, card = door.ask("GET", f"/questions/{question_id}")

    assert (card["votes"]["those_for"], card["votes"]["against"]) == (2, 1)
    assert card["votes"]["enough"] == 4


def test_the_elder_ends_a_vote_and_all_voices_are_counted(door: Door) -> None:
    question_id = door.raised()
    for voter in "abcd":
        door.town.voices.put(question_id, "vote", voter, Voice.FOR, at=this_moment(), order=voter)

    status, card = door.decide(question_id, "end_vote")

    assert (status, card["state"]) == (200, "invited")
    assert door.questions.by_id[question_id].tally == Tally(4, 0)
    assert [one["what"] for one in card["history"]] == ["raised", "supported"]


def test_an_elder_may_ask_the_officials_in_the_midst_of_a_vote(door: Door) -> None:
    question_id = door.raised()
    door.town.voices.put(question_id, "vote", "a", Voice.FOR, at=this_moment(), order="a")

    _, card = door.decide(question_id, "ask")

    assert card["state"] == "invited"
    assert door.questions.by_id[question_id].tally == Tally(1, 0)


@pytest.mark.parametrize(
    ("decision", "state"),
    [("raise", "voting"), ("decline", "declined"), ("withdraw", "withdrawn")],
)
def test_what_becomes_of_a_proposal_is_decided(door: Door, decision: str, state: str) -> None:
    question_id = door.proposed()

    status, card = door.decide(question_id, decision, reason="Так решили  соседи.")

    assert (status, card["state"]) == (200, state)
    reasons = {one["reason"] for one in card["history"]}
    assert reasons == ({""} if decision == "raise" else {"Так решили соседи."})


def test_words_that_the_chat_will_read_call_nobody(door: Door) -> None:
    question_id = door.raised()

    told = [
        door.decide(question_id, "withdraw", reason="Спросите @all соседей."),
        door.ask(
            "POST",
            f"/houses/{HOUSE_ID}/questions",
            {"text": "Вот кто виноват: [id1|Сосед]", "where": "house"},
        ),
    ]

    assert [(status, problem["errors"][0]["pointer"]) for status, problem in told] == [
        (422, "/reason"),
        (422, "/text"),
    ]


def test_a_decision_that_cannot_be_taken_now_says_why(door: Door) -> None:
    question_id = door.raised()

    status, problem = door.decide(question_id, "reopen")

    assert (status, problem["code"]) == (409, "conflict")
    assert problem["detail"] == "По вопросу ещё голосуют."


def test_a_closed_question_is_opened_anew_within_thirty_days(door: Door) -> None:
    fresh, old = door.raised(), door.raised()
    for question_id, days in ((fresh, 29), (old, 31)):
        kept = door.questions.by_id[question_id]
        at = this_moment() - timedelta(days=days)
        closed = replace(kept, state=QuestionState.CLOSED, closed_at=at, outcome="Решено.")
        door.questions.by_id[question_id] = closed

    in_time, card = door.decide(fresh, "reopen", reason="Снова темно.")
    too_late, problem = door.decide(old, "reopen")

    assert (in_time, card["state"], card["outcome"]) == (200, "invited", "")
    assert (too_late, problem["code"]) == (409, "conflict")


@pytest.mark.parametrize("who", [OFFICIAL, OF_HEATING, ELSEWHERE, NOBODY])
def test_nobody_else_decides(door: Door, who: int) -> None:
    question_id = door.raised()
    door.decide(question_id, "ask")

    status, _ = door.decide(question_id, "withdraw", by=who)

    assert status in {403, 404}
    assert door.questions.by_id[question_id].state == QuestionState.INVITED


def test_a_territory_sets_how_many_voices_are_enough(door: Door) -> None:
    path = f"/territories/{OKTMO}/question-rules"

    set_status, rules = door.ask("PUT", path, {"at_least": 7, "vote_days": 3}, by=ADMINISTRATOR)
    _, seen = door.ask("GET", path, by=STAFF)
    question_id = door.raised()

    usual = {"vote_days": 3, "share_percent": 10, "at_least": 7, "at_most": 50}
    assert set_status == 200
    assert rules["counts"] == seen["counts"] == usual
    assert rules["set_here"]["share_percent"] == 0
    kept = door.questions.by_id[question_id]
    assert kept.enough == 7
    assert kept.vote_until == kept.raised_at + timedelta(days=3)


def test_rules_are_changed_by_administrators_who_have_seen_them(door: Door) -> None:
    path = f"/territories/{OKTMO}/question-rules"

    by_staff, _ = door.ask("PUT", path, {"at_least": 7}, by=STAFF)
    elsewhere, _ = door.ask("PUT", path, {"at_least": 7}, by=ELSEWHERE)
    unseen, _ = door.ask(
        "PUT", path, {"at_least": 7}, by=ADMINISTRATOR, headers={"if-match": '"r5-x"'}
    )

    assert (by_staff, elsewhere, unseen) == (403, 404, 412)
    assert not door.town.rules.of_region("11")
