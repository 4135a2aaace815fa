"""What the API shows of a broadcast."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from housechats.domain.access import Caller, Permission, may
from housechats.domain.broadcast_standing import eta_seconds, status_of, wait_of
from housechats.domain.broadcast_starts import require_timely
from housechats.domain.broadcasts import (
    Broadcast,
    BroadcastLane,
    BroadcastState,
    Deed,
    HeldFor,
    NotNowError,
    approved,
    cancelled,
    resumed,
    reviewed,
    stopped,
)
from housechats.domain.followers import (
    notice_of,
    require_closable,
    require_correctable,
    require_recallable,
    require_retriable,
)
from housechats.domain.jobs import JobStatus
from housechats.domain.messages import Message
from housechats.runtime.job_cards import polled_after

SETTLED = {BroadcastState.DONE, BroadcastState.CANCELLED, BroadcastState.STOPPED}
"""Nothing more happens by itself, but for what was in a worker's hands."""
STILL_SENDING = "Ещё отправляются: {}. Числа скоро уточнятся."


@dataclass(frozen=True, slots=True)
class BroadcastCan:
    """What the caller can do with a broadcast now."""

    cancel: bool
    """Take it back, or give it another time: it has not begun."""
    stop: bool
    """Have the rest not sent for now."""
    resume: bool
    """Have the rest of a stopped one sent."""
    retry: bool
    """Try those chats again in which it failed. In a list some may be beyond help all the same; of
    one broadcast its receipts were read."""
    correct: bool
    """Put another text in place of what was sent."""
    recall: bool
    """Delete its messages for all."""
    close: bool
    """Tell the same chats that what it told of is over: `/restored`."""
    approve: bool
    """Confirm it as the second person."""
    review: bool
    """Look at an emergency that no second person had confirmed."""


@dataclass(frozen=True, slots=True)
class ReviewNote:
    """A look at an emergency that no second person had confirmed."""

    due_at: datetime
    """Until when somebody else is to look at it."""
    overdue: bool
    """Nobody has looked at it in time."""
    by: str
    """Who looked: `vk:<id>`; empty while nobody has."""
    at: datetime | None
    """When they looked."""
    note: str
    """What they wrote of it."""


@dataclass(frozen=True, slots=True)
class BroadcastButton:
    """A button with a link under a message."""

    label: str
    """What it says."""
    link: str
    """What it opens."""


@dataclass(frozen=True, slots=True)
class BroadcastFile:
    """A picture or a document under a message."""

    file_name: str
    image: bool
    """Whether the chats show it as a picture."""


@dataclass(frozen=True, slots=True)
class SaidMessage:
    """What a broadcast says in the chats."""

    header: str
    """Its first line: who speaks."""
    text: str
    """With the fields of houses, such as `{адрес}`, as they were written."""
    until: datetime | None
    """When what it tells of ends."""
    buttons: list[BroadcastButton]
    file: BroadcastFile | None


@dataclass(frozen=True, slots=True)
class BroadcastCard:
    """A broadcast: how far it is, until when it waits and why, what can be done with it."""

    id: str
    status: JobStatus
    """How far it is, as of all long work."""
    state: BroadcastState
    lane: BroadcastLane
    deed: Deed
    oktmo: str
    """The territory within which its houses lie."""
    inn: str
    """The organisation that speaks; empty when the territory's own staff do."""
    beginning: str
    """The first words of its text."""
    total: int
    """Chats that are to get it."""
    people: int | None
    """Residents of those chats by the last count before it; null when nobody was counted there."""
    done: int
    """Chats that have it."""
    failed: int
    """Chats in which it failed for good: their receipts say why."""
    not_sent: int
    """Chats that what it follows never reached: there is nothing to do in them."""
    left: int
    """Chats of which nothing is known yet."""
    sending: int
    """Of those left when it was stopped: chats to which it is still being sent, or may be. Ask
    again: within minutes they are counted."""
    eta_seconds: int
    """Time left, with what it waits for; 0 when it is over or nobody can say."""
    created_by: str
    """Who sent it: `vk:<id>`."""
    created_at: datetime
    """When it was confirmed, or asked for as what follows another one."""
    start_at: datetime | None
    """When it starts or goes on; null when at once."""
    held_for: HeldFor | None
    """Why it does not go on before `start_at`; null when nothing holds it."""
    started_at: datetime | None
    finished_at: datetime | None
    waits_until: datetime | None
    """Until when it waits; null when it does not, or nobody can say."""
    waits_because: str
    """What it waits for: a sentence for people; empty when it does not."""
    reason: str
    """Why it was stopped: a sentence for people."""
    approved_by: str
    """The second person: `vk:<id>`; empty when there is none."""
    sender_reason: str
    """Why an emergency of many chats went out without a second person."""
    review: ReviewNote | None
    """Null when it needs none."""
    of: str
    """The broadcast that it corrects, recalls or closes; empty when none."""
    followed_by: str
    """The last broadcast that corrects, recalls or closes it; empty when none."""
    closing: bool
    """It tells the chats of `of` that what that one told of is over."""
    closed_by: str
    """The broadcast that tells that it is over; of a recall: the one that stays in the chats."""
    notice: str
    """What is worth knowing beside its state: a sentence for people; mostly empty."""
    recalled: bool
    """Its messages are being taken back, or some of them were."""
    personal: bool
    """Each house gets a text of its own."""
    pin: bool
    """The message is pinned in the chats."""
    can: BroadcastCan
    poll_after_ms: int
    """After how many milliseconds it is worth asking again; 0 when it is over."""


