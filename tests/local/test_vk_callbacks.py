"""VK tells a community's server of events, again and again until it says ok."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.vk.callbacks import AGAIN_AFTER, IN_A_ROW, LONGEST_REST, REST, Answer, Post
from local.vk.core import Sandbox
from local.vk.faults import Fault, Kind
from local.vk.postman import send
from local.vk.server import Door
from local.vk.switches import Switches
from support.vk_town import CHAT, COMMUNITY, FRIEND, TOKEN, Town

URL = "http://127.0.0.1:9/vk/240000001/proof"
OK = Answer(200, b"ok")
BROKEN = Answer(500, b"")


def registered(town: Town, *events: str) -> int:
    """Register a server, confirm it, and switch events on."""
    ours = {"group_id": COMMUNITY}
    code = town.call("groups.getCallbackConfirmationCode", **ours)["code"]
    added = town.call(
        "groups.addCallbackServer", **ours, url=URL, title="Домовой", secret_key="secret"
    )
    server_id: int = added["server_id"]
    switched = dict.fromkeys(events or ("message_new", "message_event"), 1)
    town.call(
        "groups.setCallbackSettings",
        **ours,
        server_id=server_id,
        api_version="5.199",
        **switched,
    )
    (confirmation,) = taken(town)
    town.vk.callbacks.came(confirmation, Answer(200, code.encode()))
    return server_id


def taken(town: Town) -> list[Post]:
    """Take all that is due now."""
    posts = []
    while post := town.vk.callbacks.take():
        posts.append(post)
    return posts


def status(town: Town) -> str:
    (server,) = town.call("groups.getCallbackServers", group_id=COMMUNITY)["items"]
    return str(server["status"])


def town_with_server(switches: Switches | None = None, *events: str) -> Town:
    town = Town(switches or Switches())
    town.chat()
    town.vk.join(town.link(), FRIEND)
    registered(town, *events)
    return town


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param("the code", "ok", id="the code"),
        pytest.param("ok", "failed", id="ok"),
        pytest.param("", "failed", id="nothing"),
    ],
)
def test_a_server_is_asked_for_the_code_first(answer: str, expected: str) -> None:
    town = Town()
    ours = {"group_id": COMMUNITY}
    code = town.call("groups.getCallbackConfirmationCode", **ours)["code"]
    town.call("groups.addCallbackServer", **ours, url=URL, title="Домовой", secret_key="s")
    before = status(town)

    (post,) = taken(town)
    town.vk.callbacks.came(post, Answer(200, (code if answer == "the code" else answer).encode()))

    assert json.loads(post.body) == {"type": "confirmation", "group_id": COMMUNITY}
    assert (before, status(town)) == ("wait", expected)


def test_the_request_for_the_code_may_carry_the_secret() -> None:
    town = Town(Switches(confirmation_secret=True))
    town.call(
        "groups.addCallbackServer", group_id=COMMUNITY, url=URL, title="Домовой", secret_key="s"
    )

    (post,) = taken(town)

    assert json.loads(post.body)["secret"] == "s"


def test_only_events_that_are_switched_on_are_told_with_the_secret() -> None:
    town = town_with_server(None, "message_new")

    town.vk.write(CHAT, FRIEND, "Когда дадут воду?")
    town.vk.deny_messages(FRIEND)

    (post,) = taken(town)
    body = json.loads(post.body)
    assert body == town.vk.events()[-2] | {"secret": "secret"}
    assert (post.url, "X-Retry-Counter" in post.headers) == (URL, False)


def test_what_the_community_writes_itself_is_a_reply_and_nothing_else() -> None:
    town = town_with_server(None, "message_new", "message_reply", "message_edit")

    town.send()
    cmid = town.vk.journal.messages(CHAT)[-1].cmid
    town.call("messages.edit", peer_id=CHAT, cmid=cmid, message="Добрый вечер")

    kinds = [json.loads(post.body)["type"] for post in taken(town)]
    assert kinds == ["message_reply", "message_edit"]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(BROKEN, id="an error"),
        pytest.param(Answer(), id="silence"),
        pytest.param(Answer(200, b"\xef\xbb\xbfok"), id="a byte order mark"),
        pytest.param(Answer(200, b"OK"), id="other words"),
        pytest.param(Answer(204, b"ok"), id="another status"),
    ],
)
def test_an_event_is_told_again_until_it_is_taken(answer: Answer) -> None:
    town = town_with_server()
    town.vk.write(CHAT, FRIEND, "Когда дадут воду?")
    pauses, counters = [], []

    for _ in range(1 + len(AGAIN_AFTER)):
        (post,) = taken(town)
        counters.append(post.headers.get("X-Retry-Counter"))
        town.vk.callbacks.came(post, answer)
        at = town.vk.callbacks.next_at()
        if at is None:
            break
        pauses.append(round(at - town.now))
        town.now = at + REST  # and after any rest

    assert counters == [None, "1", "2", "3", "4", "5"]
    assert pauses[:3] == list(AGAIN_AFTER[:3])
    assert [event["type"] for event in town.vk.callbacks.told.lost] == ["message_new"]


def test_what_was_taken_is_told_no_more() -> None:
    town = town_with_server()
    town.vk.write(CHAT, FRIEND, "Когда дадут воду?")

    (post,) = taken(town)
    town.vk.callbacks.came(post, OK)

    assert town.vk.callbacks.next_at() is None
    assert town.vk.callbacks.told.done == 1


@pytest.mark.parametrize("code", [410, 429, 503])
def test_a_server_that_asks_for_a_rest_gets_it(code: int) -> None:
    town = town_with_server()
    for text in ("Раз", "Два"):
        town.vk.write(CHAT, FRIEND, text)
    first, second = taken(town)

    town.vk.callbacks.came(first, Answer(code, b"", 600))
    town.vk.callbacks.came(second, BROKEN)
    town.now += 599
    early = taken(town)
    town.now += 2

    assert early == []
    assert len(taken(town)) == 2


def test_a_rest_of_three_hours_is_not_granted() -> None:
    town = town_with_server()
    town.vk.write(CHAT, FRIEND, "Раз")
    (post,) = taken(town)

    town.vk.callbacks.came(post, Answer(503, b"", LONGEST_REST))
    town.now += AGAIN_AFTER[0]

    assert len(taken(town)) == 1


def test_a_server_that_fails_on_and_on_is_left_alone_and_loses_nothing() -> None:
    town = town_with_server()
    for number in range(IN_A_ROW):
        town.vk.write(CHAT, FRIEND, f"Сообщение {number}")

    for post in taken(town):
        town.vk.callbacks.came(post, BROKEN)
    failed = status(town)
    town.vk.write(CHAT, FRIEND, "Ещё одно")
    meanwhile = taken(town)
    town.now += REST
    later = taken(town)
    for post in later:
        town.vk.callbacks.came(post, OK)

    assert (failed, meanwhile) == ("failed", [])
    assert len(later) == IN_A_ROW + 1
    assert status(town) == "ok"


def test_an_event_is_told_twice_late_or_out_of_order_on_demand() -> None:
    town = town_with_server()
    for kind in (Kind.EVENT_TWICE, Kind.EVENT_LATE, Kind.EVENT_OVERTAKEN):
        town.vk.add_fault(Fault(kind, "message_new", seconds=40))

    for text in ("дважды", "поздно", "после", "сразу"):
        town.vk.write(CHAT, FRIEND, text)
    at_once = [json.loads(post.body)["object"]["message"]["text"] for post in taken(town)]
    town.now += 1
    soon = [json.loads(post.body)["object"]["message"]["text"] for post in taken(town)]
    town.now += 40
    late = [json.loads(post.body)["object"]["message"]["text"] for post in taken(town)]

    assert (at_once, soon, late) == (["дважды", "дважды", "сразу"], ["после"], ["поздно"])


def test_a_fault_of_events_strikes_no_call() -> None:
    town = Town()
    town.vk.add_fault(Fault(Kind.EVENT_LATE, "*"))

    town.chat()

    assert len(town.vk.faults.waiting) == 1


def test_a_server_that_is_changed_hears_on_until_it_forgets_the_code() -> None:
    town = town_with_server()
    there = {"group_id": COMMUNITY, "server_id": 1, "url": URL, "title": "Домовой"}

    town.call("groups.editCallbackServer", **there, secret_key="another")
    town.vk.write(CHAT, FRIEND, "Меня слышно?")
    confirmation, post = taken(town)
    town.vk.callbacks.came(confirmation, BROKEN)
    town.vk.write(CHAT, FRIEND, "А теперь?")

    assert json.loads(post.body)["secret"] == "another"
    assert (status(town), taken(town)) == ("failed", [])


@settings(deadline=None)
@given(
    answers=st.lists(st.sampled_from([OK, BROKEN, Answer(503, b"", 700), Answer()]), max_size=60)
)
def test_no_event_is_forgotten_whatever_the_server_answers(answers: list[Answer]) -> None:
    town = town_with_server()
    for number in range(8):
        town.vk.write(CHAT, FRIEND, f"Сообщение {number}")
    said, told, taken_by = iter(answers), town.vk.callbacks.told, set()

    while (at := town.vk.callbacks.next_at()) is not None:
        town.now = max(town.now, at)
        for post in taken(town):
            answer = next(said, OK)
            town.vk.callbacks.came(post, answer)
            if answer is OK:
                taken_by.add(json.loads(post.body)["event_id"])

    lost = {event["event_id"] for event in told.lost}
    assert len(taken_by) == told.done
    assert len(taken_by | lost) == 8
    assert taken_by.isdisjoint(lost)


def test_servers_are_changed_deleted_and_few() -> None:
    town = town_with_server()
    ours = {"group_id": COMMUNITY}
    there: dict[str, Any] = {"url": URL, "title": "Домовой"}
    server = {**ours, "server_id": 1}

    town.call("groups.editCallbackServer", **server, **there)
    for _ in range(9):
        town.call("groups.addCallbackServer", **ours, **there)
    too_many = town.refusal("groups.addCallbackServer", **ours, **there)
    town.call("groups.deleteCallbackServer", **server)
    gone = [
        town.refusal("groups.editCallbackServer", **server, **there),
        town.refusal("groups.deleteCallbackServer", **server),
        town.refusal("groups.setCallbackSettings", **server, api_version="5.199"),
    ]

    assert (too_many, gone) == (2000, [104] * 3)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("groups.addCallbackServer", {"url": "ftp://x", "title": "x"}),
        ("groups.addCallbackServer", {"url": URL, "title": "x" * 15}),
        ("groups.addCallbackServer", {"url": URL, "title": "x", "secret_key": "s" * 51}),
        ("groups.setCallbackSettings", {"server_id": 1, "api_version": "5.130"}),
        ("groups.setCallbackSettings", {"server_id": 1, "api_version": "5.199", "message": 1}),
        ("groups.getCallbackServers", {"group_id": 5}),
    ],
)
def test_what_vk_would_not_take_is_refused(method: str, params: dict[str, object]) -> None:
    town = town_with_server()

    assert town.refusal(method, **({"group_id": COMMUNITY} | params)) == 100


def test_servers_are_managed_by_who_has_the_right() -> None:
    town = Town()
    town.vk.grant(COMMUNITY, ["messages"])
    ours = {"group_id": COMMUNITY}

    codes = {
        town.refusal("groups.getCallbackServers", **ours),
        town.refusal("groups.getCallbackConfirmationCode", **ours),
        town.refusal("groups.setSettings", **ours, bots_capabilities=1),
    }

    assert codes == {15}


def test_settings_switch_bots_and_messages() -> None:
    town = Town()
    town.chat()

    town.call("groups.setSettings", group_id=COMMUNITY, bots_capabilities=0)
    no_bots = town.refusal("messages.send", peer_id=CHAT, message="x", random_id=1)
    town.call("groups.setSettings", group_id=COMMUNITY, bots_capabilities=1, messages=0)
    no_messages = town.refusal("messages.send", peer_id=CHAT, message="x", random_id=1)
    town.call("groups.setSettings", group_id=COMMUNITY, messages=1)

    assert (no_bots, no_messages) == (912, 915)
    assert town.send()[0]["conversation_message_id"] == 2


@dataclass
class Ears:
    """A server of the community's: what it heard, and how it answers."""

    code: str
    answer: Callable[[int], tuple[int, bytes, dict[str, str]]] = lambda _: (200, b"ok", {})
    heard: list[tuple[dict[str, Any], str | None]] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)
    wanted: int = 1


