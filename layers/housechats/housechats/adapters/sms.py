"""SMS: the TextMessages port over SNS."""

import re
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from housechats.adapters.aws import client, spending
from housechats.domain.errors import RefusedError

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

REFUSED = {"InvalidParameter", "InvalidParameterValue", "OptedOut"}


class SnsTextMessages:
    """Publishes to phone numbers; SNS cannot recognise a repeat."""

    def __init__(self, sns: "SNSClient | None" = None) -> None:
        self._sns = sns or client("sns")

    def send(self, phone: str, text: str) -> None:
        if not re.fullmatch(r"\+\d{10,15}", phone):
            raise RefusedError("phone", "Номер телефона записан неверно.")
        try:
            self._sns.publish(
                PhoneNumber=phone,
                Message=text,
                MessageAttributes={
                    "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}
                },
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in REFUSED:
                raise RefusedError("phone", "Оператор связи не принял этот номер.") from error
            raise
        spending.add("sms", 1)
