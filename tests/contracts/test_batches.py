"""Lists are kept the same way in memory and in the table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from housechats.adapters.aws import client
from housechats.adapters.batches import DynamoBatches
from housechats.adapters.table import Table
from housechats.domain.batches import Batch, BatchState, Problem, RowVerdict, Tally, Verdict
from housechats.domain.errors import RefusedError
from housechats.domain.instructions import Told
from housechats.domain.territories import Territory
from housechats.ports.batches import Batches, KeptChunk
from support.aws_mock import new_table
from support.fakes import FakeBatches

NOW = datetime.now(UTC).replace(microsecond=0)  # the table drops what has expired
LATER = NOW + timedelta(minutes=2)
MUCH_LATER = NOW + timedelta(days=30)
BATCH = Batch(
    id="0123456789abcdef",
    oktmo="11701000",
    author="s3:somebody",
    created_at=NOW,
    name="дома.csv",
)
VERDICTS = [
    RowVerdict(2, Verdict.ACCEPTED, house_id="ABCDEF01"),
    RowVerdict(3, Verdict.ACCEPTED, house_id="ABCDEF02", existing=True),
    RowVerdict(4, Verdict.DUPLICATE, duplicate_of=2),
    RowVerdict(5, Verdict.REJECTED, (Problem("Адрес", "house_missing", "Нет дома.", fatal=True),)),
    RowVerdict(6, Verdict.SKIPPED),
    RowVerdict(
        7,
        Verdict.ACCEPTED,
        house_id="ABCDEF03",
        changes=("elder", "flats"),
        mended_at=LATER,
        moved=True,
    ),
]
WAS = VERDICTS[3]
BECOME = RowVerdict(
    WAS.number,
    Verdict.ACCEPTED,
    house_id="ABCDEF09",
    existing=True,
    changes=("flats",),
    mended_at=LATER,
)
CELLS = {"address": "ул. Садовая, 1", "flats": ""}
OTHERS = {"address": "ул. Садовая, 2"}


@pytest.fixture(params=["in memory", "in the table"])
def batches(request: pytest.FixtureRequest) -> Batches:
    if request.param == "in memory":
        return FakeBatches()
    return DynamoBatches(request.getfixturevalue("table"))


def kept(batches: Batches) -> Batch:
    batch = batches.get(BATCH.id)
    assert batch is not None
    return batch


def test_a_list_that_was_begun_comes_back_as_it_is(batches: Batches) -> None:
    begun = batches.begin(BATCH)

    assert begun == BATCH
    assert batches.get(BATCH.id) == BATCH
    assert batches.get("nobody") is None


def test_the_same_list_begun_again_stays_as_far_as_it_was(batches: Batches) -> None:
    batches.begin(BATCH)
    batches.start(BATCH.id, chunks=2, rows={"accepted": 150})

    begun = batches.begin(replace(BATCH, created_at=LATER))

    assert begun == replace(
        BATCH, state=BatchState.ENROLLING, chunks=2, rows={"accepted": 150}, first_row=1
    )


def test_an_awaited_list_is_read_when_its_file_comes(batches: Batches) -> None:
    batches.begin(replace(BATCH, state=BatchState.AWAITED))

    come = batches.reading(BATCH.id, etag="e-1", now=LATER)
    batches.start(BATCH.id, chunks=1, rows={})
    another = batches.reading(BATCH.id, etag="e-2", now=LATER)

    assert come == replace(BATCH, etag="e-1", created_at=LATER)
    assert (another.state, another.etag) == (BatchState.ENROLLING, "e-1")


def test_a_refused_list_says_why(batches: Batches) -> None:
    batches.begin(BATCH)

    batches.refuse(BATCH.id, code="list_empty", reason="Файл пуст.")

    assert batches.get(BATCH.id) == replace(
        BATCH, state=BatchState.REFUSED, code="list_empty", reason="Файл пуст."
    )


def test_a_list_is_enrolled_with_its_last_chunk_and_each_is_counted_once(
    batches: Batches,
) -> None:
    batches.begin(BATCH)
    batches.start(BATCH.id, chunks=2, rows={"accepted": 150}, first_row=4)
    more = Tally({"accepted": -1, "rejected": 1}, existing=2, changed=1)

    seen = [batches.enrolled(BATCH.id, 1, more, now=NOW) for _ in range(2)]
    last = batches.enrolled(BATCH.id, 0, Tally({}, existing=1), now=LATER)

    assert [batch.enrolled for batch in (*seen, last)] == [{1}, {1}, {0, 1}]
    assert seen[0] == seen[1]
    assert seen[1].state == BatchState.ENROLLING
    assert last == batches.get(BATCH.id)
    assert last == replace(
        BATCH,
        state=BatchState.ENROLLED,
        chunks=2,
        enrolled=frozenset({0, 1}),
        rows={"accepted": 149, "rejected": 1},
        existing=3,
        changed=1,
        first_row=4,
        counted_at=LATER,
    )


def test_a_repeated_beginning_does_not_undo_what_is_counted(batches: Batches) -> None:
    batches.begin(BATCH)
    batches.start(BATCH.id, chunks=2, rows={"accepted": 2})
    batches.enrolled(BATCH.id, 0, Tally({"accepted": -2, "rejected": 2}), now=NOW)

    batches.start(BATCH.id, chunks=9, rows={"accepted": 2})

    assert (kept(batches).chunks, kept(batches).rows) == (2, {"rejected": 2})


def test_a_list_that_is_enrolled_cannot_be_refused_by_a_late_repeat(batches: Batches) -> None:
    batches.begin(BATCH)
    batches.start(BATCH.id, chunks=1, rows={"accepted": 2})

    batches.refuse(BATCH.id, code="list_gone", reason="Файл удалили.")

    assert kept(batches).state == BatchState.ENROLLING


def test_the_verdicts_of_a_chunk_come_back_as_they_were_put(batches: Batches) -> None:
    batches.begin(BATCH)

    batches.put_chunk(BATCH.id, 0, VERDICTS, span=(0, 99), until=MUCH_LATER)

    assert batches.chunk(BATCH.id, 0) == VERDICTS
    assert batches.chunk(BATCH.id, 1) == []
    assert batches.kept(BATCH.id, 0) == KeptChunk(0, (0, 99), VERDICTS)
    assert batches.kept(BATCH.id, 1) is None


def test_of_two_who_put_the_verdicts_of_a_chunk_the_first_one_counts(batches: Batches) -> None:
    batches.begin(BATCH)
    others = [replace(VERDICTS[0], house_id="ABCDEF09")]

    done = [
        batches.put_chunk(BATCH.id, 0, verdicts, span=(0, 99), until=MUCH_LATER)
        for verdicts in (VERDICTS, others)
    ]

    assert done == [VERDICTS, VERDICTS]
    assert batches.chunk(BATCH.id, 0) == VERDICTS


def test_a_territory_shows_its_lists_the_newest_first(batches: Batches) -> None:
    for n, (oktmo, minutes) in enumerate(
        [("11701000", 0), ("11701000", 5), ("11605000", 3), ("11800000", 4), ("36701000", 1)]
    ):
        created_at = NOW + timedelta(minutes=minutes)
        batches.begin(replace(BATCH, id=f"b-{n}", oktmo=oktmo, created_at=created_at))

    region = [batch.id for batch in batches.of_territory(Territory("11"))]
    town = [batch.id for batch in batches.of_territory(Territory("11701000"))]

    assert region == ["b-1", "b-2", "b-0"]
    assert town == ["b-1", "b-0"]


def test_one_file_of_all_posters_is_asked_for_and_drawn(batches: Batches) -> None:
    batches.begin(BATCH)

    batches.ask_sheet(BATCH.id, now=NOW)
    batches.sheet_drawn(BATCH.id, houses=12, now=LATER)

    batch = kept(batches)
    assert (batch.sheet_asked_at, batch.sheet_at, batch.sheet_houses) == (NOW, LATER, 12)


def test_chunks_come_in_their_order_with_the_place_of_their_rows(batches: Batches) -> None:
    batches.begin(BATCH)
    for chunk in (2, 0, 1):
        row = RowVerdict(chunk * 100 + 2, Verdict.ACCEPTED)
        batches.put_chunk(
            BATCH.id, chunk, [row], span=(chunk * 10, chunk * 10 + 9), until=MUCH_LATER
        )

    kept = list(batches.chunks(BATCH.id))

    assert [(one.number, one.span) for one in kept] == [(0, (0, 9)), (1, (10, 19)), (2, (20, 29))]
    assert [row.number for one in kept for row in one.rows] == [2, 102, 202]
    assert [one.number for one in batches.chunks(BATCH.id, first=1)] == [1, 2]


def enrolled(batches: Batches) -> None:
    """Keep one chunk of an enrolled list."""
    batches.begin(BATCH)
    batches.start(BATCH.id, chunks=1, rows={"accepted": 3, "rejected": 1})
    batches.put_chunk(BATCH.id, 0, VERDICTS, span=(0, 99), until=MUCH_LATER)
    batches.enrolled(BATCH.id, 0, Tally({}, existing=1), now=NOW)


def claim(batches: Batches, cells: dict[str, str], *, now: datetime = NOW) -> bool:
    return batches.claim_row(BATCH.id, 0, WAS, cells, now=now, until=now + timedelta(minutes=1))


def test_a_row_is_mended_once_with_its_cells_and_its_count(batches: Batches) -> None:
    enrolled(batches)
    claim(batches, CELLS)

    done = [batches.mend(BATCH.id, 0, WAS, BECOME, CELLS, now=LATER) for _ in range(2)]
    batches.put_chunk(BATCH.id, 0, VERDICTS, span=(0, 99), until=MUCH_LATER)

    chunk = batches.kept(BATCH.id, 0)
    assert done == [True, False]
    assert chunk == KeptChunk(
        0, (0, 99), [*VERDICTS[:3], BECOME, *VERDICTS[4:]], {WAS.number: CELLS}
    )
    assert list(batches.chunks(BATCH.id)) == [chunk]
    batch = kept(batches)
    assert (batch.rows, batch.existing, batch.changed) == ({"accepted": 4}, 2, 1)
    assert batch.counted_at == LATER


def test_a_row_is_one_person_s_until_they_are_done(batches: Batches) -> None:
    enrolled(batches)

    claims = [claim(batches, cells) for cells in (CELLS, OTHERS, CELLS)]
    theirs = batches.mend(BATCH.id, 0, WAS, BECOME, OTHERS, now=LATER)
    given_back = [batches.release_row(BATCH.id, 0, WAS, cells) for cells in (OTHERS, CELLS)]

    assert claims == [True, False, True]
    assert (theirs, given_back) == (False, [False, True])
    assert claim(batches, OTHERS)
    assert batches.chunk(BATCH.id, 0) == VERDICTS


def test_a_row_of_somebody_who_is_gone_is_anybody_s_and_not_theirs_any_more(
    batches: Batches,
) -> None:
    enrolled(batches)
    claim(batches, CELLS)

    taken = claim(batches, OTHERS, now=LATER)
    late = batches.mend(BATCH.id, 0, WAS, BECOME, CELLS, now=LATER)
    done = batches.mend(BATCH.id, 0, WAS, BECOME, OTHERS, now=LATER)

    assert (taken, late, done) == (True, False, True)
    (chunk,) = batches.chunks(BATCH.id)
    assert chunk.mended == {WAS.number: OTHERS}


def test_a_row_that_was_mended_is_not_claimed_as_it_was_before(batches: Batches) -> None:
    enrolled(batches)
    claim(batches, CELLS)
    batches.mend(BATCH.id, 0, WAS, BECOME, CELLS, now=LATER)

    assert not claim(batches, OTHERS, now=LATER)
    assert not claim(batches, CELLS, now=LATER)


class FullItems:
    """A client whose items are full; moto does not measure what is inside of lists."""

    def __getattr__(self, name: str) -> Any:
        return getattr(client("dynamodb"), name)

    def update_item(self, **_request: object) -> None:
        said = "Item size to update has exceeded the maximum allowed size"
        raise ClientError({"Error": {"Code": "ValidationException", "Message": said}}, "UpdateItem")


@pytest.mark.usefixtures("table")
def test_more_than_a_chunk_can_hold_is_refused_with_a_sentence() -> None:
    full: Any = FullItems()
    enrolled(DynamoBatches(new_table("full")))
    batches = DynamoBatches(Table("full", full))

    with pytest.raises(RefusedError) as refused:
        claim(batches, CELLS)

    assert refused.value.code == "rows_too_long"


def test_a_list_keeps_what_it_was_read_with(batches: Batches) -> None:
    begun = replace(BATCH, key="lists/11701000/a/list", locality="г. Архангельск")
    batches.begin(begun)

    batches.start(
        BATCH.id,
        chunks=1,
        rows={},
        locality="г. Северодвинск",
        columns={"address": "Адрес дома"},
        remarks=["Прочитан лист «Дома»."],
    )

    assert kept(batches) == replace(
        begun,
        state=BatchState.ENROLLING,
        chunks=1,
        first_row=1,
        locality="г. Северодвинск",
        columns={"address": "Адрес дома"},
        remarks=("Прочитан лист «Дома».",),
    )


def test_warnings_are_confirmed_by_somebody(batches: Batches) -> None:
    batches.begin(BATCH)

    batches.confirm(BATCH.id, by="vk:1", now=NOW)
    batches.confirm(BATCH.id, by="vk:2", now=LATER)

    assert (kept(batches).confirmed_at, kept(batches).confirmed_by) == (LATER, "vk:2")


def test_a_list_is_stopped_and_goes_on(batches: Batches) -> None:
    batches.begin(BATCH)

    batches.cancel(BATCH.id, now=LATER)
    stopped = kept(batches).cancelled_at
    batches.resume(BATCH.id)

    assert (stopped, kept(batches).cancelled_at) == (LATER, None)


def test_the_workbook_with_the_verdicts_is_asked_for_and_written(batches: Batches) -> None:
    batches.begin(BATCH)

    batches.ask_result(BATCH.id, now=LATER)
    for asked_at in (LATER, NOW):
        batches.result_written(BATCH.id, asked_at=asked_at)

    assert (kept(batches).result_asked_at, kept(batches).result_at) == (LATER, LATER)


def test_what_became_of_the_letters_is_kept_until_rows_are_counted_anew(batches: Batches) -> None:
    told = Told({"vk": 2, "undeliverable": 1}, last_at=NOW)
    batches.begin(BATCH)
    batches.start(BATCH.id, chunks=2, rows={})
    first = batches.enrolled(BATCH.id, 0, Tally({}), now=NOW)

    batches.keep_told(first, told)
    kept = batches.get(BATCH.id)
    batches.enrolled(BATCH.id, 1, Tally({}), now=LATER)
    batches.keep_told(first, told)  # comes too late

    after = batches.get(BATCH.id)
    assert kept
    assert after
    assert (first.told, kept.told, after.told) == (None, told, None)
