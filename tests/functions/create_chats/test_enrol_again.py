"""The same list again changes nothing; a corrected one changes what differs, and says what."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from housechats.domain.attachments import Period
from housechats.domain.batches import Row, Verdict
from housechats.domain.errors import UnavailableError
from housechats.domain.houses import BY_PERSON, ChatState, House, edited, own_letter
from housechats.domain.instructions import InstructionState
from housechats.domain.organisations import Organisation, OrganisationKind
from housechats.domain.people import Elder
from support.clock import JANUARY
from support.enrolling import ADDRESS, ELDER, KEY, LISTED, OKTMO, ROW, Office, on_street, saying
from support.fakes import FakeHouses

LATER = JANUARY + timedelta(days=7)
LATEST = JANUARY + timedelta(days=14)
COMPANY, UTILITY = OrganisationKind.MANAGEMENT_COMPANY, OrganisationKind.UTILITY
COSY = Organisation(COMPANY, "ООО «Уют»", "2901000001")
HOME = Organisation(COMPANY, "ООО «Дом»", "2901000002")
WATER = Organisation(UTILITY, "МУП «Водоканал»", "2901000003")
HEAT = Organisation(UTILITY, "ПАО «Тепло»", "2901000004")
OTHER = Elder("Былов Пётр", "+79990000002")
WITH_PAGE = replace(ELDER, vk_id=101, vk_name="marfa_v")
FULL = saying(
    fias_id="f-1",
    entrances=3,
    flats=60,
    tags=("лифт", "капремонт"),
    organisations=(COSY, WATER),
    elder=ELDER,
)
OPEN: dict[str, Any] = {"state": ChatState.OPEN, "chat_id": 5, "link": "https://vk.me/join/5"}


def the_house(office: Office) -> House:
    (house,) = office.houses.by_id.values()
    return house


def opened(office: Office) -> None:
    """Let the one chat be open and its poster drawn."""
    house = the_house(office)
    office.houses.by_id[house.id] = replace(house, **OPEN, poster_at=JANUARY)


def attachment(office: Office, organisation: Organisation) -> tuple[Period, str]:
    """Return the last period of an organisation at the one house, and the list that said so."""
    there = office.attachments.by_key[organisation.inn, the_house(office).id]
    return there.periods[-1], there.source


def cards(office: Office) -> dict[str, str]:
    return {inn: card.name for (_, inn), card in office.attachments.cards.by_key.items()}


# What comes with a new house


def test_a_new_house_has_all_that_its_row_says() -> None:
    office = Office()

    (verdict,) = office.list_of(FULL)

    house = the_house(office)
    assert (house.flats, house.tags) == (60, ("лифт", "капремонт"))
    assert house.organisations == {COSY.inn: COMPANY, WATER.inn: UTILITY}
    assert attachment(office, COSY) == (Period(COMPANY, JANUARY), "b-1")
    assert cards(office) == {COSY.inn: COSY.name, WATER.inn: WATER.name}
    assert (verdict.existing, verdict.changes, house.changed_by) == (False, (), "")


def test_an_organisation_without_its_number_is_attached_to_nothing() -> None:
    office = Office()

    office.list_of(saying(organisations=(replace(COSY, inn=""),)))

    assert the_house(office).organisations == {}
    assert office.attachments.by_key == {}
    assert cards(office) == {}


# The same list again


@pytest.mark.parametrize("row", [FULL, saying(), on_street(1, elder=WITH_PAGE)])
def test_the_same_list_again_changes_nothing(row: Row) -> None:
    office = Office()
    office.list_of(row)
    before = (the_house(office), dict(office.attachments.by_key))
    office.openings.take()

    (verdict,) = office.list_of(row, batch_id="b-2", now=LATER)

    assert (verdict.existing, verdict.changes) == (True, ())
    assert (the_house(office), office.attachments.by_key) == before
    assert office.instructions.of_batch("b-2") == []
    assert office.openings.bodies == []


def test_a_row_with_empty_cells_changes_nothing() -> None:
    office = Office()
    office.list_of(FULL)
    before = the_house(office)

    (verdict,) = office.list_of(saying(), batch_id="b-2", now=LATER)

    assert (verdict.existing, verdict.changes) == (True, ())
    assert the_house(office) == before


def test_tags_in_another_order_are_the_same() -> None:
    office = Office()
    office.list_of(FULL)

    (verdict,) = office.list_of(saying(tags=("капремонт", "лифт")), batch_id="b-2")

    assert verdict.changes == ()


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(replace(WITH_PAGE, phone=""), id="without the phone"),
        pytest.param(replace(ELDER, vk_name=""), id="without the page"),
        pytest.param(replace(WITH_PAGE, name="", phone=""), id="the page alone"),
        pytest.param(replace(WITH_PAGE, vk_id=0), id="a page that was not looked up"),
        pytest.param(Elder("ВЫМЫСЛОВА  Марфа"), id="the name alone, in capitals"),
        pytest.param(Elder("", ELDER.phone), id="the phone alone"),
    ],
)
def test_an_elder_of_whom_less_is_said_is_the_same_elder(again: Elder) -> None:
    office = Office()
    office.list_of(saying(elder=WITH_PAGE))
    elder_id = the_house(office).elder_id

    (verdict,) = office.list_of(saying(elder=again), batch_id="b-2", now=LATER)

    kept = office.elders.get(elder_id)
    assert the_house(office).elder_id == elder_id
    assert kept is not None
    assert (kept.phone, kept.vk_id, kept.vk_name) == (ELDER.phone, 101, "marfa_v")
    assert office.instructions.of_batch("b-2") == []
    assert verdict.changes == (("elder",) if again.name.startswith("ВЫМ") else ())


def test_an_elder_spelled_in_two_ways_in_one_list_is_not_changed_to_and_fro() -> None:
    office = Office()
    short = replace(WITH_PAGE, name="Вымыслова М.", phone="")
    rows = [on_street(1, elder=WITH_PAGE), on_street(2, elder=short)]
    office.list_of(*rows)

    verdicts = office.list_of(*rows, batch_id="b-2", now=LATER)

    assert [verdict.changes for verdict in verdicts] == [(), ()]
    assert office.elders.get(WITH_PAGE.id(KEY, OKTMO)) == WITH_PAGE


# A corrected list


@pytest.mark.parametrize(
    ("said", "change"),
    [
        pytest.param({"entrances": 4}, "entrances", id="entrances"),
        pytest.param({"flats": 61}, "flats", id="flats"),
        pytest.param({"tags": ("лифт",)}, "tags", id="tags"),
    ],
)
def test_a_corrected_cell_changes_this_and_nothing_else(said: dict[str, Any], change: str) -> None:
    office = Office()
    office.list_of(FULL)
    opened(office)
    before = the_house(office)

    (verdict,) = office.list_of(saying(**said), batch_id="b-2", now=LATER)

    assert (verdict.existing, verdict.changes) == (True, (change,))
    after = replace(before, **said, changed_by="b-2", changes=(change,))
    assert the_house(office) == replace(after, revision=1, applied=1)
    assert office.instructions.of_batch("b-2") == []


def test_a_list_may_give_a_house_its_missing_fias_id() -> None:
    office = Office()
    office.list_of(saying())

    (verdict,) = office.list_of(saying(fias_id="f-1"), batch_id="b-2")

    assert (verdict.changes, the_house(office).fias_id) == (("fias_id",), "f-1")
    assert list(office.houses.aliases) == ["f-1"]


def test_another_fias_id_is_a_warning_and_leaves_the_house_as_it_is() -> None:
    office = Office()
    office.list_of(FULL)
    before = the_house(office)

    (verdict,) = office.list_of(saying(fias_id="f-2", flats=99), batch_id="b-2")

    assert verdict.verdict == Verdict.ACCEPTED_WITH_WARNINGS
    assert [problem.code for problem in verdict.problems] == ["fias_differs"]
    assert (verdict.house_id, verdict.existing, verdict.changes) == (before.id, True, ())
    assert the_house(office) == before
    assert list(office.houses.aliases) == ["f-1"]


def test_the_fias_id_of_another_house_rejects_the_row_of_a_house_that_has_none() -> None:
    office = Office()
    elsewhere = replace(LISTED, address=replace(ADDRESS, house="2"))
    office.list_of(saying(), replace(ROW, number=3, house=elsewhere))
    before = dict(office.houses.by_id)

    (verdict,) = office.list_of(saying(fias_id="f-1", flats=99), batch_id="b-2")

    assert verdict.verdict == Verdict.REJECTED
    assert [problem.code for problem in verdict.problems] == ["fias_taken"]
    assert office.houses.by_id == before


# Another management company


def test_a_changed_company_moves_the_attachment_with_dates() -> None:
    office = Office()
    office.list_of(FULL)

    (verdict,) = office.list_of(saying(organisations=(HOME,)), batch_id="b-2", now=LATER)

    assert verdict.changes == ("organisations",)
    assert the_house(office).organisations == {WATER.inn: UTILITY, HOME.inn: COMPANY}
    assert attachment(office, COSY) == (Period(COMPANY, JANUARY, LATER), "b-2")
    assert attachment(office, HOME) == (Period(COMPANY, LATER), "b-2")
    assert attachment(office, WATER) == (Period(UTILITY, JANUARY), "b-1")
    assert cards(office)[HOME.inn] == HOME.name


def test_a_company_that_comes_back_begins_anew() -> None:
    office = Office()
    office.list_of(FULL)
    office.list_of(saying(organisations=(HOME,)), batch_id="b-2", now=LATER)

    office.list_of(saying(organisations=(COSY,)), batch_id="b-3", now=LATEST)

    assert attachment(office, COSY) == (Period(COMPANY, LATEST), "b-3")
    assert attachment(office, HOME) == (Period(COMPANY, LATER, LATEST), "b-3")


def test_suppliers_that_a_list_names_are_all_the_suppliers_there_are() -> None:
    office = Office()
    office.list_of(saying(organisations=(WATER, COSY)))

    office.list_of(saying(organisations=(WATER, HEAT)), batch_id="b-2", now=LATER)

    assert the_house(office).organisations == {
        COSY.inn: COMPANY,
        WATER.inn: UTILITY,
        HEAT.inn: UTILITY,
    }
    assert attachment(office, WATER) == (Period(UTILITY, JANUARY), "b-1")


# Another elder


def test_a_new_elder_is_handed_the_chat_and_is_told_when_it_is_ready() -> None:
    office = Office()
    office.list_of(FULL)
    opened(office)
    before = the_house(office)

    (verdict,) = office.list_of(saying(elder=OTHER), batch_id="b-2", now=LATER)

    elder_id = OTHER.id(KEY, OKTMO)
    house = the_house(office)
    assert verdict.changes == ("elder",)
    assert (house.elder_id, house.letter_id) == (elder_id, "b-2")
    assert (house.link, house.chat_id, house.batch_id) == (before.link, 5, "b-1")
    assert office.elders.get(elder_id) == OTHER
    (letter,) = office.instructions.of_batch("b-2")
    assert (set(letter.house_ids), letter.state) == ({house.id}, InstructionState.WAITING)
    assert ("b-2", elder_id) in office.instructions.due(LATER, limit=10)


def test_a_house_without_an_elder_gets_one() -> None:
    office = Office()
    office.list_of(saying())

    (verdict,) = office.list_of(saying(elder=OTHER), batch_id="b-2")

    assert verdict.changes == ("elder",)
    assert len(office.instructions.of_batch("b-2")) == 1


def test_the_former_elders_letter_is_looked_at_once_they_are_not_the_elder() -> None:
    office = Office()
    office.list_of(FULL)

    office.list_of(saying(elder=OTHER), batch_id="b-2", now=LATER)

    former = ("b-1", ELDER.id(KEY, OKTMO))
    assert former not in office.instructions.due(LATER, limit=10)
    assert former in office.instructions.due(LATER + timedelta(minutes=2), limit=10)


def test_another_phone_without_a_page_is_another_elder() -> None:
    office = Office()
    office.list_of(FULL)

    office.list_of(saying(elder=replace(ELDER, phone=OTHER.phone)), batch_id="b-2")

    assert len(office.instructions.of_batch("b-2")) == 1
    assert the_house(office).letter_id == "b-2"


@pytest.mark.parametrize(
    ("state", "tried_again"),
    [
        (InstructionState.SENT, False),
        (InstructionState.UNKNOWN, False),
        (InstructionState.UNDELIVERABLE, True),
    ],
)
def test_a_new_phone_of_the_same_elder_is_kept_and_tried_if_none_was_reached(
    state: InstructionState, *, tried_again: bool
) -> None:
    office = Office()
    office.list_of(saying(elder=WITH_PAGE))
    (letter,) = office.instructions.of_batch("b-1")
    office.instructions.finish(letter, state, now=JANUARY)
    renewed = replace(WITH_PAGE, phone=OTHER.phone)

    (verdict,) = office.list_of(saying(elder=renewed), batch_id="b-2", now=LATER)

    assert verdict.changes == ("elder",)
    assert office.elders.get(the_house(office).elder_id) == renewed
    assert office.instructions.of_batch("b-2") == []
    assert bool(office.instructions.due(LATER, limit=10)) == tried_again


def test_a_page_that_was_missing_is_added_to_the_same_elder() -> None:
    office = Office()
    office.list_of(saying(elder=ELDER))
    elder_id = the_house(office).elder_id

    changes = [
        office.list_of(saying(elder=WITH_PAGE), batch_id=batch_id)[0].changes
        for batch_id in ("b-2", "b-3")
    ]

    assert changes == [("elder",), ()]
    assert the_house(office).elder_id == elder_id
    assert office.elders.get(elder_id) == WITH_PAGE


# Repeats, and others at the same time


def test_a_repeat_says_the_same_changes_and_moves_no_date() -> None:
    office = Office()
    office.list_of(FULL)
    corrected = saying(elder=OTHER, organisations=(HOME,))

    first = office.take(corrected, batch_id="b-2", now=LATER)
    second = office.take(corrected, batch_id="b-2", now=LATEST)

    assert first.changes == second.changes == ("elder", "organisations")
    assert attachment(office, HOME) == (Period(COMPANY, LATER), "b-2")
    assert attachment(office, COSY) == (Period(COMPANY, JANUARY, LATER), "b-2")


def test_a_late_repeat_of_a_chunk_does_not_undo_what_a_later_list_said() -> None:
    office = Office()
    (first,) = office.begin([saying(flats=10)])
    office.enrol(first)
    office.list_of(saying(flats=20), batch_id="b-2")

    new = office.enrol(first)

    assert new == 0
    assert the_house(office).flats == 20


def test_a_repeat_of_a_chunk_that_died_does_not_undo_what_a_later_list_said() -> None:
    office = Office()
    (first,) = office.begin([FULL])
    office.row(FULL)
    office.list_of(saying(flats=20, elder=OTHER, organisations=(HOME,)), batch_id="b-2")

    new = office.enrol(first, now=LATER)

    house = the_house(office)
    assert new == 1
    assert (house.flats, house.elder_id) == (20, OTHER.id(KEY, OKTMO))
    assert house.organisations == {WATER.inn: UTILITY, HOME.inn: COMPANY}
    assert office.attachments.by_key[COSY.inn, house.id].at(LATER) is None


class Busy(FakeHouses):
    """Houses at which another list is faster, as often as told."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def amend(self, before: House, after: House) -> House | None:
        if self.times:
            self.times -= 1
            there = self.by_id[before.id]
            other = replace(there, entrances=there.entrances + 1, changed_by="b-9")
            super().amend(there, other)
        return super().amend(before, after)


