"""An operator makes the first administrator of a territory."""

from functools import partial

import pytest

from housechats.domain.people import Official, Role
from housechats.domain.territories import Territory
from people import on_appoint
from people.appoint import appoint
from support.fakes import FakeOfficials
from support.world import CONTEXT


def test_the_administrator_may_do_everything_in_the_territory() -> None:
    officials = FakeOfficials()

    appoint(1, "11701000", officials=officials)

    assert officials.get(1) == Official(1, Role.ADMINISTRATOR, Territory("11701000"))


def test_the_operator_reads_what_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    officials = FakeOfficials()
    monkeypatch.setattr(on_appoint, "wired", lambda: partial(appoint, officials=officials))

    answer = on_appoint.handle({"vk_id": "1", "territory": "11"}, CONTEXT)

    assert answer == {"vk_id": 1, "role": "administrator", "territory": "11"}
    assert officials.get(1) is not None


@pytest.mark.parametrize("territory", ["", "Архангельск", "1", "117010000000", "11 701 000"])
def test_what_is_no_territory_is_refused(territory: str) -> None:
    officials = FakeOfficials()

    with pytest.raises(ValueError, match="ОКТМО"):
        appoint(1, territory, officials=officials)

    assert officials.get(1) is None
