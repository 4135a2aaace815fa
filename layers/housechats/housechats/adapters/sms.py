"""SMS: the TextMessages port over SNS."""

import re
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError

from housechats.adapters.aws import client, spending
from housechats.domain.errors import OutcomeUnknownError, RefusedError, UnavailableError

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

REFUSED = {"InvalidParameter", "InvalidParameterValue", "OptedOut"}
INTERNAL = 500
"""Below that SNS said no before it did anything: too many, or a right that is missing."""


class SnsTextMessages:
    """Publishes to phone numbers; SNS cannot recognise a repeat."""

    def __init__(self, sns: "SNSClient | None" = None) -> None:
        self._sns = sns

    def send(self, phone: str, text: str) -> None:
        if not re.fullmatch(r"\+\d{10,15}", phone):
            raise RefusedError("phone", "Номер телефона записан неверно.")
        try:
            (self._sns or client("sns")).publish(
                PhoneNumber=phone,
                Message=text,
                MessageAttributes={
                    "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}
                },
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in REFUSED:
                raise RefusedError("phone", "Оператор связи не принял этот номер.") from error
            if error.response["ResponseMetadata"]["HTTPStatusCode"] < INTERNAL:
                raise UnavailableError(f"SNS took no SMS: {code}") from error
            # Without SNS's own words: they may repeat the number, and these go into the journal.
            raise OutcomeUnknownError(f"SNS answered {code}") from None
        except (ConnectTimeoutError, EndpointConnectionError) as error:
            raise UnavailableError("SNS cannot be reached") from error
        spending.add("sms", 1)
