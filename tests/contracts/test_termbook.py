"""Terms of answers that territories set are kept the same way in memory and in the table."""

from dataclasses import replace
from datetime import date

import pytest

from housechats.adapters.answer_terms import DynamoTermbook
from housechats.domain.answer_terms import Term, TerritoryTerms
from housechats.domain.organisations import OrganisationKind
from housechats.ports.answer_terms import Termbook
from support.officials_fakes import FakeTermbook

FULL = TerritoryTerms(
    oktmo="11701000",
    terms={
        OrganisationKind.UTILITY: Term(
            3, working=True, basis="Областной закон", valid_from=date(2024, 1, 1), checked=True
        ),
        OrganisationKind.ADMINISTRATION: Term(20, working=False, basis="Решение совета"),
    },
    first_word_days=2,
    days_off=frozenset({date(2026, 5, 27), date(2026, 3, 20)}),
    revision=1,
)
BARE = TerritoryTerms("11", revision=1)
ELSEWHERE = replace(FULL, oktmo="118", terms={})


@pytest.fixture(params=["in memory", "in the table"])
def termbook(request: pytest.FixtureRequest) -> Termbook:
    if request.param == "in memory":
        return FakeTermbook()
    return DynamoTermbook(request.getfixturevalue("table"))


def test_terms_come_back_as_they_were_set_beside_those_of_their_region(termbook: Termbook) -> None:
    assert all(termbook.put(one) for one in (FULL, ELSEWHERE, BARE))

    assert termbook.of_region("11") == [BARE, FULL]
    assert termbook.of_region("118") == [ELSEWHERE]
    assert termbook.of_region("45") == []


def test_of_two_who_change_the_same_terms_the_second_is_told(termbook: Termbook) -> None:
    assert termbook.put(FULL)
    after = replace(FULL, first_word_days=5, revision=2)

    assert not termbook.put(replace(FULL, first_word_days=1))
    assert termbook.put(after)
    assert not termbook.put(replace(after, first_word_days=1))

    assert termbook.of_region("11") == [after]
