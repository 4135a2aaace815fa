"""Whoever scans a poster is redirected, or reads a page that says what to do."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from housechats.domain.addresses import Address
from housechats.domain.houses import ChatState, House
from join import api
from join.lead import lead
from support.clock import JANUARY
from support.fakes import FakeHouses, FakeScans
from support.lambda_context import CONTEXT

HOUSE = House(
    id="ABCDEF01",
    digest="d",
    oktmo="11701000",
    address=Address(street="<b>Садовая</b>", street_type="ул", house="1"),
    community=7,
    created_at=JANUARY,
    state=ChatState.OPEN,
    link='https://vk.me/join/x"onclick=y',
)
PLANNED = House(
    id="ABCDEF02",
    digest="d",
    oktmo="11701000",
    address=Address(street="Мира", street_type="пр-кт", house="2"),
    community=7,
    created_at=JANUARY,
)

CLOSED = replace(
    HOUSE, id="ABCDEF03", state=ChatState.CLOSED, link="", closed_reason="Дом <i>расселён</i>."
)


LOST = replace(HOUSE, id="ABCDEF04", state=ChatState.LOST)


@pytest.fixture
def get(monkeypatch: pytest.MonkeyPatch) -> Any:
    houses = FakeHouses()
    houses.enrol(HOUSE)
    houses.enrol(PLANNED)
    houses.enrol(CLOSED)
    houses.enrol(LOST)
    ways = partial(lead, houses=houses, scans=FakeScans())
    monkeypatch.setattr(api, "wired", lambda: ways)
    return lambda code: api.handle({"pathParameters": {"code": code}}, CONTEXT)


def test_an_open_chat_is_one_redirect_away(get: Any) -> None:
    answer = get("ABCDEF01-1")

    assert answer["statusCode"] == 302
    assert answer["headers"]["location"] == HOUSE.link


def test_who_came_from_an_sms_reads_how_to_join_without_a_page(get: Any) -> None:
    answer = get("ABCDEF01-S")

    assert answer["statusCode"] == 200
    assert "location" not in answer["headers"]
    assert "зарегистрируйтесь" in answer["body"]


def test_a_chat_that_is_not_open_yet_says_so(get: Any) -> None:
    answer = get("ABCDEF02")

    assert answer["statusCode"] == 200
    assert "пр-кт Мира, д. 2" in answer["body"]
    assert "сейчас закрыт" in answer["body"]


def test_a_code_that_is_not_ours_says_what_to_check(get: Any) -> None:
    answer = get("ZZZZZZ99")

    assert answer["statusCode"] == 404
    assert "Такого кода нет" in answer["body"]


def test_nothing_that_a_list_says_becomes_a_page_of_its_own(get: Any) -> None:
    body = get("ABCDEF01-S")["body"]

    assert "<b>" not in body
    assert 'x"onclick' not in body


@pytest.mark.parametrize("code", ["ABCDEF01", "ABCDEF01-S", "ABCDEF02", "ZZZZZZ99"])
def test_no_answer_is_kept_by_a_browser_and_none_runs_a_script(get: Any, code: str) -> None:
    headers = get(code)["headers"]

    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["content-type"] == "text/html; charset=utf-8"


def test_a_closed_chat_says_why_it_is_closed(get: Any) -> None:
    answer = get("ABCDEF03-1")

    assert answer["statusCode"] == 200
    assert "Чат дома закрыт" in answer["body"]
    assert "Дом &lt;i&gt;расселён&lt;/i&gt;." in answer["body"]
    assert "location" not in answer["headers"]


def test_a_lost_chat_says_that_it_is_being_mended(get: Any) -> None:
    answer = get("ABCDEF04-1")

    assert answer["statusCode"] == 200
    assert "временно недоступен" in answer["body"]
    assert "location" not in answer["headers"]
