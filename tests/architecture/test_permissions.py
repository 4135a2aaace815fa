"""Every function may ask of AWS what its code can ask, and nothing else."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from support.aws_reach import Reach
from support.cloudformation import resources, template

SAM = template()
FUNCTIONS = resources(SAM, "AWS::Serverless::Function")
ROLES = resources(SAM, "AWS::IAM::Role")
EVERYWHERE = SAM["Globals"]["Function"]["Environment"]["Variables"]

Granted = set[tuple[str, str]]
"""Actions, each with what it is allowed on: `s3:GetObject`, `PostersBucket/posters/*`."""

ANYTHING = "*"


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def named(resource: Any) -> str:
    """Return a resource of a policy as the template calls it."""
    match resource:
        case {"Fn::GetAtt": [name, "Arn"]} | {"Ref": name}:
            return str(name)
        case {"Fn::Sub": str(arn)}:
            kinds = (":s3:::", ":secret:", ":schedule/")
            kind = next((k for k in kinds if k in arn), ":table/")
            tail = arn.rpartition(kind)[2]
            return tail.replace("${", "").replace("}", "")
    return str(resource)


def statements(function: str) -> Iterator[dict[str, Any]]:
    for policy in ROLES[f"{function}Role"]["Policies"]:
        yield from policy["PolicyDocument"]["Statement"]


def granted(function: str) -> Granted:
    return {
        (action, named(resource))
        for statement in statements(function)
        for action in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    }


@cache
def asked_by_code(function: str) -> Granted:
    properties = FUNCTIONS[function]
    variables = EVERYWHERE | properties.get("Environment", {}).get("Variables", {})
    door = properties["Handler"].rpartition(".")[0]
    arrives = resources(SAM, "AWS::Events::Rule")["ListArrived"]["EventPattern"]["detail"]["object"]
    folder = arrives["key"][0]["prefix"].strip("/")
    return {
        (right.action, named(variables[right.setting]) + right.part if right.setting else ANYTHING)
        for right in Reach(door, folder_of_events=folder).rights
    }


def asked_by_lambda(function: str) -> Granted:
    """Return what the service does in the function's name: journals, and the work it fetches."""
    asked = {
        (f"logs:{action}", f"{function}Logs") for action in ("CreateLogStream", "PutLogEvents")
    }
    for event in FUNCTIONS[function].get("Events", {}).values():
        if event["Type"] == "SQS":
            queue = named(event["Properties"]["Queue"])
            asked |= {
                (f"sqs:{action}", queue)
                for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
            }
    return asked


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_do_all_that_its_code_can_ask_for(function: str) -> None:
    needed = asked_by_code(function) | asked_by_lambda(function)

    missing = needed - granted(function)

    assert not missing


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_do_nothing_that_its_code_never_asks_for(function: str) -> None:
    needed = asked_by_code(function) | asked_by_lambda(function)

    unused = granted(function) - needed

    assert not unused


REACHED_FROM_THE_STREET = {
    "JoinApi": ["HOUSE#*"],
    # Who signs with the secret of a webhook may answer the complaints of its organisation.
    "ComplaintsOnAnswer": ["COMPLAINT#*", "WEBHOOK#*"],
}


def test_whoever_comes_from_the_street_reaches_what_they_come_for_and_no_more() -> None:
    public = {
        name
        for name, function in FUNCTIONS.items()
        for event in function.get("Events", {}).values()
        if event["Properties"].get("Auth") == {"Authorizer": "NONE"}
    }

    reached = {
        name: statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
        for name in public
        for statement in statements(name)
        if named(statement["Resource"]) == "TableName"
    }

    assert reached == REACHED_FROM_THE_STREET
