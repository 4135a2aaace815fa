"""The front door hands requests and answers on as they are, except what is one connection's."""

import http.client
import socket
import struct
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pytest

from local.front import front_door


class Upstream(ThreadingHTTPServer):
    """An API that remembers what it was asked and answers with a redirect and a body."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.called = threading.Event()
        self.patience = threading.Event()
        self.patience.set()


class _Answers(BaseHTTPRequestHandler):
    server: Upstream
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.command, self.path, headers, body))
        self.server.called.set()
        self.server.patience.wait(10)
        self.send_response(302)
        self.send_header("Location", "https://vk.me/join/abc")
        self.send_header("Keep-Alive", "timeout=5")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    do_GET = do_POST = _answer  # noqa: N815

    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def door(upstream: Upstream) -> Iterator[http.client.HTTPConnection]:
    with front_door(0, upstream.server_address[1], "api1") as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        yield connection
        connection.close()


def test_a_short_address_leads_to_the_api(
    upstream: Upstream, door: http.client.HTTPConnection
) -> None:
    door.request("POST", "/houses?limit=5", b"{}", {"Authorization": "VK a=b"})
    door.getresponse().read()

    command, path, headers, body = upstream.asked[0]

    assert (command, path) == ("POST", "/_aws/execute-api/api1/$default/houses?limit=5")
    assert headers["authorization"] == "VK a=b"
    assert body == b"{}"


@pytest.mark.parametrize(
    "typed", ["/houses?q=пр-т Мира", "/houses?q=ххх РРР", "/houses?tag=ТСЖ", "/audit?from=вчера"]
)
def test_letters_of_any_alphabet_may_stand_in_an_address_as_they_are_typed(
    upstream: Upstream, capfd: pytest.CaptureFixture[str], typed: str
) -> None:
    line = f"GET {typed.replace(' ', '%20')} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"

    with front_door(0, upstream.server_address[1], "api1") as port:
        answer = answer_to(port, line.encode())

    assert answer.startswith("HTTP/1.1 302 ")
    assert unquote(upstream.asked[0][1]) == f"/_aws/execute-api/api1/$default{typed}"
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "request_head",
    [
        pytest.param(b"GET /me\x01 HTTP/1.1", id="a control character in the address"),
        pytest.param(b"POST /me HTTP/1.1\r\nContent-Length: -1", id="a length below nothing"),
        pytest.param(b"POST /me HTTP/1.1\r\nContent-Length: many", id="a length in words"),
        pytest.param(b"\xd0\xa0\xff", id="no request at all"),
    ],
)
def test_what_is_no_request_is_refused_without_noise(
    upstream: Upstream, capfd: pytest.CaptureFixture[str], request_head: bytes
) -> None:
    with front_door(0, upstream.server_address[1], "api1") as port:
        answer = answer_to(port, request_head + b"\r\nConnection: close\r\n\r\n")

    assert "Error code: 400" in answer
    assert upstream.asked == []
    assert capfd.readouterr().err == ""


def answer_to(port: int, request: bytes) -> str:
    """Send bytes as they are, and return all that comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as caller:
        caller.sendall(request)
        with caller.makefile("rb") as answer:
            return answer.read().decode()


def test_a_redirect_reaches_the_resident_unfollowed(door: http.client.HTTPConnection) -> None:
    door.request("GET", "/j/ABCDEFGH")

    answer = door.getresponse()

    assert answer.status == 302
    assert answer.headers["Location"] == "https://vk.me/join/abc"
    assert answer.read() == b"ok"


def test_headers_of_one_connection_are_not_handed_on(
    upstream: Upstream, door: http.client.HTTPConnection
) -> None:
    door.request("GET", "/me", headers={"Connection": "X-Hop", "X-Hop": "1", "X-Kept": "2"})
    answer = door.getresponse()
    answer.read()

    headers = upstream.asked[0][2]

    assert "x-hop" not in headers
    assert headers["x-kept"] == "2"
    assert "Keep-Alive" not in answer.headers


def test_one_connection_serves_several_requests(door: http.client.HTTPConnection) -> None:
    statuses = []
    for _ in range(3):
        door.request("GET", "/me")
        answer = door.getresponse()
        answer.read()
        statuses.append(answer.status)

    assert statuses == [302, 302, 302]


def test_a_caller_who_hangs_up_leaves_no_noise(
    upstream: Upstream, capfd: pytest.CaptureFixture[str]
) -> None:
    upstream.patience.clear()
    with front_door(0, upstream.server_address[1], "api1") as port:
        caller = socket.create_connection(("127.0.0.1", port), timeout=10)
        caller.sendall(b"GET /me HTTP/1.1\r\nHost: h\r\n\r\n")
        upstream.called.wait(10)
        # Zero seconds of linger: the end is a reset, as of a killed program.
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        caller.close()

        upstream.patience.set()
        for handler in threading.enumerate():
            if "process_request_thread" in handler.name:
                handler.join(10)

    assert capfd.readouterr().err == ""


def test_a_silent_api_is_a_bad_gateway() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as closed:
        nobody = closed.server_address[1]
    with front_door(0, nobody, "api1") as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)

        connection.request("GET", "/me")
        status = connection.getresponse().status
        connection.close()

    assert status == 502
