"""What the API's document says once for all operations: errors, headers, who calls."""

from typing import Any

from housechats.runtime.access import KEY, LONGEST_KEY
from housechats.runtime.http import PROBLEMS

LAUNCH = {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "description": "`VK ` и строка параметров запуска мини-приложения, как её подписал ВКонтакте.",
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "An error, RFC 9457. Titles and details are Russian and fit to be shown.",
    "required": ["type", "title", "status", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "description": "A URN that ends with the code."},
        "title": {"type": "string", "description": "What is wrong: one sentence for each code."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "code": {
            "type": "string",
            "enum": list(PROBLEMS),
            "description": "Stable: programs decide by it.\n\n"
            + "\n".join(
                f"- `{code}`: {status} «{title}»" for code, (status, title) in PROBLEMS.items()
            ),
        },
        "request_id": {"type": "string", "description": "By which our journals know the request."},
        "detail": {
            "type": "string",
            "description": "What is wrong this time, and what to do; absent when the title tells.",
        },
        "errors": {
            "type": "array",
            "description": "Which fields are wrong; absent when it is not about fields.",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "RFC 6901, into the body; `/query/…` and `/path/…` lead to "
                        "parameters.",
                    },
                    "detail": {"type": "string", "description": "What to do with this field."},
                },
            },
        },
        "difference": {
            "type": "object",
            "description": "With `audience_changed`: how the houses differ from those of the "
            "preview.",
            "required": ["came", "went", "came_first", "went_first"],
            "properties": {
                "came": {"type": "integer", "description": "Chats that were not there before."},
                "went": {"type": "integer", "description": "Chats that would get nothing now."},
                "came_first": {
                    "type": "array",
                    "description": "Houses of the first 20 that came, as their chats are called.",
                    "items": {"type": "string"},
                },
                "went_first": {
                    "type": "array",
                    "description": "Houses of the first 20 that went, as their chats are called.",
                    "items": {"type": "string"},
                },
            },
        },
    },
}
GATEWAY_REFUSAL: dict[str, Any] = {
    "type": "object",
    "description": "The gateway's own refusal: no signature, or a wrong one.",
    "required": ["message"],
    "properties": {"message": {"type": "string", "description": "`Unauthorized` or `Forbidden`."}},
}

_PROBLEM_BODY = {
    "application/problem+json": {"schema": {"$ref": "#/components/schemas/ApiProblem"}}
}
HEADERS: dict[str, Any] = {
    "ETag": {
        "description": "Признак того, что показано: для If-None-Match и If-Match.",
        "schema": {"type": "string"},
    },
    "Location": {
        "description": "Где лежит то, о чём ответ, или где следить за работой: путь этого API.",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Retry-After": {
        "description": "Через сколько секунд повторить запрос.",
        "schema": {"type": "integer"},
    },
    "Idempotency-Replayed": {
        "description": "`true`, если так уже ответили на этот Idempotency-Key и второй раз ничего "
        "не сделано. Ответ тот же; где в нём может быть назван человек, тело прочитано заново.",
        "schema": {"type": "string", "enum": ["true"]},
    },
}
"""Headers of answers."""
PARAMETERS: dict[str, Any] = {
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "ETag прежнего ответа: если ничего не изменилось, придёт 304 без тела.",
        "schema": {"type": "string"},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "ETag того, что видел человек: если с тех пор это изменили, придёт 412.",
        "schema": {"type": "string"},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Номер, который форма придумала себе: повтор с ним второй раз ничего не "
        "сделает и получит тот же ответ. Помнится сутки.",
        # An empty one is none.
        "schema": {"type": "string", "maxLength": LONGEST_KEY, "pattern": f"^({KEY.pattern})?$"},
    },
}
"""Headers of requests."""


def of_status(status: int) -> dict[str, Any]:
    """Return the answer of a status: one example for each code that it may have."""
    shown = {
        code: {
            "value": {
                "type": f"urn:housechats:problem:{code}",
                "title": title,
                "status": status,
                "code": code,
                "request_id": "JKJaXmPLvHcESHA=",
            }
        }
        for code, (of, title) in PROBLEMS.items()
        if of == status
    }
    schema = {"schema": {"$ref": "#/components/schemas/ApiProblem"}, "examples": shown}
    return {
        "headers": {"Retry-After": {"$ref": "#/components/headers/Retry-After"}},
        "content": {"application/problem+json": schema},
    }


def _refused(status: int, message: str) -> dict[str, Any]:
    """Return what both the API and the gateway may say."""
    schema = {"$ref": "#/components/schemas/GatewayRefusal"}
    body = {"schema": schema, "examples": {"gateway": {"value": {"message": message}}}}
    return {"application/json": body, **of_status(status)["content"]}


