"""VK's callbacks come in by one door, which believes nothing unsigned and never works itself."""

import base64
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import on_callback
from bot.on_callback import LARGEST_BODY, Door
from housechats.domain.callbacks import Lane, proof_of, secret_of
from housechats.domain.errors import UnavailableError
from support.fakes import FakeQueue, real_time
from support.lambda_context import CONTEXT

KEY = "a key of the server"
CODE = "c0dec0de"
CHAT = 2_000_000_005
PRESSED = {
    "type": "message_event",
    "event_id": "e-1",
    "v": "5.199",
    "group_id": 7,
    "secret": secret_of(KEY, 7),
    "object": {
        "user_id": 501,
        "peer_id": CHAT,
        "event_id": "a-press",
        "payload": {"r": "questions", "c": "vote", "t": "q-1", "v": "yes"},
        "conversation_message_id": 40,
    },
}
ALLOWED = PRESSED | {"type": "message_allow", "object": {"user_id": 501, "key": ""}}

Post = Callable[..., dict[str, Any]]


class BrokenQueue(FakeQueue):
    def send(self, *_: Any, **__: Any) -> None:
        raise UnavailableError("SQS is busy")


@pytest.fixture
def queues(monkeypatch: pytest.MonkeyPatch) -> dict[Lane, FakeQueue]:
    made = {lane: FakeQueue() for lane in Lane}
    door = Door(KEY, made, real_time)
    monkeypatch.setattr(on_callback, "wired", lambda: door)
    return made


def post(
    body: object,
    *,
    community: str = "7",
    proof: str = proof_of(KEY, 7, CODE),
    retry: str | None = None,
    packed: bool = False,
) -> dict[str, Any]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    text = base64.b64encode(raw).decode() if packed else raw.decode("utf-8", "surrogateescape")
    headers = {"content-type": "application/json"}
    return on_callback.handle(
        {
            "pathParameters": {"community": community, "proof": proof},
            "headers": headers | ({"x-retry-counter": retry} if retry else {}),
            "body": text,
            "isBase64Encoded": packed,
        },
        CONTEXT,
    )


def sent(queues: dict[Lane, FakeQueue]) -> dict[str, list[dict[str, Any]]]:
    return {str(lane): queue.bodies for lane, queue in queues.items() if queue.bodies}


def test_a_press_is_answered_ok_and_lies_in_the_queue_of_its_room(
    queues: dict[Lane, FakeQueue],
) -> None:
    answer = post(PRESSED)

    assert (answer["statusCode"], answer["body"]) == (200, "ok")
    assert set(sent(queues)) == {"questions"}
    assert sent(queues)["questions"][0]["press_id"] == "a-press"


def test_a_body_in_base64_is_read_too(queues: dict[Lane, FakeQueue]) -> None:
    answer = post(PRESSED, packed=True)

    assert answer["body"] == "ok"
    assert set(sent(queues)) == {"questions"}


def test_vk_is_told_the_code_that_the_address_proves(queues: dict[Lane, FakeQueue]) -> None:
    answer = post({"type": "confirmation", "group_id": 7})

    assert (answer["statusCode"], answer["body"]) == (200, CODE)
    assert sent(queues) == {}


def test_what_is_nobodys_business_is_answered_ok_too(queues: dict[Lane, FakeQueue]) -> None:
    answer = post(PRESSED | {"type": "wall_post_new"})

    assert (answer["statusCode"], answer["body"]) == (200, "ok")
    assert sent(queues) == {}


def test_a_repeat_is_dated_back(queues: dict[Lane, FakeQueue]) -> None:
    post(ALLOWED)
    post(ALLOWED, retry="2")

    first, repeat = queues[Lane.EVENTS].bodies

    assert 189_000 < int(first["at"]) - int(repeat["at"]) < 191_000
    assert first["event"] == repeat["event"]


def test_vk_is_asked_to_come_again_when_no_queue_takes_it(queues: dict[Lane, FakeQueue]) -> None:
    queues[Lane.EVENTS] = BrokenQueue()

    answer = post(ALLOWED)

    assert answer["statusCode"] == 503
    assert 0 < int(answer["headers"]["retry-after"]) < 3 * 3600


