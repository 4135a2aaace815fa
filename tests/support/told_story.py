"""The story of the API's examples, told anew: every request sent, every answer kept."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from docs.examples import Example
from docs.story import ADMINISTRATOR, COMPANY, LIST, OKTMO, STORY, TOKEN, Step
from housechats.adapters.complaints import DynamoComplaints
from housechats.adapters.discussions import DynamoDiscussions
from housechats.adapters.guides import DynamoGuides
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.reports import DynamoReports
from housechats.adapters.table import Table
from housechats.domain.complaints import Complaint, ComplaintState, Topic, number_of
from housechats.domain.discussions import LENGTH
from housechats.domain.guides import wants_call
from housechats.domain.invitations import code_of
from housechats.domain.questions import Where
from housechats.domain.reports import Report
from housechats.runtime.errands import change
from support.deployed import Deployed, Secrets, deployed
from support.vk_side import COMMUNITY

SECRETS = Secrets(token=TOKEN, app="a secret of the app", ids="a key of ids")


@dataclass(frozen=True)
class Told:
    """One step with what came of it."""

    step: Step
    example: Example


def tell(document: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """Send the requests one after another, to the system of template.yaml in this process."""
    routes = {
        operation["operationId"]: (method.upper(), path)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    # By the clock of the house, and quiet nowhere but at night.
    local = {"night": "T23:30", "afternoon": "T17:30", "earlier": "T16:30"}
    known: dict[str, str] = {
        "tomorrow": tomorrow.isoformat(timespec="seconds"),
        **{
            name: f"{tomorrow + timedelta(days=1):%Y-%m-%d}{clock}" for name, clock in local.items()
        },
    }
    with deployed(monkeypatch, SECRETS) as system:
        system.invoke("PeopleOnAppoint", {"vk_id": ADMINISTRATOR, "territory": OKTMO})
        for step in STORY:
            yield Told(step, _taken(system, step, *routes[step.operation], known))
            if step.operation == "createBatch":
                system.put_list(known["upload"], LIST.encode())
            if step.operation == "listGuides":
                _wish_for_call(known["house"])
            if step.operation == "getWebhook":
                _complain(known["house"])
            if step.operation == "moveDiscussion":
                system.run()
                _begin(known["discussion"])
                system.invoke("DiscussionsOnDue", {})
            if "invitation" in step.keeps:
                # An SMS brings it, and nothing else.
                known["code"] = code_of(known["invitation"], SECRETS.ids)
            if not step.hurries:
                system.run()


def _complain(house_id: str) -> None:
    """Keep what residents have told the bot: no request of the API tells it."""
    table, now = Table("houses"), datetime.now(UTC)
    told = Complaint(
        id="",
        house_id=house_id,
        oktmo=OKTMO,
        community=COMMUNITY,
        inn=COMPANY,
        by=104,
        topic=Topic.LIFT,
        where=Where.ENTRANCE,
        sent_at=now,
        event="",
        text="Третий день не работает лифт.",
        detail="2",
        state=ComplaintState.UNDELIVERABLE,
    )
    for event in ("one", "another"):
        DynamoComplaints(table).add(replace(told, id=number_of(event), event=event))
    report = Report(
        id="0123456789abcdef",
        house_id=house_id,
        oktmo=OKTMO,
        community=COMMUNITY,
        chat_id=1,
        cmid=1,
        author=105,
        reported_at=now,
        reporters=(104,),
        reporter_keys=("a-hash",),
    )
    DynamoReports(table).add(report)


def _wish_for_call(house_id: str) -> None:
    """Have the elder of a house press «Позвоните мне»."""
    table, now = Table("houses"), datetime.now(UTC)
    house = DynamoHouses(table).get(house_id)
    assert house
    assert change(
        house.elder_id,
        lambda there: wants_call(there, at=now, now=now),
        DynamoGuides(table),
    )


def _begin(discussion_id: str) -> None:
    """Have the time of a discussion come."""
    discussions, now = DynamoDiscussions(Table("houses")), datetime.now(UTC)
    named = discussions.get(discussion_id)
    assert named
    assert discussions.save(replace(named, starts_at=now, ends_at=now + LENGTH, wake_at=now))


def _taken(system: Deployed, step: Step, method: str, path: str, known: dict[str, str]) -> Example:
    request = _filled(
        {"path": step.path, "query": step.query, "headers": step.headers, "body": step.body}, known
    )
    for name, value in request["path"].items():
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    answer = system.answer(
        method,
        path,
        request["body"],
        vk_id=step.person,
        query=request["query"],
        headers={name.lower(): value for name, value in request["headers"].items()},
    )
    is_json = "json" in answer["headers"].get("content-type", "")
    body = json.loads(answer["body"]) if is_json else answer["body"]
    for name, where in step.keeps.items():
        known[name] = str(_found(where, answer["headers"], body))
    return Example(
        operation=step.operation,
        said=step.said,
        request=request,
        status=answer["statusCode"],
        headers=answer["headers"],
        answer=body,
    )


def _filled(part: Any, known: Mapping[str, str]) -> Any:
    match part:
        case str():
            return part.format(**known) if part.startswith("{") else part
        case Mapping():
            return {name: _filled(value, known) for name, value in part.items()}
        case list():
            return [_filled(value, known) for value in part]
    return part


def _found(where: str, headers: Mapping[str, str], body: Any) -> Any:
    if where.startswith("header:"):
        return headers[where.removeprefix("header:")]
    for step in where.split("/")[1:]:
        body = body[int(step) if isinstance(body, list) else step]
    return body
