"""Use case: do what is due with a report: show it to who decides, carry out, tell everybody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from housechats.domain import report_texts as texts
from housechats.domain.addressees import nearest_staff
from housechats.domain.audit import Act, Outcome
from housechats.domain.chat_events import Press, Room
from housechats.domain.errands import Errand, added
from housechats.domain.people import Role
from housechats.domain.reports import (
    MUTED_FOR,
    ErrandKind,
    Removal,
    Report,
    ReportState,
    deleted,
    escalated,
    muted,
    turned,
)
from housechats.domain.territories import Territory, region_of
from housechats.ports.audit import Ledger
from housechats.ports.houses import Houses
from housechats.ports.people import Elders, Posts
from housechats.ports.reports import Reports
from housechats.ports.talks import PressButton, Row, Saying, Talk, Tone
from housechats.runtime.errands import change, run_errands

Then = Callable[[Report], Report]
MOST_STAFF = 5
"""People of a municipality who are shown one message."""
DECIDED = "decideReport"
"""What the audit calls it, as the API does."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What decisions are asked for and carried out with."""

    reports: Reports
    houses: Houses
    elders: Elders
    posts: Posts
    ledger: Ledger
    talk_of: Callable[[int], Talk]


def go_on(report_id: str, *, desk: Desk, clock: Callable[[], datetime]) -> str:
    """Do all that is due, and return the state in which the report is then."""
    change(report_id, lambda report: turned(report, now=clock()), desk.reports)
    after = run_errands(
        report_id,
        store=desk.reports,
        do=lambda report, errand: _do(report, errand, desk, clock()),
        refused=lambda report, errand, _: _refused(report, errand),
        clock=clock,
    )
    return after.state if after else "no such report"


def _do(report: Report, errand: Errand, desk: Desk, now: datetime) -> Then:
    talk = desk.talk_of(report.community)
    match errand.kind:
        case ErrandKind.FIND_ELDER:
            return _elder_found(report, desk)
        case ErrandKind.FIND_STAFF:
            return _staff_found(report, desk)
        case ErrandKind.DELETE:
            talk.delete(report.chat_id, report.cmid)
            return lambda one: deleted(one, Removal.DONE)
        case ErrandKind.MUTE:
            talk.mute(report.chat_id, report.author, seconds=int(MUTED_FOR.total_seconds()))
            return lambda one: muted(one, Removal.DONE)
        case ErrandKind.ACCOUNT:
            desk.ledger.settle(_act(report))
            return lambda one: replace(one, accounts=False)
    return _said(report, errand, desk, talk, now)


def _said(report: Report, errand: Errand, desk: Desk, talk: Talk, now: datetime) -> Then:
    title = _title(report, desk)
    rows: Sequence[Row] = ()
    match errand.kind:
        case ErrandKind.CARD:
            written = talk.read(report.chat_id, report.cmid)
            for_staff = report.state != ReportState.WAITING
            text = texts.card(report, title, written.text if written else None, for_staff=for_staff)
            rows = card_rows(report.id)
        case ErrandKind.TELL_AUTHOR:
            text = texts.for_author(report, title)
        case ErrandKind.SAY_IN_CHAT:
            text = texts.for_chat(report)
        case ErrandKind.TELL_DECIDER:
            text = texts.for_decider(report, title)
        case ErrandKind.TELL_REPORTER:
            text = texts.for_reporter(report)
        case _:
            raise ValueError(errand.kind)
    saying = Saying(text, errand.random_id(report.id), errand.begun_at or now, rows=rows)
    if errand.to:
        talk.tell(errand.to, saying)
    else:
        talk.say(report.chat_id, saying)
    return lambda one: one


def _refused(report: Report, errand: Errand) -> Report:
    """Note what the messenger does not let us do, and see who else is to know."""
    match errand.kind:
        case ErrandKind.DELETE:
            return deleted(report, Removal.REFUSED)
        case ErrandKind.MUTE:
            return muted(report, Removal.REFUSED)
        case ErrandKind.CARD:
            return escalated(report)
        case ErrandKind.TELL_AUTHOR if report.deletion == Removal.DONE:
            in_chat = Errand("chat", ErrandKind.SAY_IN_CHAT)
            return report.with_errands(added(report.errands, in_chat))
    return report


def _elder_found(report: Report, desk: Desk) -> Then:
    house = desk.houses.get(report.house_id)
    elder = desk.elders.get(house.elder_id) if house and house.elder_id else None
    if elder is None or elder.vk_id in {0, report.author}:
        return escalated
    if report.by_company and _is_representative(elder.vk_id, desk):
        return escalated  # the company alone would decide of talk about itself
    card = Errand("card/elder", ErrandKind.CARD, to=elder.vk_id)
    return lambda one: _carded(one, [card]) if one.state == ReportState.WAITING else one


def _is_representative(vk_id: int, desk: Desk) -> bool:
    posts = desk.posts.known(vk_id).posts
    return any(post.role == Role.REPRESENTATIVE and post.until is None for post in posts)


def _staff_found(report: Report, desk: Desk) -> Then:
    posts = desk.posts.of_territory(Territory(region_of(report.oktmo)))
    others = [one for one in nearest_staff(posts, report.oktmo) if one != report.author]
    cards = [Errand(f"card/{vk_id}", ErrandKind.CARD, to=vk_id) for vk_id in others[:MOST_STAFF]]
    return lambda one: one if one.state.decided else _carded(one, cards)


def _carded(report: Report, cards: Sequence[Errand]) -> Report:
    return report.with_errands(added(report.errands, *cards))


def card_rows(report_id: str) -> list[Row]:
    """Return what may be decided of a message."""
    said = (
        ("Удалить", "remove", Tone.BAD),
        ("Удалить и запретить писать на сутки", "mute", Tone.BAD),
        ("Оставить", "keep", Tone.GOOD),
        ("Это ссора соседей", "quarrel", Tone.PLAIN),
    )
    return [
        [PressButton(label, Press(Room.MODERATION, command, report_id), tone)]
        for label, command, tone in said
    ]


def _act(report: Report) -> Act:
    if report.decided_at is None:
        raise ValueError("not decided")
    return Act(
        id=sha256(f"report/{report.id}".encode()).hexdigest()[:16],
        at=report.decided_at,
        who=report.decided_by,
        role=report.decided_role,
        what=DECIDED,
        on=(f"report:{report.id}", f"house:{report.house_id}", f"decision:{report.state}"),
        oktmo=report.oktmo,
        request_id=report.request_id,
        outcome=Outcome.DONE,
    )


def _title(report: Report, desk: Desk) -> str:
    house = desk.houses.get(report.house_id)
    return house.title if house else report.house_id
