"""VK's pace cannot be exceeded, by anybody, by any trick."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.vk.core import Sandbox
from local.vk.pace import Busiest
from local.vk.switches import Cost, Switches
from support.vk_town import TOKEN, Town

PERMISSIONS = {"v": "5.199"}


def codes(vk: Sandbox, token: str, number: int) -> list[int]:
    bodies = [vk.answer("groups.getTokenPermissions", PERMISSIONS, token) for _ in range(number)]
    return [body.get("error", {}).get("error_code", 0) for body in bodies if body]


def test_the_twenty_first_call_of_a_second_is_refused() -> None:
    town = Town()

    first = codes(town.vk, TOKEN, 21)
    town.now += 0.999
    still = codes(town.vk, TOKEN, 1)

    assert first == [0] * 20 + [6]
    assert still == [6]
    assert town.vk.journal.errors(6) == 2
    assert town.vk.journal.busiest_second() == 22


def test_refused_calls_count_too_so_hammering_never_gets_through() -> None:
    town = Town()
    codes(town.vk, TOKEN, 20)

    answers = []
    for _ in range(40):
        town.now += 0.04
        answers += codes(town.vk, TOKEN, 1)

    assert set(answers) == {6}


def test_every_community_has_a_pace_of_its_own() -> None:
    vk = Sandbox({1: "one", 2: "two"}, clock=lambda: 0.0)

    assert codes(vk, "one", 20) + codes(vk, "two", 20) == [0] * 40
    assert vk.journal.busiest_second() == 20


def test_a_refused_call_has_no_effect() -> None:
    town = Town()
    codes(town.vk, TOKEN, 20)

    body = town.vk.answer("messages.createChat", PERMISSIONS | {"title": "Дом"}, TOKEN)

    assert body
    assert body["error"]["error_code"] == 6
    assert town.vk.journal.created_chats() == []


CODE = "return [" + ",".join(["API.groups.getTokenPermissions()"] * 15) + "];"


@pytest.mark.parametrize(
    ("cost", "failed"),
    [pytest.param(Cost.ONE, 0, id="counted as one"), pytest.param(Cost.INNER, 10, id="as many")],
)
def test_an_execute_costs_one_call_or_all_its_calls(cost: Cost, failed: int) -> None:
    town = Town(Switches(execute_cost=cost))

    bodies = [town.vk.answer("execute", PERMISSIONS | {"code": CODE}, TOKEN) for _ in range(2)]

    results = [result for body in bodies if body for result in body["response"]]
    assert results.count(False) == failed
    assert town.vk.journal.errors(6) == failed
    assert town.vk.journal.busiest_second() == (2 if cost is Cost.ONE else 30)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 0.2), min_size=1, max_size=120))
def test_no_sliding_second_ever_lets_more_than_twenty_through(pauses: list[float]) -> None:
    town = Town(now=0.0)
    through = Busiest()

    for pause in pauses:
        town.now += pause
        if codes(town.vk, TOKEN, 1) == [0]:
            through.add(town.now)

    assert through.most <= 20
