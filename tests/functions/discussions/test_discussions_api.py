"""Representatives and staff name, move, call off and settle discussions through the API."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from housechats.adapters.discussions import DynamoDiscussions, DynamoInterested
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.people import DynamoElders
from housechats.adapters.questions import DynamoQuestions
from housechats.domain.addresses import Address
from housechats.domain.discussions import Discussion, DiscussionState
from housechats.domain.houses import House
from housechats.domain.organisations import OrganisationKind
from housechats.domain.people import Elder, Role
from housechats.domain.questions import Question, QuestionState, Where
from support.whole_api import WholeApi, whole_api

OKTMO, INN = "11701000", "2901000017"
STAFF, SPEAKER, RIVAL, ELDER, STRANGER = 12, 13, 14, 77, 99
RIVALS = "7703000003"
"""Another organisation of the same house."""
QUESTION = "q00000000001"


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[WholeApi]:
    with whole_api(monkeypatch) as opened:
        opened.name(STAFF, Role.STAFF, OKTMO)
        opened.name(SPEAKER, Role.REPRESENTATIVE, OKTMO, INN)
        opened.name(RIVAL, Role.REPRESENTATIVE, OKTMO, RIVALS)
        now = datetime.now(UTC)
        elder = Elder("Анна Петровна", vk_id=ELDER)
        elder_id = elder.id("a key", OKTMO)
        DynamoElders(opened.table).put(
            elder_id, elder, until=now + timedelta(days=9), house_ids={"ABCDEF01"}
        )
        DynamoHouses(opened.table).enrol(
            House(
                id="ABCDEF01",
                digest="ABCDEF01",
                oktmo=OKTMO,
                address=Address(street="Садовая", street_type="ул", house="5"),
                community=7,
                created_at=now,
                elder_id=elder_id,
                organisations={
                    INN: OrganisationKind.MANAGEMENT_COMPANY,
                    RIVALS: OrganisationKind.UTILITY,
                },
            )
        )
        DynamoQuestions(opened.table).add(
            Question(
                id=QUESTION,
                house_id="ABCDEF01",
                oktmo=OKTMO,
                community=7,
                chat_id=1,
                text="Когда починят лифт?",
                where=Where.ENTRANCE,
                raised_by="vk:77",
                raised_at=now,
                state=QuestionState.INVITED,
                inn=INN,
                invited_at=now,
            )
        )
        yield opened


def afternoon(days: int = 1, clock: str = "16:30") -> str:
    """Return a local time that is quiet nowhere."""
    return f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%d}T{clock}"


def name(api: WholeApi, *, by: int = SPEAKER, **body: Any) -> Any:
    said = {"starts_at": afternoon(2), **body}
    return api.ask("POST", f"/questions/{QUESTION}/discussion", said, vk_id=by)


def change(api: WholeApi, **changes: Any) -> Discussion:
    """Have a discussion be as if workers had come so far."""
    kept = DynamoDiscussions(api.table)
    (there,) = kept.of_house("ABCDEF01")
    saved = kept.save(replace(there, **changes))
    assert saved
    return saved


def test_a_representative_names_a_time_by_the_clock_of_the_house(api: WholeApi) -> None:
    status, card = name(api, minutes=90)

    assert status == 201
    starts_at = datetime.fromisoformat(card["starts_at"])
    assert f"{starts_at + timedelta(hours=3):%H:%M}" == "16:30"
    assert datetime.fromisoformat(card["ends_at"]) - starts_at == timedelta(minutes=90)
    assert card["state"] == "planned"
    assert api.messages("discussions") == [{"discussion_id": card["id"]}]


def test_a_time_named_again_is_the_same_discussion_and_another_one_is_not(api: WholeApi) -> None:
    first, again = name(api), name(api)
    other = name(api, starts_at=afternoon(4))

    assert (first[0], again[0], other[0]) == (201, 201, 409)
    assert first[1]["id"] == again[1]["id"]
    assert "уже назначено" in other[1]["detail"]


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        ({"starts_at": afternoon(2, "23:30")}, "/starts_at", "тихие часы"),
        ({"starts_at": afternoon(40)}, "/starts_at", "30 дней"),
        ({"starts_at": afternoon(-1)}, "/starts_at", "не меньше часа"),
        ({"starts_at": "завтра"}, "/starts_at", "по местным часам"),
        ({"minutes": 5}, "/minutes", "маленькое"),
    ],
)
def test_a_time_that_does_not_do_is_told_by_its_field(
    api: WholeApi, body: dict[str, Any], field: str, said: str
) -> None:
    status, problem = name(api, **body)

    assert status == 422
    assert problem["errors"][0]["pointer"] == field
    assert said in problem["errors"][0]["detail"]


@pytest.mark.parametrize(("who", "status"), [(RIVAL, 404), (STRANGER, 403), (ELDER, 403)])
def test_others_name_no_time(api: WholeApi, who: int, status: int) -> None:
    assert name(api, by=who)[0] == status


def test_each_sees_the_discussions_that_concern_them(api: WholeApi) -> None:
    _, card = name(api)

    seen = {
        who: api.ask("GET", "/discussions", vk_id=who)[1].get("total")
        for who in (STAFF, SPEAKER, RIVAL, ELDER)
    }
    rival = api.ask("GET", f"/discussions/{card['id']}", vk_id=RIVAL)[0]
    elder = api.ask("GET", f"/discussions/{card['id']}", vk_id=ELDER)[0]

    assert seen == {STAFF: 1, SPEAKER: 1, RIVAL: 0, ELDER: 1}
    assert (rival, elder) == (404, 200)


def test_lists_are_narrowed_by_what_is_asked(api: WholeApi) -> None:
    name(api)

    def total(**query: str) -> int:
        return int(api.ask("GET", "/discussions", vk_id=STAFF, query=query)[1]["total"])

    assert total(house="abcdef01", state="planned", inn=INN, oktmo="11") == 1
    assert total(state="open") == total(inn="7703000003") == total(house="ABCDEF02") == 0
    assert total(oktmo="71") == 0


def test_a_discussion_is_moved_by_who_has_seen_it(api: WholeApi) -> None:
    _, card = name(api)
    path = f"/discussions/{card['id']}"

    stale = {"If-Match": '"r9-x"'}
    late = api.ask("PATCH", path, {"starts_at": afternoon(3)}, vk_id=SPEAKER, headers=stale)
    moved = api.ask("PATCH", path, {"starts_at": afternoon(3)}, vk_id=SPEAKER)

    assert late[0] == 412
    assert moved[0] == 200
    assert moved[1]["moves"] == 1
    assert moved[1]["starts_at"] != card["starts_at"]


def test_calling_off_needs_a_reason_and_is_done_once(api: WholeApi) -> None:
    _, card = name(api)
    path = f"/discussions/{card['id']}/act"

    silent = api.ask("POST", path, {"act": "cancel"}, vk_id=STAFF)
    off = [
        api.ask("POST", path, {"act": "cancel", "reason": "Мастер заболел."}, vk_id=STAFF)
        for _ in range(2)
    ]

    assert silent[1]["errors"][0]["pointer"] == "/reason"
    assert [(status, told["state"], told["reason"]) for status, told in off] == [
        (200, "cancelled", "Мастер заболел.")
    ] * 2


def test_what_is_not_open_is_neither_prolonged_nor_ended(api: WholeApi) -> None:
    _, card = name(api)

    answers = [
        api.ask("POST", f"/discussions/{card['id']}/act", {"act": act}, vk_id=SPEAKER)
        for act in ("prolong", "end")
    ]

    assert [(status, told["code"]) for status, told in answers] == [(409, "conflict")] * 2


def test_an_open_one_is_prolonged_and_ended_and_its_link_shown_meanwhile(api: WholeApi) -> None:
    _, card = name(api)
    begun = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30)
    open_one = {"opened_at": begun, "starts_at": begun, "ends_at": begun + timedelta(hours=1)}
    change(api, state=DiscussionState.OPEN, chat_id=9, link="https://vk.me/join/9", **open_one)
    path = f"/discussions/{card['id']}"

    shown = api.ask("GET", path, vk_id=ELDER)[1]
    longer = api.ask("POST", f"{path}/act", {"act": "prolong"}, vk_id=SPEAKER)[1]
    over = api.ask("POST", f"{path}/act", {"act": "end"}, vk_id=SPEAKER)[1]

    assert shown["link"] == "https://vk.me/join/9"
    ends_at = datetime.fromisoformat(longer["ends_at"])
    assert ends_at == begun + timedelta(minutes=90)
    assert (over["state"], over["link"]) == ("ended", "")


def test_a_protocol_is_taken_once(api: WholeApi) -> None:
    _, card = name(api)
    path = f"/discussions/{card['id']}/protocol"
    said = {"text": "Лифт починят до марта."}

    early = api.ask("POST", path, said, vk_id=SPEAKER)
    change(api, state=DiscussionState.ENDED, chat_id=9, ended_at=datetime.now(UTC))
    taken = api.ask("POST", path, said, vk_id=SPEAKER)
    other = api.ask("POST", path, {"text": "Не починят."}, vk_id=STAFF)
    empty = api.ask("POST", path, {"text": " \n "}, vk_id=SPEAKER)
    turned = api.ask("POST", path, {"text": "Сайт \u202eur.tak"}, vk_id=SPEAKER)

    assert early[0] == 409
    assert (taken[0], taken[1]["protocol"]) == (200, "Лифт починят до марта.")
    assert other[0] == 409
    assert (empty[0], turned[0]) == (422, 422)


def test_staff_see_why_a_chat_is_not_empty_and_when_it_is_tried_again(api: WholeApi) -> None:
    _, card = name(api)
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    change(
        api, state=DiscussionState.EMPTYING, reason="ВКонтакте попросил подождать", wake_at=until
    )

    shown = api.ask("GET", f"/discussions/{card['id']}", vk_id=STAFF)[1]

    assert shown["reason"] == "ВКонтакте попросил подождать"
    assert datetime.fromisoformat(shown["empties_at"]) == until


def test_how_many_want_to_come_is_shown_and_not_who(api: WholeApi) -> None:
    _, card = name(api)
    for person in (987_701, 987_702):
        DynamoInterested(api.table).add(
            card["id"], person, until=datetime.now(UTC) + timedelta(days=1)
        )

    shown = api.ask("GET", f"/discussions/{card['id']}", vk_id=SPEAKER)[1]

    assert shown["interested"] == 2
    assert "987701" not in str(shown)


@pytest.mark.parametrize("act", ["cancel", "prolong", "end"])
def test_another_organisation_of_the_house_does_nothing_to_a_discussion(
    api: WholeApi, act: str
) -> None:
    _, card = name(api)
    path = f"/discussions/{card['id']}"

    answers = [
        api.ask("POST", f"{path}/act", {"act": act, "reason": "Так надо."}, vk_id=RIVAL)[0],
        api.ask("PATCH", path, {"starts_at": afternoon(3)}, vk_id=RIVAL)[0],
        api.ask("POST", f"{path}/protocol", {"text": "Ничего не решили."}, vk_id=RIVAL)[0],
    ]

    assert answers == [404, 404, 404]


def test_a_house_is_not_told_of_ever_other_times(api: WholeApi) -> None:
    _, card = name(api)
    path = f"/discussions/{card['id']}"

    statuses = [
        api.ask("PATCH", path, {"starts_at": afternoon(3 + number)}, vk_id=SPEAKER)[0]
        for number in range(6)
    ]

    assert statuses == [200] * 5 + [409]


def test_a_question_is_not_discussed_and_called_off_for_ever(api: WholeApi) -> None:
    said = []
    for number in range(6):
        status, card = name(api, starts_at=afternoon(2 + number))
        said.append(status)
        path = f"/discussions/{card.get('id')}/act"
        api.ask("POST", path, {"act": "cancel", "reason": "Так надо."}, vk_id=SPEAKER)

    assert said == [201] * 5 + [409]
