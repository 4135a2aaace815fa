"""The policy that a region gets, as the deployment guide gives it, opens its own lists only."""

import json
import re
from fnmatch import fnmatchcase

import pytest

from housechats.domain.territories import REGIONS_WITHIN, Territory
from support.cloudformation import ROOT

GUIDE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
BUCKET = "arn:aws:s3:::<ListsBucket>/"


def as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def may_put(key: str) -> bool:
    """Tell what the guide's policy says of a file, by IAM's rules: `?` is any one character."""
    (policy,) = re.findall(r"```json\n(.+?)```", GUIDE, re.DOTALL)
    effects = {
        statement["Effect"]
        for statement in json.loads(policy)["Statement"]
        for resource in as_list(statement["Resource"])
        if fnmatchcase(BUCKET + key, resource)
    }
    return effects == {"Allow"}


@pytest.mark.parametrize(
    "oktmo",
    ["11", "11701000", "11605432101", "118", "11811000", "11811000001", "12", "71", "1"],
)
def test_a_region_puts_lists_of_its_own_territory_and_no_others(oktmo: str) -> None:
    own = Territory("11").covers(oktmo)

    allowed = may_put(f"lists/{oktmo}/дома.xlsx")

    assert allowed == own


def test_a_region_writes_nowhere_but_among_the_lists() -> None:
    keys = ["rows/0123456789abcdef.jsonl", "lists/118/a/b.csv", "lists/118/abcd/b.csv", "11/a.csv"]

    allowed = [key for key in keys if may_put(key)]

    assert allowed == []


def test_the_guide_names_every_region_that_lies_within_another() -> None:
    missing = [code for code in REGIONS_WITHIN if f"lists/{code}*" not in GUIDE]

    assert missing == []
