"""The API can be tried by hand on this machine, as any of its people and without the internet."""

import http.client
import json
import re
from collections.abc import Iterator
from pathlib import Path

import aws_lambda_powertools.event_handler.openapi.swagger_ui as bundled
import pytest

from authorizer.verify import verify
from local.cast import ADMINISTRATOR, CAST, STAFF
from local.front import front_door
from local.launch import launch_header
from local.swagger import BUNDLED, HERE, pages

APP, SECRET = 52_000_001, "a secret of the run"


@pytest.fixture
def door(tmp_path: Path) -> Iterator[http.client.HTTPConnection]:
    swagger = tmp_path / BUNDLED
    swagger.parent.mkdir(parents=True)
    swagger.symlink_to(Path(bundled.__file__).parent)
    people = [(one, launch_header(APP, SECRET, one.vk_id)) for one in (ADMINISTRATOR, STAFF)]
    # Nobody listens behind the door: what is answered is answered by the door itself.
    with front_door(0, 9, "api1", pages(tmp_path, lambda: people)) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        yield connection
        connection.close()


def read(door: http.client.HTTPConnection, path: str) -> tuple[http.client.HTTPResponse, bytes]:
    door.request("GET", path)
    answer = door.getresponse()
    return answer, answer.read()


def test_the_short_address_leads_to_the_page(door: http.client.HTTPConnection) -> None:
    answer, _ = read(door, "/docs")

    assert (answer.status, answer.headers["Location"]) == (302, "/docs/")


def test_all_that_the_page_asks_for_is_here(door: http.client.HTTPConnection) -> None:
    _, page = read(door, "/docs/")
    wanted = set(re.findall(r'(?:src|href)="([^"]+)"', page.decode())) - {"data:,"}
    script = (HERE / "start.js").read_text(encoding="utf-8")
    wanted |= set(re.findall(r'(?:fetch\(|url: )"([^"]+)"', script))

    found = {name: read(door, f"/docs/{name}")[0].status for name in wanted}

    assert found == dict.fromkeys(
        ["swagger-ui.css", "page.css", "swagger-ui.js", "start.js", "people.json", "openapi.json"],
        200,
    )


def test_the_page_may_load_nothing_from_elsewhere(door: http.client.HTTPConnection) -> None:
    answer, page = read(door, "/docs/")

    policy = answer.headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "http" not in policy + page.decode()
    assert "<script>" not in page.decode()


def test_requests_go_to_where_the_page_came_from(door: http.client.HTTPConnection) -> None:
    _, body = read(door, "/docs/openapi.json?1")

    document = json.loads(body)

    assert [server["url"] for server in document["servers"]] == ["/"]
    assert document["paths"]["/me"]["get"]["operationId"] == "me"


def test_each_person_comes_with_a_header_that_lets_them_in(
    door: http.client.HTTPConnection,
) -> None:
    _, body = read(door, "/docs/people.json")
    people = json.loads(body)

    launches = [verify(one["authorization"], app_id=str(APP), secret=SECRET) for one in people]

    assert [launch and launch.vk_user_id for launch in launches] == [
        str(ADMINISTRATOR.vk_id),
        str(STAFF.vk_id),
    ]


def test_the_page_authorizes_by_the_scheme_of_the_document(
    door: http.client.HTTPConnection,
) -> None:
    _, body = read(door, "/docs/openapi.json")

    schemes = json.loads(body)["components"]["securitySchemes"]

    assert [f'const SCHEME = "{name}";' for name in schemes] == re.findall(
        r"const SCHEME = .*", (HERE / "start.js").read_text(encoding="utf-8")
    )


def test_an_address_of_the_api_is_not_a_page(door: http.client.HTTPConnection) -> None:
    # Forwarded to where nobody listens.
    assert read(door, "/docs/../me")[0].status == 502


def test_everybody_who_is_tried_but_the_administrator_lives_in_the_sandbox() -> None:
    people = json.loads((HERE.parent / "people.json").read_text(encoding="utf-8"))

    known = {person["id"] for person in people}

    assert {one.vk_id for one in CAST} - known == {ADMINISTRATOR.vk_id}
