"""Doors of broadcasts for tests."""

from collections.abc import Iterator

import pytest

from support.broadcast_door import BroadcastDoor, broadcast_door


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[BroadcastDoor]:
    with broadcast_door(monkeypatch) as opened:
        yield opened
