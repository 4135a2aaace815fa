"""Broadcasts to the chats of a region: how near VK's pace, how fast an alarm, at what price."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import urllib3

from bench.broadcast_system import System, broadcasting
from bench.page_work import size_of_item
from bench.rows import Row
from bench.surroundings import TOKEN, surroundings
from housechats.adapters.vk import CHAT_PEER, VERSION
from housechats.domain.broadcasts import TOGETHER, Broadcast

CHATS = 18_200
"""The houses with flats of Архангельская область."""
LATENCY_S = 0.15
VK_CALLS_A_SECOND = 20
URGENT = 200
ALARMS = 3
"""Emergencies during one mailing; the slowest counts."""
EQUAL = 9_100
"""Chats of each of two mailings that share a community."""
ONE_BY_ONE = 100
"""Chats of the yardstick: each takes as long as the first, and time is short."""
FORECAST_MISS_S, FORECAST_MISS = 2, 0.1


@dataclass(frozen=True)
class Sent:
    """A broadcast that is over, by the sandbox's journal."""

    one: Broadcast
    first: float
    """When its first call arrived."""
    last: float
    """When the last answer left."""
    forecast: float
    """How many seconds after its start its preview said it would be over."""
    confirmed: float
    """When the API had accepted it."""

    @property
    def forecast_misses(self) -> float:
        """Return by how much the forecast was out, in parts of what is allowed.

        A preview tells when all is over if it is confirmed at once: who takes longer, starts later.
        """
        started = self.one.start_at.timestamp() if self.one.start_at else self.confirmed
        lasted = self.last - started
        return abs(self.forecast - lasted) / max(FORECAST_MISS_S, FORECAST_MISS * lasted)


@dataclass(frozen=True)
class Measured:
    """What the other benches of broadcasts reckon with."""

    rows: list[Row]
    pace_units: float
    """Units written for the slot of one call."""


