"""Deploy the real templates to the emulated AWS, and mend what the emulator drops.

The way is that of `sam deploy`: code to a bucket, the SAM transform, CloudFormation. Each mend
names what ministack 1.5.33 does otherwise than AWS.
"""

import hashlib
import io
import json
import os
import re
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samtranslator.translator.managed_policy_translator import (  # type: ignore[import-not-found]
    ManagedPolicyLoader,
)
from samtranslator.translator.transform import transform  # type: ignore[import-not-found]
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-not-found]

from local.emulator import Emulator

Template = dict[str, Any]

ARTIFACTS = "artifacts"
DONE = "CREATE_COMPLETE"
# 120 resources take about 4 seconds; a loaded machine may take ten times that.
CREATION_SECONDS = 120


class DeployError(Exception):
    """A stack that did not come up, with CloudFormation's reasons."""


def deploy_data(emulator: Emulator, template: Path) -> dict[str, str]:
    """Create the stack of table, buckets and secrets; return its outputs."""
    plain = yaml_parse(template.read_text(encoding="utf-8"))
    tables = _of_type(plain, "AWS::DynamoDB::Table")
    for policy in _of_type(plain, "AWS::S3::BucketPolicy"):
        # It refuses whoever comes without TLS, and the loopback has none.
        del plain["Resources"][policy]
    body = {"TemplateBody": json.dumps(plain)}
    outputs = _create(emulator, "housechats-data", body, {"Protected": "false"})
    names = _physical_ids(emulator, "housechats-data")
    for table, properties in tables.items():
        # Time to live from a template is accepted and stays off.
        emulator.client("dynamodb").update_time_to_live(
            TableName=names[table],
            TimeToLiveSpecification=properties["TimeToLiveSpecification"],
        )
    secrets = emulator.client("secretsmanager")
    # A reference to a secret is its name there, and on AWS its ARN.
    arns = {
        names[secret]: secrets.describe_secret(SecretId=names[secret])["ARN"]
        for secret in _of_type(plain, "AWS::SecretsManager::Secret")
    }
    return {key: arns.get(value, value) for key, value in outputs.items()}


