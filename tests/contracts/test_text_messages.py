"""SMS go the same way in memory and through SNS."""

import pytest

from housechats.adapters.sms import SnsTextMessages
from housechats.domain.errors import RefusedError
from housechats.ports.letters import TextMessages
from support.fakes import FakeTextMessages


@pytest.fixture(params=["in memory", "through SNS"])
def sms(request: pytest.FixtureRequest) -> TextMessages:
    if request.param == "in memory":
        return FakeTextMessages()
    request.getfixturevalue("_aws")
    return SnsTextMessages()


def test_an_sms_to_a_phone_is_taken(sms: TextMessages) -> None:
    sms.send("+79990000001", "Чат дома ул. Ленина, д. 1")


def test_what_is_no_phone_is_refused(sms: TextMessages) -> None:
    with pytest.raises(RefusedError) as refused:
        sms.send("8 999 000", "Чат дома")

    assert refused.value.code == "phone"
