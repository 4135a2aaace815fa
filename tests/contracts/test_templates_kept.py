"""Organisations' own wordings are kept the same way in memory and in the table."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from housechats.adapters.templates import DynamoTemplates
from housechats.domain.templates import Template, TemplateKind
from housechats.ports.templates import Templates
from support.broadcast_texts_fakes import FakeTemplates

REGION, INN, OTHER = "11", "2901000017", "2901000024"
NEWS = Template(
    TemplateKind.NEWS, "{что}\n{звонить}", REGION, INN, datetime(2026, 11, 22, tzinfo=UTC)
)
MEETING = replace(NEWS, kind=TemplateKind.MEETING, wording="{что}, {где}, {с}. {звонить}")


@pytest.fixture(params=["in memory", "in the table"])
def templates(request: pytest.FixtureRequest) -> Templates:
    if request.param == "in memory":
        return FakeTemplates()
    return DynamoTemplates(request.getfixturevalue("table"))


def test_an_organisation_has_the_wording_that_it_wrote_last(templates: Templates) -> None:
    templates.put(NEWS)
    after = replace(NEWS, wording="{что}!\n{звонить}")
    templates.put(after)

    assert templates.get(REGION, INN, TemplateKind.NEWS) == after
    assert templates.get(REGION, INN, TemplateKind.MEETING) is None


def test_all_wordings_of_an_organisation_are_read_together(templates: Templates) -> None:
    others = [replace(NEWS, inn=OTHER), replace(NEWS, region="46"), replace(NEWS, region="118")]
    for one in (NEWS, MEETING, *others):
        templates.put(one)

    assert templates.of_organisation(REGION, INN) == [MEETING, NEWS]
    assert [templates.get(one.region, one.inn, one.kind) for one in others] == others
    assert templates.of_organisation("45", INN) == []


def test_a_wording_is_taken_back_once_and_for_all(templates: Templates) -> None:
    for one in (NEWS, MEETING):
        templates.put(one)

    for _ in range(2):
        templates.remove(REGION, INN, TemplateKind.NEWS)

    assert templates.of_organisation(REGION, INN) == [MEETING]
