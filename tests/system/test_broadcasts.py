"""Broadcasts on a whole stack: workers die, starts are scheduled, people stop; once is once."""

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from housechats.adapters.table import to_ms
from local.emulator import KEY, REGION
from support.local_stack import Run, local_stack

pytestmark = pytest.mark.system

HOUSES = 8
OKTMO = "11701000"
MOSCOW = timedelta(hours=3)
KILLED = "Проверка: работника убили посреди отправки."
STOPPED = "Проверка: рассылку остановили и продолжили."
SCHEDULED = "Проверка: рассылка в назначенное время."


def write_list(path: Path) -> None:
    houses = (f"г. Архангельск, ул. Небывалая, д. {number + 1};1" for number in range(HOUSES))
    path.write_text("\n".join(["Адрес;Подъездов", *houses]), encoding="utf-8")


@dataclass
class Sky:
    """The stack's own AWS, and the hand that moves its time."""

    run: Run

    def client(self, service: str) -> Any:
        session: Any = boto3.session.Session()
        return session.client(
            service,
            endpoint_url=self.run.addresses["emulator_url"],
            region_name=REGION,
            aws_access_key_id=KEY,
            aws_secret_access_key=KEY,
        )

    def schedule(self) -> dict[str, Any]:
        """Return the only schedule that there is."""
        scheduler = self.client("scheduler")
        (one,) = scheduler.list_schedules(GroupName="housechats")["Schedules"]
        told: dict[str, Any] = scheduler.get_schedule(Name=one["Name"], GroupName="housechats")
        return told

    def schedules(self) -> int:
        return len(self.client("scheduler").list_schedules(GroupName="housechats")["Schedules"])

    def let_time_come(self, broadcast_id: str, schedule: dict[str, Any]) -> None:
        """Have what is scheduled be due now: in the table, and with the Scheduler."""
        now = datetime.now(UTC)
        self.client("dynamodb").update_item(
            TableName=self.run.addresses["table"],
            Key={"pk": {"S": f"BROADCAST#{broadcast_id}"}, "sk": {"S": "BROADCAST"}},
            UpdateExpression="SET start_at = :now",
            ExpressionAttributeValues={":now": {"N": str(to_ms(now))}},
        )
        kept = ("Name", "GroupName", "FlexibleTimeWindow", "Target", "ActionAfterCompletion")
        self.client("scheduler").update_schedule(
            **{name: schedule[name] for name in kept},
            ScheduleExpression=f"at({now:%Y-%m-%dT%H:%M:%S})",
        )


def ask(run: Run, method: str, path: str, body: object = None) -> Any:
    status, answer = run.ask(method, path, body=body)
    assert status < 300, (method, path, answer)
    return answer


def confirm(run: Run, text: str, **wish: str) -> str:
    asked = {"parts": [{"kind": "all"}], "text": text, "lane": "emergency", **wish}
    token = ask(run, "POST", "/broadcasts/previews", asked)["preview"]["token"]
    return str(ask(run, "POST", "/broadcasts", {"token": token})["id"])


def sent(run: Run, text: str) -> Counter[tuple[int, int]]:
    """Count the messages with a text, by their chats, as the sandbox has them."""
    return Counter(
        (message["community"], message["peer_id"])
        for message in run.sandbox("sent")
        if text in message["text"]
    )


def sends(run: Run) -> int:
    """Count the calls that want to send, whatever came of them."""
    return int(run.sandbox("journal")["methods"].get("messages.send", 0))


def wait_for(what: str, is_so: Any, run: Run) -> None:
    """Look again and again; the stack's own watchdog ends what never happens."""
    while not is_so():
        assert run.program.poll() is None, f"{what}: {''.join(run.output)}"
        time.sleep(0.2)


def kill_all(run: Run, function: str) -> int:
    """End all workers of a function without a word; return how many there were."""
    workers = [pid for pid, line in run.processes().items() if f"-{function}-" in line]
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    return len(workers)


def no_quiet_hours_now(run: Run) -> None:
    """Have the territory's quiet hours half a day away, whenever this runs."""
    far = datetime.now(UTC) + MOSCOW + timedelta(hours=12)
    minute = {"begins": f"{far:%H}:00", "ends": f"{far:%H}:01"}
    rules = {"quiet_hours": {"weekday": minute, "weekend": minute, "basis": "проверка"}}
    ask(run, "PUT", f"/territories/{OKTMO}/broadcast-rules", rules)


