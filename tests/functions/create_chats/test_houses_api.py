"""Staff create, find and retry houses over HTTP; bad input gets a sentence and harms nothing."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from create_chats import api
from housechats.adapters.aws import client
from housechats.adapters.people import DynamoOfficials
from housechats.domain.people import Official, Role
from housechats.domain.territories import Territory
from support.aws_mock import aws, new_bucket, new_table
from support.http_event import body_of, http_event
from support.world import CONTEXT

ADDRESS = "г. Архангельск, ул. Садовая, д. 1"


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Open the real door on a table, a bucket and a queue; give the queue's address."""
    with aws():
        table = new_table("houses")
        DynamoOfficials(table).put(Official(1, Role.ADMINISTRATOR, Territory("11701000")))
        DynamoOfficials(table).put(Official(2, Role.ADMINISTRATOR, Territory("11")))
        url = client("sqs").create_queue(QueueName="openings")["QueueUrl"]
        for name, value in {
            "TABLE": "houses",
            "LISTS_BUCKET": new_bucket("lists"),
            "OPENINGS_QUEUE_URL": url,
            "COMMUNITY_ID": "7",
            "ID_KEY": "a key",
        }.items():
            monkeypatch.setenv(name, value)
        api.wired.cache_clear()
        yield url
    api.wired.cache_clear()


def ask(
    method: str,
    path: str,
    body: object = None,
    *,
    vk_id: int = 1,
    query: dict[str, str] | None = None,
) -> Any:
    event = http_event(method, path, vk_id=vk_id, vk_ts=time.time(), query=query, body=body)
    if isinstance(body, str):
        event["body"] = body
    return api.handle(event, CONTEXT)


def create(address: str = ADDRESS, **fields: object) -> tuple[int, Any]:
    answer = ask("POST", "/houses", {"address": address, **fields})
    return answer["statusCode"], body_of(answer)


@pytest.mark.usefixtures("queue")
def test_a_house_is_created_once_and_the_second_answer_says_so() -> None:
    first, house = create(entrances=3)
    second, same = create(entrances=9)

    assert (first, house["state"]) == (201, "planned")
    assert any("Старший не указан" in remark for remark in house["remarks"])
    assert (second, same["id"], same["entrances"]) == (200, house["id"], 3)
    assert same["remarks"] == ["Такой дом уже есть, и в нём ничего не изменилось."]


def test_a_new_house_is_handed_over_to_be_opened(queue: str) -> None:
    _, house = create()

    (message,) = client("sqs").receive_message(QueueUrl=queue)["Messages"]
    assert json.loads(message["Body"]) == {"house_id": house["id"]}


@pytest.mark.usefixtures("queue")
def test_what_was_not_understood_is_remarked() -> None:
    _, house = create(elder_name="Былов Пётр", elder_phone="abc")

    assert any("телефон" in remark.lower() for remark in house["remarks"])


@pytest.mark.usefixtures("queue")
@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        pytest.param({}, "/address", id="no address"),
        pytest.param({"address": ""}, "/address", id="an empty address"),
        pytest.param({"address": "  \t"}, "/address", id="a blank address"),
        pytest.param({"address": "Итого"}, "/address", id="a total"),
        pytest.param({"address": "ул. Садовая"}, "/address", id="no number"),
        pytest.param({"address": ADDRESS, "oktmo": "36701000"}, "/oktmo", id="elsewhere"),
        pytest.param({"address": ADDRESS, "oktmo": "1170１０００"}, "/oktmo", id="other digits"),
        pytest.param({"address": ADDRESS, "entrances": "много"}, "/entrances", id="no number"),
        pytest.param("[" * 100_000, "", id="too deep"),
        pytest.param("{", "", id="no JSON"),
    ],
)
def test_bad_input_is_a_problem_with_a_place_and_a_sentence(body: object, pointer: str) -> None:
    answer = ask("POST", "/houses", body)

    problem = body_of(answer)
    assert (answer["statusCode"], problem["code"]) == (422, "invalid")
    assert pointer in {error["pointer"] for error in problem["errors"]}
    assert body_of(ask("GET", "/houses"))["total"] == 0


@pytest.mark.usefixtures("queue")
def test_pages_of_one_state_go_on_where_they_ended() -> None:
    ids = {create(f"г. Архангельск, ул. Садовая, д. {n}")[1]["id"] for n in range(1, 6)}
    planned = {"state": "planned"}

    first = body_of(ask("GET", "/houses", query={**planned, "limit": "2"}))
    after = {"limit": "3", "cursor": first["next_cursor"]}
    second = body_of(ask("GET", "/houses", query={**planned, **after}))

    assert {house["id"] for house in first["items"] + second["items"]} == ids
    assert (first["total"], second["next_cursor"]) == (5, "")


@pytest.mark.usefixtures("queue")
@pytest.mark.parametrize("query", [{"cursor": "zzz"}, {"state": "foo"}, {"limit": "0"}])
@pytest.mark.parametrize("path", ["/houses", "/batches"])
def test_a_page_that_cannot_be_is_a_problem(path: str, query: dict[str, str]) -> None:
    answer = ask("GET", path, query=query)

    expected = 200 if (path, *query) == ("/batches", "state") else 422
    assert answer["statusCode"] == expected


@pytest.mark.usefixtures("queue")
def test_a_house_elsewhere_does_not_exist() -> None:
    answer = ask("POST", "/houses", {"address": ADDRESS, "oktmo": "11605000"}, vk_id=2)
    house_id = body_of(answer)["id"]

    statuses = [
        ask(method, path)["statusCode"]
        for method, path in [("GET", f"/houses/{house_id}"), ("POST", f"/houses/{house_id}/retry")]
    ]

    assert answer["statusCode"] == 201
    assert statuses == [404, 404]


@pytest.mark.usefixtures("queue")
def test_a_chat_on_its_way_cannot_be_retried() -> None:
    _, house = create()

    answer = ask("POST", f"/houses/{house['id']}/retry")

    assert (answer["statusCode"], body_of(answer)["code"]) == (409, "conflict")


@pytest.mark.usefixtures("queue")
def test_a_list_is_awaited_with_a_form_for_its_own_place_only() -> None:
    answer = ask("POST", "/batches", {"name": "дома.xlsx", "oktmo": ""})

    batch = body_of(answer)
    progress = body_of(ask("GET", f"/batches/{batch['id']}"))
    assert answer["statusCode"] == 201
    assert batch["upload"]["fields"]["key"] == f"lists/11701000/{batch['id']}/list"
    assert (progress["status"], progress["name"]) == ("awaited", "дома.xlsx")


@pytest.mark.usefixtures("queue")
@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "  "},
        {"name": "дома\n.xlsx"},
        {"name": "x", "oktmo": "118"},
        {"name": "x", "oktmo": "117"},
    ],
)
def test_a_list_without_a_name_or_a_territory_is_not_awaited(body: dict[str, str]) -> None:
    answer = ask("POST", "/batches", body, vk_id=2)

    assert answer["statusCode"] == 422
