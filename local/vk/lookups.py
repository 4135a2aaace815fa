"""The methods that say who somebody is: people, screen names, the community itself."""

import re
from typing import Any

from local.vk import shapes
from local.vk.call import Call
from local.vk.community import RIGHTS
from local.vk.errors import VkError, bad
from local.vk.switches import UnknownName


def get_users(call: Call) -> list[dict[str, Any]]:
    people = call.world.people
    ids = [people.resolve(name) for name in call.get("user_ids")]
    found = list(dict.fromkeys(user_id for user_id in ids if user_id))
    if not found:
        raise VkError(113)
    return [shapes.of_person(people.get(user_id), call.get("fields", [])) for user_id in found]


def resolve_screen_name(call: Call) -> Any:
    name = call.get("screen_name")
    if re.fullmatch(f"(club|public){call.community.id}", name):
        return {"type": "group", "object_id": call.community.id, "group_id": call.community.id}
    user_id = None if name.isdigit() else call.world.people.resolve(name)
    if user_id:
        return {"type": "user", "object_id": user_id}
    if call.world.switches.unknown_name is UnknownName.EMPTY:
        return []
    raise VkError(104)


def get_groups(call: Call) -> dict[str, Any]:
    own = {str(call.community.id), f"club{call.community.id}"}
    asked = [call.get("group_id")] if "group_id" in call.given else call.get("group_ids", [])
    for name in asked:
        if name not in own:
            raise bad("group_ids", f"{name} is not the community of this token")
    return {"groups": [shapes.of_group(call.community)], "profiles": []}


def get_token_permissions(call: Call) -> dict[str, Any]:
    held = {name: bit for name, bit in RIGHTS.items() if name in call.community.rights}
    return {
        "mask": sum(held.values()),
        "permissions": [{"name": name, "setting": bit} for name, bit in held.items()],
    }
