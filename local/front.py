"""The front door: short addresses of this machine, forwarded to the emulated HTTP API."""

import http.client
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote_from_bytes, urlsplit

from local.swagger import POLICY, Page, Pages

# Headers that speak of one connection (RFC 9110, 7.6.1): never handed on.
HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
AS_TYPED = "".join(map(chr, range(0x80)))
"""What of a request line is left alone; browsers quote the rest themselves, curl does not."""
# A function behind the gateway may take 30 seconds, the gateway's own limit.
SECONDS = 35


@contextmanager
def front_door(
    port: int, emulator_port: int, api_id: str, pages: Pages = lambda _: None
) -> Iterator[int]:
    """Forward every request on the port (0: any) to the API while the context lasts.

    What is one of the pages is answered here.
    """

    class Door(_Door):
        our_pages = staticmethod(pages)
        upstream = ("127.0.0.1", emulator_port)
        prefix = f"/_aws/execute-api/{api_id}/$default"

    server = ThreadingHTTPServer(("127.0.0.1", port), Door)
    server.daemon_threads = True
    thread = threading.Thread(
        target=server.serve_forever, args=[0.05], name="front door", daemon=True
    )
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    raw_requestline: bytes
    our_pages: Pages
    upstream: tuple[str, int]
    prefix: str

    def handle(self) -> None:
        # Who asked may have hung up: nobody is there to be told.
        with suppress(ConnectionError):
            super().handle()

    def parse_request(self) -> bool:
        # Before it is taken apart: some of the bytes of Cyrillic letters are blanks of Latin-1.
        quoted = quote_from_bytes(self.raw_requestline, safe=AS_TYPED)
        self.raw_requestline = quoted.encode("ascii")
        return super().parse_request()

    def _answer(self) -> None:
        path = urlsplit(self.path).path
        if path == "/docs":
            self._lead_to("/docs/")
        elif self.command == "GET" and (page := self.our_pages(path)):
            self._show(page)
        else:
            self._forward()

    def _lead_to(self, path: str) -> None:
        self.send_response(302)
        self.send_header("Location", path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _show(self, page: Page) -> None:
        self.send_response(200)
        for name, value in {
            "Content-Type": page.kind,
            "Content-Length": str(len(page.body)),
            "Cache-Control": "no-store",
            "Content-Security-Policy": POLICY,
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(page.body)

    def _forward(self) -> None:
        if "Transfer-Encoding" in self.headers:
            self.send_error(411)
            return
        length = self.headers.get("Content-Length") or "0"
        if not re.fullmatch(r"[0-9]{1,9}", length):
            self.send_error(400)
            return
        body = self.rfile.read(int(length))
        dropped = HOP_BY_HOP | {"host", "content-length"} | self._named_by_connection()
        headers = {
            name: value for name, value in self.headers.items() if name.lower() not in dropped
        }
        forwarded = {"X-Forwarded-Host": self.headers.get("Host", ""), "X-Forwarded-Proto": "http"}
        connection = http.client.HTTPConnection(*self.upstream, timeout=SECONDS)
        try:
            connection.request(self.command, self.prefix + self.path, body, headers | forwarded)
            answer = connection.getresponse()
            answered = answer.read()
        except http.client.InvalidURL:
            self.send_error(400)
            return
        except (OSError, http.client.HTTPException):
            self.send_error(502)
            return
        finally:
            connection.close()
        self._hand_back(answer, answered)

    def _named_by_connection(self) -> set[str]:
        named = self.headers.get("Connection", "")
        return {name.strip().lower() for name in named.split(",") if name.strip()}

    def _hand_back(self, answer: http.client.HTTPResponse, body: bytes) -> None:
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP | {"content-length", "date", "server"}:
                self.send_header(name, value)
        if answer.status not in {204, 304}:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _answer  # noqa: N815

    def log_message(self, *args: object) -> None:
        """Say nothing: queries and codes lead to persons."""
