"""All long work looks alike: how far it is, what failed and why, stop it, do it again."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

import pytest

from housechats.adapters.aws import client
from housechats.adapters.batches import DynamoBatches
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.instructions import DynamoInstructions
from housechats.adapters.jobs import LOOKED_AT_AFTER, DynamoJobs
from housechats.domain.addresses import Address
from housechats.domain.batches import KEPT, Batch, Problem, Row, RowVerdict, Verdict, tally
from housechats.domain.houses import House
from housechats.domain.instructions import Channel, InstructionState
from housechats.domain.jobs import Job, JobKind
from housechats.domain.people import Role
from housechats.runtime import access
from jobs import on_due
from poster.make_posters import NONE_OPEN, make_batch_sheet
from support.fakes import FakeFiles
from support.lambda_context import CONTEXT
from support.whole_api import WholeApi, whole_api

ADMINISTRATOR, STAFF, SPEAKER, ELSEWHERE = 1, 2, 3, 4
OKTMO, INN = "11701000", "2901000016"
NOW = datetime.now(UTC).replace(microsecond=0)
LIST = "0123456789abcdef"
QUEUES = (
    "lists",
    "sheets",
    "results",
    "attachments",
    "exports",
    "erasures",
    "broadcast_jobs",
    "activity_exports",
)
JOB = Job(
    id="a" * 16,
    kind=JobKind.TRANSFER,
    oktmo=OKTMO,
    created_by="vk:1",
    created_at=NOW,
    total=3,
    organisations=(INN,),
)


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[WholeApi]:
    with whole_api(monkeypatch) as opened:
        opened.name(ADMINISTRATOR, Role.ADMINISTRATOR, OKTMO)
        opened.name(STAFF, Role.STAFF, OKTMO)
        opened.name(SPEAKER, Role.REPRESENTATIVE, OKTMO, INN)
        opened.name(ELSEWHERE, Role.ADMINISTRATOR, "11730000")
        yield opened


def get(api: WholeApi, path: str, vk_id: int = STAFF, **query: str) -> Any:
    status, told = api.ask("GET", path, vk_id=vk_id, query=query)
    assert status == 200, told
    return told


def post(api: WholeApi, path: str, vk_id: int = STAFF) -> Any:
    status, told = api.ask("POST", path, vk_id=vk_id)
    assert status in {200, 202}, told
    return told


def sent(api: WholeApi) -> dict[str, list[Any]]:
    """Take what was handed to workers, by queue."""
    return {q: found for q in QUEUES if (found := api.messages(q.replace("_", "-")))}


def house_of_list(number: int, elder_id: str = "") -> House:
    return House(
        id=f"H0SE000{number}",
        digest=f"d{number}",
        oktmo=OKTMO,
        address=Address("г. Вымышленск", "ул", "Садовая", house=f"{number}"),
        community=1,
        created_at=NOW,
        batch_id=LIST,
        letter_id=LIST,
        elder_id=elder_id,
    )


def enrolled_list(api: WholeApi) -> DynamoHouses:
    """Keep a list of three houses, one rejected row, two elders."""
    batches, houses = DynamoBatches(api.table), DynamoHouses(api.table)
    problem = Problem("Адрес", "house_missing", "Укажите номер дома.", fatal=True)
    verdicts = [
        *(RowVerdict(n, Verdict.ACCEPTED, house_id=f"H0SE000{n}") for n in (2, 3, 4)),
        RowVerdict(5, Verdict.REJECTED, (problem,)),
    ]
    batches.begin(Batch(LIST, OKTMO, "vk:2", NOW, name="дома.csv"))
    batches.start(LIST, chunks=1, rows=tally(verdicts).rows)
    made = [house_of_list(n, f"elder-{min(n, 3)}") for n in (2, 3, 4)]
    for house in made:
        houses.enrol(house)
        told = DynamoInstructions(api.table)
        told.expect(LIST, house.elder_id, {house.id}, until=NOW + KEPT)
    houses.announce(made)
    batches.put_chunk(LIST, 0, verdicts, span=(0, 1), until=NOW + KEPT)
    batches.enrolled(LIST, 0, tally([]) - tally(list[Row]()), now=NOW)
    return houses


def settle_list(api: WholeApi) -> None:
    """Have one chat open, one refused, one uncertain; one elder told, the other not."""
    houses, instructions = enrolled_list(api), DynamoInstructions(api.table)
    houses.made("H0SE0002", chat_id=1, now=NOW)
    houses.opened("H0SE0002", link="https://vk.me/join/1", cmid=1)
    houses.poster_drawn("H0SE0002", now=NOW)
    houses.refused("H0SE0003", reason="ВКонтакте не даёт создать чат.")
    houses.uncertain("H0SE0004", reason="Возможно, чат уже создан.")
    told, not_told = (instructions.get(LIST, elder_id) for elder_id in ("elder-2", "elder-3"))
    assert told
    assert not_told
    instructions.finish(told, InstructionState.SENT, now=NOW, channel=Channel.VK)
    reason = "Нет ни страницы, ни телефона."
    instructions.finish(not_told, InstructionState.UNDELIVERABLE, now=NOW, reason=reason)


@contextmanager
def units_read() -> Iterator[list[int]]:
    """Collect what reads cost at most, for the mock does not weigh: 4 KB a unit (AWS)."""
    units: list[int] = []
    events = client("dynamodb").meta.events

    def weigh(parsed: Any, model: Any, **_: object) -> None:
        match model.name:
            case "GetItem":
                together = [[parsed.get("Item", {})]]
            case "Query":
                together = [parsed["Items"]]
            case "BatchGetItem":
                together = [[one] for items in parsed["Responses"].values() for one in items]
            case _:
                together = []
        units.extend(max(1, ceil(len(json.dumps(items)) / 4096)) for items in together)

    events.register("after-call.dynamodb", weigh)
    try:
        yield units
    finally:
        events.unregister("after-call.dynamodb", weigh)


# ---------------------------------------------------------------- lists


def test_a_list_is_a_job_whose_failures_are_its_items(api: WholeApi) -> None:
    settle_list(api)

    job = get(api, f"/jobs/{LIST}")
    items = get(api, f"/jobs/{LIST}/items", only="failed")

    assert (job["kind"], job["status"], job["batch_id"]) == ("list", "done", LIST)
    assert (job["total"], job["done"], job["failed"]) == (6, 2, 4)
    assert (job["can"], job["poll_after_ms"]) == ({"cancel": False, "retry": True}, 0)
    assert items["total"] == job["failed"]
    assert [(i["kind"], i["id"], i["retryable"]) for i in items["items"]] == [
        ("row", "5", False),
        ("house", "H0SE0003", True),
        ("house", "H0SE0004", True),
        ("instruction", "elder-3", True),
    ]
    assert all(item["what"] and item["reason"] for item in items["items"])


def test_a_chat_of_a_list_that_was_lost_later_is_a_failure_to_retry(api: WholeApi) -> None:
    settle_list(api)
    DynamoHouses(api.table).lose("H0SE0002", 1, "chat_rights")

    job = get(api, f"/jobs/{LIST}")
    items = get(api, f"/jobs/{LIST}/items", only="failed")["items"]

    assert (job["status"], job["total"], job["done"], job["failed"]) == ("done", 6, 1, 5)
    assert ("H0SE0002", "Сообществу нельзя писать в этот чат.", True) in [
        (one["id"], one["reason"], one["retryable"]) for one in items
    ]


def test_the_letters_of_a_list_that_is_over_are_not_read_for_each_page(api: WholeApi) -> None:
    settle_list(api)
    instructions = DynamoInstructions(api.table)
    for n in range(200):
        instructions.expect(LIST, f"more-{n}", {f"ANOTHER{n}"}, until=NOW + KEPT)
        more = instructions.get(LIST, f"more-{n}")
        assert more
        instructions.finish(more, InstructionState.SENT, now=NOW, channel=Channel.VK)
    units, pages = [], []

    for _ in range(3):
        with units_read() as read:
            pages.append(get(api, "/jobs"))
        units.append(sum(read))

    assert pages[0] == pages[1] == pages[2]
    assert pages[0]["items"][0]["done"] == 202
    # Then there is left: who asks, the houses' index, the list itself and what is no list.
    assert units[0] > units[1] == units[2]
    assert units[1] <= 10


def test_a_letter_begun_anew_is_seen_at_once_in_a_list_that_was_over(api: WholeApi) -> None:
    settle_list(api)
    over = get(api, f"/jobs/{LIST}")
    instructions = DynamoInstructions(api.table)
    letter = instructions.get(LIST, "elder-3")
    assert letter

    instructions.reopen(letter)
    anew = get(api, f"/jobs/{LIST}")
    begun = instructions.get(LIST, "elder-3")
    assert begun
    instructions.finish(begun, InstructionState.SENT, now=NOW, channel=Channel.SMS)
    told = get(api, f"/jobs/{LIST}")

    assert [job["status"] for job in (over, anew, told)] == ["done", "running", "done"]
    assert [job["done"] for job in (over, anew, told)] == [2, 2, 3]


def test_items_come_page_by_page(api: WholeApi) -> None:
    settle_list(api)
    path = f"/jobs/{LIST}/items"

    first = get(api, path, limit="3")
    rest = get(api, path, limit="3", cursor=first["next_cursor"])

    assert [len(page["items"]) for page in (first, rest)] == [3, 1]
    assert rest["next_cursor"] == ""


def test_a_list_is_stopped_and_goes_on_by_its_own_queue(api: WholeApi) -> None:
    enrolled_list(api)

    running = get(api, f"/jobs/{LIST}")
    stopped = post(api, f"/jobs/{LIST}/cancel")
    again = post(api, f"/jobs/{LIST}/cancel")
    told = sent(api)
    resumed = post(api, f"/jobs/{LIST}/retry")

    assert (running["status"], running["can"]) == ("running", {"cancel": True, "retry": False})
    assert running["poll_after_ms"] >= 1000
    assert (stopped["status"], stopped["can"]) == ("cancelled", {"cancel": False, "retry": True})
    assert stopped["finished_at"] == again["finished_at"]
    assert told == {"lists": [{"batch_id": LIST}]}
    assert (resumed["status"], sent(api)) == ("running", {"lists": [{"batch_id": LIST}]})


def test_a_list_whose_failures_are_to_be_done_again_is_said_to_run(api: WholeApi) -> None:
    settle_list(api)

    retried = post(api, f"/jobs/{LIST}/retry")

    assert (retried["status"], retried["finished_at"]) == ("running", None)
    assert retried["poll_after_ms"] >= 1000
    assert sent(api) == {"lists": [{"batch_id": LIST}]}


def test_a_stopped_job_whose_parts_are_all_done_is_done_when_it_goes_on(api: WholeApi) -> None:
    jobs = DynamoJobs(api.table)
    jobs.begin(JOB, [["A", "B", "C"]])
    post(api, f"/jobs/{JOB.id}/cancel")
    chunk = jobs.chunk(JOB.id, 0)
    assert chunk
    jobs.finish_chunk(JOB.id, chunk, failed={}, now=NOW)

    retried = post(api, f"/jobs/{JOB.id}/retry")

    assert (retried["status"], retried["done"], sent(api)) == ("done", 3, {})


def test_what_is_over_is_not_stopped_and_what_is_whole_not_retried(api: WholeApi) -> None:
    settle_list(api)
    jobs = DynamoJobs(api.table)
    jobs.begin(JOB, [["A", "B", "C"]])
    chunk = jobs.chunk(JOB.id, 0)
    assert chunk
    jobs.finish_chunk(JOB.id, chunk, failed={}, now=NOW)

    for path in (f"/jobs/{LIST}/cancel", f"/jobs/{JOB.id}/cancel", f"/jobs/{JOB.id}/retry"):
        status, problem = api.ask("POST", path, vk_id=STAFF)
        assert (status, problem["code"]) == (409, "conflict")


# ---------------------------------------------------------------- all kinds


def test_all_work_of_a_territory_is_listed_the_newest_first_with_counts(api: WholeApi) -> None:
    settle_list(api)
    jobs = DynamoJobs(api.table)
    jobs.begin(replace(JOB, created_at=NOW + timedelta(seconds=1)), [["A"], ["B", "C"]])
    jobs.begin(replace(JOB, id="b" * 16, oktmo="11730000"), [])
    awaited = api.ask("POST", "/batches", {"name": "ещё.csv"}, vk_id=STAFF)[1]

    page = get(api, "/jobs")

    assert [item["id"] for item in page["items"]] == [JOB.id, LIST]
    assert (page["counts"], page["total"]) == ({"running": 1, "done": 1}, 2)
    assert [i["id"] for i in get(api, "/jobs", kind="list")["items"]] == [LIST]
    assert [i["id"] for i in get(api, "/jobs", status="running")["items"]] == [JOB.id]
    assert get(api, f"/jobs/{awaited['id']}")["status"] == "waiting"


def test_representatives_see_the_work_of_their_organisation_and_stop_none(api: WholeApi) -> None:
    jobs = DynamoJobs(api.table)
    jobs.begin(JOB, [])
    jobs.begin(replace(JOB, id="b" * 16, organisations=("2901000023",)), [])

    listed = [item["id"] for item in get(api, "/jobs", SPEAKER)["items"]]
    status, problem = api.ask("POST", f"/jobs/{JOB.id}/cancel", vk_id=SPEAKER)

    assert listed == [JOB.id]
    assert api.ask("GET", f"/jobs/{'b' * 16}", vk_id=SPEAKER)[0] == 404
    assert api.ask("GET", f"/jobs/{JOB.id}", vk_id=ELSEWHERE)[0] == 404
    assert (status, problem["code"]) == (403, "forbidden")


def test_the_parts_that_failed_are_handed_to_their_worker_again(api: WholeApi) -> None:
    DynamoHouses(api.table).enrol(house_of_list(2))
    jobs = DynamoJobs(api.table)
    jobs.begin(JOB, [["A"], ["H0SE0002", "#12: ул. Нет"]])
    for number, failed in enumerate([{}, {"H0SE0002": "Занят.", "#12: ул. Нет": "Нет дома."}]):
        chunk = jobs.chunk(JOB.id, number)
        assert chunk
        jobs.finish_chunk(JOB.id, chunk, failed=failed, now=NOW)

    items = get(api, f"/jobs/{JOB.id}/items")["items"]
    retried = post(api, f"/jobs/{JOB.id}/retry")

    assert [(i["kind"], i["what"], i["reason"]) for i in items] == [
        ("other", "#12: ул. Нет", "Нет дома."),
        ("house", "Садовая, д. 2", "Занят."),
    ]
    assert retried["status"] == "running"
    assert sent(api) == {"attachments": [{"job_id": JOB.id, "chunk": 1}]}


@pytest.mark.parametrize(
    ("kind", "queue"),
    [
        pytest.param(JobKind.POSTERS, "sheets", id="posters"),
        pytest.param(JobKind.RESULT, "results", id="a list's workbook"),
        pytest.param(JobKind.COMPANIES, "exports", id="companies"),
        pytest.param(JobKind.ERASURE, "erasures", id="an erasure"),
        pytest.param(JobKind.PREVIEW, "broadcast_jobs", id="a preview of many chats"),
        pytest.param(JobKind.REPORT, "broadcast_jobs", id="the report of a broadcast"),
        pytest.param(JobKind.ACTIVITY, "activity_exports", id="the workbook of activity"),
    ],
)
def test_every_kind_of_work_goes_to_who_does_it(api: WholeApi, kind: JobKind, queue: str) -> None:
    jobs = DynamoJobs(api.table)
    jobs.begin(replace(JOB, kind=kind, subject={"batch_id": LIST}), [])
    jobs.fail(JOB.id, reason="Не вышло.", now=NOW)

    failed = get(api, f"/jobs/{JOB.id}")
    post(api, f"/jobs/{JOB.id}/retry", ADMINISTRATOR)

    assert (failed["status"], failed["reason"]) == ("failed", "Не вышло.")
    assert sent(api) == {queue: [{"job_id": JOB.id}]}


def test_every_kind_is_known_to_who_hands_over() -> None:
    tried = {JobKind.LIST, JobKind.TRANSFER, JobKind.ATTACHMENT, JobKind.POSTERS, JobKind.RESULT}
    tried |= {JobKind.COMPANIES, JobKind.ERASURE, JobKind.PREVIEW, JobKind.REPORT}
    tried |= {JobKind.ACTIVITY}

    assert tried | {JobKind.BROADCAST} == set(JobKind)


def test_the_sweep_hands_over_what_nobody_goes_on_with(api: WholeApi) -> None:
    on_due.wired.cache_clear()
    jobs, long_ago = DynamoJobs(api.table), NOW - LOOKED_AT_AFTER - timedelta(minutes=1)
    jobs.begin(replace(JOB, created_at=long_ago), [["A"], ["B"]])
    jobs.begin(replace(JOB, id="b" * 16, kind=JobKind.COMPANIES, created_at=long_ago), [])
    jobs.begin(replace(JOB, id="c" * 16, created_at=long_ago), [["A"]])
    jobs.begin(replace(JOB, id="d" * 16, created_at=datetime.now(UTC)), [["A"]])
    chunk = jobs.chunk("c" * 16, 0)
    assert chunk
    jobs.finish_chunk("c" * 16, chunk, failed={}, now=long_ago)
    due = "SET #status = :running, #gsi2pk = :due, #due_at = :at"  # its end was never noted
    api.table.update(f"JOB#{'c' * 16}", "JOB", due, running="running", due="DUE#JOB#0", at=long_ago)

    for _ in range(2):
        on_due.handle({}, CONTEXT)

    assert sent(api) == {
        "attachments": [{"job_id": JOB.id, "chunk": 0}, {"job_id": JOB.id, "chunk": 1}],
        "exports": [{"job_id": "b" * 16}],
    }
    ended = jobs.get("c" * 16)
    assert ended
    assert ended.status == "done"


# ---------------------------------------------------------------- files


def test_posters_of_a_list_are_a_job_with_a_file(api: WholeApi) -> None:
    settle_list(api)

    answer = api.answer("POST", f"/batches/{LIST}/posters", vk_id=STAFF)
    (message,) = sent(api)["sheets"]
    draw(api, message["job_id"])
    job = get(api, answer["headers"]["Location"])

    assert answer["statusCode"] == 202
    assert (job["kind"], job["status"], job["batch_id"]) == ("posters", "done", LIST)
    assert job["link"]["file_name"] == "Объявления дома.pdf"
    assert "/sheets/" in job["link"]["url"]
    assert get(api, f"/batches/{LIST}/posters")["status"] == "ready"


def test_posters_of_a_list_without_an_open_chat_say_so(api: WholeApi) -> None:
    enrolled_list(api)
    post(api, f"/batches/{LIST}/posters")
    (message,) = sent(api)["sheets"]

    draw(api, message["job_id"])

    job = get(api, f"/jobs/{message['job_id']}")
    assert (job["status"], job["reason"], job["link"]) == ("failed", NONE_OPEN, None)
    assert job["can"] == {"cancel": False, "retry": True}


def test_a_stopped_file_is_not_made(api: WholeApi) -> None:
    settle_list(api)
    asked = post(api, f"/batches/{LIST}/posters")
    post(api, f"/jobs/{asked['id']}/cancel")

    files = draw(api, asked["id"])

    assert files.bodies == {}
    assert get(api, f"/jobs/{asked['id']}")["status"] == "cancelled"


def test_the_link_of_a_workbook_ends_with_the_file(api: WholeApi) -> None:
    jobs = DynamoJobs(api.table)
    for id_, ago in (("a" * 16, timedelta(hours=47)), ("b" * 16, timedelta(hours=49))):
        jobs.begin(replace(JOB, id=id_, kind=JobKind.COMPANIES, created_at=NOW - ago), [])
        jobs.finish(id_, file_key=f"exports/{id_}.xlsx", file_name="УК.xlsx", now=NOW - ago)

    there, gone = (get(api, f"/jobs/{id_}")["link"] for id_ in ("a" * 16, "b" * 16))

    assert f"/exports/{'a' * 16}.xlsx" in there["url"]
    assert gone is None


def test_who_has_seen_a_finished_file_is_told_that_nothing_is_new(
    api: WholeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "LINK_KEPT_S", 10**10)  # no border of time between two looks
    jobs = DynamoJobs(api.table)
    jobs.begin(replace(JOB, kind=JobKind.COMPANIES), [])
    jobs.finish(JOB.id, file_key="exports/1.xlsx", file_name="УК.xlsx", now=NOW)

    for path in ("/jobs", f"/jobs/{JOB.id}"):
        first = api.answer("GET", path, vk_id=STAFF)
        known = {"if-none-match": first["headers"]["ETag"]}
        again = api.answer("GET", path, vk_id=STAFF, headers=known)
        assert (first["statusCode"], again["statusCode"]) == (200, 304)

    monkeypatch.setattr(access, "LINK_KEPT_S", 10**9)
    later = api.answer("GET", f"/jobs/{JOB.id}", vk_id=STAFF, headers=known)
    assert (get(api, "/jobs")["items"][0]["link"], later["statusCode"]) == (None, 200)


def draw(api: WholeApi, job_id: str) -> FakeFiles:
    """Have a sheet drawn; return where its file lies."""
    files = FakeFiles()
    make_batch_sheet(
        job_id,
        jobs=DynamoJobs(api.table),
        batches=DynamoBatches(api.table),
        houses=DynamoHouses(api.table),
        files=files,
        public_url="https://dom.example",
        now=datetime.now(UTC),
    )
    return files
