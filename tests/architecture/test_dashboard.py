"""The dashboard: everything that works is on it, and everything on it exists."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from bot.outcome import Outcome as Receiving
from broadcast.deliver import Verdict as Delivering
from create_chats.open_chat import Outcome as Opening
from housechats.domain.batches import Verdict
from housechats.domain.jobs import JobStatus
from housechats.runtime.metrics import DIMENSIONS, Metric
from onboarding.instruct import Outcome as Instructing
from support.cloudformation import ROOT, resources, template

SAM = template()
WATCH = template("infra/watch.yaml")
PARAMETERS = WATCH["Parameters"]
BODY = next(iter(resources(WATCH, "AWS::CloudWatch::Dashboard").values()))["DashboardBody"]
WIDGETS: list[dict[str, Any]] = json.loads(BODY["Fn::Sub"])["widgets"]
ALARMS = resources(WATCH, "AWS::CloudWatch::Alarm")

OURS = "${StackName}"
VERDICTS: dict[Metric, Iterable[Any]] = {
    Metric.ROWS: Verdict,
    Metric.CHATS: Opening,
    Metric.INSTRUCTIONS: Instructing,
    Metric.CHUNKS: Delivering,
    Metric.BOT_EVENTS: Receiving,
    Metric.JOBS: [status for status in JobStatus if status.final],
}
FILTERED = {
    each["MetricTransformations"][0]["MetricName"]
    for each in resources(SAM, "AWS::Logs::MetricFilter").values()
}

Shown = tuple[str, str, tuple[str, ...]]
"""A namespace, a metric and its dimensions, names and values in turn."""


def spelled_out(metrics: list[list[Any]]) -> Iterator[Shown]:
    """Yield the metrics of a widget without CloudWatch's short forms."""
    before: list[str] = []
    for line in metrics:
        if isinstance(line[0], dict):
            continue
        words = [word for word in line if isinstance(word, str)]
        if words[0] == "...":
            words = before[: len(before) - len(words) + 1] + words[1:]
        words = [before[i] if word == "." else word for i, word in enumerate(words)]
        namespace, metric, *dimensions = before = words
        yield namespace, metric, tuple(dimensions)


SHOWN = {
    shown
    for widget in WIDGETS
    if widget["type"] == "metric"
    for shown in spelled_out(widget["properties"]["metrics"])
}
SEARCHES = [
    line[0]["expression"]
    for widget in WIDGETS
    if widget["type"] == "metric"
    for line in widget["properties"]["metrics"]
    if isinstance(line[0], dict)
]


def searched() -> set[tuple[str, tuple[str, ...]]]:
    """Return the metrics of ours that a search finds, with the names of their dimensions."""
    found = set()
    for text in SEARCHES:
        match = re.search(r"SEARCH\('\{\"\$\{StackName\}\",([a-z,]+)\} MetricName=\"(\w+)\"", text)
        assert match, text
        found.add((match[2], tuple(match[1].split(","))))
    return found


def named(thing: str, kind: str) -> set[str]:
    """Return what AWS calls the things of a type, in the words of the dashboard."""
    return {
        properties[thing]["Fn::Sub"].replace("AWS::StackName", "StackName")
        for properties in resources(SAM, kind).values()
    }


def values(namespace: str, metric: str) -> set[str]:
    """Return for which things a metric is shown."""
    return {
        dimensions[1]
        for space, name, dimensions in SHOWN
        if (space, name) == (namespace, metric) and dimensions
    }


@pytest.mark.parametrize("metric", ["Errors", "Throttles", "Duration"])
def test_every_function_is_on_the_dashboard_and_no_other(metric: str) -> None:
    shown = values("AWS/Lambda", metric)

    assert shown == named("FunctionName", "AWS::Serverless::Function")


def test_every_queue_is_on_the_dashboard_and_no_other() -> None:
    work = values("AWS/SQS", "ApproximateAgeOfOldestMessage")
    dead = values("AWS/SQS", "ApproximateNumberOfMessagesVisible")

    assert work | dead == named("QueueName", "AWS::SQS::Queue")
    assert dead == {f"{queue}-dead" for queue in work}


