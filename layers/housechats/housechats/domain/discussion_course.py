"""The course of a discussion: what follows from each thing that happens, and from time alone.

Every function returns the discussion as it is then, with the errands that the change calls for.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from housechats.domain.discussion_times import reminders, too_late_for
from housechats.domain.discussions import (
    GRACE,
    MOST_MOVES,
    PROLONGED_BY,
    PROTOCOL_WITHIN,
    SILENCE,
    Discussion,
    DiscussionState,
    Happening,
    NotNowError,
    moved,
)
from housechats.domain.errands import Errand, added
from housechats.domain.quiet_hours import LocalQuiet, next_allowed
from housechats.domain.working_time import next_working_moment

LATE_AFTER = timedelta(minutes=15)
"""Without a word of the representative: the house is told that they are late."""
ABSENT_AFTER = timedelta(minutes=30)
OFFERED_BEFORE = timedelta(minutes=10)
"""Before the planned end, if somebody has written within as long: going on is offered."""
LOOKED_AFTER = timedelta(minutes=2)
"""Between two looks into a chat, at the least."""
SEARCHES = 3
"""How often a lost chat is looked for before another time is asked for."""
SEARCH_AGAIN = timedelta(minutes=2)
"""Another worker's newborn chat looks like a lost one until that worker has noted it."""
LATE_OPENING = timedelta(minutes=10)
"""Opened later than so, it is as long as it was to be."""
PROTOCOL_REMINDERS = (timedelta(hours=12), timedelta(hours=36))
CLEANED_AGAIN = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
"""Pauses of an emptying that VK does not let us finish; then the last."""

IN_QUEUES, IN_ITS_CHAT, TO_MANY, IN_OLD_CARD = -1, -2, -3, -4
"""In place of a person: what is told elsewhere than in the house chat does not wait for it.

Nothing new in the house chat waits for an old card there.
"""


class Kind(StrEnum):
    """What an errand of a discussion is."""

    # To other rooms, and to the clock.
    TIME_NAMED = "time_named"
    CANCELLED = "discussion_cancelled"
    OVER = "discussion_over"
    AWAIT_START = "await_start"
    AWAIT_CLEANING = "await_cleaning"
    # In the house chat.
    ANNOUNCE = "announce"
    REMIND = "remind"
    INVITE = "invite"
    LATE = "late"
    CALLED_OFF = "called_off"
    NOT_OPENED = "not_opened"
    OUTCOME = "outcome"
    AMEND_CARD = "amend_card"
    """Put into a card of before what holds now; without the button."""
    # In the discussion's chat.
    OFFER = "offer"
    PROLONGED = "prolonged"
    ENDED = "ended"
    OUTCOME_HERE = "outcome_here"
    """When the house chat takes it no more."""
    FAREWELL = "farewell"
    # Privately.
    NAMED = "named"
    REMIND_SPEAKER = "remind_speaker"
    INVITE_SPEAKER = "invite_speaker"
    HURRY = "hurry"
    INVITE_INTERESTED = "invite_interested"
    CANCELLED_SPEAKER = "cancelled_speaker"
    ASK_NEW_TIME = "ask_new_time"
    ASK_PROTOCOL = "ask_protocol"


TOLD_TO_QUESTIONS = frozenset({Kind.TIME_NAMED, Kind.CANCELLED, Kind.OVER})
IN_HOUSE = frozenset(
    {
        Kind.ANNOUNCE,
        Kind.REMIND,
        Kind.INVITE,
        Kind.LATE,
        Kind.CALLED_OFF,
        Kind.NOT_OPENED,
        Kind.OUTCOME,
        Kind.AMEND_CARD,
    }
)
IN_ROOM = frozenset({Kind.OFFER, Kind.PROLONGED, Kind.ENDED, Kind.OUTCOME_HERE, Kind.FAREWELL})
TO_SPEAKER = frozenset(
    {
        Kind.NAMED,
        Kind.REMIND_SPEAKER,
        Kind.INVITE_SPEAKER,
        Kind.HURRY,
        Kind.CANCELLED_SPEAKER,
        Kind.ASK_NEW_TIME,
        Kind.ASK_PROTOCOL,
    }
)

