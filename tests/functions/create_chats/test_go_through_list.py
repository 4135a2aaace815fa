"""A list is stopped and goes on: nothing more is begun, nothing is lost, nothing is done twice."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from create_chats.enrol import STOPPED, Chunk
from create_chats.go_through_list import Desk, go_through
from housechats.domain.houses import ChatState
from housechats.domain.instructions import InstructionState
from housechats.domain.people import Elder
from support.clock import JANUARY
from support.enrolling import Office, on_street
from support.fakes import FakeQueue
from support.killing import Killed, Wire
from support.renewal_fakes import FakeRenewals

LIST = "b-1"
ELDER = Elder("Вымыслова Марфа", "+79990000001")
ROWS = [on_street(number, elder=ELDER) for number in range(1, 251)]
"""Three chunks."""
NOW = JANUARY + timedelta(minutes=5)


@dataclass
class Lists(Office):
    parts: FakeQueue = field(default_factory=FakeQueue)
    rows: FakeQueue = field(default_factory=FakeQueue)
    renewals: FakeQueue = field(default_factory=FakeQueue)
    letters: FakeQueue = field(default_factory=FakeQueue)
    wire: Wire = field(default_factory=Wire)

    def desk(self) -> Desk:
        return Desk(
            batches=self.wire.watch("batches", self.batches),
            houses=self.wire.watch("houses", self.houses),
            renewing=FakeRenewals(self.houses),
            instructions=self.wire.watch("instructions", self.instructions),
            files=self.lists,
            parts=self.wire.watch("parts", self.parts),
            rows=self.wire.watch("rows", self.rows),
            openings=self.wire.watch("openings", self.openings),
            renewals=self.renewals,
            letters=self.wire.watch("letters", self.letters),
        )

    def go_through(self) -> None:
        """Go through the list, killed or not, until nothing is left to go through."""
        self._try(None)
        for body in self.parts.take():
            self._try(int(body["chunk"]))

    def _try(self, chunk: int | None) -> None:
        try:
            go_through(LIST, chunk, desk=self.desk(), now=NOW)
        except Killed:
            self._try(chunk)  # the queue hands it over again

    def states(self) -> dict[str, int]:
        found = [house.state for house in self.houses.by_id.values()]
        return {state: found.count(state) for state in set(found)}

    def opened(self) -> set[str]:
        return {str(body["house_id"]) for body in self.openings.take()}


def enrolled(*numbers: int, lists: Lists) -> list[Chunk]:
    """Begin the list and enrol some of its chunks; return all."""
    chunks = lists.begin(ROWS, LIST)
    for number in numbers:
        lists.enrol(chunks[number])
    lists.openings.take()
    return chunks


def test_a_stopped_list_begins_no_chat_and_enrols_no_row() -> None:
    lists = Lists()
    chunks = enrolled(0, 1, lists=lists)
    begun = next(iter(lists.houses.by_id))
    lists.houses.claim_opening(begun, now=NOW, lease_until=NOW)

    lists.batches.cancel(LIST, now=NOW)
    lists.go_through()
    late = lists.enrol(chunks[2])

    assert late == 0
    assert lists.states() == {"opening": 1, "refused": 199}
    assert {h.reason for h in lists.houses.by_id.values() if h.id != begun} == {STOPPED}
    # Whoever opens chats passes them on, so that elders hear of those that are open.
    assert lists.opened() == lists.houses.by_id.keys() - {begun}


def test_a_chunk_that_is_enrolled_while_the_list_is_stopped_comes_to_rest_too() -> None:
    lists = Lists()
    chunks = enrolled(lists=lists)
    put_chunk = lists.batches.put_chunk

    def stopped_here(*args: Any, **how: Any) -> Any:
        lists.batches.cancel(LIST, now=NOW)
        lists.go_through()  # comes here before the chunk is kept
        return put_chunk(*args, **how)

    lists.batches.put_chunk = stopped_here  # type: ignore[method-assign]
    lists.enrol(chunks[0])

    assert lists.states() == {"refused": 100}


def test_a_list_that_goes_on_enrols_the_rest_and_opens_what_was_stopped() -> None:
    lists = Lists()
    enrolled(0, 1, lists=lists)
    lists.batches.cancel(LIST, now=NOW)
    lists.go_through()
    lists.openings.take()

    lists.batches.resume(LIST)
    lists.go_through()
    (rest,) = lists.rows.take()
    before = len(lists.opened())
    lists.enrol(Chunk(**rest))  # type: ignore[arg-type]

    assert before == 200
    assert lists.states() == {"planned": 250}
    assert lists.batches.by_id[LIST].cancelled_at is None


def test_the_file_of_a_list_is_read_once_however_much_is_left_of_it() -> None:
    lists = Lists()
    chunks = enrolled(0, lists=lists)
    desk = lists.desk()
    reads = Wire()
    desk = replace(desk, files=reads.watch("files", lists.lists))

    for chunk in (None, 0, 1, 2):
        go_through(LIST, chunk, desk=desk, now=NOW)

    assert [Chunk(**body) for body in lists.rows.take()] == chunks[1:]  # type: ignore[arg-type]
    assert reads.calls == ["files.get"]


def test_a_retry_opens_what_failed_and_nothing_else() -> None:
    lists = Lists()
    enrolled(0, 1, 2, lists=lists)
    some = sorted(lists.houses.by_id)
    lists.houses.refused(some[0], reason="Нет.")
    lists.houses.uncertain(some[1], reason="Неясно.")
    lists.houses.made(some[2], chat_id=1, now=NOW)

    lists.go_through()

    assert lists.opened() == set(some[:2])
    assert lists.houses.by_id[some[2]].state == ChatState.MADE


def test_a_lost_chat_of_the_list_is_renewed() -> None:
    lists = Lists()
    lists.list_of(*ROWS[:1])
    (house,) = lists.houses.by_id.values()
    lists.houses.by_id[house.id] = replace(
        house, state=ChatState.LOST, chat_id=5, loss="chat_rights", due_at=None
    )
    lists.openings.take()

    lists.go_through()

    assert lists.houses.by_id[house.id].outdated
    assert lists.renewals.take() == [{"house_id": house.id}]
    assert lists.opened() == set()


def test_elders_whom_nothing_reached_are_written_to_again_and_others_are_not() -> None:
    lists = Lists()
    lists.list_of(*[on_street(n, elder=Elder(f"Житель {n}", f"+7999000000{n}")) for n in (1, 2)])
    undelivered, unknown = lists.instructions.of_batch(LIST)
    for told, state in [
        (undelivered, InstructionState.UNDELIVERABLE),
        (unknown, InstructionState.UNKNOWN),
    ]:
        lists.instructions.finish(told, state, now=NOW, reason="Нет.")

    lists.go_through()

    assert lists.letters.take() == [{"batch_id": LIST, "elder_id": undelivered.elder_id}]
    assert [one.state for one in lists.instructions.of_batch(LIST)] == ["waiting", "unknown"]


def test_houses_of_other_lists_are_left_alone() -> None:
    lists = Lists()
    lists.list_of(ROWS[0], batch_id="other")
    lists.list_of(*ROWS[:2])

    lists.batches.cancel(LIST, now=NOW)
    lists.go_through()

    assert {h.batch_id: h.state for h in lists.houses.by_id.values()} == {
        "other": ChatState.PLANNED,
        LIST: ChatState.REFUSED,
    }


@pytest.mark.parametrize("number", range(1, 14))
@pytest.mark.parametrize("when", ["before", "after"])
def test_wherever_the_worker_dies_a_list_stops_and_goes_on_whole(number: int, when: str) -> None:
    lists = Lists()
    lists.list_of(*[on_street(n, elder=ELDER) for n in (1, 2, 3)])
    lists.openings.take()
    (told,) = lists.instructions.of_batch(LIST)

    lists.wire = Wire(before={number}) if when == "before" else Wire(after={number})
    lists.batches.cancel(LIST, now=NOW)
    lists.go_through()
    stopped, nudged = lists.states(), lists.opened()
    lists.instructions.finish(told, InstructionState.UNDELIVERABLE, now=NOW, reason="Нет.")
    lists.wire = Wire(before={number}) if when == "before" else Wire(after={number})
    lists.batches.resume(LIST)
    lists.go_through()

    houses = set(lists.houses.by_id)
    due = {h.id for h in lists.houses.by_id.values() if h.due_at}
    assert (stopped, nudged) == ({"refused": 3}, houses)
    assert lists.states() == {"planned": 3}
    # Handed over, or found by the sweep.
    assert lists.opened() | due == houses
    assert {str(body["elder_id"]) for body in lists.letters.take()} == {told.elder_id}
