"""A community is connected by one command, which says what is missing and can be run again."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot import on_callback, on_connect
from bot.connect import ASKS, TITLE, Desk, connect
from bot.on_callback import Door
from housechats.adapters.bearers import VkBearers
from housechats.adapters.vk import VkApi
from housechats.adapters.vk_callback_servers import HEARD, VkCallbackServers
from housechats.domain.callbacks import Lane
from housechats.domain.communities import CommunityState
from local.vk.callbacks import Answer
from local.vk.community import Community
from local.vk.core import Sandbox
from local.vk.faults import Fault, Kind
from local.vk.switches import Switches, every_position
from support.clock import VirtualClock
from support.fakes import FakeCommunities, FakeQueue, new_community
from support.lambda_context import CONTEXT
from support.pace_fake import FakePace
from support.vk_http import URL, SandboxHttp

NUMBER, TOKEN, KEY = 240_000_001, "vk1.a.secret", "a key of the server"
PUBLIC_URL = "https://dom.example"


@dataclass
class Connecting:
    """The sandbox reaches the bot's door whenever the command waits for it."""

    sandbox: Sandbox
    communities: FakeCommunities
    queues: dict[Lane, FakeQueue]
    clock: VirtualClock
    reaches_us: bool = True
    waits: int = 0

    def run(self, token: str = TOKEN) -> list[tuple[bool, str]]:
        lines = on_connect.handle({"token": token}, CONTEXT)["lines"]
        return [(line["is_right"], line["said"]) for line in lines]

    @property
    def home(self) -> Community:
        return self.sandbox.communities[NUMBER]

    def carry(self) -> None:
        """Post what VK has to say to the address that it has been given."""
        while post := self.sandbox.callbacks.take():
            self.sandbox.callbacks.came(post, self._answered(post.url, post.body, post.headers))

    def wait(self, seconds: float) -> None:
        self.waits += 1
        self.clock.sleep(seconds)
        if self.reaches_us:
            self.carry()

    def _answered(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        _, _, community, proof = urlsplit(url).path.split("/")
        event = {
            "pathParameters": {"community": community, "proof": proof},
            "headers": {name.lower(): value for name, value in headers.items()},
            "body": body.decode(),
        }
        answer = on_callback.handle(event, CONTEXT)
        return Answer(answer["statusCode"], answer["body"].encode())


Begin = Callable[..., Connecting]


@pytest.fixture
def begin(monkeypatch: pytest.MonkeyPatch) -> Begin:
    def begun(switches: Switches | None = None) -> Connecting:
        clock = VirtualClock()
        sandbox = Sandbox({NUMBER: TOKEN}, clock=clock.now, switches=switches)
        communities = FakeCommunities(new_community(NUMBER))
        queues = {lane: FakeQueue() for lane in Lane}
        connecting = Connecting(sandbox, communities, queues, clock)
        http = SandboxHttp(sandbox, sleep=clock.sleep)

        def servers_of(token: str, community: int) -> VkCallbackServers:
            return VkCallbackServers(VkApi(URL, lambda: token, FakePace(clock), http), community)

        desk = Desk(
            bearers=VkBearers(URL, http),
            communities=communities,
            servers_of=servers_of,
            key=KEY,
            public_url=PUBLIC_URL,
            sleep=connecting.wait,
        )
        door = Door(KEY, queues, clock.moment)
        monkeypatch.setattr(on_callback, "wired", lambda: door)
        monkeypatch.setattr(on_connect, "wired", lambda: partial(connect, desk=desk))
        return connecting

    return begun


@pytest.mark.parametrize("switches", [pytest.param(one, id=name) for name, one in every_position()])
def test_one_command_makes_the_bot_hear_what_people_do(begin: Begin, switches: Switches) -> None:
    connecting = begin(switches)

    lines = connecting.run()
    connecting.sandbox.allow_messages(501)
    connecting.carry()

    (server,) = connecting.home.servers.values()
    assert all(is_right for is_right, _ in lines), lines
    assert (server.title, server.status) == (TITLE, "ok")
    assert server.events == set(HEARD)
    assert [body["user"] for body in connecting.queues[Lane.EVENTS].bodies] == [501]


def test_the_address_that_proves_itself_is_not_shown(begin: Begin) -> None:
    connecting = begin()

    said = "\n".join(text for _, text in connecting.run())

    (server,) = connecting.home.servers.values()
    assert f"{PUBLIC_URL}/vk/{NUMBER}/…" in said
    assert server.url not in said
    assert TOKEN not in said


def test_the_command_run_again_changes_nothing(begin: Begin) -> None:
    connecting = begin()
    connecting.run()
    (before,) = connecting.home.servers.values()
    url, waits = before.url, connecting.waits

    again = connecting.run()

    (after,) = connecting.home.servers.values()
    assert all(is_right for is_right, _ in again)
    assert (after.id, after.url, after.status) == (before.id, url, "ok")
    assert connecting.waits == waits
    assert connecting.sandbox.journal.calls("groups.editCallbackServer") == []


def test_a_server_that_somebody_has_changed_is_set_right(begin: Begin) -> None:
    connecting = begin()
    connecting.run()
    (server,) = connecting.home.servers.values()
    server.secret_key, server.status = "somebody else's", "failed"

    lines = connecting.run()

    (server,) = connecting.home.servers.values()
    assert all(is_right for is_right, _ in lines)
    assert server.status == "ok"


def test_settings_that_are_off_are_switched_on(begin: Begin) -> None:
    connecting = begin()
    connecting.home.bots = connecting.home.messages = False

    lines = connecting.run()

    assert connecting.home.bots
    assert connecting.home.messages
    assert (True, "Сообщения и возможности ботов включены.") in lines


def test_rights_that_the_token_lacks_are_named_with_where_to_get_them(begin: Begin) -> None:
    connecting = begin()
    connecting.home.rights = frozenset({"messages", "docs"})

    wrong = [said for is_right, said in connecting.run() if not is_right]

    assert len(wrong) == 2
    assert any("«Управление»" in said and "Ключи доступа" in said for said in wrong)
    assert not connecting.home.servers


def test_an_address_that_vk_cannot_reach_is_said_to_be_so(begin: Begin) -> None:
    connecting = begin()
    connecting.reaches_us = False

    wrong = [said for is_right, said in connecting.run() if not is_right]

    assert connecting.waits == ASKS
    (said,) = wrong
    assert "https" in said


@pytest.mark.parametrize(
    ("community", "word"),
    [
        pytest.param(None, "POST /communities", id="not connected"),
        pytest.param(CommunityState.DISCONNECTED, "подключите его заново", id="disconnected"),
    ],
)
def test_a_community_that_the_product_does_not_know_is_said_to_be_so(
    begin: Begin, community: CommunityState | None, word: str
) -> None:
    connecting = begin()
    if community is None:
        connecting.communities.by_id.clear()
    else:
        there = connecting.communities.by_id[NUMBER]
        connecting.communities.disconnect(there, reason="Ключ отозван.")

    (said,) = [said for is_right, said in connecting.run() if not is_right]

    assert word in said


def test_a_community_with_ten_servers_is_told_to_delete_one(begin: Begin) -> None:
    connecting = begin()
    api = VkApi(URL, lambda: TOKEN, FakePace(connecting.clock), _http(connecting))
    for number in range(10):
        VkCallbackServers(api, NUMBER).add(
            f"https://{number}.example/", title="Чужой", secret="чужой"
        )

    (said,) = [said for is_right, said in connecting.run() if not is_right]

    assert "десять серверов" in said


@pytest.mark.parametrize(
    ("token", "fault", "word"),
    [
        pytest.param("vk1.a.nobodys", None, "не принимает этот ключ", id="nobody's token"),
        pytest.param(TOKEN, Kind.LOST_CALL, "не отвечает", id="VK is silent"),
    ],
)
def test_a_token_that_tells_nothing_is_answered_with_a_sentence(
    begin: Begin, token: str, fault: Any, word: str
) -> None:
    connecting = begin()
    if fault:
        connecting.sandbox.add_fault(Fault(fault, "execute"))

    ((is_right, said),) = connecting.run(token)

    assert not is_right
    assert word in said


def _http(connecting: Connecting) -> SandboxHttp:
    return SandboxHttp(connecting.sandbox, sleep=connecting.clock.sleep)
