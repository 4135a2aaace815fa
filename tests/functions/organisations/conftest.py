"""The door of organisations, as staff and representatives use it."""

from collections.abc import Iterator

import pytest

from support.organisations_door import OrganisationsDoor, organisations_door


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[OrganisationsDoor]:
    with organisations_door(monkeypatch) as door:
        yield door
