"""Discussions, their chats and who waits for them, in memory."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from housechats.domain.discussions import Discussion
from housechats.domain.territories import Territory
from support.fakes import FakeChats, real_time


class FakeDiscussions:
    def __init__(self, clock: Callable[[], datetime] = real_time) -> None:
        self.by_id: dict[str, Discussion] = {}
        self.put_off: dict[str, datetime] = {}
        self._clock = clock

    def add(self, discussion: Discussion) -> Discussion:
        return self.by_id.setdefault(discussion.id, discussion)

    def get(self, record_id: str) -> Discussion | None:
        return self.by_id.get(record_id)

    def save(self, record: Discussion) -> Discussion | None:
        there = self.by_id.get(record.id)
        if there is None or there.revision != record.revision:
            return None
        self.by_id[record.id] = saved = replace(record, revision=record.revision + 1)
        self.put_off.pop(record.id, None)
        return saved

    def of_house(self, house_id: str) -> list[Discussion]:
        return self._sorted(lambda one: one.house_id == house_id)[::-1]

    def of_organisation(self, inn: str) -> list[Discussion]:
        return self._sorted(lambda one: one.inn == inn and not one.state.over)

    def of_territory(self, territory: Territory, *, since: datetime) -> list[Discussion]:
        return self._sorted(lambda one: territory.covers(one.oktmo) and one.starts_at >= since)[
            ::-1
        ]

    def due(self, now: datetime, *, limit: int) -> list[str]:
        return self._due(now, lambda one: not _only_to_clean(one))[:limit]

    def to_clean(self, now: datetime, *, limit: int) -> list[str]:
        return self._due(now, _only_to_clean)[:limit]

    def postpone(self, record_id: str, *, until: datetime) -> None:
        if (there := self.by_id.get(record_id)) and there.due_at(self._clock()):
            self.put_off[record_id] = until

    def _sorted(self, fits: Callable[[Discussion], bool]) -> list[Discussion]:
        found = filter(fits, self.by_id.values())
        return sorted(found, key=lambda one: (one.starts_at, one.id))

    def _due(self, now: datetime, fits: Callable[[Discussion], bool]) -> list[str]:
        return [
            one.id
            for one in self.by_id.values()
            if fits(one) and (at := self.put_off.get(one.id) or one.due_at(now)) and at <= now
        ]


def _only_to_clean(one: Discussion) -> bool:
    return one.state.left_to_clean and not one.errands


class FakeDiscussionChats:
    """Keeps them where the fake of house chats keeps those of houses."""

    def __init__(self, chats: FakeChats) -> None:
        self.discussions: dict[tuple[int, int], str] = {}
        self._chats = chats

    def remember(self, community: int, chat_id: int, *, discussion_id: str) -> str:
        if self._chats.remember(community, chat_id, house_id=""):
            return ""
        return self.discussions.setdefault((community, chat_id), discussion_id)

    def discussion_of(self, community: int, chat_id: int) -> str | None:
        return self.discussions.get((community, chat_id))


class FakeInterested:
    def __init__(self, clock: Callable[[], datetime] = real_time) -> None:
        self.people: dict[str, dict[int, datetime]] = {}
        self._clock = clock

    def add(self, discussion_id: str, vk_id: int, *, until: datetime) -> None:
        self.people.setdefault(discussion_id, {})[vk_id] = until

    def of(self, discussion_id: str) -> list[int]:
        there = self.people.get(discussion_id, {})
        return sorted(vk_id for vk_id, until in there.items() if until > self._clock())

    def remove(self, discussion_id: str, vk_id: int) -> None:
        self.people.get(discussion_id, {}).pop(vk_id, None)


class FakeStarts:
    def __init__(self) -> None:
        self.planned: dict[str, datetime] = {}

    def plan(self, discussion_id: str, *, at: datetime, now: datetime) -> None:
        self.planned[discussion_id] = at
