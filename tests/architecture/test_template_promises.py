"""What the template promises: nothing is lost, nobody comes in unsigned, nobody may too much."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from broadcast.patience import TABLE_TAKES, VK_TAKES
from housechats.domain.broadcasts import KEPT
from housechats.runtime.metrics import Metric, counted
from support.cloudformation import ROOT, resources, template

SAM = template()
DATA = template("infra/data.yaml")
QUEUES = resources(SAM, "AWS::SQS::Queue")
WORK_QUEUES = {name: queue for name, queue in QUEUES.items() if "RedrivePolicy" in queue}
FUNCTIONS = resources(SAM, "AWS::Serverless::Function")
ROLES = resources(SAM, "AWS::IAM::Role")
ALARMS = resources(template("infra/alarms.yaml"), "AWS::CloudWatch::Alarm")
DEFAULTS = SAM["Globals"]["Function"]
EVENTS = [
    (name, event)
    for name, function in FUNCTIONS.items()
    for event in function.get("Events", {}).values()
]

FOURTEEN_DAYS = 14 * 24 * 3600

HOUR = 3600
LATE_AFTER = {"Emergencies": 60, "Deliveries": 15 * 60, "Starts": 20 * 60, "Discussions": 20 * 60}
"""Work that people wait for sooner than within an hour. A start, and a discussion, may lie in
their queues for a quarter of an hour before their time has come."""

VK_TELLS = "POST /vk/{community}/{proof}"
"""What all chats say comes in here, and VK soon speaks no more to whom it cannot reach."""
OPEN_ROUTES = {"GET /j/{code}", "GET /J/{code}", "POST /webhooks/complaints/{inn}", VK_TELLS}
"""Where whoever holds a poster comes in: no person's data is behind them. And the systems of
organisations, and VK, which sign what they say."""

SCHEDULES_ROLE = "SchedulesRole"
"""What schedules act with when they fire."""

UNNAMED_RESOURCES = {
    "OnboardingOnPosterReadyRole": {"sns:Publish"},
    "PeopleOnInvitationRole": {"sns:Publish"},
    "QuestionsOnEventRole": {"sns:Publish"},
}
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


def test_work_that_waits_for_its_worker_is_kept_for_fourteen_days() -> None:
    kept = {queue["MessageRetentionPeriod"] for queue in WORK_QUEUES.values()}

    assert kept == {FOURTEEN_DAYS}


def test_every_queue_tries_at_least_five_times() -> None:
    tries = {name: queue["RedrivePolicy"]["maxReceiveCount"] for name, queue in WORK_QUEUES.items()}

    assert min(tries.values()) >= 5


def watched(namespace: str, metric: str) -> dict[str, dict[str, Any]]:
    """Return the alarms on a metric, by the name of the thing that they watch."""
    return {
        next(iter(alarm["Dimensions"][0]["Value"].values())): alarm
        for alarm in ALARMS.values()
        if (alarm["Namespace"], alarm["MetricName"]) == (namespace, metric)
    }


def said_by(alarm: dict[str, Any]) -> str:
    text = alarm["AlarmDescription"]
    return str(text["Fn::Sub"] if isinstance(text, dict) else text)


def kebab(name: str) -> str:
    """Return a logical id as names of AWS are written: `OpeningsDead` is `openings-dead`."""
    return re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower()


def test_every_queue_is_called_as_operators_call_it() -> None:
    called = {name: queue["QueueName"]["Fn::Sub"] for name, queue in QUEUES.items()}

    assert called == {name: f"${{AWS::StackName}}-{kebab(name)}" for name in QUEUES}


def test_a_dead_letter_queue_is_named_after_its_queue() -> None:
    for name, queue in WORK_QUEUES.items():
        dead = queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]

        assert dead == f"{name}Dead"


def test_every_dead_letter_rings_and_says_by_which_command_it_goes_back() -> None:
    alarms = watched("AWS/SQS", "ApproximateNumberOfMessagesVisible")

    assert set(alarms) == {f"${{StackName}}-{kebab(name)}" for name in set(QUEUES) - {*WORK_QUEUES}}
    for name in WORK_QUEUES:
        alarm = alarms[f"${{StackName}}-{kebab(name)}-dead"]
        command = f"make replay QUEUE={kebab(name)} STACK=${{StackName}}"
        assert said_by(alarm).endswith(command)
        assert alarm["Threshold"] == 0


def test_what_an_event_could_not_hand_over_lies_where_its_queue_is_replayed_from() -> None:
    targets = [
        target
        for rule in resources(SAM, "AWS::Events::Rule").values()
        for target in rule["Targets"]
        if "DeadLetterConfig" in target
    ]

    assert targets
    for target in targets:
        (queue, _), (dead, _) = (
            arn["Fn::GetAtt"] for arn in (target["Arn"], target["DeadLetterConfig"]["Arn"])
        )
        assert dead == f"{queue}Dead"


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_says_whether_work_is_lost_and_what_to_do(name: str) -> None:
    said = said_by(ALARMS[name])

    assert re.search("[Рр]абота не потеряна|Начатое не потеряно", said)
    assert re.search("Причина - в журнал|причина - в журнал|проверьте", said)


def test_every_queue_rings_when_its_work_waits_too_long() -> None:
    alarms = watched("AWS/SQS", "ApproximateAgeOfOldestMessage")

    rings_after = {name: alarm["Threshold"] for name, alarm in alarms.items()}

    assert rings_after == {
        f"${{StackName}}-{kebab(name)}": LATE_AFTER.get(name, HOUR) for name in WORK_QUEUES
    }


def test_the_api_rings_when_it_fails_somebody() -> None:
    (api,) = resources(SAM, "AWS::Serverless::HttpApi")

    alarms = watched("AWS/ApiGateway", "5xx")

    assert SAM["Outputs"]["ApiId"]["Value"] == {"Ref": api}
    assert set(alarms) == {"ApiId"}


def filters_of(metric: str) -> list[dict[str, Any]]:
    return [
        each
        for each in resources(SAM, "AWS::Logs::MetricFilter").values()
        if each["MetricTransformations"][0]["MetricName"] == metric
    ]


def test_a_list_taken_without_its_elders_pages_rings_by_the_line_that_is_logged() -> None:
    code = (ROOT / "functions/create_chats/elder_pages.py").read_text(encoding="utf-8")
    filters = filters_of("PagesNotLookedUp")

    (alarm,) = (a for a in ALARMS.values() if a["MetricName"] == "PagesNotLookedUp")

    assert {each["LogGroupName"]["Ref"] for each in filters} == {
        "CreateChatsOnUploadLogs",
        "CreateChatsApiLogs",
    }
    for each in filters:
        assert f"logger.exception({each['FilterPattern'][:-1]}" in code
    assert alarm["Threshold"] == 0


def test_vk_saying_that_calls_are_too_many_rings_whoever_called() -> None:
    (alarm,) = (a for a in ALARMS.values() if a["MetricName"] == Metric.VK_ERROR_6)
    line = counted(Metric.VK_ERROR_6, community="7")

    (measured,) = line["_aws"]["CloudWatchMetrics"]

    assert DEFAULTS["Environment"]["Variables"]["METRICS_NAMESPACE"] == {"Ref": "AWS::StackName"}
    assert alarm["Namespace"] == {"Ref": "StackName"}
    assert "Dimensions" not in alarm
    assert [] in measured["Dimensions"], "the alarm watches the sum of all communities"
    assert alarm["Threshold"] == 0


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_rings_somewhere_and_speaks_russian(name: str) -> None:
    said = said_by(ALARMS[name])

    assert "AlarmActions" in ALARMS[name]
    assert ALARMS[name]["TreatMissingData"] == "notBreaching"
    assert re.search("[а-яё]{5}", said)
    assert len(said) <= 1024


@pytest.mark.parametrize("name", [*ALARMS, *FUNCTIONS])
def test_what_people_read_calls_things_by_their_one_name(name: str) -> None:
    said = said_by(ALARMS[name]) if name in ALARMS else FUNCTIONS[name]["Description"]

    assert not re.search(r"[Пп]лакат|SMS|смс", said)


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


def test_a_worker_lives_long_enough_for_what_a_call_to_vk_may_take() -> None:
    lives = in_seconds({"Ref": "WorkerTimeout"})

    assert lives > VK_TAKES.total_seconds() + TABLE_TAKES.total_seconds()


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
    for route in OPEN_ROUTES - {VK_TELLS}:
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

    assert set(ROLES) == {f"{name}Role" for name in FUNCTIONS} | {SCHEDULES_ROLE}


SCHEDULED = {"STARTS": "Starts", "DISCUSSIONS": "Discussions", "CLEANUPS": "Cleanups"}
"""Queues into which schedules fire, by the settings that name them."""


def test_a_schedule_may_hand_over_a_start_and_nothing_else() -> None:
    role = ROLES[SCHEDULES_ROLE]
    (policy,) = role["Policies"]
    (trusted,) = role["AssumeRolePolicyDocument"]["Statement"]
    (allowed,) = policy["PolicyDocument"]["Statement"]

    assert allowed["Action"] == "sqs:SendMessage"
    assert allowed["Resource"] == [{"Fn::GetAtt": [one, "Arn"]} for one in SCHEDULED.values()]
    assert trusted["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert set(trusted["Condition"]["StringEquals"]) == {"aws:SourceAccount"}
    (group,) = trusted["Condition"]["ArnEquals"].values()
    assert group["Fn::Sub"].endswith(":schedule-group/${Schedules}")


def test_who_lends_the_role_of_schedules_lends_it_to_the_scheduler() -> None:
    lending = [
        statement
        for role in ROLES.values()
        for statement in role["Policies"][0]["PolicyDocument"]["Statement"]
        if statement["Action"] == "iam:PassRole"
    ]

    assert lending
    for statement in lending:
        assert statement["Resource"] == {"Fn::GetAtt": [SCHEDULES_ROLE, "Arn"]}
        passed_to = {"iam:PassedToService": "scheduler.amazonaws.com"}
        assert statement["Condition"] == {"StringEquals": passed_to}


def test_the_queues_of_starts_are_where_the_functions_have_schedules_fire() -> None:
    settings = [
        function["Environment"]["Variables"]
        for function in FUNCTIONS.values()
        if "SCHEDULES_GROUP" in function.get("Environment", {}).get("Variables", {})
    ]

    assert settings
    for variables in settings:
        fired_into = [name for name in SCHEDULED if f"{name}_QUEUE_ARN" in variables]
        assert fired_into
        for name in fired_into:
            assert variables[f"{name}_QUEUE_ARN"] == {"Fn::GetAtt": [SCHEDULED[name], "Arn"]}
            assert variables[f"{name}_QUEUE_URL"] == {"Ref": SCHEDULED[name]}
        assert variables["SCHEDULES_ROLE_ARN"] == {"Fn::GetAtt": [SCHEDULES_ROLE, "Arn"]}


def is_wide(resource: Any) -> bool:
    """Tell whether a resource is more than one thing, one folder of a bucket, one group's."""
    arn = resource["Fn::Sub"] if "Fn::Sub" in resource else str(resource)
    return "*" in re.sub(r"(\}/[a-z]+|:schedule/\$\{Schedules\})/\*$", "", arn)


