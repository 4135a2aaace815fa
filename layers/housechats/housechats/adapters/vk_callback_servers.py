"""VK: where it tells of what happens in a community, the CallbackServers port."""

from typing import Any

from housechats.adapters.vk import VERSION, VkApi, VkError
from housechats.domain.errors import RefusedError
from housechats.ports.callback_servers import CallbackServer, ServerStatus
from housechats.ports.chats import Lane

HEARD = ("message_new", "message_event", "message_allow", "message_deny")
"""Events that lead somewhere."""
UNHEARD = (
    "message_reply",
    "message_edit",
    "message_read",
    "message_typing_state",
    "message_reaction_event",
)
"""Of messages, too, and led nowhere: a person may have switched them on."""
NO_RIGHT = {7, 15, 27, 203}
TOO_MANY_SERVERS = 2000
STATUSES = {"ok": ServerStatus.WORKS, "failed": ServerStatus.FAILED}


class VkCallbackServers:
    """Sets the servers of the community whose token it is."""

    def __init__(self, api: VkApi, community: int) -> None:
        self._api = api
        self._community = community

    def code(self) -> str:
        return str(self._call("groups.getCallbackConfirmationCode")["code"])

    def all(self) -> list[CallbackServer]:
        return [
            CallbackServer(
                id=int(item["id"]),
                url=str(item["url"]),
                title=str(item["title"]),
                secret=str(item.get("secret_key") or ""),
                status=STATUSES.get(item["status"], ServerStatus.WAITS),
            )
            for item in self._call("groups.getCallbackServers")["items"]
        ]

    def add(self, url: str, *, title: str, secret: str) -> int:
        what = {"url": url, "title": title, "secret_key": secret}
        return int(self._call("groups.addCallbackServer", **what)["server_id"])

    def change(self, server_id: int, url: str, *, title: str, secret: str) -> None:
        what = {"server_id": server_id, "url": url, "title": title, "secret_key": secret}
        self._call("groups.editCallbackServer", **what)

    def listen(self, server_id: int) -> None:
        events = dict.fromkeys(HEARD, 1) | dict.fromkeys(UNHEARD, 0)
        what = {"server_id": server_id, "api_version": VERSION, **events}
        self._call("groups.setCallbackSettings", **what)

    def allow_bot(self) -> None:
        self._call("groups.setSettings", messages=1, bots_capabilities=1)

    def _call(self, method: str, **params: object) -> Any:
        try:
            return self._api.call(method, Lane.INTERACTIVE, group_id=self._community, **params)
        except VkError as error:
            if error.code in NO_RIGHT:
                raise RefusedError("rights", "ВКонтакте не даёт ключу этого права.") from error
            if error.code == TOO_MANY_SERVERS:
                raise RefusedError(
                    "too_many", "В сообществе уже десять серверов: удалите ненужный."
                ) from error
            raise
