"""Use case: have a municipality's coordination chats hold those who have a duty there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby

from coordination.desk import Desk
from coordination.duties import OF_MUNICIPALITY, elders_of, staff_of, without_duty
from coordination.open_chat import open_chat
from coordination.tell import tell
from housechats.domain.communities import AWAITS_PERSON, chosen
from housechats.domain.coordination import (
    CoordinationChat,
    inviting,
    looked_at,
    may_invite_at,
    new_chat,
    not_removed,
    room_in,
    to_tell_again,
    without_those,
)
from housechats.domain.errors import (
    DisconnectedError,
    HouseChatsError,
    RefusedError,
    UnforeseenError,
)
from housechats.domain.houses import HouseLine
from housechats.domain.territories import Territory, region_of
from housechats.ports.talks import Talk

REMOVED_AT_ONCE = 25
"""People in one call."""
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality: its houses, and the coordination chats that it has."""

    oktmo: str
    lines: tuple[HouseLine, ...]
    chats: tuple[CoordinationChat, ...]

    @property
    def looked_at(self) -> datetime:
        return min((chat.looked_at or NEVER for chat in self.chats), default=NEVER)


@dataclass(frozen=True, slots=True)
class Look:
    """What came of looking after one municipality."""

    oktmo: str
    chats: int = 0
    trouble: Exception | None = None
    """Why it is left to the next hour."""


def keep_members(*, desk: Desk, has_time: Callable[[], bool]) -> Iterator[Look]:
    """Look after all municipalities, the one that was left longest first.

    One of them takes no other with it; whom no time is left for, the next hour begins with.
    """
    regions = sorted({region_of(one.oktmo) for one in desk.communities.everywhere()})
    towns = [town for region in regions for town in _towns(region, desk)]
    for town in sorted(towns, key=lambda town: town.looked_at):
        if not has_time():
            return
        try:
            yield Look(town.oktmo, _look_after(town, desk, has_time))
        except (HouseChatsError, UnforeseenError) as error:
            yield Look(town.oktmo, trouble=error)


def _towns(region: str, desk: Desk) -> Iterator[Town]:
    chats = {
        oktmo: tuple(some)
        for oktmo, some in groupby(desk.coordination.of_region(region), key=lambda one: one.oktmo)
    }
    # They are in the order of their codes.
    lines = {
        oktmo: tuple(some)
        for oktmo, some in groupby(
            desk.catalogue.lines(Territory(region)), key=lambda line: line.oktmo[:OF_MUNICIPALITY]
        )
    }
    for oktmo in sorted(chats.keys() | lines.keys()):
        yield Town(oktmo, lines.get(oktmo, ()), chats.get(oktmo, ()))


def _look_after(town: Town, desk: Desk, has_time: Callable[[], bool]) -> int:
    """Open what is to be open, send away who has no duty any more, invite who has one."""
    elders = elders_of(town.lines, desk)
    if not (town.chats or elders):
        return 0
    people = dict.fromkeys(staff_of(town.oktmo, desk), 0) | elders
    chats = [*town.chats] or [_begun(town, 1, desk)]
    members: dict[str, set[int]] = {}
    for place, chat in enumerate(chats):
        chats[place] = chat if chat.is_open else open_chat(chat, desk=desk)
        if chats[place].is_open:
            chats[place], members[chat.id] = _followed(chats[place], people, desk)
    left = _invited([chat for chat in chats if chat.is_open], people, members, desk)
    if left and all(chat.is_open for chat in chats):
        following = _begun(town, chats[-1].number + 1, desk)
        chats.append(open_chat(following, desk=desk))
    if may_invite_at(desk.clock(), town.oktmo):
        for chat in chats:
            tell(chat.id, desk=desk, has_time=has_time)
    return len(chats)


def _begun(town: Town, number: int, desk: Desk) -> CoordinationChat:
    """Keep a chat that is to be made, by a community that takes new ones."""
    found = desk.communities.of_region(region_of(town.oktmo))
    name = f"{town.oktmo}-{number}"
    community = chosen(found, name, town.oktmo)
    if community is None:
        raise RefusedError("no_community", AWAITS_PERSON)
    return desk.coordination.add(
        new_chat(
            town.oktmo,
            number,
            town=desk.towns.get(town.oktmo),
            community=community.id,
            now=desk.clock(),
        )
    )


def _followed(
    chat: CoordinationChat, people: dict[int, int], desk: Desk
) -> tuple[CoordinationChat, set[int]]:
    """Send away who has no duty any more, and return the chat, and who is there then."""
    community = desk.communities.get(chat.community)
    if community is None or not community.works:
        return _noted(replace(chat, reason=AWAITS_PERSON), chat, desk), {*chat.invited}
    talk = desk.talk_of(community)
    try:
        members = set(talk.members(chat.chat_id))
    except RefusedError as refused:
        return _noted(replace(chat, reason=refused.message), chat, desk), {*chat.invited}
    except DisconnectedError as gone:
        desk.communities.disconnect(community, reason=gone.message)
        raise
    known = {*members, *chat.invited, *chat.leaving}
    strange = without_duty(known - people.keys(), chat.oktmo, desk)
    after = looked_at(chat, members, known - strange, now=desk.clock())
    saved = desk.coordination.save(after)
    if saved is None:  # somebody else looks after it
        return chat, members
    if saved.leaving:
        saved = _left(saved, talk, desk)
    return saved, members - set(after.leaving)


def _left(chat: CoordinationChat, talk: Talk, desk: Desk) -> CoordinationChat:
    """Remove who is to leave, then have another link: the one so far they know.

    Done again from the start by whoever finds them noted still. Where VK lets nobody of them be
    removed, the link stays: a new one would keep out only those who are invited.
    """
    refused = False
    for first in range(0, len(chat.leaving), REMOVED_AT_ONCE):
        try:
            talk.remove(chat.chat_id, chat.leaving[first : first + REMOVED_AT_ONCE])
        except RefusedError:
            refused = True
    after = chat
    if refused:
        still_there = {*chat.leaving} & {*talk.members(chat.chat_id)}
        after = not_removed(chat, still_there, now=desk.clock())
    if after.leaving:
        after = without_those(after, link=talk.revoke_link(chat.chat_id))
    return _noted(after, chat, desk)


def _noted(after: CoordinationChat, before: CoordinationChat, desk: Desk) -> CoordinationChat:
    return before if after == before else desk.coordination.save(after) or before


def _invited(
    chats: list[CoordinationChat],
    people: dict[int, int],
    members: dict[str, set[int]],
    desk: Desk,
) -> bool:
    """Have those invited who are in none of the chats; tell whether some have no room."""
    known = {vk_id for chat in chats for vk_id in {*chat.invited, *members[chat.id]}}
    waiting = {vk_id: of for vk_id, of in sorted(people.items()) if vk_id not in known}
    now = desk.clock()
    for chat in chats:
        room = room_in(chat, members[chat.id])
        some = dict([*waiting.items()][:room])
        waiting = {vk_id: of for vk_id, of in waiting.items() if vk_id not in some}
        asked = some | to_tell_again(chat, members[chat.id], now=now)
        if asked:
            by = {vk_id: of or chat.community for vk_id, of in asked.items()}
            _noted(inviting(chat, by, now=now), chat, desk)
    return bool(waiting)
