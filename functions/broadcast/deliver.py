"""Use case: bring a broadcast to the chats of one chunk, once each, whatever is killed."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from broadcast.calls import Calls
from broadcast.change import change
from broadcast.chunk_work import ChunkWork
from broadcast.deeds import Replies, correct, decide, say, take_back
from broadcast.hold import PROBED_AFTER, hold, is_quiet, note_try, wait
from broadcast.mailing import Mailing
from broadcast.patience import VK_TAKES, Hours, patiently
from broadcast.seed import Queues, end, hand_on_from, next_of
from housechats.domain.broadcasts import (
    OUTDATED,
    Broadcast,
    BroadcastState,
    Deed,
    counted_anew,
    is_outdated,
    stopped,
)
from housechats.domain.communities import AWAITS_PERSON, LOOKS_AGAIN, Community
from housechats.domain.errors import (
    DisconnectedError,
    PausedError,
    TroubleError,
    UnavailableError,
    UnforeseenError,
)
from housechats.domain.receipts import (
    NOT_SENT,
    UNCLEAR,
    ChunkReceipts,
    Recipient,
    failure_of,
)
from housechats.ports.broadcasts import (
    Audiences,
    Broadcasts,
    ChunkClaim,
    Receipts,
    Starts,
)
from housechats.ports.chats import Lane
from housechats.ports.communities import Communities
from housechats.ports.files import Files
from housechats.ports.letters import Button
from housechats.ports.mailings import Mail, Mailer, MailFile, Refused, StoppedError

HANDS_ON_WITHIN = timedelta(minutes=1)
"""A worker lives no longer: by then it has handed over the next chunk, or never will."""
SENDER_AWAITED = timedelta(seconds=1)
"""After what it is looked again whether a worker has sent what is to be followed."""
TRIED_AGAIN_S = (2, 5, 10, 20, 40)
"""After how long an emergency that failed is tried again, each time; what fails for longer comes
back as its queue has it, and rings."""
COMES_BACK = timedelta(minutes=3)
"""The queue's visibility (template.yaml)."""
VK_ERROR = "ВКонтакте ответил ошибкой {}: пробуем ещё раз."
NOT_DONE = "Пока не получается отправить: пробуем ещё раз."
CHATS_WAIT = "ВКонтакте попросил подождать с некоторыми чатами."
FILE_WAITS = "Файл рассылки ещё загружается во ВКонтакте."


class Verdict(StrEnum):
    """What came of a try to deliver a chunk."""

    DELIVERED = "delivered"
    """All of its chats are through, or wait for a time of their own."""
    REPEATED = "repeated"
    STOPPED = "stopped"
    HELD = "held"
    """Quiet hours have begun."""
    WAITS = "waits"
    TRIED_AGAIN = "tried_again"
    """It failed, and comes back within a minute."""
    DISCONNECTED = "disconnected"
    """It waits for a person to connect its community anew."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a try to deliver a chunk has brought."""

    verdict: Verdict
    lane: str
    sent: int = 0
    failed: int = 0
    unknown: int = 0
    """Of the failed: chats of which VK said what we do not know."""

    def __str__(self) -> str:
        return self.verdict


@dataclass(frozen=True, slots=True)
class Desk:
    """What delivering works with."""

    broadcasts: Broadcasts
    receipts: Receipts
    audiences: Audiences
    mailing_of: Callable[[str], Mailing]
    communities: Communities
    mailer_of: Callable[[Community], Mailer]
    files: Files
    starts: Starts
    queues: Queues
    lose: Callable[[str, int, str], None]
    """Notes that a house's chat is out of reach: the house, the chat, a code of FAILURES."""
    lease: timedelta
    """Longer than a worker may live: a dead lease means a dead worker."""


class QuietError(StoppedError):
    """Quiet hours have begun."""


class OutdatedError(StoppedError):
    """What it tells of has ended."""


@dataclass(frozen=True, slots=True)
class _Errand:
    """One chunk, its community, and what the worker has for it."""

    mailing: Mailing
    chunk: int
    community: Community
    desk: Desk
    hours: Hours
    tries: int
    """How often it has failed in the last minutes."""

    @property
    def one(self) -> Broadcast:
        """The broadcast as it was when the worker first saw it."""
        return self.mailing.broadcast

    def claim(self, mailing: Mailing) -> ChunkClaim:
        now = self.hours.now()
        lease_until = now + self.desk.lease
        return patiently(
            lambda: self.desk.receipts.claim(
                mailing.broadcast.id, self.chunk, now=now, lease_until=lease_until
            ),
            hours=self.hours,
        )

    def wait(self, until: datetime, because: str) -> None:
        now = self.hours.now()
        if self.one.is_urgent:
            until = min(until, now + PROBED_AFTER)
        wait(self.one, until=until, because=because, broadcasts=self.desk.broadcasts, now=now)

    def wait_for_person(self) -> None:
        self.wait(self.hours.now() + LOOKS_AGAIN, AWAITS_PERSON)

    def go(self) -> None:
        """Raise StoppedError unless the broadcast goes on: asked before every call of VK's."""
        there = self.desk.broadcasts.get(self.one.id)
        if there is None or there.state != BroadcastState.RUNNING:
            raise StoppedError
        if is_outdated(there, self.hours.now()):
            raise OutdatedError
        if is_quiet(there, self.hours.now()):
            raise QuietError


