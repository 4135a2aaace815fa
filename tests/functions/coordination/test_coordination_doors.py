"""The doors of coordination: what staff see of the chats, and the hourly look."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from coordination import api, on_hour
from housechats.adapters.coordination import DynamoCoordinationChats
from housechats.adapters.posts import DynamoPosts
from housechats.domain.coordination import CoordinationChat, Invited, new_chat
from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory
from support.aws_mock import aws, new_bucket, new_table
from support.http_event import body_of, http_event
from support.lambda_context import CONTEXT

STAFF, OF_REGION, ELSEWHERE, REPRESENTATIVE = 1, 2, 3, 4
HERE, THERE = "11701000", "11730000"
NOW = datetime.now(UTC)


@dataclass
class Door:
    kept: DynamoCoordinationChats

    def ask(self, vk_id: int, **query: str) -> tuple[int, Any]:
        event = http_event(
            "GET", "/coordination-chats", vk_id=vk_id, vk_ts=time.time(), query=query
        )
        answer = api.handle(event, CONTEXT)
        return answer["statusCode"], body_of(answer)


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    with aws():
        table = new_table("houses")
        for vk_id, role, oktmo, inn in [
            (STAFF, Role.STAFF, HERE, ""),
            (OF_REGION, Role.ADMINISTRATOR, "11", ""),
            (ELSEWHERE, Role.STAFF, "71701000", ""),
            (REPRESENTATIVE, Role.REPRESENTATIVE, HERE, "2901000017"),
        ]:
            DynamoPosts(table).give(Post(vk_id, role, Territory(oktmo), NOW, "operator", inn))
        for name, value in {
            "TABLE": "houses",
            "ID_KEY": "a key",
            "LAUNCH_HOURS": "24",
            "CHANGES_A_MINUTE": "1000",
            "VK_API_URL": "https://vk.invalid",
            "TOKENS_PREFIX": "tokens",
            "LISTS_BUCKET": new_bucket("lists"),
            "LEASE_SECONDS": "120",
        }.items():
            monkeypatch.setenv(name, value)
        for module in (api, on_hour):
            module.wired.cache_clear()
        yield Door(DynamoCoordinationChats(table))
        for module in (api, on_hour):
            module.wired.cache_clear()


def chat(oktmo: str, *, is_open: bool = True) -> CoordinationChat:
    new = new_chat(oktmo, 1, town="г. Вымышленск", community=7, now=NOW)
    link = f"https://vk.me/join/{oktmo}" if is_open else ""
    return replace(
        new, link=link, members=3, invited={5: Invited(NOW, 1, 7), 6: Invited(NOW, 0, 7)}
    )


def test_staff_see_the_chats_of_their_territory_with_their_links(door: Door) -> None:
    door.kept.add(chat(HERE))
    door.kept.add(chat(THERE, is_open=False))

    status, told = door.ask(STAFF)

    (one,) = told["items"]
    assert status == 200
    assert (one["state"], one["link"]) == ("open", f"https://vk.me/join/{HERE}")
    assert (one["members"], one["invited"], one["not_told"]) == (3, 2, 1)
    everywhere = door.ask(OF_REGION)[1]["items"]
    assert [one["state"] for one in everywhere] == ["open", "opening"]
    assert [one["oktmo"] for one in door.ask(OF_REGION, oktmo=THERE)[1]["items"]] == [THERE]


def test_nobody_else_sees_them(door: Door) -> None:
    door.kept.add(chat(HERE))

    assert door.ask(ELSEWHERE) == (200, {"items": []})
    assert door.ask(STAFF, oktmo=THERE)[0] == 422
    assert door.ask(REPRESENTATIVE)[0] == 403


@pytest.mark.usefixtures("door")
def test_where_no_community_is_connected_the_hour_passes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    on_hour.handle({}, CONTEXT)

    assert '"towns": 0' in capsys.readouterr().out
