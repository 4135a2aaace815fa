"""Keyboards: the limits of buttons, labels and payloads (error 911)."""

import json
from typing import Any

from local.vk.errors import VkError
from local.vk.parameters import length

LABEL = 40
PAYLOAD = 255
IN_A_ROW = 5
INLINE_ROWS, INLINE_BUTTONS = 6, 10
STANDARD_ROWS, STANDARD_BUTTONS = 10, 40
COLOURS = {"primary", "secondary", "negative", "positive"}
COLOURED = {"text", "callback"}
WHOLE_ROW = {"location", "vkpay", "open_app"}
# type: (needed, allowed besides)
ACTIONS: dict[str, tuple[set[str], set[str]]] = {
    "text": ({"label"}, {"payload"}),
    "callback": ({"label", "payload"}, set()),
    "open_link": ({"label", "link"}, {"payload"}),
    "open_app": ({"label", "app_id"}, {"owner_id", "hash", "payload"}),
    "location": (set(), {"payload"}),
    "vkpay": ({"hash"}, {"payload"}),
    "open_photo": (set(), {"payload"}),
}


def wrong(why: str) -> VkError:
    return VkError(911, why)


def read(text: str) -> dict[str, Any]:
    """Parse and check a keyboard."""
    keyboard = _loaded(text)
    unknown = set(keyboard) - {"one_time", "inline", "buttons"}
    if unknown:
        raise wrong(f"unknown key {sorted(unknown)[0]}")
    for flag in ("one_time", "inline"):
        if not isinstance(keyboard.get(flag, False), bool):
            raise wrong(f"{flag} is not a boolean")
    if keyboard.get("one_time") and keyboard.get("inline"):
        raise wrong("an inline keyboard cannot be one_time")
    _check_rows(keyboard.get("buttons"), inline=keyboard.get("inline", False))
    return keyboard


def _loaded(text: str) -> dict[str, Any]:
    try:
        keyboard = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise wrong("it is not JSON") from error
    if not isinstance(keyboard, dict):
        raise wrong("it is not an object")
    return keyboard


def _check_rows(rows: object, *, inline: bool) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise wrong("buttons is not a list of rows")
    most_rows, most_buttons = (
        (INLINE_ROWS, INLINE_BUTTONS) if inline else (STANDARD_ROWS, STANDARD_BUTTONS)
    )
    if len(rows) > most_rows:
        raise wrong(f"more than {most_rows} rows")
    if sum(len(row) for row in rows) > most_buttons:
        raise wrong(f"more than {most_buttons} buttons")
    for row in rows:
        if not 0 < len(row) <= IN_A_ROW:
            raise wrong(f"a row holds 1 to {IN_A_ROW} buttons")
        for button in row:
            _check_button(button, alone=len(row) == 1)


def _check_button(button: object, *, alone: bool) -> None:
    if not isinstance(button, dict) or set(button) - {"action", "color"}:
        raise wrong("a button holds an action and a color")
    action = button.get("action")
    if not isinstance(action, dict) or action.get("type") not in ACTIONS:
        raise wrong("a button's action has no known type")
    kind = action["type"]
    needed, allowed = ACTIONS[kind]
    names = set(action) - {"type"}
    if needed - names or names - needed - allowed:
        raise wrong(f"{kind} takes {', '.join(sorted(needed | allowed))}")
    if "color" in button and (kind not in COLOURED or button["color"] not in COLOURS):
        raise wrong(f"{button['color']} is no color of a {kind} button")
    if kind in WHOLE_ROW and not alone:
        raise wrong(f"{kind} takes a whole row")
    _check_texts(action)


def _check_texts(action: dict[str, Any]) -> None:
    label = action.get("label", "-")
    if not isinstance(label, str) or not 0 < length(label) <= LABEL:
        raise wrong(f"a label holds 1 to {LABEL} characters")
    payload = action.get("payload", "{}")
    if not isinstance(payload, str) or length(payload) > PAYLOAD:
        raise wrong(f"a payload is a string of at most {PAYLOAD} characters")
    try:
        json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise wrong("a payload is a string of JSON") from error
    if "link" in action and not str(action["link"]).startswith(("https://", "http://")):
        raise wrong("link is not a link")
