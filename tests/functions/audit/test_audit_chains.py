"""Acts that were cut off are accounted for; chains that were tampered with are found."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from audit import on_due, on_verify
from housechats.adapters.audit import CUT_OFF_AFTER, DynamoLedger
from housechats.adapters.table import Table
from housechats.domain.audit import Act, Outcome
from support.aws_mock import aws, new_table
from support.lambda_context import CONTEXT

ACT = Act(
    id="act-0",
    at=datetime.now(UTC) - CUT_OFF_AFTER - timedelta(seconds=1),
    who="vk:1",
    role="staff",
    what="createHouse",
    on=(),
    oktmo="11701000",
    request_id="r",
)


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    monkeypatch.setenv("TABLE", "houses")
    on_due.wired.cache_clear()
    on_verify.wired.cache_clear()
    with aws():
        yield new_table("houses")


def test_the_sweep_accounts_for_what_was_cut_off_and_only_once(table: Table) -> None:
    ledger = DynamoLedger(table)
    ledger.intend(ACT)
    ledger.intend(replace(ACT, id="act-1", at=datetime.now(UTC)))

    for _ in range(2):
        on_due.handle({}, CONTEXT)

    assert [(link.act.id, link.act.outcome) for link in ledger.chain("11")] == [
        ("act-0", Outcome.UNKNOWN)
    ]


def test_chains_as_they_were_made_hold(table: Table) -> None:
    ledger = DynamoLedger(table)
    for number, oktmo in enumerate(["11701000", "11701000", "11811000", ""]):
        ledger.settle(replace(ACT, id=f"{number}", oktmo=oktmo))

    chains = on_verify.handle({}, CONTEXT)["chains"]

    assert {one["region"]: (one["links"], one["broken"]) for one in chains} == {
        "": (1, None),
        "11": (2, None),
        "118": (1, None),
    }


@pytest.mark.parametrize(
    ("key", "expression", "broken"),
    [
        pytest.param(("AUDIT#11", "000000000002"), "SET #who = :x", 2, id="a link is changed"),
        pytest.param(("AUDIT#11#END", "END"), "SET #hash = :x", 3, id="the end is changed"),
    ],
)
def test_whoever_changes_the_table_is_found(
    table: Table, key: tuple[str, str], expression: str, broken: int
) -> None:
    ledger = DynamoLedger(table)
    for number in range(3):
        ledger.settle(replace(ACT, id=f"{number}"))

    table.update(*key, expression, x="vk:2")

    assert on_verify.handle({}, CONTEXT)["chains"] == [
        {"region": "11", "links": 3, "broken": broken}
    ]
