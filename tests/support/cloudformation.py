"""CloudFormation templates as plain data, for tests that hold what a template promises."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]


class _Loader(yaml.SafeLoader):
    """Reads the short forms of CloudFormation's functions (`!Ref x` is `{"Ref": x}`)."""


def _spelled_out(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt":
        return {"Fn::GetAtt": value.split(".", 1)}
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _spelled_out)


def template(path: str = "template.yaml") -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(
        (ROOT / path).read_text(encoding="utf-8"),
        Loader=_Loader,  # noqa: S506 - a SafeLoader that knows CloudFormation's tags
    )
    return loaded


def resources(of: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    """Return the properties of all resources of a type, by logical id."""
    return {
        name: resource.get("Properties", {})
        for name, resource in of["Resources"].items()
        if resource["Type"] == kind
    }
