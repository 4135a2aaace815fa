"""Who was told that a house is theirs is told once that it is another's; nobody else is."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from housechats.domain.addresses import Address
from housechats.domain.communities import Community
from housechats.domain.errors import OutcomeUnknownError
from housechats.domain.houses import ChatState, House
from housechats.domain.instructions import Instruction, InstructionState
from housechats.domain.people import Elder
from local.vk.faults import Kind
from onboarding.instruct import LETTER_GOES, Desk, Outcome, instruct
from support.clock import JANUARY
from support.fakes import (
    FakeBatches,
    FakeCommunities,
    FakeElders,
    FakeFiles,
    FakeHouses,
    FakeInstructions,
    FakeLetters,
    FakeQueue,
    FakeTextMessages,
    new_community,
)
from support.guide_fakes import FakeGuides
from support.talk_door import TalkDoor

MARFA = 101
PHONE = "+79990000001"
WRITTEN_TO = Elder("Вымыслова Марфа", PHONE, vk_id=MARFA)
PARTING = "left-ABCDEF01-b-1"
HOUSE = House(
    id="ABCDEF01",
    digest="d",
    oktmo="11701000",
    address=Address(street_type="ул", street="Садовая", house="1"),
    community=7,
    created_at=JANUARY,
    elder_id="e-2",
    letter_id="one-ABCDEF01-1",
    state=ChatState.OPEN,
    chat_id=1,
    link="https://vk.me/join/1",
    poster_at=JANUARY,
)


@dataclass
class Office:
    """A house that has passed to another elder."""

    house: House = HOUSE
    elder: Elder = WRITTEN_TO
    letters: FakeLetters = field(default_factory=FakeLetters)
    sms: FakeTextMessages = field(default_factory=FakeTextMessages)
    door: TalkDoor = field(default_factory=TalkDoor)
    wrote: list[int] = field(default_factory=list)
    """The communities that wrote, or tried to."""

    def __post_init__(self) -> None:
        self.houses, self.instructions = FakeHouses(), FakeInstructions()
        self.guides = FakeGuides()
        chat = self.door.chat(MARFA)
        self.door.talk.make_administrator(chat, MARFA)
        self.house = replace(self.house, chat_id=chat)
        self.houses.enrol(self.house)
        self.elders = FakeElders(lambda: JANUARY)
        self.elders.put("e-1", self.elder, until=JANUARY + timedelta(days=365))
        self.instructions.expect("b-1", "e-1", {HOUSE.id}, until=JANUARY)
        parting = Instruction(PARTING, "e-1", frozenset({HOUSE.id}), former="b-1")
        self.instructions.part(parting, due_at=JANUARY, until=JANUARY)

    def told(self, state: InstructionState, *, of: set[str] | None = None, by: int = 0) -> None:
        """Have the letter that named this elder in a state."""
        letter = self.instructions.by_key["b-1", "e-1"]
        houses = frozenset({HOUSE.id} if of is None else of)
        self.instructions.by_key["b-1", "e-1"] = replace(
            letter, state=state, told_of=houses, community=by
        )

    @property
    def administrators(self) -> set[int]:
        return self.door.at(self.house.chat_id).admins

    @property
    def parting(self) -> Instruction:
        return self.instructions.by_key[PARTING, "e-1"]

    def letters_of(self, community: Community) -> FakeLetters:
        self.wrote.append(community.id)
        return self.letters

    def part(self) -> Outcome:
        desk = Desk(
            houses=self.houses,
            elders=self.elders,
            batches=FakeBatches(),
            instructions=self.instructions,
            guides=self.guides,
            communities=FakeCommunities(new_community(7), new_community(8)),
            letters_of=self.letters_of,
            talk_of=lambda _: self.door.talk,
            sms=self.sms,
            files=FakeFiles(),
            posters=FakeQueue(),
            public_url="https://dom.example",
            lease=timedelta(seconds=120),
        )
        return instruct(PARTING, "e-1", desk=desk, now=JANUARY)


def test_who_was_told_hears_once_that_the_chat_has_passed_on() -> None:
    office = Office()
    office.told(InstructionState.SENT)

    outcomes = [office.part(), office.part()]

    assert outcomes == [Outcome.SENT, Outcome.REPEATED]
    (letter,) = office.letters.sent
    assert letter.vk_id == MARFA
    assert "ул. Садовая, д. 1" in letter.text
    assert (letter.pdf, letter.buttons) == (b"", ())
    assert office.sms.sent == []


@pytest.mark.parametrize(
    ("by", "writes"),
    [
        pytest.param(8, 8, id="the one that told them of the house"),
        pytest.param(0, 7, id="the house's, when nobody knows which told them"),
    ],
)
def test_whoever_told_them_of_the_house_writes_again(by: int, writes: int) -> None:
    office = Office()
    office.told(InstructionState.SENT, by=by)

    outcome = office.part()

    assert outcome == Outcome.SENT
    assert (office.wrote, office.parting.community) == ([writes], writes)


def test_whom_nothing_reaches_any_more_is_noted_with_the_reason() -> None:
    office = Office(elder=replace(WRITTEN_TO, phone=""))
    office.told(InstructionState.SENT, by=8)
    office.letters.unwilling.add(MARFA)

    outcome = office.part()

    assert outcome == Outcome.UNDELIVERABLE
    assert office.parting.state == InstructionState.UNDELIVERABLE
    assert office.parting.reason.endswith("Мобильный телефон не указан или не прочитан.")


def test_who_takes_no_letters_gets_an_sms_that_fits_into_two() -> None:
    office = Office()
    office.told(InstructionState.SENT)
    office.letters.unwilling.add(MARFA)

    outcome = office.part()

    assert outcome == Outcome.SENT
    ((phone, text),) = office.sms.sent
    assert phone == PHONE
    assert len(text) <= 134


@pytest.mark.parametrize(
    "state", [InstructionState.WAITING, InstructionState.UNDELIVERABLE, InstructionState.UNKNOWN]
)
def test_who_was_never_reached_hears_nothing(state: InstructionState) -> None:
    office = Office()
    office.told(state)

    outcome = office.part()

    assert outcome == Outcome.UNDELIVERABLE
    assert (office.letters.sent, office.sms.sent) == ([], [])
    assert "не писали" in office.parting.reason


def test_who_was_told_of_other_houses_only_hears_nothing() -> None:
    office = Office()
    office.told(InstructionState.SENT, of={"ABCDEF02"})

    assert office.part() == Outcome.UNDELIVERABLE
    assert office.letters.sent == []


def test_who_has_the_house_still_hears_nothing() -> None:
    office = Office(house=replace(HOUSE, elder_id="e-1", letter_id="b-1"))
    office.told(InstructionState.SENT)

    assert office.part() == Outcome.UNDELIVERABLE
    assert office.letters.sent == []


def test_a_letter_on_its_way_is_waited_for() -> None:
    office = Office()
    office.told(InstructionState.SENDING)

    outcome = office.part()

    assert outcome == Outcome.WAITS
    assert office.parting.due_at == JANUARY + LETTER_GOES


def test_a_parting_sms_whose_end_nobody_knows_is_not_sent_again() -> None:
    office = Office(elder=Elder("Небылов Фома", PHONE))
    office.told(InstructionState.SENT)
    office.sms.answer_lost = OutcomeUnknownError("lost")

    with pytest.raises(OutcomeUnknownError):
        office.part()
    office.instructions.by_key[PARTING, "e-1"] = replace(office.parting, lease_until=None)
    outcome = office.part()

    assert outcome == Outcome.UNKNOWN
    assert len(office.sms.sent) == 1


@pytest.mark.parametrize(
    "state", [InstructionState.SENT, InstructionState.UNDELIVERABLE, InstructionState.UNKNOWN]
)
def test_a_former_elder_runs_the_chat_no_more_whatever_they_were_told(
    state: InstructionState,
) -> None:
    office = Office()
    office.told(state)

    office.part()

    assert office.administrators == set()
    assert MARFA in office.door.members(office.house.chat_id)


def test_who_is_elder_still_by_other_contacts_runs_the_chat_on() -> None:
    office = Office()
    office.told(InstructionState.SENT)
    office.elders.put(
        "e-2", Elder("Вымыслова Марфа", vk_id=MARFA), until=JANUARY + timedelta(days=365)
    )

    office.part()

    assert office.administrators == {MARFA}


def test_a_role_is_taken_back_when_vk_is_there_again() -> None:
    office = Office()
    office.told(InstructionState.SENT)
    office.door.fault(
        Kind.ERROR, "messages.setMemberRole", code=9, until=office.door.clock.now() + 60
    )

    waited = office.part()
    office.door.wait(timedelta(hours=2))
    office.part()

    assert waited == Outcome.WAITS
    assert office.administrators == set()


def test_a_former_elder_who_has_left_the_chat_is_told_all_the_same() -> None:
    office = Office()
    office.told(InstructionState.SENT)
    office.door.leave(office.house.chat_id, MARFA)

    assert office.part() == Outcome.SENT
