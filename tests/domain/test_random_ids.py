"""VK knows a repeated message by its number."""

from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.random_ids import random_id, welcome_random_id


@given(st.text())
def test_a_random_id_never_switches_vks_check_off(of: str) -> None:
    assert 0 < random_id(of) < 2**31


def test_each_first_message_has_a_number_of_its_own() -> None:
    assert welcome_random_id("ABCDEF01") == welcome_random_id("ABCDEF01")
    assert welcome_random_id("ABCDEF01") != welcome_random_id("ABCDEF02")
