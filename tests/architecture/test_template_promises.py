"""What the template promises: nothing is lost, nobody comes in unsigned, nobody may too much."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from support.cloudformation import ROOT, resources, template

SAM = template()
DATA = template("infra/data.yaml")
QUEUES = resources(SAM, "AWS::SQS::Queue")
WORK_QUEUES = {name: queue for name, queue in QUEUES.items() if "RedrivePolicy" in queue}
FUNCTIONS = resources(SAM, "AWS::Serverless::Function")
ROLES = resources(SAM, "AWS::IAM::Role")
ALARMS = resources(SAM, "AWS::CloudWatch::Alarm")
DEFAULTS = SAM["Globals"]["Function"]
EVENTS = [
    (name, event)
    for name, function in FUNCTIONS.items()
    for event in function.get("Events", {}).values()
]

FOURTEEN_DAYS = 14 * 24 * 3600

OPEN_ROUTES = {"GET /j/{code}", "GET /J/{code}"}
"""Where whoever holds a poster comes in: no person's data is behind them."""

UNNAMED_RESOURCES = {"OnboardingOnPosterReadyRole": {"sns:Publish"}}
"""Rights on what AWS cannot name: an SMS goes to a phone number, which is no resource."""


def in_seconds(value: Any) -> int:
    """Return a number of the template, through the default of the parameter that it names."""
    return int(SAM["Parameters"][value["Ref"]]["Default"] if isinstance(value, dict) else value)


def sources(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, event in EVENTS:
        if event["Type"] == kind:
            yield name, event["Properties"]


def test_every_queue_keeps_what_could_not_be_done_for_fourteen_days() -> None:
    dead_letters = set(QUEUES) - set(WORK_QUEUES)

    kept_in = {
        queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        for queue in WORK_QUEUES.values()
    }

    assert WORK_QUEUES
    assert kept_in == dead_letters
    assert len(kept_in) == len(WORK_QUEUES)
    assert {QUEUES[name]["MessageRetentionPeriod"] for name in kept_in} == {FOURTEEN_DAYS}


def test_every_queue_tries_at_least_five_times() -> None:
    tries = {name: queue["RedrivePolicy"]["maxReceiveCount"] for name, queue in WORK_QUEUES.items()}

    assert min(tries.values()) >= 5


def test_every_dead_letter_rings_and_says_in_russian_what_to_do() -> None:
    watched = {
        alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0]: alarm
        for alarm in ALARMS.values()
        if alarm["Namespace"] == "AWS/SQS"
    }

    assert set(watched) == set(QUEUES) - set(WORK_QUEUES)
    for name, alarm in watched.items():
        text = alarm["AlarmDescription"]["Fn::Sub"]
        assert "start-message-move-task" in text
        assert f"${{{name}.Arn}}" in text
        assert re.search("[а-яё]{5}", text)
        assert alarm["Threshold"] == 0
        assert "AlarmActions" in alarm


def test_every_queue_is_encrypted() -> None:
    assert all(queue["SqsManagedSseEnabled"] is True for queue in QUEUES.values())


def test_every_queue_has_one_worker_that_gives_back_only_what_failed() -> None:
    workers = {
        event["Queue"]["Fn::GetAtt"][0]: event["FunctionResponseTypes"]
        for _, event in sources("SQS")
    }

    assert set(workers) == set(WORK_QUEUES)
    assert all(types == ["ReportBatchItemFailures"] for types in workers.values())


def test_work_is_handed_out_again_only_after_its_worker_has_ended() -> None:
    for name, event in sources("SQS"):
        queue = WORK_QUEUES[event["Queue"]["Fn::GetAtt"][0]]
        timeout = in_seconds(FUNCTIONS[name].get("Timeout", DEFAULTS["Timeout"]))

        assert in_seconds(queue["VisibilityTimeout"]) >= timeout, name


def test_a_lease_is_longer_than_a_run_and_dead_when_the_work_comes_again() -> None:
    lease = in_seconds({"Ref": "LeaseSeconds"})

    assert in_seconds({"Ref": "WorkerTimeout"}) <= lease
    assert lease < in_seconds({"Ref": "VisibilitySeconds"})


def test_every_route_but_the_posters_asks_who_comes() -> None:
    routes = {
        f"{event['Method']} {event['Path']}": event.get("Auth", {})
        for _, event in sources("HttpApi")
    }
    api = resources(SAM, "AWS::Serverless::HttpApi")["HttpApi"]

    assert set(routes) >= OPEN_ROUTES
    assert api["Auth"]["DefaultAuthorizer"] in api["Auth"]["Authorizers"]
    assert {route for route, auth in routes.items() if auth} == OPEN_ROUTES
    assert set(api["RouteSettings"]) >= OPEN_ROUTES
    for route in OPEN_ROUTES:
        default = api["DefaultRouteSettings"]["ThrottlingRateLimit"]
        assert api["RouteSettings"][route]["ThrottlingRateLimit"] < default


