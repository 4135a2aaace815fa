"""A house has one management company at a time, from the day that was said to the day that was."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.attachments import (
    MOST_PERIODS,
    Attachment,
    Carried,
    Period,
    Settlement,
    Wish,
    granted,
    matured,
)
from housechats.domain.organisations import OrganisationKind

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LATER, LATEST = NOW + DAY, NOW + 2 * DAY
HOUSE, COSY, HOME, HEAT = "ABCDEF01", "1", "2", "3"
COMPANY, TOWN_HALL, UTILITY = OrganisationKind
LONG_AGO = NOW - 365 * DAY
WAS_COSY = Attachment(COSY, HOUSE, (Period(COMPANY, LONG_AGO),), "b-1", 1)


class Home:
    """One house with its attachments, at a moment that moves on."""

    def __init__(self, *known: Attachment) -> None:
        self.now = NOW
        self.known = {one.inn: one for one in known}
        self.carried: Carried = {
            one.inn: period.kind for one in known if (period := one.at(self.now))
        }

    def wish(
        self,
        inn: str,
        kind: OrganisationKind | None,
        since: datetime,
        until: datetime | None = None,
    ) -> Settlement:
        wish = Wish(inn, kind, since, until)
        return self._keep(granted(HOUSE, self.carried, self.known.values(), [wish], self.now))

    def wait_until(self, moment: datetime) -> Settlement:
        self.now = moment
        return self._keep(matured(self.carried, self.known.values(), moment))

    def periods(self, inn: str) -> list[tuple[datetime, datetime | None]]:
        return [(period.since, period.until) for period in self.known[inn].periods]

    def _keep(self, settlement: Settlement) -> Settlement:
        self.carried = settlement.carried
        for one in settlement.changed:
            self.known[one.inn] = replace(one, revision=one.revision + 1)
        return settlement


def test_a_company_that_comes_ends_the_one_that_was_there() -> None:
    home = Home(WAS_COSY)

    home.wish(HOME, COMPANY, NOW)

    assert home.carried == {HOME: COMPANY}
    assert home.periods(COSY) == [(LONG_AGO, NOW)]
    assert home.periods(HOME) == [(NOW, None)]


def test_utilities_and_administrations_may_be_several() -> None:
    home = Home(WAS_COSY)

    for inn, kind in ((HEAT, UTILITY), ("4", UTILITY), ("5", TOWN_HALL), ("6", TOWN_HALL)):
        home.wish(inn, kind, NOW)

    assert home.carried == {
        COSY: COMPANY, HEAT: UTILITY, "4": UTILITY, "5": TOWN_HALL, "6": TOWN_HALL,
    }  # fmt: skip


def test_a_wish_that_comes_again_changes_nothing() -> None:
    home = Home(WAS_COSY)
    home.wish(HOME, COMPANY, LATER, LATEST)

    again = home.wish(HOME, COMPANY, LATER, LATEST)

    assert again.changed == ()


def test_a_company_that_comes_later_waits_for_its_day() -> None:
    home = Home(WAS_COSY)

    home.wish(HOME, COMPANY, LATER)
    before = dict(home.carried)
    home.wait_until(LATER)

    assert before == {COSY: COMPANY}
    assert home.carried == {HOME: COMPANY}
    assert home.periods(COSY) == [(LONG_AGO, LATER)]


def test_a_company_whose_last_day_was_said_goes_after_it() -> None:
    home = Home(WAS_COSY)

    home.wish(COSY, None, LATER)
    before = dict(home.carried)
    home.wait_until(LATER)

    assert before == {COSY: COMPANY}
    assert home.carried == {}


def test_a_plan_is_given_up() -> None:
    home = Home()
    home.wish(HEAT, UTILITY, LATER)

    home.wish(HEAT, None, NOW)

    assert home.periods(HEAT) == []
    assert home.known[HEAT].next_change(NOW) is None


def test_a_company_that_came_back_has_its_past() -> None:
    home = Home(WAS_COSY)
    home.wish(HOME, COMPANY, NOW)
    home.wait_until(LATER)

    home.wish(COSY, COMPANY, LATER)

    assert home.periods(COSY) == [(LONG_AGO, NOW), (LATER, None)]
    assert home.carried == {COSY: COMPANY}


def test_a_company_that_becomes_a_utility_is_no_company_from_then_on() -> None:
    home = Home(WAS_COSY)

    home.wish(COSY, UTILITY, LATER)
    before = dict(home.carried)
    home.wait_until(LATER)

    assert before == {COSY: COMPANY}
    assert home.carried == {COSY: UTILITY}


def test_of_two_companies_that_were_planned_the_later_one_stays() -> None:
    home = Home(WAS_COSY)
    home.wish(HOME, COMPANY, LATEST)
    home.wish("4", COMPANY, LATER)

    home.wait_until(LATER)
    first = dict(home.carried)
    home.wait_until(LATEST)

    assert first == {"4": COMPANY}
    assert home.carried == {HOME: COMPANY}
    assert home.periods("4") == [(LATER, LATEST)]


def test_a_house_counts_more_than_an_attachment_that_says_otherwise() -> None:
    ended = Attachment(COSY, HOUSE, (Period(COMPANY, LONG_AGO, NOW - DAY),), "b-1", 1)

    settlement = granted(HOUSE, {COSY: COMPANY}, [ended], [Wish(HOME, COMPANY, LATER)], NOW)

    assert settlement.carried == {COSY: COMPANY}
    assert {one.inn: one.periods[-1] for one in settlement.changed} == {
        COSY: Period(COMPANY, NOW, LATER, gives_way=((HOME, LATER),)),
        HOME: Period(COMPANY, LATER),
    }


def test_what_one_organisation_leaves_another_takes_over_at_the_same_moment() -> None:
    supplies = Attachment(HEAT, HOUSE, (Period(UTILITY, LONG_AGO),), "b-1", 1)
    wishes = [Wish("4", UTILITY, LATER), Wish(HEAT, None, LATER)]

    settlement = granted(HOUSE, {HEAT: UTILITY}, [supplies], wishes, NOW)

    assert settlement.carried == {HEAT: UTILITY}
    assert {one.inn: one.periods for one in settlement.changed} == {
        HEAT: (Period(UTILITY, LONG_AGO, LATER),),
        "4": (Period(UTILITY, LATER),),
    }


def test_a_company_keeps_its_own_end_when_the_plan_for_another_is_given_up() -> None:
    home = Home(WAS_COSY)
    home.wish(COSY, None, LATEST)
    home.wish(HOME, COMPANY, LATER)
    planned = home.periods(COSY)

    home.wish(HOME, None, NOW)

    assert planned == [(LONG_AGO, LATER)]
    assert (home.periods(COSY), home.periods(HOME)) == ([(LONG_AGO, LATEST)], [])


def test_of_two_plans_the_one_that_stays_ends_the_company() -> None:
    home = Home(WAS_COSY)
    home.wish(HOME, COMPANY, LATEST)
    home.wish(HEAT, COMPANY, LATER)

    home.wish(HEAT, None, NOW)

    assert home.periods(COSY) == [(LONG_AGO, LATEST)]


def test_a_plan_that_moves_moves_the_end_of_the_company_so_far() -> None:
    home = Home(WAS_COSY)
    home.wish(HOME, COMPANY, LATER)
    home.wish(HOME, None, NOW)

    home.wish(HOME, COMPANY, LATEST)

    assert home.periods(COSY) == [(LONG_AGO, LATEST)]


def test_a_company_that_has_come_gives_nothing_back_when_it_goes() -> None:
    home = Home(WAS_COSY)
    home.wish(HOME, COMPANY, LATER)
    home.wait_until(LATEST)

    home.wish(HOME, None, LATEST)

    assert (home.carried, home.periods(COSY)) == ({}, [(LONG_AGO, LATER)])


MOMENTS = st.integers(-5, 10).map(lambda days: NOW + days * DAY)
WISHES = st.tuples(
    st.sampled_from([COSY, HOME, HEAT]),
    st.sampled_from([*OrganisationKind, None]),
    MOMENTS,
    st.one_of(st.none(), st.integers(1, 8).map(lambda days: days * DAY)),
)


@given(wishes=st.lists(WISHES, max_size=12))
def test_whatever_is_wished_a_house_has_one_company_and_its_attachments_agree_with_it(
    wishes: list[tuple[str, OrganisationKind | None, datetime, timedelta | None]],
) -> None:
    home = Home(WAS_COSY)

    for step, (inn, kind, since, lasts) in enumerate(wishes):
        home.wait_until(NOW + step * DAY)
        home.wish(inn, kind, since, since + lasts if lasts else None)

        companies = [inn for inn, kind in home.carried.items() if kind == COMPANY]
        on_now = {
            one.inn: period.kind for one in home.known.values() if (period := one.at(home.now))
        }
        assert len(companies) <= 1
        assert on_now == home.carried


@given(
    wishes=st.lists(WISHES, max_size=12),
    ahead=st.integers(1, 12),
    lasts=st.one_of(st.none(), st.integers(1, 8)),
)
def test_a_plan_for_a_company_that_is_given_up_leaves_the_house_as_it_was(
    wishes: list[tuple[str, OrganisationKind | None, datetime, timedelta | None]],
    ahead: int,
    lasts: int | None,
) -> None:
    home, new = Home(WAS_COSY), "9"
    for step, (inn, kind, since, how_long) in enumerate(wishes):
        home.wait_until(NOW + step * DAY)
        home.wish(inn, kind, since, since + how_long if how_long else None)
    before = {inn: one.periods for inn, one in home.known.items()}, dict(home.carried)

    begins = home.now + ahead * DAY
    home.wish(new, COMPANY, begins, begins + lasts * DAY if lasts else None)
    home.wish(new, None, home.now)

    gone = home.known.pop(new)
    after = {inn: one.periods for inn, one in home.known.items()}, dict(home.carried)
    assert (gone.periods, after) == ((), before)


@given(wishes=st.lists(WISHES, max_size=25))
def test_periods_never_overlap_and_are_not_remembered_without_end(
    wishes: list[tuple[str, OrganisationKind | None, datetime, timedelta | None]],
) -> None:
    one = Attachment(COSY, HOUSE)

    for _, kind, since, lasts in wishes:
        one = one.begun(kind, since, since + lasts if lasts else None) if kind else one.ended(since)

        ends = [period.until for period in one.periods[:-1]]
        assert all(
            end and end <= following.since
            for end, following in zip(ends, one.periods[1:], strict=True)
        )
        assert len(one.periods) <= MOST_PERIODS


@pytest.mark.parametrize("kind", OrganisationKind)
def test_what_begins_later_in_one_period_is_overruled_by_what_is_said_now(
    kind: OrganisationKind,
) -> None:
    planned = Attachment(COSY, HOUSE).begun(COMPANY, LATEST)

    said = planned.begun(kind, LATER)

    assert said.periods == (Period(kind, LATER),)
