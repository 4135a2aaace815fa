"""A message to a system goes to the public address that was looked at, and nowhere else."""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread
from typing import Any, ClassVar

import pytest
import urllib3

from housechats.adapters import webhooks
from housechats.adapters.webhooks import HttpsCarrier, is_public
from housechats.domain.errors import UnavailableError

URL = "https://uk.example.ru/complaints?from=chats"
PUBLIC = "93.184.215.14"


class System(BaseHTTPRequestHandler):
    """Answers as a test has said, and keeps what came."""

    status = 200
    seen: ClassVar[list[tuple[str, dict[str, str], bytes]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.seen.append((self.path, dict(self.headers), body))
        self.send_response(self.status)
        if self.status == 302:
            self.send_header("location", "/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    System.seen.clear()
    System.status = 200
    with HTTPServer(("127.0.0.1", 0), System) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def carrier(port: int, *addresses: str) -> tuple[HttpsCarrier, list[tuple[str, str]]]:
    """Return a carrier whose connections end at the server, and where they were to lead."""
    led: list[tuple[str, str]] = []

    def connect(address: str, host: str) -> Any:
        led.append((address, host))
        return urllib3.HTTPConnectionPool("127.0.0.1", port)

    return HttpsCarrier(resolve=lambda _: list(addresses), connect=connect), led


def test_what_a_system_takes_is_handed_over(port: int) -> None:
    taker, led = carrier(port, PUBLIC)

    taker.post(URL, b"{}", {"X-Housechats-Id": "an-id"})

    ((path, headers, body),) = System.seen
    assert led == [(PUBLIC, "uk.example.ru")]
    assert (path, body) == ("/complaints?from=chats", b"{}")
    assert headers["Host"] == "uk.example.ru"
    assert headers["X-Housechats-Id"] == "an-id"


@pytest.mark.parametrize("status", [302, 400, 404, 410, 500, 503])
def test_anything_but_a_2xx_is_tried_again_and_no_redirect_is_followed(
    port: int, status: int
) -> None:
    System.status = status
    taker, _ = carrier(port, PUBLIC)

    with pytest.raises(UnavailableError, match=str(status)):
        taker.post(URL, b"{}", {})

    assert [path for path, _, _ in System.seen] == ["/complaints?from=chats"]


def test_a_system_that_is_not_there_is_tried_again() -> None:
    with HTTPServer(("127.0.0.1", 0), System) as server:
        taker, _ = carrier(server.server_port, PUBLIC)

    with pytest.raises(UnavailableError, match="cannot be reached"):
        taker.post(URL, b"{}", {})


def test_a_system_that_answers_a_byte_at_a_time_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(webhooks, "WHOLE_S", 0.2)
    let_go = Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=drip, args=(server, let_go))
        thread.start()
        taker, _ = carrier(server.getsockname()[1], PUBLIC)

        with pytest.raises(UnavailableError, match="too long"):
            taker.post(URL, b"{}", {})

        let_go.set()
        thread.join()


def drip(server: socket.socket, let_go: Event) -> None:
    """Answer with a header that has no end until it is let go."""
    connection, _ = server.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not let_go.wait(0.01):
            connection.sendall(b"a")
        connection.sendall(b"\r\n\r\n")


@pytest.mark.parametrize(
    "addresses",
    [
        pytest.param(("10.0.0.5",), id="private"),
        pytest.param((PUBLIC, "10.0.0.5"), id="public and private"),
        pytest.param(("169.254.169.254",), id="of the cloud"),
        pytest.param((), id="none"),
    ],
)
def test_no_connection_is_made_to_a_name_that_leads_inside(
    port: int, addresses: tuple[str, ...]
) -> None:
    taker, led = carrier(port, *addresses)

    fault = taker.fault_of(URL)
    with pytest.raises(UnavailableError, match="not public"):
        taker.post(URL, b"{}", {})

    assert led == []
    assert "внутреннюю сеть" in fault


def test_a_name_that_is_too_long_to_be_asked_for_is_told_so() -> None:
    fault = HttpsCarrier().fault_of(f"https://{'a' * 64}.ru/complaints")

    assert "не нашлось" in fault


def test_a_name_that_nobody_knows_is_told_so() -> None:
    def resolve(_: str) -> list[str]:
        raise OSError

    assert "не нашлось" in HttpsCarrier(resolve=resolve).fault_of(URL)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),  # noqa: S104 - nothing is bound
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00:ec2::254", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
    ],
)
def test_an_address_is_public_only_if_all_that_it_stands_for_is(address: str, public: bool) -> None:
    assert is_public(address) is public