NOT_READABLE = "Домовой чат недоступен: итог остался в карточке обсуждения."
PAST_ITS_TIME = "Чат обсуждения не удалось открыть вовремя."
UNCERTAIN = (
    "Возможно, чат обсуждения создан, но ВКонтакте его не показывает. Ссылки на него нет ни у кого."
)
MANY_MOVES = f"Обсуждение переносили уже {MOST_MOVES} раз: проведите его или отмените."
LONG_ENOUGH = "Обсуждение не может длиться больше четырёх часов."
NO_PROTOCOL_NEEDED = "Обсуждение не состоялось: протокола не будет."

TOO_LATE = "Итог обсуждения уже опубликован."
_NO_PROTOCOL = {
    DiscussionState.PLANNED: "Обсуждение ещё не началось.",
    DiscussionState.OPENING: "Обсуждение ещё не началось.",
    DiscussionState.OPEN: "Обсуждение ещё идёт: сначала завершите его.",
    DiscussionState.CANCELLED: "Обсуждение отменено: протокола не будет.",
}


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of who has written in a discussion's chat lately."""

    last_at: datetime | None = None
    speaker_wrote: bool = False
    """Whether somebody who speaks for the organisation has written."""
    whole: bool = True
    """Whether all that was written since was seen."""


# ---------------------------------------------------------------- before it


def named(discussion: Discussion, *, quiet: LocalQuiet) -> Discussion:
    """Return a new discussion with all that is to be said of its time."""
    told = replace(
        discussion, reminded=too_late_for(discussion.starts_at, now=discussion.created_at)
    )
    return _waiting(
        _with(told, Kind.TIME_NAMED, Kind.AWAIT_START, Kind.ANNOUNCE, Kind.NAMED), quiet
    )


def moved_to(
    discussion: Discussion, starts_at: datetime, *, now: datetime, quiet: LocalQuiet
) -> Discussion:
    """Return it at another time, as long as before."""
    if discussion.state == DiscussionState.PLANNED and starts_at == discussion.starts_at:
        return discussion
    length = discussion.ends_at - discussion.starts_at
    if discussion.moves >= MOST_MOVES:
        raise NotNowError(MANY_MOVES)
    there = replace(
        moved(discussion, Happening.MOVED),
        starts_at=starts_at,
        ends_at=starts_at + length,
        moves=discussion.moves + 1,
        reminded=too_late_for(starts_at, now=now),
        errands=tuple(one for one in discussion.errands if one.kind not in _STALE_WHEN_MOVED),
    )
    told = _with(there, Kind.TIME_NAMED, Kind.AWAIT_START, Kind.ANNOUNCE, Kind.NAMED)
    return _waiting(_with_card_amended(told), quiet)


def announced(discussion: Discussion, *, cmid: int) -> Discussion:
    return replace(discussion, card_cmid=cmid)


def _with_card_amended(discussion: Discussion) -> Discussion:
    """Return it with its card of before as one that is to say what holds now."""
    cmid = discussion.card_cmid
    if not cmid:
        return discussion
    amends = Errand(f"{Kind.AMEND_CARD}/{cmid}", Kind.AMEND_CARD, IN_OLD_CARD, value=str(cmid))
    return replace(discussion, card_cmid=0).with_errands(added(discussion.errands, amends))


_STALE_WHEN_MOVED = {Kind.AWAIT_START, Kind.ANNOUNCE, Kind.REMIND, Kind.REMIND_SPEAKER, Kind.NAMED}


def cancelled(discussion: Discussion, *, reason: str, by_speaker: bool = False) -> Discussion:
    """Return it called off; one that is called off already stays as it is."""
    if discussion.state == DiscussionState.CANCELLED:
        return discussion
    off = replace(
        moved(discussion, Happening.CANCELLED),
        reason=reason,
        wake_at=None,
        errands=tuple(one for one in discussion.errands if one.kind not in _STALE_WHEN_MOVED),
    )
    told = _with(
        off, Kind.CANCELLED, Kind.CALLED_OFF, *([] if by_speaker else [Kind.CANCELLED_SPEAKER])
    )
    return _with_card_amended(told)


def question_over(discussion: Discussion, *, reason: str) -> Discussion:
    """Return it after its question was withdrawn: what people came together for goes on."""
    if discussion.state != DiscussionState.PLANNED:
        return discussion
    return cancelled(discussion, reason=reason)