def _of_type(template: Template, kind: str) -> dict[str, Template]:
    return {
        name: resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def deploy_functions(
    emulator: Emulator, template: Path, bundles: Path, parameters: Mapping[str, str]
) -> dict[str, str]:
    """Create the stack of functions, queues and API from built bundles; return its outputs."""
    s3 = emulator.client("s3")
    s3.create_bucket(
        Bucket=ARTIFACTS,
        CreateBucketConfiguration={"LocationConstraint": emulator.region},
    )
    sam = yaml_parse(template.read_text(encoding="utf-8"))
    _put_code(s3, sam, bundles)
    defaults = {
        name: parameter["Default"]
        for name, parameter in sam["Parameters"].items()
        if "Default" in parameter
    }
    # The translator looks for its region nowhere else.
    os.environ["AWS_DEFAULT_REGION"] = emulator.region
    plain = transform(sam, {**defaults, **parameters}, _NoManagedPolicies())
    _spell_out_apis(plain)
    _permit_once(plain)
    _allow_as_asked(plain)
    s3.put_object(Bucket=ARTIFACTS, Key="template.json", Body=json.dumps(plain).encode())
    where = {"TemplateURL": f"{emulator.url}/{ARTIFACTS}/template.json"}
    return _create(emulator, "housechats", where, parameters)


class _NoManagedPolicies(ManagedPolicyLoader):  # type: ignore[misc]
    """Every role is written out in the template, so none is looked up in IAM."""

    def __init__(self) -> None:
        self._policy_map: dict[str, str] = {}

    def load(self) -> dict[str, str]:
        return self._policy_map


def _put_code(s3: Any, sam: Template, bundles: Path) -> None:
    """Put every bundle into the bucket once and point the functions and layers to it."""
    places: dict[str, str] = {}

    def place(bundle: str) -> str:
        if bundle not in places:
            blob = _zipped(bundles / bundle)
            key = f"{bundle}-{hashlib.sha256(blob).hexdigest()[:16]}.zip"
            s3.put_object(Bucket=ARTIFACTS, Key=key, Body=blob)
            places[bundle] = f"s3://{ARTIFACTS}/{key}"
        return places[bundle]

    del sam["Globals"]["Function"]["CodeUri"]
    for resource in sam["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            properties["CodeUri"] = place(properties["Handler"].partition(".")[0])
        elif resource["Type"] == "AWS::Serverless::LayerVersion":
            properties["ContentUri"] = place(Path(properties["ContentUri"]).name)


def _zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    return packed.getvalue()


def _spell_out_apis(plain: Template) -> None:
    """Write an HTTP API's OpenAPI body as resources: the emulator reads no body, so no routes."""
    for api_id, resource in list(plain["Resources"].items()):
        if resource["Type"] != "AWS::ApiGatewayV2::Api":
            continue
        body = resource["Properties"].pop("Body")
        resource["Properties"].pop("FailOnWarnings", None)
        resource["Properties"]["ProtocolType"] = "HTTP"
        plain["Resources"] |= _authorizers(api_id, body) | _routes(api_id, body)


def _permit_once(plain: Template) -> None:
    """Let the API call each function by one right, not by one for each route.

    There routes are resources besides, and a stack has 500.
    """
    permitted = set()
    for name, right in _of_type(plain, "AWS::Lambda::Permission").items():
        if right["Principal"] == "apigateway.amazonaws.com":
            called = json.dumps(right["FunctionName"], sort_keys=True)
            if called in permitted:
                del plain["Resources"][name]
            permitted.add(called)


def _allow_as_asked(plain: Template) -> None:
    """Word rights as the emulator asks for them.

    Who may send a message may send ten: on AWS it is one right, there it is two. A schedule of
    any group is asked for there as one of the group "default".
    """
    for role in _of_type(plain, "AWS::IAM::Role").values():
        for policy in role["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                if statement["Action"] == "sqs:SendMessage":
                    statement["Action"] = ["sqs:SendMessage", "sqs:SendMessageBatch"]
                elif "scheduler:" in str(statement["Action"]):
                    (arn,) = statement["Resource"].values()
                    default = re.sub(r"\$\{\w+\}/\*$", "default/*", arn)
                    statement["Resource"] = {"Fn::Sub": default}


def _authorizers(api_id: str, body: Template) -> Template:
    made = {}
    for name, scheme in body.get("components", {}).get("securitySchemes", {}).items():
        told = scheme["x-amazon-apigateway-authorizer"]
        made[f"{api_id}{name}"] = {
            "Type": "AWS::ApiGatewayV2::Authorizer",
            "Properties": {
                "ApiId": {"Ref": api_id},
                "Name": name,
                "AuthorizerType": told["type"].upper(),
                "AuthorizerUri": told["authorizerUri"],
                "AuthorizerPayloadFormatVersion": told["authorizerPayloadFormatVersion"],
                "AuthorizerResultTtlInSeconds": told["authorizerResultTtlInSeconds"],
                "EnableSimpleResponses": told["enableSimpleResponses"],
                "IdentitySource": re.split(r"\s*,\s*", told["identitySource"])
                if isinstance(told["identitySource"], str)
                else told["identitySource"],
            },
        }
    return made


def _routes(api_id: str, body: Template) -> Template:
    """Write out routes; those of one function share what leads to it: a stack has 500 resources."""
    made = {}
    for path, operations in body["paths"].items():
        for method, operation in operations.items():
            told = operation["x-amazon-apigateway-integration"]
            leads_to = f"{api_id}{_short(json.dumps(told, sort_keys=True))}Integration"
            made[leads_to] = {
                "Type": "AWS::ApiGatewayV2::Integration",
                "Properties": {
                    "ApiId": {"Ref": api_id},
                    "IntegrationType": told["type"].upper(),
                    "IntegrationMethod": told["httpMethod"],
                    "IntegrationUri": told["uri"],
                    "PayloadFormatVersion": told["payloadFormatVersion"],
                },
            }
            key = f"{method.upper()} {path}"
            made[f"{api_id}{_short(key)}Route"] = {
                "Type": "AWS::ApiGatewayV2::Route",
                "Properties": {
                    "ApiId": {"Ref": api_id},
                    "RouteKey": key,
                    "Target": {"Fn::Join": ["/", ["integrations", {"Ref": leads_to}]]},
                    **_guarded(api_id, operation),
                },
            }
    return made


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _guarded(api_id: str, operation: Template) -> Template:
    for requirement in operation.get("security", []):
        for name in requirement:
            if name != "NONE":
                return {
                    "AuthorizationType": "CUSTOM",
                    "AuthorizerId": {"Ref": f"{api_id}{name}"},
                }
    return {}


def _create(
    emulator: Emulator, name: str, template: Mapping[str, str], parameters: Mapping[str, str]
) -> dict[str, str]:
    stacks = emulator.client("cloudformation")
    stacks.create_stack(
        StackName=name,
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
        Parameters=[
            {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
        ],
        **template,
    )
    deadline = time.monotonic() + CREATION_SECONDS
    while (stack := stacks.describe_stacks(StackName=name)["Stacks"][0])["StackStatus"] != DONE:
        if stack["StackStatus"] != "CREATE_IN_PROGRESS" or time.monotonic() > deadline:
            raise DeployError(f"{name}: {stack['StackStatus']}: {_reasons(stacks, name)}")
        time.sleep(0.1)
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def _reasons(stacks: Any, name: str) -> str:
    events = stacks.describe_stack_events(StackName=name)["StackEvents"]
    return "; ".join(
        f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
        for event in events
        if event["ResourceStatus"].endswith("FAILED")
    )


def _physical_ids(emulator: Emulator, name: str) -> dict[str, str]:
    pages = emulator.client("cloudformation").get_paginator("list_stack_resources")
    return {
        resource["LogicalResourceId"]: resource["PhysicalResourceId"]
        for page in pages.paginate(StackName=name)
        for resource in page["StackResourceSummaries"]
    }