def deliver(broadcast_id: str, chunk: int, *, desk: Desk, hours: Hours, tries: int = 0) -> Delivery:
    """Claim a chunk, do what the broadcast does in its chats, note it, hand over the next one.

    UnavailableError while another worker has it, or when it cannot be done now; an emergency
    comes back a few times before. `tries`: how often it has done so.
    """
    mailing = desk.mailing_of(broadcast_id)
    number = mailing.audience.community_of(chunk)
    community = desk.communities.get(number)
    if community is None:
        raise LookupError(f"no community {number}")
    if _lacks_file(mailing, community):
        # It may have been uploaded since this worker has read the broadcast.
        mailing = replace(mailing, broadcast=desk.broadcasts.get(broadcast_id) or mailing.broadcast)
    errand = _Errand(mailing, chunk, community, desk, hours, tries)
    lane = errand.one.lane
    if verdict := _held_up(errand):
        return Delivery(verdict, lane)
    chats = patiently(lambda: desk.audiences.chunk(mailing.audience, chunk), hours=hours)
    claim = errand.claim(mailing)
    if not claim.ours:
        if not _is_left(claim.receipts, hours):
            # Its worker may be dead, and this the one message that is left: it must come again.
            raise UnavailableError("another worker has this chunk")
        hand_on_from(
            errand.one, mailing.audience, chunk, receipts=desk.receipts, queues=desk.queues
        )
        return Delivery(Verdict.REPEATED, lane)
    work = ChunkWork.of(mailing, chats, claim, hours.now())
    verdict = _work(errand, work)
    if verdict == Verdict.DELIVERED:
        _finish(errand, work)
    if work.unforeseen:
        raise work.unforeseen[0]
    unknown = sum(work.failures[one].startswith("unknown_") for one in work.failed)
    return Delivery(verdict, lane, len(work.sent), len(work.failed), unknown)


def _is_left(receipts: ChunkReceipts, hours: Hours) -> bool:
    """Say whether no worker has a chunk in its hands, not even to hand over the next one."""
    if receipts.begun_at or receipts.finished_at is None:
        return False
    return hours.now() - receipts.finished_at >= HANDS_ON_WITHIN


def _held_up(errand: _Errand) -> Verdict | None:
    """Have the broadcast wait for what the chunk cannot do without; None if it lacks nothing."""
    works, lacks_file = errand.community.works, _lacks_file(errand.mailing, errand.community)
    if (works and not lacks_file) or _is_for_nobody(errand):
        return None
    if not works:
        errand.wait_for_person()
        return Verdict.DISCONNECTED
    errand.wait(errand.hours.now(), FILE_WAITS)
    return Verdict.WAITS


def _is_for_nobody(errand: _Errand) -> bool:
    """Say whether what is followed has reached no chat of a chunk: then VK is not needed."""
    parent = errand.mailing.parent
    if parent is None:
        return False
    known = errand.desk.receipts.get(parent.broadcast.id, errand.chunk)
    return known.begun_at is None and not known.cmids


def _lacks_file(mailing: Mailing, community: Community) -> bool:
    if mailing.message is None or mailing.message.attachment is None:
        return False
    return str(community.id) not in mailing.broadcast.attachments


def _work(errand: _Errand, work: ChunkWork) -> Verdict:
    """Do what can be done in the chats; what is left is given back for another time."""
    desk = errand.desk
    try:
        _act(errand, work)
    except QuietError:
        _give_back(errand, work)
        now = errand.hours.now()
        hold(errand.one, broadcasts=desk.broadcasts, starts=desk.starts, now=now)
        return Verdict.HELD
    except OutdatedError:
        _stop_outdated(errand)
        return _stopped(errand, work)
    except StoppedError:
        return _stopped(errand, work)
    except DisconnectedError as disconnected:
        _give_back(errand, work)
        desk.communities.disconnect(errand.community, reason=disconnected.message)
        errand.wait_for_person()
        return Verdict.DISCONNECTED
    except PausedError as paused:
        _give_back(errand, work)
        errand.wait(paused.until, paused.why)
        return Verdict.WAITS
    except (UnavailableError, UnforeseenError) as trouble:
        with suppress(UnavailableError):  # then its lease dies, and what was sent is looked for
            _give_back(errand, work)
        if not _tried_again(errand, trouble):
            raise
        return Verdict.TRIED_AGAIN
    return Verdict.DELIVERED


