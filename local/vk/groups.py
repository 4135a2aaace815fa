"""The methods that set a community up: its callback servers, its settings as a bot."""

from typing import Any

from local.vk.call import Call
from local.vk.community import Server
from local.vk.errors import VkError, bad
from local.vk.parameters import EVENTS

MOST_SERVERS = 10


def add_callback_server(call: Call) -> dict[str, int]:
    call.check_group()
    servers = call.community.servers
    if len(servers) >= MOST_SERVERS:
        raise VkError(2000)
    call.community.servers_made += 1
    server = Server(call.community.servers_made, _url(call), call.get("title"))
    server.secret_key = call.get("secret_key", "")
    servers[server.id] = server
    call.effect(f"добавлен сервер {server.id} для событий")
    call.world.callbacks.confirm(call.community, server)
    return {"server_id": server.id}


def edit_callback_server(call: Call) -> int:
    server = _server(call)
    server.url, server.title = _url(call), call.get("title")
    server.secret_key = call.get("secret_key", "")
    call.effect(f"изменён сервер {server.id} для событий")
    call.world.callbacks.confirm(call.community, server)
    return 1


def delete_callback_server(call: Call) -> int:
    server = _server(call)
    del call.community.servers[server.id]
    call.effect(f"удалён сервер {server.id} для событий")
    return 1


def get_callback_servers(call: Call) -> dict[str, Any]:
    call.check_group()
    wanted = call.get("server_ids")
    items = [
        {
            "id": server.id,
            "title": server.title,
            "creator_id": 0,
            "url": server.url,
            "secret_key": server.secret_key,
            "status": server.status,
        }
        for server in call.community.servers.values()
        if wanted is None or server.id in wanted
    ]
    return {"count": len(items), "items": items}


def set_callback_settings(call: Call) -> int:
    """Switch events on and off; those that are not named stay as they are."""
    server = _server(call)
    for event in EVENTS:
        if call.get(event) is True:
            server.events.add(event)
        elif call.get(event) is False:
            server.events.discard(event)
    call.effect(f"сервер {server.id} слышит: {', '.join(sorted(server.events))}")
    return 1


def get_callback_confirmation_code(call: Call) -> dict[str, str]:
    call.check_group()
    return {"code": call.community.confirmation_code}


def set_settings(call: Call) -> int:
    call.check_group()
    community = call.community
    community.bots = call.get("bots_capabilities", community.bots)
    community.messages = call.get("messages", community.messages)
    call.effect("изменены настройки сообщества")
    return 1


def _server(call: Call) -> Server:
    call.check_group()
    server = call.community.servers.get(call.get("server_id"))
    if server is None:
        raise VkError(104)
    return server


def _url(call: Call) -> str:
    url: str = call.get("url")
    if not url.startswith(("https://", "http://")):
        raise bad("url", "is no address")
    return url
