"""Organisations are attached to houses the same way in memory and in the table."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from housechats.adapters.houses import DynamoHouses
from housechats.adapters.organisation_cards import DynamoCards
from housechats.adapters.organisations import DynamoAttachments
from housechats.adapters.table import Table
from housechats.domain.addresses import Address
from housechats.domain.attachments import Attachment, Period
from housechats.domain.houses import House, edited
from housechats.domain.organisation_cards import MOST_SPELLINGS, OrganisationCard, renamed
from housechats.domain.organisations import Organisation, OrganisationKind
from housechats.ports.houses import Houses
from housechats.ports.organisation_cards import Cards
from housechats.ports.organisations import Attachments
from support.fakes import FakeHouses
from support.organisation_fakes import FakeAttachments, FakeCards

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(days=1)
LATER = NOW + timedelta(days=1)
LATEST = NOW + timedelta(days=2)
INN, OTHER, HOUSE = "2901000017", "2901000024", "ABCDEF01"
COMPANY, UTILITY = OrganisationKind.MANAGEMENT_COMPANY, OrganisationKind.UTILITY
OKTMO = "11701000"
A_HOUSE = House(HOUSE, "digest", OKTMO, Address(street="Садовая", house="1"), 7, NOW)


@dataclass
class Outside:
    houses: Houses
    cards: Cards
    attachments: Attachments

    def look(self, inn: str = INN) -> Attachment | None:
        return next(iter(self.attachments.get_many([(inn, HOUSE)])), None)

    def periods(self, inn: str = INN) -> tuple[Period, ...]:
        there = self.look(inn)
        return there.periods if there else ()

    def house(self) -> House:
        there = self.houses.get(HOUSE)
        assert there
        return there


@pytest.fixture(params=["in memory", "in the table"])
def outside(request: pytest.FixtureRequest) -> Outside:
    if request.param == "in memory":
        houses, cards = FakeHouses(), FakeCards()
        return Outside(houses, cards, FakeAttachments(houses, cards))
    table: Table = request.getfixturevalue("table")
    return Outside(DynamoHouses(table), DynamoCards(table), DynamoAttachments(table))


# What lists say


def test_a_new_house_has_its_organisation_from_the_first_word_on(outside: Outside) -> None:
    outside.attachments.attach_first(INN, HOUSE, COMPANY, batch_id="b-1", now=NOW)
    outside.attachments.attach_first(INN, HOUSE, COMPANY, batch_id="b-1", now=LATER)

    assert outside.look() == Attachment(INN, HOUSE, (Period(COMPANY, NOW),), "b-1", 1)


def test_an_organisation_that_stays_is_attached_since_the_first_day(outside: Outside) -> None:
    outside.attachments.attach(INN, HOUSE, COMPANY, batch_id="b-1", now=NOW)
    outside.attachments.attach(INN, HOUSE, COMPANY, batch_id="b-2", now=LATER)

    assert outside.look() == Attachment(INN, HOUSE, (Period(COMPANY, NOW),), "b-1", 1)


def test_the_day_on_which_it_ended_stays(outside: Outside) -> None:
    outside.attachments.attach(INN, HOUSE, COMPANY, batch_id="b-1", now=NOW)

    outside.attachments.detach(INN, HOUSE, COMPANY, batch_id="b-2", now=LATER)
    outside.attachments.detach(INN, HOUSE, COMPANY, batch_id="b-2", now=LATEST)

    assert outside.look() == Attachment(INN, HOUSE, (Period(COMPANY, NOW, LATER),), "b-2", 2)


def test_an_organisation_that_comes_back_begins_anew_and_its_past_stays(outside: Outside) -> None:
    outside.attachments.attach(INN, HOUSE, COMPANY, batch_id="b-1", now=NOW)
    outside.attachments.detach(INN, HOUSE, COMPANY, batch_id="b-2", now=LATER)

    outside.attachments.attach(INN, HOUSE, COMPANY, batch_id="b-3", now=LATEST)

    assert outside.periods() == (Period(COMPANY, NOW, LATER), Period(COMPANY, LATEST))


def test_an_organisation_that_becomes_something_else_to_a_house_begins_anew(
    outside: Outside,
) -> None:
    outside.attachments.attach(INN, HOUSE, COMPANY, batch_id="b-1", now=NOW)

    outside.attachments.attach(INN, HOUSE, UTILITY, batch_id="b-2", now=LATER)

    assert outside.periods() == (Period(COMPANY, NOW, LATER), Period(UTILITY, LATER))


def test_a_first_word_that_comes_after_the_end_is_too_late(outside: Outside) -> None:
    outside.attachments.detach(INN, HOUSE, COMPANY, batch_id="b-2", now=NOW)

    outside.attachments.attach_first(INN, HOUSE, COMPANY, batch_id="b-1", now=LATER)

    assert outside.periods() == ()
    assert outside.look() is not None


def test_a_list_overrules_what_was_planned(outside: Outside) -> None:
    outside.houses.enrol(A_HOUSE)
    planned = Attachment(INN, HOUSE).begun(COMPANY, LATEST)
    assert outside.attachments.settle(A_HOUSE, {}, [planned], now=NOW)

    outside.attachments.attach(INN, HOUSE, COMPANY, batch_id="b-1", now=LATER)

    assert outside.periods() == (Period(COMPANY, LATER),)
    assert outside.attachments.due(LATEST, limit=80) == []


def test_a_list_that_ends_it_does_not_wait_for_the_planned_end(outside: Outside) -> None:
    outside.houses.enrol(A_HOUSE)
    planned = Attachment(INN, HOUSE).begun(COMPANY, NOW, LATEST)
    assert outside.attachments.settle(A_HOUSE, {INN: COMPANY}, [planned], now=NOW)

    outside.attachments.detach(INN, HOUSE, COMPANY, batch_id="b-1", now=LATER)

    assert outside.periods() == (Period(COMPANY, NOW, LATER),)
    assert outside.attachments.due(LATEST, limit=80) == []


# What people decide


def test_a_house_and_its_attachments_are_written_together(outside: Outside) -> None:
    outside.houses.enrol(replace(A_HOUSE, organisations={OTHER: COMPANY}))
    comes = Attachment(INN, HOUSE, source="job-1").begun(COMPANY, NOW)
    goes = Attachment(OTHER, HOUSE).begun(COMPANY, EARLIER).ended(NOW)

    written = outside.attachments.settle(outside.house(), {INN: COMPANY}, [comes, goes], now=NOW)

    assert written
    assert (outside.house().organisations, outside.house().revision) == ({INN: COMPANY}, 1)
    assert outside.look() == replace(comes, revision=1)
    assert outside.look(OTHER) == replace(goes, revision=1)


def test_a_house_that_has_other_organisations_by_now_is_left_alone(outside: Outside) -> None:
    outside.houses.enrol(replace(A_HOUSE, organisations={OTHER: COMPANY}))
    comes = Attachment(INN, HOUSE).begun(COMPANY, NOW)

    written = outside.attachments.settle(A_HOUSE, {INN: COMPANY}, [comes], now=NOW)

    assert not written
    assert outside.house().organisations == {OTHER: COMPANY}
    assert outside.look() is None


def test_an_attachment_that_was_changed_since_it_was_read_keeps_the_house_as_it_is(
    outside: Outside,
) -> None:
    outside.houses.enrol(A_HOUSE)
    read = Attachment(INN, HOUSE).begun(COMPANY, NOW)
    outside.attachments.attach(INN, HOUSE, UTILITY, batch_id="b-1", now=EARLIER)

    written = outside.attachments.settle(A_HOUSE, {INN: COMPANY}, [read], now=NOW)

    assert not written
    assert outside.house().organisations == {}
    assert outside.periods() == (Period(UTILITY, EARLIER),)


def test_the_last_organisation_of_a_house_can_go(outside: Outside) -> None:
    outside.houses.enrol(replace(A_HOUSE, organisations={INN: COMPANY}))

    outside.attachments.settle(outside.house(), {}, [], now=NOW)

    assert outside.house().organisations == {}


def test_a_house_whose_chat_shows_no_change_yet_can_be_changed_on_and_on(outside: Outside) -> None:
    outside.houses.enrol(A_HOUSE)
    outside.houses.amend(A_HOUSE, edited(A_HOUSE, replace(A_HOUSE, name="Наш дом")))

    attached = outside.attachments.settle(outside.house(), {INN: COMPANY}, [], now=NOW)
    detached = outside.attachments.settle(outside.house(), {}, [], now=NOW)
    there = outside.house()
    other = outside.houses.amend(there, edited(there, replace(there, name="Двор")))

    assert (attached, detached, other) == (True, True, None)
    assert (outside.house().name, outside.house().revision) == ("Двор", 4)


def test_what_begins_later_is_found_when_its_time_has_come_and_then_not_again(
    outside: Outside,
) -> None:
    outside.houses.enrol(A_HOUSE)
    planned = Attachment(INN, HOUSE).begun(COMPANY, LATER)
    outside.attachments.settle(A_HOUSE, {}, [planned], now=NOW)

    before = outside.attachments.due(LATER - timedelta(seconds=1), limit=80)
    then = outside.attachments.due(LATER, limit=80)
    outside.attachments.settle(
        outside.house(), {INN: COMPANY}, outside.attachments.get_many(then), now=LATER
    )

    assert (before, then) == ([], [(INN, HOUSE)])
    assert outside.attachments.due(LATEST, limit=80) == []


def test_a_plan_that_is_given_up_leaves_nothing_to_wait_for(outside: Outside) -> None:
    outside.houses.enrol(A_HOUSE)
    outside.attachments.settle(A_HOUSE, {}, [Attachment(INN, HOUSE).begun(COMPANY, LATER)], now=NOW)
    (planned,) = outside.attachments.get_many([(INN, HOUSE)])

    outside.attachments.settle(A_HOUSE, {}, [planned.ended(NOW)], now=NOW)

    assert outside.periods() == ()
    assert outside.attachments.due(LATEST, limit=80) == []


def test_what_gives_way_to_a_plan_comes_back_as_it_was_kept(outside: Outside) -> None:
    outside.houses.enrol(replace(A_HOUSE, organisations={OTHER: COMPANY}))
    there = Attachment(OTHER, HOUSE).begun(COMPANY, EARLIER, LATEST).ended(LATEST)
    planned = Attachment(INN, HOUSE).begun(COMPANY, LATER)
    giving_way = there.giving_way(planned, NOW)

    outside.attachments.settle(outside.house(), {OTHER: COMPANY}, [giving_way], now=NOW)

    kept = outside.look(OTHER)
    assert kept == replace(giving_way, revision=1)
    assert kept.giving_way(planned.ended(NOW), NOW).periods == there.periods
    assert outside.periods(OTHER) == (
        Period(COMPANY, EARLIER, LATER, gives_way=((INN, LATER),), own_until=LATEST),
    )


def test_an_organisation_knows_all_its_houses(outside: Outside) -> None:
    for house_id in ("ABCDEF01", "ABCDEF02"):
        outside.attachments.attach(INN, house_id, COMPANY, batch_id="b-1", now=NOW)
    outside.attachments.attach(OTHER, HOUSE, UTILITY, batch_id="b-1", now=NOW)

    found = outside.attachments.of_organisation(INN)

    assert {one.house_id for one in found} == {"ABCDEF01", "ABCDEF02"}


# Cards


def card(outside: Outside, region: str = "11") -> OrganisationCard:
    there = outside.cards.get(region, INN)
    assert there
    return there


def test_a_card_keeps_the_name_that_came_first_and_learns_other_spellings(
    outside: Outside,
) -> None:
    for name in (
        "ООО «Уют»",
        "УЮТ, ООО",
        "Уют-Сервис",
        "Общество с ограниченной ответственностью Уют",
    ):
        outside.attachments.introduce(Organisation(COMPANY, name, INN), oktmo=OKTMO, now=NOW)

    assert card(outside) == OrganisationCard(
        INN,
        COMPANY,
        "ООО «Уют»",
        OKTMO,
        introduced_at=NOW,
        spellings=("Уют-Сервис",),
        municipalities=frozenset({OKTMO}),
    )


def test_a_card_without_a_name_gets_the_first_that_is_said(outside: Outside) -> None:
    for name in ("", "ООО «Уют»"):
        outside.attachments.introduce(Organisation(COMPANY, name, INN), oktmo=OKTMO, now=NOW)

    assert (card(outside).name, card(outside).spellings) == ("ООО «Уют»", ())


def test_a_card_remembers_ten_spellings(outside: Outside) -> None:
    for number in range(MOST_SPELLINGS + 3):
        named = Organisation(COMPANY, f"ООО «Уют-{number}»", INN)
        outside.attachments.introduce(named, oktmo=OKTMO, now=NOW)

    assert len(card(outside).spellings) == MOST_SPELLINGS


def test_a_card_knows_the_municipalities_that_name_it(outside: Outside) -> None:
    for oktmo in ("11701000001", "11605000"):
        outside.attachments.introduce(Organisation(COMPANY, "ООО «Уют»", INN), oktmo=oktmo, now=NOW)

    assert card(outside).municipalities == {"11701000", "11605000"}


def test_regions_have_cards_of_their_own(outside: Outside) -> None:
    for oktmo in (OKTMO, "11800000"):
        outside.attachments.introduce(
            Organisation(COMPANY, f"ООО {oktmo}", INN), oktmo=oktmo, now=NOW
        )

    assert [one.name for one in outside.cards.of_region("11")] == [f"ООО {OKTMO}"]
    assert card(outside, "118").name == "ООО 11800000"


def test_a_card_that_is_there_is_not_made_anew(outside: Outside) -> None:
    new = OrganisationCard(INN, COMPANY, "ООО «Уют»", OKTMO, introduced_at=NOW)

    first, again = outside.cards.add(new), outside.cards.add(replace(new, name="Другая"))

    assert (first, again) == (None, new)


def test_who_changes_a_card_that_somebody_changed_meanwhile_is_told(outside: Outside) -> None:
    read = OrganisationCard(INN, COMPANY, "ООО «Уют»", OKTMO, introduced_at=NOW)
    outside.cards.add(read)

    first = outside.cards.change(renamed(read, "ООО «Дом»"), revision=read.revision)
    second = outside.cards.change(renamed(read, "ООО «Двор»"), revision=read.revision)

    assert (first, second) == (True, False)
    assert card(outside).names == ("ООО «Дом»", "ООО «Уют»")
    assert card(outside).revision == read.revision + 1
