"""The rooms of the house: every capability is known everywhere, and no room sees too far."""

import ast
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from housechats.runtime.settings import ApiSettings
from support.cloudformation import ROOT, resources, template

SAM = template()
FUNCTIONS = resources(SAM, "AWS::Serverless::Function")
CAPABILITIES = {path.parent.name for path in (ROOT / "functions").glob("*/__init__.py")}
SHIPPED = sorted(
    path
    for room in ("functions", "layers")
    for path in (ROOT / room).rglob("*.py")
    if path != ROOT / "functions" / "build.py"
)
LOCAL = sorted((ROOT / "local").rglob("*.py"))
OPERATE = sorted((ROOT / "operate").glob("*.py"))

EVERYWHERE = set(SAM["Globals"]["Function"]["Environment"]["Variables"])


def module_of(handler: str) -> Path:
    return ROOT / "functions" / Path(*handler.split(".")[:-1]).with_suffix(".py")


def door_of(handler: str) -> Path:
    """Return where a handler is written: two functions may have one door, each its own queue."""
    path, name = module_of(handler), handler.rpartition(".")[2]
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and name in {alias.name for alias in node.names}:
            return door_of(f"{node.module}.{name}")
    return path


def imported(path: Path) -> set[str]:
    """Return the modules that a file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def settings_of(path: Path) -> set[str]:
    """Return the environment variables that a door's Settings asks for."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef) and node.name == "Settings":
            of_every_api = {field.name.upper() for field in fields(ApiSettings)}
            bases = {base.attr for base in node.bases if isinstance(base, ast.Attribute)}
            return (of_every_api if "ApiSettings" in bases else set()) | {
                field.target.id.upper()
                for field in node.body
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
            }
    return set()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_its_door(name: str) -> None:
    door = door_of(FUNCTIONS[name]["Handler"])

    defined = {
        node.name
        for node in ast.parse(door.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }

    assert FUNCTIONS[name]["Handler"].split(".")[-1] in defined


def test_every_door_has_its_function() -> None:
    doors = {
        path
        for capability in CAPABILITIES
        for path in (ROOT / "functions" / capability).glob("*.py")
        if path.stem == "api" or path.stem.startswith("on_")
    }

    assert doors == {module_of(function["Handler"]) for function in FUNCTIONS.values()}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_a_door_says_carries_the_id_of_its_request(name: str) -> None:
    door = door_of(FUNCTIONS[name]["Handler"])
    tree = ast.parse(door.read_text(encoding="utf-8"))

    (handle,) = (
        node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "handle"
    )
    speaks = {
        "housechats.runtime.log.logger",
        "housechats.runtime.queue.work_through",
        "housechats.runtime.routes.answer",
    } & imported(door)

    assert not speaks or [ast.unparse(by) for by in handle.decorator_list] == ["with_request_id"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_who_calls_vk_counts_the_calls(name: str) -> None:
    calls = "VK_API_URL" in FUNCTIONS[name].get("Environment", {}).get("Variables", {})

    counts = imported(door_of(FUNCTIONS[name]["Handler"])) & {
        "housechats.runtime.queue.work_through",
        "housechats.runtime.routes.answer",
        "housechats.runtime.metrics.count_spent",
    }

    assert counts or not calls


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_gets_the_variables_that_its_door_reads_and_no_others(name: str) -> None:
    own = set(FUNCTIONS[name].get("Environment", {}).get("Variables", {}))

    asked = settings_of(door_of(FUNCTIONS[name]["Handler"]))

    assert asked - EVERYWHERE == own


@pytest.mark.parametrize("name", FUNCTIONS)
def test_sam_makes_every_function_from_the_bundle_of_its_capability(name: str) -> None:
    makefile = (ROOT / "functions" / "Makefile").read_text(encoding="utf-8").replace("\\\n", "")
    capability = FUNCTIONS[name]["Handler"].partition(".")[0]

    rules = re.findall(r"^(build-[^:]+):\n\t\$\(PYTHON\) build\.py (\w+) ", makefile, re.MULTILINE)
    made_from = {target: bundle for targets, bundle in rules for target in targets.split()}

    assert made_from[f"build-{name}"] == capability


def test_every_capability_is_known_to_the_import_rules() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]
    independent = next(
        contract for contract in rules["contracts"] if contract["type"] == "independence"
    )

    assert set(rules["root_packages"]) == CAPABILITIES | {"housechats"}
    assert set(independent["modules"]) == CAPABILITIES


def test_every_capability_has_a_function() -> None:
    handled = {function["Handler"].partition(".")[0] for function in FUNCTIONS.values()}

    assert handled == CAPABILITIES


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_shipped_does_not_know_where_it_runs(path: Path) -> None:
    text = path.read_text(encoding="utf-8").lower()

    assert not re.search(r"ministack|localstack|moto\b|emulat|localhost|127\.0\.0\.1", text)
    assert "endpoint_url" not in text


@pytest.mark.parametrize("path", [*LOCAL, *OPERATE], ids=lambda path: str(path.relative_to(ROOT)))
def test_who_runs_or_operates_the_system_uses_it_from_outside_only(path: Path) -> None:
    rooms = {name.partition(".")[0] for name in imported(path)}

    assert not rooms & (CAPABILITIES | {"housechats", "functions", "layers"})


@pytest.mark.parametrize(
    "path",
    [path for path in LOCAL if path.parent.name == "vk"],
    ids=lambda path: path.name,
)
def test_the_sandbox_knows_nothing_but_itself(path: Path) -> None:
    ours = {name for name in imported(path) if name.partition(".")[0] == "local"}

    assert all(name == "local" or name.startswith("local.vk") for name in ours)
