"""What is counted in chats is kept the same way in memory and in the table."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from housechats.adapters.activity import DynamoTallies, DynamoTotals
from housechats.domain.activity import Counts, Deed, Heard, Tally, fold
from housechats.ports.activity import Tallies, TallyName, Totals
from support.activity_fakes import FakeTallies

DAY = date(2027, 1, 11)
NOON = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
OVER = NOON + timedelta(days=1)
NAME = TallyName("ABCDEF01", DAY)
HEARD = (
    Heard(7, 5, NOON, cmid=9, user=1),
    Heard(7, 5, NOON, cmid=300, user=2),
    Heard(7, 5, NOON, event="e-1", deed=Deed.ANSWER, seconds=3600),
    Heard(7, 5, NOON, event="e-2", deed=Deed.LEFT),
)


def tally(house_id: str = NAME.house_id, day: date = DAY, part: str = "") -> Tally:
    return fold(Tally(house_id, day, "11701000", part), HEARD, key="a key", now=NOON)[0]


@dataclass
class Kept:
    tallies: Tallies
    totals: Totals

    def read(self, name: TallyName = NAME) -> Tally:
        return self.tallies.get_many([name])[name]


@pytest.fixture(params=["in memory", "in the table"])
def kept(request: pytest.FixtureRequest) -> Kept:
    if request.param == "in memory":
        fake = FakeTallies()
        return Kept(fake, fake.totals)
    table = request.getfixturevalue("table")
    return Kept(DynamoTallies(table), DynamoTotals(table))


def test_a_day_is_read_as_it_was_kept(kept: Kept) -> None:
    assert kept.tallies.save(tally())

    assert kept.read() == replace(tally(), revision=1)
    assert kept.tallies.get_many([TallyName("ABCDEF02", DAY)]) == {}


def test_of_two_workers_only_one_writes_a_day(kept: Kept) -> None:
    assert kept.tallies.save(tally())
    read = kept.read()

    assert not kept.tallies.save(tally())
    assert kept.tallies.save(replace(read, low=1))
    assert not kept.tallies.save(read)


def test_the_parts_of_a_houses_days_are_found_by_the_days(kept: Kept) -> None:
    for one in (
        tally(),
        tally(part="7.6.0"),
        tally(day=DAY + timedelta(1)),
        tally(day=DAY - timedelta(1)),
        tally("ABCDEF02"),
    ):
        assert kept.tallies.save(one)

    found = kept.tallies.of_house("ABCDEF01", DAY, DAY + timedelta(1))

    assert {(one.day, one.part) for one in found} == {
        (DAY, ""), (DAY, "7.6.0"), (DAY + timedelta(1), ""),
    }  # fmt: skip


def test_a_day_is_due_when_it_is_over_and_not_when_it_is_closed(kept: Kept) -> None:
    kept.tallies.save(tally())
    before, after = kept.tallies.due(NOON, limit=80), kept.tallies.due(OVER, limit=80)

    assert kept.tallies.close([kept.read()], {})

    assert (before, after) == ([], [NAME])
    assert kept.tallies.due(OVER, limit=80) == []


def test_a_closed_day_names_nobody_and_its_share_is_in_the_totals(kept: Kept) -> None:
    kept.tallies.save(tally())
    read = kept.read()

    assert kept.tallies.close([read], {"11": {DAY: read.untold}, "11#1": {DAY: Counts()}})

    assert kept.read() == replace(read.closed(), revision=2)
    assert kept.totals.of("11", DAY, DAY) == {DAY: read.counts}
    assert kept.totals.of("11#1", DAY, DAY) == {}


def test_a_day_that_was_counted_on_meanwhile_is_not_closed_and_nothing_is_added(kept: Kept) -> None:
    kept.tallies.save(tally())
    read = kept.read()
    kept.tallies.save(replace(read, low=1))

    assert not kept.tallies.close([read], {"11": {DAY: read.untold}})
    assert kept.totals.of("11", DAY, DAY) == {}


def test_totals_of_days_come_together(kept: Kept) -> None:
    for number in range(3):
        one = tally(f"ABCDEF0{number}", DAY + timedelta(number // 2))
        kept.tallies.save(one)
        kept.tallies.close(
            [kept.read(TallyName(one.house_id, one.day))], {"11": {one.day: one.counts}}
        )

    totals = kept.totals.of("11", DAY, DAY + timedelta(5))

    assert totals[DAY] == tally().counts + tally().counts
    assert totals[DAY].answer_times == {86: 2}
    assert totals[DAY + timedelta(1)] == tally().counts
