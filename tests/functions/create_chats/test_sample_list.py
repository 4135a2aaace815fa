"""The sample list shows every way a row can go, and nobody real is in it."""

import json
from collections import Counter
from pathlib import Path

import pytest

from create_chats.check_rows import check
from create_chats.read_list import read
from housechats.domain.batches import Row, Verdict
from local.sample.__main__ import HERE, PEOPLE, people, write

FICTIONAL_PHONES = "+790000000"
INVENTED_VK = range(1_900_000_000, 2_000_000_000)


def verdicts(file: Path) -> list[Row]:
    return list(check(read(file.read_bytes()), oktmo="11701000"))


def test_both_files_tell_the_same_houses() -> None:
    assert verdicts(HERE / "houses.xlsx") == verdicts(HERE / "houses.csv")


def test_the_files_are_those_that_the_module_writes(tmp_path: Path) -> None:
    write(tmp_path)

    assert (tmp_path / "houses.csv").read_bytes() == (HERE / "houses.csv").read_bytes()
    assert verdicts(tmp_path / "houses.xlsx") == verdicts(HERE / "houses.xlsx")
    assert json.loads(PEOPLE.read_text(encoding="utf-8")) == people()


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_occurs(verdict: Verdict) -> None:
    assert Counter(row.verdict for row in verdicts(HERE / "houses.xlsx"))[verdict]


def test_elders_can_be_reached_in_every_way_and_some_in_none() -> None:
    accepted = [row for row in verdicts(HERE / "houses.xlsx") if row.verdict.good and row.house]
    elders = {row.house.elder for row in accepted if row.house}
    known = [elder for elder in elders if elder]
    consents = {person["id"]: person["allows_messages"] for person in people()}
    by_name = {str(p["screen_name"]): p["allows_messages"] for p in people() if p["screen_name"]}

    ways = {
        (
            bool(consents.get(elder.vk_id) or by_name.get(elder.vk_name)),
            bool(elder.vk_id or elder.vk_name),
            bool(elder.phone),
        )
        for elder in known
    }

    assert None in elders
    assert ways == {
        (True, True, False),
        (True, True, True),
        (False, True, True),
        (False, True, False),
        (False, False, True),
        (False, False, False),
    }
    assert max(Counter(row.house.elder for row in accepted if row.house).values()) > 1


def test_phones_and_pages_belong_to_nobody() -> None:
    elders = {row.house.elder for row in verdicts(HERE / "houses.xlsx") if row.house}

    for elder in elders:
        assert not elder or not elder.phone or elder.phone.startswith(FICTIONAL_PHONES)
        assert not elder or not elder.vk_id or elder.vk_id in INVENTED_VK
