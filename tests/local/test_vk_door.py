"""Over HTTP the sandbox speaks as VK does, and its page gets what it needs."""

import http.client
import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from local.vk.core import Sandbox
from local.vk.server import Door
from support.vk_town import CHAT, COMMUNITY, FRIEND, PEOPLE, TOKEN

ROOT = Path(__file__).parents[2]
ALLOWED = {"v": "5.199", "access_token": TOKEN}


@contextmanager
def listening(server: ThreadingHTTPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Caller:
    """Speaks to a door as clients and the page do."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.url = door.address

    def open(self, path: str, body: bytes | None = None, **headers: str) -> Any:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.url + path, body, names)  # noqa: S310 - loopback
        return urllib.request.urlopen(request, timeout=10)  # noqa: S310 - loopback

    def json(self, path: str, body: bytes | None = None, **headers: str) -> Any:
        with self.open(path, body, **headers) as answer:
            return json.load(answer)

    def call(self, method: str, **params: object) -> Any:
        return self.json(f"method/{method}", urlencode(ALLOWED | params).encode())

    def look(self, what: str, **asked: object) -> Any:
        return self.json(f"sandbox/{what}?{urlencode(asked)}")

    def act(self, what: str, **given: object) -> Any:
        return self.json(f"sandbox/{what}", json.dumps(given).encode())


def make(address: str) -> Sandbox:
    return Sandbox(
        {COMMUNITY: TOKEN}, people=PEOPLE, files_base=address, invite_base=address + "join/"
    )


@pytest.fixture
def caller() -> Iterator[Caller]:
    door = Door(0, make)
    with listening(door):
        yield Caller(door)


def multipart(**fields: tuple[str, bytes]) -> tuple[bytes, str]:
    parts = [
        b'--edge\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
        % (name.encode(), b'; filename="%s"' % file.encode() if file else b"", data)
        for name, (file, data) in fields.items()
    ]
    return b"".join(parts) + b"--edge--\r\n", "multipart/form-data; boundary=edge"


@pytest.mark.parametrize("way", ["form", "bearer", "multipart", "address"])
def test_a_chat_is_made_whichever_way_the_call_is_written(caller: Caller, way: str) -> None:
    path, form = "method/messages.createChat", {"v": "5.199", "title": "ул. Садовая, 5"}

    if way == "form":
        answer = caller.json(path, urlencode(form | {"access_token": TOKEN}).encode())
    elif way == "bearer":
        answer = caller.json(path, urlencode(form).encode(), Authorization=f"Bearer {TOKEN}")
    elif way == "multipart":
        fields = {name: ("", value.encode()) for name, value in (ALLOWED | form).items()}
        body, kind = multipart(**fields)
        answer = caller.json(path, body, Content_Type=kind)
    else:
        answer = caller.json(f"{path}?{urlencode(ALLOWED | form)}")

    assert answer == {"response": {"chat_id": 1, "peer_ids": []}}
    assert caller.look("created")[0]["title"] == "ул. Садовая, 5"


def test_a_json_body_is_not_read(caller: Caller) -> None:
    body = json.dumps(ALLOWED | {"title": "Дом"}).encode()

    answer = caller.json("method/messages.createChat", body, Content_Type="application/json")

    assert answer["error"]["error_code"] == 5
    assert caller.look("created") == []


def test_a_parameter_given_twice_is_refused(caller: Caller) -> None:
    answer = caller.json("method/messages.createChat?title=A", urlencode({"title": "B"}).encode())

    assert answer["error"]["error_code"] == 100


def test_one_connection_serves_many_calls(caller: Caller) -> None:
    line = http.client.HTTPConnection("127.0.0.1", caller.door.server_port, timeout=10)
    path = "/method/groups.getTokenPermissions?" + urlencode(ALLOWED)

    statuses = []
    for _ in range(3):
        line.request("POST", path)
        answer = line.getresponse()
        answer.read()
        statuses.append(answer.status)
    line.close()

    assert statuses == [200, 200, 200]


def test_an_uploaded_poster_opens_at_the_address_of_the_document(caller: Caller) -> None:
    poster = b"%PDF-1.7\r\n--not the edge\r\n\x00\xff\r\n"
    place = caller.call("docs.getMessagesUploadServer", peer_id=FRIEND)["response"]["upload_url"]
    body, kind = multipart(file=("плакат.pdf", poster))

    told = caller.json(place.removeprefix(caller.url), body, Content_Type=kind)
    saved = caller.call("docs.save", file=told["file"])["response"]["doc"]

    with caller.open(saved["url"].removeprefix(caller.url)) as answer:
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.read() == poster
    assert saved["title"] == "плакат.pdf"


def test_a_lost_answer_drops_the_connection_and_a_502_is_a_page(caller: Caller) -> None:
    caller.act("faults", kind="lost_answer", method="messages.createChat")
    caller.act("faults", kind="bad_gateway", method="messages.createChat")

    with pytest.raises(http.client.RemoteDisconnected):
        caller.call("messages.createChat", title="Дом")
    with pytest.raises(urllib.error.HTTPError) as refused:
        caller.call("messages.createChat", title="Дом")

    assert refused.value.code == 502
    assert b"<html>" in refused.value.read()
    assert len(caller.look("created")) == 1
    assert caller.look("journal")["unanswered"] == 2


def test_a_resident_joins_writes_presses_and_leaves_by_the_page(caller: Caller) -> None:
    caller.call("messages.createChat", title="ул. Садовая, 5")
    link = caller.call("messages.getInviteLink", peer_id=CHAT)["response"]["link"]
    action = {"type": "callback", "label": "За", "payload": "{}"}
    keyboard = json.dumps({"inline": True, "buttons": [[{"action": action}]]})
    caller.call("messages.send", peer_ids=CHAT, message="?", random_id=1, keyboard=keyboard)

    invitation = caller.look("invitation", key=link.rpartition("/")[2])
    caller.act("join", link=link, user_id=FRIEND)
    caller.act("write", peer_id=CHAT, user_id=FRIEND, text="Привет")
    pressed = caller.act("press", peer_id=CHAT, cmid=2, user_id=FRIEND, label="За")
    seen = caller.look("conversation", peer_id=CHAT, person=FRIEND)
    members = caller.look("memberships")
    caller.act("leave", peer_id=CHAT, user_id=FRIEND)

    assert (invitation["title"], invitation["members"]) == ("ул. Садовая, 5", 1)
    assert pressed["type"] == "message_event"
    assert [one["text"] for one in seen["messages"]] == ["", "?", "", "Привет"]
    assert seen["in"] is True
    assert members == [{"community": COMMUNITY, "peer_id": CHAT, "member_id": FRIEND}]
    assert caller.look("memberships") == []


def test_a_resident_replies_with_a_photo_and_sees_what_a_press_came_to(caller: Caller) -> None:
    caller.call("messages.createChat", title="ул. Садовая, 5")
    link = caller.call("messages.getInviteLink", peer_id=CHAT)["response"]["link"]
    action = {"type": "callback", "label": "За", "payload": "{}"}
    keyboard = json.dumps({"inline": True, "buttons": [[{"action": action}]]})
    caller.call("messages.send", peer_ids=CHAT, message="?", random_id=1, keyboard=keyboard)
    caller.act("join", link=link, user_id=FRIEND)
    caller.call("messages.setMemberRole", peer_id=CHAT, member_id=FRIEND, role="admin")

    caller.act("write", peer_id=CHAT, user_id=FRIEND, text="Вот", reply_to=2, photos=1)
    pressed = caller.act("press", peer_id=CHAT, cmid=2, user_id=FRIEND, label="За")
    press_id = pressed["object"]["event_id"]
    before = caller.look("answer", key=press_id)
    caller.call("messages.sendMessageEventAnswer", event_id=press_id, user_id=FRIEND, peer_id=CHAT)
    forged = caller.act("forge", peer_id=CHAT, cmid=2, user_id=FRIEND, payload='{"a": 1}')
    seen = caller.look("conversation", peer_id=CHAT, person=FRIEND)

    assert pressed["heard"] is False
    assert (before["answered"], caller.look("answer", key=press_id)["answered"]) == (False, True)
    assert forged["object"]["payload"] == {"a": 1}
    last = seen["messages"][-1]
    assert (last["reply"]["cmid"], last["attachments"][0]["kind"]) == (2, "photo")
    with caller.open(last["attachments"][0]["path"].lstrip("/")) as photo:
        assert photo.headers["Content-Type"] == "image/png"
    assert [(one["admin"], one["muted"]) for one in seen["members"]] == [
        (False, False),
        (True, False),
    ]


def test_chats_are_searched_and_paged(caller: Caller) -> None:
    sandbox = caller.door.sandbox
    for community in sandbox.communities.values():
        for number in range(130):
            community.found_chat(f"ул. Садовая, {number}", 0.0)

    first, last = caller.look("chats"), caller.look("chats", offset=120)
    found = caller.look("chats", q="САДОВАЯ, 12")
    mine = caller.look("chats", person=FRIEND, mine=1)

    assert (first["total"], len(first["items"]), len(last["items"])) == (130, 60, 10)
    assert first["items"][0]["title"] == "ул. Садовая, 129"
    assert found["total"] == 11
    assert mine["total"] == 0


def test_people_are_found_by_name_and_by_any_number(caller: Caller) -> None:
    caller.act("allow", user_id=31)
    caller.act("deny", user_id=FRIEND)

    everybody = {one["id"]: one["allows"] for one in caller.look("people")["items"]}
    by_name = caller.look("people", q="вымыс")["items"]
    by_number = caller.look("people", q="4242")["items"]

    assert everybody[31] is True
    assert everybody[FRIEND] is False
    assert [one["id"] for one in by_name] == [FRIEND]
    assert [one["id"] for one in by_number] == [4242]


@pytest.mark.parametrize(
    ("what", "given", "status"),
    [
        pytest.param("join", {"link": "x/dead", "user_id": 5}, 409, id="a dead link"),
        pytest.param("join", {"link": "x"}, 400, id="nobody joins"),
        pytest.param("join", {"link": "x", "user_id": -5}, 409, id="a dead link of a group"),
        pytest.param("allow", {"user_id": -5}, 400, id="no person's number"),
        pytest.param("faults", {"kind": "plague"}, 400, id="an unknown trouble"),
        pytest.param("dance", {}, 409, id="an unknown action"),
        pytest.param(
            "forge",
            {"peer_id": CHAT, "cmid": 1, "user_id": 5, "payload": "{"},
            400,
            id="a forged payload that is no JSON",
        ),
    ],
)
def test_what_a_person_cannot_do_is_answered_in_russian(
    caller: Caller, what: str, given: dict[str, object], status: int
) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        caller.act(what, **given)

    assert refused.value.code == status
    sentence = json.load(refused.value)["error"]
    assert any("а" <= letter <= "я" for letter in sentence)


@pytest.mark.parametrize("path", ["", "join/AJQ1d"])
def test_the_page_is_one_file_that_asks_nobody_else(caller: Caller, path: str) -> None:
    with caller.open(path) as answer:
        page = answer.read().decode()

    assert "Песочница" in page
    outside = page.replace("http://www.w3.org/2000/svg", "")
    for mark in ('src="http', "url(http", "@import", '<link rel="stylesheet', "//cdn"):
        assert mark not in outside


class SmsDesk(BaseHTTPRequestHandler):
    """Answers as the emulated AWS lists its SMS."""

    def do_GET(self) -> None:
        record = {"PhoneNumber": "+79990000000", "Message": "Чат дома открыт"}
        told = {"sms_messages": {"+79990000000": [record]}, "region": "eu-west-1"}
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - inherited
        pass


def test_the_page_shows_the_sms_of_the_emulated_aws() -> None:
    desk = ThreadingHTTPServer(("127.0.0.1", 0), SmsDesk)
    door = Door(0, make, sms_url=f"http://127.0.0.1:{desk.server_port}/")

    with listening(door):
        with listening(desk):
            told = Caller(door).look("sms")
        later = Caller(door).look("sms")

    assert told == {"items": [{"phone": "+79990000000", "text": "Чат дома открыт"}], "total": 1}
    assert later["items"] == []
    assert later["error"]


def test_the_command_says_where_it_listens_and_ends_when_asked(tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    people.write_text(json.dumps(PEOPLE), encoding="utf-8")
    command = [sys.executable, "-m", "local.vk", "--port", "0", "--people", str(people)]

    with subprocess.Popen(  # noqa: S603 - our own program
        [*command, "--community", f"{COMMUNITY}:{TOKEN}", "--chats", "300"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as started:
        assert started.stdout
        line = started.stdout.readline()
        url = line.split()[-1]
        place = f"{url}method/users.get?{urlencode(ALLOWED | {'user_ids': 'marfa_v'})}"
        with urllib.request.urlopen(place, timeout=10) as answer:  # noqa: S310 - loopback
            users = json.load(answer)["response"]
        with urllib.request.urlopen(f"{url}sandbox/chats", timeout=10) as answer:  # noqa: S310 - loopback
            chats = json.load(answer)["total"]
        started.terminate()
        code = started.wait(timeout=10)

    assert line.startswith("VK sandbox: http://127.0.0.1:")
    assert [one["id"] for one in users] == [FRIEND]
    assert chats == 300
    assert code == 0
