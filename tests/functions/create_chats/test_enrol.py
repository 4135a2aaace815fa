"""Every good row gets its house, once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from create_chats.enrol import enrol_row
from housechats.domain.batches import MOST_PROBLEMS, BatchState, Problem, Row, Verdict
from housechats.domain.houses import CODES_PER_HOUSE, House, code_of
from housechats.domain.instructions import Instruction
from housechats.domain.people import Elder
from support.clock import JANUARY, VirtualClock
from support.enrolling import ADDRESS, DIGEST, ELDER, KEY, LISTED, OKTMO, ROW, Office, on_street
from support.fakes import FakeElders


def test_a_good_row_by_itself_becomes_a_planned_house_that_is_due_with_its_elder() -> None:
    office = Office()

    house_id, verdict, existing = office.row()

    assert (house_id, verdict, existing) == (code_of(DIGEST), Verdict.ACCEPTED, False)
    assert office.houses.get(house_id) == House(
        id=house_id,
        digest=DIGEST,
        oktmo=OKTMO,
        address=ADDRESS,
        community=7,
        created_at=JANUARY,
        fias_id="f-1",
        entrances=3,
        elder_id=ELDER.id(KEY, OKTMO),
        batch_id="b-1",
        letter_id="b-1",
        due_at=JANUARY,
    )
    assert office.elders.get(ELDER.id(KEY, OKTMO)) == ELDER
    (expected,) = office.instructions.of_batch("b-1")
    assert expected == Instruction("b-1", ELDER.id(KEY, OKTMO), frozenset({house_id}))


def test_a_row_that_comes_again_in_its_list_counts_as_new_again() -> None:
    office = Office()

    verdicts = [office.row(), office.row()]

    assert verdicts[0] == verdicts[1]
    assert len(office.houses.by_id) == 1


def test_a_fias_id_of_another_address_rejects_the_row_with_a_reason() -> None:
    office = Office()
    office.row()
    elsewhere = replace(LISTED, address=replace(ADDRESS, house="2"))

    verdict = enrol_row(
        replace(ROW, house=elsewhere),
        batch_id="b-1",
        oktmo=OKTMO,
        registry=office.registry,
        now=JANUARY,
    )

    assert verdict.verdict == Verdict.REJECTED
    assert verdict.house_id == ""
    (problem,) = verdict.problems
    assert (problem.code, ADDRESS.short in problem.message) == ("fias_taken", True)
    assert len(office.houses.by_id) == 1


def test_a_fias_id_whose_house_never_came_does_not_stop_another() -> None:
    office = Office()
    office.houses.claim_fias("f-1", house_id="ABCDEF09", digest="of a worker that died")

    _, verdict, _ = office.row()

    assert verdict == Verdict.ACCEPTED


def test_a_code_that_another_house_has_gives_way_to_the_next() -> None:
    office = Office()
    stranger = House(
        id=code_of(DIGEST),
        digest="another",
        oktmo=OKTMO,
        address=replace(ADDRESS, house="77"),
        community=7,
        created_at=JANUARY,
    )
    office.houses.enrol(stranger)

    first, _, _ = office.row()
    again, _, existing = office.row(batch_id="b-2")

    assert first == again == code_of(DIGEST, 1)
    assert existing
    assert office.houses.by_id[stranger.id] == stranger


def test_four_codes_in_a_row_taken_is_a_matter_for_people() -> None:
    office = Office()
    for attempt in range(CODES_PER_HOUSE):
        stranger = House(
            id=code_of(DIGEST, attempt),
            digest="another",
            oktmo=OKTMO,
            address=ADDRESS,
            community=7,
            created_at=JANUARY,
        )
        office.houses.enrol(stranger)

    with pytest.raises(RuntimeError):
        office.row()


@pytest.mark.parametrize("verdict", [Verdict.REJECTED, Verdict.DUPLICATE, Verdict.SKIPPED], ids=str)
def test_other_rows_make_no_house(verdict: Verdict) -> None:
    office = Office()

    house_id, kept, _ = office.row(replace(ROW, verdict=verdict))

    assert (house_id, kept) == ("", verdict)
    assert office.houses.by_id == {}


def test_a_house_made_singly_has_no_list_and_a_letter_of_its_own() -> None:
    office = Office()

    house_id, _, _ = office.row(batch_id="")

    house = office.houses.by_id[house_id]
    assert (house.batch_id, house.letter_id) == ("", f"one-{house_id}")
    assert len(office.instructions.of_batch(house.letter_id)) == 1


def test_a_house_made_singly_gets_its_elder_though_the_first_try_died_before() -> None:
    office = Office()
    house_id, _, _ = office.row(batch_id="")
    office.elders = FakeElders(lambda: JANUARY)
    office.registry = replace(office.registry, elders=office.elders)

    office.row(batch_id="")

    assert office.elders.get(ELDER.id(KEY, OKTMO)) == ELDER
    assert len(office.instructions.of_batch(f"one-{house_id}")) == 1


def test_who_makes_a_house_again_with_another_elder_changes_nothing() -> None:
    office = Office()
    other = Elder("Былов Пётр", "+79990000002")
    office.row(batch_id="")

    house_id, _, existing = office.row(
        replace(ROW, house=replace(LISTED, elder=other)), batch_id=""
    )

    assert existing
    assert office.houses.by_id[house_id].elder_id == ELDER.id(KEY, OKTMO)
    assert office.elders.get(other.id(KEY, OKTMO)) is None


def test_only_the_first_problems_of_a_hopeless_row_are_kept() -> None:
    office = Office()
    problems = tuple(Problem("Адрес", f"p{n}", "Непонятно.", fatal=True) for n in range(50))

    verdict = enrol_row(
        Row(2, Verdict.REJECTED, problems),
        batch_id="b-1",
        oktmo=OKTMO,
        registry=office.registry,
        now=JANUARY,
    )

    assert verdict.problems == problems[:MOST_PROBLEMS]


def test_a_list_is_enrolled_when_all_its_chunks_are_in_any_order() -> None:
    office = Office()
    chunks = office.begin([on_street(n) for n in range(1, 251)])

    states = []
    for chunk in (chunks[2], chunks[0], chunks[2], chunks[1]):
        office.enrol(chunk)
        states.append(office.batches.by_id["b-1"].state)

    assert len(chunks) == 3
    assert states == [BatchState.ENROLLING] * 3 + [BatchState.ENROLLED]
    assert len(office.houses.by_id) == 250
    assert {body["house_id"] for body in office.openings.bodies} == set(office.houses.by_id)


def test_a_house_of_a_list_waits_for_its_message_and_for_no_sweep() -> None:
    office = Office()

    office.list_of(on_street(1))

    (house,) = office.houses.by_id.values()
    assert house.due_at is None


def test_the_verdicts_say_which_house_a_row_has() -> None:
    office = Office()
    (chunk,) = office.begin([on_street(1), Row(2, Verdict.REJECTED)])

    new = office.enrol(chunk)

    first, second = office.batches.chunk("b-1", 0)
    assert new == 1
    assert first.house_id in office.houses.by_id
    assert (second.house_id, second.verdict) == ("", Verdict.REJECTED)


def test_rows_are_counted_anew_when_the_houses_exist() -> None:
    office = Office()
    office.row(replace(ROW, house=replace(LISTED, fias_id="f-9")), batch_id="b-0")
    clash = replace(LISTED, address=replace(ADDRESS, house="2"), fias_id="f-9")
    rows = [
        replace(ROW, house=replace(LISTED, fias_id="f-9")),
        replace(ROW, number=3, house=clash),
        on_street(3),
    ]
    (chunk,) = office.begin(rows)

    new = office.enrol(chunk)

    batch = office.batches.by_id["b-1"]
    assert new == 1
    assert batch.rows == {"accepted": 2, "rejected": 1}
    assert batch.existing == 1


def test_houses_that_were_there_are_not_opened_again() -> None:
    office = Office()
    (first,) = office.begin([on_street(1, elder=ELDER)])
    (second,) = office.begin([on_street(1, elder=ELDER)], "b-2")
    office.enrol(first)
    office.openings.take()

    new = office.enrol(second)

    assert new == 0
    assert office.openings.bodies == []


def test_one_elder_of_many_houses_is_expected_once_with_all_of_them() -> None:
    office = Office()
    (chunk,) = office.begin([on_street(n, elder=ELDER) for n in (1, 2, 3)])

    office.enrol(chunk)

    (expected,) = office.instructions.of_batch("b-1")
    assert expected.house_ids == set(office.houses.by_id)


def test_an_elder_is_kept_for_a_year_after_the_last_list() -> None:
    clock = VirtualClock()
    office = Office(elders=FakeElders(clock.moment))
    office.row()

    clock.sleep(timedelta(days=364).total_seconds())
    shortly_before = office.elders.get(ELDER.id(KEY, OKTMO))
    clock.sleep(timedelta(days=2).total_seconds())
    shortly_after = office.elders.get(ELDER.id(KEY, OKTMO))

    assert shortly_before == ELDER
    assert shortly_after is None
