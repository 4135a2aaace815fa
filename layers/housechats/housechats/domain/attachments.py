"""Attachments: which organisation answers for which house, since when, until when, and before.

A house carries those that are attached now, and is what counts; an attachment has the periods.
What begins or ends later waits in it until its time has come.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from housechats.domain.organisations import OrganisationKind

MOST_PERIODS = 10
"""Periods of one organisation at one house that are remembered; the oldest go first."""

Carried = Mapping[str, OrganisationKind]
"""ИНН of those attached to a house now, and what each is to it."""


@dataclass(frozen=True, slots=True)
class Period:
    """When an organisation is something to a house."""

    kind: OrganisationKind
    since: datetime
    until: datetime | None = None
    """The first moment when it is no longer; None when no end is known."""
    gives_way: tuple[tuple[str, datetime], ...] = ()
    """To which companies that are planned (ИНН), and when: it ends with the first of them."""
    own_until: datetime | None = None
    """While it gives way: the end that it has without them, if a plan is given up."""

    @property
    def is_empty(self) -> bool:
        return self.until is not None and self.until <= self.since

    def has(self, moment: datetime) -> bool:
        return self.since <= moment and (self.until is None or moment < self.until)

    def cut(self, moment: datetime) -> "Period":
        """Return it as it is when it ends at a moment at the latest."""
        own = self._own_end
        ends_before = own is not None and own <= moment
        return self if ends_before else self._ending(moment, self.gives_way)

    def giving_way(self, inn: str, moments: Iterable[datetime], now: datetime) -> "Period":
        """Return it as it is when a company is planned for these moments and for no others.

        What has come to pass is no plan any more and stays.
        """
        begin = {(inn, moment) for moment in moments if moment > self.since}
        stay = {(to, moment) for to, moment in self.gives_way if to != inn or moment <= now}
        return self._ending(self._own_end, stay | begin)

    @property
    def _own_end(self) -> datetime | None:
        return self.own_until if self.gives_way else self.until

    def _ending(self, own: datetime | None, ways: Iterable[tuple[str, datetime]]) -> "Period":
        earlier = [(inn, moment) for inn, moment in ways if own is None or moment < own]
        if not earlier:
            return replace(self, until=own, gives_way=(), own_until=None)
        in_turn = tuple(sorted(earlier, key=lambda way: (way[1], way[0])))
        return replace(self, until=in_turn[0][1], gives_way=in_turn, own_until=own)


@dataclass(frozen=True, slots=True)
class Attachment:
    """What an organisation was, is and will be to a house."""

    inn: str
    house_id: str
    periods: tuple[Period, ...] = ()
    """In their order; they do not overlap."""
    source: str = ""
    """The list or the job that said so last; empty when a person did it singly."""
    revision: int = 0
    """Grows with every change; 0 when nothing is kept yet."""

    @property
    def key(self) -> tuple[str, str]:
        return self.inn, self.house_id

    def at(self, moment: datetime) -> Period | None:
        return next((period for period in self.periods if period.has(moment)), None)

    def next_change(self, now: datetime) -> datetime | None:
        """Return when a period begins or ends by itself."""
        moments = (m for period in self.periods for m in (period.since, period.until))
        return min((moment for moment in moments if moment and moment > now), default=None)

    def begun(
        self, kind: OrganisationKind, since: datetime, until: datetime | None = None
    ) -> "Attachment":
        """Return it with a period; one of that kind that is on then goes on instead.

        What was said of later times before is overruled.
        """
        here = next((p for p in self.periods if p.has(since) and p.kind == kind), None)
        new = Period(kind, here.since if here else since, until)
        before = (period.cut(new.since) for period in self.periods if period.since < new.since)
        after = (period for period in self.periods if until and period.since >= until)
        return self._with(*before, new, *after)

    def ended(self, moment: datetime, kind: OrganisationKind | None = None) -> "Attachment":
        """Return it without what it is from a moment on: of one kind, or of any."""
        return self._with(
            *(
                period.cut(max(moment, period.since)) if kind in {None, period.kind} else period
                for period in self.periods
            )
        )

    def giving_way(self, other: "Attachment", now: datetime) -> "Attachment":
        """Return it with its time as a company up to where another is planned to be the company."""
        company = OrganisationKind.MANAGEMENT_COMPANY
        planned = [p.since for p in other.periods if p.kind == company and p.since > now]
        return self._with(
            *(
                period.giving_way(other.inn, planned, now) if period.kind == company else period
                for period in self.periods
            )
        )

    def _with(self, *periods: Period) -> "Attachment":
        kept = tuple(period for period in periods if not period.is_empty)
        return replace(self, periods=kept[-MOST_PERIODS:])


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to become of an organisation and a house."""

    inn: str
    kind: OrganisationKind | None
    """None: it is to be nothing to the house."""
    since: datetime
    """From when on the wish counts."""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a house carries, and those of its attachments that are not as they were."""

    carried: Carried
    changed: tuple[Attachment, ...]


def granted(
    house_id: str,
    carried: Carried,
    known: Iterable[Attachment],
    wishes: Iterable[Wish],
    now: datetime,
) -> Settlement:
    """Return what a house and its attachments become when wishes are granted, one after another.

    `known` are the attachments of the wishes and of those that the house carries. A house has one
    management company at a time: the one that comes ends the one that is there. A repeat finds
    what it wishes and changes nothing.
    """
    before = {one.inn: one for one in known}
    after = {inn: _as_carried(house_id, inn, carried, before, now) for inn in carried}
    company = OrganisationKind.MANAGEMENT_COMPANY
    for wish in wishes:
        mine = after.get(wish.inn) or before.get(wish.inn, Attachment(wish.inn, house_id))
        if wish.kind is None:
            after[wish.inn] = mine.ended(wish.since)
        else:
            after[wish.inn] = mine.begun(wish.kind, wish.since, wish.until)
        for inn in carried.keys() - {wish.inn}:
            if wish.kind == company and wish.since <= now:
                after[inn] = after[inn].ended(wish.since, company)
            # A plan ends nothing for good: who gives it up gives back what it would have ended.
            after[inn] = after[inn].giving_way(after[wish.inn], now)
    return _settlement(carried, before, after, now)


def matured(carried: Carried, known: Iterable[Attachment], now: datetime) -> Settlement:
    """Return what a house becomes when the time of some of its attachments has come.

    Of two management companies the one that began later is its company.
    """
    before = {one.inn: one for one in known}
    after = dict(before)
    company = OrganisationKind.MANAGEMENT_COMPANY
    began = {
        inn: period.since
        for inn, one in before.items()
        if (period := one.at(now)) and period.kind == company
    }
    if began:
        last = max(began, key=lambda inn: (began[inn], inn))
        for inn in began.keys() - {last}:
            after[inn] = after[inn].ended(began[last], company)
    return _settlement(carried, before, after, now)


def _as_carried(
    house_id: str, inn: str, carried: Carried, known: Mapping[str, Attachment], now: datetime
) -> Attachment:
    """Return an attachment that agrees with its house, which is what counts."""
    there = known.get(inn, Attachment(inn, house_id))
    kind, period = carried.get(inn), there.at(now)
    if kind is None:
        return there
    return there if period and period.kind == kind else there.begun(kind, now)


def _settlement(
    carried: Carried,
    before: Mapping[str, Attachment],
    after: Mapping[str, Attachment],
    now: datetime,
) -> Settlement:
    will = dict(carried)
    for inn, one in after.items():
        if period := one.at(now):
            will[inn] = period.kind
        else:
            will.pop(inn, None)
    # Where nothing was kept and nothing is to be there is nothing to write.
    known = (one for one in after.values() if one.periods or one.inn in before)
    return Settlement(will, tuple(one for one in known if one != before.get(one.inn)))
