"""The system of template.yaml in this process: its doors and adapters on a mock of AWS and of VK.

What leaves a door is noted on the way: bodies in queues, addresses of requests. Time is the
machine's.
"""

import importlib
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlencode

import pytest
import urllib3

from housechats.adapters import webhooks
from housechats.adapters.aws import client
from local.launch import launch_header
from local.vk.core import Sandbox
from support.aws_mock import aws, new_bucket, new_schedules, new_table
from support.cloudformation import resources, template
from support.http_event import REQUESTS
from support.lambda_context import CONTEXT
from support.vk_http import URL, SandboxHttp
from support.vk_side import COMMUNITY, PEOPLE

SAM = template()
FUNCTIONS = resources(SAM, "AWS::Serverless::Function")
QUEUES = resources(SAM, "AWS::SQS::Queue")
APP = 52_000_001
STACK = "housechats"
SERVICES = ("dynamodb", "s3", "scheduler", "sqs", "sns", "secretsmanager")

Event = dict[str, Any]


@dataclass(frozen=True)
class Secrets:
    """What the system is trusted with."""

    token: str
    """The community's."""
    app: str
    """Signs launch parameters."""
    ids: str
    """Makes ids of elders."""


@dataclass
class Deployed:
    monkeypatch: pytest.MonkeyPatch
    secrets: Secrets
    sandbox: Sandbox
    queues: dict[str, str]
    """Addresses by logical id."""
    undo: ExitStack
    bodies: list[str] = field(default_factory=list)
    """Of all messages that were in a queue, with their attributes."""
    addresses: list[str] = field(default_factory=list)
    """Of all requests to AWS and to VK, and of all links that the API gave."""
    signatures: list[str] = field(default_factory=list)
    """Of all launches of the app."""
    sent_to: set[str] = field(default_factory=set)
    """Queues that may have messages."""
    reached: Callable[[str, Callable[[], Any]], Any] = field(default=lambda _, call: call())
    """What stands between a door and VK: a test may put trouble there."""
    may_fail: bool = False
    """Whether work may be given back to its queue; it stays there."""

    def fail_sms(self, errors: Iterable[tuple[str, int, str]]) -> None:
        """Have SNS refuse the next SMS, each with a code, a status and a message."""
        left = iter(errors)

        def refuse(**_: Any) -> Any:
            if (error := next(left, None)) is None:
                return None
            code, status, message = error
            told = {
                "Error": {"Code": code, "Message": message},
                "ResponseMetadata": {"HTTPStatusCode": status},
            }
            return SimpleNamespace(status_code=status), told

        client("sns").meta.events.register("before-call.sns.Publish", refuse)
        self.undo.callback(client("sns").meta.events.unregister, "before-call.sns.Publish", refuse)

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        vk_id: int = 1,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        """Return the status and the body of the answer, JSON read."""
        answer = self.answer(method, path, body, vk_id=vk_id, query=query, headers=headers)
        told = answer.get("body") or ""
        if "json" not in answer["headers"].get("content-type", ""):
            return answer["statusCode"], told
        return answer["statusCode"], json.loads(told or "null")

    def answer(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        vk_id: int = 1,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        """Come in by the gateway: past the authorizer, to the function of the route."""
        function, route, parameters = _function_of(method, path)
        header = launch_header(APP, self.secrets.app, vk_id)
        self.signatures.append(header.rpartition("sign=")[2])
        event: Event = {
            "version": "2.0",
            "routeKey": f"{method} {route}",
            "rawPath": path,
            "rawQueryString": urlencode(query or {}),
            "queryStringParameters": query or {},
            "pathParameters": parameters,
            "headers": {
                "authorization": header,
                "content-type": "application/json",
                **(headers or {}),
            },
            "body": None if body is None else json.dumps(body),
            "isBase64Encoded": False,
            "requestContext": {
                "requestId": f"request-{next(REQUESTS)}",
                "stage": "$default",
                "http": {"method": method, "path": path},
            },
        }
        passed = self.invoke("AuthorizerOnRequest", event)
        assert passed["isAuthorized"]
        event["requestContext"]["authorizer"] = {"lambda": passed["context"]}
        answer: dict[str, Any] = self.invoke(function, event)
        # As the gateway does.
        answer["headers"] = {name.lower(): value for name, value in answer["headers"].items()}
        self.addresses += re.findall(r'https?://[^"]+', answer.get("body") or "")
        return answer

    def invoke(self, function: str, event: Event) -> Any:
        name = FUNCTIONS[function]["FunctionName"]["Fn::Sub"].replace("${AWS::StackName}", STACK)
        self.monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", name)
        return _handler(function)(event, CONTEXT)

    def put_list(self, key: str, body: bytes) -> None:
        """Put a file into the bucket of lists; the event of that goes into the queue."""
        etag = client("s3").put_object(Bucket="lists", Key=key, Body=body)["ETag"].strip('"')
        detail = {"object": {"key": key, "etag": etag}, "requester": "somebody"}
        client("sqs").send_message(
            QueueUrl=self.queues["Uploads"], MessageBody=json.dumps({"detail": detail})
        )

    def run(self) -> None:
        """Work all queues until they are empty; nothing may be left undone."""
        workers = [
            (event["Properties"]["Queue"]["Fn::GetAtt"][0], name)
            for name, properties in FUNCTIONS.items()
            for event in properties.get("Events", {}).values()
            if event["Type"] == "SQS"
        ]
        # Most are empty most of the time, and to ask each takes longer than all the work.
        while waiting := [worker for worker in workers if worker[0] in self.sent_to]:
            for queue, function in waiting:
                if not self._work(queue, function):
                    self.sent_to.remove(queue)

    def note_sent(self, params: dict[str, Any], **_: Any) -> None:
        """Hear of a message as it leaves for its queue."""
        self.sent_to |= {name for name, url in self.queues.items() if url == params["QueueUrl"]}

    def sweep(self) -> None:
        for name, properties in FUNCTIONS.items():
            if any(event["Type"] == "Schedule" for event in properties.get("Events", {}).values()):
                self.invoke(name, {})

    def _work(self, queue: str, function: str) -> bool:
        letters = (
            client("sqs")
            .receive_message(
                QueueUrl=self.queues[queue],
                MaxNumberOfMessages=10,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
            .get("Messages", [])
        )
        for letter in letters:
            noted = {"Queue": queue, **letter}
            self.bodies.append(json.dumps(noted, ensure_ascii=False, default=str))
            record = {"messageId": letter["MessageId"], "body": letter["Body"]}
            answer = self.invoke(function, {"Records": [record]})
            if answer["batchItemFailures"]:
                assert self.may_fail, (function, letter["Body"])
                continue
            client("sqs").delete_message(
                QueueUrl=self.queues[queue], ReceiptHandle=letter["ReceiptHandle"]
            )
        return bool(letters)


@contextmanager
def deployed(
    monkeypatch: pytest.MonkeyPatch,
    secrets: Secrets,
    *,
    sleep: Callable[[float], None] = lambda _: None,
    latency: float = 0.0,
) -> Iterator[Deployed]:
    """Make table, buckets, queues and secrets as the templates do, and open the doors on them.

    A call to VK takes `latency` seconds of whatever `sleep` lets pass.
    """
    with aws(), ExitStack() as stack:
        queues = {name: client("sqs").create_queue(QueueName=name)["QueueUrl"] for name in QUEUES}
        new_table("houses")
        sandbox = Sandbox(
            {COMMUNITY: secrets.token}, clock=time.time, people=PEOPLE, files_base=f"{URL}/"
        )
        made = Deployed(monkeypatch, secrets, sandbox, queues, stack)
        given = {
            "TableName": "houses",
            "ListsBucket": new_bucket("lists"),
            "PostersBucket": new_bucket("posters"),
            "BroadcastsBucket": new_bucket("broadcasts"),
            "VkApiUrl": URL,
            "VkAppId": str(APP),
            "PublicUrl": "https://dom.example",
            "VkAppSecretArn": secrets.app,
            "IdKeyArn": secrets.ids,
            "Schedules": new_schedules(STACK),
            "AWS::StackName": STACK,
            **queues,
        }
        for name, value in _environment(given).items():
            monkeypatch.setenv(name, value)
        vk = SandboxHttp(sandbox, sleep=sleep, latency=latency)
        http = _Watched(vk, made.addresses, made)
        monkeypatch.setattr(urllib3, "PoolManager", lambda **_: http)
        # Systems of organisations: each is somewhere, and takes what it is sent.
        monkeypatch.setattr(webhooks, "_addresses", lambda _: ["93.184.215.14"])
        monkeypatch.setattr(webhooks, "_connection", lambda *_: _System(made.addresses))
        for sending in ("SendMessage", "SendMessageBatch"):
            event = f"provide-client-params.sqs.{sending}"
            client("sqs").meta.events.register(event, made.note_sent)
            stack.callback(client("sqs").meta.events.unregister, event, made.note_sent)
        for service in map(cast("Any", client), SERVICES):
            stack.enter_context(_watching(service, made.addresses))
        _close_doors()
        stack.callback(_close_doors)
        yield made


def _environment(given: dict[str, str]) -> dict[str, str]:
    """Return the variables of all functions; one name means one thing in all of them."""
    parameters = {
        name: str(told["Default"]) for name, told in SAM["Parameters"].items() if "Default" in told
    }
    known = parameters | given
    everywhere = SAM["Globals"]["Function"]["Environment"]["Variables"]
    found: dict[str, str] = {}
    for properties in FUNCTIONS.values():
        own = properties.get("Environment", {}).get("Variables", {})
        for name, value in (everywhere | own).items():
            said = _said(value, known)
            assert found.setdefault(name, said) == said, name
    return found


def _said(value: Any, known: dict[str, str]) -> str:
    match value:
        case {"Ref": name}:
            return known[name]
        case {"Fn::GetAtt": [name, "Arn"]}:
            return f"arn:aws:none:eu-central-1:123456789012:{name}"
        case {"Fn::Sub": str(text)}:
            # A secret's ARN stands for the secret here.
            text = re.sub(r"\{\{resolve:secretsmanager:(.*):SecretString\}\}", r"\1", text)
            return re.sub(r"\$\{([\w:]+)\}", lambda match: known[match[1]], text)
    return str(value)


def _module(function: str) -> Any:
    return importlib.import_module(FUNCTIONS[function]["Handler"].rpartition(".")[0])


def _handler(function: str) -> Callable[[Event, Any], Any]:
    handler: Callable[[Event, Any], Any] = _module(function).handle
    return handler


def _close_doors() -> None:
    for function in FUNCTIONS:
        if wired := getattr(_module(function), "wired", None):
            wired.cache_clear()


def _function_of(method: str, path: str) -> tuple[str, str, dict[str, str]]:
    for name, properties in FUNCTIONS.items():
        for event in properties.get("Events", {}).values():
            route = event["Properties"]
            if event["Type"] != "HttpApi" or route["Method"] != method:
                continue
            pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route["Path"])
            if found := re.fullmatch(pattern, path):
                return name, route["Path"], found.groupdict()
    raise LookupError(f"{method} {path} is no route")


@dataclass(frozen=True)
class _System:
    """The system of an organisation."""

    addresses: list[str]

    def request(self, _method: str, target: str, **_how: Any) -> Any:
        self.addresses.append(target)
        return SimpleNamespace(status=200, close=lambda: None)

    def close(self) -> None:
        """Nothing is kept open."""


@dataclass(frozen=True)
class _Watched:
    """Notes where requests to VK go."""

    http: SandboxHttp
    addresses: list[str]
    made: "Deployed"

    def request(self, method: str, url: str, **how: Any) -> Any:
        self.addresses.append(url)
        return self.made.reached(f"vk {url}", lambda: self.http.request(method, url, **how))


@contextmanager
def _watching(service: Any, addresses: list[str]) -> Iterator[None]:
    """Note where requests to AWS go: an object's key is in them."""
    note = partial(_note, addresses)
    service.meta.events.register_first("before-send", note)
    try:
        yield
    finally:
        service.meta.events.unregister("before-send", note)


def _note(addresses: list[str], request: Any, **_: Any) -> None:
    addresses.append(request.url)
