"""What each function's start costs, against stock `import boto3; boto3.client("dynamodb")`."""

import io
import json
import shutil
import statistics
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib.metadata import distribution, version
from itertools import islice
from pathlib import Path
from typing import Any

import xlsxwriter

from bench.broadcast_system import quieten_another_hour
from bench.rows import Row
from bench.surroundings import (
    COMMUNITY,
    ID_KEY,
    LAMBDA_LIKE,
    ROOT,
    TOKEN,
    Surroundings,
    surroundings,
)
from broadcast import confirm, seed
from broadcast.kept_previews import find_preview
from create_chats.change_house import Changes, change_house
from housechats.adapters.audiences import S3Audiences
from housechats.adapters.broadcast_rules import DynamoRulebook
from housechats.adapters.broadcasts import DynamoBroadcasts
from housechats.adapters.files import S3Files
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.invitations import DynamoInvitations
from housechats.adapters.jobs import DynamoJobs
from housechats.adapters.messages import S3Messages
from housechats.adapters.queues import SqsQueue
from housechats.adapters.receipts import DynamoReceipts
from housechats.adapters.starts import SchedulerStarts
from housechats.adapters.table import Table
from housechats.adapters.traces import DynamoMemory
from housechats.domain.broadcasts import HOLD, BroadcastLane, BroadcastState, preview_folder
from housechats.domain.callbacks import CHAT_PEER, proof_of, secret_of
from housechats.domain.chat_events import ChatEvent, EventKind, Press, Room
from housechats.domain.erasure import Erasure, Person
from housechats.domain.invitations import LASTS, Invitation
from housechats.domain.jobs import Job, JobKind
from housechats.domain.territories import region_of
from local.launch import launch_header
from support.http_event import body_of, http_event

ROUNDS = 7
BETWEEN = 4
"""Functions started between two runs of the yardstick: a machine's speed changes by the minute."""
BUNDLES = ROOT / ".build" / "local"
LAYERS = ("housechats", "dependencies")
STOCK = ("boto3", "botocore", "s3transfer", "jmespath", "python-dateutil", "six", "urllib3")

# Invented, as everything here.
APP, APP_SECRET = 52_000_001, "bench-secret"
ADMINISTRATOR = 1
OKTMO = "11701000"
ELDER_VK_ID = 1_900_000_001
"""One of local/people.json who lets the community write."""
STRANGER = 1_900_000_999
INN = "2901000017"

OK, CREATED, FOUND = 200, 201, 302

AUTHORIZER, WORKER, API, POSTER, IMPORT = 0.25, 1.0, 1.35, 1.3, 1.4
BARS = {
    "authorizer.on_request": AUTHORIZER,
    "people.on_appoint": WORKER,
    "people.api": API,
    "create_chats.on_upload": IMPORT,
    "create_chats.on_rows": WORKER,
    "create_chats.on_opening": WORKER,
    "poster.on_chat_open": POSTER,
    "onboarding.on_poster_ready": WORKER,
    "create_chats.on_renewal": WORKER,
    "create_chats.on_count": WORKER,
    "poster.on_sheet": POSTER,
    "create_chats.on_result": IMPORT,
    "create_chats.on_list": WORKER,
    "create_chats.api": API,
    "poster.api": API,
    "join.api": API,
    "bot.on_callback": WORKER,
    "bot.on_event": WORKER,
    "activity.on_talk": WORKER,
    "questions.on_event": WORKER,
    "discussions.on_event": WORKER,
    "cleanup_discussions.on_cleanup": WORKER,
    "complaints.on_event": WORKER,
    "complaints.on_answer": WORKER,
    "moderation.on_event": WORKER,
    "coordination.on_hour": WORKER,
    "bot.on_connect": WORKER,
    "bot.api": API,
    "activity.api": API,
    "questions.api": API,
    "discussions.api": API,
    "complaints.api": API,
    "moderation.api": API,
    "coordination.api": API,
    "communities.api": API,
    "organisations.api": API,
    "organisations.on_chunk": WORKER,
    "organisations.on_export": IMPORT,
    "jobs.api": API,
    "people.on_invitation": WORKER,
    "people.on_erasure": WORKER,
    "people.on_forget": WORKER,
    "audit.api": API,
    "audit.on_verify": WORKER,
    "broadcast.api": API,
    "broadcast.on_emergency": WORKER,
    "broadcast.on_start": WORKER,
    "broadcast.on_chunk": WORKER,
    "broadcast.on_job": IMPORT,
    "create_chats.on_due": WORKER,
    "onboarding.on_due": WORKER,
    "organisations.on_due": WORKER,
    "jobs.on_due": WORKER,
    "people.on_due": WORKER,
    "audit.on_due": WORKER,
    "broadcast.on_due": WORKER,
    "bot.on_due": WORKER,
    "questions.on_due": WORKER,
    "discussions.on_due": WORKER,
    "complaints.on_due": WORKER,
    "moderation.on_due": WORKER,
    "cleanup_discussions.on_sweep": WORKER,
    "activity.on_hour": WORKER,
}

