"""Presses of callback buttons, and what the community answers to who pressed."""

import json
from typing import Any

from local.vk.call import Call
from local.vk.errors import bad
from local.vk.parameters import length

LIVES = 60
"""Seconds: the documentation has about a minute."""
SNACKBAR = 90
ANSWERS = {
    "show_snackbar": ({"text"}, set()),
    "open_link": ({"link"}, set()),
    "open_app": ({"app_id"}, {"owner_id", "hash"}),
}


def answer(call: Call) -> int:
    event_id = call.get("event_id")
    press = call.community.presses.get(event_id)
    if press is None or press.answer is not None or call.now - press.at >= LIVES:
        raise bad("event_id", "is no press that waits for an answer")
    if call.get("user_id") != press.user_id:
        raise bad("user_id", "is not who pressed")
    if call.get("peer_id") != press.peer_id:
        raise bad("peer_id", "is not where it was pressed")
    shown = call.get("event_data")
    press.answer = _read(shown) if shown else {}
    call.effect(f"на нажатие {event_id} отвечено")
    return 1


def _read(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise bad("event_data", "is not JSON") from error
    if not isinstance(data, dict) or data.get("type") not in ANSWERS:
        raise bad("event_data", "has no known type")
    needed, allowed = ANSWERS[data["type"]]
    names = set(data) - {"type"}
    if needed - names or names - needed - allowed:
        raise bad("event_data", f"takes {', '.join(sorted(needed | allowed))}")
    said = data.get("text", "-")
    if not isinstance(said, str) or not 0 < length(said) <= SNACKBAR:
        raise bad("event_data", f"text holds 1 to {SNACKBAR} characters")
    if "link" in data and not str(data["link"]).startswith(("https://", "http://")):
        raise bad("event_data", "link is not a link")
    return data
