"""HTTP's side of a handler: one resolver for all APIs, and errors as problem+json (RFC 9457)."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent

from housechats.domain.errors import PausedError, UnavailableError
from housechats.domain.patterns import EXPECTED
from housechats.runtime.log import logger

PROBLEMS = {
    "launch_expired": (401, "Откройте приложение заново."),
    "unsigned": (401, "Подпись не подходит: проверьте ключ, время и тело."),
    "no_role": (403, "У вас нет роли в этой системе. Обратитесь к администратору."),
    "forbidden": (403, "Для этого у вас недостаточно прав. Обратитесь к администратору."),
    "not_found": (404, "Не найдено."),
    "conflict": (409, "Сейчас это сделать нельзя."),
    "no_community": (
        409,
        (
            "Для этой территории не подключено сообщества ВКонтакте, которое берёт новые чаты. "
            "Попросите администратора подключить его и повторите."
        ),
    ),
    "last_administrator": (409, "Это последний администратор: сначала назначьте другого."),
    "audience_changed": (
        409,
        "За это время список домов изменился. Посмотрите, что стало другим, и подтвердите заново.",
    ),
    "in_progress": (409, "Такой же запрос ещё выполняется. Подождите немного."),
    "preview_expired": (410, "Проверка рассылки устарела: она живёт час. Составьте её заново."),
    "changed_meanwhile": (412, "Это уже изменил кто-то другой. Откройте заново и проверьте."),
    "invalid": (422, "Проверьте заполнение полей."),
    "key_reused": (422, "Этот Idempotency-Key уже был у другого запроса. Повторите с новым."),
    "too_many_requests": (429, "Слишком много запросов подряд. Подождите немного."),
    "internal": (500, "Ошибка на нашей стороне. Мы уже знаем о ней; попробуйте позже."),
    "unavailable": (503, "Сейчас это не получается. Попробуйте чуть позже."),
}
"""Every code of the API's errors: HTTP status and title. docs/api.md is made from it."""

RETRY_AFTER = 5
"""Seconds after which what could not answer is asked again."""
UNFIT = "Это значение не подходит."
EMPTY = "Заполните это поле."
NUMBER = "Здесь нужно целое число."
UNLISTED = "Такого значения нет в списке допустимых."
LISTED = "Здесь нужно одно из значений: {}."
DATE = "Напишите дату так: 2026-11-30."
TIME = "Напишите время так: 2026-11-30T09:00:00Z."
OBJECT = "Здесь нужен объект: поля с их значениями."
BROKEN_SIGN = "Здесь есть знак, который не читается: наберите это заново."
UNNAMED = {"union_tag_invalid", "union_tag_not_found"}
"""pydantic's error types of things of which nobody knows what they are."""
MOST_TOLD = 100
"""Wrong fields told of at once: half a million of them would not fit into the 6 MB of an answer."""
LONGEST_STEP = 200
"""Characters of a field's name in a pointer: a body is told what it says, but not all of it."""
SENTENCES = {
    "missing": EMPTY,
    "union_tag_not_found": EMPTY,
    "model_attributes_type": OBJECT,
    "json_invalid": "Тело запроса не читается: нужен JSON.",
    "string_type": "Здесь нужен текст.",
    "string_too_long": "Слишком длинное значение.",
    "string_too_short": "Слишком короткое значение.",
    "string_pattern_mismatch": "Значение записано неверно.",
    "int_parsing": NUMBER,
    "int_parsing_size": NUMBER,
    "int_type": NUMBER,
    "int_from_float": NUMBER,
    "greater_than_equal": "Слишком маленькое число.",
    "less_than": "Слишком большое число.",
    "less_than_equal": "Слишком большое число.",
    "bool_parsing": "Здесь нужно true или false.",
    "bool_type": "Здесь нужно true или false.",
    "enum": UNLISTED,
    "literal_error": UNLISTED,
    "date_type": DATE,
    "date_parsing": DATE,
    "date_from_datetime_parsing": DATE,
    "date_from_datetime_inexact": DATE,
    "datetime_type": TIME,
    "datetime_parsing": TIME,
    "datetime_from_date_parsing": TIME,
    "timezone_aware": TIME,
    "list_type": "Здесь нужен список.",
    "dict_type": OBJECT,
    "dataclass_type": OBJECT,
    "too_short": "Добавьте хотя бы одно.",
    "too_long": "Слишком много за один раз.",
    "unexpected_keyword_argument": "Такого поля нет.",
}
"""What people are told of pydantic's error types."""