YARDSTICK = """
import sys
sys.path.insert(0, {path!r})
import boto3
boto3.client("dynamodb")
import time
print(time.process_time())
"""
START = """
import importlib, json, sys
sys.path[:0] = {path!r}
class Context:
    function_name = "bench"
    function_version = "$LATEST"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:000000000000:function:bench"
    aws_request_id = "bench"
answer = importlib.import_module({module!r}).handle(json.loads({event!r}), Context())
import time
print()
print(json.dumps(answer))
print(time.process_time())
"""


SETTINGS = {
    "PUBLIC_URL": "https://chat.region.example",
    "LEASE_SECONDS": "120",
    "WORKER_SECONDS": "60",
    "VK_APP_ID": str(APP),
    "VK_APP_SECRET": APP_SECRET,
    "STAGE": "bench",
    "POWERTOOLS_SERVICE_NAME": "housechats",
    "LAUNCH_HOURS": "24",
    "CHANGES_A_MINUTE": "60",
    # What nothing here comes to: no start is far away.
    "STARTS_QUEUE_ARN": "arn:aws:sqs:eu-central-1:000000000000:starts",
    "SCHEDULES_ROLE_ARN": "arn:aws:iam::000000000000:role/schedules",
    "SCHEDULES_GROUP": "bench",
    "DISCUSSIONS_QUEUE_ARN": "arn:aws:sqs:eu-central-1:000000000000:discussions",
    "CLEANUPS_QUEUE_ARN": "arn:aws:sqs:eu-central-1:000000000000:cleanups",
}
QUEUES = (
    *("LISTS", "ROWS", "OPENINGS", "RENEWALS", "POSTERS", "INSTRUCTIONS", "SHEETS", "RESULTS"),
    *("ATTACHMENTS", "EXPORTS", "INVITATIONS", "ERASURES"),
    *("STARTS", "DELIVERIES", "EMERGENCIES", "BROADCAST_JOBS"),
    *("TALK", "EVENTS", "QUESTIONS", "DISCUSSIONS", "COMPLAINTS", "MODERATION"),
    *("CLEANUPS", "ACTIVITY_EXPORTS"),
)


@dataclass(frozen=True)
class Step:
    """One event for one function, and whether its answer is the right one."""

    module: str
    event: Mapping[str, Any]
    is_right: Callable[[Any], bool]


def measure() -> list[Row]:
    """Lead a house a round through all functions, each started cold, the yardstick in between."""
    yardstick = YARDSTICK.format(path=str(_stock()))
    ratios: dict[str, list[float]] = defaultdict(list)
    with surroundings("cold", people=ROOT / "local" / "people.json") as around:
        queues = {name: around.queue(name) for name in QUEUES}
        urls = {f"{name}_QUEUE_URL": url for name, url in queues.items()}
        env = {**around.settings(), **urls, **SETTINGS}
        quieten_another_hour(Table(around.table, around.emulator.client("dynamodb")), OKTMO)
        for number in range(ROUNDS):
            before, _ = _run(yardstick, env)
            way = _way(around, queues, number)
            while taken := {step.module: _start(step, env) for step in islice(way, BETWEEN)}:
                after, _ = _run(yardstick, env)
                for module, seconds in taken.items():
                    ratios[module].append(seconds / ((before + after) / 2))
                before = after
    return [
        Row.at_most(f"cold start of {module}", statistics.median(ratios[module]), bar, "× boto3")
        for module, bar in BARS.items()
    ]


