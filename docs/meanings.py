"""What fields and values mean: the texts that stand below them in the code."""

import ast
import inspect
import sys
from collections.abc import Iterator
from enum import Enum
from functools import cache
from types import ModuleType


def classes_called(name: str, rooms: tuple[str, ...]) -> list[type]:
    """Return the classes of a name that loaded modules of these rooms define."""
    found = (
        (module, vars(module).get(name))
        for key, module in sorted(sys.modules.items())
        if key.partition(".")[0] in rooms
    )
    return [
        thing
        for module, thing in found
        if inspect.isclass(thing) and thing.__module__ == module.__name__
    ]


def meaning(kind: type) -> str:
    """Return what a class says of itself: not what dataclasses and enums say for it."""
    return ast.get_docstring(_classes(sys.modules[kind.__module__])[kind.__name__]) or ""


def meanings(kind: type) -> dict[str, str]:
    """Return the meaning of each field or value; those of the bases are inherited."""
    found: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        if getattr(sys.modules[base.__module__], "__file__", None):
            node = _classes(sys.modules[base.__module__]).get(base.__name__)
            found |= dict(_told(node)) if node else {}
    return found


def values_told(kind: type[Enum]) -> str:
    """Write a list of those values that have a meaning of their own to tell."""
    told = meanings(kind)
    return "\n".join(f"- `{one.value}`: {told[one.name]}" for one in kind if one.name in told)


@cache
def _classes(module: ModuleType) -> dict[str, ast.ClassDef]:
    body = ast.parse(inspect.getsource(module)).body
    return {node.name: node for node in body if isinstance(node, ast.ClassDef)}


def _told(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Yield names with the string that stands below them."""
    for line, below in zip(node.body, node.body[1:], strict=False):
        match line, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, " ".join(text.split())
