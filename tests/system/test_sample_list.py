"""The whole system on this machine: the sample list comes to its end, and nothing is left after."""

import contextlib
import json
import re
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from local.launch import launch_header
from operate import admin, replay, system
from support.knocking import DOCUMENT, knock
from support.local_stack import Run, fetch, local_stack

pytestmark = pytest.mark.system

CHAT_PEERS = 2_000_000_000
# As /proc/net/tcp writes the state and 127.0.0.1.
LISTENS = "0A"
LOOPBACK = socket.inet_aton("127.0.0.1")[:: 1 if sys.byteorder == "big" else -1].hex().upper()
# The emulator has folders of its own there unless told otherwise.
SYSTEM_TEMPORARY = Path("/tmp")  # noqa: S108


def open_files(pid: int) -> set[str]:
    """Return what a program has open; nothing if it has just ended."""
    found = set()
    for entry in Path(f"/proc/{pid}/fd").glob("*"):
        with contextlib.suppress(OSError):
            found.add(str(entry.readlink()))
    return found


def listeners() -> Iterator[tuple[str, str]]:
    """Yield (address, inode) of all TCP sockets of this machine that listen, proc(5)."""
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        for line in table.read_text().splitlines()[1:]:
            _, local, _, state, *_, inode = line.split()[:10]
            if state == LISTENS:
                yield local.partition(":")[0], inode


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tmp")


@pytest.fixture(scope="module")
def outside() -> set[Path]:
    """What lies in the machine's folder for temporary files before the run."""
    return set(SYSTEM_TEMPORARY.glob("ministack*"))


@pytest.fixture(scope="module")
def run(temporary: Path, outside: set[Path]) -> Iterator[Run]:  # noqa: ARG001 - looked before
    """The sample list, uploaded and done; the stack stays for questions."""
    # The API is knocked on more often than people do.
    with local_stack(temporary, "--stay", "--parameter", "ChangesAMinute=100000") as run:
        run.wait_for("Ctrl-C")
        yield run


def open_houses(run: Run) -> list[dict[str, str]]:
    houses: list[dict[str, str]] = run.ask("GET", "/houses?state=open&limit=100")[1]["items"]
    return houses


def test_every_good_row_becomes_a_chat_with_a_poster(run: Run) -> None:
    batch = run.ask("GET", "/batches")[1]["items"][0]
    progress = run.ask("GET", f"/batches/{batch['id']}")[1]
    good = progress["rows"]["accepted"] + progress["rows"]["accepted_with_warnings"]

    assert any("Всё сделано" in line for line in run.output)
    assert progress["status"] == "done"
    assert good >= 45
    assert progress["rows"]["rejected"] > 0
    assert progress["houses"] == {"open": good}
    assert progress["posters"] == good


def test_every_house_has_one_chat_with_one_first_message(run: Run) -> None:
    created = run.sandbox("created")
    welcomed = Counter(
        (message["community"], message["peer_id"])
        for message in run.sandbox("sent")
        if message["peer_id"] > CHAT_PEERS
    )

    codes = Counter(chat["title"].rpartition(" · ")[2] for chat in created)

    assert codes == Counter(house["id"] for house in open_houses(run))
    assert welcomed == Counter((chat["community"], chat["peer_id"]) for chat in created)
    assert not any(" · " in chat["title_now"] for chat in created)


def test_the_houses_are_spread_over_the_communities(run: Run) -> None:
    listed = run.ask("GET", "/communities")[1]

    chats = Counter(chat["community"] for chat in run.sandbox("created"))

    assert {one["id"] for one in listed["items"]} == chats.keys()
    assert listed["counts"] == {"active": 2}


def test_every_elder_is_told_once(run: Run) -> None:
    batch = run.ask("GET", "/batches")[1]["items"][0]
    told = run.ask("GET", f"/batches/{batch['id']}/instructions")[1]["items"]
    letters = Counter(
        message["peer_id"] for message in run.sandbox("sent") if message["peer_id"] < CHAT_PEERS
    )
    texts = Counter(sms["phone"] for sms in run.sandbox("sms")["items"])

    channels = Counter(note["channel"] for note in told)

    assert set(letters.values()) == set(texts.values()) == {1}
    assert channels["vk"] == len(letters)
    assert channels["sms"] == len(texts)
    assert all(note["reason"] for note in told if note["state"] != "sent")


def test_a_code_from_a_poster_leads_to_the_chat(run: Run) -> None:
    house = open_houses(run)[0]
    card = run.ask("GET", f"/houses/{house['id']}")[1]

    status, location = run.ask("GET", f"/j/{house['id']}", authorization="")

    assert (status, location) == (302, card["link"])
    assert location.startswith(run.addresses["sandbox_url"])


def test_an_unknown_code_is_a_page_and_not_a_chat(run: Run) -> None:
    status, body = run.ask("GET", "/j/00000000", authorization="")

    assert status == 404
    assert "<html" in body.decode()


def test_a_poster_opens_by_its_link(run: Run) -> None:
    house = open_houses(run)[0]

    link = run.ask("GET", f"/houses/{house['id']}/poster")[1]["url"]
    status, pdf = fetch("GET", link, {})

    assert status == 200
    assert pdf.startswith(b"%PDF-")