def test_nothing_is_lost_when_two_lists_change_a_house_at_once() -> None:
    office = Office(houses=Busy(2))
    office.list_of(FULL)

    (verdict,) = office.list_of(saying(flats=99), batch_id="b-2")

    house = the_house(office)
    assert (house.flats, house.entrances) == (99, 5)
    assert (verdict.changes, house.changed_by) == (("flats",), "b-2")


def test_a_house_that_is_always_busy_is_tried_again_by_the_queue() -> None:
    office = Office(houses=Busy(99))
    office.list_of(FULL)

    with pytest.raises(UnavailableError):
        office.take(saying(flats=99), batch_id="b-2")


# A row that a person mends in place


def test_a_mended_row_changes_the_house_that_came_with_its_list() -> None:
    office = Office()
    office.list_of(FULL)

    verdict = office.take(saying(flats=61))
    again = office.take(saying(entrances=4))

    assert (verdict.existing, verdict.changes) == (False, ("flats",))
    assert again.changes == ("flats", "entrances")
    assert (the_house(office).flats, the_house(office).entrances) == (61, 4)


def told(office: Office, now: datetime) -> None:
    """Let every letter that waits be sent."""
    for letter in list(office.instructions.by_key.values()):
        office.instructions.finish(letter, InstructionState.SENT, now=now)


