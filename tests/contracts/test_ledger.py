"""Acts are accounted for once each, whoever does them at the same moment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from housechats.adapters.audit import CUT_OFF_AFTER, DynamoLedger
from housechats.adapters.table import Change, Table
from housechats.domain.audit import Act, Outcome, first_broken
from housechats.domain.errors import UnavailableError

NOW = datetime.now(UTC).replace(microsecond=0)  # the table drops what has expired
LATER = NOW + CUT_OFF_AFTER + timedelta(seconds=1)
ACT = Act(
    id="0123456789abcdef",
    at=NOW,
    who="vk:1",
    role="staff",
    what="createHouse",
    on=("house:0A1B2C3D", "vk:5"),
    oktmo="11701000",
    request_id="request-1",
)
DONE = replace(ACT, outcome=Outcome.DONE)


@pytest.fixture
def ledger(table: Table) -> DynamoLedger:
    return DynamoLedger(table)


def test_an_act_is_in_the_chain_of_its_region_as_it_was_done(ledger: DynamoLedger) -> None:
    ledger.intend(ACT)
    ledger.settle(DONE)

    (entry,) = ledger.entries("11")
    assert (entry.seq, entry.act) == (1, DONE)
    assert ledger.end("11") == (1, entry.hash)
    assert ledger.due(LATER, limit=80) == []


def test_an_act_is_in_the_chain_once_however_often_it_is_settled(ledger: DynamoLedger) -> None:
    ledger.intend(ACT)

    for act in (DONE, DONE, ACT):
        ledger.settle(act)

    assert [entry.act for entry in ledger.chain("11")] == [DONE]


def test_an_act_of_which_nobody_says_how_it_ended_is_found_after_two_minutes(
    ledger: DynamoLedger,
) -> None:
    ledger.intend(ACT)

    assert ledger.due(NOW + timedelta(minutes=1), limit=80) == []
    assert ledger.due(LATER, limit=80) == [ACT]


def test_a_refused_act_is_not_accounted_for(ledger: DynamoLedger) -> None:
    ledger.intend(ACT)

    ledger.drop(ACT.id)

    assert ledger.due(LATER, limit=80) == []
    assert ledger.end("11")[0] == 0


def test_each_region_has_a_chain_of_its_own(ledger: DynamoLedger) -> None:
    for number, oktmo in enumerate(["11701000", "11811000", "11"]):
        ledger.settle(replace(DONE, id=f"{number}", oktmo=oktmo))

    assert {region: ledger.end(region)[0] for region in ("11", "118", "71")} == {
        "11": 2,
        "118": 1,
        "71": 0,
    }


def test_pages_go_back_from_the_latest_and_the_whole_goes_forth(ledger: DynamoLedger) -> None:
    acts = [replace(DONE, id=f"{n}") for n in range(7)]
    for act in acts:
        ledger.settle(act)

    pages = [ledger.entries("11", limit=3), ledger.entries("11", before=5, limit=3)]

    assert [[entry.seq for entry in page] for page in pages] == [[7, 6, 5], [4, 3, 2]]
    assert [entry.act for entry in ledger.chain("11")] == acts
    assert [entry.seq for entry in ledger.chain("11", after=5)] == [6, 7]
    assert first_broken(ledger.chain("11"), "11", ledger.end("11")) is None


class Meeting(Table):
    """A table at which others are faster: they do something before the next writes."""

    def __init__(self, table: Table) -> None:
        self.__dict__.update(vars(table))
        self.first: list[Callable[[], object]] = []

    def update_together(self, changes: Any) -> None:
        changes = list[Change](changes)
        if self.first:
            self.first.pop(0)()
        super().update_together(changes)


def test_acts_that_meet_at_the_end_of_the_chain_all_get_in(table: Table) -> None:
    meeting, other = Meeting(table), DynamoLedger(table)
    others = [replace(DONE, id=f"other-{n}") for n in range(4)]
    meeting.first = [lambda act=act: other.settle(act) for act in others]  # type: ignore[misc]

    DynamoLedger(meeting).settle(DONE)

    assert [entry.act for entry in other.chain("11")] == [*others, DONE]
    assert first_broken(other.chain("11"), "11", other.end("11")) is None


def test_an_act_that_met_others_in_the_middle_of_their_writing_gets_in_as_done(
    table: Table,
) -> None:
    def met() -> None:
        raise UnavailableError("others keep writing the same item")

    meeting = Meeting(table)
    meeting.first = [met, met]

    DynamoLedger(meeting).settle(DONE)

    assert [entry.act for entry in DynamoLedger(table).chain("11")] == [DONE]


def test_the_sweep_and_a_slow_request_account_for_an_act_once(table: Table) -> None:
    meeting, sweep = Meeting(table), DynamoLedger(table)
    sweep.intend(ACT)
    meeting.first = [lambda: sweep.settle(ACT)]

    DynamoLedger(meeting).settle(DONE)

    assert [entry.act.outcome for entry in sweep.chain("11")] == [Outcome.UNKNOWN]
