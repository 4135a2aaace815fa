"""VK: who is in house chats, the Headcount port."""

from collections.abc import Iterable, Mapping
from typing import Any

from housechats.adapters.vk import CHAT_PEER, CONVERSATIONS, LOOK_UPS, Call, VkApi
from housechats.domain.errors import RefusedError
from housechats.ports.chats import Lane

MEMBERS = "messages.getConversationMembers"
CONVERSATIONS_BY_ID = "messages.getConversationsById"


class VkMembers:
    """Counts a hundred chats a call and 18 calls an `execute`."""

    def __init__(self, api: VkApi) -> None:
        self._api = api

    def count(self, chat_ids: Iterable[int]) -> dict[int, int]:
        numbers = list(chat_ids)
        hundreds = [numbers[n : n + CONVERSATIONS] for n in range(0, len(numbers), CONVERSATIONS)]
        answers = self._answers([_conversations(some) for some in hundreds])
        # One chat that is lost may spoil the answer about its hundred: ask one by one.
        alone = [n for some, a in zip(hundreds, answers, strict=True) if a is None for n in some]
        answers += self._answers([_conversations([n]) for n in alone])
        return {
            item["peer"]["id"] - CHAT_PEER: max(item["chat_settings"]["members_count"] - 1, 0)
            for answer in answers
            if answer
            for item in answer["items"]
            if "members_count" in item.get("chat_settings", {})
        }

    def joined(self, people: Mapping[int, int]) -> set[int]:
        calls: list[Call] = [
            (MEMBERS, {"peer_id": CHAT_PEER + chat_id, "member_ids": vk_id})
            for chat_id, vk_id in people.items()
        ]
        return {
            chat_id
            for (chat_id, vk_id), answer in zip(people.items(), self._answers(calls), strict=True)
            if answer and any(item["member_id"] == vk_id for item in answer["items"])
        }

    def _answers(self, calls: list[Call]) -> list[dict[str, Any] | None]:
        """Return what VK answers to each call; None where it refuses."""
        answers: list[dict[str, Any] | None] = []
        for first in range(0, len(calls), LOOK_UPS):
            for answer in self._api.execute(calls[first : first + LOOK_UPS], Lane.BULK):
                if isinstance(answer, Exception) and not isinstance(answer, RefusedError):
                    raise answer
                answers.append(None if isinstance(answer, RefusedError) else answer)
        return answers


def _conversations(chat_ids: list[int]) -> Call:
    peers = ",".join(str(CHAT_PEER + n) for n in chat_ids)
    return CONVERSATIONS_BY_ID, {"peer_ids": peers}
