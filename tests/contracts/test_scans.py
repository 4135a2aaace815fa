"""Scans are counted the same way in memory and in the table."""

import pytest

from housechats.adapters.scans import DynamoScans
from housechats.ports.houses import Scans
from support.fakes import FakeScans


@pytest.fixture(params=["in memory", "in the table"])
def scans(request: pytest.FixtureRequest) -> Scans:
    if request.param == "in memory":
        return FakeScans()
    return DynamoScans(request.getfixturevalue("table"))


def test_scans_are_counted_by_place(scans: Scans) -> None:
    for place in ("1", "lift", "1", "other", "sms"):
        scans.count("ABCDEF01", place)
    scans.count("ABCDEF02", "2")

    assert scans.of("ABCDEF01") == {"1": 2, "lift": 1, "other": 1, "sms": 1}
    assert scans.of("ABCDEF02") == {"2": 1}
    assert scans.of("NOBODY00") == {}


def test_scans_of_many_houses_are_told_at_once(scans: Scans) -> None:
    for place in ("1", "lift", "1"):
        scans.count("ABCDEF01", place)
    scans.count("ABCDEF02", "2")

    assert scans.of_many(["ABCDEF01", "ABCDEF02", "NOBODY00"]) == {"ABCDEF01": 3, "ABCDEF02": 1}
