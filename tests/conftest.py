"""How the tests share the cores of a machine."""

import pytest
from xdist.remote import Producer
from xdist.scheduler.loadfile import LoadFileScheduling

STACKS = "tests/system/"


class OneStackAtATime(LoadFileScheduling):  # type: ignore[misc]  # it carries no types
    """A file's tests go to one process, which makes its fixtures once; all stacks go to one too."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return STACKS if file.startswith(STACKS) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneStackAtATime:
    return OneStackAtATime(config, log)
