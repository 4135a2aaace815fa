"""Use cases: call a representative by phone; give the post to who comes with the code."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from housechats.domain.access import Caller, Permission, may
from housechats.domain.errors import OutcomeUnknownError, RefusedError, UnavailableError
from housechats.domain.invitations import (
    LASTS,
    Invitation,
    InvitationState,
    code_of,
    read_code,
    text_message,
)
from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory
from housechats.ports.invitations import Invitations
from housechats.ports.letters import TextMessages
from housechats.ports.people import Posts
from housechats.ports.queues import Queue

SMS_AGAIN = timedelta(minutes=2)
NOT_BEFORE = timedelta(minutes=5)
"""A sweep that comes every minute must not hand the same one over each time."""
A_SWEEP = 80
BUSY = "another worker sends this SMS"
"""That worker may be dead, and this the one message that is left: it must come again."""
MAY_HAVE_GONE = "Неизвестно, ушло ли СМС: спросите человека, прежде чем отправлять снова."


class Outcome(StrEnum):
    """What came of a try to send an invitation."""

    SENT = "sent"
    REPEATED = "repeated"
    UNDELIVERABLE = "undeliverable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TextingDesk:
    """What sending an invitation works with."""

    invitations: Invitations
    sms: TextMessages
    code_key: str
    """The secret with which codes are made."""
    app_id: int
    lease: timedelta
    """Longer than a worker may live: a dead lease means a dead worker."""


def pending_for(phone: str, *, inn: str, oktmo: str, invitations: Invitations) -> Invitation | None:
    """Return the newest invitation of a phone to an organisation that nobody has accepted yet."""
    sought = phone, inn, oktmo
    pending = (
        one
        for one in invitations.of_territory(Territory(oktmo))
        if (one.phone, one.inn, one.oktmo) == sought and one.state != InvitationState.ACCEPTED
    )
    return next(pending, None)


def invite(
    invitation: Invitation, *, invitations: Invitations, invitations_queue: Queue
) -> Invitation:
    """Keep an invitation and have its SMS sent; if we die between, the sweep has it sent."""
    invitations.add(invitation)
    invitations_queue.send([{"invitation_id": invitation.id}])
    return invitations.get(invitation.id) or invitation


def invite_again(
    invitation: Invitation,
    *,
    by: str,
    invitations: Invitations,
    invitations_queue: Queue,
    now: datetime,
) -> bool:
    """Have the SMS sent anew, as a person decided; False when it is on its way, or accepted.

    From now on the invitation is that person's: whoever sent it first may have left.
    """
    if not invitation.state.told:
        return False
    if not invitations.again(invitation, by=by, now=now, expires_at=now + LASTS):
        return False
    invitations_queue.send([{"invitation_id": invitation.id}])
    return True


def text(invitation_id: str, *, desk: TextingDesk, now: datetime) -> Outcome:
    """Send the SMS once; a try whose end nobody knows is a person's to repeat."""
    invitation = desk.invitations.get(invitation_id)
    if invitation is None:
        return Outcome.REPEATED
    if invitation.state == InvitationState.TEXTING:
        if invitation.lease_until and invitation.lease_until >= now:
            raise UnavailableError(BUSY)
        return _end(invitation, InvitationState.UNKNOWN, MAY_HAVE_GONE, desk, now)
    if invitation.state != InvitationState.WAITING:
        return Outcome.REPEATED
    claimed = desk.invitations.claim(invitation_id, now=now, lease_until=now + desk.lease)
    if claimed is None:
        raise UnavailableError(BUSY)
    message = text_message(code_of(claimed.id, desk.code_key), app_id=desk.app_id)
    try:
        desk.sms.send(claimed.phone, message)
    except RefusedError as refused:
        return _end(claimed, InvitationState.UNDELIVERABLE, refused.message, desk, now)
    except OutcomeUnknownError:
        raise
    except UnavailableError:
        # Surely not sent, so it may be tried again; if that never helps, the alarm must ring.
        desk.invitations.wait(claimed, until=now + SMS_AGAIN)
        raise
    return _end(claimed, InvitationState.SENT, "", desk, now)


def _end(
    invitation: Invitation, state: InvitationState, reason: str, desk: TextingDesk, now: datetime
) -> Outcome:
    desk.invitations.finish(replace(invitation, state=state), now=now, reason=reason)
    return Outcome(state.value)


def accept(
    code: str, *, vk_id: int, key: str, invitations: Invitations, posts: Posts, now: datetime
) -> Post | None:
    """Give the post to who is first with the code; None whatever else is the matter with it.

    The code is a secret that the phone's owner got, and no identity: who has the post is the
    page that VK has signed. An invitation is worth what its sender may do at this moment. A repeat
    by the same person gives nothing that was taken away since.
    """
    invitation_id = read_code(code, key)
    # A code that is not ours is asked after all the same: an answer takes as long.
    called = invitations.get(invitation_id or "-")
    if called is None or not _may_call(called, posts):
        return None
    invitation = invitations.accept(called.id, vk_id=vk_id, now=now)
    if invitation is None or invitation.accepted_at is None:
        return None
    post = Post(
        vk_id,
        Role.REPRESENTATIVE,
        Territory(invitation.oktmo),
        since=invitation.accepted_at,
        given_by=invitation.invited_by,
        inn=invitation.inn,
        title=invitation.title,
    )
    there = posts.get(post.id)
    if there and there.until and there.until >= invitation.accepted_at:
        return None
    return posts.give(post) or posts.get(post.id)


def _may_call(invitation: Invitation, posts: Posts) -> bool:
    """Tell whether who sent an invitation may name such a representative now."""
    vk_id = int(invitation.invited_by.removeprefix("vk:"))
    standing = tuple(post for post in posts.known(vk_id).posts if post.until is None)
    return may(Caller(vk_id, standing), Permission.REPRESENTATIVES_CHANGE, [invitation.place])


def hand_over_due(*, invitations: Invitations, invitations_queue: Queue, now: datetime) -> int:
    """Hand over invitations that nobody sends; one that is handed over twice does no harm."""
    due = invitations.due(now, limit=A_SWEEP)
    for invitation_id in due:
        invitations_queue.send([{"invitation_id": invitation_id}])
        invitations.postpone(invitation_id, until=now + NOT_BEFORE)
    return len(due)