RESPONSES: dict[str, Any] = {
    "Problem": {
        "description": "Ошибка: код и что делать.",
        "headers": {"Retry-After": {"$ref": "#/components/headers/Retry-After"}},
        "content": _PROBLEM_BODY,
    },
    "Unauthorized": {
        "description": "Нет подписи, или приложение открыто слишком давно.",
        "content": _refused(401, "Unauthorized"),
    },
    "Forbidden": {
        "description": "Подпись неверна, или на это нет права.",
        "content": _refused(403, "Forbidden"),
    },
    "NotModified": {"description": "С прежнего раза ничего не изменилось."},
}
"""Answers that every operation may give."""
JOIN = {
    "get": {
        "operationId": "join",
        "summary": "Короткая ссылка с объявления: ведёт в чат дома",
        "description": "Открыта всем: по ней приходят с телефона, без приложения.",
        "tags": ["join"],
        "security": [],
        "parameters": [
            {
                "name": "code",
                "in": "path",
                "required": True,
                "description": "Код дома; после дефиса — подъезд, L (лифт) или S (СМС).",
                "schema": {"type": "string"},
            }
        ],
        "responses": {
            "200": {
                "description": "Страница: чат закрыт, или как вступить без ВКонтакте.",
                "content": {"text/html": {"schema": {"type": "string"}}},
            },
            "302": {
                "description": "В чат, по его нынешней ссылке.",
                "headers": {
                    "Location": {
                        "description": "Ссылка-приглашение в чат.",
                        "schema": {"type": "string", "format": "uri"},
                    }
                },
                "content": {"text/html": {"schema": {"type": "string"}}},
            },
            "404": {
                "description": "Страница: такого кода нет.",
                "content": {"text/html": {"schema": {"type": "string"}}},
            },
        },
    }
}
EVERYWHERE = {
    "address": "The whole address of the house, as we write it.",
    "batch_id": "The list that the house came with; empty when it was created singly.",
    "buttons": "Buttons with links under the message.",
    "code": "A stable code: programs decide by it.",
    "connected_at": "When it was connected last.",
    "created_at": "When it began.",
    "created_by": "Who began it: `vk:<id>`.",
    "elder_name": "Name of the elder; empty where nobody is named.",
    "entrances": "How many entrances the house has; 0 when unknown.",
    "eta_seconds": "Time left at the pace so far; 0 when it is over or nothing is known yet.",
    "expires_at": "Until when the link works.",
    "failed": "In how many chats it failed.",
    "fias_id": "The house in the state register of addresses (ФИАС, ГАР): a GUID.",
    "fields": "What is filled in, and what is to be.",
    "file": "A picture or a document with it; absent when there is none.",
    "file_name": "What the file is called when it is saved.",
    "finished_at": "When it came to its end.",
    "house_id": "The house: the code of 8 characters on its posters.",
    "house_ids": "Houses, each by the code of 8 characters on its posters.",
    "id": "By which it is asked for.",
    "inn": "ИНН of the organisation: 10 digits, 12 of an entrepreneur.",
    "items": "This page of them.",
    "kind": "What it is.",
    "left_out": "How many of the houses asked for get nothing.",
    "link": "Where its file is; absent until there is one.",
    "locality": "A town or a village, such as `г. Архангельск`.",
    "meaning": "What it is there for.",
    "name": "What people call it.",
    "next_cursor": "What to ask the next page with; empty on the last one.",
    "oktmo": "The territory: a code of ОКТМО with 2, 3, 8 or 11 digits.",
    "poster_at": "When its posters were drawn last.",
    "quiet_hours": "When people are not to be disturbed.",
    "quiet_until": "When it is quiet no more.",
    "reason": "Why it is so: a Russian sentence; empty when there is nothing to explain.",
    "second_person_above": "A broadcast to more chats waits for a second person; an emergency is "
    "looked at afterwards.",
    "sent": "How many chats have it.",
    "since": "From when on.",
    "speaks_as": "Who speaks in the first line, when it is the territory itself.",
    "started_at": "When it began.",
    "starts_at": "When it would start.",
    "tag": "One of the words by which staff group houses.",
    "tags": "Words by which staff group houses.",
    "template": "What it says, in place of a text.",
    "text": "What it says.",
    "title": "The short address, as the chat is called.",
    "total": "How many there are on all pages.",
    "until": "Until when; absent while it goes on.",
    "url": "Where it is; it opens without a header.",
    "vk_id": "The person: a number of ВКонтакте.",
    "wording": "The text, with places for what is to be filled in.",
}
"""Words that mean the same wherever they stand: a field says more only where it means more."""

TAGS = {
    "people": "Люди: кто я, администраторы и сотрудники",
    "communities": "Сообщества ВКонтакте, которые создают чаты",
    "houses": "Дома и их чаты",
    "organisations": "Организации, их дома и их люди",
    "batches": "Списки домов",
    "rows": "Строки списка",
    "workbooks": "Таблицы: результат и образец",
    "posters": "Объявления для подъездов",
    "territories": "Настройки территории",
    "broadcasts": "Рассылки: проверка, отправка, остановка, исправление, отметки о доставке",
    "templates": "Шаблоны сообщений",
    "questions": "Вопросы домов: голосования, ответы, сроки",
    "activity": "Как живут чаты: счётчики домов, организаций и территорий",
    "coordination": "Координационные чаты муниципалитетов",
    "discussions": "Обсуждения: время, чат, протокол",
    "complaints": "Жалобы жителей и вебхуки организаций",
    "moderation": "Сообщения, на которые пожаловались",
    "jobs": "Долгая работа: задания и списки домов",
    "audit": "Учёт действий",
    "join": "Вход по объявлению",
}
"""Parts of the API as Swagger UI shows them, in this order."""
