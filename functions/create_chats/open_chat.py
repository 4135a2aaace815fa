"""Use case: open the chat of one house, once, whatever is killed on the way."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from create_chats.hand_on import hand_on
from housechats.domain.chats import welcome
from housechats.domain.communities import AWAITS_PERSON, LOOKS_AGAIN, Community
from housechats.domain.errors import (
    DisconnectedError,
    PausedError,
    RefusedError,
    UnavailableError,
)
from housechats.domain.houses import (
    LEASE_SEARCHES,
    ChatState,
    House,
)
from housechats.domain.random_ids import RANDOM_ID_REMEMBERED, welcome_random_id
from housechats.ports.chats import ChatMaker, Chats
from housechats.ports.communities import Communities
from housechats.ports.houses import Houses
from housechats.ports.people import Elders
from housechats.ports.queues import Queue

BEYOND_HIGHEST = 100
"""How far above the highest known chat number a lost chat is looked for."""
SEARCH_AGAIN = timedelta(minutes=2)
"""Another worker's newborn chat looks like a lost one until that worker has noted it."""


class Outcome(StrEnum):
    """What came of a try to open a chat."""

    OPENED = "opened"
    REPEATED = "repeated"
    WAITS = "waits"
    DISCONNECTED = "disconnected"
    """It waits for a person to connect its community anew: an alarm rings on this word."""
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    NO_HOUSE = "no_house"


@dataclass(frozen=True, slots=True)
class Desk:
    """What opening a chat works with."""

    houses: Houses
    chats: Chats
    elders: Elders
    communities: Communities
    messenger_of: Callable[[Community], ChatMaker]
    posters: Queue
    instructions: Queue
    lease: timedelta
    """Longer than a worker may live: a dead lease means a dead worker."""


class AmbiguousError(Exception):
    """A chat exists that cannot be seen: it may be the lost one."""


def open_chat(house_id: str, *, desk: Desk, now: datetime) -> Outcome:
    """Take a house from planned to open, from wherever an earlier try has left it.

    UnavailableError while another worker has the lease, or when VK cannot be asked now.
    """
    claim = desk.houses.claim_opening(house_id, now=now, lease_until=now + desk.lease)
    if claim is None:
        return Outcome.NO_HOUSE
    house = claim.house
    if house.state.settled:
        hand_on(house, posters=desk.posters, instructions=desk.instructions)
        return Outcome.REPEATED
    if house.state == ChatState.OPENING and not claim.ours:
        # Its worker may be dead, and this the one message that is left: it must come again.
        raise UnavailableError("another worker opens this chat")
    community = desk.communities.get(house.community)
    if community is None or not community.works:
        return _await_person(house, desk, now)
    return _open(house, community, desk, now)


def _open(house: House, community: Community, desk: Desk, now: datetime) -> Outcome:
    """Open a chat that nobody else is opening, as far as VK lets us."""
    messenger = desk.messenger_of(community)
    try:
        if house.state == ChatState.OPENING:
            house = _look_for(house, messenger, desk, now)
        if house.state == ChatState.PLANNED:
            house = _note(house, messenger.create_chat(house.title_with_code), desk, now)
        house = _settle(house, messenger, desk, now)
    except AmbiguousError:
        return _look_again_later(house, desk, now)
    except DisconnectedError as disconnected:
        desk.communities.disconnect(community, reason=disconnected.message)
        return _await_person(house, desk, now)
    except PausedError as paused:
        desk.houses.wait(house, until=paused.until, reason=paused.why)
        return Outcome.WAITS
    except RefusedError as refused:
        desk.houses.refused(house.id, reason=refused.message)
        house = replace(house, state=ChatState.REFUSED)
    hand_on(house, posters=desk.posters, instructions=desk.instructions)
    return Outcome.REFUSED if house.state == ChatState.REFUSED else Outcome.OPENED


def _look_for(house: House, messenger: ChatMaker, desk: Desk, now: datetime) -> House:
    """Find the chat that an earlier try may have made: noted already, or by the code in its title.

    Return the house with its chat, or planned again when no chat can be the lost one.
    """
    known = desk.chats.noted(house.community)
    for chat_id, house_id in known.items():
        if house_id == house.id and chat_id not in house.left_chats:
            return _note(house, chat_id, desk, now)
    unknown = [n for n in range(1, max(known, default=0) + BEYOND_HIGHEST + 1) if n not in known]
    titles = messenger.titles(unknown)
    for chat_id, title in titles.items():
        if title.endswith(house.id):
            return _note(house, chat_id, desk, now)
    strange = messenger.existing([n for n in unknown if n not in titles])
    # What others made and noted while we looked is theirs.
    if strange - desk.chats.noted(house.community).keys():
        raise AmbiguousError
    return replace(house, state=ChatState.PLANNED)


def _note(house: House, chat_id: int, desk: Desk, now: datetime) -> House:
    """Note whose the chat is, then that the house has it."""
    owner = desk.chats.remember(house.community, chat_id, house_id=house.id)
    if owner != house.id:
        raise RuntimeError(f"chat {chat_id} of community {house.community} is another house's")
    desk.houses.made(house.id, chat_id=chat_id, now=now)
    return replace(house, state=ChatState.MADE, chat_id=chat_id, made_at=now)


def _settle(house: House, messenger: ChatMaker, desk: Desk, now: datetime) -> House:
    """Give the chat its clean title, link and pinned first message."""
    text = welcome(house, desk.elders.get(house.elder_id) if house.elder_id else None)
    cmid = 0
    if house.made_at and now - house.made_at > RANDOM_ID_REMEMBERED:
        cmid = messenger.own_message(house.chat_id)
    done = messenger.settle(
        house.chat_id,
        title=house.title,
        text=None if cmid else text,
        random_id=welcome_random_id(house.id),
    )
    cmid = cmid or done.cmid or messenger.own_message(house.chat_id)
    if not cmid:
        raise UnavailableError("the first message is not to be seen yet")
    if not done.pinned:
        with suppress(RefusedError):  # a chat without a pin is still a chat
            messenger.pin(house.chat_id, cmid)
    desk.houses.opened(house.id, link=done.link, cmid=cmid)
    return replace(house, state=ChatState.OPEN, link=done.link, welcome_cmid=cmid)


def _await_person(house: House, desk: Desk, now: datetime) -> Outcome:
    desk.houses.wait(house, until=now + LOOKS_AGAIN, reason=AWAITS_PERSON)
    return Outcome.DISCONNECTED


def _look_again_later(house: House, desk: Desk, now: datetime) -> Outcome:
    if house.searches < LEASE_SEARCHES:
        desk.houses.wait(
            house,
            until=now + SEARCH_AGAIN,
            reason="Проверяем, не создан ли уже чат этого дома.",
            searches=house.searches + 1,
        )
        return Outcome.WAITS
    desk.houses.uncertain(
        house.id,
        reason="Возможно, чат уже создан, но ВКонтакте его не показывает. "
        "Проверьте чаты сообщества и решите, создавать ли новый.",
    )
    hand_on(
        replace(house, state=ChatState.UNCERTAIN),
        posters=desk.posters,
        instructions=desk.instructions,
    )
    return Outcome.UNCERTAIN
