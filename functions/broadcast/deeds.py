"""What a broadcast does in the chats of one chunk: it says, corrects or takes back, once each.

Each leaves in the work what is known, also when a call raises in the middle.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from broadcast.calls import Calls
from broadcast.chunk_work import ChunkWork
from housechats.domain.broadcasts import APART
from housechats.domain.errors import DisconnectedError, PausedError, UnavailableError
from housechats.domain.random_ids import RANDOM_ID_REMEMBERED
from housechats.domain.receipts import UNCLEAR
from housechats.ports.mailings import Outcome, Refused, Sent, StoppedError, Unclear, Waits

TRIES = 3
"""How often it is done in a chat whose answer tells nothing (design: failures of three kinds)."""

"""Nobody knows what is in the chat: a code of FAILURES."""

Act = Callable[[Sequence[int]], dict[int, Outcome]]
Look = Callable[[Sequence[int]], dict[int, int | None]]
"""Tells the number of the message where the deed is done: 0 where it is not, None if nobody
knows."""


@dataclass(frozen=True, slots=True)
class Replies:
    """Messages of a correction, in chats where it could edit nothing any more."""

    cmids: Mapping[int, int]
    unclear: set[int]
    """Where nobody knows whether there is one."""
    find: Look


def say(calls: Calls, *, now: datetime) -> None:
    """Send the message to the chats that are open."""
    work = calls.work
    decide(work, calls.find, now=now)
    with _looking_when_stopped(calls, now):
        _carry_out(work, work.open, calls.send, calls.find, together=calls.together)
    if work.mailing.broadcast.pin:
        _pin(calls)


def correct(calls: Calls, written: dict[int, int], *, now: datetime) -> None:
    """Put the text into the messages; where it is too late, reply with it.

    An edit bears a repeat, a reply does not: what a dead worker may have replied is looked for.
    """
    work = calls.work
    maybe_replied, late = set(work.doubt), list[int]()

    def edit(positions: Sequence[int]) -> dict[int, Outcome]:
        outcomes = calls.edit(positions, written)
        for position, outcome in outcomes.items():
            if isinstance(outcome, Refused) and outcome.code == "too_old":
                late.append(position)
        return {one: outcome for one, outcome in outcomes.items() if one not in late}

    def look(positions: Sequence[int]) -> dict[int, int | None]:
        found = _not_seen(positions)
        doubtful = [position for position in positions if position in maybe_replied]
        return found | calls.find(doubtful) if doubtful else found

    try:
        with _looking_when_stopped(calls, now):
            _carry_out(work, work.open, edit, look, together=APART)
            decide(work, calls.find, now=now, among=late)
            left = [position for position in late if position in work.open]
            reply = partial(calls.reply, to=written)
            _carry_out(work, left, reply, calls.find, together=APART)
    finally:
        work.replied.update(one for one in work.sent if work.cmids[one] != written[one])


def take_back(calls: Calls, written: dict[int, int], replies: Sequence[Replies]) -> None:
    """Delete the messages for all, and the replies to them before.

    Where a reply may have stayed, it is said, though the message itself goes there as well.
    """
    work, stayed = calls.work, dict[int, Outcome]()
    for those in replies:
        stayed |= _replies_taken_back(calls, those)
    for position, outcome in stayed.items():
        if isinstance(outcome, Waits):
            work.note(position, outcome)
    _delete(calls, [one for one in work.open if one not in stayed], written)
    half = [position for position in work.open if position in stayed]
    aside = replace(calls, work=work.aside())
    _delete(aside, half, written)
    for position in half:
        until = aside.work.waits.get(position)
        work.note(position, Waits(until) if until else stayed[position])


def _replies_taken_back(calls: Calls, those: Replies) -> dict[int, Outcome]:
    """Delete replies where it is still to be done; return what became of those that stayed."""
    open_there = set(calls.work.open)
    cmids = {position: cmid for position, cmid in those.cmids.items() if position in open_there}
    stayed: dict[int, Outcome] = {}
    for some in _parts(sorted(those.unclear & open_there), APART):
        for position, cmid in those.find(some).items():
            if cmid:
                cmids[position] = cmid
            elif cmid is None:
                stayed[position] = Refused(UNCLEAR, "")
    aside = calls.work.aside()
    _delete(replace(calls, work=aside), sorted(cmids), cmids)
    for position in cmids:
        if position in aside.waits:
            stayed[position] = Waits(aside.waits[position])
        elif position in aside.failures:
            stayed[position] = Refused(aside.failures[position], "")
    return stayed


def _delete(calls: Calls, positions: Sequence[int], written: Mapping[int, int]) -> None:
    """Delete messages: it bears a repeat, for VK is asked by their numbers whether they are gone.

    A look by text would not find what a correction has put another one into.
    """
    _carry_out(
        calls.work,
        positions,
        lambda some: calls.delete(some, written),
        _not_seen,
        together=APART,
    )


@contextmanager
def _looking_when_stopped(calls: Calls, now: datetime) -> Iterator[None]:
    """Look at once what went out before a stop: who has pressed the button asks."""
    try:
        yield
    except StoppedError:
        with suppress(PausedError, DisconnectedError):  # the sweep has it looked at later
            decide(calls.work, calls.find, now=now)
        raise


def decide(
    work: ChunkWork, find: Look, *, now: datetime, among: Sequence[int] | None = None
) -> None:
    """Find out what an earlier worker has sent, who did not tell.

    Where the history is hidden, the same number is sent again while VK knows a repeat by it.
    """
    doubtful = sorted(work.doubt if among is None else work.doubt.intersection(among))
    for some in _parts(doubtful, APART):
        for position, cmid in find(some).items():
            if cmid:
                work.note(position, Sent(cmid))
            elif cmid == 0:
                work.doubt.discard(position)
            elif now - work.begun_at >= RANDOM_ID_REMEMBERED:
                work.note(position, Refused(UNCLEAR, ""))


def _carry_out(
    work: ChunkWork, positions: Sequence[int], act: Act, look: Look, *, together: int
) -> None:
    """Do it in each chat, look where the answer does not tell, do it again where it is not done."""
    codes: dict[int, int] = {}
    for _ in range(TRIES):
        unsure: dict[int, Outcome] = {}
        for some in _parts(positions, together):
            for position, outcome in act(some).items():
                if isinstance(outcome, Unclear):
                    work.doubt.add(position)
                    codes[position] = outcome.code
                if position in work.doubt and not isinstance(outcome, Sent):
                    unsure[position] = outcome
                else:
                    work.note(position, outcome)
        positions = _looked_at(work, unsure, look)
        if not positions:
            return
    for position in positions:
        hidden = position in work.doubt or not codes[position]
        code = UNCLEAR if hidden else f"unknown_{codes[position]}"
        work.note(position, Refused(code, ""))


def _looked_at(work: ChunkWork, unsure: dict[int, Outcome], look: Look) -> list[int]:
    """Note what a look tells of chats whose answers do not; return where to do it again."""
    again: list[int] = []
    for some in _parts(sorted(unsure), APART):
        for position, cmid in look(some).items():
            outcome = unsure[position]
            if cmid:
                work.note(position, Sent(cmid))
            elif isinstance(outcome, Unclear):
                again.append(position)
                if cmid == 0:
                    work.doubt.discard(position)
            elif cmid is None and isinstance(outcome, Waits):
                # By the time it may be asked again, VK may know no repeat any more.
                work.note(position, Refused(UNCLEAR, ""))
            else:
                work.note(position, outcome)
    return again


def _pin(calls: Calls) -> None:
    """Pin what this worker has sent or found; a message without a pin is still a message."""
    work = calls.work
    try:
        for some in _parts(work.sent, APART):
            for position, outcome in calls.pin(some, work.cmids).items():
                if isinstance(outcome, Sent):
                    work.pinned.add(position)
    except (StoppedError, PausedError, DisconnectedError, UnavailableError):
        return
    except Exception as error:  # noqa: BLE001 - it rises once the receipts are kept
        work.unforeseen.append(error)


def _not_seen(positions: Sequence[int]) -> dict[int, int | None]:
    return dict.fromkeys(positions, 0)


def _parts(some: Sequence[int], size: int) -> list[Sequence[int]]:
    return [some[start : start + size] for start in range(0, len(some), size)]