@pytest.fixture
def ears() -> Iterator[tuple[Ears, str]]:
    ears = Ears(code="")

    class Visit(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            headers: dict[str, str] = {}
            if body["type"] == "confirmation":
                status, said = 200, ears.code.encode()
            else:
                ears.heard.append((body, self.headers.get("X-Retry-Counter")))
                status, said, headers = ears.answer(len(ears.heard))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)
            if len(ears.heard) >= ears.wanted:
                ears.enough.set()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - inherited
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Visit)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield ears, f"http://127.0.0.1:{server.server_port}/vk/{COMMUNITY}/proof"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://127.0.0.1:x/"])
def test_a_server_that_is_not_there_gives_no_answer(url: str) -> None:
    town = town_with_server()
    town.vk.write(CHAT, FRIEND, "Меня слышно?")
    (post,) = taken(town)

    answer = send(replace(post, url=url, patience=0.2))

    assert answer == Answer()


def test_over_http_a_server_hears_events_and_those_it_did_not_take_again(
    ears: tuple[Ears, str],
) -> None:
    ear, url = ears
    ear.wanted = 3
    answers = {1: (500, b"", {}), 2: (503, b"", {"Retry-After": "20"})}
    ear.answer = lambda number: answers.get(number, (200, b"ok", {}))
    door = Door(0, lambda _: Sandbox({COMMUNITY: TOKEN}, callback_scale=0.01))
    thread = threading.Thread(target=door.serve_forever, args=(0.01,))
    thread.start()
    vk = door.sandbox
    allowed = {"v": "5.199", "group_id": str(COMMUNITY)}

    def call(method: str, **params: object) -> Any:
        given = allowed | {name: str(value) for name, value in params.items()}
        body = vk.answer(method, given, TOKEN)
        assert body
        return body["response"]

    ear.code = call("groups.getCallbackConfirmationCode")["code"]
    server_id = call("groups.addCallbackServer", url=url, title="Домовой", secret_key="s")
    call("groups.setCallbackSettings", **server_id, api_version="5.199", message_new=1)
    for _ in range(100):
        if call("groups.getCallbackServers")["items"][0]["status"] == "ok":
            break
        ear.enough.wait(0.1)
    vk.write(FRIEND, FRIEND, "Здравствуйте")

    came = ear.enough.wait(10)
    door.shutdown()
    thread.join()
    door.server_close()

    assert came
    assert [counter for _, counter in ear.heard] == [None, "1", "2"]
    assert len({body["event_id"] for body, _ in ear.heard}) == 1
    assert ear.heard[0][0]["secret"] == "s"