def test_an_elder_whose_letter_has_gone_gets_one_about_the_mended_row_alone() -> None:
    office = Office()
    office.list_of(saying(elder=ELDER), on_street(2, elder=OTHER))
    told(office, JANUARY)

    changed = office.take(saying(elder=OTHER), now=LATER)
    new = office.take(on_street(3, elder=OTHER), now=LATER)

    letters = {house_id: own_letter(house_id) for house_id in (changed.house_id, new.house_id)}
    for house_id, letter_id in letters.items():
        (letter,) = office.instructions.of_batch(letter_id)
        assert office.houses.by_id[house_id].letter_id == letter_id
        assert (set(letter.house_ids), letter.state) == ({house_id}, InstructionState.WAITING)


# One page, two people


def test_a_page_copied_by_mistake_renames_nobody() -> None:
    office = Office()
    office.list_of(saying(elder=WITH_PAGE))

    (verdict,) = office.list_of(on_street(9, elder=replace(OTHER, vk_id=101)), batch_id="b-2")

    assert [problem.code for problem in verdict.problems] == ["elder_page_taken"]
    assert office.elders.get(WITH_PAGE.id(KEY, OKTMO)) == WITH_PAGE


def test_a_corrected_list_may_correct_the_name_of_its_elder() -> None:
    office = Office()
    office.list_of(saying(elder=WITH_PAGE))

    (verdict,) = office.list_of(saying(elder=replace(WITH_PAGE, name="Былинкина")), batch_id="b-2")

    assert verdict.changes == ("elder",)
    kept = office.elders.get(WITH_PAGE.id(KEY, OKTMO))
    assert kept is not None
    assert kept.name == "Былинкина"


def test_a_list_that_comes_again_leaves_the_title_that_a_person_gave() -> None:
    office = Office()
    office.list_of(FULL, batch_id="b-1")
    before = the_house(office)
    named = edited(before, replace(before, name="ЖК «Север»", changed_by=BY_PERSON))
    assert office.houses.amend(before, named) is None

    office.list_of(saying(flats=20), batch_id="b-2", now=LATER)

    house = the_house(office)
    assert (house.title, house.flats, house.revision) == ("ЖК «Север»", 20, 2)
