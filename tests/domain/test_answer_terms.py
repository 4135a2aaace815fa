"""By when an organisation answers depends on what it is, and on what its territory has set."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.answer_terms import KNOWN, Term, TerritoryTerms, terms_at
from housechats.domain.organisations import OrganisationKind

CITY, REGION = "11701000", "11"


def at(text: str) -> datetime:
    """Return a moment by the clock of Moscow."""
    return datetime.fromisoformat(f"{text}+03:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        pytest.param(OrganisationKind.MANAGEMENT_COMPANY, "2026-11-20T18:00", id="10 working days"),
        pytest.param(OrganisationKind.ADMINISTRATION, "2026-12-07T18:00", id="30 days"),
        pytest.param(None, "2026-12-07T18:00", id="nobody's: the municipality's"),
    ],
)
def test_each_kind_of_organisation_has_its_own_term(
    kind: OrganisationKind | None, due: str
) -> None:
    asked = at("2026-11-06T12:00")

    ends = terms_at(CITY, []).due_at(kind, asked)

    assert ends == at(due)


def test_no_known_term_is_said_to_have_been_checked() -> None:
    checked = [term for term in KNOWN.values() if term.checked]

    assert not checked


def test_what_the_city_has_set_counts_before_what_the_region_has() -> None:
    ours = Term(5, working=True, basis="Решение города")
    theirs = Term(7, working=True, basis="Закон области")
    city = TerritoryTerms(
        CITY, {OrganisationKind.UTILITY: ours}, days_off=frozenset({date(2026, 11, 9)})
    )
    region = TerritoryTerms(
        REGION,
        {OrganisationKind.UTILITY: theirs, OrganisationKind.MANAGEMENT_COMPANY: theirs},
        first_word_days=2,
        days_off=frozenset({date(2026, 11, 10)}),
    )

    counts = terms_at(CITY, [city, region])

    assert counts.terms[OrganisationKind.UTILITY] == ours
    assert counts.terms[OrganisationKind.MANAGEMENT_COMPANY] == theirs
    assert counts.first_word_days == 2
    assert counts.days_off == {date(2026, 11, 9), date(2026, 11, 10)}


def test_a_territory_beside_says_nothing_here() -> None:
    beside = TerritoryTerms("118", first_word_days=1)

    counts = terms_at(CITY, [beside])

    assert counts.first_word_days == 3


def test_officials_are_reminded_early_in_the_middle_on_the_eve_and_in_the_end() -> None:
    asked = at("2026-11-06T12:00")
    terms = terms_at(CITY, [])

    moments = terms.reminders(asked, terms.due_at(OrganisationKind.MANAGEMENT_COMPANY, asked))

    assert moments == (
        at("2026-11-12T09:00"),
        at("2026-11-13T15:00"),
        at("2026-11-19T09:00"),
        at("2026-11-20T18:00"),
    )


@given(
    asked=st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)),  # noqa: DTZ001 - UTC below
    days=st.integers(1, 60),
    working=st.booleans(),
)
def test_reminders_come_within_the_term_each_later_than_the_one_before(
    asked: datetime, days: int, working: bool
) -> None:
    asked = asked.replace(tzinfo=UTC)
    own = TerritoryTerms(CITY, {OrganisationKind.UTILITY: Term(days, working=working, basis="")})
    terms = terms_at(CITY, [own])
    due = terms.due_at(OrganisationKind.UTILITY, asked)

    moments = terms.reminders(asked, due)

    assert list(moments) == sorted(set(moments))
    assert asked < moments[0]
    assert moments[-1] == due
