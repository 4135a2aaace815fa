"""The sandbox speaks VK's own schema: parameters, limits, answers, errors; departures are named."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from local.vk.core import HANDLERS
from local.vk.errors import TEXTS
from local.vk.parameters import METHODS, USER_ONLY, Parameter, Type
from local.vk.switches import (
    Absent,
    Created,
    Failure,
    Gone,
    Listed,
    Repeat,
    Switches,
    TooLate,
    UnknownName,
)
from support.vk_town import CHAT, COMMUNITY, FRIEND, STRANGER, UNWELCOME, Town

SCHEMA = Path(__file__).parents[3] / "shared" / "vk"
BASE = "https://schema.invalid/"
SECTIONS = ("messages", "docs", "photos", "users", "utils", "groups", "execute")

pytestmark = pytest.mark.skipif(not SCHEMA.is_dir(), reason="shared data is absent")

# Where the sandbox differs from the schema on purpose. Everything else must be as in the schema.
PARAMETER_DEPARTURES = {
    ("execute", "code"): "the schema lists no parameters of execute; the documentation does",
    ("messages.edit", "message"): "the same",
    ("messages.send", "message"): "4096 as documented, not 9000; a longer text is error 914",
    ("users.get", "name_case"): "the documentation writes nom, the schema Nom",
}
RESPONSE_DEPARTURES = {
    "execute": "its schema says it is not defined yet: it gives whatever the script returns",
}
ERROR_DEPARTURES = {
    ("messages.delete", 917): "the schema lists nothing about a chat; as send and edit",
    ("messages.getHistory", 917): "a chat not readable yet, seen in the field",
    ("messages.getByConversationMessageId", 927): "the schema lists no errors; as getHistory",
    ("messages.getByConversationMessageId", 917): "the same",
}
REPLY = '{"peer_id": 2000000001, "conversation_message_ids": [9], "is_reply": true}'
UNDESCRIBED = {
    "messages.setMemberRole": "in no schema, works in the field",
    "messages.changeConversationMemberRestrictions": "the same",
}
DESCRIBED = set(METHODS) - set(UNDESCRIBED)
SWITCH_DEPARTURES = {
    "a bare number is what old versions answered, the schema knows it no more": (
        Switches(created=Created.NUMBER),
        "messages.createChat",
    ),
    "the documentation says the error of a peer is a string": (
        Switches(failure=Failure.TEXT),
        "messages.send",
    ),
    "and so may that of a message which is not deleted": (
        Switches(failure=Failure.TEXT),
        "messages.delete",
    ),
    "an empty list is what resolveScreenName answered of old": (
        Switches(unknown_name=UnknownName.EMPTY),
        "utils.resolveScreenName",
    ),
}


@cache
def section(path: str) -> Any:
    return json.loads((SCHEMA / path).read_text(encoding="utf-8"))


@cache
def method(name: str) -> dict[str, Any]:
    methods = section(f"{name.partition('.')[0]}/methods.json")["methods"]
    found: dict[str, Any] = next(one for one in methods if one["name"] == name)
    return found


def standard(schema: Any) -> Any:
    """Turn VK's `required: true` inside properties into the list that JSON Schema knows."""
    if isinstance(schema, list):
        return [standard(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: standard(value) for name, value in schema.items() if name != "required"}
    properties = schema.get("properties")
    if isinstance(properties, dict):
        needed = [name for name, one in properties.items() if one.get("required") is True]
        plain["required"] = needed
    return plain


@cache
def registry() -> Registry[Any]:
    resources = [
        (
            urljoin(BASE, path.relative_to(SCHEMA).as_posix()),
            Resource.from_contents(
                standard(json.loads(path.read_text(encoding="utf-8"))),
                default_specification=DRAFT7,
            ),
        )
        for path in SCHEMA.glob("*/*.json")
    ]
    return Registry().with_resources(resources)


def resolved(schema: dict[str, Any], base: str) -> tuple[dict[str, Any], str]:
    """Follow a reference; give what it points to and the file that is in."""
    while "$ref" in schema:
        place = urljoin(base, schema["$ref"])
        base, _, pointer = place.partition("#")
        found = registry()[base].contents
        for key in pointer.strip("/").split("/"):
            found = found[key]
        schema = found
    return schema, base


def known_names(schema: dict[str, Any], base: str) -> dict[str, tuple[dict[str, Any], str]]:
    schema, base = resolved(schema, base)
    names = {name: (one, base) for name, one in schema.get("properties", {}).items()}
    for branch in [*schema.get("allOf", []), *schema.get("oneOf", [])]:
        names |= known_names(branch, base)
    return names


def strangers(value: Any, schema: dict[str, Any], base: str, path: str = "") -> Iterator[str]:
    """Find what the schema has no name for: a schema alone lets unknown properties through."""
    schema, base = resolved(schema, base)
    if isinstance(value, list):
        for item in value:
            yield from strangers(item, schema.get("items", {}), base, f"{path}[]")
    elif isinstance(value, dict):
        known = known_names(schema, base)
        for name, inner in value.items():
            if name in known:
                yield from strangers(inner, *known[name], f"{path}.{name}")
            elif known:
                yield f"{path}.{name}"


@pytest.mark.parametrize("name", sorted(DESCRIBED))
def test_a_method_is_open_to_communities_and_takes_no_more_than_vk_does(name: str) -> None:
    described = {one["name"]: one for one in method(name).get("parameters", [])}

    problems = [
        f"{parameter.name}: {problem}"
        for parameter in METHODS[name]
        if (name, parameter.name) not in PARAMETER_DEPARTURES
        for problem in _looser(parameter, described.get(parameter.name))
    ]

    assert problems == []
    assert "group" in method(name)["access_token_type"]
    needed = {one["name"] for one in described.values() if one.get("required")}
    assert needed <= {parameter.name for parameter in METHODS[name] if parameter.required}


def _looser(ours: Parameter, theirs: dict[str, Any] | None) -> Iterator[str]:
    """Name each way in which the sandbox would take what VK would not."""
    if theirs is None:
        yield "VK has no such parameter"
        return
    many = theirs["type"] == "array"
    items, _ = resolved(theirs["items"] if many else theirs, BASE + "messages/methods.json")
    listed = ours.type in {Type.INTEGERS, Type.STRINGS}
    if listed != many or not (many or ours.type.value in theirs["type"]):
        yield f"VK's type is {theirs['type']}"
    if many and ours.maximum_items > theirs.get("maxItems", ours.maximum_items):
        yield f"VK takes {theirs['maxItems']} items"
    yield from _beyond(ours, items)


def _beyond(ours: Parameter, theirs: dict[str, Any]) -> Iterator[str]:
    """Name each limit of one value that is wider than VK's."""
    if ours.minimum < theirs.get("minimum", ours.minimum):
        yield f"VK's minimum is {theirs['minimum']}"
    if ours.maximum > theirs.get("maximum", ours.maximum):
        yield f"VK's maximum is {theirs['maximum']}"
    longest = theirs.get("maxLength")
    if longest and (ours.maximum_length or longest + 1) > longest:
        yield f"VK takes {longest} characters"
    allowed = theirs.get("enum", [])
    if not set(ours.values) <= set(allowed or ours.values):
        yield f"VK takes {allowed}"
    numbers = allowed and ours.type is Type.INTEGER
    if numbers and (ours.minimum, ours.maximum) != (min(allowed), max(allowed)):
        yield f"VK takes {allowed}"


def test_what_the_sandbox_keeps_for_people_is_closed_to_communities_in_vk_too() -> None:
    absent = {"messages.denyMessagesFromGroup"} - {
        one["name"] for one in section("messages/methods.json")["methods"]
    }

    open_to_communities = [
        name for name in USER_ONLY - absent if "group" in method(name)["access_token_type"]
    ]

    # In the schema a community may ask where to upload to a wall; in the field it gets error 27.
    assert set(open_to_communities) <= {"photos.getWallUploadServer"}


def test_every_method_has_a_handler_and_every_departure_a_method() -> None:
    assert set(HANDLERS) | {"execute"} == set(METHODS)
    assert {name for name, _ in PARAMETER_DEPARTURES} | set(RESPONSE_DEPARTURES) <= set(METHODS)


def test_what_is_called_undescribed_is_described_by_no_schema() -> None:
    described = {one["name"] for one in section("messages/methods.json")["methods"]}

    assert set(UNDESCRIBED) <= set(METHODS)
    assert described.isdisjoint(UNDESCRIBED)


def test_errors_are_worded_as_vk_words_them() -> None:
    described = {
        one["code"]: one["description"] for one in section("errors.json")["errors"].values()
    }

    differing = {code: text for code, text in TEXTS.items() if described.get(code, text) != text}

    assert differing == {}
    # These are in the documentation only.
    assert set(TEXTS) - set(described) == {915, 984}


@cache
def shapes_of(name: str) -> list[dict[str, Any]]:
    return list(method(name)["responses"].values())


def fits(name: str, body: dict[str, Any]) -> list[str]:
    """Say what is wrong with an answer by the best fitting of the method's responses."""
    base = f"{BASE}{name.partition('.')[0]}/methods.json"
    complaints = []
    for shape in shapes_of(name):
        reference = {"$ref": urljoin(base, shape["$ref"])}
        checker = Draft7Validator(reference, registry=registry())
        wrong = [f"{one.json_path}: {one.message}" for one in checker.iter_errors(body)]
        unknown = [f"VK has no {path}" for path in strangers(body, reference, base)]
        complaints.append(wrong + unknown)
    return min(complaints, key=len)


def lived_in(switches: Switches | None = None) -> tuple[Town, list[tuple[str, dict[str, object]]]]:
    """Make a town with a bit of everything, and the calls that read and write it."""
    town = Town(switches or Switches())
    town.chat()
    town.vk.join(town.link(), FRIEND)
    town.vk.write(CHAT, FRIEND, "Когда дадут воду?")
    button = {"action": {"type": "callback", "label": "За", "payload": "{}"}, "color": "primary"}
    keyboard = json.dumps({"inline": True, "buttons": [[button]]})
    place = town.call("docs.getMessagesUploadServer", peer_id=FRIEND)["upload_url"]
    file = town.vk.upload(place, "poster.pdf", b"%PDF")["file"]
    doc = town.call("docs.save", file=file)["doc"]
    place = town.call("photos.getMessagesUploadServer", peer_id=FRIEND)["upload_url"]
    picture = town.vk.upload(place, "house.jpg", b"jpeg")
    document = f"doc{doc['owner_id']}_{doc['id']}"
    poll = {"message": "Опрос", "keyboard": keyboard, "payload": "{}"}
    town.call("messages.send", peer_ids=f"{CHAT},{FRIEND}", random_id=9, **poll)
    town.call("messages.send", peer_ids=FRIEND, random_id=10, attachment=document)
    town.call("messages.pin", peer_id=CHAT, cmid=4)
    place = town.call("docs.getMessagesUploadServer", peer_id=FRIEND)["upload_url"]
    another = town.vk.upload(place, "poster.pdf", b"%PDF")["file"]
    extended = {"extended": 1, "fields": "screen_name,domain,has_photo,can_write_private_message"}
    both = f"{CHAT},{FRIEND},{CHAT + 9}"
    answered = {"peer_id": CHAT, "conversation_message_ids": [3], "is_reply": True}
    reply = {"message": "В пятницу", "random_id": 11, "forward": json.dumps(answered)}
    town.vk.write(CHAT, FRIEND, "Трещина", reply_to=3, photos=1)
    press = town.vk.press(CHAT, 4, FRIEND, "За")["object"]
    pressed = {name: press[name] for name in ("event_id", "user_id", "peer_id")}
    pressed["event_data"] = json.dumps({"type": "show_snackbar", "text": "Учтено"})
    ours: dict[str, object] = {"group_id": COMMUNITY}
    server: dict[str, object] = {"url": "https://bot.invalid/vk", "title": "Домовой"}
    return town, [
        ("messages.createChat", {"title": "Дом 2"}),
        ("messages.editChat", {"chat_id": 1, "title": "Дом 1"}),
        ("messages.getInviteLink", {"peer_id": CHAT, "reset": 1}),
        ("messages.send", {"peer_id": CHAT, "message": "x", "random_id": 1}),
        (
            "messages.send",
            {"peer_ids": f"{both},{STRANGER}", "message": "x", "random_id": 2},
        ),
        ("messages.send", {"peer_ids": both, "message": "x", "random_id": 2}),
        ("messages.edit", {"peer_id": CHAT, "cmid": 4, "message": "Опрос закрыт"}),
        ("messages.send", {"peer_ids": CHAT, **reply}),
        ("messages.pin", {"peer_id": CHAT, "cmid": 4}),
        ("messages.sendMessageEventAnswer", pressed),
        ("messages.unpin", {"peer_id": CHAT}),
        ("messages.getConversationsById", {"peer_ids": f"{CHAT},{FRIEND}"}),
        ("messages.getConversationsById", {"peer_ids": both, **extended}),
        ("messages.getHistory", {"peer_id": CHAT, "count": 200}),
        ("messages.getHistory", {"user_id": FRIEND, **extended}),
        ("messages.getConversationMembers", {"peer_id": CHAT, **extended}),
        (
            "messages.getByConversationMessageId",
            {"peer_id": CHAT, "conversation_message_ids": "4,99", **extended},
        ),
        ("messages.delete", {"peer_id": CHAT, "cmids": "4,3", "delete_for_all": 1}),
        ("messages.delete", {"peer_id": CHAT, "cmids": "4,99,1", "delete_for_all": 1}),
        ("messages.getHistory", {"peer_id": CHAT}),
        ("messages.removeChatUser", {"chat_id": 1, "member_id": FRIEND}),
        ("messages.isMessagesFromGroupAllowed", {"group_id": COMMUNITY, "user_id": FRIEND}),
        ("docs.getMessagesUploadServer", {"type": "doc", "peer_id": FRIEND}),
        ("docs.save", {"file": another, "title": "Плакат"}),
        ("photos.getMessagesUploadServer", {"peer_id": FRIEND}),
        ("photos.saveMessagesPhoto", picture),
        ("users.get", {"user_ids": f"marfa_v,{STRANGER},102", "fields": extended["fields"]}),
        ("utils.resolveScreenName", {"screen_name": "marfa_v"}),
        ("utils.resolveScreenName", {"screen_name": "nobody"}),
        ("groups.getById", {"group_id": COMMUNITY, "fields": "screen_name"}),
        ("groups.getTokenPermissions", {}),
        ("groups.addCallbackServer", {**ours, **server, "secret_key": "s"}),
        ("groups.editCallbackServer", {**ours, **server, "server_id": 1}),
        (
            "groups.setCallbackSettings",
            {**ours, "server_id": 1, "api_version": "5.199", "message_new": 1},
        ),
        ("groups.getCallbackServers", ours),
        ("groups.getCallbackConfirmationCode", ours),
        ("groups.setSettings", {**ours, "messages": 1, "bots_capabilities": 1}),
        ("groups.deleteCallbackServer", {**ours, "server_id": 1}),
    ]


def checked(switches: Switches | None = None) -> tuple[dict[str, list[str]], set[str]]:
    town, calls = lived_in(switches)
    wrong, seen = {}, set()
    for name, params in calls:
        body = town.body(name, **params)
        if "error" not in body:
            seen.add(name)
            complaints = fits(name, body)
            if complaints:
                wrong[name] = complaints
    return wrong, seen


def test_every_answer_is_one_that_vk_describes_and_says_nothing_vk_does_not() -> None:
    wrong, seen = checked()

    assert wrong == {}
    assert seen == DESCRIBED - set(RESPONSE_DEPARTURES)


@pytest.mark.parametrize(
    "switches",
    [
        *(pytest.param(Switches(repeat=one), id=one.name) for one in Repeat),
        pytest.param(Switches(listed=Listed.AFTER_FIRST_MESSAGE), id="not listed at once"),
        pytest.param(Switches(absent=Absent.ERROR), id="927 for the absent"),
        pytest.param(Switches(document_for_any_peer=False), id="documents of one peer"),
        *(pytest.param(Switches(gone=one), id=f"gone: {one.name}") for one in Gone),
        pytest.param(Switches(too_late=TooLate.CALL), id="924 for the whole call"),
    ],
)
def test_answers_fit_the_schema_in_other_positions_too(switches: Switches) -> None:
    wrong, _ = checked(switches)

    assert wrong == {}


@pytest.mark.parametrize(
    ("switches", "name"), [pytest.param(*case, id=why) for why, case in SWITCH_DEPARTURES.items()]
)
def test_the_checks_notice_the_positions_that_the_schema_does_not_know(
    switches: Switches, name: str
) -> None:
    _, calls = lived_in()
    town = Town(switches)
    town.chat()

    bodies = [town.body(called, **params) for called, params in calls if called == name]

    assert any(fits(name, body) for body in bodies if "error" not in body)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        pytest.param({"mood": "fine"}, "VK has no .response.items[].mood", id="invented"),
        pytest.param({"text": 5}, "$.response.items[0].text: 5 is not", id="of another type"),
        pytest.param({"from_id": None}, "$.response.items[0].from_id: None", id="empty"),
    ],
)
def test_the_checks_notice_a_field_that_vk_has_not(change: dict[str, Any], complaint: str) -> None:
    town, _ = lived_in()
    body = town.body("messages.getHistory", peer_id=CHAT)

    body["response"]["items"][0] |= change

    assert any(one.startswith(complaint) for one in fits("messages.getHistory", body))