def _tried_again(errand: _Errand, trouble: UnavailableError | UnforeseenError) -> bool:
    """Have an emergency's chunk come back soon, a few times; people see when it is tried again."""
    one, desk, now, tries = errand.one, errand.desk, errand.hours.now(), errand.tries
    soon = one.is_urgent and tries < len(TRIED_AGAIN_S)
    if soon:
        desk.queues.hand_over_again(
            one, errand.chunk, tries=tries + 1, after_s=TRIED_AGAIN_S[tries]
        )
    because = NOT_DONE
    if isinstance(trouble, TroubleError | UnforeseenError):
        because = VK_ERROR.format(trouble.code)
    at = now + (timedelta(seconds=TRIED_AGAIN_S[tries]) if soon else COMES_BACK)
    with suppress(UnavailableError):  # who cannot tell it, tries again all the same
        note_try(one, at=at, because=because, broadcasts=desk.broadcasts, now=now)
    return soon


def _stopped(errand: _Errand, work: ChunkWork) -> Verdict:
    if not work.open:  # all of it had gone out before
        return Verdict.DELIVERED
    _give_back(errand, work)
    return Verdict.STOPPED


def _stop_outdated(errand: _Errand) -> None:
    broadcasts, now = errand.desk.broadcasts, errand.hours.now()

    def stop(there: Broadcast) -> Broadcast:
        if there.state != BroadcastState.RUNNING or not is_outdated(there, now):
            return there
        return stopped(there, because=OUTDATED, now=now)

    change(broadcasts.get(errand.one.id) or errand.one, stop, broadcasts=broadcasts)


def _act(errand: _Errand, work: ChunkWork) -> None:
    """Do what the broadcast does in the chats that are open."""
    parent, now = errand.mailing.parent, errand.hours.now()
    calls = _calls(errand, work)
    if parent is None:
        say(calls, now=now)
        return
    known = errand.desk.receipts.get(parent.broadcast.id, errand.chunk)
    above = _calls(
        errand, ChunkWork.of(parent, work.chats, ChunkClaim(ours=False, receipts=known), now)
    )
    reached = _settled(errand, above)
    for position in work.open:
        if position not in reached.cmids:
            hidden = position in reached.doubt or reached.failures.get(position) == UNCLEAR
            work.note(position, Refused(UNCLEAR if hidden else NOT_SENT, ""))
    match errand.one.deed:
        case Deed.MESSAGE:
            say(calls, now=now)
        case Deed.CORRECTION:
            correct(calls, reached.cmids, now=now)
        case Deed.RECALL:
            take_back(calls, reached.cmids, _replies(errand, work.chats))


def _settled(errand: _Errand, above: Calls) -> ChunkWork:
    """Return what of the messages before was sent.

    A worker that still sends them is waited for; what a dead one has done, is found out.
    """
    known = above.work
    if known.before.begun_at is None:
        return known
    claim = errand.claim(known.mailing)
    while not claim.ours and claim.receipts.begun_at:
        if errand.hours.now() + SENDER_AWAITED + VK_TAKES > errand.hours.until:
            raise UnavailableError("what this one follows is still being sent")
        errand.hours.sleep(SENDER_AWAITED.total_seconds())
        claim = errand.claim(known.mailing)
    found = ChunkWork.of(known.mailing, known.chats, claim, errand.hours.now())
    if claim.ours:
        decide(found, replace(above, work=found).find, now=errand.hours.now())
        if known.mailing.broadcast.deed == Deed.CORRECTION:
            found.replied.update(found.sent)  # an edit is never looked for
        _have_counted_anew(errand, known.mailing.broadcast)
        errand.desk.receipts.release(
            known.mailing.broadcast.id, errand.chunk, receipts=found.given_back()
        )
    return found


def _replies(errand: _Errand, chats: Sequence[Recipient]) -> list[Replies]:
    """Return what the corrections before have left in the chats beside the message itself."""
    parent = errand.mailing.parent
    found = [
        _replies_of(errand, chats, follower_id)
        for follower_id in (parent.broadcast.followers if parent else ())
        if follower_id != errand.one.id
    ]
    return [one for one in found if one]