def woken(discussion: Discussion, *, now: datetime, quiet: LocalQuiet) -> Discussion:
    """Return what time alone has made of it; what is heard in its chat is `listened`."""
    match discussion.state:
        case DiscussionState.PLANNED:
            return _awaited(discussion, now, quiet)
        case DiscussionState.ENDED:
            return _protocol_awaited(discussion, now, quiet)
    return discussion


def _awaited(discussion: Discussion, now: datetime, quiet: LocalQuiet) -> Discussion:
    if now >= discussion.starts_at:
        return replace(moved(discussion, Happening.TIME_CAME), wake_at=now)
    moments = reminders(discussion.starts_at, quiet)
    due = [n for n, at in enumerate(moments, 1) if n > discussion.reminded and at and at <= now]
    if not due:
        return _waiting(discussion, quiet)
    # Of two that are due, the later one says all.
    told = _with(replace(discussion, reminded=due[-1]), Kind.REMIND, Kind.REMIND_SPEAKER)
    return _waiting(told, quiet)


def _waiting(discussion: Discussion, quiet: LocalQuiet) -> Discussion:
    moments = reminders(discussion.starts_at, quiet)[discussion.reminded :]
    wake_at = min([moment for moment in moments if moment] + [discussion.starts_at])
    return replace(discussion, wake_at=wake_at)


# ---------------------------------------------------------------- its chat


def not_made(discussion: Discussion, *, reason: str) -> Discussion:
    """Return it given up before anybody could come: the house hears of it, a new time is asked."""
    lost = replace(
        moved(discussion, Happening.NOT_MADE), reason=reason, wake_at=None, lease_until=None
    )
    return _with(lost, Kind.CANCELLED, Kind.NOT_OPENED, Kind.ASK_NEW_TIME)


def end_when_opened(discussion: Discussion, *, now: datetime) -> datetime:
    """Return the planned end of one whose chat opens now."""
    if now - discussion.starts_at < LATE_OPENING:
        return discussion.ends_at
    return now + (discussion.ends_at - discussion.starts_at)


def opened(discussion: Discussion, *, link: str, ends_at: datetime, now: datetime) -> Discussion:
    there = replace(
        moved(discussion, Happening.CHAT_MADE),
        link=link,
        opened_at=now,
        ends_at=ends_at,
        lease_until=None,
        reason="",
    )
    told = _with(there, Kind.INVITE, Kind.INVITE_SPEAKER, Kind.INVITE_INTERESTED)
    return replace(told, wake_at=_next_look(told, now))


# ---------------------------------------------------------------- while people talk


def listened(discussion: Discussion, heard: Heard, *, now: datetime) -> Discussion:
    """Return what follows from what was heard in its chat."""
    if discussion.state != DiscussionState.OPEN:
        return discussion
    there = _heard(discussion, heard, now)
    if not there.representative_wrote_at and heard.whole:
        if now >= there.begun_at + ABSENT_AFTER:
            return _nobody_came(there, now)
        if now >= there.begun_at + LATE_AFTER and not there.late_told:
            there = _with(replace(there, late_told=True), Kind.LATE, Kind.HURRY)
    last = there.last_message_at or there.begun_at
    is_silent = now >= there.ends_at and now >= last + SILENCE
    if is_silent or now >= there.hard_end:
        return ended(there, now=now)
    near_end = now >= there.ends_at - OFFERED_BEFORE
    can_go_on = there.hard_end - there.ends_at >= OFFERED_BEFORE
    is_lively = near_end and now - last <= OFFERED_BEFORE
    if is_lively and can_go_on and there.offered_for != there.ends_at:
        there = _with(replace(there, offered_for=there.ends_at), Kind.OFFER)
    return replace(there, wake_at=_next_look(there, now))


def _heard(discussion: Discussion, heard: Heard, now: datetime) -> Discussion:
    moments = [at for at in (discussion.last_message_at, heard.last_at) if at]
    wrote = discussion.representative_wrote_at or (now if heard.speaker_wrote else None)
    last = max(moments, default=None)
    return replace(discussion, last_message_at=last, representative_wrote_at=wrote)