def _way(around: Surroundings, queues: Mapping[str, str], number: int) -> Iterator[Step]:
    """Yield the events of one house's way; a queue's event is what the step before has sent."""
    launch = launch_header(APP, APP_SECRET, ADMINISTRATOR)

    def sent(name: str) -> dict[str, Any]:
        return _event(_received(around, queues[name]))

    yield Step(
        "authorizer.on_request",
        {"headers": {"authorization": launch}},
        lambda answer: answer["isAuthorized"] is True,
    )
    yield Step(
        "people.on_appoint",
        {"vk_id": ADMINISTRATOR, "territory": OKTMO},
        lambda answer: answer["role"] == "administrator",
    )
    yield _asked("people.api", "/me", "posts")
    yield Step("create_chats.on_upload", _event(_put_list(around, number)), _is_done)
    yield Step("create_chats.on_rows", sent("ROWS"), _is_done)
    opening = sent("OPENINGS")
    house_id = json.loads(opening["Records"][0]["body"])["house_id"]
    yield Step("create_chats.on_opening", opening, _is_done)
    yield Step("poster.on_chat_open", sent("POSTERS"), _is_done)
    instruction = sent("INSTRUCTIONS")
    batch_id = json.loads(instruction["Records"][0]["body"])["batch_id"]
    yield Step("onboarding.on_poster_ready", instruction, _is_done)
    yield _asked("create_chats.api", f"/houses/{house_id}", "instruction")
    yield _asked("poster.api", f"/houses/{house_id}/poster", "url")
    yield Step(
        "join.api",
        {"pathParameters": {"code": house_id}},
        lambda answer: answer["statusCode"] == FOUND,
    )
    yield Step("bot.on_callback", _joined(around, house_id), lambda answer: answer["body"] == "ok")
    yield Step("bot.on_event", sent("EVENTS"), _is_done)
    yield Step("activity.on_talk", sent("TALK"), _is_done)
    yield from _ways_of_the_bot(around, house_id)
    beginning = Beginning(around, queues, batch_id)
    yield from _ways_of_people(beginning, house_id)
    yield from _ways_of_broadcasts(beginning, house_id)
    capabilities = ("create_chats", "onboarding", "organisations", "jobs", "people", "audit")
    rooms = ("bot", "questions", "discussions", "complaints", "moderation")
    for capability in (*capabilities, "broadcast", *rooms):
        yield Step(f"{capability}.on_due", {}, _is_nothing)
    for sweep in ("cleanup_discussions.on_sweep", "activity.on_hour", "coordination.on_hour"):
        yield Step(sweep, {}, _is_nothing)


def _ways_of_the_bot(around: Surroundings, house_id: str) -> Iterator[Step]:
    """Yield what the rooms behind the door hear first: presses of things that are no more."""
    house = DynamoHouses(Table(around.table, around.emulator.client("dynamodb"))).get(house_id)
    assert house
    presses = {
        Room.QUESTIONS: Press(Room.QUESTIONS, "for", "0" * 16),
        Room.DISCUSSIONS: Press(Room.DISCUSSIONS, "interested", "0" * 16),
        Room.COMPLAINTS: Press(Room.COMPLAINTS, "begin"),
        Room.MODERATION: Press(Room.MODERATION, "keep", "0" * 16),
    }
    for room, press in presses.items():
        event = ChatEvent(
            id=f"{room}-{house_id}",
            community=COMMUNITY,
            kind=EventKind.PRESS,
            at=datetime.now(UTC),
            user=ELDER_VK_ID,
            chat_id=house.chat_id,
            cmid=3,
            press=press,
            press_id="1",
        )
        yield Step(f"{room}.on_event", _event(event.body), _is_done)
    gone = {"discussion_id": "0" * 16}
    yield Step("cleanup_discussions.on_cleanup", _event(gone), _is_done)
    unsigned = {"pathParameters": {"inn": INN}, "headers": {}, "body": "{}"}
    yield Step("complaints.on_answer", unsigned, lambda answer: answer["statusCode"] >= 400)
    yield Step("bot.on_connect", {"token": TOKEN}, lambda answer: len(answer["lines"]) > 0)
    yield _asked("bot.api", "/guides", "items")
    yield _asked("questions.api", f"/territories/{OKTMO}/question-rules", "oktmo")
    yield _asked("discussions.api", "/discussions", "items")
    yield _asked("complaints.api", "/complaints", "items")
    yield _asked("moderation.api", "/reports", "items")
    yield _asked("coordination.api", "/coordination-chats", "items")
    yield _asked("activity.api", "/activity", "items")


