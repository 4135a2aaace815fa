"""What the page and local scripts may do: act as a person, ask for trouble."""

from collections.abc import Callable
from typing import Any

from local.vk.core import Sandbox
from local.vk.faults import Fault, Kind


def _join(sandbox: Sandbox, given: dict[str, Any]) -> dict[str, Any]:
    chat = sandbox.join(given["link"], int(given["user_id"]))
    return {"peer_id": chat.peer_id, "title": chat.title}


def _leave(sandbox: Sandbox, given: dict[str, Any]) -> dict[str, Any]:
    peer_id, user_id = int(given["peer_id"]), int(given["user_id"])
    sandbox.leave(peer_id, user_id, community=given.get("community"))
    return {}


def _write(sandbox: Sandbox, given: dict[str, Any]) -> dict[str, Any]:
    peer_id, user_id = int(given["peer_id"]), int(given["user_id"])
    message = sandbox.write(
        peer_id,
        user_id,
        given["text"],
        reply_to=int(given.get("reply_to") or 0),
        photos=int(given.get("photos") or 0),
        community=given.get("community"),
    )
    return {"cmid": message.cmid}


def _press(sandbox: Sandbox, given: dict[str, Any]) -> dict[str, Any]:
    event = sandbox.press(
        int(given["peer_id"]),
        int(given["cmid"]),
        int(given["user_id"]),
        given["label"],
        community=given.get("community"),
    )
    # Whether anybody hears of it and may answer: the event itself says nothing of that.
    home = sandbox.communities.get(event.get("group_id", 0))
    return {**event, "heard": bool(home and home.wants(event["type"]))}


def _forge(sandbox: Sandbox, given: dict[str, Any]) -> dict[str, Any]:
    return sandbox.forge(
        int(given["peer_id"]),
        int(given["cmid"]),
        int(given["user_id"]),
        given["payload"],
        community=given.get("community"),
    )


def _allow(sandbox: Sandbox, given: dict[str, Any]) -> dict[str, Any]:
    sandbox.allow_messages(int(given["user_id"]), community=given.get("community"))
    return {}


def _deny(sandbox: Sandbox, given: dict[str, Any]) -> dict[str, Any]:
    sandbox.deny_messages(int(given["user_id"]), community=given.get("community"))
    return {}


def _trouble(sandbox: Sandbox, given: dict[str, Any]) -> dict[str, Any]:
    """Take one fault, or `{"clear": true}` to take all of them away."""
    if given.get("clear"):
        sandbox.clear_faults()
    else:
        sandbox.add_fault(Fault(**(given | {"kind": Kind(given["kind"])})))
    return {"waiting": len(sandbox.faults.waiting)}


def _replace_token(sandbox: Sandbox, given: dict[str, Any]) -> dict[str, Any]:
    sandbox.replace_token(int(given["community"]), str(given["token"]))
    return {}


def _grant(sandbox: Sandbox, given: dict[str, Any]) -> dict[str, Any]:
    sandbox.grant(int(given["community"]), given["rights"])
    return {}


def _switch_bots(sandbox: Sandbox, given: dict[str, Any]) -> dict[str, Any]:
    sandbox.switch_bots(int(given["community"]), on=bool(given["on"]))
    return {}


def _preload(sandbox: Sandbox, given: dict[str, Any]) -> dict[str, Any]:
    number = int(given["number"])
    if number < 1:
        raise ValueError("number must be 1 or more")
    made = sandbox.preload(number, community=given.get("community"))
    return {"first": made[0], "last": made[-1]}


ACTIONS: dict[str, Callable[[Sandbox, dict[str, Any]], dict[str, Any]]] = {
    "join": _join,
    "leave": _leave,
    "write": _write,
    "press": _press,
    "forge": _forge,
    "allow": _allow,
    "deny": _deny,
    "faults": _trouble,
    "token": _replace_token,
    "rights": _grant,
    "bots": _switch_bots,
    "chats": _preload,
}
