"""Officials through the API: they answer, pass on, see what is urgent; staff see who is silent."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from housechats.adapters.answer_terms import DynamoTermbook
from housechats.adapters.broadcast_rules import DynamoRulebook
from housechats.adapters.gate import open_gate
from housechats.adapters.posts import DynamoPosts
from housechats.domain.addresses import Address
from housechats.domain.houses import House
from housechats.domain.official_acts import answered
from housechats.domain.organisation_cards import OrganisationCard
from housechats.domain.organisations import OrganisationKind
from housechats.domain.people import Post, Role
from housechats.domain.question_acts import asked
from housechats.domain.questions import OfficialAnswer, Question, QuestionState, Where
from housechats.domain.territories import Territory
from housechats.runtime.clock import this_moment
from questions import api
from questions.routes.router import Doors
from support.aws_mock import aws, new_table
from support.fakes import FakeHouses, FakeQueue
from support.http_event import body_of, http_event
from support.lambda_context import CONTEXT
from support.organisation_fakes import FakeCards
from support.question_fakes import FakeQuestionRulebook, FakeQuestions, FakeVoices

ADMINISTRATOR, STAFF, ELSEWHERE, OFFICIAL, OF_HEATING, NOBODY = 1, 3, 4, 5, 6, 9
OKTMO, COSY, HEATING = "11701000", "2901000017", "2901000024"
HOUSE_ID = "ABCDEF01"
COMPANY, UTILITY = OrganisationKind.MANAGEMENT_COMPANY, OrganisationKind.UTILITY
QUESTION = "q00000000001"


class Door:
    """The API of questions on fakes, with people of a town."""

    def __init__(self, doors: Doors) -> None:
        self.doors = doors
        self.questions: FakeQuestions = doors.questions  # type: ignore[assignment]
        self.queue: FakeQueue = doors.own  # type: ignore[assignment]

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        by: int = OFFICIAL,
        query: dict[str, str] | None = None,
        key: str = "",
    ) -> tuple[int, Any]:
        event = http_event(method, path, vk_id=by, vk_ts=time.time(), query=query, body=body)
        event["headers"] |= {"idempotency-key": key} if key else {}
        answer = api.handle(event, CONTEXT)
        return answer["statusCode"], body_of(answer)

    def question(self, question_id: str = QUESTION, *, days_ago: int = 0, **more: Any) -> Question:
        """Have a question that waits for its officials since some days."""
        at = datetime.now(UTC) - timedelta(days=days_ago)
        usual = Question(
            id=question_id,
            house_id=HOUSE_ID,
            oktmo=OKTMO,
            community=7,
            chat_id=1,
            text="Когда починят лифт во втором подъезде?",
            where=Where.ENTRANCE,
            raised_by="vk:502",
            raised_at=at,
            state=QuestionState.UNSUPPORTED,
            vote_until=at,
            inn=COSY,
            kind=COMPANY,
        )
        asked_now = asked(replace(usual, **more), by="vk:502", now=at)
        return self.questions.add(replace(asked_now, errands=()))


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    with aws():
        table = new_table("houses")
        posts = DynamoPosts(table)
        for vk_id, role, oktmo, inn in [
            (ADMINISTRATOR, Role.ADMINISTRATOR, OKTMO, ""),
            (STAFF, Role.STAFF, OKTMO, ""),
            (ELSEWHERE, Role.ADMINISTRATOR, "46605000", ""),
            (OFFICIAL, Role.REPRESENTATIVE, OKTMO, COSY),
            (OF_HEATING, Role.REPRESENTATIVE, OKTMO, HEATING),
        ]:
            posts.give(Post(vk_id, role, Territory(oktmo), datetime.now(UTC), "operator", inn))
        cards, houses = FakeCards(), FakeHouses()
        for inn, kind, name in [(COSY, COMPANY, "УК «Уют»"), (HEATING, UTILITY, "Теплосеть")]:
            cards.add(OrganisationCard(inn, kind, name, OKTMO))
        address = Address(street_type="ул", street="Лесная", house="1")
        kinds = {COSY: COMPANY, HEATING: UTILITY}
        houses.by_id[HOUSE_ID] = House(
            HOUSE_ID, HOUSE_ID, OKTMO, address, 7, datetime.now(UTC), organisations=kinds
        )
        doors = Doors(
            gate=open_gate(table, elder_key="a key", launch_hours=24, changes_a_minute=100_000),
            questions=FakeQuestions(),
            voices=FakeVoices(),
            houses=houses,
            cards=cards,
            rulebook=FakeQuestionRulebook(),
            termbook=DynamoTermbook(table),
            quiet_hours=DynamoRulebook(table),
            own=FakeQueue(),
            clock=this_moment,
        )
        monkeypatch.setattr(api, "wired", lambda: doors)
        yield Door(doors)


def test_a_representative_answers_once_however_often_the_request_comes(door: Door) -> None:
    door.question()
    said = {"text": "Лифт починят завтра.", "pin": True}

    status, card = door.ask("POST", f"/questions/{QUESTION}/answer", said, key="one-and-the-same")
    again, _ = door.ask("POST", f"/questions/{QUESTION}/answer", said, key="one-and-the-same")

    assert (status, again) == (200, 200)
    assert card["state"] == "answered"
    assert [one["text"] for one in card["answers"]] == ["Лифт починят завтра."]
    (given,) = door.questions.by_id[QUESTION].answers
    assert (given.speaker, given.by, given.pin) == ("УК «Уют»", "vk:5", True)
    assert {"question_id": QUESTION} in door.queue.bodies


@pytest.mark.parametrize(
    ("who", "status"),
    [
        pytest.param(OF_HEATING, 404, id="another organisation does not see it"),
        pytest.param(ELSEWHERE, 404, id="another town does not see it"),
        pytest.param(NOBODY, 403, id="who has no role"),
        pytest.param(STAFF, 403, id="staff do not answer for a company"),
    ],
)
def test_nobody_else_can_answer(door: Door, who: int, status: int) -> None:
    door.question()

    answered_with, _ = door.ask("POST", f"/questions/{QUESTION}/answer", {"text": "Мы."}, by=who)

    assert answered_with == status
    assert door.questions.by_id[QUESTION].answers == ()


def test_staff_answer_where_nobody_is_known_to_be_competent(door: Door) -> None:
    door.question(inn="", kind=None)

    status, _ = door.ask("POST", f"/questions/{QUESTION}/answer", {"text": "Решим."}, by=STAFF)

    assert status == 200
    (given,) = door.questions.by_id[QUESTION].answers
    assert given.speaker.startswith("Администрация")


def test_an_empty_answer_is_refused_with_its_place(door: Door) -> None:
    door.question()

    status, problem = door.ask("POST", f"/questions/{QUESTION}/answer", {"text": "  "})

    assert (status, problem["errors"][0]["pointer"]) == (422, "/text")


def test_after_three_redirects_only_staff_say_whose_it_is(door: Door) -> None:
    door.question()
    to_heating = {"inn": HEATING, "reason": "Это не наше оборудование."}
    to_cosy = {"inn": COSY, "reason": "И не наше тоже, проверьте."}
    path = f"/questions/{QUESTION}/redirect"

    steps = [
        door.ask("POST", path, body, by=who)[1]["inn"]
        for who, body in [
            (OFFICIAL, to_heating),
            (OF_HEATING, to_cosy),
            (OFFICIAL, to_heating),
            (OF_HEATING, to_cosy),
        ]
    ]
    decided, card = door.ask("POST", path, to_cosy, by=STAFF)

    assert steps == [HEATING, COSY, HEATING, ""]
    assert (decided, card["inn"]) == (200, COSY)
    assert len(card["redirects"]) == 5


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        pytest.param({"inn": HEATING, "reason": "коротко"}, 422, "invalid", id="no real reason"),
        pytest.param({"inn": "2901000031", "reason": "Вопрос к ним."}, 409, "conflict", id="alien"),
        pytest.param({"inn": COSY, "reason": "Вопрос к нам же."}, 409, "conflict", id="the same"),
    ],
)
def test_a_redirect_needs_a_reason_and_an_organisation_of_the_house(
    door: Door, body: dict[str, str], status: int, code: str
) -> None:
    door.question()

    answered_with, problem = door.ask("POST", f"/questions/{QUESTION}/redirect", body)

    assert (answered_with, problem["code"]) == (status, code)


def test_staff_may_say_for_an_elder_that_it_is_solved_or_what_is_not(door: Door) -> None:
    door.question()
    door.ask("POST", f"/questions/{QUESTION}/answer", {"text": "Починили."})
    path = f"/questions/{QUESTION}/solved"

    unexplained, problem = door.ask("POST", path, {"solved": False}, by=STAFF)
    official, _ = door.ask("POST", path, {"solved": True})
    _, reopened = door.ask("POST", path, {"solved": False, "reason": "Лифт стоит."}, by=STAFF)
    too_late, _ = door.ask("POST", path, {"solved": True}, by=STAFF)

    assert (unexplained, problem["errors"][0]["pointer"]) == (422, "/reason")
    assert official == 403
    assert reopened["state"] == "invited"
    assert too_late == 409


def test_a_representative_sees_the_most_urgent_questions_first(door: Door) -> None:
    door.question("q00000000002", days_ago=1)
    door.question("q00000000003", days_ago=30)
    door.question("q00000000004", inn=HEATING, kind=UTILITY)

    _, page = door.ask("GET", f"/organisations/{COSY}/questions")
    _, late = door.ask("GET", f"/organisations/{COSY}/questions", query={"overdue": "true"})
    other, _ = door.ask("GET", f"/organisations/{HEATING}/questions")

    assert [one["id"] for one in page["items"]] == ["q00000000003", "q00000000002"]
    assert (page["overdue"], page["counts"]) == (1, {"invited": 2})
    assert [one["id"] for one in late["items"]] == ["q00000000003"]
    assert other == 404


def test_staff_see_who_answers_how_soon_and_who_does_not(door: Door) -> None:
    first = door.question("q00000000002", days_ago=7)
    answer = OfficialAnswer(COSY, "vk:5", datetime.now(UTC), "Да.", id="one")
    door.questions.by_id[first.id] = answered(first, answer)
    door.question("q00000000003", days_ago=60)
    door.question("q00000000004", inn=HEATING, kind=UTILITY)

    _, of_staff = door.ask("GET", "/answer-times", by=STAFF)
    _, of_company = door.ask("GET", "/answer-times")

    shown = [
        {name: one[name] for name in ("inn", "name", "asked", "answered", "overdue")}
        for one in of_staff["items"]
    ]
    assert shown == [
        {"inn": COSY, "name": "УК «Уют»", "asked": 2, "answered": 1, "overdue": 1},
        {"inn": HEATING, "name": "Теплосеть", "asked": 1, "answered": 0, "overdue": 0},
    ]
    assert 3 <= of_staff["items"][0]["median_days"] <= 5
    assert of_staff["items"][1]["median_days"] == 0
    assert [one["inn"] for one in of_company["items"]] == [COSY]


def test_a_territory_sets_its_terms_with_their_act_and_its_days_off(door: Door) -> None:
    path = f"/territories/{OKTMO}/answer-terms"
    term = {"days": 5, "working": True, "basis": "Решение города № 1", "checked": True}

    _, before = door.ask("GET", path)
    status, after = door.ask(
        "PUT",
        path,
        {"terms": {"utility": term}, "first_word_days": 2, "days_off": ["2027-05-17"]},
        by=ADMINISTRATOR,
    )
    not_staff, _ = door.ask("PUT", path, {}, by=STAFF)

    company = before["counts"]["terms"]["management_company"]
    assert (company["days"], company["working"]) == (10, True)
    assert company["remark"] == "Не сверено с актом."
    assert status == 200
    assert after["counts"]["terms"]["utility"] == {**term, "valid_from": None, "remark": ""}
    assert after["counts"]["first_word_days"] == 2
    assert after["set_here"]["days_off"] == ["2027-05-17"]
    assert not_staff == 403


def test_the_card_says_whether_anybody_was_reached(door: Door) -> None:
    question = door.question()
    door.questions.by_id[QUESTION] = replace(question, unreached="Телефона нет.", told=(5, 8))

    _, card = door.ask("GET", f"/questions/{QUESTION}")

    assert (card["unreached"], card["told"]) == ("Телефона нет.", 2)


def test_a_number_is_no_yes_or_no(door: Door) -> None:
    question = door.question("q00000000002")

    body = {"text": "Лифт починят завтра.", "pin": 0}
    status, problem = door.ask("POST", f"/questions/{question.id}/answer", body)

    assert status == 422
    assert [error["pointer"] for error in problem["errors"]] == ["/pin"]
