"""Where everything of a running stack listens, and how its API and its sandbox are asked."""

import http.client
import json
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

from local.launch import launch_header


class ApiError(Exception):
    """An answer of the HTTP API or of the sandbox that is no success."""


class NoAnswerError(ApiError):
    """No answer in time, or none at all."""


@dataclass(frozen=True)
class Stack:
    """Where everything listens, and what it takes to be let in."""

    public_url: str
    sandbox_url: str
    emulator_url: str
    lists_bucket: str
    table: str
    appoint_function: str
    app_id: int
    app_secret: str
    administrator: int
    home: str
    tokens: tuple[str, ...] = ()
    """Of the sandbox's communities, to connect them with."""
    connect_function: str = ""

    def authorization(self, vk_id: int = 0) -> str:
        """Return the header of a person; without one, of the administrator."""
        return launch_header(self.app_id, self.app_secret, vk_id or self.administrator)

    def get(self, path: str, *, vk_id: int = 0) -> Any:
        """Ask the HTTP API as a person; without one, as the administrator."""
        return self._ask("GET", path, vk_id=vk_id)

    def post(self, path: str, body: object = None) -> Any:
        return self._ask("POST", path, json.dumps(body).encode() if body else None)

    def put(self, path: str, body: object) -> Any:
        return self._ask("PUT", path, json.dumps(body).encode())

    def _ask(self, method: str, path: str, body: bytes | None = None, *, vk_id: int = 0) -> Any:
        headers = {"Authorization": self.authorization(vk_id)}
        request = urllib.request.Request(  # noqa: S310 - an address of this machine
            self.public_url + path, data=body, method=method, headers=headers
        )
        return _answer("API", request)

    def sandbox(self, path: str) -> Any:
        """Ask the VK sandbox what it saw."""
        return _answer("Песочница", urllib.request.Request(self.sandbox_url + path))  # noqa: S310


def _answer(who: str, request: urllib.request.Request) -> Any:
    """Return the JSON that was answered; say in one sentence why there is none."""
    asked = f"{request.get_method()} {urlsplit(request.full_url).path}"
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.loads(answer.read() or b"null")
    except HTTPError as error:
        why = _detail(error.read())
        raise ApiError(f"{who}: ошибка {error.code} на {asked}. {why}".rstrip()) from error
    except ValueError as error:
        raise ApiError(f"{who}: непонятный ответ на {asked}.") from error
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswerError(f"{who}: нет ответа на {asked}.") from error


def _detail(body: bytes) -> str:
    """Return the sentence of a problem; nothing if the body is a page of somebody else."""
    try:
        problem = json.loads(body)
    except ValueError:
        return ""
    return str(problem.get("detail", "")) if isinstance(problem, dict) else ""