def test_every_count_of_the_code_is_on_the_dashboard_and_no_other() -> None:
    own = {name for namespace, name, _ in SHOWN if namespace == OURS} | {
        name for name, _ in searched()
    }

    assert own == set(Metric) | FILTERED


@pytest.mark.parametrize(("metric", "words"), VERDICTS.items(), ids=str)
def test_a_count_is_shown_for_every_outcome_that_there_is(metric: Metric, words: Any) -> None:
    shown = {pair for space, name, pair in SHOWN if (space, name) == (OURS, metric)}

    assert shown == {("verdict", word) for word in words}


def test_a_count_is_shown_by_the_dimensions_that_its_lines_have() -> None:
    asked = searched() | {
        (name, dimensions[::2])
        for namespace, name, dimensions in SHOWN
        if namespace == OURS and name not in FILTERED
    }

    told = {(metric, tuple(names)) for metric, sets in DIMENSIONS.items() for names in sets}

    assert asked == told


def test_the_answers_are_told_by_operation_from_the_journal_of_every_api() -> None:
    (query,) = (w["properties"]["query"] for w in WIDGETS if w["type"] == "log")
    apis = {
        function["LoggingConfig"]["LogGroup"]["Ref"]
        for function in resources(SAM, "AWS::Serverless::Function").values()
        if any(event["Type"] == "HttpApi" for event in function.get("Events", {}).values())
    }
    groups = resources(SAM, "AWS::Logs::LogGroup")

    asked = set(re.findall(r"SOURCE '([^']+)'", query))

    assert asked == {
        groups[name]["LogGroupName"]["Fn::Sub"].replace("AWS::StackName", "StackName")
        for name in apis
    }


def test_the_rows_of_the_dashboard_are_full_and_do_not_overlap() -> None:
    rows: dict[int, list[dict[str, Any]]] = {}
    for widget in WIDGETS:
        rows.setdefault(widget["y"], []).append(widget)

    for row in rows.values():
        assert sum(widget["width"] for widget in row) == 24
        assert {widget["height"] for widget in row} == {6}
    assert sorted(rows) == [6 * number for number in range(len(rows))]


def test_every_widget_asks_in_russian() -> None:
    titles = [widget["properties"]["title"] for widget in WIDGETS]

    assert len(set(titles)) == len(titles)
    assert all(re.match("[А-ЯЁA-Z]", title) and re.search("[а-яё]{4}", title) for title in titles)


def test_the_dashboard_names_nothing_but_its_parameters() -> None:
    names = set(re.findall(r"\$\{([A-Za-z:]+)\}", BODY["Fn::Sub"]))

    assert names == {"StackName", "ApiId", "TableName", "AWS::Region"}
    assert names - {"AWS::Region"} <= set(PARAMETERS)


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_of_the_account_says_what_is_lost_and_what_to_do(name: str) -> None:
    told = ALARMS[name]["AlarmDescription"]
    said = str(told["Fn::Sub"] if isinstance(told, dict) else told)

    assert "Работа не потеряна" in said
    assert "Проверьте" in said
    assert len(said) <= 1024
    assert "AlarmActions" in ALARMS[name]


def test_the_operators_page_knows_every_alarm_and_every_command() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    commands = {path.stem for path in (ROOT / "operate").glob("*.py")} - {"__init__", "system"}
    queues = set(resources(SAM, "AWS::SQS::Queue"))
    of_queues = {f"{queue}{kind}" for queue in queues for kind in ("Alarm", "LateAlarm")}
    own = set(resources(template("infra/alarms.yaml"), "AWS::CloudWatch::Alarm"))
    alarms = set(ALARMS) | own - of_queues

    known = tuple(re.findall(r"`…?(\w+Alarm)`", page))

    assert {name for name in alarms if not name.endswith(known)} == set()
    everything = alarms | of_queues
    assert {name for name in known if not any(one.endswith(name) for one in everything)} == set()
    assert {c for c in commands if f"`make {c.replace('_', '-')} " not in page} == set()


def test_a_queue_that_the_operators_page_names_is_there() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")

    named_there = set(re.findall(r"QUEUE=([\w-]+)", page))

    assert named_there
    assert {f"{OURS}-{queue}" for queue in named_there} <= named("QueueName", "AWS::SQS::Queue")
