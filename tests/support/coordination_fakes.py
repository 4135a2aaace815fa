"""Coordination chats in memory."""

from dataclasses import replace

from housechats.domain.coordination import CoordinationChat
from housechats.domain.territories import region_of


class FakeCoordinationChats:
    def __init__(self) -> None:
        self.kept: dict[str, CoordinationChat] = {}
        self.owners: dict[tuple[int, int], str] = {}

    def add(self, chat: CoordinationChat) -> CoordinationChat:
        return self.kept.setdefault(chat.id, replace(chat, revision=1))

    def get(self, record_id: str) -> CoordinationChat | None:
        return self.kept.get(record_id)

    def save(self, record: CoordinationChat) -> CoordinationChat | None:
        there = self.kept.get(record.id)
        if there is None or there.revision != record.revision:
            return None
        saved = self.kept[record.id] = replace(record, revision=record.revision + 1)
        return saved

    def of_region(self, region: str) -> list[CoordinationChat]:
        found = [one for one in self.kept.values() if region_of(one.oktmo) == region]
        return sorted(found, key=lambda one: (one.oktmo, one.number))

    def remember(self, community: int, chat_id: int, *, coordination_id: str) -> str:
        return self.owners.setdefault((community, chat_id), coordination_id)

    def coordination_of(self, community: int, chat_id: int) -> str | None:
        return self.owners.get((community, chat_id))
