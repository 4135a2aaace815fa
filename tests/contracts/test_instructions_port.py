"""Instructions are kept the same way in memory and in the table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from housechats.adapters.instructions import DynamoInstructions
from housechats.domain.instructions import Channel, Instruction, InstructionState
from housechats.ports.instructions import Instructions
from support.fakes import FakeInstructions

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=2)
LATEST = NOW + timedelta(minutes=10)
PAIR = ("b-1", "e-1")
KEPT_UNTIL = datetime.now(UTC) + timedelta(days=30)  # the table drops what has expired


@pytest.fixture(params=["in memory", "in the table"])
def instructions(request: pytest.FixtureRequest) -> Instructions:
    if request.param == "in memory":
        return FakeInstructions()
    return DynamoInstructions(request.getfixturevalue("table"))


def expected(instructions: Instructions) -> Instruction:
    """Have an elder with one house expected."""
    instructions.expect(*PAIR, {"ABCDEF01"}, until=KEPT_UNTIL)
    return kept(instructions)


def kept(instructions: Instructions) -> Instruction:
    instruction = instructions.get(*PAIR)
    assert instruction is not None
    return instruction


def test_an_elder_is_expected_once_with_all_houses(instructions: Instructions) -> None:
    for house_ids in ({"ABCDEF01", "ABCDEF02"}, {"ABCDEF01"}):
        instructions.expect(*PAIR, house_ids, until=KEPT_UNTIL)

    assert instructions.get(*PAIR) == Instruction(*PAIR, frozenset({"ABCDEF01", "ABCDEF02"}))
    assert instructions.get("b-1", "nobody") is None


def test_a_list_shows_its_elders_and_nobody_elses(instructions: Instructions) -> None:
    for batch_id, elder_id in [("b-1", "e-2"), ("b-1", "e-1"), ("b-2", "e-1")]:
        instructions.expect(batch_id, elder_id, {"ABCDEF01"}, until=KEPT_UNTIL)

    elders = [one.elder_id for one in instructions.of_batch("b-1")]

    assert elders == ["e-1", "e-2"]
    assert instructions.of_batch("b-3") == []


def test_one_worker_gets_an_instruction(instructions: Instructions) -> None:
    instruction = expected(instructions)

    claims = [
        instructions.claim(instruction, community=7, now=NOW, lease_until=LATER),
        instructions.claim(instruction, community=7, now=LATER, lease_until=LATEST),
    ]

    claimed = replace(
        instruction,
        state=InstructionState.SENDING,
        community=7,
        intent_at=NOW,
        lease_until=LATER,
    )
    assert claims == [claimed, None]
    assert kept(instructions) == claimed


def test_the_community_that_was_first_stays_the_one_that_writes(
    instructions: Instructions,
) -> None:
    instruction = expected(instructions)
    instructions.claim(instruction, community=0, now=NOW, lease_until=LATER)
    instructions.claim(instruction, community=7, now=LATEST, lease_until=LATEST)

    again = instructions.claim(
        instruction, community=8, now=LATEST + timedelta(hours=1), lease_until=LATEST
    )

    assert again is not None
    assert again.community == kept(instructions).community == 7


def test_a_dead_lease_goes_on_and_the_first_intent_stays(instructions: Instructions) -> None:
    instruction = expected(instructions)
    instructions.claim(instruction, community=7, now=NOW, lease_until=LATER)

    again = instructions.claim(instruction, community=7, now=LATEST, lease_until=LATEST)

    assert again
    assert (kept(instructions).intent_at, kept(instructions).lease_until) == (NOW, LATEST)


def test_an_sms_is_begun_once_and_by_who_has_the_instruction(instructions: Instructions) -> None:
    instruction = expected(instructions)
    too_early = instructions.begin_texting(instruction)
    instructions.claim(instruction, community=7, now=NOW, lease_until=LATER)

    begun = [instructions.begin_texting(instruction), instructions.begin_texting(instruction)]

    assert too_early is False
    assert begun == [True, False]
    assert not instructions.claim(instruction, community=7, now=LATEST, lease_until=LATEST)
    assert kept(instructions).state == InstructionState.TEXTING


def test_what_became_of_an_instruction_stays(instructions: Instructions) -> None:
    instruction = expected(instructions)
    instructions.claim(instruction, community=7, now=NOW, lease_until=LATER)

    instructions.finish(
        instruction, InstructionState.SENT, now=LATER, channel=Channel.SMS, reason="Без VK."
    )

    assert kept(instructions) == replace(
        instruction,
        state=InstructionState.SENT,
        community=7,
        channel=Channel.SMS,
        reason="Без VK.",
        intent_at=NOW,
        sent_at=LATER,
    )
    assert not instructions.claim(instruction, community=7, now=LATEST, lease_until=LATEST)


def test_an_instruction_that_waits_is_due_at_its_time(instructions: Instructions) -> None:
    instruction = expected(instructions)
    instructions.claim(instruction, community=7, now=NOW, lease_until=LATER)

    instructions.wait(kept(instructions), until=LATER, reason="Ждём.")

    assert instructions.due(LATER - timedelta(seconds=1), limit=80) == []
    assert instructions.due(LATER, limit=80) == [PAIR]
    waiting = kept(instructions)
    assert (waiting.state, waiting.reason, waiting.lease_until) == (
        InstructionState.WAITING,
        "Ждём.",
        None,
    )
    assert instructions.claim(instruction, community=7, now=LATER, lease_until=LATEST)
    assert instructions.due(LATEST, limit=80) == []


def test_who_knows_an_instruction_of_old_cannot_have_it_wait(instructions: Instructions) -> None:
    instruction = expected(instructions)
    instructions.claim(instruction, community=7, now=NOW, lease_until=LATER)
    instructions.begin_texting(instruction)

    instructions.wait(instruction, until=LATER, reason="Ждём.")

    assert kept(instructions).state == InstructionState.TEXTING
    assert instructions.due(LATEST, limit=80) == []


def test_what_nobody_expects_does_not_wait(instructions: Instructions) -> None:
    instructions.wait(Instruction(*PAIR, frozenset()), until=NOW)

    assert instructions.get(*PAIR) is None
    assert instructions.due(LATER, limit=80) == []


def test_an_instruction_handed_over_is_not_due_for_a_while(instructions: Instructions) -> None:
    instructions.wait(expected(instructions), until=NOW)

    instructions.postpone(*PAIR, until=LATER)

    assert instructions.due(NOW, limit=80) == []
    assert instructions.due(LATER, limit=80) == [PAIR]


def test_sweeps_take_a_part_of_what_is_due_and_in_the_end_all(instructions: Instructions) -> None:
    pairs = [("b-1", f"e-{n}") for n in range(24)]
    for pair in pairs:
        instructions.expect(*pair, {"ABCDEF01"}, until=KEPT_UNTIL)
        instructions.wait(Instruction(*pair, frozenset()), until=NOW)

    sweeps: list[list[tuple[str, str]]] = []
    while due := instructions.due(NOW, limit=16):
        sweeps.append(due)
        for batch_id, elder_id in due:
            instructions.postpone(batch_id, elder_id, until=LATER)

    assert all(len(due) <= 16 for due in sweeps)
    assert sorted(pair for due in sweeps for pair in due) == sorted(pairs)


@pytest.mark.parametrize("state", InstructionState)
def test_only_an_undeliverable_instruction_is_tried_anew(
    instructions: Instructions, state: InstructionState
) -> None:
    instruction = expected(instructions)
    instructions.finish(instruction, state, now=LATER, reason="Нет.")
    before = kept(instructions)

    instructions.reopen(before)

    if state == InstructionState.UNDELIVERABLE:
        assert kept(instructions) == instruction
    else:
        assert kept(instructions) == before


def test_an_instruction_begun_meanwhile_is_not_postponed(instructions: Instructions) -> None:
    instruction = expected(instructions)
    instructions.wait(instruction, until=NOW)
    instructions.claim(instruction, community=7, now=NOW, lease_until=LATER)

    instructions.postpone(*PAIR, until=LATER)

    assert instructions.due(LATEST, limit=80) == []


PARTING = Instruction("left-ABCDEF01-b-1", "e-1", frozenset({"ABCDEF01"}), former="b-1")


def test_a_parting_is_due_when_it_is_said(instructions: Instructions) -> None:
    instructions.part(PARTING, due_at=LATER, until=KEPT_UNTIL)

    assert instructions.due(NOW, limit=8) == []
    assert instructions.due(LATER, limit=8) == [(PARTING.batch_id, "e-1")]
    assert instructions.get(PARTING.batch_id, "e-1") == replace(PARTING, due_at=LATER)


def test_a_parting_that_came_to_nothing_may_be_tried_again_and_a_sent_one_not(
    instructions: Instructions,
) -> None:
    states = []
    told = frozenset({"ABCDEF01"})
    for state, of in ((InstructionState.UNDELIVERABLE, frozenset()), (InstructionState.SENT, told)):
        instructions.part(PARTING, due_at=NOW, until=KEPT_UNTIL)
        instructions.finish(PARTING, state, now=NOW, told_of=of)
        instructions.part(PARTING, due_at=LATER, until=KEPT_UNTIL)
        there = instructions.get(PARTING.batch_id, "e-1")
        states.append(there and (there.state, there.told_of))

    assert states == [(InstructionState.WAITING, frozenset()), (InstructionState.SENT, told)]
