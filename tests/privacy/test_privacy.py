"""No person's data and no secret leaves its own item, on the whole way from a list to a letter."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from housechats.adapters.aws import client
from housechats.adapters.people import DynamoElders
from housechats.domain.people import Elder
from housechats.runtime.log import logger
from housechats.runtime.metrics import Metric
from local.vk.faults import Fault, Kind
from support.deployed import Deployed, Secrets, deployed
from support.marks import Mark
from support.vk_http import URL
from support.vk_side import WILLING

SECRETS = Secrets(
    token="vk1.a.MarkedTokenOfTheCommunity",
    app="MarkedSecretOfTheApp",
    ids="MarkedKeyOfTheIds",
)
IDEMPOTENCY_KEY = "marked-idempotency-key"
MARKS = [
    Mark("the name of who is written to in VK", "Помеченова"),
    Mark("their phone", "+79990000117"),
    Mark("their page", "marfa_v"),
    Mark("the name of who gets an SMS", "Отметкина"),
    Mark("their phone", "+79990000234"),
    Mark("the name of who is reached by nothing", "Значкова"),
    Mark("their phone", "+78182000351"),
    Mark("the name in a mended row", "Клеймова"),
    Mark("the phone in a mended row", "+79990000468"),
    Mark("the name of the elder of a single house", "Пометова"),
    Mark("their phone", "+79990000585"),
    Mark("the name of whom a chat is handed over to", "Приметова"),
    Mark("their phone", "+79990000702"),
    Mark("the phone of an invited representative", "+79990000819"),
    Mark("the name in a broadcast", "Весточкина"),
    Mark("the phone in a broadcast", "+79990000936"),
    Mark("the name in its correction", "Поправкина"),
    Mark("the community's token", SECRETS.token),
    Mark("the app's secret", SECRETS.app),
    Mark("the key of the ids", SECRETS.ids),
    Mark("a caller's idempotency key", IDEMPOTENCY_KEY),
]
TITLES = "Адрес;Старший;Телефон;ВКонтакте\n"
LIST = (
    TITLES
    + "г. Архангельск, ул. Садовая, д. 1;Помеченова Аглая Фоминична;+7 (999) 000-01-17;"
    + "https://vk.com/marfa_v\n"
    + "г. Архангельск, ул. Садовая, д. 2;Отметкина Лукерья Савична;89990000234;\n"
    + "г. Архангельск, ул. Садовая, д. 3;Значкова Прасковья Ниловна;8182 00-03-51;\n"
    + "ул. Садовая;Клеймова Дарья Ильинична;8-999-000-04-68;\n"
)
KEYS = {"pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk"}
OWN_ITEMS = ("ELDER#", "BATCH#", "INVITATION#", "BROADCAST#")
"""Whose values may name a person: elders, mended rows of a list, invitations, the first words of
broadcasts; all of them expire."""
INN = "2901000017"


@dataclass
class Seen:
    """All that others than the people meant may come to see."""

    lines: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """Keys of objects, with the headers that they are given out with."""
    keys: list[str] = field(default_factory=list)
    """Of items, in the table and in its indexes, with what the indexes show."""
    values: list[tuple[str, str]] = field(default_factory=list)
    """Of items, with the key of each."""

    signatures: list[str] = field(default_factory=list)
    """With which people came in: who has one comes in as them."""

    def leaks(self) -> list[tuple[str, str, str]]:
        """Return what was seen of whom, and where."""
        marks = [*MARKS, *(Mark("a signature", one) for one in set(self.signatures))]
        open_to_many = {
            "line": self.lines,
            "queue": self.bodies,
            "address": self.addresses,
            "object": self.names,
            "key": self.keys,
            "item": [value for pk, value in self.values if not pk.startswith(OWN_ITEMS)],
        }
        return [
            (place, mark.what, text)
            for place, texts in open_to_many.items()
            for text in texts
            for mark in marks
            if mark.is_in(text)
        ]


def go_the_whole_way(system: Deployed) -> None:
    """Do what staff do, from connecting a community to getting the list back."""
    system.invoke("PeopleOnAppoint", {"vk_id": 1, "territory": "11701000"})
    ask(system, "POST", "/communities", {"token": SECRETS.token}, headers=once(1))
    batch = ask(system, "POST", "/batches", {"name": "дома.csv"}, headers=once(2))
    system.put_list(batch["upload"]["fields"]["key"], LIST.encode())
    system.run()
    batch_id = batch["id"]
    rows = ask(system, "GET", f"/batches/{batch_id}/rows")["items"]
    assert [row["verdict"] for row in rows] == [
        "accepted",
        "accepted",
        "accepted_with_warnings",
        "rejected",
    ]
    mended = {
        "cells": {
            "address": "г. Архангельск, ул. Садовая, д. 4",
            "elder_name": "Клеймова Дарья Ильинична",
            "elder_phone": "+7 999 000 04 68",
        },
    }
    ask(system, "PATCH", f"/batches/{batch_id}/rows/{rows[3]['number']}", mended)
    house = {
        "address": "г. Архангельск, ул. Садовая, д. 5",
        "elder_name": "Пометова Фёкла",
        "elder_phone": "+7 999 000-05-85",
    }
    ask(system, "POST", "/houses", house, headers=once(3))
    system.run()
    system.sweep()
    system.run()
    (second,) = (
        one
        for one in ask(system, "GET", "/houses")["items"]
        if one["title"].endswith("Садовая, д. 2")
    )
    heir = {"name": "Приметова Улита", "phone": "8 (999) 000-07-02"}
    ask(system, "PUT", f"/houses/{second['id']}/elder", heir, headers=once(6))
    company = {"inn": INN, "kind": "management_company", "name": "ООО «Образец»"}
    ask(system, "POST", "/organisations", company, headers=once(7))
    invited = {"phone": "+7 999 0000819", "title": "Инженер"}
    ask(system, "POST", f"/organisations/{INN}/representatives", invited, headers=once(8))
    system.run()
    system.sweep()
    system.run()
    ask(system, "POST", f"/batches/{batch_id}/posters", headers=once(4))
    ask(system, "POST", f"/batches/{batch_id}/result", headers=once(5))
    system.run()
    ask(system, "GET", f"/batches/{batch_id}/posters")
    ask(system, "GET", f"/batches/{batch_id}/result")
    ask(system, "GET", f"/batches/{batch_id}/instructions")
    for one in ask(system, "GET", "/houses", query={"q": "Помеченова +79990000117"})["items"]:
        ask(system, "GET", f"/houses/{one['id']}")
    for one in ask(system, "GET", "/houses")["items"]:
        ask(system, "GET", f"/houses/{one['id']}")
        ask(system, "GET", f"/houses/{one['id']}/poster")


def send_to_all(system: Deployed) -> None:
    """Do what a duty officer does, from a preview to the report; and a message for tomorrow."""
    text = "Весточкина Ия у подъезда, телефон 8 (999) 000-09-36. Воды нет до 18:00."
    sent = confirm(system, {"lane": "emergency", "text": text}, 10)
    system.run()
    there = ask(system, "GET", f"/broadcasts/{sent['id']}")
    assert there["state"] == "done"
    assert there["done"] == there["total"] > 0
    text = "Поправкина Ия у подъезда. Воды нет до 20:00."
    way = f"/broadcasts/{sent['id']}"
    ask(system, "POST", f"{way}/correction", {"text": text}, headers=once(12))
    system.run()
    ask(system, "POST", f"{way}/recall", {"reason": "Поправкина нашлась"}, headers=once(13))
    system.run()
    ask(system, "POST", f"{way}/report", headers=once(14))
    system.run()
    ask(system, "GET", f"{way}/receipts")
    ask(system, "GET", "/broadcasts")
    tomorrow = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT12:00}"
    later = {"lane": "news", "text": "Весточкина Ия расскажет о субботнике.", "start_at": tomorrow}
    held = confirm(system, later, 15)
    ask(system, "POST", f"/broadcasts/{held['id']}/cancel", headers=once(17))
    system.sweep()


def confirm(system: Deployed, wish: dict[str, str], number: int) -> Any:
    asked = {"parts": [{"kind": "all"}], **wish}
    card = ask(system, "POST", "/broadcasts/previews", asked, headers=once(number))
    token = {"token": card["preview"]["token"]}
    return ask(system, "POST", "/broadcasts", token, headers=once(number + 1))


def once(number: int) -> dict[str, str]:
    return {"idempotency-key": f"{IDEMPOTENCY_KEY}-{number}"}


def ask(system: Deployed, method: str, path: str, body: object = None, **how: Any) -> Any:
    status, answer = system.ask(method, path, body, **how)
    assert status < 300, (method, path, answer)
    return answer


def what_is_seen(system: Deployed, lines: list[str]) -> Seen:
    seen = Seen(lines, system.bodies, system.addresses, signatures=system.signatures)
    for bucket in ("lists", "posters", "broadcasts"):
        for thing in client("s3").list_objects_v2(Bucket=bucket).get("Contents", []):
            told = client("s3").head_object(Bucket=bucket, Key=thing["Key"])
            seen.names.append(json.dumps([thing["Key"], told], default=str, ensure_ascii=False))
    dynamodb = client("dynamodb")
    for item in dynamodb.scan(TableName="houses")["Items"]:
        keys = {name: value for name, value in item.items() if name in KEYS}
        seen.keys.append(json.dumps(keys, ensure_ascii=False))
        value = json.dumps({k: v for k, v in item.items() if k not in KEYS}, default=_text)
        seen.values.append((item["pk"]["S"], value))
    for index in ("GSI1", "GSI2"):
        for item in dynamodb.scan(TableName="houses", IndexName=index)["Items"]:
            seen.keys.append(json.dumps(item, ensure_ascii=False, default=_text))
    return seen


def _text(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    with deployed(monkeypatch, SECRETS) as made:
        yield made


@pytest.fixture
def journal(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> Callable[[], list[str]]:
    """Read what was logged so far, by whatever logger."""
    return lambda: [*"".join(capsys.readouterr()).splitlines(), *caplog.text.splitlines()]


def test_nobody_is_named_on_the_whole_way(
    system: Deployed, journal: Callable[[], list[str]]
) -> None:
    go_the_whole_way(system)
    send_to_all(system)

    seen = what_is_seen(system, journal())

    assert seen.leaks() == []
    assert_all_was_done(seen)


def assert_all_was_done(seen: Seen) -> None:
    """Hold that there was something to leak, and that it came by every place that is searched."""
    own = [value for pk, value in seen.values if pk.startswith(OWN_ITEMS)]
    people = [mark for mark in MARKS if re.match("[А-Я+]", mark.word)]
    lines = [json.loads(line) for line in seen.lines]
    worked = {json.loads(body)["Queue"] for body in seen.bodies}

    assert [mark.word for mark in people if not any(mark.is_in(text) for text in own)] == []
    assert {line["message"] for line in lines} >= {"answered", "worked", "done", "rows"}
    assert all(line["request_id"] for line in lines)
    assert {metric for line in lines for metric in Metric if metric in line} >= {
        Metric.ROWS,
        Metric.CHATS,
        Metric.INSTRUCTIONS,
        Metric.VK_CALLS,
        Metric.ANSWERS,
        Metric.DELIVERIES,
    }
    assert worked >= {"Uploads", "Rows", "Openings", "Posters", "Instructions", "Sheets", "Results"}
    assert worked >= {"Emergencies", "BroadcastJobs"}
    assert any("/schedules/" in address for address in seen.addresses)
    for place in (seen.addresses, seen.names, seen.keys, seen.signatures):
        assert place
    assert any("response-content-disposition" in address for address in seen.addresses)


def test_who_is_searched_for_and_forgotten_is_not_named_by_that(
    system: Deployed, journal: Callable[[], list[str]]
) -> None:
    go_the_whole_way(system)
    known = ask(system, "POST", "/people/search", {"phone": "+7 999 000-01-17"})
    job = ask(system, "POST", "/erasures", {"phone": "+7 999 000-01-17"}, headers=once(9))
    system.run()

    done = ask(system, "GET", f"/jobs/{job['id']}")

    seen = what_is_seen(system, journal())
    assert known["items"]
    assert done["status"] == "done"
    assert seen.leaks() == []


def test_nobody_is_named_where_something_goes_wrong(
    system: Deployed, journal: Callable[[], list[str]]
) -> None:
    system.fail_sms(
        [
            ("InvalidParameter", 400, "Invalid parameter: PhoneNumber Reason: +79990000234"),
            ("InternalError", 500, "Could not send to +79990000585"),
        ]
    )
    system.sandbox.add_fault(Fault(Kind.ERROR, "messages.send", code=100, peer_id=WILLING))
    system.may_fail = True

    go_the_whole_way(system)

    seen = what_is_seen(system, journal())
    assert seen.leaks() == []
    assert {json.loads(line)["message"] for line in seen.lines} & {"failed", "given back"}


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": lambda word: word,
    "in capitals": str.upper,
    "in an address": quote,
    "in JSON": lambda word: json.dumps(word)[1:-1],
    "in base64": lambda word: base64.b64encode(word.encode()).decode(),
    "in base64 among others": lambda word: base64.b64encode(f"ab{word}cd".encode()).decode(),
}


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.word)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_leak_is_found_however_it_is_spelled(mark: Mark, spelling: str) -> None:
    planted = f'{{"why": "{SPELLINGS[spelling](mark.word)}"}}'

    assert [what for _, what, _ in Seen(lines=[planted]).leaks()] >= [mark.what]


@pytest.mark.parametrize(
    "phone", ["79990000117", "89990000117", "8 (999) 000-01-17", "+7 999 000 01 17", "9990000117"]
)
def test_a_phone_is_found_however_people_write_it(phone: str) -> None:
    assert Seen(lines=[f'{{"to": "{phone}"}}']).leaks()


@pytest.mark.parametrize("place", ["lines", "bodies", "addresses", "names", "keys"])
def test_a_leak_is_found_wherever_it_is(place: str) -> None:
    seen: dict[str, Any] = {place: ["nothing", "Отметкина Л. С."]}

    assert len(Seen(**seen).leaks()) == 1


@pytest.mark.parametrize(
    ("pk", "leaks"),
    [
        pytest.param("ELDER#1", 0, id="an elder's own"),
        pytest.param("HOUSE#1", 1, id="a house's"),
        pytest.param("CALLER#vk:1", 1, id="an answer that is remembered"),
        pytest.param("AUDIT#11", 1, id="the account of deeds"),
    ],
)
def test_a_person_is_named_in_their_own_item_only(pk: str, leaks: int) -> None:
    assert len(Seen(values=[(pk, "Отметкина")]).leaks()) == leaks


def test_nothing_is_found_where_nothing_leaks() -> None:
    harmless = '{"n": 79990000118, "at": "2026-11-22T03:57:05.704302+00:00", "id": "1APDY3MT"}'

    assert Seen(lines=[harmless], addresses=[URL]).leaks() == []


def test_a_function_that_logs_an_elder_is_caught(
    system: Deployed, journal: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = DynamoElders.put

    def careless(self: DynamoElders, elder_id: str, elder: Elder, **how: Any) -> None:
        logger.info("elder", extra={"who": elder.name, "phone": elder.phone})
        keep(self, elder_id, elder, **how)

    monkeypatch.setattr(DynamoElders, "put", careless)

    go_the_whole_way(system)

    leaks = what_is_seen(system, journal()).leaks()
    assert {place for place, _, _ in leaks} == {"line"}
    assert {what for _, what, _ in leaks} >= {"the name of who gets an SMS", "their phone"}
