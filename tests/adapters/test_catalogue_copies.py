"""Lists are right whatever is killed, late, doubled or differs in time; and they cost little."""

import zlib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count

import pytest

from housechats.adapters.catalogue import (
    CHANGES_KEPT,
    FOLDED_AGAIN_S,
    FOLDED_ANEW_S,
    FRESH_S,
    DynamoCatalogue,
)
from housechats.adapters.files import S3Files
from housechats.adapters.houses import FEW, DynamoHouses
from housechats.adapters.lines import LISTED, tell
from housechats.adapters.table import Item, Table
from housechats.domain.addresses import Address
from housechats.domain.houses import House
from housechats.domain.territories import Territory
from support.aws_mock import TABLE, new_bucket
from support.clock import JANUARY, VirtualClock
from support.killing import Killed

REGION = Territory("11")
NUMBERS = count(1)
LEASE = JANUARY + timedelta(minutes=2)
ADDRESS = Address(locality="г. Образцов", street_type="ул", street="Садовая")


class WatchedTable(Table):
    """The table, that counts what is read of it; a log that kills may be put into it."""

    def __init__(self, table: Table) -> None:
        super().__init__(table._name)  # noqa: SLF001 - the same table, watched
        self.reads: Counter[str] = Counter()
        self.kills_before_log = False

    def query(
        self, condition: str, *, index: str = "", **how: object
    ) -> tuple[list[Item], Item | None]:
        self.reads[index or "log"] += 1
        return super().query(condition, index=index, **how)  # type: ignore[arg-type]

    def put(self, item: Item, *, condition: str = "", **values: object) -> None:
        if self.kills_before_log and item["pk"].startswith("CHANGES#"):
            raise Killed
        super().put(item, condition=condition, **values)


@dataclass
class Region:
    table: WatchedTable
    bucket: str
    clock: VirtualClock
    ahead: float = 0
    """By how much the clock of whoever looks is ahead of the writers'."""

    def __post_init__(self) -> None:
        self.houses = DynamoHouses(self.table, clock=self.clock.now)
        self.catalogue = self.container()

    def container(self) -> DynamoCatalogue:
        """Start another container that shows lists."""
        files = S3Files(self.bucket)
        return DynamoCatalogue(self.table, files, clock=lambda: self.clock.now() + self.ahead)

    def build(self, *numbers: int) -> None:
        houses = [house(number) for number in numbers]
        for one in houses:
            self.houses.enrol(one)
        self.houses.announce(houses)

    def refuse(self, number: int, reason: str, *, ahead: float = 0) -> None:
        """Have a worker refuse a chat, whose clock is ahead of the others'."""
        worker = DynamoHouses(self.table, clock=lambda: self.clock.now() + ahead)
        worker.refused(house(number).id, reason=reason)
        self.clock.sleep(0.01)

    def seen(self, catalogue: DynamoCatalogue | None = None) -> dict[str, str]:
        """Return the reasons that the list shows, by house."""
        self.clock.sleep(FRESH_S + 1)
        lines = (catalogue or self.catalogue).lines(REGION)
        return {line.id: line.reason for line in lines}


@pytest.fixture
def region(table: Table) -> Region:
    return Region(WatchedTable(table), new_bucket(f"copies-{next(NUMBERS)}"), VirtualClock())


def house(number: int) -> House:
    return House(
        id=f"H{number:07}",
        digest=f"d{number}",
        oktmo="11701000",
        address=replace(ADDRESS, house=str(number)),
        community=7,
        created_at=JANUARY,
    )


# What is read


def test_a_list_that_is_polled_is_read_once_in_five_seconds(region: Region) -> None:
    region.build(1)

    for _ in range(10):
        region.catalogue.lines(REGION)
        region.catalogue.lines(Territory("11701000"))

    assert region.table.reads == {"GSI1": 1, "log": 1}


def test_the_index_is_read_once_an_hour_and_changes_from_the_log(region: Region) -> None:
    region.build(1, 2)
    region.seen()

    for minute in range(50):
        region.refuse(1, f"Нельзя {minute}.")
        region.clock.sleep(60)
        shown = region.seen()
        assert shown["H0000001"] == f"Нельзя {minute}."

    assert region.table.reads["GSI1"] == 1


def test_who_starts_reads_the_copy_and_not_the_index(region: Region) -> None:
    region.build(1, 2)
    region.seen()
    region.refuse(1, "Нельзя.")

    shown = region.seen(region.container())

    assert shown == {"H0000001": "Нельзя.", "H0000002": ""}
    assert region.table.reads["GSI1"] == 1


def test_a_line_of_the_copy_is_what_it_was(region: Region) -> None:
    region.build(1)
    region.seen()

    (line,) = region.container().lines(REGION)

    assert line == house(1).line
    assert not line.state.settled


def test_the_copy_is_written_anew_before_the_log_is_long(region: Region) -> None:
    region.build(1)
    region.seen()
    for number in range(CHANGES_KEPT):
        region.refuse(1, f"Нельзя {number}.")

    region.seen()

    packed = S3Files(region.bucket).get("catalogue/11.json.zlib")
    assert packed
    assert f"Нельзя {CHANGES_KEPT - 1}." in zlib.decompress(packed).decode()
    assert region.table.reads["GSI1"] == 1


