"""Hundreds of runs need no log: a failed one is repeated alone, with this fixture taken out."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from housechats.runtime.log import logger


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    # logging.disable() would outlive this: it forgets nothing of a logger that it does not keep.
    with patch.object(logger, "disabled", new=True):
        yield
