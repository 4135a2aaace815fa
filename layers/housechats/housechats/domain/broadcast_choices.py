"""What a person can do with a broadcast at a moment; the state machine itself is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from housechats.domain.broadcasts import (
    Broadcast,
    Deed,
    HeldFor,
    NotNowError,
    approved,
    cancelled,
    moved,
    reopened,
    resumed,
    reviewed,
    stopped,
)
from housechats.domain.followers import require_closable, require_correctable, require_recallable


@dataclass(frozen=True, slots=True)
class BroadcastChoices:
    """What the caller can do with a broadcast now."""

    approve: bool
    """Confirm it as the second person."""
    move: bool
    """Give it another time."""
    cancel: bool
    """Take it back before it starts."""
    stop: bool
    """Have the rest not sent for now."""
    resume: bool
    """Have the rest of a stopped one sent."""
    retry: bool
    """Try those that failed again; some may be beyond help all the same."""
    review: bool
    """Look at an emergency that no second person had confirmed."""
    correct: bool
    recall: bool
    """Delete its messages for all."""
    restore: bool
    """Tell the same chats that it is over."""


def choices_of(one: Broadcast, *, who: str, sends: bool, now: datetime) -> BroadcastChoices:
    """Return what somebody can do with a broadcast; nothing, unless they may send broadcasts."""

    def can(act: Callable[[], object]) -> bool:
        if not sends:
            return False
        try:
            act()
        except NotNowError:
            return False
        return True

    # A correction is corrected by correcting its message again.
    corrects = one.deed == Deed.CORRECTION
    return BroadcastChoices(
        approve=can(lambda: approved(one, by=who, start_at=now, held_for=HeldFor.HOLD)),
        move=can(lambda: moved(one, start_at=now, held_for=HeldFor.TIME)),
        cancel=can(lambda: cancelled(one, now=now)),
        stop=can(lambda: stopped(one, because="")),
        resume=can(lambda: resumed(one, now=now)),
        retry=one.failed > 0
        and can(lambda: reopened(one, failed=0, finished=one.finished, now=now)),
        review=can(lambda: reviewed(one, by=who, note="", now=now)),
        correct=can(lambda: require_correctable(one)) or (sends and corrects and one.state.final),
        recall=can(lambda: require_recallable(one, now=now)),
        restore=can(lambda: require_closable(one)),
    )
