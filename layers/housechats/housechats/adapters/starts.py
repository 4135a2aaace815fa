"""Starts: soon ones are kept back in a queue, later ones in EventBridge Scheduler."""

import json
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from botocore.exceptions import ClientError

from housechats.adapters.aws import client
from housechats.adapters.queues import LONGEST_DELAY_S
from housechats.ports.queues import Queue


class SchedulerStarts:
    """Has starts handed to a queue at their time.

    A start that was moved or cancelled may be handed over all the same, when it was soon or is
    moved to be: whoever starts a thing looks at its time. What starts is a `kind` of thing,
    called so in the queue's bodies; one thing that starts twice does so under two names.
    """

    def __init__(
        self,
        group: str,
        starts_queue: Queue,
        *,
        queue_arn: str,
        role_arn: str,
        scheduler: Any = None,
        kind: str = "broadcast",
        name: str = "",
    ) -> None:
        self._group = group
        self._starts_queue = starts_queue
        self._queue_arn = queue_arn
        self._role_arn = role_arn
        self._given = scheduler
        self._kind = kind
        self._name = name or kind

    @property
    def _scheduler(self) -> Any:
        return self._given or client("scheduler")

    def plan(self, thing_id: str, *, at: datetime, now: datetime) -> None:
        body = {f"{self._kind}_id": thing_id}
        # Rounded up: one that comes too early is none.
        delay_s = max(ceil((at - now).total_seconds()), 0)
        if delay_s <= LONGEST_DELAY_S:
            self._starts_queue.send([body], delay_s=delay_s)
            return
        schedule = {
            "Name": self._name_of(thing_id),
            "GroupName": self._group,
            "ScheduleExpression": f"at({_to_the_second(at):%Y-%m-%dT%H:%M:%S})",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "ActionAfterCompletion": "DELETE",
            "Target": {
                "Arn": self._queue_arn,
                "RoleArn": self._role_arn,
                "Input": json.dumps(body),
            },
        }
        try:
            self._scheduler.create_schedule(**schedule)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConflictException":
                raise
            self._scheduler.update_schedule(**schedule)

    def cancel(self, thing_id: str) -> None:
        try:
            self._scheduler.delete_schedule(Name=self._name_of(thing_id), GroupName=self._group)
        except ClientError as error:
            # It has fired, or was soon: then it lies in the queue.
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise

    def _name_of(self, thing_id: str) -> str:
        return f"{self._name}-{thing_id}"


def _to_the_second(at: datetime) -> datetime:
    """Return a moment in UTC, rounded up to what the Scheduler knows."""
    moment = at.astimezone(UTC)
    return moment + timedelta(microseconds=-moment.microsecond % 1_000_000)
