"""Organisations are attached to houses the same way in memory and in the table."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from housechats.adapters.organisations import DynamoAttachments
from housechats.adapters.table import Table, from_ms
from housechats.domain.organisations import Organisation, OrganisationKind
from housechats.ports.organisations import Attachments
from support.fakes import Attachment, FakeAttachments

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
LATEST = NOW + timedelta(days=2)
INN, HOUSE = "2901000001", "ABCDEF01"
COMPANY, UTILITY = OrganisationKind.MANAGEMENT_COMPANY, OrganisationKind.UTILITY

Look = Callable[[], Attachment | None]


def in_table(table: Table) -> Attachment | None:
    item = table.get(f"ORG#{INN}", f"HOUSE#{HOUSE}")
    since = from_ms(item["since"]) if item else None
    if item is None or since is None:
        return None
    until = from_ms(item.get("until"))
    return Attachment(OrganisationKind(item["kind"]), since, item["batch"], until)


@pytest.fixture(params=["in memory", "in the table"])
def kept(request: pytest.FixtureRequest) -> tuple[Attachments, Look]:
    """Return where attachments are kept, and a look at what is."""
    if request.param == "in memory":
        fake = FakeAttachments()
        return fake, lambda: fake.by_key.get((INN, HOUSE))
    table: Table = request.getfixturevalue("table")
    return DynamoAttachments(table), lambda: in_table(table)


@pytest.fixture
def attachments(kept: tuple[Attachments, Look]) -> Attachments:
    return kept[0]


@pytest.fixture
def look(kept: tuple[Attachments, Look]) -> Look:
    return kept[1]


def test_a_new_house_has_its_organisation_from_the_first_word_on(
    attachments: Attachments, look: Look
) -> None:
    attachments.attach_first(INN, HOUSE, COMPANY, batch_id="b-1", now=NOW)
    attachments.attach_first(INN, HOUSE, COMPANY, batch_id="b-1", now=LATER)

    assert look() == Attachment(COMPANY, NOW, "b-1")


def test_an_organisation_that_stays_is_attached_since_the_first_day(
    attachments: Attachments, look: Look
) -> None:
    attachments.attach(INN, HOUSE, COMPANY, batch_id="b-1", now=NOW)
    attachments.attach(INN, HOUSE, COMPANY, batch_id="b-2", now=LATER)

    assert look() == Attachment(COMPANY, NOW, "b-1")


def test_the_day_on_which_it_ended_stays(attachments: Attachments, look: Look) -> None:
    attachments.attach(INN, HOUSE, COMPANY, batch_id="b-1", now=NOW)

    attachments.detach(INN, HOUSE, COMPANY, batch_id="b-2", now=LATER)
    attachments.detach(INN, HOUSE, COMPANY, batch_id="b-2", now=LATEST)

    assert look() == Attachment(COMPANY, NOW, "b-2", until=LATER)


def test_an_organisation_that_comes_back_begins_anew(attachments: Attachments, look: Look) -> None:
    attachments.attach(INN, HOUSE, COMPANY, batch_id="b-1", now=NOW)
    attachments.detach(INN, HOUSE, COMPANY, batch_id="b-2", now=LATER)

    attachments.attach(INN, HOUSE, COMPANY, batch_id="b-3", now=LATEST)

    assert look() == Attachment(COMPANY, LATEST, "b-3")


def test_an_organisation_that_becomes_something_else_to_a_house_begins_anew(
    attachments: Attachments, look: Look
) -> None:
    attachments.attach(INN, HOUSE, COMPANY, batch_id="b-1", now=NOW)

    attachments.attach(INN, HOUSE, UTILITY, batch_id="b-2", now=LATER)

    assert look() == Attachment(UTILITY, LATER, "b-2")


def test_a_first_word_that_comes_after_the_end_is_too_late(
    attachments: Attachments, look: Look
) -> None:
    attachments.detach(INN, HOUSE, COMPANY, batch_id="b-2", now=NOW)

    attachments.attach_first(INN, HOUSE, COMPANY, batch_id="b-1", now=LATER)

    assert look() == Attachment(COMPANY, NOW, "b-2", until=NOW)


def test_a_card_keeps_the_spelling_that_came_first(table: Table) -> None:
    organisations = DynamoAttachments(table)
    organisations.introduce(Organisation(COMPANY, "ООО «Уют»", INN), oktmo="11701000")

    organisations.introduce(Organisation(COMPANY, "УЮТ ООО", INN), oktmo="11605000")

    assert table.get(f"ORG#{INN}", "ORG") == {
        "pk": f"ORG#{INN}",
        "sk": "ORG",
        "name": "ООО «Уют»",
        "kind": "management_company",
        "oktmo": "11701000",
        "region": "11",
    }
