"""A person has a chat opened anew, and its elder is told in the end."""

from dataclasses import dataclass, field, replace

import pytest

from create_chats.retry import retry
from housechats.domain.addresses import Address
from housechats.domain.houses import ChatState, House
from housechats.domain.instructions import InstructionState
from support.clock import JANUARY
from support.fakes import FakeHouses, FakeInstructions, FakeQueue
from support.renewal_fakes import FakeRenewals

HOUSE = House(
    id="ABCDEF01",
    digest="d",
    oktmo="11701000",
    address=Address(locality="г. Архангельск", street_type="ул", street="Садовая", house="1"),
    community=7,
    created_at=JANUARY,
    elder_id="e-1",
    batch_id="b-1",
    letter_id="b-1",
    state=ChatState.REFUSED,
    reason="Нет.",
)


@dataclass
class Office:
    house: House = HOUSE
    houses: FakeHouses = field(default_factory=FakeHouses)
    instructions: FakeInstructions = field(default_factory=FakeInstructions)
    openings: FakeQueue = field(default_factory=FakeQueue)
    renewals: FakeQueue = field(default_factory=FakeQueue)

    def __post_init__(self) -> None:
        self.houses.enrol(self.house)
        self.instructions.expect("b-1", "e-1", {HOUSE.id}, until=JANUARY)

    def tell(self, state: InstructionState) -> None:
        told = self.instructions.by_key["b-1", "e-1"]
        self.instructions.finish(told, state, now=JANUARY, reason="Нет.")

    def retry(self) -> bool:
        return retry(
            self.houses.by_id[HOUSE.id],
            houses=self.houses,
            renewing=FakeRenewals(self.houses),
            renewals=self.renewals,
            instructions=self.instructions,
            openings=self.openings,
            now=JANUARY,
        )


def test_a_refused_chat_is_planned_anew_and_handed_over() -> None:
    office = Office()

    begun = office.retry()

    assert begun
    assert office.houses.by_id[HOUSE.id].state == ChatState.PLANNED
    assert office.openings.bodies == [{"house_id": HOUSE.id}]


@pytest.mark.parametrize("state", [ChatState.PLANNED, ChatState.OPENING, ChatState.OPEN])
def test_a_chat_that_is_open_or_on_its_way_is_left_alone(state: ChatState) -> None:
    office = Office(replace(HOUSE, state=state))
    office.tell(InstructionState.UNDELIVERABLE)

    begun = office.retry()

    assert not begun
    assert office.openings.bodies == []
    assert office.instructions.by_key["b-1", "e-1"].state == InstructionState.UNDELIVERABLE


LOST = replace(HOUSE, state=ChatState.LOST, chat_id=1, loss="chat_lost")


def test_a_lost_chat_is_renewed_as_its_next_revision() -> None:
    office = Office(LOST)

    begun = office.retry()

    house = office.houses.by_id[HOUSE.id]
    assert begun
    assert (house.state, house.chat_id, house.outdated) == (ChatState.LOST, 1, True)
    assert office.renewals.bodies == [{"house_id": HOUSE.id}]
    assert office.openings.bodies == []


def test_a_lost_chat_is_retried_as_often_as_a_person_wants() -> None:
    office = Office(replace(LOST, revision=1))

    begun = [office.retry(), office.retry()]

    assert begun == [True, True]
    assert office.houses.by_id[HOUSE.id].revision == 1


def test_an_elder_who_had_no_chat_to_be_told_of_is_told_of_this_one() -> None:
    office = Office()
    office.tell(InstructionState.UNDELIVERABLE)

    office.retry()

    assert office.instructions.by_key["b-1", "e-1"].state == InstructionState.WAITING
    assert office.houses.by_id[HOUSE.id].letter_id == "b-1"


def test_an_elder_who_was_told_of_other_houses_gets_a_letter_about_this_one() -> None:
    office = Office()
    office.tell(InstructionState.SENT)

    office.retry()

    own = f"one-{HOUSE.id}"
    assert office.houses.by_id[HOUSE.id].letter_id == own
    assert office.instructions.by_key[own, "e-1"].house_ids == {HOUSE.id}
    assert office.instructions.by_key["b-1", "e-1"].state == InstructionState.SENT


def test_a_retry_that_died_before_it_handed_the_house_over_is_found_by_the_sweep() -> None:
    office = Office()

    office.retry()

    assert office.houses.due(JANUARY, limit=80) == [HOUSE.id]
