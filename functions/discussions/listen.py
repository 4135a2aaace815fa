"""Use case: look into the chat of an open discussion, when that may change something."""

import logging

from discussions.desk import Desk, caller_of
from housechats.domain.access import Permission
from housechats.domain.discussion_course import Heard, listened
from housechats.domain.discussions import Discussion
from housechats.domain.errors import (
    DisconnectedError,
    PausedError,
    RefusedError,
    UnavailableError,
)
from housechats.domain.people import Role
from housechats.ports.discussions import Talkers
from housechats.runtime.errands import change

logger = logging.getLogger(__name__)

MOST_ASKED = 50
"""People of whom it is looked up whether they speak for the organisation."""
UNHEARD = Heard(whole=False)
"""Nobody can tell who wrote: nobody is said to be absent, and the end comes by the clock."""


def listen(discussion: Discussion, *, desk: Desk) -> Discussion | None:
    """Note who has written, and what follows from it."""
    heard = _heard(discussion, desk)
    return change(
        discussion.id, lambda one: listened(one, heard, now=desk.clock()), desk.discussions
    )


def _heard(discussion: Discussion, desk: Desk) -> Heard:
    community = desk.communities.get(discussion.community)
    if community is None or not community.works:
        return UNHEARD
    try:
        talkers = desk.gathering_of(community).heard(
            discussion.chat_id, since=discussion.last_message_at or discussion.begun_at
        )
    except DisconnectedError as gone:
        desk.communities.disconnect(community, reason=gone.message)
        return UNHEARD
    except (RefusedError, PausedError, UnavailableError) as failure:
        logger.warning("not heard", extra={"why": type(failure).__name__})
        return UNHEARD
    return Heard(talkers.last_at, _speaks(discussion, talkers, desk), talkers.whole)


def _speaks(discussion: Discussion, talkers: Talkers, desk: Desk) -> bool:
    """Tell whether somebody has written who speaks for the organisation, whoever named the time."""
    if discussion.representative_wrote_at or discussion.named_by in talkers.people:
        return True
    return any(
        post.role == Role.REPRESENTATIVE
        and post.inn == discussion.inn
        and post.territory.covers(discussion.oktmo)
        for person in sorted(talkers.people)[:MOST_ASKED]
        for post in caller_of(person, desk.office.posts).granting(Permission.DISCUSSIONS_CHANGE)
    )