@pytest.mark.parametrize(
    ("body", "where", "status"),
    [
        pytest.param(PRESSED | {"secret": "guess"}, {}, 403, id="a guessed secret"),
        pytest.param(PRESSED | {"secret": None}, {}, 403, id="no secret"),
        pytest.param(
            PRESSED | {"secret": secret_of(KEY, 8)}, {}, 403, id="another community's secret"
        ),
        pytest.param(PRESSED | {"group_id": 8}, {}, 403, id="of another community"),
        pytest.param(PRESSED, {"community": "8"}, 403, id="at another community's address"),
        pytest.param(PRESSED, {"community": "٧"}, 403, id="at no number"),
        pytest.param(
            PRESSED, {"proof": f"{CODE}.0123456789abcdef"}, 403, id="at a guessed address"
        ),
        pytest.param({"type": "confirmation", "group_id": 8}, {}, 403, id="another's confirmation"),
        pytest.param(b"{", {}, 400, id="half of it"),
        pytest.param(b"[]", {}, 400, id="no object"),
        pytest.param(b"[" * 30_000, {}, 400, id="lists within lists"),
        pytest.param(b'{"group_id":' + b"7" * 5_000 + b"}", {}, 400, id="an endless number"),
        pytest.param(b"", {}, 400, id="nothing"),
        pytest.param(b" " * (LARGEST_BODY + 1), {}, 413, id="too much"),
    ],
)
def test_junk_is_turned_away_and_costs_no_queue(
    queues: dict[Lane, FakeQueue], body: object, where: dict[str, str], status: int
) -> None:
    answer = post(body, **where)  # type: ignore[arg-type]

    assert answer["statusCode"] == status
    assert answer["body"] == ""
    assert sent(queues) == {}


def test_what_is_no_base64_is_turned_away(queues: dict[Lane, FakeQueue]) -> None:
    event = {
        "pathParameters": {"community": "7", "proof": proof_of(KEY, 7, CODE)},
        "body": "это не оно",
        "isBase64Encoded": True,
    }

    assert on_callback.handle(event, CONTEXT)["statusCode"] == 400
    assert sent(queues) == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
BODIES = (
    st.binary(max_size=200)
    | JSON.map(lambda value: json.dumps(value).encode())
    | st.fixed_dictionaries(
        {"type": st.sampled_from(["message_new", "message_event", "confirmation"]) | JSON},
        optional={"group_id": st.just(7) | JSON, "secret": JSON, "object": JSON, "event_id": JSON},
    ).map(lambda value: json.dumps(value).encode())
)


@settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=BODIES, packed=st.booleans())
def test_whatever_is_sent_does_not_come_in_unsigned(
    queues: dict[Lane, FakeQueue], body: bytes, *, packed: bool
) -> None:
    answer = post(body, packed=packed)

    assert answer["statusCode"] in {200, 400, 403, 413}
    assert answer["body"] in {"", CODE}
    assert sent(queues) == {}


def test_of_ten_thousand_spoiled_bodies_each_is_answered_and_only_signed_ones_go_on(
    queues: dict[Lane, FakeQueue],
) -> None:
    dice = random.Random(6)
    right = json.dumps(PRESSED).encode()
    signed = 0

    for _ in range(10_000):
        body = bytearray(right)
        for _ in range(dice.randrange(1, 4)):
            at = dice.randrange(len(body))
            body[at : at + dice.randrange(3)] = dice.randbytes(dice.randrange(3))
        answer = post(bytes(body), packed=True)
        signed += answer["body"] == "ok"
        assert answer["statusCode"] in {200, 400, 403}

    assert 0 < signed < 10_000
    assert sum(len(queue.bodies) for queue in queues.values()) <= signed


@settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(thing=JSON, kind=JSON, event_id=JSON)
@pytest.mark.usefixtures("queues")
def test_whatever_vk_itself_tells_is_answered(
    thing: object, kind: object, event_id: object
) -> None:
    told = {"type": kind, "event_id": event_id, "object": thing}

    answer = post(PRESSED | told)

    assert (answer["statusCode"], answer["body"]) == (200, "ok")