def _joined(around: Surroundings, house_id: str) -> dict[str, Any]:
    """Return what the gateway hands over when VK tells that somebody has joined a house's chat."""
    house = DynamoHouses(Table(around.table, around.emulator.client("dynamodb"))).get(house_id)
    assert house
    message = {
        "from_id": STRANGER,
        "peer_id": CHAT_PEER + house.chat_id,
        "date": int(time.time()),
        "conversation_message_id": 5,
        "action": {"type": "chat_invite_user_by_link"},
    }
    told = {
        "type": "message_new",
        "event_id": f"joined-{house_id}",
        "group_id": COMMUNITY,
        "secret": secret_of(ID_KEY, COMMUNITY),
        "object": {"message": message},
    }
    proof = proof_of(ID_KEY, COMMUNITY, "c0de")
    return {
        "pathParameters": {"community": str(COMMUNITY), "proof": proof},
        "headers": {},
        "body": json.dumps(told),
    }


def _ways_of_people(beginning: "Beginning", house_id: str) -> Iterator[Step]:
    """Yield what people have done with a house that has its chat, and see of it."""
    beginning.rename(house_id)
    yield Step("create_chats.on_renewal", beginning.sent("RENEWALS"), _is_done)
    yield Step("create_chats.on_count", {}, _is_nothing)
    yield Step("create_chats.on_list", _event({"batch_id": beginning.batch_id}), _is_done)
    since = {"inn": INN, "kind": "management_company", "since": "0"}
    works: dict[JobKind, tuple[str, Mapping[str, str], list[str]]] = {
        JobKind.POSTERS: ("poster.on_sheet", {}, []),
        JobKind.RESULT: ("create_chats.on_result", {}, []),
        JobKind.ATTACHMENT: ("organisations.on_chunk", since, [house_id]),
        JobKind.COMPANIES: ("organisations.on_export", {}, []),
        JobKind.ERASURE: ("people.on_erasure", {}, ["records", "proof"]),
    }
    for kind, (door, subject, things) in works.items():
        job_id = beginning.job(kind, subject, things)
        yield Step(door, _event({"job_id": job_id, "chunk": 0}), _is_done)
    yield Step("people.on_invitation", _event({"invitation_id": beginning.invitation()}), _is_done)
    yield Step(
        "people.on_forget", {"vk_id": str(ELDER_VK_ID)}, lambda answer: len(answer["found"]) > 0
    )
    yield _asked("communities.api", "/communities", "total")
    yield _asked("organisations.api", "/organisations", "total")
    yield _asked("jobs.api", f"/jobs/{job_id}", "eta_seconds")
    yield _asked("audit.api", "/audit", "next_cursor")
    yield Step("audit.on_verify", {}, lambda answer: answer["chains"][0]["broken"] is None)


def _ways_of_broadcasts(beginning: "Beginning", house_id: str) -> Iterator[Step]:
    """Yield what a duty officer asks for first, and how an urgent and a planned message go out."""
    wish = {
        "parts": [{"kind": "houses", "ids": [house_id]}],
        "lane": BroadcastLane.EMERGENCY,
        "text": "Сегодня с 10 до 12 не будет воды.",
        "oktmo": OKTMO,
    }
    told: list[Any] = []

    def is_made(answer: Any) -> bool:
        told.append(body_of(answer))
        return bool(answer["statusCode"] == CREATED and told[-1]["preview"]["chats"] == 1)

    asked = http_event(
        "POST", "/broadcasts/previews", vk_id=ADMINISTRATOR, vk_ts=time.time(), body=wish
    )
    yield Step("broadcast.api", asked, is_made)
    preview_id, now = told[0]["preview"]["id"], datetime.now(UTC)
    urgent = beginning.broadcast(preview_id, BroadcastLane.EMERGENCY, at=now)
    yield Step(
        "broadcast.on_emergency",
        beginning.sent("EMERGENCIES"),
        lambda answer: _is_done(answer) and beginning.is_over(urgent),
    )
    planned = beginning.broadcast(preview_id, BroadcastLane.PLANNED, at=now - HOLD)
    yield Step("broadcast.on_start", _event({"broadcast_id": planned}), _is_done)
    yield Step(
        "broadcast.on_chunk",
        beginning.sent("DELIVERIES"),
        lambda answer: _is_done(answer) and beginning.is_over(planned),
    )
    job_id = beginning.job(JobKind.REPORT, {"broadcast_id": planned}, [])
    yield Step("broadcast.on_job", _event({"job_id": job_id}), _is_done)