def _replies_of(errand: _Errand, chats: Sequence[Recipient], follower_id: str) -> Replies | None:
    known = errand.desk.receipts.get(follower_id, errand.chunk)
    settled = known.begun_at is None and UNCLEAR not in known.failures.values()
    if settled and not known.replied:
        return None
    mailing = errand.desk.mailing_of(follower_id)
    if mailing.broadcast.deed != Deed.CORRECTION:
        return None
    work = ChunkWork.of(mailing, chats, ChunkClaim(ours=False, receipts=known), errand.hours.now())
    above = _calls(errand, work)
    reached = _settled(errand, above)
    unclear = [n for n, code in reached.failures.items() if code == UNCLEAR]
    return Replies(
        cmids={n: reached.cmids[n] for n in reached.replied},
        unclear={*reached.doubt, *unclear},
        find=above.find,
    )


def _calls(errand: _Errand, work: ChunkWork) -> Calls:
    one, message = work.mailing.broadcast, work.mailing.message
    buttons = [Button(one.label, one.link) for one in message.buttons] if message else []
    file = message.attachment if message else None
    mail = Mail(
        random_id=one.random_id,
        attachment=one.attachments.get(str(errand.community.id), ""),
        buttons=buttons,
        file=MailFile(file.file_name, file.image, partial(_body, file.key, errand.desk.files))
        if file
        else None,
    )
    return Calls(
        work=work,
        mailer=errand.desk.mailer_of(errand.community),
        mail=mail,
        lane=Lane.EMERGENCY if one.is_urgent else Lane.BULK,
        go=errand.go,
        hours=errand.hours,
    )


def _body(key: str, files: Files) -> bytes:
    body = files.get(key)
    if body is None:
        raise LookupError(f"no file {key}")
    return body


def _give_back(errand: _Errand, work: ChunkWork) -> None:
    """Note what was done; the rest can be claimed at once."""
    _lose(errand, work)
    if work.before.begun_at:
        _have_counted_anew(errand, errand.one)
    receipts = work.given_back()
    patiently(
        lambda: errand.desk.receipts.release(errand.one.id, errand.chunk, receipts=receipts),
        hours=errand.hours,
    )
    if work.sent or work.failed or work.not_sent:
        _count(errand, work, through=0)


def _finish(errand: _Errand, work: ChunkWork) -> None:
    """Note what became of all chats, hand over the next chunk, count.

    The chain goes on before anything is counted: numbers are made up for in the end.
    """
    desk, hours, now = errand.desk, errand.hours, errand.hours.now()
    work.give_up(now)
    _lose(errand, work)
    if errand.one.is_urgent:
        work.waits = {n: min(until, now + PROBED_AFTER) for n, until in work.waits.items()}
    if work.before.begun_at:
        _have_counted_anew(errand, errand.one)
    receipts = work.done(now)
    noted = patiently(lambda: desk.receipts.finish(errand.one.id, receipts), hours=hours)
    following = next_of(errand.mailing.audience, errand.chunk, in_flight=desk.queues.in_flight)
    if following is not None:
        patiently(lambda: desk.queues.hand_over(errand.one, [following]), hours=hours)
    if receipts.again_at:
        errand.wait(receipts.again_at, CHATS_WAIT)
    if noted:
        _count(errand, work, through=int(receipts.is_through))


def _have_counted_anew(errand: _Errand, one: Broadcast) -> None:
    """Have the sweep count what is found out late, of a broadcast that is over or stopped."""
    desk, now = errand.desk, errand.hours.now()
    there = desk.broadcasts.get(one.id) or one
    if there.due_at is None or there.due_at < now + HANDS_ON_WITHIN:
        change(there, partial(counted_anew, now=now), broadcasts=desk.broadcasts)


def _count(errand: _Errand, work: ChunkWork, *, through: int) -> None:
    """Add to the numbers that people see; who has brought the last chunk through, ends it all."""
    desk = errand.desk
    one = desk.broadcasts.count(
        errand.one.id,
        community=errand.community.id,
        sent=len(work.sent),
        failed=len(work.failed),
        not_sent=work.not_sent,
        through=through,
    )
    if one.state == BroadcastState.DONE or (through and one.passed >= one.chunks):
        end(
            one.id,
            errand.mailing.audience,
            broadcasts=desk.broadcasts,
            receipts=desk.receipts,
            now=errand.hours.now(),
        )


def _lose(errand: _Errand, work: ChunkWork) -> None:
    for position in work.failed:
        code, chat = work.failures[position], work.chats[position]
        if failure_of(code).loses_chat:
            lose = partial(errand.desk.lose, chat.house_id, chat.chat_id, code)
            patiently(lose, hours=errand.hours)
