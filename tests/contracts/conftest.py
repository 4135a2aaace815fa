"""The outsides that contract tests compare: in memory, and the real adapters."""

from collections.abc import Iterator
from itertools import count

import pytest

from housechats.adapters.table import Table
from support.aws_mock import aws, new_bucket, new_table

NUMBERS = count(1)


@pytest.fixture(scope="module")
def _aws() -> Iterator[None]:
    with aws():
        yield


@pytest.fixture
def table(_aws: None) -> Table:
    """Give an empty table with the keys and indexes of infra/data.yaml."""
    return new_table(f"table-{next(NUMBERS)}")


@pytest.fixture
def bucket(_aws: None) -> str:
    return new_bucket(f"bucket-{next(NUMBERS)}")