def _asked(module: str, path: str, shows: str) -> Step:
    """Return a GET, and that its answer has a field."""
    return Step(
        module,
        _request(path),
        lambda answer: answer["statusCode"] == OK and shows in json.loads(answer["body"]),
    )


def _put_list(around: Surroundings, number: int) -> dict[str, Any]:
    """Put a list of one house into the bucket; return what EventBridge says of it."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Адрес", "Подъездов", "Старший по дому", "Страница ВК"])
        address = f"г. Образцов, ул. Примерная, д. {number + 1}"
        sheet.write_row(1, 0, [address, 4, "Небылицына Аглая", f"vk.com/id{ELDER_VK_ID}"])
    key = f"lists/{OKTMO}/{number}.xlsx"
    answer = around.emulator.client("s3").put_object(
        Bucket=around.lists_bucket, Key=key, Body=packed.getvalue()
    )
    thing = {"key": key, "etag": answer["ETag"].strip('"')}
    return {"detail": {"object": thing, "requester": "bench"}}


@dataclass(frozen=True, slots=True)
class Beginning:
    """Begins what people begin through the APIs."""

    around: Surroundings
    queues: Mapping[str, str]
    batch_id: str

    @property
    def table(self) -> Table:
        return Table(self.around.table, self.around.emulator.client("dynamodb"))

    def queue(self, name: str) -> SqsQueue:
        return SqsQueue(self.queues[name], self.around.emulator.client("sqs"))

    def sent(self, name: str) -> dict[str, Any]:
        """Return the event of what a queue has got."""
        return _event(_received(self.around, self.queues[name]))

    def rename(self, house_id: str) -> None:
        houses = DynamoHouses(self.table)
        house = houses.get(house_id)
        if house is None:
            raise LookupError(house_id)
        name = Changes(name=f"Дом {house_id}", tags=None, entrances=None, flats=None)
        change_house(house, name, houses=houses, renewals=self.queue("RENEWALS"))

    def job(self, kind: JobKind, subject: Mapping[str, str], things: list[str]) -> str:
        now = datetime.now(UTC)
        job = Job(
            id=_id(f"{kind}-{self.batch_id}"),
            kind=kind,
            oktmo=OKTMO,
            created_by=f"vk:{ADMINISTRATOR}",
            created_at=now,
            total=max(1, len(things)),
            subject={
                "batch_id": self.batch_id,
                "asked_at": f"{round(now.timestamp() * 1000)}",
                **subject,
            },
        )
        if kind == JobKind.ERASURE:
            stranger = Erasure(job.id, Person(vk_id=STRANGER), OKTMO, job.created_by, now)
            DynamoMemory(self.table, elder_key=ID_KEY).ask(stranger)
        return DynamoJobs(self.table).begin(job, [[thing] for thing in things]).id

    def invitation(self) -> str:
        now = datetime.now(UTC)
        invitation = Invitation(
            id=self.batch_id,
            inn=INN,
            oktmo=OKTMO,
            phone="+79990000001",
            invited_by=f"vk:{ADMINISTRATOR}",
            created_at=now,
            expires_at=now + LASTS,
        )
        DynamoInvitations(self.table).add(invitation)
        return invitation.id

    def broadcast(self, preview_id: str, lane: BroadcastLane, *, at: datetime) -> str:
        """Confirm at a time what is like a preview, but in a lane; return the broadcast's id."""
        folders = S3Files(self.around.broadcasts_bucket, self.around.emulator.client("s3"))
        audiences = S3Audiences(folders)
        kept = find_preview(preview_id, files=folders)
        audience = audiences.get(preview_folder(preview_id))
        if kept is None or audience is None:
            raise LookupError(preview_id)
        like_it = replace(kept.wish, id=_id(f"{lane}-{preview_id}"), lane=lane)
        audiences.copy(audience.key, preview_folder(like_it.id))
        handing_over = seed.Desk(
            broadcasts=DynamoBroadcasts(self.table),
            receipts=DynamoReceipts(self.table),
            audiences=audiences,
            queues=seed.Queues(self.queue("DELIVERIES"), self.queue("EMERGENCIES")),
            lease=timedelta(seconds=int(SETTINGS["LEASE_SECONDS"])),
        )
        desk = confirm.Desk(
            broadcasts=handing_over.broadcasts,
            audiences=audiences,
            messages=S3Messages(folders),
            files=folders,
            starts=SchedulerStarts(
                SETTINGS["SCHEDULES_GROUP"],
                self.queue("STARTS"),
                queue_arn=SETTINGS["STARTS_QUEUE_ARN"],
                role_arn=SETTINGS["SCHEDULES_ROLE_ARN"],
            ),
            seed=lambda one: seed.seed(one, desk=handing_over, now=at),
        )
        rules = DynamoRulebook(self.table).of_region(region_of(OKTMO))
        confirmed = confirm.confirm(
            like_it, audience, by_oktmo={OKTMO: 1}, rules=rules, reason="", desk=desk, now=at
        )
        return confirmed.id

    def is_over(self, broadcast_id: str) -> bool:
        """Say whether the one chat of a broadcast has got it."""
        one = DynamoBroadcasts(self.table).get(broadcast_id)
        return one is not None and one.state == BroadcastState.DONE and one.sent == 1


