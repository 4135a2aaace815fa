"""What the API makes of a list is fetched for the person who runs the system."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from local import fetched
from local.addresses import Stack
from local.fetched import fetch_posters, fetch_result


class Api(ThreadingHTTPServer):
    """Makes every file that is asked for, one question later."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked: list[str] = []
        self.during = {"posters": "drawing", "result": "writing"}
        self.after = "ready"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def made(self, path: str) -> Any:
        what = path.rpartition("/")[2]
        self.asked.append(path)
        if self.asked.count(path) == 1:
            return {"status": self.during[what], "link": None}
        link = {"url": f"{self.url}/files/{what}", "file_name": "дома — проверено.xlsx"}
        return {"status": self.after, "link": link if self.after == "ready" else None}


class _Answers(BaseHTTPRequestHandler):
    server: Api

    def do_POST(self) -> None:
        self._answer(b"null")

    def do_GET(self) -> None:
        if self.path.startswith("/files/"):
            self._answer(self.path.encode())
        else:
            self._answer(json.dumps(self.server.made(self.path)).encode())

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setattr(fetched, "POLL_SECONDS", 0)
    with Api() as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def stack(api: Api, tmp_path: Path) -> Stack:
    (tmp_path / "18999").mkdir()
    return Stack(api.url, api.url, "", "", "", "", 1, "secret", 1, str(tmp_path / "18999"))


def test_the_checked_list_outlives_the_folder_of_its_run(stack: Stack, tmp_path: Path) -> None:
    said = fetch_result(stack, "b1")

    kept = tmp_path / "дома — проверено.xlsx"
    assert said == str(kept)
    assert kept.read_bytes() == b"/files/result"


def test_all_posters_lie_in_the_folder_of_their_run(stack: Stack) -> None:
    said = fetch_posters(stack, "b1")

    kept = Path(stack.home) / "posters.pdf"
    assert said == kept.as_uri()
    assert kept.read_bytes() == b"/files/posters"


def test_a_file_that_is_not_made_is_said_and_not_fetched(api: Api, stack: Stack) -> None:
    api.after = "empty"

    said = fetch_posters(stack, "b1")

    assert said == "не собраны (empty)"
    assert list(Path(stack.home).iterdir()) == []
