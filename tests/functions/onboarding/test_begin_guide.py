"""Who is told of their houses is guided through them; who has parted with one is not."""

from dataclasses import replace

from housechats.domain.guides import GuideStep
from housechats.domain.houses import ChatState
from housechats.domain.instructions import Channel, Instruction, InstructionState
from onboarding.begin_guide import begin_guide
from onboarding.instruct import Outcome
from support.clock import JANUARY
from support.guide_fakes import FakeGuides

from .test_instruct import ELDER_ID, TEXTED, Office, house
from .test_parting import HOUSE
from .test_parting import Office as PartingOffice


def test_an_elder_who_got_the_letter_is_guided_from_joining_on() -> None:
    office = Office(houses_told=(house(1), house(2, state=ChatState.REFUSED)))

    outcomes = [office.tell(), office.tell()]

    guide = office.guides.by_elder[ELDER_ID]
    assert outcomes == [Outcome.SENT, Outcome.REPEATED]
    assert [one.id for one in guide.houses] == ["ABCDEF01"]
    assert (guide.step, guide.community, guide.reachable) == (GuideStep.JOIN, 7, True)


def test_an_elder_who_got_an_sms_waits_to_be_heard() -> None:
    office = Office(elder=TEXTED)

    outcome = office.tell()

    guide = office.guides.by_elder[ELDER_ID]
    instruction = office.instructions.by_key["b-1", ELDER_ID]
    assert (outcome, instruction.channel) == (Outcome.SENT, Channel.SMS)
    assert (guide.reachable, guide.errands, guide.remind_at) == (False, (), None)


def test_a_letter_told_twice_begins_one_guide() -> None:
    guides = FakeGuides()
    letter = Instruction("b-1", ELDER_ID, frozenset({"ABCDEF01"}), community=7)

    for _ in range(2):
        begin_guide(letter, [house(1)], reachable=True, guides=guides, now=JANUARY)

    assert guides.by_elder[ELDER_ID].revision == 1


def test_another_letter_adds_its_houses_to_the_guide_that_is_there() -> None:
    guides = FakeGuides()
    letter = Instruction("b-1", ELDER_ID, frozenset({"ABCDEF01"}), community=7)
    begin_guide(letter, [house(1)], reachable=True, guides=guides, now=JANUARY)

    later = replace(letter, batch_id="b-2")
    begin_guide(later, [house(2)], reachable=True, guides=guides, now=JANUARY)

    guide = guides.by_elder[ELDER_ID]
    assert [(one.id, one.letter_id) for one in guide.houses] == [
        ("ABCDEF01", "b-1"),
        ("ABCDEF02", "b-2"),
    ]


def test_the_guide_of_who_was_replaced_ends() -> None:
    office = PartingOffice()
    office.told(InstructionState.SENT)
    letter = Instruction("b-1", "e-1", frozenset({HOUSE.id}), community=7)
    begin_guide(letter, [HOUSE], reachable=True, guides=office.guides, now=JANUARY)

    office.part()

    guide = office.guides.by_elder["e-1"]
    assert (guide.over, guide.errands, guide.remind_at) == (True, (), None)
