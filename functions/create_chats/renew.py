"""Use case: make a chat say what its house says, whatever is killed on the way."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from create_chats.hand_on import hand_on
from housechats.domain.chats import said
from housechats.domain.communities import LOOKS_AGAIN, Community
from housechats.domain.errors import (
    DisconnectedError,
    PausedError,
    RefusedError,
    UnavailableError,
)
from housechats.domain.houses import ChatState
from housechats.domain.random_ids import random_id
from housechats.ports.communities import Communities
from housechats.ports.people import Elders
from housechats.ports.queues import Queue
from housechats.ports.renewals import ChatRenewer, RenewalClaim, Renewals, Saying

BEHIND = (
    "Изменения дошли до чата не полностью: {} Верните сообществу права в чате "
    "и нажмите «Повторить»."
)
TIMES = 3
"""How often a house may be changed while its chat is renewed before the queue tries again."""


class Outcome(StrEnum):
    """What came of a try to renew a chat."""

    RENEWED = "renewed"
    REPEATED = "repeated"
    """There is nothing to renew: another worker was faster, or the chat is not open yet."""
    WAITS = "waits"
    DISCONNECTED = "disconnected"
    """It waits for a person to connect its community anew: an alarm rings on this word."""
    REFUSED = "refused"
    """Part of it cannot be done: staff are told what."""
    LOST = "lost"
    """The chat is out of reach: staff are told."""
    NO_HOUSE = "no_house"


@dataclass(frozen=True, slots=True)
class Desk:
    """What renewing a chat works with."""

    renewals: Renewals
    elders: Elders
    communities: Communities
    renewer_of: Callable[[Community], ChatRenewer]
    posters: Queue
    instructions: Queue
    lease: timedelta
    """Longer than a worker may live: a dead lease means a dead worker."""


def renew(house_id: str, *, desk: Desk, now: datetime) -> Outcome:
    """Bring the house's last revision to its chat.

    UnavailableError while another worker has the lease, or when VK cannot be asked now.
    """
    for _ in range(TIMES):
        claim = desk.renewals.claim(house_id, now=now, lease_until=now + desk.lease)
        if claim is None:
            return Outcome.NO_HOUSE
        if not claim.ours:
            if claim.house.outdated:
                # Its worker may be dead, and this the one message that is left.
                raise UnavailableError("another worker renews this chat")
            return Outcome.REPEATED
        outcome = _act(claim, desk, now)
        if outcome is not None:
            return outcome
    raise UnavailableError("people keep changing this house")


def _act(claim: RenewalClaim, desk: Desk, now: datetime) -> Outcome | None:
    """Return what came of it; None when the house was changed meanwhile."""
    house = claim.house
    community = desk.communities.get(house.community)
    if community is None or not community.works:
        desk.renewals.wait(house, until=now + LOOKS_AGAIN)
        return Outcome.DISCONNECTED
    try:
        return _say(claim, desk.renewer_of(community), desk)
    except DisconnectedError as disconnected:
        desk.communities.disconnect(community, reason=disconnected.message)
        desk.renewals.wait(house, until=now + LOOKS_AGAIN)
        return Outcome.DISCONNECTED
    except PausedError as paused:
        desk.renewals.wait(house, until=paused.until)
        return Outcome.WAITS
    except RefusedError as refused:
        desk.renewals.lost(house, code=refused.code, reason=refused.message)
        return Outcome.LOST


def _say(claim: RenewalClaim, renewer: ChatRenewer, desk: Desk) -> Outcome | None:
    house = claim.house
    text = said(house, desk.elders.get(house.elder_id) if house.elder_id else None)
    number = random_id(f"renewal/{house.id}/{house.revision}")
    # Only a new message shows that a lost chat may be written to again.
    cmid = 0 if house.state == ChatState.LOST else house.welcome_cmid
    if claim.again:
        # VK knows a repeated random_id for an hour and a hundred messages only.
        cmid = renewer.sent(house.chat_id, text=text, random_id=number) or cmid
    closed = house.state == ChatState.CLOSED
    done = renewer.renew(
        house.chat_id,
        Saying(house.title, text, cmid, number, new_link=closed or not house.link),
    )
    # The link of a closed chat is nobody's business: whoever has it could let people in.
    link = "" if closed else done.link
    if done.refusal:
        reason = BEHIND.format(done.refusal)
        noted = desk.renewals.refused(house, link=link, cmid=done.cmid, reason=reason)
    else:
        noted = desk.renewals.renewed(house, link=link, cmid=done.cmid)
    if not noted:
        return None
    if house.state == ChatState.LOST and done.cmid:
        house = replace(house, state=ChatState.OPEN)
    hand_on(house, posters=desk.posters, instructions=desk.instructions)
    return Outcome.REFUSED if done.refusal else Outcome.RENEWED
