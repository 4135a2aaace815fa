"""The dashboard in infra/watch.yaml, made from the functions and queues that template.yaml has."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from bot.outcome import Outcome as Receiving
from broadcast.deliver import Verdict as Delivering
from create_chats.open_chat import Outcome as Opening
from housechats.domain.batches import Verdict
from housechats.domain.jobs import JobStatus
from housechats.runtime.metrics import Metric
from onboarding.instruct import Outcome as Instructing

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "template.yaml"
WATCH = ROOT / "infra" / "watch.yaml"
STACK = "${StackName}"
DEAD = "-dead"
WIDTH, HEIGHT = 24, 6

Line = list[Any]
Widget = dict[str, Any]

ROWS = {
    Verdict.ACCEPTED: "приняты",
    Verdict.ACCEPTED_WITH_WARNINGS: "приняты с замечаниями",
    Verdict.REJECTED: "отклонены",
    Verdict.DUPLICATE: "повторы",
    Verdict.SKIPPED: "пропущены",
}
CHATS = {
    Opening.OPENED: "открыты",
    Opening.REFUSED: "отказ ВКонтакте",
    Opening.UNCERTAIN: "ждут человека",
    Opening.WAITS: "отложены по просьбе ВКонтакте",
    Opening.DISCONNECTED: "ждут, пока подключат сообщество",
    Opening.REPEATED: "сделаны раньше",
    Opening.NO_HOUSE: "дома нет",
}
LETTERS = {
    Instructing.SENT: "отправлены",
    Instructing.UNDELIVERABLE: "некуда отправить",
    Instructing.UNKNOWN: "неизвестно, ждут человека",
    Instructing.NOT_YET: "ждут объявления",
    Instructing.WAITS: "отложены",
    Instructing.DISCONNECTED: "ждут, пока подключат сообщество",
    Instructing.REPEATED: "сделаны раньше",
}
CHUNKS = {
    Delivering.DELIVERED: "отправлены",
    Delivering.HELD: "ждут конца тихих часов",
    Delivering.WAITS: "отложены по просьбе ВКонтакте",
    Delivering.DISCONNECTED: "ждут, пока подключат сообщество",
    Delivering.STOPPED: "остановлены человеком",
    Delivering.REPEATED: "сделаны раньше",
    Delivering.TRIED_AGAIN: "не вышли, попробуют ещё раз",
}
BOT = {
    Receiving.SAID: "ответил",
    Receiving.HANDED_ON: "передал вопросам, обсуждениям, жалобам",
    Receiving.GUIDED: "провёл старшего дальше",
    Receiving.ELDER: "встретил старшего",
    Receiving.ELDER_NAMED: "встретил старшего, сделал администратором чата",
    Receiving.REPEATED: "сделано раньше",
    Receiving.NOT_OURS: "не для бота",
    Receiving.QUIET: "промолчал: тихие часы",
    Receiving.NOT_IN_TURN: "промолчал: только что говорил",
    Receiving.NOT_NOW: "промолчал: было бы поздно",
    Receiving.REFUSED: "отказ ВКонтакте",
    Receiving.PUT_OFF: "отложил по просьбе ВКонтакте",
    Receiving.TOO_LATE: "опоздал больше чем на сутки",
}
JOBS = {
    JobStatus.DONE: "сделаны",
    JobStatus.FAILED: "не удались",
    JobStatus.CANCELLED: "отменены",
}


class Resources:
    """What template.yaml names, in the words of the dashboard."""

    def __init__(self) -> None:
        template = yaml.load(TEMPLATE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
        self._all: list[Widget] = list(template["Resources"].values())
        self.functions = self._named("AWS::Serverless::Function", "FunctionName")
        queues = self._named("AWS::SQS::Queue", "QueueName")
        self.queues = [name for name in queues if not name.endswith(DEAD)]
        self.dead = [name for name in queues if name.endswith(DEAD)]
        self.apis = [
            _of_watch(function["Properties"]["FunctionName"])
            for function in self._of("AWS::Serverless::Function")
            if any(
                event["Type"] == "HttpApi"
                for event in function["Properties"].get("Events", {}).values()
            )
        ]

    def _of(self, kind: str) -> list[Widget]:
        return [resource for resource in self._all if resource["Type"] == kind]

    def _named(self, kind: str, by: str) -> list[str]:
        return [_of_watch(resource["Properties"][by]) for resource in self._of(kind)]


def _of_watch(name: str) -> str:
    return name.replace("AWS::StackName", "StackName")


def watch() -> str:
    """Return infra/watch.yaml with its dashboard as it should be."""
    body = "\n".join(f"        {line}" for line in _text(_rows(Resources())))
    text, made = re.subn(
        r"(DashboardBody: !Sub \|\n)(?: {8}.*\n)*",
        lambda match: f"{match[1]}{body}\n",
        WATCH.read_text(encoding="utf-8"),
    )
    if made != 1:
        raise ValueError("infra/watch.yaml has no place for the dashboard")
    return text


def _rows(has: Resources) -> list[list[Widget]]:
    """One row a question, the most asked first."""
    return [
        [_chart("Списки: строки по решениям", _verdicts(Metric.ROWS, ROWS))],
        [
            _chart("Чаты: чем кончились попытки открыть", _verdicts(Metric.CHATS, CHATS)),
            _chart(
                "Старшие: чем кончились попытки отправить инструкцию",
                _verdicts(Metric.INSTRUCTIONS, LETTERS),
            ),
            _chart("Долгая работа: чем кончилась", _verdicts(Metric.JOBS, JOBS)),
        ],
        [
            _chart(
                "Рассылки: чаты по срочности и итогу",
                [_search(Metric.DELIVERIES, "", "lane", "verdict")],
                period=60,
            ),
            _chart(
                "Рассылки: чем кончились попытки отправить часть", _verdicts(Metric.CHUNKS, CHUNKS)
            ),
            _chart(
                "Рассылки: отказы ВКонтакте, которых мы не знаем, должно быть 0",
                [[STACK, Metric.UNKNOWN_REFUSALS, {"label": "чаты"}]],
                period=60,
            ),
        ],
        [
            _chart("Бот: чем кончились события", _verdicts(Metric.BOT_EVENTS, BOT)),
            _chart(
                "Жалобы жителей: не доставлены за сутки, должно быть 0",
                [[STACK, Metric.UNDELIVERABLE_COMPLAINTS, {"label": "жалобы"}]],
            ),
        ],
        [
            _chart(
                "ВКонтакте: сколько темпа занято, % от 20 запросов в секунду",
                [_search(Metric.VK_CALLS, "сообщество", "community", then=" / 60 / 20 * 100")],
                period=60,
                yAxis={"left": {"min": 0, "max": 100}},
            ),
            _chart(
                "ВКонтакте: «слишком много запросов» (ошибка 6), должно быть 0",
                [
                    [STACK, Metric.VK_ERROR_6, {"label": "все сообщества"}],
                    _search(Metric.VK_ERROR_6, "сообщество", "community"),
                ],
                period=60,
            ),
            _chart(
                "ВКонтакте: ключ не принят, должно быть 0",
                [
                    [STACK, Metric.VK_DISCONNECTED, {"label": "все сообщества"}],
                    _search(Metric.VK_DISCONNECTED, "сообщество", "community"),
                ],
                period=60,
            ),
            _chart(
                "ВКонтакте: страницы старших не проверены, должно быть 0",
                [[STACK, "PagesNotLookedUp", {"label": "списки и строки"}]],
            ),
        ],
        [
            _chart(
                "Очереди: сколько секунд ждёт самая старая работа"
                " (тревога после 3600; emergencies 60, deliveries 900, starts и discussions 1200)",
                _listed("AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", has.queues),
                "Maximum",
            )
        ],
        [
            _chart(
                "Отложенное: что не удалось и ждёт make replay, должно быть 0",
                _listed("AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", has.dead),
                "Maximum",
            ),
            _chart(
                "Работа, которая сорвалась и будет повторена",
                [_search(Metric.WORK_FAILED, "", "function")],
            ),
        ],
        [
            _chart(
                "API: ответы с ошибкой",
                [
                    ["AWS/ApiGateway", "5xx", "ApiId", "${ApiId}", {"label": "5xx: ошибка наша"}],
                    [".", "4xx", ".", ".", {"label": "4xx: ошибка в запросе"}],
                    [".", "Count", ".", ".", {"label": "все ответы"}],
                ],
            ),
            _chart(
                "API: задержка, мс",
                [
                    ["AWS/ApiGateway", "Latency", "ApiId", "${ApiId}", {"label": "половина"}],
                    ["...", {"label": "95 %", "stat": "p95"}],
                ],
                "p50",
            ),
            _chart(
                "API: ответы функций по классам",
                [_search(Metric.ANSWERS, "", "function", "verdict")],
            ),
        ],
        [_journal("API: ответы по операциям", has.apis)],
        [
            _chart("Функции: ошибки", _of_lambda("Errors", has)),
            _chart("Функции: отказы, предел одновременных запусков", _of_lambda("Throttles", has)),
            _chart("Функции: 95 % запусков быстрее, мс", _of_lambda("Duration", has), "p95"),
        ],
        [
            _chart(
                "Таблица: потрачено единиц",
                [
                    *_of_table("ConsumedReadCapacityUnits", "чтение"),
                    *_of_table("ConsumedWriteCapacityUnits", "запись"),
                ],
            ),
            _chart(
                "Таблица: отказы, должно быть 0",
                [
                    *_of_table("ReadThrottleEvents", "чтение"),
                    *_of_table("WriteThrottleEvents", "запись"),
                ],
            ),
        ],
    ]


def _chart(title: str, metrics: Sequence[Line], stat: str = "Sum", **how: Any) -> Widget:
    about = {"title": title, "region": "${AWS::Region}", "stat": stat, **how}
    return {"type": "metric", "properties": {**about, "metrics": metrics}}


def _journal(title: str, apis: Iterable[str]) -> Widget:
    groups = [name.replace(f"{STACK}-", f"/{STACK}/") for name in apis]
    query = [
        *(f"SOURCE '{group}'" for group in groups),
        "filter message = 'answered'",
        "stats count(*) as answers by operation, status",
        "sort operation, status",
    ]
    about = {"title": title, "region": "${AWS::Region}", "view": "table"}
    return {"type": "log", "properties": {**about, "query": " | ".join(query)}}


def _verdicts(metric: Metric, words: Mapping[Any, str]) -> list[Line]:
    return _shortened([[STACK, metric, "verdict", verdict] for verdict in words], words.values())


def _of_lambda(metric: str, has: Resources) -> list[Line]:
    return _listed("AWS/Lambda", metric, "FunctionName", has.functions)


def _listed(namespace: str, metric: str, dimension: str, names: Sequence[str]) -> list[Line]:
    labels = [name.removeprefix(f"{STACK}-").removesuffix(DEAD) for name in names]
    return _shortened([[namespace, metric, dimension, name] for name in names], labels)


def _shortened(lines: Sequence[Line], labels: Iterable[str]) -> list[Line]:
    """Label lines that differ in their last word; "..." repeats what stands before it."""
    return [
        [*(line if number == 0 else ["...", line[-1]]), {"label": label}]
        for number, (line, label) in enumerate(zip(lines, labels, strict=True))
    ]


def _search(metric: Metric, what: str, *dimensions: str, then: str = "") -> Line:
    """Find a metric for all values of its dimensions: nobody knows them beforehand."""
    names = ",".join(dimensions)
    found = f"SEARCH('{{\"{STACK}\",{names}}} MetricName=\"{metric}\"', 'Sum', 60){then}"
    values = [f"${{!PROP('Dim.{name}')}}" for name in dimensions]  # `!`: not for CloudFormation
    return [{"expression": found, "label": " ".join([what, *values]).strip()}]


def _of_table(metric: str, what: str) -> list[Line]:
    table = ["AWS/DynamoDB", metric, "TableName", "${TableName}"]
    return [
        [*table, {"label": f"{what}: таблица"}],
        *(
            [*table, "GlobalSecondaryIndexName", index, {"label": f"{what}: {index}"}]
            for index in ("GSI1", "GSI2")
        ),
    ]


def _text(rows: Sequence[Sequence[Widget]]) -> Iterable[str]:
    """Yield the dashboard as JSON with a line a metric: a change of it can be read."""
    placed = [
        (number * HEIGHT, column * (WIDTH // len(row)), WIDTH // len(row), widget)
        for number, row in enumerate(rows)
        for column, widget in enumerate(row)
    ]
    yield '{"widgets": ['
    for number, (y, x, width, widget) in enumerate(placed, 1):
        comma = "," if number < len(placed) else ""
        place = {"type": widget["type"], "x": x, "y": y, "width": width, "height": HEIGHT}
        about = dict(widget["properties"])
        metrics = about.pop("metrics", [])
        yield f"  {_json(place)[:-1]},"
        if not metrics:
            yield f'   "properties": {_json(about)}}}{comma}'
            continue
        yield f'   "properties": {_json(about)[:-1]}, "metrics": ['
        yield ",\n".join(f"     {_json(line)}" for line in metrics).replace("\n", f"\n{' ' * 8}")
        yield f"   ]}}}}{comma}"
    yield "]}"


def _json(told: object) -> str:
    return json.dumps(told, ensure_ascii=False)
