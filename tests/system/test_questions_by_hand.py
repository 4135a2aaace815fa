"""A question through the whole stack as people see it on the sandbox's page; a worker is ended."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from local.cast import ELDER, REPRESENTATIVE
from support.local_stack import Run, local_stack

pytestmark = pytest.mark.system

RESIDENTS = (1_900_000_001, 1_900_000_002, 1_900_000_007)
LIST = (
    "Адрес;Подъездов;Старший по дому;Телефон;Страница ВК\n"
    f"г. Архангельск, ул. Небывалая, д. 1;2;Придумкина Василиса;;vk.com/id{ELDER.vk_id}\n"
)
TEXT = "Во втором подъезде третий день не работает лифт."
ANSWER = "Лифт починят завтра."


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("asked")
    houses = folder / "houses.csv"
    houses.write_text(LIST, encoding="utf-8")
    # Short times, so that what an ended worker had comes back within the test's patience.
    times = ("WorkerTimeout=10", "LeaseSeconds=12", "VisibilitySeconds=15")
    options = [part for one in times for part in ("--parameter", one)]
    with local_stack(folder, "--list", str(houses), "--stay", *options) as run:
        run.wait_for("Ctrl-C")
        yield run


@dataclass(frozen=True)
class Hand:
    """What somebody does and sees on the sandbox's page, in one community."""

    run: Run
    community: int

    def do(self, action: str, vk_id: int, **given: object) -> None:
        self.run.in_sandbox(action, user_id=vk_id, community=self.community, **given)

    def messages(self, peer: int) -> list[dict[str, Any]]:
        path = f"conversation?peer_id={peer}&community={self.community}"
        shown: list[dict[str, Any]] = self.run.sandbox(path)["messages"]
        return shown

    def sees(self, text: str, *, peer: int) -> None:
        """Look again and again; the stack's own watchdog ends what never happens."""
        while not any(text in one["text"] for one in self.messages(peer)):
            self._wait()

    def writes(self, vk_id: int, text: str) -> None:
        self.do("write", vk_id, peer_id=vk_id, text=text)

    def press(self, vk_id: int, label: str, *, peer: int = 0) -> None:
        """Press the newest button that begins so, once it is there."""
        while not (found := _button(self.messages(peer or vk_id), label)):
            self._wait()
        cmid, whole = found
        self.do("press", vk_id, peer_id=peer or vk_id, cmid=cmid, label=whole)

    def _wait(self) -> None:
        assert self.run.program.poll() is None, "".join(self.run.output)
        time.sleep(0.2)


def _button(messages: list[dict[str, Any]], label: str) -> tuple[int, str] | None:
    for message in reversed(messages):
        for row in (message.get("keyboard") or {}).get("buttons", []):
            for key in row:
                if key["action"]["label"].startswith(label):
                    return message["cmid"], key["action"]["label"]
    return None


def test_a_person_asks_votes_and_is_answered_though_a_worker_is_ended(run: Run) -> None:
    (listed,) = run.ask("GET", "/houses")[1]["items"]
    house = run.ask("GET", f"/houses/{listed['id']}")[1]
    place = run.sandbox(f"invitation?key={house['link'].rpartition('/')[2]}")
    hand, chat = Hand(run, place["community"]), place["peer_id"]
    for vk_id in (ELDER.vk_id, *RESIDENTS):
        run.in_sandbox("join", link=house["link"], user_id=vk_id)
    hand.do("allow", REPRESENTATIVE.vk_id)

    hand.press(ELDER.vk_id, "Задать вопрос", peer=chat)
    hand.sees("О чём вопрос", peer=ELDER.vk_id)
    hand.writes(ELDER.vk_id, TEXT)
    for label in ("Дальше", "Подъезд", "ООО «Небылица»", "Задать"):
        hand.press(ELDER.vk_id, label)
    for vk_id in RESIDENTS:
        hand.press(vk_id, "Поддерживаю", peer=chat)
    ended = end_one(run, "questions-on-event")
    hand.sees("Голосование закончилось: за 3, против 0", peer=chat)
    hand.press(REPRESENTATIVE.vk_id, "Ответить")
    hand.sees("Напишите ответ", peer=REPRESENTATIVE.vk_id)
    hand.writes(REPRESENTATIVE.vk_id, ANSWER)
    hand.press(REPRESENTATIVE.vk_id, "Опубликовать")
    hand.sees("Он решён", peer=chat)
    hand.press(ELDER.vk_id, "Решено", peer=chat)
    hand.sees("Вопрос закрыт", peer=chat)

    assert ended
    said = [one["text"] for one in hand.messages(chat)]
    for once in ("Голосование закончилось", "Официально · ООО «Небылица»", "Вопрос закрыт"):
        assert sum(text.startswith(once) for text in said) == 1, said
    assert run.sandbox("deliveries")["doubles"] == 0


def end_one(run: Run, function: str) -> int:
    """End the youngest worker of a function without a word; return its number."""
    while not (workers := [pid for pid, line in run.processes().items() if function in line]):
        assert run.program.poll() is None, "".join(run.output)
        time.sleep(0.2)
    os.kill(max(workers), signal.SIGKILL)
    return max(workers)
