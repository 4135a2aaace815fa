"""Use case: make a coordination chat, once, whatever is killed on the way."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from coordination.desk import Desk
from housechats.domain.communities import AWAITS_PERSON, Community
from housechats.domain.coordination import CoordinationChat, welcome
from housechats.domain.errors import (
    DisconnectedError,
    PausedError,
    RefusedError,
    UnavailableError,
)
from housechats.domain.random_ids import RANDOM_ID_REMEMBERED, random_id
from housechats.ports.chats import ChatMaker

BEYOND_HIGHEST = 100
"""How far above the highest known chat number a lost chat is looked for."""
NEXT_HOUR = timedelta(minutes=30)
"""By when the next look comes anyway."""
NEXT_DAY = timedelta(days=1)
"""When it is tried again after VK has refused, or may hide the chat."""
HIDDEN = (
    "Возможно, чат уже создан, но ВКонтакте его не показывает. Ищем его раз в сутки; "
    "второй чат сами не создаём."
)


class AmbiguousError(Exception):
    """A chat exists that cannot be seen: it may be the lost one."""


def open_chat(chat: CoordinationChat, *, desk: Desk) -> CoordinationChat:
    """Take it to its open chat, from wherever an earlier try has left it, as far as VK lets us."""
    now = desk.clock()
    if any(until and until > now for until in (chat.lease_until, chat.wake_at)):
        return chat
    ours = desk.coordination.save(replace(chat, lease_until=now + desk.lease, wake_at=None))
    if ours is None:
        return chat
    community = desk.communities.get(ours.community)
    if community is None or not community.works:
        return _waiting(ours, AWAITS_PERSON, now + NEXT_HOUR, desk)
    return _opened(ours, community, desk)


def _opened(chat: CoordinationChat, community: Community, desk: Desk) -> CoordinationChat:
    now = desk.clock()
    maker = desk.maker_of(community)
    try:
        if not chat.chat_id:
            chat = _made(chat, maker, desk)
        return _settled(chat, maker, desk)
    except AmbiguousError:
        return _waiting(chat, HIDDEN, now + NEXT_DAY, desk)
    except RefusedError as refused:
        return _waiting(chat, refused.message, now + NEXT_DAY, desk)
    except DisconnectedError as gone:
        desk.communities.disconnect(community, reason=gone.message)
        return _waiting(chat, AWAITS_PERSON, now + NEXT_HOUR, desk)
    except PausedError as paused:
        return _waiting(chat, paused.why, paused.until, desk)
    except UnavailableError:
        return _waiting(chat, "", now + NEXT_HOUR, desk)


def _waiting(chat: CoordinationChat, reason: str, until: datetime, desk: Desk) -> CoordinationChat:
    """Note why it waits, on what is kept by now: its chat may have been noted since."""
    there = desk.coordination.get(chat.id) or chat
    waits = replace(there, reason=reason, lease_until=None, wake_at=until)
    return desk.coordination.save(waits) or there


def _made(chat: CoordinationChat, maker: ChatMaker, desk: Desk) -> CoordinationChat:
    """Return it with its chat: the one that an earlier try has made, or a new one."""
    if chat.intent_at and (found := _found(chat, maker, desk)):
        return _with_chat(chat, found, desk)
    intent = desk.coordination.save(replace(chat, intent_at=desk.clock()))
    if intent is None:
        raise UnavailableError("another worker has this chat")
    return _with_chat(intent, maker.create_chat(intent.title_with_code), desk)


def _found(chat: CoordinationChat, maker: ChatMaker, desk: Desk) -> int:
    """Return the chat that is noted as its own already, or has its code in the title; 0: none."""
    known = desk.chats.noted(chat.community)
    for number, house in known.items():
        if not house and desk.coordination.coordination_of(chat.community, number) == chat.id:
            return number
    unknown = [n for n in range(1, max(known, default=0) + BEYOND_HIGHEST + 1) if n not in known]
    titles = maker.titles(unknown)
    for number, title in titles.items():
        if title.endswith(chat.code):
            return number
    strange = maker.existing([n for n in unknown if n not in titles])
    # What others made and noted while we looked is theirs.
    if strange - desk.chats.noted(chat.community).keys():
        raise AmbiguousError
    return 0


def _with_chat(chat: CoordinationChat, chat_id: int, desk: Desk) -> CoordinationChat:
    """Note whose the chat is, then that it is there."""
    owner = desk.coordination.remember(chat.community, chat_id, coordination_id=chat.id)
    if owner != chat.id:
        raise RuntimeError(f"chat {chat_id} of community {chat.community} is another one's")
    noted = desk.coordination.save(replace(chat, chat_id=chat_id))
    if noted is None:
        raise UnavailableError("another worker has this chat")
    return noted


def _settled(chat: CoordinationChat, maker: ChatMaker, desk: Desk) -> CoordinationChat:
    """Give the chat its clean title, link and pinned first message."""
    cmid = 0
    if chat.intent_at and desk.clock() - chat.intent_at > RANDOM_ID_REMEMBERED:
        cmid = maker.own_message(chat.chat_id)
    done = maker.settle(
        chat.chat_id,
        title=chat.title,
        text=None if cmid else welcome(chat),
        random_id=random_id(f"welcome/coordination/{chat.id}"),
    )
    cmid = cmid or done.cmid or maker.own_message(chat.chat_id)
    if cmid and not done.pinned:
        with suppress(RefusedError):  # a chat without a pin is still a chat
            maker.pin(chat.chat_id, cmid)
    opened = replace(chat, link=done.link, generation=1, reason="", lease_until=None, wake_at=None)
    return desk.coordination.save(opened) or chat
