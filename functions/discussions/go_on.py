"""Use case: do what is due with a discussion: what its time brings, and its errands."""

import math
from datetime import datetime, timedelta
from functools import partial

from discussions.desk import Desk, quiet_at
from discussions.errands import do, refused
from discussions.listen import listen
from discussions.open_room import open_room
from housechats.domain.discussion_course import question_over, woken
from housechats.domain.discussion_texts import QUESTION_WITHDRAWN
from housechats.domain.discussions import Discussion, DiscussionState
from housechats.ports.discussions import Discussions
from housechats.ports.queues import Queue
from housechats.runtime.errands import change, run_errands

TURNS = 6
"""Its time comes, its chat opens, people are told: one thing makes the next one due."""
LONGEST_DELAY = timedelta(minutes=15)
"""How long SQS can keep a message back; what is due later is found by the sweep."""
AT_ONCE = 100
LOOKED_AT_AFTER = timedelta(minutes=3)
"""When one that nobody has worked is handed over anew."""


def go_on(discussion_id: str, *, desk: Desk) -> Discussion | None:
    """Do all that is due, and return the discussion as it is then; None when there is none."""
    before = discussion = desk.discussions.get(discussion_id)
    for _ in range(TURNS):
        if discussion is None:
            return None
        discussion = _wake(discussion, desk)
        discussion = run_errands(
            discussion_id,
            store=desk.discussions,
            do=partial(do, desk=desk),
            refused=partial(refused, desk=desk),
            clock=desk.clock,
        )
        if discussion is None or not _is_due(discussion, desk):
            break
    if before and discussion:
        _hand_over_soon(before, discussion, desk)
    return discussion


def end_with_question(discussion_id: str, *, desk: Desk) -> Discussion | None:
    """Call off what is ahead, because its question was withdrawn."""
    change(
        discussion_id,
        lambda one: question_over(one, reason=QUESTION_WITHDRAWN),
        desk.discussions,
    )
    return go_on(discussion_id, desk=desk)


def hand_over_due(*, discussions: Discussions, own: Queue, now: datetime) -> int:
    """Hand those whose time has come to the queue; killed anywhere, they are found again."""
    due = discussions.due(now, limit=AT_ONCE)
    own.send({"discussion_id": discussion_id} for discussion_id in due)
    for discussion_id in due:
        discussions.postpone(discussion_id, until=now + LOOKED_AT_AFTER)
    return len(due)


def _wake(discussion: Discussion, desk: Desk) -> Discussion | None:
    if not _is_due(discussion, desk):
        return discussion
    match discussion.state:
        case DiscussionState.OPENING:
            return open_room(discussion, desk=desk)
        case DiscussionState.OPEN:
            return listen(discussion, desk=desk)
    quiet = quiet_at(discussion.oktmo, desk.office.rulebook)
    return change(
        discussion.id,
        lambda one: woken(one, now=desk.clock(), quiet=quiet) if _is_due(one, desk) else one,
        desk.discussions,
    )


def _is_due(discussion: Discussion, desk: Desk) -> bool:
    """Tell whether its time brings something here; its emptying is others' work."""
    due = discussion.wake_at is not None and discussion.wake_at <= desk.clock()
    return due and not discussion.state.left_to_clean


def _hand_over_soon(before: Discussion, after: Discussion, desk: Desk) -> None:
    """Have it looked at when it is due next, if that is soon; later ones the sweep finds."""
    now = desk.clock()
    due_at = after.due_at(now)
    if due_at is None or due_at == before.due_at(now) or due_at - now > LONGEST_DELAY:
        return
    if after.state.left_to_clean and not after.errands:
        return
    delay = max(0, math.ceil((due_at - now).total_seconds()))
    desk.office.own.send([{"discussion_id": after.id}], delay_s=delay)
