"""AWS in process: the real table's keys and indexes, buckets, queues, SMS."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from moto import mock_aws

from housechats.adapters.aws import client
from housechats.adapters.table import Table
from support.cloudformation import resources, template

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-central-1",
}
(TABLE,) = resources(template("infra/data.yaml"), "AWS::DynamoDB::Table").values()
SHAPE = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


@contextmanager
def aws() -> Iterator[None]:
    """Let all clients speak to a mock; nothing leaves the process.

    Clients are kept from test to test: making one takes longer than most tests.
    """
    with patch.dict(os.environ, ENVIRONMENT), mock_aws():
        yield


def new_table(name: str) -> Table:
    """Make the table that infra/data.yaml describes."""
    shape: dict[str, Any] = {part: TABLE[part] for part in SHAPE}
    client("dynamodb").create_table(TableName=name, **shape)
    return Table(name)


def new_bucket(name: str) -> str:
    where: Any = {"LocationConstraint": ENVIRONMENT["AWS_DEFAULT_REGION"]}
    client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=where)
    return name


def new_schedules(group: str) -> str:
    client("scheduler").create_schedule_group(Name=group)
    return group
