"""Bearers: whose a token is, as VK tells."""

import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta

from housechats.adapters.pace import STEP_BACK_MS, Probe
from housechats.adapters.vk import Call, Http, VkApi, VkError
from housechats.domain.errors import DisconnectedError, RefusedError
from housechats.ports.chats import Lane
from housechats.ports.communities import Bearer

WHO: list[Call] = [("groups.getById", {}), ("groups.getTokenPermissions", {})]
OF_NO_COMMUNITY = {5, 15, 27, 28, 1117}
"""VK's errors for a token that is not valid, is a person's or a service's."""
NOT_VALID = (
    "ВКонтакте не принимает этот ключ как ключ сообщества. Скопируйте его целиком: в сообществе "
    "«Управление» → «Дополнительно» → «Работа с API» → «Ключи доступа»."
)


class VkBearers:
    """Asks VK in one call, out of every community's pace: whose it is, is not known yet."""

    def __init__(self, url: str, http: Http | None = None) -> None:
        self._url = url
        self._http = http

    def ask(self, token: str) -> Bearer:
        api = VkApi(self._url, lambda: token, Unpaced(), self._http)
        try:
            community, rights = api.execute(WHO, Lane.INTERACTIVE)
        except (DisconnectedError, VkError) as error:
            raise _meant(error) from None
        for answer in (community, rights):
            if isinstance(answer, Exception):
                raise _meant(answer) from None
        if not community["groups"]:
            raise RefusedError("token", NOT_VALID)
        own = community["groups"][0]
        return Bearer(
            int(own["id"]),
            str(own["name"]),
            frozenset(str(right["name"]) for right in rights["permissions"]),
        )


def _meant(error: Exception) -> Exception:
    of_none = isinstance(error, VkError) and error.code in OF_NO_COMMUNITY
    if of_none or isinstance(error, DisconnectedError):
        return RefusedError("token", NOT_VALID)
    return error


class Unpaced:
    """Lets a rare call pass at once; after VK's error 6 it waits out VK's second."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep

    def wait_for_slot(
        self, _methods: Collection[str], _lane: Lane, go: Callable[[], None] | None = None
    ) -> None:
        if go:
            go()

    def step_back(self) -> None:
        self._sleep(STEP_BACK_MS / 1000)

    def lift(self, _probe: Probe) -> None: ...

    def pause(self, _method: str, *, seconds: float) -> datetime:
        return self.later(seconds)

    def later(self, seconds: float) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=seconds)