class ProblemError(Exception):
    """An answer other than success; `code` is one of PROBLEMS."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: Sequence[dict[str, str]] = (),
        retry_after: int = 0,
        more: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.errors = list(errors)
        """Which fields are wrong: `pointer` (RFC 6901, into the body) and `detail`."""
        self.retry_after = retry_after
        """Seconds after which it is worth asking again; 0 when that is not known."""
        self.more = more or {}
        """What a problem of this code tells beside (RFC 9457, extension members)."""


def invalid(pointer: str, detail: str) -> ProblemError:
    """Return the problem of one wrong field."""
    return ProblemError("invalid", errors=[{"pointer": pointer, "detail": detail}])


class _JsonResolver(APIGatewayHttpResolver):
    """Reads every body as JSON, whatever it is called: a browser's fetch says text/plain.

    A route that was found is told to the request in the context before anything of it is read:
    who may not ask learns nothing, not even whether the question is well put.
    """

    def resolve(self, event: Any, context: Any) -> dict[str, Any]:
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        return super().resolve(
            {**event, "headers": headers | {"content-type": "application/json"}}, context
        )

    def _call_route(self, route: Any, route_arguments: dict[str, str]) -> Any:
        try:
            self.context["request"].begin(route, route_arguments)
            if route.dependant.body_params:
                _require_readable(self.current_event)
        except Exception as error:  # noqa: BLE001 - as Powertools does with those of a route
            return self._call_exception_handler(error, route)
        return super()._call_route(route, route_arguments)


def _require_readable(event: BaseProxyEvent) -> None:
    """Refuse a body that is no JSON, or of which no text can be kept or shown."""
    try:
        body = event.json_body  # kept by the event: its fields are validated from the same
        # A lone half of a pair, "\\ud800", is JSON but no text: UTF-8 has no bytes for it.
        json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise invalid(next(_broken_texts(body)), BROKEN_SIGN) from None
    except ValueError:  # no JSON, no UTF-8, no base64, or a number of thousands of digits
        raise invalid("", SENTENCES["json_invalid"]) from None


def _broken_texts(thing: object, *path: object) -> Iterator[str]:
    """Yield the pointers to texts that are none; of the name of a field, to where it stands."""
    if isinstance(thing, str) and not _is_text(thing):
        yield pointer_to(*path)
    elif isinstance(thing, list):
        for number, one in enumerate(thing):
            yield from _broken_texts(one, *path, number)
    elif isinstance(thing, dict):
        for name, one in thing.items():
            if not _is_text(name):
                yield pointer_to(*path)
            yield from _broken_texts(one, *path, name)


def _is_text(text: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def resolver() -> APIGatewayHttpResolver:
    """Return a resolver that validates by types and answers every error as a problem."""
    app = _JsonResolver(enable_validation=True, serializer=_dumps)

    @app.exception_handler(ProblemError)
    def _problem(error: ProblemError) -> Response[str]:
        return problem(
            app,
            error.code,
            error.detail,
            error.errors,
            retry_after=error.retry_after,
            more=error.more,
        )

    @app.exception_handler(PausedError)
    def _paused(error: PausedError) -> Response[str]:
        left = math.ceil((error.until - datetime.now(UTC)).total_seconds())
        return problem(app, "unavailable", error.why, retry_after=max(1, left))

    @app.exception_handler(UnavailableError)
    def _unavailable(error: UnavailableError) -> Response[str]:
        logger.warning("unavailable", extra={"why": error})
        return problem(app, "unavailable", retry_after=RETRY_AFTER)

    @app.exception_handler(RequestValidationError)
    def _invalid(error: RequestValidationError) -> Response[str]:
        body = app.current_event.json_body
        errors = [
            {"pointer": _pointer(part, body), "detail": _sentence(part)}
            for part in error.errors()[:MOST_TOLD]
        ]
        return problem(app, "invalid", "", errors)

    @app.exception_handler(RecursionError)
    def _too_deep(_: RecursionError) -> Response[str]:
        errors = [{"pointer": "", "detail": SENTENCES["json_invalid"]}]
        return problem(app, "invalid", "", errors)

    @app.exception_handler(Exception)
    def _bug(error: Exception) -> Response[str]:
        logger.exception("unhandled", exc_info=error)
        return problem(app, "internal")

    @app.not_found
    def _no_route(_: NotFoundError) -> Response[str]:
        return problem(app, "not_found")

    return app


def answers(description: str, model: type, *statuses: int) -> dict[int, OpenAPIResponse]:
    """Say in the OpenAPI document with which statuses a route answers, when it is not 200 alone."""
    return {
        status: {
            "description": description,
            "content": {"application/json": {"model": model}},
        }
        for status in statuses
    }


def problems(**descriptions: str) -> dict[int, OpenAPIResponse]:
    """Say in the OpenAPI document with which problems a route answers, by their codes."""
    return {PROBLEMS[code][0]: {"description": said} for code, said in descriptions.items()}


def problem(
    app: APIGatewayHttpResolver,
    code: str,
    detail: str = "",
    errors: Sequence[dict[str, str]] = (),
    *,
    retry_after: int = 0,
    more: Mapping[str, object] | None = None,
) -> Response[str]:
    status, title = PROBLEMS[code]
    body: dict[str, Any] = {
        "type": f"urn:housechats:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
        "request_id": request_id(app),
    }
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = list(errors)
    body |= more or {}
    return Response(
        status_code=status,
        content_type="application/problem+json",
        headers={"Retry-After": str(retry_after)} if retry_after else {},
        body=_dumps(body),
    )


def request_id(app: APIGatewayHttpResolver) -> str:
    event = app.current_event
    return event.request_context.request_id if isinstance(event, APIGatewayProxyEventV2) else ""


def pointer_to(*steps: object) -> str:
    """Return the JSON pointer to a place (RFC 6901): a step may hold any characters.

    To what has an endless name it tells where that stands: nothing of ours is called so.
    """
    named = takewhile(lambda step: len(str(step)) <= LONGEST_STEP, steps)
    plain = (str(step).replace("~", "~0").replace("/", "~1") for step in named)
    return "".join(f"/{step}" for step in plain)


def _pointer(part: Mapping[str, Any], body: object) -> str:
    """Turn a place that pydantic names into a JSON pointer; what is not the body keeps its kind."""
    kind, *path = part["loc"] or ("body",)
    if part["type"] == "json_invalid":
        path = []  # a place in the text, not in the body
    if kind != "body":
        return pointer_to(kind, *path)
    named = [part["ctx"]["discriminator"].strip("'")] if part["type"] in UNNAMED else []
    return pointer_to(*_within(body, path), *named)


def _within(body: object, path: Sequence[Any]) -> Iterator[Any]:
    """Yield the steps of a path but those by which pydantic says of what kind a listed thing is."""
    there, in_list = body, False
    for step in path:
        if in_list and isinstance(there, dict) and step == there.get("kind"):
            in_list = False  # the next step is a field, whatever it is called
            continue
        yield step
        in_list = isinstance(there, list)
        there = _inside(there, step)


def _inside(there: object, step: Any) -> object:
    if isinstance(there, list) and isinstance(step, int) and step < len(there):
        return there[step]
    return there.get(step) if isinstance(there, dict) else None


def _sentence(part: Mapping[str, Any]) -> str:
    """Say what to do with a field: what is empty is to be filled in, whatever was expected."""
    kind, given, limits = part["type"], part.get("input"), part.get("ctx", {})
    pattern = limits.get("pattern", "")
    is_blank = isinstance(given, str) and not given.strip()
    if kind == "union_tag_invalid":
        return LISTED.format(limits["expected_tags"].replace("'", ""))
    if kind == "string_too_short" and (is_blank or limits.get("min_length") == 1):
        return EMPTY
    if kind == "string_pattern_mismatch":
        if is_blank and not re.search(pattern, ""):
            return EMPTY
        return EXPECTED.get(pattern, SENTENCES[kind])
    return SENTENCES.get(kind, UNFIT)


def _dumps(body: object) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
