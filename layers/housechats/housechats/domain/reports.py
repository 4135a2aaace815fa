"""Reports: a resident says that a message breaks the rules of the chat; the elder decides."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Self

from housechats.domain.access import Place
from housechats.domain.errands import Errand, added, next_at
from housechats.domain.errors import HouseChatsError
from housechats.domain.house_rules import HouseRule

A_DAY_AT_MOST = 5
"""Reports of one person."""
DECIDED_WITHIN = timedelta(hours=24)
"""How long the elder may take: then staff decide."""
MUTED_FOR = timedelta(days=1)
KEPT = timedelta(days=180)
"""How long it is kept who wrote what was reported, and what was decided."""


class ReportState(StrEnum):
    WAITING = "waiting"
    """The elder decides."""
    ESCALATED = "escalated"
    """Staff of the municipality decide."""
    REMOVED = "removed"
    """It broke a rule: the message is removed where the messenger allows it."""
    KEPT = "kept"
    QUARREL = "quarrel"
    """Neighbours quarrel: who reported it was told what helps."""

    @property
    def decided(self) -> bool:
        return self not in {ReportState.WAITING, ReportState.ESCALATED}


class Happening(StrEnum):
    """What moves a report on."""

    REPORTED = "reported"
    """Somebody reports the same message."""
    NOBODY_DECIDED = "nobody_decided"
    """The elder has not decided in time, cannot be written to, or it concerns them."""
    REMOVED = "removed"
    KEPT = "kept"
    QUARREL = "quarrel"


_S, _H = ReportState, Happening
MOVES: Mapping[tuple[ReportState, Happening], ReportState] = {
    (_S.WAITING, _H.REPORTED): _S.WAITING,
    (_S.WAITING, _H.NOBODY_DECIDED): _S.ESCALATED,
    (_S.WAITING, _H.REMOVED): _S.REMOVED,
    (_S.WAITING, _H.KEPT): _S.KEPT,
    (_S.WAITING, _H.QUARREL): _S.QUARREL,
    (_S.ESCALATED, _H.REPORTED): _S.ESCALATED,
    (_S.ESCALATED, _H.REMOVED): _S.REMOVED,
    (_S.ESCALATED, _H.KEPT): _S.KEPT,
    (_S.ESCALATED, _H.QUARREL): _S.QUARREL,
}
"""What may happen to a report, and what it is then. Whatever is not here does not happen."""


class NotNowError(HouseChatsError):
    """A report is not in a state for what is asked; `message` is a Russian sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


NOT_NOW: Mapping[ReportState, str] = {
    _S.WAITING: "Сообщение уже у старшего по дому.",
    _S.ESCALATED: "Сообщение уже у сотрудников администрации.",
    _S.REMOVED: "Решение уже принято: сообщение нарушает правила.",
    _S.KEPT: "Решение уже принято: сообщение остаётся.",
    _S.QUARREL: "Решение уже принято: это ссора соседей.",
}
RULE_MISSING = "Укажите правило, которое нарушает сообщение."


class Removal(StrEnum):
    """What became of a message that breaks a rule, or of its author's right to write."""

    NOT_ASKED = ""
    DONE = "done"
    REFUSED = "refused"
    """The messenger does not let the community do it."""


class ErrandKind(StrEnum):
    """What is to be done about a report."""

    FIND_ELDER = "find_elder"
    FIND_STAFF = "find_staff"
    CARD = "card"
    """Show the message to who decides."""
    DELETE = "delete"
    MUTE = "mute"
    TELL_AUTHOR = "tell_author"
    SAY_IN_CHAT = "say_in_chat"
    TELL_DECIDER = "tell_decider"
    TELL_REPORTER = "tell_reporter"
    ACCOUNT = "account"
    """Put it into the audit."""


@dataclass(frozen=True, slots=True)
class Report:
    """One reported message, however many report it. Its text is not kept."""

    id: str
    house_id: str
    oktmo: str
    community: int
    chat_id: int
    cmid: int
    author: int
    """VK id of who wrote the message; 0 when they are forgotten."""
    reported_at: datetime
    reporters: tuple[int, ...] = ()
    """VK ids of who reported it: until it is decided and they are told."""
    reporter_keys: tuple[str, ...] = ()
    """Keyed hashes of them, for good."""
    by_company: bool = False
    """Whether a representative of an organisation of the house is among them."""
    of_official: bool = False
    """Whether the author is the elder or an official: then the elder does not decide."""
    state: ReportState = ReportState.WAITING
    escalate_at: datetime | None = None
    decided_by: str = ""
    """`vk:<id>`."""
    decided_role: str = ""
    decided_at: datetime | None = None
    rule: HouseRule | None = None
    mutes: bool = False
    deletion: Removal = Removal.NOT_ASKED
    muting: Removal = Removal.NOT_ASKED
    accounts: bool = False
    """Whether the audit is still to be told: an answer of the API tells it by itself."""
    request_id: str = ""
    """Of what the decision came with."""
    errands: tuple[Errand, ...] = ()
    revision: int = 1

    def place(self, elder_id: str) -> Place:
        """Where it lies: a company has no say, and the house's elder none in what concerns them."""
        return Place(self.oktmo, frozenset(), "" if self.of_official else elder_id)

    def due_at(self, now: datetime) -> datetime | None:
        """Return when the sweep looks at it."""
        waits = self.escalate_at if self.state == ReportState.WAITING else None
        moments = [waits, next_at(self.errands, now=now)]
        return min((moment for moment in moments if moment), default=None)

    def with_errands(self, errands: tuple[Errand, ...]) -> Self:
        return replace(self, errands=errands)


