"""SNS's answers are told apart: refused, not now, and nobody knows."""

import traceback
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from botocore.stub import Stubber

from housechats.adapters.aws import client
from housechats.adapters.sms import SnsTextMessages
from housechats.domain.errors import OutcomeUnknownError, RefusedError, UnavailableError
from support.aws_mock import aws

PHONE = "+79990000001"


@pytest.fixture
def sns() -> Iterator[Stubber]:
    """Give the container's client, whose answers the test says."""
    with aws(), Stubber(client("sns")) as stubber:
        yield stubber


@pytest.mark.parametrize("code", ["InvalidParameter", "InvalidParameterValue", "OptedOut"])
def test_a_number_that_sns_does_not_take_is_refused(sns: Stubber, code: str) -> None:
    sns.add_client_error("publish", code)

    with pytest.raises(RefusedError):
        SnsTextMessages().send(PHONE, "Чат дома")


@pytest.mark.parametrize("code", ["Throttled", "Throttling", "ThrottlingException"])
def test_a_busy_sns_is_asked_again_later(sns: Stubber, code: str) -> None:
    sns.add_client_error("publish", code)

    with pytest.raises(UnavailableError):
        SnsTextMessages().send(PHONE, "Чат дома")


def test_an_error_of_sns_itself_may_have_sent_it_and_repeats_no_number(sns: Stubber) -> None:
    said = f"could not send to {PHONE}"
    sns.add_client_error("publish", "InternalError", said, http_status_code=500)

    with pytest.raises(OutcomeUnknownError) as unknown:
        SnsTextMessages().send(PHONE, "Чат дома")

    assert PHONE not in "".join(traceback.format_exception(unknown.value))


class Unreachable:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def publish(self, **_: Any) -> None:
        raise self.error


def test_an_sns_that_cannot_be_reached_has_sent_nothing() -> None:
    error = EndpointConnectionError(endpoint_url="https://sns.invalid")

    with pytest.raises(UnavailableError):
        SnsTextMessages(Unreachable(error)).send(PHONE, "Чат дома")  # type: ignore[arg-type]


def test_an_sns_that_did_not_answer_may_have_sent_it() -> None:
    error = ReadTimeoutError(endpoint_url="https://sns.invalid")

    with pytest.raises(ReadTimeoutError):
        SnsTextMessages(Unreachable(error)).send(PHONE, "Чат дома")  # type: ignore[arg-type]


def test_an_sms_is_tried_once_by_the_client(sns: Stubber) -> None:
    config: Any = sns.client.meta.config

    assert config.retries["total_max_attempts"] == 1
