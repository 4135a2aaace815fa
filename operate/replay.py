"""Put a queue's dead letters back to work: `make replay QUEUE=openings`."""

import argparse
import sys
from dataclasses import dataclass
from functools import partial
from typing import Any

from operate.system import CommandError, System, carry_out, find_system

DEAD = "-dead"
AT_ONCE = 10
"""What SQS gives and takes in one request."""
WAIT_S = 2
"""A receive that waits asks every server of the queue: after it, nothing means nothing."""
HIDDEN_S = 30
"""How long a message is ours between being received and being deleted."""


@dataclass(frozen=True)
class WorkQueue:
    """A queue of work and the queue of what could not be done."""

    name: str
    """As the operator calls it: `openings`."""
    url: str
    dead_url: str


def queues_of(system: System) -> list[WorkQueue]:
    pages = system.client("cloudformation").get_paginator("list_stack_resources")
    urls = {
        resource["PhysicalResourceId"].rpartition("/")[2]: resource["PhysicalResourceId"]
        for page in pages.paginate(StackName=system.stack)
        for resource in page["StackResourceSummaries"]
        if resource["ResourceType"] == "AWS::SQS::Queue"
    }
    return [
        WorkQueue(name.removeprefix(f"{system.stack}-"), url, urls[name + DEAD])
        for name, url in sorted(urls.items())
        if name + DEAD in urls
    ]


def count_dead(system: System, queue: WorkQueue) -> int:
    """Return about how many dead letters there are; SQS knows no exact number."""
    wanted = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    counted = system.client("sqs").get_queue_attributes(
        QueueUrl=queue.dead_url, AttributeNames=wanted
    )["Attributes"]
    return sum(int(counted[name]) for name in wanted)


def put_back(system: System, queue: WorkQueue) -> int:
    """Move all dead letters into the queue that they came from; return how many.

    By hand and not by StartMessageMoveTask, which knows no way back for what EventBridge laid
    there. A letter is deleted when it is in the queue: killed in between, it is there twice, and
    twice is harmless.
    """
    sqs = system.client("sqs")
    moved = 0
    while letters := _receive(sqs, queue):
        _send(sqs, queue, letters)
        for letter in letters:
            sqs.delete_message(QueueUrl=queue.dead_url, ReceiptHandle=letter["ReceiptHandle"])
        moved += len(letters)
    return moved


def _receive(sqs: Any, queue: WorkQueue) -> list[dict[str, Any]]:
    answer = sqs.receive_message(
        QueueUrl=queue.dead_url,
        MaxNumberOfMessages=AT_ONCE,
        WaitTimeSeconds=WAIT_S,
        VisibilityTimeout=HIDDEN_S,
        MessageSystemAttributeNames=["MessageGroupId"],
    )
    letters: list[dict[str, Any]] = answer.get("Messages", [])
    return letters


def _send(sqs: Any, queue: WorkQueue, letters: list[dict[str, Any]]) -> None:
    for letter in letters:
        # The group is what shares a queue fairly between jobs.
        groups = {
            name: value
            for name, value in letter.get("Attributes", {}).items()
            if name == "MessageGroupId"
        }
        sqs.send_message(QueueUrl=queue.url, MessageBody=letter["Body"], **groups)


def replay(system: System, name: str) -> None:
    queues = queues_of(system)
    chosen = next((queue for queue in queues if queue.name == name), None)
    if chosen is None:
        counts = [f"  {queue.name:<16}{count_dead(system, queue)}" for queue in queues]
        wrong = f"Нет очереди «{name}»." if name else "Какую очередь вернуть в работу?"
        raise CommandError(
            "\n".join([f"{wrong} make replay QUEUE=… Очереди и сколько в них отложено:", *counts])
        )
    moved = put_back(system, chosen)
    print(f"Возвращено в очередь {name}: {moved}.")
    if left := count_dead(system, chosen):
        print(
            f"Ещё отложено: {left}. Их сейчас переносит другой запуск, или он прервался:"
            f" повторите через {HIDDEN_S} секунд."
        )


def _command(stack: str, queue: str) -> None:
    replay(find_system(stack), queue)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make replay")
    parser.add_argument("--queue", default="")
    parser.add_argument("--stack", default="")
    given = parser.parse_args(arguments)
    return carry_out(partial(_command, given.stack, given.queue))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
