"""A queue's side of a handler: work the records, give back what failed.

Powertools' BatchProcessor works one record after another and costs 0.4 of an AWS client's
start; a worker here waits for VK most of the time, so its records share a few threads.
"""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from housechats.domain.chat_events import KEPT_SEEN, ChatEvent
from housechats.domain.errors import DisconnectedError, PausedError, UnavailableError
from housechats.ports.queues import Queue
from housechats.runtime.log import logger
from housechats.runtime.metrics import Metric, count_spent, counted

THREADS = 4
"""Enough for a few workers to keep VK's 20 calls a second busy at 150 ms a call."""
LONGEST_DELAY = timedelta(minutes=15)
"""How long SQS can keep a message back."""


def put_off(
    event: ChatEvent, why: PausedError | DisconnectedError, queue: Queue, *, now: datetime
) -> str:
    """Have an event again when VK lets us react to it; what is a day old interests nobody.

    Waiting is not failing: given back to the queue, it would soon lie among the dead letters.
    """
    if now - event.at > timedelta(seconds=KEPT_SEEN):
        return "too late"
    pause = why.until - now if isinstance(why, PausedError) else LONGEST_DELAY
    delay = min(max(pause, timedelta(seconds=1)), LONGEST_DELAY)
    queue.send([event.body], delay_s=round(delay.total_seconds()))
    return "put off"


def work_through(
    event: dict[str, Any],
    work: Callable[[dict[str, Any]], object],
    *,
    spent: Callable[[], dict[str, float]],
    counts: Metric | None = None,
    threads: int = THREADS,
) -> dict[str, list[dict[str, str]]]:
    """Give each record's JSON body to ``work``; answer the records whose work raised.

    ``spent`` tells what the invocation cost; it is logged when all is done. ``counts`` is the
    metric that the outcomes of the work are counted in.
    """
    records = event["Records"]

    def fails(record: dict[str, Any]) -> bool:
        try:
            outcome = work(json.loads(record["body"]))
        except UnavailableError as error:
            logger.warning("given back", extra={"message_id": record["messageId"], "why": error})
            return True
        except Exception:  # noqa: BLE001 - see below
            # One bad record must not take the others of its batch with it; the queue hands it
            # over again, and after that to the dead letters, whose alarm rings.
            logger.exception(
                "failed", extra={"message_id": record["messageId"], **counted(Metric.WORK_FAILED)}
            )
            return True
        count = counted(counts, verdict=str(outcome)) if counts else {}
        logger.info("done", extra={"outcome": str(outcome), **count})
        return False

    started = time.monotonic()
    if len(records) == 1 or threads == 1:
        failed = [record for record in records if fails(record)]
    else:
        with ThreadPoolExecutor(min(threads, len(records))) as pool:
            failed = [
                record for record, bad in zip(records, pool.map(fails, records), strict=True) if bad
            ]
    seconds = round(time.monotonic() - started, 3)
    cost = spent()
    logger.info("worked", extra={"records": len(records), "seconds": seconds, **cost})
    count_spent(cost)
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in failed]}
