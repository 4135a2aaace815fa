"""An operator has VK tell the bot of a community's events (`make connect-community`)."""

import time
from dataclasses import asdict, dataclass
from functools import cache, partial
from typing import Any

from bot.connect import Desk, Line, connect
from housechats.adapters.aws import spending
from housechats.adapters.bearers import Unpaced, VkBearers
from housechats.adapters.communities import DynamoCommunities
from housechats.adapters.table import Table
from housechats.adapters.vk import VkApi
from housechats.adapters.vk_callback_servers import VkCallbackServers
from housechats.domain.errors import PausedError, RefusedError, UnavailableError
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id
from housechats.runtime.metrics import count_spent

NO_ANSWER = "ВКонтакте сейчас не отвечает. Сделанное осталось; повторите команду позже."


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    id_key: str
    public_url: str
    vk_api_url: str


@cache
def wired() -> "partial[list[Line]]":
    """Open the doors, once per container."""
    env = Settings.from_env()

    def servers_of(token: str, community: int) -> VkCallbackServers:
        # Out of the community's pace: it may be in no territory yet, and this is rare.
        return VkCallbackServers(VkApi(env.vk_api_url, lambda: token, Unpaced()), community)

    desk = Desk(
        bearers=VkBearers(env.vk_api_url),
        communities=DynamoCommunities(Table(env.table)),
        servers_of=servers_of,
        key=env.id_key,
        public_url=env.public_url,
        sleep=time.sleep,
    )
    return partial(connect, desk=desk)


@with_request_id
def handle(event: dict[str, Any], _context: Context) -> dict[str, Any]:
    """Take `{"token": "vk1.a.…"}`; answer with what was looked at, in Russian."""
    try:
        lines = wired()(str(event["token"]))
    except RefusedError as refused:
        lines = [Line(is_right=False, said=refused.message)]
    except (UnavailableError, PausedError):
        lines = [Line(is_right=False, said=NO_ANSWER)]
    logger.info("connected", extra={"missing": sum(not line.is_right for line in lines)})
    count_spent(spending.take())
    return {"lines": [asdict(line) for line in lines]}