def measure() -> Measured:
    with (
        surroundings("broadcasts", latency_ms=round(LATENCY_S * 1000), chats=CHATS) as around,
        broadcasting(around, CHATS) as system,
    ):
        alone, spent, calls = _alone(system)
        largest = _largest_receipts(system, alone.one)
        beside, alarms = _with_alarms(system)
        twins = _twins(system)
        seen = around.sandbox("/sandbox/journal")
        judged = around.sandbox("/sandbox/deliveries")
        one_by_one = _one_by_one(system)
    everything = [alone, beside, *alarms, *twins]
    _judge(everything, judged)
    took = alone.last - alone.first
    ends = [one.last - min(one.first for one in twins) for one in twins]
    return Measured(
        [
            Row.at_most(
                f"{CHATS} chats at 150 ms: first call to last answer ÷ (calls ÷ 20 s)",
                took / (calls / VK_CALLS_A_SECOND),
                1.1,
                "× time",
            ),
            Row.at_most("calls of VK ÷ ⌈chats ÷ 100⌉", calls / -(-CHATS // TOGETHER), 1, "×"),
            Row.at_least(
                "one call per chat, one after another ÷ ours",
                one_by_one / (took / CHATS),
                90,
                "× time a delivery",
            ),
            *_units(spent, largest),
            Row.at_most(
                "calls that VK refused with error 6", seen["errors"].get("6", 0), 0, "calls"
            ),
            Row.at_most("most calls in a sliding second", seen["busiest_second"], 20, "calls"),
            Row.at_most("messages over one a chat", judged["doubles"], 0, "messages"),
            Row.at_most(
                f"an emergency of {URGENT} houses meanwhile: 202 to the first chat",
                max(one.first - one.confirmed for one in alarms),
                1,
                "s",
            ),
            Row.at_most(
                f"  to the last answer, the slowest of {ALARMS}",
                max(one.last - one.confirmed for one in alarms),
                2,
                "s",
            ),
            Row.at_most(
                "the forecast of a mailing ÷ what it may miss (10 % or 2 s)",
                max(alone.forecast_misses, beside.forecast_misses),
                1,
                "×",
            ),
            Row.at_most(
                "  of the emergencies, the worst",
                max(one.forecast_misses for one in alarms),
                1,
                "×",
            ),
            Row.at_most(
                "  of two equal mailings, the one that knew of the other",
                twins[-1].forecast_misses,
                1,
                "×",
            ),
            Row.at_most(
                f"two mailings of {EQUAL} chats: the later end ÷ the earlier",
                max(ends) / min(ends),
                1.1,
                "× time",
            ),
        ],
        spent["pace written"] / calls,
    )


def _units(spent: Counter[str], largest: float) -> list[Row]:
    receipts, counters = spent["receipts written"], spent["broadcast written"]
    others = sum(spent[f"{noun} written"] for noun in ("pace", "other"))
    return [
        Row.at_most("a delivery: writes", (receipts + counters + others) / CHATS, 0.05, "units"),
        Row.at_most("  receipts, claims included", receipts / CHATS, 0.04, "units"),
        Row.at_most("  the broadcast and its numbers", counters / CHATS, 0.011, "units"),
        Row.at_most("  refused at the pace", spent["pace refused"] / CHATS, 0.01, "units"),
        Row.at_most("a delivery: reads", spent["read"] / CHATS, 0.02, "units"),
        Row.at_most("largest receipts of 100 chats", largest / 1024, 1, "KiB"),
        Row.at_most("chunks given back to the queue", spent["given back"], 0, "chunks"),
    ]


def _alone(system: System) -> tuple[Sent, Counter[str], int]:
    """Send to all chats, with nobody beside."""
    before = system.around.sandbox("/sandbox/journal")["arrivals"]
    preview = system.preview(houses=CHATS, urgent=False)
    (sent,) = _sent(system, [(preview, *_confirmed(system, preview))])
    calls = system.around.sandbox("/sandbox/journal")["arrivals"] - before
    return sent, system.take_spent(), calls


def _with_alarms(system: System) -> tuple[Sent, list[Sent]]:
    """Send to all chats, and emergencies while that goes on."""
    preview = system.preview(houses=CHATS, urgent=False)
    mailing = (preview, *_confirmed(system, preview))
    while not system.look(mailing[1]).sent:
        time.sleep(0.1)
    alarms = []
    for _ in range(ALARMS):
        preview = system.preview(houses=URGENT, urgent=True)
        alarms.append((preview, *_confirmed(system, preview)))
        time.sleep(1)
    sent, *urgent = _sent(system, [mailing, *alarms])
    if urgent[-1].last > sent.last:
        raise AssertionError("the mailing was over before the last emergency")
    return sent, urgent


def _twins(system: System) -> list[Sent]:
    """Send two equal mailings that share a community and begin together."""
    confirmed = []
    for _ in range(2):
        preview = system.preview(houses=EQUAL, urgent=False)
        confirmed.append((preview, *_confirmed(system, preview)))
    return _sent(system, confirmed)


def _confirmed(system: System, preview: Any) -> tuple[str, float]:
    return system.confirm(preview), time.time()


def _sent(system: System, confirmed: Iterable[tuple[Any, str, float]]) -> list[Sent]:
    over = [(preview, system.await_end(number), at) for preview, number, at in confirmed]
    times = system.around.sandbox("/sandbox/deliveries")["times"]
    return [
        Sent(
            one=one,
            first=times[str(one.random_id)][0],
            last=times[str(one.random_id)][1] + LATENCY_S,
            forecast=(
                _moment(preview["finish_at"]) - _moment(preview["starts_at"])
            ).total_seconds(),
            confirmed=at,
        )
        for preview, one, at in over
    ]


def _moment(said: str) -> datetime:
    return datetime.fromisoformat(said)


def _judge(everything: Iterable[Sent], judged: Any) -> None:
    """Compare what receipts say with what the sandbox has seen."""
    for sent in everything:
        one = sent.one
        there = judged["by_random_id"][str(one.random_id)]
        if (one.sent, one.failed, there) != (one.chats, 0, one.chats):
            raise AssertionError(f"{one.sent} of {one.chats} chats are said, {there} are there")


def _largest_receipts(system: System, one: Broadcast) -> float:
    """Return the bytes that DynamoDB counts for the largest receipts of a broadcast."""
    answer = system.around.emulator.client("dynamodb").query(
        TableName=system.around.table,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :receipts)",
        ExpressionAttributeValues={
            ":pk": {"S": f"BROADCAST#{one.id}"},
            ":receipts": {"S": "R#"},
        },
    )
    return max(map(size_of_item, answer["Items"]))


def _one_by_one(system: System) -> float:
    """Return seconds a delivery as mailing tools do it: a call per chat, one after another.

    They wait 1/20 s between two calls (vk_api: VkApiGroup); VK takes longer to answer.
    """
    http = urllib3.PoolManager()
    began = time.monotonic()
    for chat in range(1, ONE_BY_ONE + 1):
        fields = {
            "peer_ids": str(CHAT_PEER + chat),
            "random_id": str(7_000_000 + chat),
            "message": "Завтра с 10 до 12 не будет воды.",
            "v": VERSION,
        }
        answer = http.request(
            "POST",
            f"{system.around.sandbox_url}/method/messages.send",
            fields=fields,
            headers={"Authorization": f"Bearer {TOKEN}"},
            encode_multipart=False,
        ).json()
        if "error" in answer:
            raise AssertionError(answer)
    return (time.monotonic() - began) / ONE_BY_ONE
