"""A list changes the organisations of the kinds that it names, and no others."""

from collections.abc import Sequence

import pytest

from housechats.domain.organisations import Organisation, OrganisationKind, attached

COMPANY, TOWN_HALL, UTILITY = OrganisationKind
BEFORE = {"1": COMPANY, "2": UTILITY, "3": UTILITY}


@pytest.mark.parametrize(
    ("said", "then"),
    [
        pytest.param([], BEFORE, id="nothing"),
        pytest.param([Organisation(COMPANY, "ООО «Уют»", "1")], BEFORE, id="the same"),
        pytest.param(
            [Organisation(COMPANY, inn="9")], {"9": COMPANY, "2": UTILITY, "3": UTILITY}, id="other"
        ),
        pytest.param([Organisation(UTILITY, inn="3")], {"1": COMPANY, "3": UTILITY}, id="fewer"),
        pytest.param([Organisation(TOWN_HALL, inn="8")], {**BEFORE, "8": TOWN_HALL}, id="new kind"),
        pytest.param(
            [Organisation(UTILITY, inn="1")], {"1": UTILITY}, id="one that is something else now"
        ),
        pytest.param([Organisation(COMPANY, "ООО «Дом»")], BEFORE, id="without a number"),
    ],
)
def test_organisations_of_a_kind_are_those_that_a_list_names(
    said: Sequence[Organisation], then: dict[str, OrganisationKind]
) -> None:
    assert attached(BEFORE, said) == then
