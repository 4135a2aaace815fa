"""Workers ended by SIGKILL in the middle of 200 houses: the end is the same, and once is once."""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.local_stack import Run, local_stack

pytestmark = pytest.mark.system

HOUSES = 200
CHAT_PEERS = 2_000_000_000
# Elders of ten houses each. The first are people of the sandbox whom the bot may write to, the
# others have a phone only.
LETTERED = (1_900_000_001, 1_900_000_002, 1_900_000_003, 1_900_000_007, 1_900_000_009)
ELDERS = 20

# When the sandbox has seen so many chats or letters, a worker of that function is ended.
KILLS = (
    ("create-chats-on-opening", "chats", 20),
    ("create-chats-on-opening", "chats", 60),
    ("create-chats-on-opening", "chats", 120),
    ("poster-on-chat-open", "chats", 150),
    ("onboarding-on-poster-ready", "letters", 1),
)


def write_list(path: Path) -> None:
    lines = ["Адрес;Подъездов;Старший по дому;Телефон;Страница ВК"]
    for number in range(HOUSES):
        elder = number % ELDERS
        phone = f"+7900000{elder:04}"
        page = f"vk.com/id{LETTERED[elder]}" if elder < len(LETTERED) else ""
        lines.append(
            f"г. Архангельск, ул. Небывалая, д. {number + 1};2;Старший {elder};{phone};{page}"
        )
    path.write_text("\n".join(lines), encoding="utf-8")


def counts(run: Run) -> dict[str, int]:
    sent = run.sandbox("sent")
    return {
        "chats": len(run.sandbox("created")),
        "letters": sum(message["peer_id"] < CHAT_PEERS for message in sent)
        + len(run.sandbox("sms")["items"]),
    }


def wait_for(what: str, many: int, run: Run) -> None:
    """Look again and again; the stack's own watchdog ends what never happens."""
    while counts(run)[what] < many:
        assert run.program.poll() is None, "".join(run.output)
        time.sleep(0.2)


def kill_one(run: Run, function: str) -> int:
    """End the youngest worker of a function without a word; return its number."""
    while not (
        workers := [pid for pid, line in run.processes().items() if f"-{function}-" in line]
    ):
        # The emulator may just have ended an idle one; the next message begins another.
        assert run.program.poll() is None, "".join(run.output)
        time.sleep(0.2)
    os.kill(max(workers), signal.SIGKILL)
    return max(workers)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """200 houses, five workers ended on the way, and the end that came of it."""
    folder = tmp_path_factory.mktemp("killed")
    houses = folder / "houses.csv"
    write_list(houses)
    # Short times, so that unfinished work comes back within the test's patience.
    times = {"WorkerTimeout": 10, "LeaseSeconds": 12, "VisibilitySeconds": 15}
    options = [word for name, n in times.items() for word in ("--parameter", f"{name}={n}")]
    with local_stack(folder, "--stay", "--list", str(houses), *options) as run:
        run.wait_for("Ход работы")
        killed = set()
        for function, what, many in KILLS:
            wait_for(what, many, run)
            killed.add(kill_one(run, function))
        run.wait_for("Ctrl-C")
        assert len(killed) == len(KILLS)
        yield run


def test_every_house_has_exactly_one_chat(run: Run) -> None:
    created = Counter(chat["title"].rpartition(" · ")[2] for chat in run.sandbox("created"))

    states = run.ask("GET", "/houses?limit=1")[1]["counts"]

    assert states == {"open": HOUSES}
    assert len(created) == HOUSES
    assert set(created.values()) == {1}


def test_every_chat_has_exactly_one_first_message(run: Run) -> None:
    created = Counter((chat["community"], chat["peer_id"]) for chat in run.sandbox("created"))

    welcomed = Counter(
        (message["community"], message["peer_id"])
        for message in run.sandbox("sent")
        if message["peer_id"] > CHAT_PEERS
    )

    assert welcomed == created


def test_every_elder_is_told_at_most_once_and_nobody_is_forgotten(run: Run) -> None:
    batch = run.ask("GET", "/batches")[1]["items"][0]
    told = run.ask("GET", f"/batches/{batch['id']}/instructions")[1]["items"]
    letters = Counter(
        message["peer_id"] for message in run.sandbox("sent") if message["peer_id"] < CHAT_PEERS
    )
    texts = Counter(sms["phone"] for sms in run.sandbox("sms")["items"])

    states = Counter(note["state"] for note in told)

    assert len(told) == ELDERS
    assert set(letters) == set(LETTERED)
    assert set(letters.values()) == {1}
    assert set(texts.values()) == {1}
    # Killed between the claim and the answer, an SMS may have gone: shown, and never sent twice.
    assert set(states) <= {"sent", "unknown"}
    assert states["sent"] + states["unknown"] == ELDERS
    assert len(texts) >= ELDERS - len(LETTERED) - states["unknown"]
    assert all(len(note["house_ids"]) == HOUSES // ELDERS for note in told)
