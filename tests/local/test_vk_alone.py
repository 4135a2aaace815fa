"""The sandbox judges our system, so it shares nothing with it: the standard library and itself."""

import ast
import sys
from pathlib import Path

import pytest

ROOM = Path(__file__).parents[2] / "local" / "vk"
MODULES = sorted(ROOM.glob("*.py"))


def imported(module: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("module", [pytest.param(one, id=one.stem) for one in MODULES])
def test_a_module_of_the_sandbox_imports_only_python_and_the_sandbox(module: Path) -> None:
    foreign = {
        name
        for name in imported(module)
        if not (name == "local.vk" or name.startswith("local.vk."))
        and name.partition(".")[0] not in sys.stdlib_module_names
    }

    assert foreign == set()


@pytest.mark.parametrize(
    "name", ["core", "messages", "chats", "files", "script", "journal", "callbacks"]
)
def test_the_core_opens_no_door(name: str) -> None:
    doors = {"socket", "http", "urllib", "subprocess", "pathlib", "os", "random"}

    assert not {one.partition(".")[0] for one in imported(ROOM / f"{name}.py")} & doors
