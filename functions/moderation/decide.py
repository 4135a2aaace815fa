"""Use case: decide what becomes of a reported message."""

from dataclasses import dataclass
from datetime import datetime

from housechats.domain.access import Caller, Permission, Place, may
from housechats.domain.house_rules import HouseRule
from housechats.domain.people import Role
from housechats.domain.reports import Happening, Report, decided
from housechats.ports.queues import Queue
from housechats.ports.reports import Reports
from housechats.runtime.errands import change


@dataclass(frozen=True, slots=True)
class Deciding:
    """What a decision is noted with."""

    reports: Reports
    queue: Queue


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decides of a message."""

    happening: Happening
    """REMOVED, KEPT or QUARREL."""
    rule: HouseRule | None = None
    """Which rule it breaks that is removed."""
    mutes: bool = False
    """Its author may not write for a day."""


class OwnReportError(Exception):
    """The company that has reported it would decide of it alone."""


class OwnMessageError(Exception):
    """Who wrote it would decide of it: whoever they have become since."""


def decide(
    report: Report,
    decision: Decision,
    *,
    caller: Caller,
    place: Place,
    accounts: bool,
    request_id: str,
    desk: Deciding,
    now: datetime,
) -> Report | None:
    """Note it and have it carried out; NotNowError when it cannot be now.

    Killed in between, the report is due: the sweep has its errands done.
    """
    if report.author and report.author == caller.vk_id:
        raise OwnMessageError
    if decision.happening == Happening.REMOVED and is_of_company(report, caller):
        raise OwnReportError
    after = change(
        report.id,
        lambda one: decided(
            one,
            decision.happening,
            by=caller.name,
            role=role_of(caller, place),
            now=now,
            rule=decision.rule,
            mutes=decision.mutes,
            accounts=accounts,
            request_id=request_id,
        ),
        desk.reports,
    )
    desk.queue.send([{"report_id": report.id}])
    return after


def is_of_company(report: Report, caller: Caller) -> bool:
    """Tell whether the company alone would decide: its people reported, and decide as the elder."""
    speaks = any(post.role == Role.REPRESENTATIVE for post in caller.posts)
    governs = caller.granting(Permission.MODERATION_DECIDE)
    return report.by_company and speaks and not governs


def role_of(caller: Caller, place: Place) -> str:
    """Return in which role somebody decides."""
    for post in caller.granting(Permission.MODERATION_DECIDE):
        if may(Caller(caller.vk_id, (post,)), Permission.MODERATION_DECIDE, [place]):
            return post.role
    return Role.ELDER
