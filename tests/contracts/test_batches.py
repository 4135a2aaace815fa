"""Lists are kept the same way in memory and in the table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from housechats.adapters.batches import DynamoBatches
from housechats.domain.batches import Batch, BatchState, Problem, RowVerdict, Verdict
from housechats.domain.territories import Territory
from housechats.ports import Batches
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
        7, Verdict.ACCEPTED, house_id="ABCDEF03", changes=("elder", "flats"), mended_at=LATER
    ),
]


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

    assert begun == replace(BATCH, state=BatchState.ENROLLING, chunks=2, rows={"accepted": 150})


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


def test_a_list_is_enrolled_when_its_last_chunk_is(batches: Batches) -> None:
    batches.begin(BATCH)
    batches.start(BATCH.id, chunks=2, rows={"accepted": 150})

    seen = [batches.enrolled(BATCH.id, chunk).enrolled for chunk in (1, 1, 0)]
    batches.finish_enrolling(BATCH.id, rows={"accepted": 149, "rejected": 1}, existing=3)

    assert seen == [{1}, {1}, {0, 1}]
    assert batches.get(BATCH.id) == replace(
        BATCH,
        state=BatchState.ENROLLED,
        chunks=2,
        enrolled=frozenset({0, 1}),
        rows={"accepted": 149, "rejected": 1},
        existing=3,
    )


def test_a_repeated_beginning_does_not_bring_a_finished_list_back(batches: Batches) -> None:
    batches.begin(BATCH)
    batches.start(BATCH.id, chunks=1, rows={"accepted": 2})
    batches.finish_enrolling(BATCH.id, rows={"accepted": 1}, existing=0)

    batches.start(BATCH.id, chunks=1, rows={"accepted": 2})

    assert kept(batches).state == BatchState.ENROLLED
    assert kept(batches).rows == {"accepted": 1}


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
    assert batches.span(BATCH.id, 1) == (10, 19)


def test_a_row_is_mended_once_as_it_was_read_and_no_late_repeat_undoes_it(
    batches: Batches,
) -> None:
    batches.begin(BATCH)
    batches.put_chunk(BATCH.id, 0, VERDICTS, span=(0, 99), until=MUCH_LATER)
    was = VERDICTS[3]
    row = RowVerdict(5, Verdict.ACCEPTED, house_id="ABCDEF09", mended_at=LATER)

    done = [batches.mend(BATCH.id, 0, was, row) for _ in range(2)]
    batches.put_chunk(BATCH.id, 0, VERDICTS, span=(0, 99), until=MUCH_LATER)

    assert done == [True, False]
    assert batches.chunk(BATCH.id, 0) == [*VERDICTS[:3], row, *VERDICTS[4:]]
    assert batches.span(BATCH.id, 0) == (0, 99)


def test_what_was_written_in_mended_rows_is_kept(batches: Batches) -> None:
    batches.begin(BATCH)

    batches.keep_mended(BATCH.id, 5, {"address": "ул. Садовая, 1"}, until=MUCH_LATER)
    batches.keep_mended(BATCH.id, 5, {"address": "ул. Садовая, 2"}, until=MUCH_LATER)
    batches.keep_mended(BATCH.id, 100_020, {"elder_vk": "marfa_v"}, until=MUCH_LATER)

    assert batches.mended(BATCH.id) == {
        5: {"address": "ул. Садовая, 2"},
        100_020: {"elder_vk": "marfa_v"},
    }
    assert batches.mended_cells(BATCH.id, 5) == {"address": "ул. Садовая, 2"}
    assert batches.mended_cells(BATCH.id, 6) == {}


def test_the_count_that_began_last_is_the_one_that_stays(batches: Batches) -> None:
    batches.begin(BATCH)
    first, second = (batches.begin_count(BATCH.id) for _ in range(2))

    batches.finish_count(BATCH.id, second, rows={"accepted": 2}, existing=1)
    batches.finish_count(BATCH.id, first, rows={"accepted": 1}, existing=0)

    assert (kept(batches).rows, kept(batches).existing) == ({"accepted": 2}, 1)


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
        locality="г. Северодвинск",
        columns={"address": "Адрес дома"},
        remarks=("Прочитан лист «Дома».",),
    )


def test_warnings_are_confirmed_by_somebody(batches: Batches) -> None:
    batches.begin(BATCH)

    batches.confirm(BATCH.id, by="vk:1", now=NOW)
    batches.confirm(BATCH.id, by="vk:2", now=LATER)

    assert (kept(batches).confirmed_at, kept(batches).confirmed_by) == (LATER, "vk:2")


def test_the_workbook_with_the_verdicts_is_asked_for_and_written(batches: Batches) -> None:
    batches.begin(BATCH)

    batches.ask_result(BATCH.id, now=NOW)
    batches.result_written(BATCH.id, now=LATER)

    assert (kept(batches).result_asked_at, kept(batches).result_at) == (NOW, LATER)
