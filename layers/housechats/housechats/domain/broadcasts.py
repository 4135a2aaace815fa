"""Broadcasts: one message to many house chats; states, and what may become of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from housechats.domain.access import Place
from housechats.domain.errors import HouseChatsError
from housechats.domain.random_ids import random_id

TOGETHER = 100
"""Chats in one call with one text (VK's `peer_ids`), so in one chunk."""
APART = 25
"""Chats in one `execute` with a text, or a message, of their own."""
IN_FLIGHT = 20
"""Chunks of one broadcast and one community that are handed over at a time: mailings that share a
community take turns."""
HOLD = timedelta(seconds=10)
"""How long a confirmed broadcast can be taken back before it starts; an emergency cannot wait."""
KEPT = timedelta(days=400)
"""How long a broadcast and its receipts are kept: a year, and time to ask about it."""
REVIEWED_WITHIN = timedelta(hours=24)
RECALLABLE = timedelta(hours=24)
"""VK deletes a message for all within a day of its sending (documentation of messages.delete)."""
STARTED_BY_NOW = timedelta(seconds=60)
"""When a broadcast whose start was lost on the way is started by the sweep."""
LOOKED_AT_AFTER = timedelta(minutes=2)
"""When it is looked whether a broadcast goes on, or what went out before it was stopped: its
worker's lease is over by then."""
URGENT_LOOKED_AT_AFTER = timedelta(seconds=15)
"""When it is looked whether an emergency is on its way: the next minute's sweep finds one whose
confirmation was cut off before it was handed over."""
BEGINNING = 100


class BroadcastLane(StrEnum):
    """How urgent a broadcast is."""

    EMERGENCY = "emergency"
    """At once, ahead of everything, at any hour."""
    PLANNED = "planned"
    """What is known beforehand, such as an outage: keeps the quiet hours."""
    NEWS = "news"
    """Of nothing that has to be done by a time: keeps the quiet hours, too."""


class Deed(StrEnum):
    """What a broadcast does in each chat."""

    MESSAGE = "message"
    CORRECTION = "correction"
    """It edits the message of another one; where that is too late, it replies to it."""
    RECALL = "recall"
    """It deletes the message of another one for all."""


class BroadcastState(StrEnum):
    AWAITS_APPROVAL = "awaits_approval"
    """A second person is to confirm it."""
    SCHEDULED = "scheduled"
    """It starts, or goes on, at `start_at`."""
    RUNNING = "running"
    STOPPED = "stopped"
    """A person has stopped it, or we have: `stopped_because`. The rest can be sent."""
    DONE = "done"
    CANCELLED = "cancelled"
    """It never started."""

    @property
    def final(self) -> bool:
        return self in {BroadcastState.DONE, BroadcastState.CANCELLED}


class HeldFor(StrEnum):
    """Why a broadcast is scheduled, not running."""

    HOLD = "hold"
    """Ten seconds in which it can be taken back."""
    TIME = "time"
    """Its sender chose the time."""
    QUIET_HOURS = "quiet_hours"


class NotNowError(HouseChatsError):
    """A broadcast is not in a state for what is asked; `message` is a Russian sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Review:
    """A look at an emergency that no second person had confirmed."""

    due_at: datetime
    by: str = ""
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One mailing. Its text and its audience lie in files: this is read before every call."""

    id: str
    deed: Deed
    lane: BroadcastLane
    oktmo: str
    """The territory within which its houses lie."""
    inn: str
    """The organisation that speaks; empty when the territory's own staff do."""
    created_by: str
    """`vk:<id>`."""
    created_at: datetime
    beginning: str
    """The first words of the text."""
    chats: int
    chunks: int
    people: int
    """Residents of the chats by the last count."""
    of: str = ""
    """The broadcast that it corrects, recalls or closes; empty when none."""
    audience: str = ""
    """The broadcast whose houses it has, chunk by chunk; empty when they are its own."""
    followed_by: str = ""
    """The last one that corrects, recalls or closes it: its own rest goes out no more."""
    followers: tuple[str, ...] = ()
    """All that did so, the first one first; what was taken back before it began is none."""
    closed_by: str = ""
    """The message that says that what it told of is over; of a recall: the one that stays."""
    recalled: bool = False
    """Its messages are being taken back, or some of them were."""
    personal: bool = False
    """Each chat gets a text of its own."""
    pin: bool = False
    until: datetime | None = None
    """When what it tells of ends: then it goes out no more by itself."""
    state: BroadcastState = BroadcastState.SCHEDULED
    start_at: datetime | None = None
    held_for: HeldFor | None = HeldFor.HOLD
    quiet_from: datetime | None = None
    """When the next quiet hours begin: what is left waits for their end."""
    quiet_until: datetime | None = None
    approved_by: str = ""
    """The second person."""
    sender_reason: str = ""
    """Why an emergency of many chats went out without a second person."""
    review: Review | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    stopped_because: str = ""
    """A Russian sentence."""
    waits_until: datetime | None = None
    """Until when VK asked us to wait; some chats may go on meanwhile."""
    waits_because: str = ""
    tried_again_at: datetime | None = None
    """When something that failed in some chats is tried again by itself."""
    tried_again_because: str = ""
    """A Russian sentence."""
    attachments: Mapping[str, str] = field(default_factory=dict)
    """The file as VK knows it, by the community's number."""
    due_at: datetime | None = None
    """When the sweep looks at it."""
    revision: int = 1
    # Counters: they grow beside revisions, and are exact once the broadcast is over.
    sent: int = 0
    failed: int = 0
    not_sent: int = 0
    """Chats that what it follows never reached: there is nothing to do in them."""
    finished: Mapping[int, int] = field(default_factory=dict)
    """Chunks that are through, by community."""
    # What the sweep notes.
    seen: int = 0
    """Chunks that were through when the sweep looked last."""
    hand_overs: int = 0
    """Looks in a row at which it had come no further."""

    @property
    def place(self) -> Place:
        return Place(self.oktmo, frozenset({self.inn} - {""}))

    @property
    def audience_folder(self) -> str:
        """Where its houses are listed: what follows a broadcast has those of the first."""
        return folder_of(self.audience or self.id)

    @property
    def left(self) -> int:
        """Chats of which nothing is known yet."""
        return max(self.chats - self.sent - self.failed - self.not_sent, 0)

    @property
    def passed(self) -> int:
        return sum(self.finished.values())

    @property
    def random_id(self) -> int:
        """The number by which VK knows a repeat: one for all chats, so regrouping is safe."""
        return random_id(f"broadcast/{self.id}")

    @property
    def is_urgent(self) -> bool:
        return self.lane == BroadcastLane.EMERGENCY

    @property
    def looked_at_after(self) -> timedelta:
        """How long after it begins it is looked whether it goes on."""
        return URGENT_LOOKED_AT_AFTER if self.is_urgent else LOOKED_AT_AFTER

    @property
    def is_closing(self) -> bool:
        """Say whether it tells that what another one told of is over."""
        return self.deed == Deed.MESSAGE and bool(self.of)

    @property
    def chunk_chats(self) -> int:
        return chunk_chats(personal=self.personal)

    def calls_of_chunk(self, chats: int) -> int:
        """Return calls of VK that a chunk of so many chats takes."""
        if self.deed != Deed.MESSAGE:
            return -(-chats // APART)
        return calls_of_message(chats, personal=self.personal, pin=self.pin)


def chunk_chats(*, personal: bool) -> int:
    """Return how many chats there are in a chunk; `personal`: each gets a text of its own."""
    return APART if personal else TOGETHER


def calls_of_message(chats: int, *, personal: bool, pin: bool) -> int:
    """Return calls of VK that a message to a chunk of so many chats takes."""
    apart = -(-chats // APART)
    # What closes a broadcast of one text may have texts of its own for the same 100 chats.
    return (apart if personal else min(chats, 1)) + apart * pin


def folder_of(broadcast_id: str) -> str:
    """Return where the files of a broadcast lie: what it says, its audience, its picture."""
    return f"broadcasts/{broadcast_id}"


def preview_folder(preview_id: str) -> str:
    """Return where the files of a preview lie; a confirmed one's are copied from there."""
    return f"previews/{preview_id}"


ALREADY_OVER = "Рассылка уже закончена."
ALREADY_STARTED = "Рассылка уже началась: её можно остановить."
OUTDATED = (
    "То, о чём говорит рассылка, уже закончилось: остаток не отправлен. Если он всё же нужен, "
    "нажмите «Продолжить»."
)
NOT_OVER = "Дождитесь конца рассылки или остановите её."
FOLLOWED = (
    "После этой рассылки уже было исправление, отзыв или закрытие: её остаток не отправляется. "
    "Составьте новую."
)


def approved(one: Broadcast, *, by: str, start_at: datetime, held_for: HeldFor) -> Broadcast:
    """Return a broadcast that a second person has confirmed."""
    if one.state != BroadcastState.AWAITS_APPROVAL:
        raise NotNowError("Эта рассылка не ждёт второго человека.")
    if by == one.created_by:
        raise NotNowError("Подтвердить должен другой человек, не тот, кто составил рассылку.")
    return scheduled(replace(one, approved_by=by), start_at=start_at, held_for=held_for)


def scheduled(one: Broadcast, *, start_at: datetime, held_for: HeldFor) -> Broadcast:
    """Return a broadcast that starts, or goes on, at a time."""
    return _changed(
        one,
        state=BroadcastState.SCHEDULED,
        start_at=start_at,
        held_for=held_for,
        waits_until=None,
        waits_because="",
        due_at=start_at + STARTED_BY_NOW,
    )


def moved(one: Broadcast, *, start_at: datetime, held_for: HeldFor) -> Broadcast:
    """Return a broadcast with another time of its start."""
    _not_begun(one)
    if one.state == BroadcastState.AWAITS_APPROVAL:
        return _changed(one, start_at=start_at, held_for=held_for)
    return scheduled(one, start_at=start_at, held_for=held_for)


def cancelled(one: Broadcast, *, now: datetime) -> Broadcast:
    """Return a broadcast that was taken back before it started."""
    _not_begun(one)
    return _changed(one, state=BroadcastState.CANCELLED, finished_at=now, due_at=None)


def at_once(new: Broadcast, *, now: datetime) -> Broadcast:
    """Return a new broadcast that runs from its first moment."""
    return replace(
        new,
        state=BroadcastState.RUNNING,
        held_for=None,
        started_at=now,
        due_at=now + new.looked_at_after,
    )


def started(one: Broadcast, *, now: datetime) -> Broadcast:
    """Return a broadcast that runs from now on; the first start is kept."""
    if one.state != BroadcastState.SCHEDULED:
        raise NotNowError(ALREADY_OVER if one.state.final else ALREADY_STARTED)
    return _running(one, now)


def stopped(one: Broadcast, *, because: str, now: datetime) -> Broadcast:
    """Return a broadcast whose rest does not go out for now; what went out is counted soon."""
    running_later = one.state == BroadcastState.SCHEDULED and one.started_at
    if one.state != BroadcastState.RUNNING and not running_later:
        raise NotNowError(
            ALREADY_OVER if one.state.final else "Рассылка не идёт: остановить нечего."
        )
    return _changed(
        one,
        state=BroadcastState.STOPPED,
        stopped_because=because,
        due_at=now + LOOKED_AT_AFTER,
        waits_until=None,
        waits_because="",
    )


def resumed(one: Broadcast, *, now: datetime) -> Broadcast:
    """Return a stopped broadcast that goes on with the rest."""
    if one.state != BroadcastState.STOPPED:
        raise NotNowError("Рассылка не остановлена.")
    _not_followed(one)
    return _running(replace(one, until=ahead(one.until, now)), now)


def waiting(one: Broadcast, *, until: datetime, because: str, now: datetime) -> Broadcast:
    """Return a running broadcast some of whose chats wait, to be looked at when the wait ends."""
    if one.state != BroadcastState.RUNNING:
        return one
    due = min(until, one.due_at) if one.due_at and one.waits_until else until
    return _changed(one, waits_until=until, waits_because=because, due_at=max(due, now))


def reopened(
    one: Broadcast, *, failed: int, finished: Mapping[int, int], now: datetime
) -> Broadcast:
    """Return a broadcast some of whose failed chats are tried again.

    `failed` chats and `finished` chunks, by community, are what is counted of it from now on.
    """
    if one.state not in {BroadcastState.DONE, BroadcastState.STOPPED}:
        raise NotNowError(NOT_OVER)
    _not_followed(one)
    left = replace(one, failed=failed, finished=finished, finished_at=None)
    return _running(replace(left, until=ahead(one.until, now)), now)


def done(one: Broadcast, *, sent: int, failed: int, now: datetime) -> Broadcast:
    """Return a broadcast all of whose chunks are through; the numbers are those of its receipts."""
    return _changed(
        replace(one, sent=sent, failed=failed),
        state=BroadcastState.DONE,
        stopped_because="",
        finished_at=one.finished_at or now,
        due_at=None,
        waits_until=None,
        waits_because="",
    )


RETRY_BROKE = (
    "Повтор оборвался на полпути. Нажмите «Продолжить»; если этого уже нельзя, составьте рассылку "
    "для оставшихся домов."
)


def settled(
    one: Broadcast, *, sent: int, failed: int, finished: Mapping[int, int], now: datetime
) -> Broadcast:
    """Return a broadcast that is over or stopped, with the numbers of its receipts."""
    if one.state not in {BroadcastState.DONE, BroadcastState.STOPPED}:
        return one
    if sum(finished.values()) == one.chunks:
        return done(replace(one, finished=finished), sent=sent, failed=failed, now=now)
    because = one.stopped_because or RETRY_BROKE
    return _changed(
        replace(one, sent=sent, failed=failed, finished=finished),
        state=BroadcastState.STOPPED,
        stopped_because=because,
        finished_at=None,
        due_at=None,
    )


def counted_anew(one: Broadcast, *, now: datetime) -> Broadcast:
    """Return a broadcast whose receipts tell more since it was over or stopped."""
    if one.state not in {BroadcastState.DONE, BroadcastState.STOPPED}:
        return one
    return _changed(one, due_at=now + LOOKED_AT_AFTER)


def reviewed(one: Broadcast, *, by: str, note: str, now: datetime) -> Broadcast:
    """Return an emergency at which a second person has looked afterwards."""
    if one.review is None:
        raise NotNowError("Эта рассылка не требует проверки.")
    if one.review.at:
        raise NotNowError("Эту рассылку уже проверили.")
    if by == one.created_by:
        raise NotNowError("Проверить должен другой человек, не тот, кто отправил рассылку.")
    return _changed(one, review=replace(one.review, by=by, at=now, note=note))


def followed(one: Broadcast, *, by: str, recalled: bool, closed: bool = False) -> Broadcast:
    """Return a broadcast that another one corrects, recalls or closes."""
    if one.state not in {BroadcastState.DONE, BroadcastState.STOPPED}:
        raise NotNowError(NOT_OVER)
    followers = (*(each for each in one.followers if each != by), by)
    return _changed(
        one,
        followed_by=by,
        followers=followers,
        recalled=one.recalled or recalled,
        closed_by=by if closed else one.closed_by,
    )


def recall_ended(one: Broadcast, *, by: str, deleted: bool) -> Broadcast:
    """Return a broadcast whose last recall is over: it stands if that has deleted nothing."""
    if one.followed_by != by or one.recalled == deleted:
        return one
    return _changed(one, recalled=deleted)


def unfollowed(one: Broadcast, *, by: str) -> Broadcast:
    """Return a broadcast without a follower that was taken back before it began."""
    left = tuple(each for each in one.followers if each != by)
    if left == one.followers:
        return one
    one = replace(one, closed_by="" if one.closed_by == by else one.closed_by)
    return _changed(one, followed_by=left[-1] if left else "", followers=left)


def unclosed(one: Broadcast, *, by: str) -> Broadcast:
    """Return a broadcast whose closing message is taken back: another one can be sent."""
    return _changed(one, closed_by="") if one.closed_by == by else one


def ahead(until: datetime | None, now: datetime) -> datetime | None:
    """Return when something ends; None if it has: who sends it by then, sends it all the same."""
    return until if until and until > now else None


def is_outdated(one: Broadcast, now: datetime) -> bool:
    """Say whether what a broadcast tells of has ended while it waited for something."""
    return one.until is not None and one.until <= now


def attached(one: Broadcast, refs: Mapping[str, str]) -> Broadcast:
    """Return a broadcast whose file VK has for some more communities."""
    return _changed(one, attachments={**one.attachments, **refs})


def _running(one: Broadcast, now: datetime) -> Broadcast:
    return _changed(
        one,
        state=BroadcastState.RUNNING,
        held_for=None,
        started_at=one.started_at or now,
        stopped_because="",
        due_at=now + one.looked_at_after,
        hand_overs=0,
    )


def _not_followed(one: Broadcast) -> None:
    if one.followed_by:
        raise NotNowError(FOLLOWED)


def _not_begun(one: Broadcast) -> None:
    awaits = one.state == BroadcastState.AWAITS_APPROVAL
    if not awaits and (one.state != BroadcastState.SCHEDULED or one.started_at):
        raise NotNowError(ALREADY_OVER if one.state.final else ALREADY_STARTED)


def _changed(one: Broadcast, **changes: object) -> Broadcast:
    return replace(one, revision=one.revision + 1, **changes)  # type: ignore[arg-type]
