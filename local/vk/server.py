"""The sandbox's door: VK's API over HTTP, its upload server, and the page with what feeds it."""

import json
import socket
import sys
import time
import urllib.request
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from local.vk import forms
from local.vk.actions import ACTIONS
from local.vk.core import Reply, Sandbox
from local.vk.errors import PersonError, VkError
from local.vk.postman import Postman
from local.vk.window import LOOKS, Asked, Window

LARGEST_BODY = 210 * 1024 * 1024  # VK takes documents of 200 MB
SMS_PATIENCE = 3.0
PAGE = Path(__file__).with_name("page.html")
GATEWAY_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>502</body></html>"
TYPES = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}


class Door(ThreadingHTTPServer):
    """Listens on loopback only. `latency` is added to every answer of VK's methods."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256
    postman: Postman | None = None

    def __init__(
        self,
        port: int,
        make: Callable[[str], Sandbox],
        *,
        latency: float = 0.0,
        sms_url: str = "",
    ) -> None:
        """Bind first: `make` is given the address that files and links point to."""
        super().__init__(("127.0.0.1", port), Visit)
        self.address = f"http://127.0.0.1:{self.server_port}/"
        self.sandbox = make(self.address)
        self.window = Window(self.sandbox)
        self.postman = Postman(self.sandbox.callbacks)
        self.latency = latency
        self.sms_url = sms_url

    def service_actions(self) -> None:
        """Start telling servers of events once there is anything to tell."""
        if self.postman and self.sandbox.callbacks.waiting:
            self.postman.begin()

    def server_close(self) -> None:
        if self.postman:
            self.postman.end()
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Let a caller go away in the middle without a trace of it on the screen."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Visit(BaseHTTPRequestHandler):
    server: Door
    protocol_version = "HTTP/1.1"
    server_version = "VKSandbox"
    # The headers and the body leave in one packet: no waiting for a delayed acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._visit()

    def do_POST(self) -> None:
        self._visit()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - inherited
        """Keep quiet: the journal has it all."""

    def _visit(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY or self.headers.get("Transfer-Encoding"):
            self.close_connection = True
            self._json({"error": "too large"}, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        body = self.rfile.read(length)
        address = urlsplit(self.path)
        room, _, rest = address.path.lstrip("/").partition("/")
        match room:
            case "method":
                self._method(rest, address.query, body)
            case "upload":
                self._upload(body)
            case "doc" | "photo":
                self._file(f"{room}{rest}")
            case "sandbox":
                self._sandbox(rest, address.query, body)
            case "" | "join":
                self._send(PAGE.read_bytes(), "text/html; charset=utf-8")
            case _:
                self._json({"error": "not found"}, HTTPStatus.NOT_FOUND)

    # VK's own doors.

    def _method(self, method: str, query: str, body: bytes) -> None:
        content_type = self.headers.get("Content-Type", "")
        try:
            given = forms.parameters(query, content_type, body)
        except VkError as error:
            shown = {"error_code": error.code, "error_msg": error.message, "request_params": []}
            self._json({"error": shown})
            return
        scheme, _, bearer = self.headers.get("Authorization", "").partition(" ")
        token = bearer if scheme == "Bearer" else given.get("access_token", "")
        reply = self.server.sandbox.respond(method, given, token)
        pause = self.server.latency + reply.delay
        if pause:
            time.sleep(pause)
        self._reply(reply)

    def _reply(self, reply: Reply) -> None:
        if reply.body is not None:
            self._json(reply.body)
        elif reply.status:
            self._send(GATEWAY_PAGE, "text/html", HTTPStatus(reply.status))
        else:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

    def _upload(self, body: bytes) -> None:
        parts = forms.multipart(self.headers.get("Content-Type", ""), body)
        files = [part for part in parts if part.name in {"file", "photo"} and part.filename]
        if len(files) != 1:
            self._json({"error": "no_file", "error_descr": "a field named file is expected"})
            return
        path = urlsplit(self.path).path
        (file,) = files
        self._json(self.server.sandbox.upload(path, file.filename, file.data, file.name))

    def _file(self, reference: str) -> None:
        file = self.server.sandbox.file(reference)
        if file is None:
            self._json({"error": "not found"}, HTTPStatus.NOT_FOUND)
            return
        ending = file.name.rpartition(".")[2].lower()
        self._send(file.data, TYPES.get(ending, "application/octet-stream"))

    # The page's and scripts' doors.

    def _sandbox(self, what: str, query: str, body: bytes) -> None:
        asked = {name: values[-1] for name, values in parse_qs(query).items()}
        try:
            answer = self._act(what, body) if self.command == "POST" else self._look(what, asked)
        except PersonError as error:
            self._json({"error": str(error)}, HTTPStatus.CONFLICT)
        except (ValueError, TypeError, KeyError) as error:
            self._json({"error": f"Запрос не понят: {error}"}, HTTPStatus.BAD_REQUEST)
        else:
            self._json(answer)

    def _look(self, what: str, asked: dict[str, str]) -> Any:
        if what == "sms":
            return self._sms()
        if what not in LOOKS:
            raise PersonError("Такой страницы нет")
        with self.server.sandbox.lock:
            return LOOKS[what](self.server.window, Asked.of(asked))

    def _act(self, what: str, body: bytes) -> Any:
        given = json.loads(body or b"{}")
        if what not in ACTIONS or not isinstance(given, dict):
            raise PersonError("Такого действия нет")
        return ACTIONS[what](self.server.sandbox, given)

    def _sms(self) -> dict[str, Any]:
        if not self.server.sms_url:
            return {"items": [], "total": 0}
        try:
            with urllib.request.urlopen(self.server.sms_url, timeout=SMS_PATIENCE) as answer:  # noqa: S310 - the address is the command line's
                told = json.load(answer)
        except (OSError, ValueError):
            return {"items": [], "total": 0, "error": "Список СМС сейчас не читается"}
        return _sms_list(told)

    # Answers.

    def _json(self, body: Any, status: HTTPStatus = HTTPStatus.OK) -> None:
        text = json.dumps(body, ensure_ascii=False).encode()
        self._send(text, "application/json; charset=utf-8", status)

    def _send(self, body: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()


def _sms_list(told: dict[str, Any]) -> dict[str, Any]:
    """Read the emulator's list: messages by phone number, in the order they were sent."""
    items = [
        {"phone": phone, "text": str(one.get("Message", ""))}
        for phone, records in told.get("sms_messages", {}).items()
        for one in records
    ]
    return {"items": items, "total": len(items)}