@pytest.mark.parametrize(
    ("name", "params", "code"),
    [
        ("messages.createChat", {"title": ""}, 100),
        ("messages.editChat", {"chat_id": 9, "title": "x"}, 925),
        ("messages.getInviteLink", {"peer_id": CHAT + 8}, 919),
        ("messages.send", {"peer_id": STRANGER, "message": "x", "random_id": 1}, 901),
        ("messages.send", {"peer_id": UNWELCOME, "message": "x", "random_id": 1}, 900),
        ("messages.send", {"peer_id": 102, "message": "x", "random_id": 1}, 18),
        ("messages.send", {"peer_id": CHAT + 8, "message": "x", "random_id": 1}, 917),
        ("messages.send", {"user_id": -5, "message": "x", "random_id": 1}, 936),
        ("messages.send", {"peer_id": CHAT, "message": "x" * 4097, "random_id": 1}, 914),
        ("messages.send", {"peer_id": CHAT, "message": "x", "random_id": 1, "keyboard": "x"}, 911),
        ("messages.edit", {"peer_id": CHAT + 8, "message": "x", "cmid": 1}, 917),
        ("messages.edit", {"peer_id": CHAT, "message": "x", "cmid": 1}, 917),
        ("messages.pin", {"peer_id": CHAT + 8, "cmid": 1}, 927),
        ("messages.unpin", {"peer_id": CHAT + 8}, 927),
        ("messages.sendMessageEventAnswer", {"event_id": "0", "user_id": 1, "peer_id": CHAT}, 100),
        ("messages.delete", {"peer_id": CHAT + 8, "cmids": 1, "delete_for_all": 1}, 917),
        ("messages.delete", {"peer_id": CHAT, "cmids": 1, "delete_for_all": 1}, 924),
        ("messages.delete", {"peer_id": CHAT, "cmids": 1, "delete_for_all": 0}, 100),
        ("messages.send", {"peer_id": CHAT, "message": "x", "random_id": 1, "forward": REPLY}, 921),
        ("messages.getConversationsById", {"peer_ids": -5}, 936),
        ("messages.getHistory", {"peer_id": CHAT + 8}, 927),
        ("messages.getHistory", {"peer_id": -5}, 936),
        ("messages.getHistory", {"peer_id": CHAT}, 917),
        ("messages.getConversationMembers", {"peer_id": CHAT + 8}, 917),
        (
            "messages.getByConversationMessageId",
            {"peer_id": CHAT + 8, "conversation_message_ids": 1},
            927,
        ),
        (
            "messages.getByConversationMessageId",
            {"peer_id": CHAT, "conversation_message_ids": 1},
            917,
        ),
        ("messages.removeChatUser", {"chat_id": 9, "member_id": 1}, 925),
        ("messages.removeChatUser", {"chat_id": 1, "member_id": 1}, 935),
        ("docs.getMessagesUploadServer", {"peer_id": STRANGER}, 901),
        ("docs.getMessagesUploadServer", {"peer_id": UNWELCOME}, 901),
        ("docs.save", {"file": "x"}, 105),
        ("photos.getMessagesUploadServer", {"peer_id": STRANGER}, 901),
        ("photos.saveMessagesPhoto", {"photo": "x", "hash": "x", "server": 1}, 118),
        ("users.get", {"user_ids": "nobody"}, 113),
        ("utils.resolveScreenName", {"screen_name": "nobody"}, 104),
        ("groups.getById", {"group_id": 5}, 100),
        ("groups.addCallbackServer", {"group_id": COMMUNITY, "url": "x", "title": "x"}, 100),
        (
            "groups.editCallbackServer",
            {"group_id": COMMUNITY, "server_id": 9, "url": "https://bot.invalid", "title": "x"},
            104,
        ),
        ("groups.deleteCallbackServer", {"group_id": COMMUNITY, "server_id": 9}, 104),
        ("execute", {"code": "return 1 + 1;"}, 12),
        ("messages.addChatUser", {"chat_id": 1}, 27),
    ],
)
def test_a_refusal_has_a_code_that_vk_lists_for_the_method(
    name: str, params: dict[str, object], code: int
) -> None:
    town = Town(Switches(listed=Listed.AFTER_FIRST_MESSAGE, too_late=TooLate.CALL))
    town.chat()
    errors = section("errors.json")["errors"]
    common = {one["code"] for one in errors.values() if one.get("global")}
    own = {errors[one["$ref"].rpartition("/")[2]]["code"] for one in method(name).get("errors", [])}

    body = town.body(name, **params)

    assert body["error"]["error_code"] == code
    assert (code in common | own) is not ((name, code) in ERROR_DEPARTURES)
    described = Draft7Validator(
        {"$ref": f"{BASE}base/objects.json#/definitions/base_error"}, registry=registry()
    )
    # `inner_type` is of VK's newer transport; documentation and libraries know no such field.
    shape = body["error"] | {"inner_type": "base_error"}
    assert list(described.iter_errors(shape)) == []
