"""A person who runs the system reads in plain sentences what to mend and what was done."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from local.addresses import ApiError, NoAnswerError, Stack
from local.command import mistake, read_command
from local.summary import show_done, show_rejected
from local.terminal import Terminal

PAGE = b"<html><body>Bad Gateway</body></html>"
PROBLEM = {"detail": "Пакет не найден."}


class Api(ThreadingHTTPServer):
    """An HTTP API with one batch: rejected rows, elders' instructions, and a broken page."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.rows = [row(number) for number in range(2, 20)]
        self.instructions = [
            *({"state": "sent", "reason": ""} for _ in range(9)),
            *({"state": "undeliverable", "reason": "Телефон не указан."} for _ in range(2)),
        ]

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, bytes]:
        if path == "/page":
            return 502, PAGE
        if path == "/page-as-success":
            return 200, PAGE
        if path == "/problem":
            return 404, json.dumps(PROBLEM).encode()
        if path == "/batches/b1/rows":
            assert query["verdict"] == ["rejected"]
            return 200, self._listing(self.rows, query)
        assert path == "/batches/b1/instructions"
        return 200, self._listing(self.instructions, query)

    def _listing(self, items: list[dict[str, Any]], query: dict[str, list[str]]) -> bytes:
        """Give ten a page, so that whoever wants all has to turn pages."""
        first = int(query.get("cursor", ["0"])[0])
        more = str(first + 10) if first + 10 < len(items) else ""
        return json.dumps({"items": items[first : first + 10], "next_cursor": more}).encode()


class _Answers(BaseHTTPRequestHandler):
    server: Api

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        status, body = self.server.answer(address.path, parse_qs(address.query))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None: ...


def row(number: int) -> dict[str, Any]:
    return {
        "number": number,
        "problems": [
            {"message": "Телефон не прочитан.", "fatal": False},
            {"message": "Нет номера дома.", "fatal": True},
        ],
    }


def stack_at(url: str) -> Stack:
    return Stack(url, url, "", "", "", "", 1, "secret", 1, "")


@pytest.fixture
def api() -> Iterator[Api]:
    with Api() as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def stack(api: Api) -> Stack:
    return stack_at(f"http://127.0.0.1:{api.server_address[1]}")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--port", "99999"], "Порт — число от 1 до 65535, а не 99999: укажите другой, PORT=…"),
        (["--port", "abc"], "Порт — число от 1 до 65535, а не abc: укажите другой, PORT=…"),
        (["--oktmo", "abc"], "ОКТМО — 2, 3, 8 или 11 цифр, а не abc"),
        (["--oktmo", "1170"], "ОКТМО — 2, 3, 8 или 11 цифр, а не 1170"),
        ([], ""),
        (["--oktmo", "118"], ""),
        (["--list", "no.csv"], "Нет такого файла: no.csv"),
    ],
)
def test_a_mistake_in_the_command_is_said_before_anything_starts(
    options: list[str], said: str
) -> None:
    given, _ = read_command(options)

    wrong = mistake(given)

    assert wrong == said


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/page", "API: ошибка 502 на GET /page."),
        ("/page-as-success", "API: непонятный ответ на GET /page-as-success."),
        ("/problem", "API: ошибка 404 на GET /problem. Пакет не найден."),
    ],
)
def test_a_failure_is_one_sentence_and_never_a_page(stack: Stack, path: str, said: str) -> None:
    with pytest.raises(ApiError) as failure:
        stack.get(path)

    assert str(failure.value) == said


def test_nobody_there_is_one_sentence() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as closed:
        port = closed.server_address[1]

    with pytest.raises(NoAnswerError) as failure:
        stack_at(f"http://127.0.0.1:{port}").sandbox("/sandbox/journal")

    assert str(failure.value) == "Песочница: нет ответа на GET /sandbox/journal."


def test_rejected_rows_are_listed_with_what_to_mend(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    show_rejected(Terminal(), stack, {"id": "b1", "rows": {"rejected": 18}})

    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]

    assert lines[0] == "Отклонено строк: 18 — исправьте их:"
    assert lines[1] == "строка 2: Нет номера дома."
    assert lines[15:17] == ["строка 16: Нет номера дома.", "… и ещё 3"]


def test_the_last_words_count_the_elders_who_were_not_reached(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    show_done(Terminal(), stack, {"id": "b1"})

    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]

    assert lines == [
        "Всё сделано: у каждого дома чат и объявление. Старшим: доставлено 9, не удалось 2.",
        "Телефон не указан. (таких: 2)",
    ]
