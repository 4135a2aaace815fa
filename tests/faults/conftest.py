"""Hundreds of runs need no log: a failed one is repeated alone, with this fixture taken out."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from housechats.runtime.log import logger


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    # logging.disable() would outlast this: a logger outside of its registry keeps what it cached.
    with patch.object(logger, "disabled", new=True):
        yield
