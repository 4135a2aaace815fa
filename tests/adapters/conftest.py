"""The outside of adapters: a table as infra/data.yaml has it."""

from collections.abc import Iterator

import pytest

from housechats.adapters.table import Table
from support.aws_mock import aws, new_table


@pytest.fixture
def table() -> Iterator[Table]:
    with aws():
        yield new_table("table")
