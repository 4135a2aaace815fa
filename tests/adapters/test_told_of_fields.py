"""Who fills in a field wrongly is told what to do with it, in words."""

import json
import time
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from pydantic import AwareDatetime, Field

from housechats.adapters.gate import open_gate
from housechats.adapters.table import Table
from housechats.domain.patterns import EXPECTED, INN, LINE, OKTMO_OR_NOTHING, TOKEN
from housechats.runtime.http import SENTENCES, UNFIT
from housechats.runtime.routes import Router, answer, api
from support.http_event import body_of, http_event
from support.lambda_context import CONTEXT


class Kind(StrEnum):
    ONE = "one"


@dataclass(frozen=True, slots=True)
class Street:
    """One of the kinds of things that a form lists."""

    street: str
    numbers: list[int]
    kind: Literal["street"] = "street"


@dataclass(frozen=True, slots=True)
class Tag:
    """Another one."""

    tag: str
    kind: Literal["tag"] = "tag"


@dataclass(frozen=True, slots=True)
class Form:
    """A field of every kind that our forms have."""

    line: Annotated[str, Field(pattern=LINE, max_length=9)] = "line"
    name: Annotated[str, Field(min_length=1)] = "name"
    inn: Annotated[str, Field(pattern=INN)] = "2901000017"
    oktmo: Annotated[str, Field(pattern=OKTMO_OR_NOTHING)] = ""
    token: Annotated[str, Field(pattern=TOKEN)] = "token"
    since: date | None = None
    at: AwareDatetime | None = None
    kind: Kind = Kind.ONE
    role: Literal["one", "two"] = "one"
    count: Annotated[int, Field(ge=1, lt=5, strict=True)] = 1
    houses: Annotated[list[str], Field(min_length=1, max_length=2)] | None = None
    parts: list[Annotated[Street | Tag, Field(discriminator="kind")]] | None = None


def told(table: Table, body: object) -> dict[str, str]:
    """Return what is said of each field of a form."""

    def fill_in(form: Form) -> Form:
        return form

    router = Router()
    router.post("/form", operation_id="fillIn", summary="", tags=[], permission=None)(fill_in)
    event: dict[str, Any] = http_event("POST", "/form", vk_id=1, vk_ts=time.time())
    gate = open_gate(table, elder_key="a key", launch_hours=24, changes_a_minute=60)
    asked = {**event, "body": json.dumps(body)}
    answered = answer(api(router), asked, CONTEXT, gate=gate, doors=None, spent=dict)
    return {one["pointer"]: one["detail"] for one in body_of(answered).get("errors", ())}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"line": ""}, "Заполните это поле."),
        ({"line": "  "}, "Заполните это поле."),
        ({"line": "a\nb"}, EXPECTED[LINE]),
        ({"line": "long" * 9}, "Слишком длинное значение."),
        ({"name": ""}, "Заполните это поле."),
        ({"inn": ""}, "Заполните это поле."),
        ({"inn": "29010000"}, "ИНН — это 10 цифр, а у предпринимателя 12."),
        ({"oktmo": "1170"}, EXPECTED[OKTMO_OR_NOTHING]),
        ({"oktmo": " "}, EXPECTED[OKTMO_OR_NOTHING]),
        ({"token": "ключ"}, EXPECTED[TOKEN]),
        ({"since": "30.11.2026"}, "Напишите дату так: 2026-11-30."),
        ({"since": "2026-11-30T10:00:00Z"}, "Напишите дату так: 2026-11-30."),
        ({"since": []}, "Напишите дату так: 2026-11-30."),
        ({"at": "вчера"}, "Напишите время так: 2026-11-30T09:00:00Z."),
        ({"at": "2026-11-30T09:00:00"}, "Напишите время так: 2026-11-30T09:00:00Z."),
        ({"kind": "two"}, "Такого значения нет в списке допустимых."),
        ({"role": "three"}, "Такого значения нет в списке допустимых."),
        ({"count": "1"}, "Здесь нужно целое число."),
        ({"count": 1.5}, "Здесь нужно целое число."),
        ({"count": 0}, "Слишком маленькое число."),
        ({"count": 5}, "Слишком большое число."),
        ({"houses": []}, "Добавьте хотя бы одно."),
        ({"houses": ["a", "b", "c"]}, "Слишком много за один раз."),
        ({"houses": "a"}, "Здесь нужен список."),
        ({"nmae": "name"}, "Такого поля нет."),
    ],
    ids=str,
)
def test_a_wrong_field_is_told_what_to_do_with_it(
    table: Table, body: dict[str, object], said: str
) -> None:
    (field,) = body

    errors = told(table, body)

    assert errors == {f"/{field}": said}


def test_a_body_that_is_no_form_is_told_so(table: Table) -> None:
    errors = told(table, ["form"])

    assert set(errors.values()) == {"Здесь нужен объект: поля с их значениями."}


def test_a_form_without_fault_is_taken(table: Table) -> None:
    assert told(table, {"at": "2026-11-30T09:00:00Z", "since": "2026-11-30"}) == {}


@pytest.mark.parametrize(
    ("part", "pointer", "detail"),
    [
        ({"kind": "street", "street": 5, "numbers": []}, "/street", "Здесь нужен текст."),
        ({"kind": "street", "numbers": []}, "/street", "Заполните это поле."),
        (
            {"kind": "street", "street": "a", "numbers": [1, "x"]},
            "/numbers/1",
            "Здесь нужно целое число.",
        ),
        ({"kind": "tag", "tag": "a", "street": ""}, "/street", "Такого поля нет."),
        ({"kind": "strit"}, "/kind", "Здесь нужно одно из значений: street, tag."),
        ({"street": "a"}, "/kind", "Заполните это поле."),
        ("street", "", "Здесь нужен объект: поля с их значениями."),
    ],
)
def test_a_thing_of_several_kinds_is_pointed_into_as_it_was_written(
    table: Table, part: object, pointer: str, detail: str
) -> None:
    good = {"kind": "tag", "tag": "a"}

    assert told(table, {"parts": [good, part]}) == {f"/parts/1{pointer}": detail}


def test_everything_said_of_fields_is_a_whole_sentence() -> None:
    for said in (*SENTENCES.values(), *EXPECTED.values(), UNFIT):
        assert said.endswith("."), said
        assert said[0].isupper(), said
