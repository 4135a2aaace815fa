"""`execute` does a list of calls with references to earlier results, and refuses the rest."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.vk import script
from local.vk.errors import VkError
from local.vk.switches import Switches
from support.vk_town import CHAT, STRANGER, Town

OPENING = """
var a = API.messages.editChat({"chat_id": 1, "title": "ул. Садовая, 5"});
var l = API.messages.getInviteLink({"peer_id": 2000000001});
var b = API.messages.send({"peer_ids": [2000000001], "message": "Это чат дома", "random_id": 5});
var c = API.messages.pin({"peer_id": 2000000001, "cmid": b[0].conversation_message_id});
return {"a": a, "link": l.link, "b": b, "pinned": c.text};
"""


def test_a_chat_is_opened_by_one_execute() -> None:
    town = Town()
    town.chat("ул. Садовая, 5 · ABCD1234")

    answer = town.call("execute", code=OPENING)

    assert answer["a"] == 1
    assert answer["link"].startswith("https://vk.me/join/")
    assert answer["pinned"] == "Это чат дома"
    assert [one.method for one in town.vk.journal.entries if one.inner] == [
        "messages.editChat",
        "messages.getInviteLink",
        "messages.send",
        "messages.pin",
    ]


def test_a_failed_call_gives_false_and_what_refers_to_it_gets_nothing() -> None:
    town = Town()
    code = (
        f'var b = API.messages.send({{"peer_ids": [{STRANGER}], "message": "x", "random_id": 0}});'
        f'var c = API.messages.pin({{"peer_id": {CHAT}, "cmid": b[0].conversation_message_id}});'
        "return [b, c, b[0].x];"
    )
    town.chat()

    body = town.body("execute", code=code)

    assert body["response"] == [False, False, None]
    failures = [(one["method"], one["error_code"]) for one in body["execute_errors"]]
    assert failures == [("messages.send", 100), ("messages.pin", 100)]
    assert "cmid is undefined" in body["execute_errors"][1]["error_msg"]


def test_a_failed_call_given_to_another_is_as_if_nothing_were_given() -> None:
    town = Town()
    code = "var a = API.no.such(); return API.users.get({user_ids: a});"

    body = town.body("execute", code=code)

    assert "user_ids is undefined" in body["execute_errors"][1]["error_msg"]


def test_the_list_of_failures_may_hold_execute_itself() -> None:
    town = Town(Switches(execute_lists_itself=True))

    body = town.body("execute", code='return API.messages.pin({"peer_id": 5});')

    assert [one["method"] for one in body["execute_errors"]] == ["messages.pin", "execute"]


def test_calls_may_stand_in_the_return_as_libraries_write_them() -> None:
    town = Town()

    answer = town.call(
        "execute", code='return [API.users.get({"user_ids":[5,6]}),API.users.get({user_ids:"7"})];'
    )

    assert [[one["id"] for one in users] for users in answer] == [[5, 6], [7]]


def test_twenty_five_calls_go_and_twenty_six_do_not() -> None:
    town = Town()
    call = "API.groups.getTokenPermissions()"

    most = town.call("execute", code=f"return [{','.join([call] * 25)}];")
    refused = town.refusal("execute", code=f"return [{','.join([call] * 26)}];")

    assert len(most) == 25
    assert refused == 13
    assert len(town.vk.journal.calls("groups.getTokenPermissions")) == 25


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("return 1 + 1;", id="arithmetic"),
        pytest.param('var a = "x" + "y"; return a;', id="glued strings"),
        pytest.param("if (true) { return 1; } return 2;", id="a condition"),
        pytest.param("while (1) {}; return 1;", id="a loop"),
        pytest.param("return b;", id="an unknown name"),
        pytest.param("var a = 1; var a = 2; return a;", id="a name twice"),
        pytest.param("var return = 1; return 1;", id="a reserved word"),
        pytest.param("var a = 1;", id="no return"),
        pytest.param("return 1", id="no semicolon"),
        pytest.param("return 1; return 2;", id="two returns"),
        pytest.param("return 'x';", id="single quotes"),
        pytest.param('return "\\q";', id="an escape JSON has not"),
        pytest.param("return API.users.get(5);", id="a call without an object"),
        pytest.param("return API.users;", id="half a call"),
        pytest.param("// comment\nreturn 1;", id="a comment"),
        pytest.param("return 5x;", id="a number that runs into a word"),
        pytest.param("return 007;", id="leading zeros"),
        pytest.param("return [1,];", id="a comma too many"),
        pytest.param("return " + "[" * 5000 + "]" * 5000 + ";", id="a tower of brackets"),
        pytest.param("var a = API.users.get(); return a@.id;", id="a filter of VKScript"),
    ],
)
def test_anything_else_of_vkscript_does_not_compile(code: str) -> None:
    town = Town()

    assert town.refusal("execute", code=code) == 12


def test_a_script_that_does_not_compile_does_nothing() -> None:
    town = Town()

    code = town.refusal("execute", code='API.messages.createChat({"title": "Дом"}); return 1 + 1;')

    assert code == 12
    assert town.vk.journal.created_chats() == []


def test_methods_of_people_and_nested_executes_fail_inside() -> None:
    town = Town()
    code = 'return [API.messages.addChatUser({"chat_id": 1}), API.no.such()];'

    body = town.body("execute", code=code)

    assert [one["error_code"] for one in body["execute_errors"]] == [27, 3]
    assert town.refusal("execute", code='return API.execute({"code": "return 1;"});') == 12


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def never(method: str, params: dict[str, str]) -> Any:
    raise AssertionError(f"{method} {params}")


@settings(max_examples=150, deadline=None)
@given(VALUES)
def test_whatever_json_a_script_returns_comes_back(value: Any) -> None:
    program = script.parse(f"return {json.dumps(value)};")

    assert script.run(program, never) == (value, [])


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.text(min_size=1, max_size=8),
        st.integers(-(10**9), 10**9) | st.text(max_size=20),
        max_size=5,
    )
)
def test_a_call_is_given_the_very_strings_it_was_written_with(
    arguments: dict[str, int | str],
) -> None:
    given_to: list[dict[str, str]] = []

    def remember(_: str, params: dict[str, str]) -> int:
        given_to.append(params)
        return 1

    program = script.parse(f"var a = API.users.get({json.dumps(arguments)}); return a;")

    assert script.run(program, remember) == (1, [])
    assert given_to == [{name: str(value) for name, value in arguments.items()}]


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            ["var", " a ", "=", "API", ".", "users", "get", "(", ")", ";", "return ", *'{}[],:1""']
        ),
        max_size=25,
    ).map("".join)
)
def test_any_other_text_is_either_understood_or_does_not_compile(code: str) -> None:
    try:
        program = script.parse(code)
    except VkError as error:
        assert error.code == 12  # noqa: PT017 - both ends are right
    else:
        assert "return" in code
        assert program.result is not None
