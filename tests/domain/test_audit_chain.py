"""Nothing in the account of who did what can be changed unnoticed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.audit import (
    Act,
    Entry,
    Outcome,
    first_broken,
    first_hash,
    line,
    read_line,
)

REGION = "11"
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
TEXTS = st.text(max_size=8)
ACTS = st.builds(
    Act,
    id=TEXTS,
    at=st.integers(0, 10**6).map(lambda ms: BEGAN + timedelta(milliseconds=ms)),
    who=TEXTS,
    role=TEXTS,
    what=TEXTS,
    on=st.lists(TEXTS, max_size=3).map(tuple),
    oktmo=TEXTS,
    request_id=TEXTS,
    outcome=st.sampled_from(Outcome),
)


def chain_of(acts: list[Act], region: str = REGION) -> list[Entry]:
    links: list[Entry] = []
    for seq, act in enumerate(acts, start=1):
        previous = links[-1].hash if links else first_hash(region)
        links.append(Entry(seq, act, previous).sealed())
    return links


def end_of(links: list[Entry]) -> tuple[int, str]:
    return (links[-1].seq, links[-1].hash) if links else (0, first_hash(REGION))


@given(st.lists(ACTS, max_size=5))
def test_a_chain_as_it_was_made_holds_and_is_read_back_as_it_was_written(acts: list[Act]) -> None:
    links = chain_of(acts)

    assert first_broken(links, REGION, end_of(links)) is None
    assert [read_line(line(link)) for link in links] == links


@given(st.lists(ACTS, min_size=1, max_size=5), st.data())
def test_a_changed_link_is_found_where_it_is(acts: list[Act], data: st.DataObject) -> None:
    links = chain_of(acts)
    end = end_of(links)
    place = data.draw(st.integers(0, len(links) - 1))
    other = data.draw(ACTS.filter(lambda act: act != links[place].act))

    links[place] = replace(links[place], act=other)

    assert first_broken(links, REGION, end) == place + 1


@given(st.lists(ACTS, min_size=1, max_size=5), st.data())
def test_a_changed_link_is_found_even_if_all_after_it_is_made_anew(
    acts: list[Act], data: st.DataObject
) -> None:
    end = end_of(chain_of(acts))
    place = data.draw(st.integers(0, len(acts) - 1))
    acts[place] = data.draw(ACTS.filter(lambda act: act != acts[place]))

    assert first_broken(chain_of(acts), REGION, end) is not None


@given(st.lists(ACTS, min_size=1, max_size=5), st.data())
def test_a_removed_link_is_found(acts: list[Act], data: st.DataObject) -> None:
    links = chain_of(acts)
    end = end_of(links)
    place = data.draw(st.integers(0, len(links) - 1))

    del links[place]

    assert first_broken(links, REGION, end) == place + 1


@given(st.lists(ACTS, max_size=5), ACTS, st.data())
def test_an_inserted_link_is_found(acts: list[Act], more: Act, data: st.DataObject) -> None:
    links = chain_of(acts)
    end = end_of(links)
    place = data.draw(st.integers(0, len(links)))
    previous = links[place - 1].hash if place else first_hash(REGION)

    links.insert(place, Entry(place + 1, more, previous).sealed())

    assert first_broken(links, REGION, end) is not None


@given(st.lists(ACTS, min_size=2, max_size=5), st.data())
def test_links_in_another_order_are_found(acts: list[Act], data: st.DataObject) -> None:
    links = chain_of(acts)
    shuffled = data.draw(st.permutations(links).filter(lambda them: list(them) != links))

    assert first_broken(shuffled, REGION, end_of(links)) is not None


def test_a_chain_of_one_region_is_none_of_another() -> None:
    act = Act("1", BEGAN, "vk:1", "staff", "createHouse", (), "11701000", "r", Outcome.DONE)
    links = chain_of([act])

    assert first_broken(links, "118", end_of(links)) == 1
