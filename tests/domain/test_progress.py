"""Staff see how far a list has come, and it ends."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from housechats.domain.batches import Batch, BatchState
from housechats.domain.houses import ChatState, HouseLine
from housechats.domain.instructions import Channel, Instruction, InstructionState, Told
from housechats.domain.progress import Status, progress

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
BATCH = Batch(
    id="b-1",
    oktmo="11701000",
    author="s3:somebody",
    created_at=NOW,
    state=BatchState.ENROLLED,
    rows={"accepted": 2, "accepted_with_warnings": 1, "rejected": 4, "duplicate": 1},
    existing=1,
    changed=1,
    counted_at=NOW,
)
OPEN = HouseLine(
    id="A", oktmo="11701000", title="А", state=ChatState.OPEN, batch_id="b-1", has_poster=True
)
PLANNED = replace(OPEN, id="B", state=ChatState.PLANNED, has_poster=False)
TOLD = Instruction("b-1", "e-1", frozenset("A"), InstructionState.SENT, Channel.VK)
WAITING = Instruction("b-1", "e-2", frozenset("B"))


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (BatchState.AWAITED, Status.AWAITED),
        (BatchState.READING, Status.READING),
        (BatchState.REFUSED, Status.REFUSED),
        (BatchState.ENROLLING, Status.ENROLLING),
    ],
)
def test_a_list_on_its_way_says_where_it_is(state: BatchState, status: Status) -> None:
    told = progress(replace(BATCH, state=state), [], Told.of([]), now=NOW)

    assert told.status == status


def test_a_list_is_done_when_chats_posters_and_instructions_are() -> None:
    told = progress(BATCH, [OPEN, replace(OPEN, id="B")], Told.of([TOLD]), now=NOW)

    assert told.status == Status.DONE
    assert (told.total, told.done, told.failed, told.eta_seconds) == (5, 5, 0, 0)
    assert told.instructions == {"vk": 1}


@pytest.mark.parametrize(
    ("lines", "instructions"),
    [
        pytest.param([OPEN, PLANNED], [TOLD], id="a chat is missing"),
        pytest.param(
            [OPEN, replace(OPEN, id="B", has_poster=False)], [TOLD], id="a poster is missing"
        ),
        pytest.param([OPEN, replace(OPEN, id="B")], [TOLD, WAITING], id="an elder is missing"),
        pytest.param([OPEN], [TOLD], id="the index does not show a house yet"),
        pytest.param([], [], id="the index shows nothing yet"),
    ],
)
def test_a_list_is_not_done_while_anything_is_missing(
    lines: list[HouseLine], instructions: list[Instruction]
) -> None:
    told = progress(BATCH, lines, Told.of(instructions), now=NOW)

    assert told.status == Status.OPENING
    assert told.done < told.total
    assert told.eta_seconds > 0


def test_what_could_not_be_done_counts_as_settled_but_not_as_done() -> None:
    refused = replace(PLANNED, state=ChatState.REFUSED, reason="Нет.")
    unknown = replace(TOLD, state=InstructionState.UNKNOWN, channel=Channel.SMS)

    told = progress(BATCH, [OPEN, refused], Told.of([unknown]), now=NOW)

    assert told.status == Status.DONE
    assert (told.total, told.done, told.failed) == (5, 2, 3)
    assert told.houses == {"open": 1, "refused": 1}
    assert told.instructions == {"unknown": 1}


def test_a_list_whose_chat_was_lost_later_is_done_and_says_so() -> None:
    lost = replace(OPEN, id="B", state=ChatState.LOST, reason="Нет доступа.")

    told = progress(BATCH, [OPEN, lost], Told.of([TOLD]), now=NOW)

    assert told.status == Status.DONE
    assert (told.total, told.done, told.failed) == (5, 3, 2)
    assert told.houses == {"open": 1, "lost": 1}


def test_houses_of_other_lists_are_not_counted() -> None:
    other = replace(PLANNED, id="C", batch_id="b-2")

    told = progress(BATCH, [OPEN, replace(OPEN, id="B"), other], Told.of([TOLD]), now=NOW)

    assert told.status == Status.DONE
    assert told.houses == {"open": 2}


def test_a_house_that_waits_for_vk_is_shown_as_waiting() -> None:
    told = progress(BATCH, [OPEN, replace(PLANNED, waits=True)], Told.of([]), now=NOW)

    assert told.houses == {"open": 1, "waiting": 1}
    assert told.status == Status.OPENING


def test_the_time_left_follows_vks_pace() -> None:
    batch = replace(BATCH, state=BatchState.ENROLLING, rows={"accepted": 945}, existing=0)

    told = progress(batch, [], Told.of([]), now=NOW)

    assert told.eta_seconds == 100


def test_a_list_of_houses_that_were_all_there_is_done_at_once() -> None:
    told = progress(replace(BATCH, rows={"accepted": 3}, existing=3), [], Told.of([]), now=NOW)

    assert told.status == Status.DONE
    assert told.total == 0


def test_a_list_that_only_corrects_houses_is_done_when_its_new_elders_are_told() -> None:
    corrects = replace(BATCH, id="b-2", rows={"accepted": 2}, existing=2)
    waiting, told = replace(WAITING, batch_id="b-2"), replace(TOLD, batch_id="b-2")

    before = progress(corrects, [OPEN, replace(OPEN, id="B")], Told.of([waiting]), now=NOW)
    after = progress(corrects, [OPEN, replace(OPEN, id="B")], Told.of([told]), now=NOW)

    assert (before.status, before.elders, before.total, before.done) == (Status.OPENING, 1, 1, 0)
    assert (after.status, after.elders, after.total, after.done) == (Status.DONE, 1, 1, 1)
    assert after.instructions == {"vk": 1}


def test_a_list_ends_though_two_rows_have_one_house_or_a_house_is_erased() -> None:
    later = NOW + timedelta(minutes=2)

    told = progress(BATCH, [OPEN], Told.of([TOLD]), now=later)

    assert (told.status, told.total, told.done) == (Status.DONE, 3, 3)


def test_staff_see_how_many_houses_a_list_has_changed() -> None:
    told = progress(BATCH, [], Told.of([]), now=NOW)

    assert (told.existing, told.changed) == (1, 1)