def test_the_access_log_of_the_api_leads_to_no_person() -> None:
    api = resources(SAM, "AWS::Serverless::HttpApi")["HttpApi"]

    logged = set(re.findall(r"\$context\.([A-Za-z.]+)", api["AccessLogSettings"]["Format"]))

    assert "requestId" in logged
    assert not logged & {"identity.sourceIp", "identity.userAgent", "path", "authorizer"}


def test_every_function_has_a_role_and_a_journal_of_its_own() -> None:
    groups = resources(SAM, "AWS::Logs::LogGroup")
    for name, function in FUNCTIONS.items():
        assert function["Role"] == {"Fn::GetAtt": [f"{name}Role", "Arn"]}
        assert function["LoggingConfig"] == {"LogGroup": {"Ref": f"{name}Logs"}}
        assert groups[f"{name}Logs"]["RetentionInDays"] > 0

    assert set(ROLES) == {f"{name}Role" for name in FUNCTIONS}


@pytest.mark.parametrize("role", ROLES)
def test_no_role_may_do_everything_or_touch_everything(role: str) -> None:
    allowed = UNNAMED_RESOURCES.get(role, set())
    assert "ManagedPolicyArns" not in ROLES[role]
    for policy in ROLES[role]["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            actions = statement["Action"]
            actions = {actions} if isinstance(actions, str) else set(actions)
            everything = "*" in str(statement["Resource"]).removesuffix("/*'}")

            assert not any("*" in action for action in actions)
            assert not everything or actions == allowed, statement


def test_what_may_touch_unnamed_resources_still_needs_it() -> None:
    for role, actions in UNNAMED_RESOURCES.items():
        granted = {
            str(statement["Action"])
            for policy in ROLES[role]["Policies"]
            for statement in policy["PolicyDocument"]["Statement"]
            if statement["Resource"] == "*"
        }

        assert granted == actions


def test_functions_run_on_the_runtime_that_the_bundles_are_built_for() -> None:
    build = (ROOT / "functions" / "build.py").read_text(encoding="utf-8")

    assert DEFAULTS["Runtime"] == "python3.13"
    assert DEFAULTS["Architectures"] == ["arm64"]
    assert 'RUNTIME = "3.13"' in build
    assert 'PLATFORM = "aarch64-' in build


def test_every_sweep_runs_each_minute_and_rings_when_it_stops() -> None:
    sweeps = {name: event["Schedule"] for name, event in sources("Schedule")}
    watched = {
        alarm["Dimensions"][0]["Value"]["Ref"]
        for alarm in ALARMS.values()
        if alarm["Namespace"] == "AWS/Lambda"
    }

    assert sweeps
    assert set(sweeps.values()) == {"rate(1 minute)"}
    assert set(sweeps) == watched


def test_the_table_survives_mistakes_and_forgets_in_time() -> None:
    table = DATA["Resources"]["Table"]
    properties = table["Properties"]

    assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain"
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
    assert properties["SSESpecification"]["SSEEnabled"]
    assert properties["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}


def test_no_index_knows_a_person() -> None:
    projected = {
        attribute
        for index in DATA["Resources"]["Table"]["Properties"]["GlobalSecondaryIndexes"]
        for attribute in index["Projection"].get("NonKeyAttributes", [])
    }

    assert "title" in projected
    assert not any(word in name for name in projected for word in ("elder", "name", "phone", "vk"))


@pytest.mark.parametrize("bucket", resources(DATA, "AWS::S3::Bucket"))
def test_buckets_are_closed_encrypted_and_forget_after_thirty_days(bucket: str) -> None:
    properties = DATA["Resources"][bucket]["Properties"]
    policies = [
        policy["PolicyDocument"]["Statement"][0]
        for policy in resources(DATA, "AWS::S3::BucketPolicy").values()
        if policy["Bucket"] == {"Ref": bucket}
    ]

    assert all(properties["PublicAccessBlockConfiguration"].values())
    assert len(properties["PublicAccessBlockConfiguration"]) == 4
    assert properties["BucketEncryption"]
    assert properties["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] == 30
    assert [policy["Effect"] for policy in policies] == ["Deny"]
    assert policies[0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