def _next_look(discussion: Discussion, now: datetime) -> datetime:
    """Return when its chat is looked into next: seldom, and only when it may change anything."""
    begun, soon = discussion.begun_at, now + LOOKED_AFTER
    looks = [discussion.ends_at, discussion.hard_end]
    if not discussion.representative_wrote_at:
        looks += [begun + LATE_AFTER, begun + ABSENT_AFTER]
    if discussion.offered_for != discussion.ends_at:
        looks.append(discussion.ends_at - OFFERED_BEFORE)
    if now >= discussion.ends_at:
        looks.append(max((discussion.last_message_at or begun) + SILENCE, soon))
    later = [look for look in looks if look > now]
    return min(max(min(later, default=soon), soon), max(discussion.hard_end, soon))


def present(discussion: Discussion, *, now: datetime) -> Discussion:
    """Return it after somebody of the organisation was seen there without a word."""
    if discussion.state != DiscussionState.OPEN or discussion.representative_wrote_at:
        return discussion
    return replace(discussion, representative_wrote_at=now)


def prolonged(discussion: Discussion, *, now: datetime, shown: int = 0) -> Discussion:
    """Return it prolonged; by a button once for each planned end that it was shown with.

    `shown`: that end as a button has it, in seconds since 1970; 0 when there was no button.
    """
    if discussion.state == DiscussionState.OPEN and shown not in {
        0,
        seconds_of(discussion.ends_at),
    }:
        return discussion
    there = moved(discussion, Happening.PROLONGED)
    ends_at = min(max(there.ends_at, now) + PROLONGED_BY, there.hard_end)
    if ends_at <= there.ends_at:
        raise NotNowError(LONG_ENOUGH)
    there = _with(replace(there, ends_at=ends_at), Kind.PROLONGED)
    return replace(there, wake_at=_next_look(there, now))


def ended(discussion: Discussion, *, now: datetime) -> Discussion:
    over = replace(moved(discussion, Happening.ENDED), ended_at=now)
    told = _with(over, Kind.ENDED, Kind.ASK_PROTOCOL)
    return replace(told, wake_at=_protocol_look(told))


def _nobody_came(discussion: Discussion, now: datetime) -> Discussion:
    over = replace(moved(discussion, Happening.NOBODY_CAME), ended_at=now, came=False, wake_at=None)
    return _with(over, Kind.ENDED, Kind.OUTCOME, Kind.ASK_NEW_TIME)


# ---------------------------------------------------------------- its outcome


def with_protocol(discussion: Discussion, text: str, *, by: str) -> Discussion:
    """Return it with its protocol, which goes to the house chat; the first one counts."""
    if discussion.protocol == text and text:
        return discussion
    if discussion.state != DiscussionState.ENDED or _is_going_out(discussion):
        raise NotNowError(
            NO_PROTOCOL_NEEDED
            if not discussion.came
            else _NO_PROTOCOL.get(discussion.state, TOO_LATE)
        )
    told = replace(discussion, protocol=text, protocol_by=by, wake_at=None)
    return _with(told, Kind.OUTCOME)


def _is_going_out(discussion: Discussion) -> bool:
    return bool({one.kind for one in discussion.errands} & {Kind.OUTCOME, Kind.OUTCOME_HERE})


def _protocol_awaited(discussion: Discussion, now: datetime, quiet: LocalQuiet) -> Discussion:
    if _is_going_out(discussion) or discussion.ended_at is None:
        return discussion
    if now >= discussion.ended_at + PROTOCOL_WITHIN:
        # A discussion may have ended late in the evening: the house is not told at that hour.
        if (allowed := next_allowed(now, [quiet])) > now:
            return replace(discussion, wake_at=allowed)
        return _with(replace(discussion, wake_at=None), Kind.OUTCOME)
    moments = _protocol_reminders(discussion)
    due = [n for n, at in enumerate(moments, 1) if n > discussion.protocol_reminded and at <= now]
    if due:
        told = replace(discussion, protocol_reminded=due[-1])
        discussion = _with(told, Kind.ASK_PROTOCOL)
    return replace(discussion, wake_at=_protocol_look(discussion))


def _protocol_look(discussion: Discussion) -> datetime | None:
    if discussion.ended_at is None:
        return None
    moments = _protocol_reminders(discussion)[discussion.protocol_reminded :]
    return min([*moments, discussion.ended_at + PROTOCOL_WITHIN])


