"""A deployed stack as operators' commands see it: its outputs and resources, its functions, SQS."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.exceptions import ClientError

from operate.system import System

NAME = "housechats"


@dataclass
class FakeDeployment:
    """CloudFormation and Lambda in memory, SQS of the mock; a function is what it answers."""

    functions: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    """By the output that names them."""
    queues: dict[str, str] = field(default_factory=dict)
    """Addresses by name."""

    @property
    def system(self) -> System:
        return System(NAME, self.client)

    def client(self, service: str) -> Any:
        return boto3.client("sqs") if service == "sqs" else self

    def add_queue(self, name: str) -> None:
        """Make a queue of work and its queue of dead letters."""
        for full in (f"{NAME}-{name}", f"{NAME}-{name}-dead"):
            self.queues[full] = boto3.client("sqs").create_queue(QueueName=full)["QueueUrl"]

    # CloudFormation.

    def describe_stacks(self, *, StackName: str) -> Any:  # noqa: N803 - botocore's word
        if StackName != NAME:
            said: Any = {"Error": {"Code": "ValidationError", "Message": "does not exist"}}
            raise ClientError(said, "DescribeStacks")
        outputs = [{"OutputKey": key, "OutputValue": key.lower()} for key in self.functions]
        return {"Stacks": [{"Outputs": outputs}]}

    def get_paginator(self, _operation: str) -> "FakeDeployment":
        return self

    def paginate(self, *, StackName: str) -> Iterator[Any]:  # noqa: N803 - botocore's word
        assert StackName == NAME
        yield {
            "StackResourceSummaries": [
                {"ResourceType": "AWS::SQS::Queue", "PhysicalResourceId": url}
                for url in self.queues.values()
            ]
        }
        yield {
            "StackResourceSummaries": [
                {"ResourceType": "AWS::Lambda::Function", "PhysicalResourceId": "f"}
            ]
        }

    # Lambda.

    def invoke(self, *, FunctionName: str, Payload: bytes) -> Any:  # noqa: N803 - botocore's words
        run = {key.lower(): run for key, run in self.functions.items()}[FunctionName]
        try:
            return {"Payload": io.BytesIO(json.dumps(run(json.loads(Payload))).encode())}
        except ValueError as error:
            said = {"errorType": "ValueError", "errorMessage": str(error)}
            return {
                "FunctionError": "Unhandled",
                "Payload": io.BytesIO(json.dumps(said).encode()),
            }
