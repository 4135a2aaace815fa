"""Use case: empty the chat of a discussion that is over; the community stays, nobody else does."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from housechats.domain.communities import AWAITS_PERSON, LOOKS_AGAIN
from housechats.domain.discussion_course import (
    cleaned_later,
    emptied,
    emptying,
    may_be_emptied,
    removed_from,
)
from housechats.domain.discussions import Discussion, DiscussionState
from housechats.domain.errors import (
    DisconnectedError,
    PausedError,
    RefusedError,
    UnavailableError,
)
from housechats.ports.communities import Communities
from housechats.ports.discussions import DiscussionChats, Discussions
from housechats.ports.queues import Queue
from housechats.ports.talks import Talk
from housechats.runtime.errands import change

logger = logging.getLogger(__name__)

REMOVED_AT_ONCE = 25
"""People in one call (VK's `execute`)."""
LOOKS = 3
"""How often one worker looks who is there: somebody may come before the link is dead."""

NOT_ITS_CHAT = (
    "Этот чат создан не для этого обсуждения: его никто не тронул. Проверьте, что изменило запись."
)
STILL_THERE = "В чате остаются люди: ВКонтакте показывает их и после удаления. Пробуем ещё."
NO_ANSWER = "ВКонтакте не отвечает. Пробуем ещё."


class Outcome(StrEnum):
    """What came of a try to empty a chat."""

    EMPTIED = "emptied"
    NOT_YET = "not_yet"
    """It is not over, its outcome is not posted, or people still have their time."""
    WAITS = "waits"
    ANOTHERS = "anothers"
    """Another worker has it."""
    WRONG_CHAT = "wrong_chat"
    NO_DISCUSSION = "no_discussion"


@dataclass(frozen=True, slots=True)
class Desk:
    """What emptying works with."""

    discussions: Discussions
    rooms: DiscussionChats
    communities: Communities
    talk_of: Callable[[int], Talk]
    cleanings: Queue
    lease: timedelta
    """Longer than a worker may live: a dead lease means a dead worker."""
    works_for: timedelta
    """Then a worker hands on what is left."""
    clock: Callable[[], datetime]


class OutOfTimeError(Exception):
    """The worker has lived long enough: another one goes on."""


class StillThereError(Exception):
    """However often everybody was removed, somebody is there."""


def empty_room(discussion_id: str, *, desk: Desk) -> Outcome:
    """Take it from its time of grace to the empty chat, from wherever an earlier try has left it.

    Nothing that is asked for here is believed: what the chat was made for decides.
    """
    discussion = desk.discussions.get(discussion_id)
    if discussion is None:
        return Outcome.NO_DISCUSSION
    if discussion.state == DiscussionState.EMPTIED:
        return Outcome.EMPTIED
    now = desk.clock()
    if not may_be_emptied(discussion, now=now):
        return Outcome.NOT_YET
    if discussion.lease_until and discussion.lease_until > now:
        return Outcome.ANOTHERS
    ours = desk.discussions.save(emptying(discussion, lease_until=now + desk.lease))
    return _emptied(ours, desk) if ours else Outcome.ANOTHERS


def hand_over_due(*, discussions: Discussions, cleanings: Queue, now: datetime, limit: int) -> int:
    """Hand those whose time of grace is over to the queue; what is lost is found again."""
    due = discussions.to_clean(now, limit=limit)
    cleanings.send({"discussion_id": discussion_id} for discussion_id in due)
    return len(due)


def _emptied(discussion: Discussion, desk: Desk) -> Outcome:
    if not _is_its_own(discussion, desk):
        logger.error("wrong chat", extra={"discussion": discussion.id})
        return _later(discussion, desk, NOT_ITS_CHAT, outcome=Outcome.WRONG_CHAT)
    community = desk.communities.get(discussion.community)
    if community is None or not community.works:
        return _later(discussion, desk, AWAITS_PERSON, until=desk.clock() + LOOKS_AGAIN)
    try:
        _remove_all(discussion, desk)
    except OutOfTimeError:
        outcome = _later(discussion, desk, "", until=desk.clock())
        desk.cleanings.send([{"discussion_id": discussion.id}])
        return outcome
    except StillThereError:
        return _later(discussion, desk, STILL_THERE)
    except RefusedError as refused:
        return _later(discussion, desk, refused.message)
    except PausedError as paused:
        return _later(discussion, desk, paused.why, until=paused.until)
    except DisconnectedError as gone:
        desk.communities.disconnect(community, reason=gone.message)
        return _later(discussion, desk, AWAITS_PERSON, until=desk.clock() + LOOKS_AGAIN)
    except UnavailableError as failure:
        logger.warning("put off", extra={"why": str(failure)})
        return _later(discussion, desk, NO_ANSWER)
    change(discussion.id, lambda one: emptied(one, now=desk.clock()), desk.discussions)
    return Outcome.EMPTIED


def _is_its_own(discussion: Discussion, desk: Desk) -> bool:
    """Tell whether the chat was made for this very discussion: a house's never is."""
    if not discussion.chat_id or discussion.chat_id == discussion.house_chat_id:
        return False
    made_for = desk.rooms.discussion_of(discussion.community, discussion.chat_id)
    return made_for == discussion.id


def _remove_all(discussion: Discussion, desk: Desk) -> None:
    """Let the link end, then remove whoever is there, and look once more."""
    talk, chat_id = desk.talk_of(discussion.community), discussion.chat_id
    until = desk.clock() + desk.works_for
    if discussion.link_revoked_at is None:
        talk.revoke_link(chat_id)
        at = desk.clock()
        change(discussion.id, lambda one: replace(one, link_revoked_at=at), desk.discussions)
    for _ in range(LOOKS):
        there = talk.members(chat_id)
        if not there:
            return
        for first in range(0, len(there), REMOVED_AT_ONCE):
            if desk.clock() > until:
                raise OutOfTimeError
            some = there[first : first + REMOVED_AT_ONCE]
            talk.remove(chat_id, some)
            _count(discussion, some, desk)
    raise StillThereError


def _count(discussion: Discussion, some: list[int], desk: Desk) -> None:
    change(discussion.id, lambda one: removed_from(one, some), desk.discussions)


def _later(
    discussion: Discussion,
    desk: Desk,
    reason: str,
    *,
    until: datetime | None = None,
    outcome: Outcome = Outcome.WAITS,
) -> Outcome:
    change(
        discussion.id,
        lambda one: cleaned_later(one, reason=reason, now=desk.clock(), until=until),
        desk.discussions,
    )
    return outcome