def test_all_posters_lie_in_one_file(run: Run) -> None:
    said = next(line for line in run.output if "Все объявления" in line)

    file = Path(urlsplit(said.split()[-1]).path)

    assert file.read_bytes().startswith(b"%PDF-")
    assert file.is_relative_to(run.home)


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        pytest.param("", 401, id="nobody"),
        pytest.param("VK vk_app_id=52000001&vk_user_id=1&vk_ts=1&sign=forged", 403, id="forged"),
        pytest.param("Bearer 1", 403, id="another scheme"),
    ],
)
def test_nobody_comes_in_unsigned(run: Run, authorization: str, status: int) -> None:
    answer = run.ask("GET", "/houses", authorization)

    assert answer[0] == status


def test_the_summary_counts_what_it_cost(run: Run) -> None:
    text = "".join(run.output)

    calls = re.search(r"ВКонтакте: +(\d+) запрос", text)
    units = re.search(r"Таблица: +([\d\xa0]+) единиц\w* записи", text)

    assert calls
    assert int(calls[1]) >= 2 * len(open_houses(run))
    assert units
    assert int(units[1].replace("\xa0", "")) > len(open_houses(run))


def test_nobody_outside_this_machine_can_knock(run: Run) -> None:
    sockets = {
        name
        for pid in [run.program.pid, *run.processes()]
        for name in open_files(pid)
        if name.startswith("socket:")
    }

    listening = [address for address, inode in listeners() if f"socket:[{inode}]" in sockets]

    # The front door, the emulator and the sandbox.
    assert len(listening) >= 3
    assert set(listening) == {LOOPBACK}


def test_rejected_rows_are_shown_with_their_reasons(run: Run) -> None:
    batch = run.ask("GET", "/batches")[1]["items"][0]
    rejected = run.ask("GET", f"/batches/{batch['id']}/rows?verdict=rejected")[1]["items"]

    shown = [line.split()[1] for line in run.output if line.startswith("    строка ")]

    assert shown == [f"{row['number']}:" for row in rejected[:15]]


@pytest.fixture
def here(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let operators' commands see this run alone: others may be up on the machine."""
    (tmp_path / run.home.name).symlink_to(run.home)
    monkeypatch.setattr(system, "RUNS", tmp_path)


@pytest.mark.usefixtures("here")
def test_whoever_an_operator_appoints_comes_in(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    newcomer = launch_header(run.addresses["app_id"], run.addresses["app_secret"], 77)
    before, _ = run.ask("GET", "/houses", newcomer)

    code = admin.main(["--vk-id", "77", "--territory", "11701000"])

    after, _ = run.ask("GET", "/houses", newcomer)
    assert (before, code, after) == (403, 0, 200)
    assert "vk.com/id77 — администратор, территория 11701000" in capsys.readouterr().out


@pytest.mark.usefixtures("here")
def test_what_was_laid_aside_goes_back_to_work_by_one_command(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    there = system.find_system()
    (queue,) = (one for one in replay.queues_of(there) if one.name == "openings")
    letter = json.dumps({"house_id": open_houses(run)[0]["id"]})
    there.client("sqs").send_message(QueueUrl=queue.dead_url, MessageBody=letter)

    listed = replay.main([])
    code = replay.main(["--queue", "openings"])

    said = capsys.readouterr()
    assert (listed, code) == (2, 0)
    assert re.search(r"^ +openings +1$", said.err, re.MULTILINE)
    assert said.out == "Возвращено в очередь openings: 1.\n"
    assert replay.count_dead(there, queue) == 0


def test_every_operation_refuses_who_is_not_signed(run: Run) -> None:
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    operations = [
        (method.upper(), re.sub(r"\{\w+\}", "1", path))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if operation.get("security") != []
    ]

    answers = {
        (*operation, header): run.ask(*operation, authorization=header)
        for operation in operations
        for header in ("", "VK vk_app_id=52000001&vk_user_id=1&vk_ts=1&sign=forged")
    }

    wrong = {
        asked: answer
        for asked, answer in answers.items()
        if answer[0] != (403 if asked[2] else 401) or set(answer[1]) != {"message"}
    }
    assert wrong == {}


def test_the_api_keeps_to_its_document_whatever_it_is_asked(run: Run, tmp_path: Path) -> None:
    to = run.addresses
    header = launch_header(to["app_id"], to["app_secret"], to["administrator"])

    code, report = knock(to["public_url"], header, tmp_path)

    assert code == 0, report


def test_ctrl_c_leaves_no_program_no_port_and_no_folder(
    run: Run, temporary: Path, outside: set[Path]
) -> None:
    ports = [urlsplit(url).port for name, url in run.addresses.items() if name.endswith("_url")]
    before = run.processes()

    code = run.interrupt()

    assert code == 0
    assert len(before) > 5
    assert run.processes() == {}
    assert not run.home.exists()
    assert list(temporary.iterdir()) == []
    assert set(SYSTEM_TEMPORARY.glob("ministack*")) <= outside
    for port in ports:
        with socket.socket() as caller:
            assert caller.connect_ex(("127.0.0.1", port or 0)) != 0