@dataclass
class Story:
    """What was seen on the way."""

    run: Run
    ids: dict[str, str]
    killed: int
    schedule: dict[str, Any]
    sent_while_stopped: int
    stopped: dict[str, Any]

    def broadcast(self, text: str) -> Any:
        return ask(self.run, "GET", f"/broadcasts/{self.ids[text]}")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Three broadcasts to the same chats: one stopped, one whose worker dies, one scheduled."""
    folder = tmp_path_factory.mktemp("broadcasts")
    houses = folder / "houses.csv"
    write_list(houses)
    # No work here takes longer than that: what a dead worker held comes back within the patience.
    times = {"LeaseSeconds": 12, "VisibilitySeconds": 15}
    options = [word for name, n in times.items() for word in ("--parameter", f"{name}={n}")]
    with local_stack(folder, "--stay", "--list", str(houses), *options) as run:
        run.wait_for("Ctrl-C")
        no_quiet_hours_now(run)
        sky, ids = Sky(run), {}
        tomorrow = f"{datetime.now(UTC) + MOSCOW + timedelta(days=1):%Y-%m-%dT%H:%M}"
        ids[SCHEDULED] = confirm(run, SCHEDULED, lane="planned", start_at=tomorrow)
        schedule = sky.schedule()

        run.in_sandbox("faults", kind="bad_gateway", method="messages.send", times=None)
        before = sends(run)
        ids[STOPPED] = confirm(run, STOPPED)
        wait_for("a call", lambda: sends(run) > before, run)
        stopped = ask(run, "POST", f"/broadcasts/{ids[STOPPED]}/stop")
        run.in_sandbox("faults", clear=True)

        run.in_sandbox("faults", kind="delay", method="messages.send", seconds=8, times=2)
        ids[KILLED] = confirm(run, KILLED)
        wait_for("a message", lambda: sent(run, KILLED), run)
        killed = kill_all(run, "broadcast-on-emergency")
        run.in_sandbox("faults", clear=True)

        sky.let_time_come(ids[SCHEDULED], schedule)
        sent_while_stopped = sent(run, STOPPED).total()
        ask(run, "POST", f"/broadcasts/{ids[STOPPED]}/resume")
        told = Story(run, ids, killed, schedule, sent_while_stopped, stopped)
        for text in ids:
            wait_for(text, lambda text=text: told.broadcast(text)["state"] == "done", run)
        yield told


@pytest.mark.parametrize(
    "text", [KILLED, STOPPED, SCHEDULED], ids=["a worker died", "it was stopped", "it had a time"]
)
def test_every_chat_gets_every_message_once(story: Story, text: str) -> None:
    chats = Counter((chat["community"], chat["peer_id"]) for chat in story.run.sandbox("created"))

    got = sent(story.run, text)

    assert got == chats
    assert got.total() == HOUSES


@pytest.mark.parametrize(
    "text", [KILLED, STOPPED, SCHEDULED], ids=["a worker died", "it was stopped", "it had a time"]
)
def test_receipts_tell_the_numbers_that_the_messages_have(story: Story, text: str) -> None:
    receipts = ask(story.run, "GET", f"/broadcasts/{story.ids[text]}/receipts?limit=100")["items"]

    numbers = [message["cmid"] for message in story.run.sandbox("sent") if text in message["text"]]

    assert {one["status"] for one in receipts} == {"sent"}
    assert sorted(one["message"] for one in receipts) == sorted(numbers)
    assert story.broadcast(text)["done"] == HOUSES


def test_a_worker_was_killed_while_vk_answered(story: Story) -> None:
    assert story.killed >= 1


def test_what_is_stopped_sends_nothing_until_it_is_resumed(story: Story) -> None:
    assert story.stopped["state"] == "stopped"
    assert story.sent_while_stopped == 0


def test_a_chosen_time_is_a_schedule_that_goes_when_it_has_fired(story: Story) -> None:
    at = story.schedule["ScheduleExpression"].removeprefix("at(").removesuffix(")")

    left = datetime.fromisoformat(at).replace(tzinfo=UTC) - datetime.now(UTC)

    assert timedelta(hours=23) < left < timedelta(hours=24)
    assert story.schedule["ActionAfterCompletion"] == "DELETE"
    assert json.loads(story.schedule["Target"]["Input"]) == {"broadcast_id": story.ids[SCHEDULED]}
    assert Sky(story.run).schedules() == 0


def test_vk_was_never_asked_too_often(story: Story) -> None:
    assert story.run.sandbox("journal")["errors"].get("6", 0) == 0
