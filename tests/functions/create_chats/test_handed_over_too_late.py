"""Who hands a house over too late changes nothing: neither the house nor what is kept of people."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from create_chats.change_house import ChangedMeanwhileError
from create_chats.hand_over import Desk, hand_over
from housechats.domain.addresses import Address
from housechats.domain.houses import ChatState, House, edited
from housechats.domain.people import Elder
from support.clock import JANUARY
from support.fakes import FakeElders, FakeHouses, FakeInstructions, FakeQueue
from support.renewal_fakes import FakeResidents

MARFA = Elder("Вымыслова Марфа", "+79990000007", vk_id=101)
FOMA = Elder("Небылов Фома", "+79990000003")
HOUSE = House(
    id="H1",
    digest="d1",
    oktmo="11701000",
    address=Address(street_type="ул", street="Садовая", house="1"),
    community=7,
    created_at=JANUARY,
    state=ChatState.OPEN,
    chat_id=5,
    link="https://vk.me/join/1",
)


class RacedHouses(FakeHouses):
    """Others are faster: each of them changes a house once just before it is changed."""

    def __init__(self, *others: Callable[[House], House]) -> None:
        super().__init__()
        self.others = list(others)

    def amend(self, before: House, after: House) -> House | None:
        if self.others:
            there = self.by_id[before.id]
            self.by_id[before.id] = self.others.pop(0)(there)
        return super().amend(before, after)


def another_person(house: House) -> House:
    return edited(house, replace(house, flats=house.flats + 1))


@dataclass
class Office:
    houses: RacedHouses = field(default_factory=RacedHouses)
    elders: FakeElders = field(default_factory=lambda: FakeElders(lambda: JANUARY))

    def __post_init__(self) -> None:
        self.desk = Desk(
            houses=self.houses,
            elders=self.elders,
            instructions=FakeInstructions(),
            residents=FakeResidents(self.houses),
            renewals=FakeQueue(),
            elder_key="a key",
        )
        self.houses.by_id[HOUSE.id] = HOUSE

    def names(self, elder: Elder) -> House:
        return hand_over(self.houses.by_id[HOUSE.id], elder, desk=self.desk, now=JANUARY)

    def knows(self, elder: Elder, *house_ids: str) -> str:
        elder_id = id_of(elder)
        until = JANUARY + timedelta(days=9)
        self.elders.put(elder_id, elder, until=until, house_ids={*house_ids})
        return elder_id


def id_of(elder: Elder) -> str:
    """Return by which id the house names somebody."""
    return Office().names(elder).elder_id


def test_contacts_with_which_other_houses_live_stay_as_they_are() -> None:
    office = Office(RacedHouses(another_person))
    elder_id = office.knows(MARFA, "H2")

    with pytest.raises(ChangedMeanwhileError):
        office.names(replace(MARFA, name="Вымыслова Марфа Петровна", phone="+79990000009"))

    assert office.elders.get(elder_id) == MARFA


def test_nothing_is_kept_of_somebody_whom_no_house_names() -> None:
    office = Office(RacedHouses(another_person))

    with pytest.raises(ChangedMeanwhileError):
        office.names(FOMA)

    assert office.elders.get(id_of(FOMA)) is None


def test_who_was_named_by_somebody_faster_stays_known() -> None:
    elder_id = id_of(FOMA)

    def this_house(house: House) -> House:
        return edited(house, replace(house, elder_id=elder_id))

    def another_house(house: House) -> House:
        office.elders.name_for(elder_id, {"H2"})
        return another_person(house)

    for other in (this_house, another_house):
        office = Office(RacedHouses(other))
        with pytest.raises(ChangedMeanwhileError):
            office.names(FOMA)

        assert office.elders.get(elder_id) == FOMA


def test_what_was_said_of_an_elder_of_other_houses_is_kept_with_the_house() -> None:
    office = Office()
    elder_id = office.knows(MARFA, "H2")

    after = office.names(replace(MARFA, phone="+79990000009"))

    kept = office.elders.get(elder_id)
    assert kept
    assert (after.elder_id, kept.phone) == (elder_id, "+79990000009")
    assert office.elders.houses_of([elder_id]) == {"H1", "H2"}


def test_a_new_name_is_said_though_a_worker_and_another_person_are_faster() -> None:
    class BusyElders(FakeElders):
        def put(self, *said: Any, **how: Any) -> None:
            super().put(*said, **how)
            there = office.houses.by_id[HOUSE.id]
            # A worker that has read the former name; then somebody who changes the house.
            office.houses.by_id[HOUSE.id] = replace(there, applied=there.revision)
            office.houses.others = [another_person]

    office = Office(elders=BusyElders(lambda: JANUARY))
    office.houses.by_id[HOUSE.id] = replace(HOUSE, elder_id=office.knows(MARFA))
    office.houses.others = []

    after = office.names(replace(MARFA, name="Вымыслова Марфа Петровна"))

    there = office.houses.by_id[HOUSE.id]
    assert (after, there.flats) == (there, 1)
    assert there.outdated, "the chat is to say the name anew"