@pytest.mark.parametrize("role", ROLES)
def test_no_role_may_do_everything_or_touch_everything(role: str) -> None:
    allowed = UNNAMED_RESOURCES.get(role, set())
    assert "ManagedPolicyArns" not in ROLES[role]
    for policy in ROLES[role]["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            actions = statement["Action"]
            actions = {actions} if isinstance(actions, str) else set(actions)
            touched = statement["Resource"]
            touched = touched if isinstance(touched, list) else [touched]

            assert not any("*" in action for action in actions)
            assert not any(map(is_wide, touched)) or actions == allowed, statement


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

    alarms = watched("AWS/Lambda", "Errors")

    assert sweeps
    assert sweeps["CreateChatsOnCount"] == "rate(1 hour)"
    assert sweeps["CleanupDiscussionsOnSweep"] == "rate(15 minutes)"
    assert {each for name, each in sweeps.items() if name.endswith("Due")} == {"rate(1 minute)"}
    assert set(alarms) == {f"${{StackName}}-{kebab(name)}" for name in sweeps}


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


KEPT_DAYS = {"Lists": 30, "Posters": 30, "Broadcasts": KEPT.days}


@pytest.mark.parametrize("bucket", resources(DATA, "AWS::S3::Bucket"))
def test_buckets_are_closed_encrypted_and_forget_in_time(bucket: str) -> None:
    properties = DATA["Resources"][bucket]["Properties"]
    policies = [
        policy["PolicyDocument"]["Statement"][0]
        for policy in resources(DATA, "AWS::S3::BucketPolicy").values()
        if policy["Bucket"] == {"Ref": bucket}
    ]

    assert all(properties["PublicAccessBlockConfiguration"].values())
    assert len(properties["PublicAccessBlockConfiguration"]) == 4
    assert properties["BucketEncryption"]
    rules = properties["LifecycleConfiguration"]["Rules"]
    assert rules[0]["ExpirationInDays"] == KEPT_DAYS[bucket]
    assert "Prefix" not in rules[0]
    assert [policy["Effect"] for policy in policies] == ["Deny"]
    assert policies[0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