def _id(source: str) -> str:
    return sha256(source.encode()).hexdigest()[:16]


def _received(around: Surroundings, url: str) -> dict[str, Any]:
    (message,) = around.emulator.client("sqs").receive_message(QueueUrl=url)["Messages"]
    around.emulator.client("sqs").delete_message(
        QueueUrl=url, ReceiptHandle=message["ReceiptHandle"]
    )
    body: dict[str, Any] = json.loads(message["Body"])
    return body


def _event(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"Records": [{"messageId": "1", "body": json.dumps(body)}]}


def _request(path: str) -> dict[str, Any]:
    """Return an HTTP API's event of a signed GET, payload 2.0."""
    signed = {"vk_user_id": str(ADMINISTRATOR), "vk_ts": str(int(time.time()))}
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {},
        "requestContext": {
            "http": {"method": "GET", "path": path},
            "stage": "$default",
            "requestId": "bench",
            "authorizer": {"lambda": signed},
        },
        "isBase64Encoded": False,
    }


def _is_done(answer: Any) -> bool:
    return bool(answer == {"batchItemFailures": []})


def _is_nothing(answer: Any) -> bool:
    return answer is None


def _start(step: Step, env: Mapping[str, str]) -> float:
    """Start a function as Lambda does, with nothing but its bundle and the layers."""
    capability = step.module.partition(".")[0]
    path = [str(BUNDLES / layer / "python") for layer in LAYERS] + [str(BUNDLES / capability)]
    code = START.format(path=path, module=step.module, event=json.dumps(step.event))
    seconds, output = _run(code, env)
    if not step.is_right(json.loads(output[-1])):
        raise AssertionError(f"{step.module}: {output}")
    return seconds


def _run(code: str, env: Mapping[str, str]) -> tuple[float, list[str]]:
    """Return the processor time of a process from its start to its answer, and what it printed.

    Time of user and system; a function does not end after its answer, so the end is not counted.
    """
    command = [str(LAMBDA_LIKE), "-I", "-S", "-c", code]
    done = subprocess.run(command, env=dict(env), stdout=subprocess.PIPE, text=True, check=True)
    *output, seconds = done.stdout.splitlines()
    return float(seconds), output


def _stock() -> Path:
    """Lay out boto3 as pip installs it into an empty folder, compiled for the same interpreter."""
    root = ROOT / ".build" / "bench" / f"boto3-{version('boto3')}"
    shutil.rmtree(root, ignore_errors=True)
    for name in STOCK:
        package = distribution(name)
        for file in package.files or []:
            if file.parts[0] != ".." and "__pycache__" not in file.parts:
                target = root / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(package.locate_file(file)), target)
    subprocess.run([str(LAMBDA_LIKE), "-m", "compileall", "-q", str(root)], check=True)
    return root
