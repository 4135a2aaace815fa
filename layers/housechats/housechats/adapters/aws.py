"""AWS: one session a container, clients made when first asked for, and what they spent.

botocore without boto3: the same clients, two thirds of the start (docs/decisions).
"""

from collections import Counter
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, overload

import botocore.session
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

_made = Lock()

CONFIGS = {
    # Signed links must be of the kind, and lead to the host, that every region takes.
    "s3": Config(signature_version="s3v4", s3={"addressing_style": "virtual"}),
    # SNS cannot recognise a repeat: a second try of botocore's could be a second SMS.
    "sns": Config(retries={"total_max_attempts": 1}),
}


@overload
def client(service: Literal["dynamodb"]) -> "DynamoDBClient": ...
@overload
def client(service: Literal["s3"]) -> "S3Client": ...
@overload
def client(service: Literal["sqs"]) -> "SQSClient": ...
@overload
def client(service: Literal["sns"]) -> "SNSClient": ...
@overload
def client(service: Literal["secretsmanager"]) -> "SecretsManagerClient": ...
@overload
def client(service: Literal["scheduler"]) -> Any: ...
def client(service: str) -> Any:
    """Return the container's client of a service."""
    with _made:
        return _client(service)


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@cache
def _client(service: str) -> Any:
    return _session().create_client(service, config=CONFIGS.get(service))


class Spending:
    """Counts what the adapters spend: capacity units, queue requests, VK calls."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = Lock()

    def add(self, what: str, amount: float) -> None:
        with self._lock:
            self._counts[what] += amount  # type: ignore[assignment]  # halves of read units

    def take(self) -> dict[str, float]:
        """Return what was spent since the last time."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        return dict(counts)


spending = Spending()
