"""Real lists of the registries end with a verdict for each row, and no two houses become one."""

import csv
import gzip
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from create_chats.check_rows import check
from create_chats.read_list import read
from housechats.domain.address_reading import parse
from housechats.domain.batches import Verdict

LISTS = Path(__file__).parents[4] / "shared" / "houses"
pytestmark = pytest.mark.skipif(not LISTS.is_dir(), reason="shared data is absent")

COMMONEST = 0.9
"""Share of spellings that get the commonest key of their house."""


@pytest.mark.parametrize(
    ("name", "oktmo", "rows", "unread"),
    [
        pytest.param("houses-chelyabinsk-fias-entrances.csv", "75701000", 97, 0),
        pytest.param("houses-arkhangelsk-2016.csv", "11701000", 4546, 40),
        pytest.param("houses-saratov-2015.csv", "63701000", 6557, 80),
        pytest.param("houses-spb-giszhkh-sample.csv", "40000000", 72, 0),
        pytest.param("frt-reestrmkd-sample.csv", "60704000", 2, 0),
        pytest.param("addresses-messy-fias.csv", "45000000", 646, 147),
        pytest.param("addresses-messy-fias.csv", "", 646, 30, id="messy, of any region"),
        pytest.param("houses-arkhangelsk-oblast-2016.csv.gz", "", 18_541, 200),
        pytest.param("houses-spb-2016.csv.gz", "", 25_229, 560),
    ],
)
def test_every_row_of_a_registry_gets_a_verdict(
    name: str, oktmo: str, rows: int, unread: int
) -> None:
    body = (LISTS / name).read_bytes()
    listing = read(gzip.decompress(body) if name.endswith(".gz") else body)

    verdicts = check(listing, oktmo=oktmo)

    rejected = [row for row in verdicts if row.verdict is Verdict.REJECTED]
    assert len(verdicts) == rows
    assert len(rejected) <= unread
    assert all(any(problem.fatal for problem in row.problems) for row in rejected)


def test_spellings_of_one_house_meet_and_two_houses_never_do() -> None:
    with (LISTS / "addresses-messy-fias.csv").open(encoding="utf-8", newline="") as file:
        spellings = [(row["house_fias_id"], row["raw_address"]) for row in csv.DictReader(file)]
    keys: dict[str, Counter[str]] = defaultdict(Counter)
    houses: dict[str, set[str]] = defaultdict(set)

    for fias_id, text in spellings:
        address, findings = parse(text)
        if address and not any(finding.fatal for finding in findings):
            keys[fias_id][address.key] += 1
            houses[address.key].add(fias_id)

    common = sum(max(counter.values()) for counter in keys.values())
    assert [ids for ids in houses.values() if len(ids) > 1] == []
    assert common / len(spellings) >= COMMONEST
