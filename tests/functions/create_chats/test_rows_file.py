"""Checked rows wait in a file and come back as they were, chunk by chunk."""

from hypothesis import given
from hypothesis import strategies as st

from housechats.domain import rows_file
from housechats.domain.addresses import Address
from housechats.domain.batches import CHUNK, ListedHouse, Problem, Row, Verdict
from housechats.domain.organisations import Organisation, OrganisationKind
from housechats.domain.people import Elder

text = st.text(max_size=12)
rows = st.lists(
    st.builds(
        Row,
        number=st.integers(1, 100_000),
        verdict=st.sampled_from(Verdict),
        problems=st.lists(
            st.builds(Problem, column=text, code=text, message=text, fatal=st.booleans()),
            max_size=2,
        ).map(tuple),
        house=st.none()
        | st.builds(
            ListedHouse,
            address=st.builds(Address, locality=text, street=text, house=text),
            oktmo=text,
            fias_id=text,
            entrances=st.integers(0, 99),
            flats=st.integers(0, 9999),
            elder=st.none() | st.builds(Elder, name=text, phone=text, vk_id=st.integers(0, 99)),
            organisations=st.lists(
                st.builds(
                    Organisation, kind=st.sampled_from(OrganisationKind), name=text, inn=text
                ),
                max_size=2,
            ).map(tuple),
            tags=st.lists(text, max_size=2).map(tuple),
        ),
        duplicate_of=st.integers(0, 9),
        cells=st.dictionaries(text, text, max_size=3),
    ),
    max_size=8,
)


@given(rows)
def test_rows_come_back_as_they_were(some: list[Row]) -> None:
    file, spans = rows_file.write(some)

    again = [row for first, last in spans for row in rows_file.read(file[first : last + 1])]

    assert again == some
    assert rows_file.spans(file) == spans


def test_a_chunk_holds_a_hundred_rows_and_the_last_one_the_rest() -> None:
    some = [Row(n, Verdict.SKIPPED) for n in range(2 * CHUNK + 1)]

    file, spans = rows_file.write(some)

    sizes = [len(list(rows_file.read(file[first : last + 1]))) for first, last in spans]
    assert sizes == [CHUNK, CHUNK, 1]
    assert spans[0][0] == 0
    assert spans[-1][1] == len(file) - 1


def test_no_rows_make_no_chunk() -> None:
    assert rows_file.write([]) == (b"", [])
