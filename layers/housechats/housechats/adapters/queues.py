"""Queues: the Queue port over SQS."""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from housechats.adapters.aws import client, spending
from housechats.domain.errors import UnavailableError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

BATCH = 10
"""Messages in one SendMessageBatch (AWS limit)."""
LONGEST_DELAY_S = 15 * 60
"""How long a message can be kept back (AWS limit)."""


class SqsQueue:
    """Sends bodies of ids to one queue."""

    def __init__(self, url: str, sqs: "SQSClient | None" = None) -> None:
        self._url = url
        self._sqs = sqs

    def send(
        self, bodies: Iterable[Mapping[str, str | int]], *, delay_s: int = 0, group: str = ""
    ) -> None:
        left = [json.dumps(body, ensure_ascii=False) for body in bodies]
        if not left:
            return
        sqs = self._sqs or client("sqs")
        how: dict[str, Any] = {"DelaySeconds": delay_s} if delay_s else {}
        how |= {"MessageGroupId": group} if group else {}
        while left:
            batch, left = left[:BATCH], left[BATCH:]
            entries: Any = [
                {"Id": str(n), "MessageBody": body} | how for n, body in enumerate(batch)
            ]
            answer = sqs.send_message_batch(QueueUrl=self._url, Entries=entries)
            spending.add("queue_requests", 1)
            if failed := answer.get("Failed"):
                raise UnavailableError(f"SQS took {len(batch) - len(failed)} of {len(batch)}")
