"""Metrics: what operators count, as fields of log lines (CloudWatch's embedded metric format).

No library: a line is a count by a head of three fields.
"""

import os
import time
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from housechats.runtime.log import logger


class Metric(StrEnum):
    """What is counted; each is on the dashboard."""

    ROWS = "Rows"
    """Rows of lists, by their verdict."""
    CHATS = "Chats"
    """Tries to open a chat, by what came of them."""
    INSTRUCTIONS = "Instructions"
    """Tries to instruct an elder, by what came of them."""
    CHUNKS = "Chunks"
    """Tries to deliver a chunk of a broadcast, by what came of them."""
    DELIVERIES = "Deliveries"
    """Chats of broadcasts, by the lane and by what became of them."""
    UNKNOWN_REFUSALS = "UnknownRefusals"
    """Chats of broadcasts of which VK said what we do not know."""
    UNDELIVERABLE_COMPLAINTS = "UndeliverableComplaints"
    """Complaints that nobody took for a day."""
    BOT_EVENTS = "BotEvents"
    """Events that the receptionist worked, by what came of them."""
    VK_CALLS = "VkCalls"
    """Calls to VK, by the community whose pace they use."""
    VK_ERROR_6 = "VkError6"
    """VK's «too many calls a second», by community."""
    VK_DISCONNECTED = "VkDisconnected"
    """Calls to which VK said that only a person can mend the token, by community."""
    ANSWERS = "Answers"
    """Answers of an API, by the class of their status; the line names the operation as well."""
    JOBS = "Jobs"
    """Jobs that came to their end, by which it was."""
    WORK_FAILED = "WorkFailed"
    """Messages whose work raised something unforeseen, by function."""


DIMENSIONS: Mapping[Metric, list[list[str]]] = {
    Metric.ROWS: [["verdict"]],
    Metric.CHATS: [["verdict"]],
    Metric.INSTRUCTIONS: [["verdict"]],
    Metric.CHUNKS: [["verdict"]],
    Metric.DELIVERIES: [["lane", "verdict"]],
    Metric.UNKNOWN_REFUSALS: [[]],
    Metric.UNDELIVERABLE_COMPLAINTS: [[]],
    Metric.BOT_EVENTS: [["verdict"]],
    Metric.VK_CALLS: [["community"]],
    # Summed over all communities as well: an alarm can watch one sum, not a search.
    Metric.VK_ERROR_6: [[], ["community"]],
    Metric.VK_DISCONNECTED: [[], ["community"]],
    Metric.ANSWERS: [["function", "verdict"]],
    Metric.JOBS: [["verdict"]],
    Metric.WORK_FAILED: [["function"]],
}
"""Function, community, lane, verdict: each pair of a metric and its values costs money, and none of
them is a person."""

SPENT = {
    "vk_calls_": (Metric.VK_CALLS, "community"),
    "error_6_": (Metric.VK_ERROR_6, "community"),
    "disconnected_": (Metric.VK_DISCONNECTED, "community"),
    "jobs_": (Metric.JOBS, "verdict"),
}
"""What the adapters count: how the names begin, and which dimension ends them."""


def counted(
    metric: Metric,
    amount: float = 1,
    *,
    verdict: str = "",
    community: str = "",
    lane: str = "",
) -> dict[str, Any]:
    """Return the fields that make a log line a count."""
    told = {
        "function": os.environ.get("AWS_LAMBDA_FUNCTION_NAME", ""),
        "verdict": verdict,
        "community": community,
        "lane": lane,
    }
    sets = DIMENSIONS[metric]
    return {
        "_aws": {
            "Timestamp": round(time.time() * 1000),
            "CloudWatchMetrics": [
                {
                    "Namespace": os.environ.get("METRICS_NAMESPACE", "housechats"),
                    "Dimensions": sets,
                    "Metrics": [{"Name": metric, "Unit": "Count"}],
                }
            ],
        },
        metric: amount,
        **{name: told[name] for name in {name for names in sets for name in names}},
    }


def answered_with(status: int) -> dict[str, Any]:
    """Return what a line says of an API's answer."""
    return {"status": status, **counted(Metric.ANSWERS, verdict=f"{status // 100}xx")}


def count_spent(spent: Mapping[str, float]) -> None:
    """Count what the adapters have noted of an invocation."""
    for what, amount in spent.items():
        for beginning, (metric, dimension) in SPENT.items():
            if what.startswith(beginning):
                ending = {dimension: what.removeprefix(beginning)}
                logger.info("noted", extra=counted(metric, amount, **ending))
