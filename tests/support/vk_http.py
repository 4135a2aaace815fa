"""What stands between our VK client and the sandbox in tests: urllib3's `request`, no network."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from mimetypes import guess_type
from typing import Any
from urllib.parse import urlsplit

from urllib3 import HTTPConnectionPool
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from housechats.adapters.vk import TIMEOUT_S
from local.vk.core import Sandbox

URL = "https://vk.test"


@dataclass(frozen=True)
class Answer:
    """What is used of urllib3's response."""

    status: int
    data: bytes


class SandboxHttp:
    """Carries requests to a sandbox; every one takes `latency` seconds of the tests' time."""

    def __init__(
        self, sandbox: Sandbox, *, sleep: Callable[[float], None], latency: float = 0.0
    ) -> None:
        self.sandbox = sandbox
        self._sleep = sleep
        self._latency = latency

    def request(self, method: str, url: str, **how: Any) -> Answer:
        assert method == "POST"
        self._sleep(self._latency)
        place = urlsplit(url)
        if place.path.startswith("/upload/"):
            return self._upload(url, **how)
        return self._method(place.path.removeprefix("/method/"), url, **how)

    def _method(
        self,
        method: str,
        url: str,
        *,
        fields: dict[str, str],
        headers: dict[str, str],
        encode_multipart: bool,
    ) -> Answer:
        assert not encode_multipart, "VK's methods take forms"
        token = headers["Authorization"].removeprefix("Bearer ")
        reply = self.sandbox.respond(method, fields, token)
        if reply.delay >= TIMEOUT_S:
            self._sleep(TIMEOUT_S)
            raise ReadTimeoutError(HTTPConnectionPool("vk.test"), url, "no answer in time")
        self._sleep(reply.delay)
        if reply.body is not None:
            return Answer(reply.status, json.dumps(reply.body, ensure_ascii=False).encode())
        if not reply.status:
            raise ProtocolError("Connection aborted.")
        return Answer(reply.status, b"<html>502</html>")

    def _upload(
        self, url: str, *, fields: dict[str, tuple[str, bytes, str]], encode_multipart: bool
    ) -> Answer:
        assert encode_multipart, "upload servers take multipart bodies"
        ((field, (name, body, kind)),) = fields.items()
        assert kind == (guess_type(name)[0] or "application/octet-stream")
        return Answer(200, json.dumps(self.sandbox.upload(url, name, body, field)).encode())