def _protocol_reminders(discussion: Discussion) -> list[datetime]:
    """Return when the protocol is asked for again: at work, and never twice in one morning."""
    ended_at, oktmo = discussion.ended_at or discussion.ends_at, discussion.oktmo
    first = next_working_moment(ended_at + PROTOCOL_REMINDERS[0], oktmo)
    again = max(ended_at + PROTOCOL_REMINDERS[1], first + timedelta(hours=4))
    return [first, next_working_moment(again, oktmo)]


def outcome_posted(
    discussion: Discussion, *, cmid: int, now: datetime, reason: str = ""
) -> Discussion:
    """Return it settled; `cmid` 0: no chat takes the card any more, the record keeps it."""
    if discussion.state != DiscussionState.ENDED:
        return discussion
    settled = replace(
        moved(discussion, Happening.OUTCOME_POSTED),
        outcome_cmid=cmid,
        settled_at=now,
        wake_at=now + GRACE,
        reason=reason,
    )
    happened = Kind.OVER if settled.came else Kind.CANCELLED
    return _with(settled, happened, Kind.FAREWELL, Kind.AWAIT_CLEANING)


def outcome_refused(discussion: Discussion, kind: str, *, now: datetime) -> Discussion:
    """Return it after a chat took the card with the outcome for no good: elsewhere, or nowhere."""
    if kind == Kind.OUTCOME:
        return _with(discussion, Kind.OUTCOME_HERE)
    return outcome_posted(discussion, cmid=0, now=now, reason=NOT_READABLE)


# ---------------------------------------------------------------- its emptying


def may_be_emptied(discussion: Discussion, *, now: datetime) -> bool:
    """Tell whether people have the outcome, were told, and had their time."""
    if discussion.state == DiscussionState.EMPTYING:
        return True
    told = Kind.FAREWELL not in {one.kind for one in discussion.errands}
    is_over = discussion.settled_at is not None and now >= discussion.settled_at + GRACE
    return discussion.state == DiscussionState.SETTLED and told and is_over


def emptying(discussion: Discussion, *, lease_until: datetime) -> Discussion:
    there = discussion
    if there.state == DiscussionState.SETTLED:
        there = moved(there, Happening.GRACE_OVER)
    return replace(there, lease_until=lease_until, wake_at=lease_until)


def removed_from(discussion: Discussion, people: Collection[int]) -> Discussion:
    return replace(discussion, removed=discussion.removed + len(people))


def emptied(discussion: Discussion, *, now: datetime) -> Discussion:
    if discussion.state != DiscussionState.EMPTYING:
        return discussion
    return replace(
        moved(discussion, Happening.EMPTIED),
        emptied_at=now,
        link="",
        reason="",
        wake_at=None,
        lease_until=None,
    )


def cleaned_later(
    discussion: Discussion, *, reason: str, now: datetime, until: datetime | None = None
) -> Discussion:
    """Return it for a later try; pauses grow, unless it is known until when."""
    if discussion.state != DiscussionState.EMPTYING:
        return discussion
    pause = CLEANED_AGAIN[min(discussion.cleanings, len(CLEANED_AGAIN) - 1)]
    return replace(
        discussion,
        reason=reason,
        cleanings=discussion.cleanings + (until is None),
        wake_at=until or now + pause,
        lease_until=None,
    )


# ---------------------------------------------------------------- errands


def _with(discussion: Discussion, *kinds: Kind) -> Discussion:
    """Return it with errands more; one of the same kind about the same thing is there once."""
    if not discussion.named_by:
        kinds = tuple(kind for kind in kinds if kind not in TO_SPEAKER)
    about = f"{discussion.moves}.{discussion.reminded}.{discussion.protocol_reminded}"
    ends = seconds_of(discussion.ends_at)
    more = (
        Errand(id=f"{kind}/{about}/{ends}", kind=kind, to=_to(kind, discussion)) for kind in kinds
    )
    return discussion.with_errands(added(discussion.errands, *more))


def seconds_of(moment: datetime) -> int:
    """Return a moment as buttons carry it."""
    return int(moment.timestamp())


def _to(kind: Kind, discussion: Discussion) -> int:
    if kind in IN_HOUSE:
        return 0
    if kind in IN_ROOM:
        return IN_ITS_CHAT
    if kind == Kind.INVITE_INTERESTED:
        return TO_MANY
    return discussion.named_by if kind in TO_SPEAKER else IN_QUEUES
