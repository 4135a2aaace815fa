"""Use case: make the chat of a discussion whose time has come, once, whatever is killed."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from discussions.desk import Desk
from housechats.domain.communities import AWAITS_PERSON, LOOKS_AGAIN
from housechats.domain.discussion_course import (
    PAST_ITS_TIME,
    SEARCH_AGAIN,
    SEARCHES,
    UNCERTAIN,
    end_when_opened,
    not_made,
    opened,
)
from housechats.domain.discussion_texts import welcome
from housechats.domain.discussions import Discussion, DiscussionState
from housechats.domain.errors import (
    DisconnectedError,
    PausedError,
    RefusedError,
    UnavailableError,
)
from housechats.domain.random_ids import RANDOM_ID_REMEMBERED, random_id
from housechats.ports.chats import ChatMaker
from housechats.runtime.errands import change

logger = logging.getLogger(__name__)

BEYOND_HIGHEST = 100
"""How far above the highest known chat number a lost chat is looked for."""
TRIED_AGAIN = timedelta(minutes=1)
GIVEN_UP_AFTER = timedelta(days=1)
"""From its end, if its chat may have been made: VK may be out of reach for so long."""

Step = Callable[[Discussion], Discussion]


class AmbiguousError(Exception):
    """A chat exists that cannot be seen: it may be the lost one."""


def open_room(discussion: Discussion, *, desk: Desk) -> Discussion | None:
    """Take it from its time to its open chat, from wherever an earlier try has left it."""
    now = desk.clock()
    if discussion.lease_until and discussion.lease_until > now:
        return discussion
    lease = now + desk.lease
    ours = desk.discussions.save(replace(discussion, lease_until=lease, wake_at=lease))
    if ours is None:
        return desk.discussions.get(discussion.id)
    return _noted(ours, _opening(ours, desk), desk)


def _opening(discussion: Discussion, desk: Desk) -> Step:
    """Open the chat as far as VK lets us, and return what is to be noted of it."""
    community = desk.communities.get(discussion.community)
    now = desk.clock()
    if community is None or not community.works:
        return _waiting(AWAITS_PERSON, now + LOOKS_AGAIN, now)
    maker = desk.maker_of(community)
    try:
        if not discussion.chat_id:
            discussion = _made(discussion, maker, desk)
        return _settled(discussion, maker, desk)
    except AmbiguousError:
        if discussion.searches + 1 >= SEARCHES:
            return lambda one: not_made(one, reason=UNCERTAIN)
        return lambda one: replace(
            one, searches=one.searches + 1, lease_until=None, wake_at=now + SEARCH_AGAIN
        )
    except TooLateError:
        return lambda one: not_made(one, reason=PAST_ITS_TIME)
    except RefusedError as refused:
        reason = refused.message
        return lambda one: not_made(one, reason=reason)
    except DisconnectedError as gone:
        desk.communities.disconnect(community, reason=gone.message)
        return _waiting(AWAITS_PERSON, now + LOOKS_AGAIN, now)
    except PausedError as paused:
        return _waiting(paused.why, paused.until, now)
    except UnavailableError as failure:
        logger.warning("put off", extra={"why": str(failure)})
        return _waiting("", now + TRIED_AGAIN, now)


class TooLateError(Exception):
    """Its planned end has passed, and no chat was made."""


def _waiting(reason: str, until: datetime, now: datetime) -> Step:
    def then(one: Discussion) -> Discussion:
        begun = one.intent_at or one.chat_id
        # Nobody has the link of a chat that may be there: it can be left as it is.
        if now >= one.ends_at + (GIVEN_UP_AFTER if begun else timedelta()):
            return not_made(one, reason=PAST_ITS_TIME)
        # However long VK has us wait: nobody waits for a discussion beyond its end.
        wake_at = until if one.chat_id or one.ends_at <= now else min(until, one.ends_at)
        return replace(one, reason=reason, lease_until=None, wake_at=wake_at)

    return then


def _made(discussion: Discussion, maker: ChatMaker, desk: Desk) -> Discussion:
    """Return it with its chat: the one that an earlier try has made, or a new one."""
    if discussion.intent_at and (chat_id := _found(discussion, maker, desk)):
        return _with_chat(discussion, chat_id, desk)
    if desk.clock() >= discussion.ends_at:
        raise TooLateError
    intent = desk.discussions.save(replace(discussion, intent_at=desk.clock()))
    if intent is None:
        raise UnavailableError("another worker has this discussion")
    return _with_chat(intent, maker.create_chat(intent.title_with_code), desk)


def _found(discussion: Discussion, maker: ChatMaker, desk: Desk) -> int:
    """Return the chat that is noted as its own already, or has its code in the title; 0: none."""
    known = desk.chats.noted(discussion.community)
    for chat_id, house in known.items():
        if not house and desk.rooms.discussion_of(discussion.community, chat_id) == discussion.id:
            return chat_id
    unknown = [n for n in range(1, max(known, default=0) + BEYOND_HIGHEST + 1) if n not in known]
    titles = maker.titles(unknown)
    for chat_id, title in titles.items():
        if title.endswith(discussion.id):
            return chat_id
    strange = maker.existing([n for n in unknown if n not in titles])
    # What others made and noted while we looked is theirs.
    if strange - desk.chats.noted(discussion.community).keys():
        raise AmbiguousError
    return 0


def _with_chat(discussion: Discussion, chat_id: int, desk: Desk) -> Discussion:
    """Note whose the chat is, then that the discussion has it."""
    owner = desk.rooms.remember(discussion.community, chat_id, discussion_id=discussion.id)
    if owner != discussion.id:
        raise RuntimeError(f"chat {chat_id} of {discussion.community} is not this discussion's")
    noted = change(discussion.id, lambda one: replace(one, chat_id=chat_id), desk.discussions)
    if noted is None:
        raise RuntimeError("a discussion is gone")
    return noted


def _settled(discussion: Discussion, maker: ChatMaker, desk: Desk) -> Step:
    """Give the chat its clean title, link and pinned first message."""
    now = desk.clock()
    ends_at = end_when_opened(discussion, now=now)
    cmid = 0
    if discussion.intent_at and now - discussion.intent_at > RANDOM_ID_REMEMBERED:
        cmid = maker.own_message(discussion.chat_id)
    done = maker.settle(
        discussion.chat_id,
        title=discussion.title,
        text=None if cmid else welcome(discussion, ends_at=ends_at),
        random_id=random_id(f"welcome/{discussion.id}"),
    )
    cmid = cmid or done.cmid or maker.own_message(discussion.chat_id)
    if cmid and not done.pinned:
        with suppress(RefusedError):  # a chat without a pin is still a chat
            maker.pin(discussion.chat_id, cmid)
    return lambda one: opened(one, link=done.link, ends_at=ends_at, now=now)


def _noted(discussion: Discussion, then: Step, desk: Desk) -> Discussion | None:
    def still(one: Discussion) -> Discussion:
        return then(one) if one.state == DiscussionState.OPENING else one

    return change(discussion.id, still, desk.discussions)
