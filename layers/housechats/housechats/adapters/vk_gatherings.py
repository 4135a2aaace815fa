"""VK: who has written in a discussion's chat lately, the Gathering port."""

from datetime import UTC, datetime

from housechats.adapters.vk import CHAT_PEER, HISTORY, VkApi
from housechats.ports.chats import Lane
from housechats.ports.discussions import Talkers


class VkGatherings:
    """Looks at the latest messages in one call; of each only who wrote it, and when, is kept."""

    def __init__(self, api: VkApi) -> None:
        self._api = api

    def heard(self, chat_id: int, *, since: datetime) -> Talkers:
        told = self._api.call(
            "messages.getHistory", Lane.INTERACTIVE, peer_id=CHAT_PEER + chat_id, count=HISTORY
        )
        oldest = since.timestamp()
        recent = [one for one in told["items"] if one["date"] >= oldest]
        # What has an action is VK's own note: who came, who left.
        people = [one for one in recent if one["from_id"] > 0 and not one.get("action")]
        last = max((one["date"] for one in people), default=0)
        return Talkers(
            people=frozenset(one["from_id"] for one in people),
            last_at=datetime.fromtimestamp(last, UTC) if last else None,
            whole=len(recent) < HISTORY,
        )