def test_a_copy_of_another_version_is_not_believed(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    region.build(1)
    with monkeypatch.context() as patched:
        patched.setattr("housechats.adapters.catalogue.FIELDS", ("id", "former"))
        region.seen()

    shown = region.seen(region.container())

    assert shown == {"H0000001": ""}
    assert region.table.reads["GSI1"] == 2


def test_regions_inside_one_another_have_lists_of_their_own(region: Region) -> None:
    region.build(1)
    other = replace(house(2), oktmo="11811000")
    region.houses.enrol(other)
    region.houses.announce([other])

    north = region.catalogue.lines(Territory("118"))

    assert [line.id for line in north] == ["H0000002"]
    assert list(region.seen()) == ["H0000001"]


def test_who_changes_a_house_finds_it_at_once_when_the_list_is_forgotten(region: Region) -> None:
    region.build(1)
    region.seen()

    region.refuse(1, "Нельзя.")
    before = region.catalogue.lines(REGION)[0].reason
    region.catalogue.forget()
    after = region.catalogue.lines(REGION)[0].reason

    assert (before, after) == ("", "Нельзя.")


def test_the_index_carries_what_lists_show_and_nothing_else() -> None:
    (index,) = (one for one in TABLE["GlobalSecondaryIndexes"] if one["IndexName"] == "GSI1")

    assert index["Projection"]["NonKeyAttributes"] == list(LISTED)


# Many new houses


def test_a_chunk_of_new_houses_is_told_of_at_once(region: Region) -> None:
    region.seen()
    region.clock.sleep(FOLDED_AGAIN_S)

    region.build(*range(1, FEW + 2))

    assert len(region.seen()) == FEW + 1
    assert region.table.reads["GSI1"] == 2


def test_a_few_new_houses_are_told_of_one_by_one(region: Region) -> None:
    region.seen()
    region.clock.sleep(FOLDED_AGAIN_S)

    region.build(*range(1, FEW + 1))

    assert len(region.seen()) == FEW
    assert region.table.reads["GSI1"] == 1


def test_while_a_list_makes_houses_the_index_is_read_once_in_ten_seconds(region: Region) -> None:
    region.seen()

    for chunk in range(5):
        region.build(*range(chunk * 10, chunk * 10 + 10))
        region.seen()
    region.clock.sleep(FOLDED_AGAIN_S)
    shown = region.seen()

    assert len(shown) == 50
    assert region.table.reads["GSI1"] <= 2 + 5 * (FRESH_S + 1) / FOLDED_AGAIN_S + 1


def test_what_the_index_shows_late_is_not_missed(region: Region) -> None:
    region.seen()
    region.clock.sleep(FOLDED_AGAIN_S)
    region.houses.announce([house(n) for n in range(FEW + 1)])

    early = region.seen()
    for number in range(FEW + 1):  # the index shows them only now
        region.houses.enrol(house(number))
    region.clock.sleep(FOLDED_AGAIN_S)
    late = region.seen()
    reads = region.table.reads["GSI1"]
    region.clock.sleep(FOLDED_AGAIN_S)
    region.seen()

    assert (len(early), len(late)) == (0, FEW + 1)
    assert region.table.reads["GSI1"] == reads


# What goes wrong


def test_a_change_whose_writer_was_killed_is_seen_when_the_index_is_read_anew(
    region: Region,
) -> None:
    region.build(1)
    region.seen()
    region.table.kills_before_log = True
    with pytest.raises(Killed):
        region.refuse(1, "Нельзя.")
    region.table.kills_before_log = False

    soon = region.seen()
    region.clock.sleep(FOLDED_ANEW_S)
    later = region.seen()

    assert (soon, later) == ({"H0000001": ""}, {"H0000001": "Нельзя."})


def test_a_change_whose_writer_was_killed_is_seen_when_its_message_comes_again(
    region: Region,
) -> None:
    region.build(1)
    region.seen()
    region.table.kills_before_log = True
    with pytest.raises(Killed):
        region.refuse(1, "Нельзя.")
    region.table.kills_before_log = False

    claim = region.houses.claim_opening("H0000001", now=JANUARY, lease_until=LEASE)

    assert claim
    assert not claim.ours
    assert region.seen() == {"H0000001": "Нельзя."}


def test_an_entry_that_comes_late_or_twice_brings_nothing_back(region: Region) -> None:
    region.build(1)
    region.seen()
    region.refuse(1, "Сначала.")
    former = region.table.get("HOUSE#H0000001", "HOUSE")
    region.refuse(1, "Потом.")
    assert former

    for _ in range(2):
        tell(region.table, former, at=region.clock.now() + 1)
        shown = region.seen()

    assert shown == {"H0000001": "Потом."}


@pytest.mark.parametrize("ahead", [3.0, -3.0])
def test_of_two_writers_whose_clocks_differ_the_later_one_counts(
    region: Region, ahead: float
) -> None:
    region.build(1)
    region.seen()

    region.refuse(1, "Первый.", ahead=ahead)
    region.refuse(1, "Второй.", ahead=-ahead)

    assert region.seen() == {"H0000001": "Второй."}
    assert region.seen(region.container()) == {"H0000001": "Второй."}


@pytest.mark.parametrize("ahead", [3.0, -3.0])
def test_whoever_looks_may_have_another_time_than_whoever_writes(
    region: Region, ahead: float
) -> None:
    region.ahead = ahead
    region.build(1)
    region.seen()

    region.refuse(1, "Нельзя.")

    assert region.seen() == {"H0000001": "Нельзя."}


def test_a_new_house_that_is_told_of_after_its_change_stays_changed(region: Region) -> None:
    region.seen()
    region.houses.enrol(house(1))
    region.refuse(1, "Нельзя.")

    region.clock.seconds -= 0.01  # in the very same millisecond
    region.houses.announce([house(1)])

    assert region.seen() == {"H0000001": "Нельзя."}
