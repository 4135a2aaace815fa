"""Houses are spread over a territory's communities, and each keeps its own."""

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from housechats.domain.communities import Community, CommunityState, acting, chosen, working
from support.fakes import new_community

OKTMO = "11701000"
HOUSES = [f"HOUSE{number:04d}" for number in range(600)]

numbers = st.lists(st.integers(1, 10**9), min_size=2, max_size=6, unique=True)


def spread(communities: list[Community]) -> dict[str, int]:
    """Return each house's community."""
    found = {house: chosen(communities, house, OKTMO) for house in HOUSES}
    return {house: community.id for house, community in found.items() if community}


@settings(max_examples=25)
@given(numbers)
def test_no_community_has_much_more_or_less_than_its_share(ids: list[int]) -> None:
    many = Counter(spread([new_community(one) for one in ids]).values())

    share = len(HOUSES) / len(ids)
    assert set(many) == set(ids)
    assert all(0.5 * share < number < 1.5 * share for number in many.values())


@settings(max_examples=25)
@given(numbers)
def test_a_community_that_is_added_takes_houses_and_moves_none_between_the_others(
    ids: list[int],
) -> None:
    communities = [new_community(one) for one in ids]
    before, after = spread(communities[1:]), spread(communities)

    moved = {house for house in HOUSES if before[house] != after[house]}

    assert {after[house] for house in moved} == {ids[0]}


@settings(max_examples=25)
@given(numbers, st.randoms(use_true_random=False))
def test_whoever_asks_is_told_the_same(ids: list[int], random: Random) -> None:
    communities = [new_community(one) for one in ids]
    shuffled = random.sample(communities, len(communities))

    told = [chosen(some, "ABCDEF01", OKTMO) for some in (communities, shuffled)]

    assert told[0] == told[1]


def test_only_an_active_community_whose_territory_covers_the_house_gets_it() -> None:
    fit = new_community(1, "11701000")
    others = [
        new_community(2, state=CommunityState.FULL),
        new_community(3, state=CommunityState.DISCONNECTED),
        new_community(4, "11730000"),
        new_community(5, "118"),
    ]

    told = {getattr(chosen([fit, *others], house, OKTMO), "id", 0) for house in HOUSES[:50]}

    assert told == {1}
    assert chosen(others, "ABCDEF01", OKTMO) is None


def test_a_region_has_those_of_its_parts_and_a_part_those_that_cover_it() -> None:
    region, part, elsewhere = (
        new_community(n, oktmo) for n, oktmo in [(1, "11"), (2, "11701000"), (3, "11730000")]
    )
    full = new_community(4, state=CommunityState.FULL)

    communities = [region, part, elsewhere, full]

    assert acting(communities, "11") == [region, part, elsewhere]
    assert acting(communities, "11701000") == [region, part]
    assert acting(communities, "118") == []


def test_a_full_community_still_asks_vk_and_a_disconnected_one_does_not() -> None:
    full = new_community(1, state=CommunityState.FULL)
    disconnected = new_community(2, state=CommunityState.DISCONNECTED)

    asking = working([full, disconnected], OKTMO)

    assert asking == [full]
