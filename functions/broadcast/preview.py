"""Use case: show what a broadcast would do, and keep its message and audience until confirmed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from broadcast.compose import FaultyError
from broadcast.find_audience import Found, Map, find_audience
from broadcast.foresee import Traffic, calls_of, foresee
from broadcast.kept_previews import (
    PREVIEW_LIVES,
    Earlier,
    Folder,
    HouseLeftOut,
    KeptPreview,
    Preview,
    Sample,
    keep_preview,
    token_of,
)
from broadcast.look_back import Past, look_back
from broadcast.tell_audience import tell_audience
from broadcast.wish import Wish
from housechats.domain import audiences
from housechats.domain.access import Caller
from housechats.domain.audiences import (
    LEFT_OUT,
    WhyLeftOut,
    digest_of,
    why_left_out,
)
from housechats.domain.broadcast_rules import (
    TerritoryRules,
    needs_second_person,
    quiets_within,
)
from housechats.domain.broadcast_standing import HELD
from housechats.domain.broadcast_starts import start_of
from housechats.domain.broadcast_texts import TextFault, faults_of
from housechats.domain.broadcasts import BroadcastLane, HeldFor, chunk_chats, preview_folder
from housechats.domain.cautions import Caution, cautions_of, repeated
from housechats.domain.forecast import Quiet
from housechats.domain.houses import HouseLine
from housechats.domain.jobs import Job, JobKind
from housechats.domain.receipts import Recipient
from housechats.domain.territories import Territory, region_of
from housechats.ports.broadcast_rules import Rulebook
from housechats.ports.broadcasts import Audiences, Broadcasts, LeftOut, Messages, Receipts
from housechats.ports.communities import Communities
from housechats.ports.coordination import CoordinationChats
from housechats.ports.houses import Catalogue, Houses, Towns
from housechats.ports.jobs import Jobs
from housechats.ports.paces import Paces
from housechats.ports.queues import Queue
from housechats.ports.residents import Residents

AT_ONCE = 20_000
"""Chats of a preview that is made while its author waits: a large region's."""
SHOWN_FIRST = 20
AFTER_SECOND_PERSON = (
    "Начнётся, когда её подтвердит второй человек. Начало и конец названы на случай, если это "
    "будет сейчас."
)
NOT_FOUND_FIRST = 100
"""Of all that may be listed the answer would be too large for Lambda; nobody reads so many."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What previews are made with."""

    catalogue: Catalogue
    houses: Houses
    towns: Towns
    coordination: CoordinationChats
    communities: Communities
    residents: Residents
    rules: Rulebook
    broadcasts: Broadcasts
    audiences: Audiences
    receipts: Receipts
    messages: Messages
    paces: Paces
    files: Folder
    jobs: Jobs


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who of the houses asked for gets the message, and who does not."""

    lines: Sequence[HouseLine]
    left_out: Sequence[LeftOut]

    @property
    def digest(self) -> str:
        return digest_of((line.community, line.chat_id, line.id) for line in self.lines)

    @property
    def by_oktmo(self) -> Counter[str]:
        return Counter(line.oktmo for line in self.lines)

    @property
    def by_community(self) -> Counter[int]:
        return Counter(line.community for line in self.lines)


def preview(wish: Wish, *, caller: Caller, desk: Desk, work: Queue, now: datetime) -> KeptPreview:
    """Make a preview, or have a job make it: then there is none yet. Nothing is sent.

    FaultyError where a part says nothing sensible, or the text is too long for these houses.
    """
    _refuse_faulty_parts(wish)
    found = look(wish, caller=caller, desk=desk)
    asked = tell_audience(wish.parts, found.chosen.parts, inn=wish.inn, towns=desk.towns)
    wish = replace(wish, parts=found.parts, asked=asked)
    recipients = recipients_among(found.chosen.lines, desk.communities)
    _refuse_long_text(wish, recipients.lines)
    if len(recipients.lines) <= AT_ONCE:
        return _made(wish, found, recipients, caller=caller, desk=desk, now=now)
    # What was pasted is read once, here: who makes the preview knows the houses by their codes.
    waiting = KeptPreview(wish, found=(*found.chosen.parts,), not_found=(*found.chosen.not_found,))
    keep_preview(waiting, files=desk.files)
    desk.jobs.begin(_job(wish, now), [])
    work.send([{"job_id": wish.id}])
    return waiting


def make_large(kept: KeptPreview, *, caller: Caller, desk: Desk, now: datetime) -> KeptPreview:
    """Make a preview of many chats that was asked for; one that is made stays as it is."""
    if kept.preview:
        return kept
    found = look(kept.wish, caller=caller, desk=desk)
    told = replace(found.chosen, parts=kept.found, not_found=kept.not_found)
    recipients = recipients_among(told.lines, desk.communities)
    _refuse_long_text(kept.wish, recipients.lines)
    return _made(
        kept.wish, replace(found, chosen=told), recipients, caller=caller, desk=desk, now=now
    )


def look(wish: Wish, *, caller: Caller, desk: Desk) -> Found:
    """Return the houses that a wish names now, within the reach that the caller has now."""
    return find_audience(
        wish.parts,
        territory=Territory(wish.oktmo),
        inn=wish.inn,
        caller=caller,
        where=Map(desk.catalogue, desk.houses, desk.towns, desk.coordination),
    )


def recipients_among(lines: Iterable[HouseLine], communities: Communities) -> Recipients:
    """Part the houses whose chats can be written to from the others."""
    houses = [*lines]
    regions = {region_of(line.oktmo) for line in houses}
    working = {one.id for region in regions for one in communities.of_region(region) if one.works}
    reached, left_out = [], []
    for line in houses:
        if why := why_left_out(line, working):
            left_out.append(LeftOut(line.id, line.title, why))
        else:
            reached.append(line)
    return Recipients(reached, left_out)


def _refuse_faulty_parts(wish: Wish) -> None:
    faults = [
        TextFault(f"/parts/{place}/{field}", said)
        for place, field, said in audiences.faults_of(wish.parts)
    ]
    if faults:
        raise FaultyError(*faults)


def _refuse_long_text(wish: Wish, lines: Iterable[HouseLine]) -> None:
    longest = max((line.title for line in lines), key=len, default="")
    if faults := faults_of(wish.message, longest_title=longest):
        raise FaultyError(*faults)


def _made(
    wish: Wish,
    found: Found,
    recipients: Recipients,
    *,
    caller: Caller,
    desk: Desk,
    now: datetime,
) -> KeptPreview:
    folder, lines = preview_folder(wish.id), recipients.lines
    audience = desk.audiences.write(
        folder,
        _snapshot(recipients),
        together=chunk_chats(personal=wish.message.personal),
        asked=wish.asked,
    )
    desk.messages.put(folder, wish.message)
    lately = look_back(
        {line.id for line in lines},
        wish.message.text,
        territory=Territory(wish.oktmo),
        caller=caller,
        past=Past(desk.broadcasts, desk.audiences, desk.receipts, desk.messages),
        now=now,
    )
    set_rules = desk.rules.of_region(region_of(wish.oktmo))
    timing = _timing(wish, recipients, set_rules, desk, now)
    many = needs_second_person(wish.oktmo, recipients.by_oktmo, set_rules)
    urgent = wish.lane == BroadcastLane.EMERGENCY
    digest, counted_at = recipients.digest, _counted_at(recipients, desk.residents)
    made = Preview(
        id=wish.id,
        token=token_of(wish, digest),
        expires_at=now + PREVIEW_LIVES,
        lane=wish.lane,
        oktmo=wish.oktmo,
        inn=wish.inn,
        chats=audience.chats,
        people=audience.people if audience.people or counted_at else None,
        people_counted_at=counted_at,
        left_out={WhyLeftOut(why): number for why, number in audience.left_out.items()},
        left_out_first=tuple(
            HouseLeftOut(one.house_id, one.title, one.why, LEFT_OUT[one.why])
            for one in recipients.left_out[:SHOWN_FIRST]
        ),
        parts=tuple(found.chosen.parts),
        not_found=tuple(found.chosen.not_found[:NOT_FOUND_FIRST]),
        not_found_count=len(found.chosen.not_found),
        samples=tuple(_samples(wish, lines)),
        starts_at=timing.starts_at,
        held_for=timing.held_for,
        waits_because=_waits_because(timing.held_for, second_person=many and not urgent),
        quiet_from=timing.quiet.begins if timing.quiet else None,
        quiet_until=timing.quiet.ends if timing.quiet else None,
        finish_at=timing.finish_at,
        second_person_needed=many and not urgent,
        reason_needed=many and urgent,
        warnings=tuple(_warnings(wish, lately, timing.starts_at)),
        lately=lately,
        calls=timing.calls,
        chunks=audience.size,
    )
    kept = KeptPreview(wish, digest, made)
    keep_preview(kept, files=desk.files)
    return kept


def _warnings(wish: Wish, lately: Sequence[Earlier], starts_at: datetime) -> Iterator[Caution]:
    yield from cautions_of(wish.message, wish.lane, starts_at=starts_at)
    again = [one.houses for one in lately if one.same_text and not one.recalled]
    if again:
        yield repeated(max(again))


def _snapshot(recipients: Recipients) -> Iterator[tuple[int, Recipient] | LeftOut]:
    for line in recipients.lines:
        yield line.community, Recipient(line.id, line.chat_id, line.title, line.residents)
    yield from recipients.left_out


@dataclass(frozen=True, slots=True)
class _Timing:
    starts_at: datetime
    held_for: HeldFor | None
    quiet: Quiet | None
    """Quiet hours that begin before it ends."""
    finish_at: datetime
    calls: int


def _timing(
    wish: Wish,
    recipients: Recipients,
    set_rules: Sequence[TerritoryRules],
    desk: Desk,
    now: datetime,
) -> _Timing:
    starts_at, held_for, quiet = now, None, None
    if wish.lane != BroadcastLane.EMERGENCY:
        start = start_of(wish.start_at, quiets_within(wish.oktmo, set_rules), now=now)
        starts_at, held_for = start.at, start.held_for
        if start.quiet_from and start.quiet_until:
            quiet = Quiet(start.quiet_from, start.quiet_until)
    calls = calls_of(recipients.by_community, personal=wish.message.personal, pin=wish.pin)
    finish_at = foresee(
        calls,
        starts_at=starts_at,
        urgent=wish.lane == BroadcastLane.EMERGENCY,
        has_file=wish.message.attachment is not None,
        quiet=quiet,
        houses=desk.catalogue.lines(Territory(region_of(wish.oktmo))),
        traffic=Traffic(desk.broadcasts, desk.audiences, desk.paces),
        now=now,
    )
    met = quiet if quiet and quiet.begins < finish_at else None
    return _Timing(starts_at, held_for, met, finish_at, sum(calls.values()))


def _waits_because(held_for: HeldFor | None, *, second_person: bool) -> str:
    if second_person:
        return AFTER_SECOND_PERSON
    return HELD[held_for] if held_for else ""


def _counted_at(recipients: Recipients, residents: Residents) -> datetime | None:
    begun = residents.begun()
    return min((begun[one] for one in recipients.by_community if one in begun), default=None)


def _samples(wish: Wish, lines: Sequence[HouseLine]) -> Iterator[Sample]:
    """Yield the message as the first house gets it, one in the middle, that of the longest name."""
    if not lines:
        return
    chosen = [lines[0], lines[len(lines) // 2], max(lines, key=lambda line: len(line.title))]
    for line in {line.id: line for line in chosen}.values():
        text = wish.message.said_to(house_id=line.id, title=line.title)
        yield Sample(line.id, line.title, text)


def _job(wish: Wish, now: datetime) -> Job:
    return Job(
        id=wish.id,
        kind=JobKind.PREVIEW,
        oktmo=wish.oktmo,
        created_by=wish.by,
        created_at=now,
        total=1,
        organisations=tuple({wish.inn} - {""}),
    )
