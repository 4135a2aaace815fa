"""Whatever is sent as a body, an API says what is wrong with it and does not break."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from housechats.domain.people import Role
from support.whole_api import WholeApi, apis, whole_api

OF_REGION = 2
TOWN = "11701000"
ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "activity": (
        "/activity/export",
        {"oktmo": TOWN, "inn": "2901000017", "since": "2026-11-09", "until": "2026-11-15"},
    ),
    "audit": ("/audit/export", {"since": "2026-01-01"}),
    "bot": ("/guides/ABCDEFGH/call", {"done": True, "note": "Вступит вечером."}),
    "broadcast": (
        "/broadcasts/previews",
        {
            "parts": [
                {"kind": "street", "street": "ул. Лесная", "first": 1, "last": 9},
                {"kind": "tag", "tag": "лифт"},
                {"kind": "list", "lines": ["ул. Лесная, д. 1"]},
                {"kind": "houses", "ids": ["ABCDEFGH"]},
                {"kind": "organisation", "inn": "2901000017"},
                {"kind": "municipality", "oktmo": TOWN},
            ],
            "lane": "news",
            "text": "Воды нет.",
            "buttons": [{"label": "Сайт", "link": "https://dom.example"}],
            "oktmo": TOWN,
        },
    ),
    "communities": ("/communities", {"token": "a-token", "oktmo": "11"}),
    "complaints": (
        "/complaints/replay",
        {"inn": "2901000017"},
    ),
    "create_chats": (
        "/houses",
        {"address": "г. Вымышленск, ул. Лесная, д. 9", "oktmo": TOWN, "entrances": 3},
    ),
    "discussions": (
        "/questions/q00000000001/discussion",
        {"starts_at": "2026-11-30T19:00", "minutes": 60},
    ),
    "moderation": (
        "/reports/0123456789abcdef/decision",
        {"decision": "remove", "rule": "adverts"},
    ),
    "organisations": (
        "/organisations",
        {"inn": "2901000017", "kind": "management_company", "name": "УК Двор", "oktmo": TOWN},
    ),
    "people": ("/officials", {"vk": "id603", "role": "staff", "oktmo": TOWN, "title": "Мастер"}),
    "questions": (
        "/houses/ABCDEFGH/questions",
        {
            "text": "Когда починят лифт во втором подъезде?",
            "where": "entrance",
            "inn": "2901000017",
            "photos": ["photo-1_1"],
        },
    ),
}
"""What each API takes that takes a body: where, and what would be all right."""
LARGEST_ANSWER = 200_000
"""Bytes; Lambda gives no more than 6 MB."""
NO_JSON = [
    pytest.param(b"{", id="the half of it"),
    pytest.param(b"\xff\xfe{", id="no UTF-8"),
    pytest.param("{}".encode("utf-16"), id="another coding"),
    pytest.param(b'{"oktmo": ' + b"1" * 5000 + b"}", id="a number of thousands of digits"),
    pytest.param(b"[" * 100_000 + b"]" * 100_000, id="lists within lists"),
    pytest.param(b"[" + b"1," * 300_000 + b"1]", id="a list of numbers"),
    pytest.param(b'{"oktmo": NaN}', id="no number"),
]

odd_texts = st.one_of(
    st.text(max_size=20),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Co", "Cn", "Mn"]), max_size=5),
    st.sampled_from(["\ud800", "\udfff8 916", "я" * 100_000, "1" * 20_000, "../..", "{адрес}"]),
)
odd_things = st.recursive(
    st.one_of(
        odd_texts,
        st.none(),
        st.booleans(),
        st.integers(),
        st.sampled_from([10**400, -(2**70), 1e308, 0.5]),
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(odd_texts, inner, max_size=3),
    max_leaves=8,
)


def places_in(thing: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    """Yield where something stands in a body."""
    yield path
    match thing:
        case dict():
            inner = [*thing.items()]
        case list():
            inner = [*enumerate(thing)]
        case _:
            inner = []
    for name, one in inner:
        yield from places_in(one, *path, name)


def put(thing: Any, path: tuple[Any, ...], odd: Any) -> Any:
    """Return a body with something odd at a place."""
    if not path:
        return odd
    changed = thing.copy()
    changed[path[0]] = put(thing[path[0]], path[1:], odd)
    return changed


@pytest.fixture(scope="module")
def api() -> Iterator[WholeApi]:
    with pytest.MonkeyPatch.context() as monkeypatch, whole_api(monkeypatch) as opened:
        opened.name(OF_REGION, Role.ADMINISTRATOR, "11")
        yield opened


def test_every_api_that_takes_a_body_is_asked() -> None:
    taking = {
        door.__name__.removesuffix(".api")
        for door in apis()
        for route in [*door.app._static_routes, *door.app._dynamic_routes]  # noqa: SLF001
        if route.dependant.body_params
    }

    assert taking == ASKED.keys()


@pytest.mark.parametrize("name", ASKED)
@given(st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_stands_in_a_field_is_taken_or_refused(
    api: WholeApi, name: str, data: st.DataObject
) -> None:
    path, right = ASKED[name]
    place = data.draw(st.sampled_from([*places_in(right)]))
    wrong = put(right, place, data.draw(odd_things))

    answer = api.answer("POST", path, vk_id=OF_REGION, sent=json.dumps(wrong).encode())

    assert answer["statusCode"] < 500, answer["body"]
    assert len(answer["body"].encode()) < LARGEST_ANSWER


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("sent", NO_JSON)
def test_what_is_no_json_is_refused(api: WholeApi, name: str, sent: bytes) -> None:
    answer = api.answer("POST", ASKED[name][0], vk_id=OF_REGION, sent=sent)

    assert answer["statusCode"] == 422
    assert len(answer["body"].encode()) < LARGEST_ANSWER


def test_a_sign_that_is_no_text_is_told_of_its_field(api: WholeApi) -> None:
    path, right = ASKED["broadcast"]
    wrong = right | {"parts": [{"kind": "list", "lines": ["д. 1", "Иванов \ud800"]}]}

    status, problem = api.ask("POST", path, wrong, vk_id=OF_REGION)

    assert status == 422
    assert [error["pointer"] for error in problem["errors"]] == ["/parts/0/lines/1"]


def test_a_field_with_an_endless_name_is_told_of_where_it_stands(api: WholeApi) -> None:
    path, right = ASKED["people"]

    answer = api.answer("POST", path, right | {"я" * 100_000: 1}, vk_id=OF_REGION)

    (told,) = json.loads(answer["body"])["errors"]
    assert (answer["statusCode"], told["pointer"]) == (422, "")


def test_who_may_not_ask_learns_nothing_of_a_broken_body(api: WholeApi) -> None:
    answer = api.answer("POST", "/communities", vk_id=99, sent=b"\xff")

    assert answer["statusCode"] == 403