def report_id(community: int, chat_id: int, cmid: int) -> str:
    """Return the id of the one report of a message."""
    return sha256(f"report/{community}/{chat_id}/{cmid}".encode()).hexdigest()[:16]


def begun(report: Report) -> Report:
    """Return a report that is new, on its way to who decides."""
    kind = ErrandKind.FIND_STAFF if report.of_official else ErrandKind.FIND_ELDER
    return replace(
        report,
        state=ReportState.ESCALATED if report.of_official else ReportState.WAITING,
        escalate_at=report.reported_at + DECIDED_WITHIN,
        errands=(Errand(kind, kind),),
    )


def _moved(report: Report, happening: Happening) -> Report:
    state = MOVES.get((report.state, happening))
    if state is None:
        raise NotNowError(NOT_NOW[report.state])
    return replace(report, state=state)


def reported(report: Report, *, by: int, key: str, by_company: bool) -> Report:
    """Return a report that somebody else has joined."""
    after = _moved(report, Happening.REPORTED)
    if key in after.reporter_keys:
        return after
    return replace(
        after,
        reporters=(*after.reporters, by),
        reporter_keys=(*after.reporter_keys, key),
        by_company=after.by_company or by_company,
    )


def escalated(report: Report) -> Report:
    """Return a report that staff decide from now on."""
    if report.state != ReportState.WAITING:
        return report
    after = _moved(report, Happening.NOBODY_DECIDED)
    return after.with_errands(added(after.errands, Errand("find_staff", ErrandKind.FIND_STAFF)))


def turned(report: Report, *, now: datetime) -> Report:
    """Return a report as the time makes it."""
    late = report.escalate_at is not None and now >= report.escalate_at
    return escalated(report) if late else report


def decided(
    report: Report,
    happening: Happening,
    *,
    by: str,
    role: str,
    now: datetime,
    rule: HouseRule | None = None,
    mutes: bool = False,
    accounts: bool = False,
    request_id: str = "",
) -> Report:
    """Return a report that somebody has decided; NotNowError when it cannot be now."""
    after = _moved(report, happening)
    if happening == Happening.REMOVED and rule is None:
        raise NotNowError(RULE_MISSING)
    after = replace(
        after,
        decided_by=by,
        decided_role=role,
        decided_at=now,
        rule=rule if happening == Happening.REMOVED else None,
        mutes=mutes and happening == Happening.REMOVED,
        accounts=accounts,
        request_id=request_id,
        errands=(),  # whoever was yet to be asked need not
    )
    if happening == Happening.REMOVED:
        return after.with_errands((Errand("delete", ErrandKind.DELETE),))
    return told_of(after)


def deleted(report: Report, removal: Removal) -> Report:
    """Return a report whose message is removed, or cannot be."""
    after = replace(report, deletion=removal)
    if after.mutes and after.author:
        return after.with_errands(added(after.errands, Errand("mute", ErrandKind.MUTE)))
    return told_of(after)


def muted(report: Report, removal: Removal) -> Report:
    return told_of(replace(report, muting=removal))


def told_of(report: Report) -> Report:
    """Return a decided report of which everybody concerned is to be told."""
    more = [Errand("decider", ErrandKind.TELL_DECIDER, to=_number(report.decided_by))]
    if report.state == ReportState.REMOVED and report.author:
        more.append(Errand("author", ErrandKind.TELL_AUTHOR, to=report.author))
    more += [
        Errand(f"reporter/{n}", ErrandKind.TELL_REPORTER, to=vk_id)
        for n, vk_id in enumerate(report.reporters)
    ]
    if report.accounts:
        more.append(Errand("account", ErrandKind.ACCOUNT))
    return replace(report, reporters=(), errands=added(report.errands, *more))


def forgotten(report: Report, vk_id: int) -> Report:
    """Return a report that leads to a person no more."""
    return replace(
        report,
        author=0 if report.author == vk_id else report.author,
        reporters=tuple(one for one in report.reporters if one != vk_id),
        errands=tuple(errand for errand in report.errands if errand.to != vk_id),
    )


def _number(name: str) -> int:
    return int(name.removeprefix("vk:"))