@dataclass(frozen=True, slots=True)
class BroadcastDetails(BroadcastCard):
    """All that is known of a broadcast."""

    message: SaidMessage | None
    """Null of a recall: it says nothing."""
    audience: list[str]
    """Whom it was asked to reach, part by part, and how many houses each part had found then."""
    followers: list[str]
    """Broadcasts that correct, recall or close it, the newest first."""


def card_of(one: Broadcast, caller: Caller, *, now: datetime, sending: int = 0) -> BroadcastCard:
    """Return how a broadcast is shown to somebody at a moment.

    `sending`: chats to which what was stopped is still being sent.
    """
    left, wait = eta_seconds(one, now), wait_of(one, now)
    because = wait.because if wait else ""
    if sending:
        because = STILL_SENDING.format(sending)
    return BroadcastCard(
        id=one.id,
        status=status_of(one),
        state=one.state,
        lane=one.lane,
        deed=one.deed,
        oktmo=one.oktmo,
        inn=one.inn,
        beginning=one.beginning,
        total=one.chats,
        people=one.people or None,
        done=one.sent,
        failed=one.failed,
        not_sent=one.not_sent,
        left=one.left,
        sending=sending,
        eta_seconds=left,
        created_by=one.created_by,
        created_at=one.created_at,
        start_at=one.start_at,
        held_for=one.held_for,
        started_at=one.started_at,
        finished_at=one.finished_at,
        waits_until=wait.until if wait else None,
        waits_because=because,
        reason=one.stopped_because,
        approved_by=one.approved_by,
        sender_reason=one.sender_reason,
        review=_review_of(one, now),
        of=one.of,
        followed_by=one.followed_by,
        closing=one.is_closing,
        closed_by=one.closed_by,
        notice=notice_of(one),
        recalled=one.recalled,
        personal=one.personal,
        pin=one.pin,
        can=can_do(one, caller, now=now),
        poll_after_ms=0 if one.state in SETTLED and not sending else polled_after(left),
    )


def can_do(one: Broadcast, caller: Caller, *, now: datetime) -> BroadcastCan:
    """Tell what somebody can do with a broadcast: the state machine itself is asked."""
    sends, by = may(caller, Permission.BROADCASTS_SEND, [one.place]), caller.name

    def fits(act: Callable[[], object]) -> bool:
        if not sends:
            return False
        try:
            act()
        except NotNowError:
            return False
        return True

    return BroadcastCan(
        cancel=fits(lambda: cancelled(one, now=now)),
        stop=fits(lambda: stopped(one, because="", now=now)),
        resume=fits(lambda: resumed(one, now=now)),
        retry=fits(lambda: require_retriable(one)),
        correct=fits(lambda: require_correctable(one, now=now)),
        recall=fits(lambda: require_recallable(one, now=now)),
        close=fits(lambda: require_closable(one)),
        approve=fits(lambda: _approved(one, by, now)),
        review=fits(lambda: reviewed(one, by=by, note="", now=now)),
    )


def _approved(one: Broadcast, by: str, now: datetime) -> Broadcast:
    after = approved(one, by=by, start_at=now, held_for=HeldFor.HOLD)
    require_timely(one, until=None, now=now)
    return after


def details_of(
    card: BroadcastCard, message: Message | None, asked: Sequence[str], followers: list[str]
) -> BroadcastDetails:
    """Return a card with what its broadcast says, to whom, and what followed it."""
    shown = {field.name: getattr(card, field.name) for field in fields(card)}
    return BroadcastDetails(
        **shown,
        message=_said(message) if message else None,
        audience=[*asked],
        followers=followers,
    )


def is_overdue(one: Broadcast, now: datetime) -> bool:
    """Tell whether nobody has looked in time at an emergency without a second person."""
    return one.review is not None and one.review.at is None and one.review.due_at <= now


def _review_of(one: Broadcast, now: datetime) -> ReviewNote | None:
    review = one.review
    if review is None:
        return None
    return ReviewNote(review.due_at, is_overdue(one, now), review.by, review.at, review.note)


def _said(message: Message) -> SaidMessage:
    file = message.attachment
    return SaidMessage(
        header=message.header,
        text=message.text,
        until=message.until,
        buttons=[BroadcastButton(button.label, button.link) for button in message.buttons],
        file=BroadcastFile(file.file_name, file.image) if file else None,
    )
