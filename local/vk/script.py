"""`execute`: a list of calls with references to earlier results, and no more of VKScript."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from local.vk.errors import VkError, bad

MOST_CALLS = 25
DEEPEST = 20  # far more than a keyboard or a list of results needs
TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>"(?:[^"\\]|\\.)*")
    | (?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?![0-9A-Za-z_]))
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<mark>[][{}(),:;=.])
    | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
RESERVED = {"var", "return", "API", "true", "false", "null"}


@dataclass(frozen=True, slots=True)
class Literal:
    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Reference:
    """A result and the way into it: `b[0].conversation_message_id`."""

    name: str
    path: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    items: tuple[tuple[str, "Node"], ...]


@dataclass(frozen=True, slots=True)
class Inner:
    method: str
    arguments: Mapping


T = TypeVar("T")
Node = Literal | Reference | Sequence | Mapping | Inner


@dataclass(frozen=True, slots=True)
class Program:
    """`steps` are what is done in order, with the name of the result or ""; then `result`."""

    steps: tuple[tuple[str, Node], ...]
    result: Node


@dataclass(frozen=True, slots=True)
class Failed:
    method: str
    code: int
    message: str


def _compile_error(why: str) -> NoReturn:
    raise VkError(12, why)


def _tokens(code: str) -> Iterator[tuple[str, str]]:
    position = 0
    while True:
        match = TOKEN.match(code, position)
        if match is None:
            _compile_error(f"unexpected symbol at {position}")
        kind = str(match.lastgroup)
        yield kind, match[kind]
        if kind == "end":
            return
        position = match.end()


class _Parser:
    def __init__(self, code: str) -> None:
        self._tokens = list(_tokens(code))
        self._at = 0
        self._known: set[str] = set()
        self._depth = 0
        self.calls = 0

    def program(self) -> Program:
        steps = []
        while self._ahead() != ("word", "return"):
            steps.append(self._step())
        self._at += 1
        result = self._value()
        self._mark(";")
        if self._ahead()[0] != "end":
            _compile_error("something follows return")
        return Program(tuple(steps), result)

    def _step(self) -> tuple[str, Node]:
        if self._ahead() != ("word", "var"):
            call = self._value()
            if not isinstance(call, Inner):
                _compile_error("a statement is a call, a var or the return")
            self._mark(";")
            return "", call
        self._at += 1
        name = self._word()
        if name in RESERVED or name in self._known:
            _compile_error(f"{name} cannot be a new name")
        self._mark("=")
        value = self._value()
        self._mark(";")
        self._known.add(name)
        return name, value

    def _value(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            _compile_error("it is nested too deeply")
        value = self._one_value()
        self._depth -= 1
        return value

    def _one_value(self) -> Node:
        kind, text = self._next()
        if kind == "string":
            return Literal(_string(text))
        if kind == "number":
            return Literal(float(text) if "." in text else int(text))
        if (kind, text) == ("mark", "["):
            return Sequence(tuple(self._listed("]", self._value)))
        if (kind, text) == ("mark", "{"):
            return Mapping(tuple(self._listed("}", self._pair)))
        if kind == "word":
            return self._named(text)
        return _compile_error(f"a value was expected, not {text or 'the end'}")

    def _named(self, word: str) -> Node:
        constants: dict[str, bool | None] = {"true": True, "false": False, "null": None}
        if word in constants:
            return Literal(constants[word])
        if word == "API":
            return self._call()
        if word not in self._known:
            _compile_error(f"{word} is not known")
        path: list[str | int] = []
        while self._ahead() in {("mark", "."), ("mark", "[")}:
            _, mark = self._next()
            path.append(self._word() if mark == "." else self._index())
        return Reference(word, tuple(path))

    def _call(self) -> Inner:
        self._mark(".")
        section = self._word()
        self._mark(".")
        method = f"{section}.{self._word()}"
        self._mark("(")
        arguments: Node = Mapping(())
        if self._ahead() != ("mark", ")"):
            arguments = self._value()
        self._mark(")")
        if not isinstance(arguments, Mapping):
            _compile_error("a call takes an object")
        self.calls += 1
        return Inner(method, arguments)

    def _pair(self) -> tuple[str, Node]:
        kind, text = self._next()
        if kind not in {"string", "word"}:
            _compile_error("a name was expected")
        self._mark(":")
        return _string(text) if kind == "string" else text, self._value()

    def _listed(self, closing: str, one: Callable[[], T]) -> Iterator[T]:
        if self._ahead() == ("mark", closing):
            self._at += 1
            return
        while True:
            yield one()
            mark = self._next()
            if mark == ("mark", closing):
                return
            if mark != ("mark", ","):
                _compile_error(f"{closing} was expected")

    def _index(self) -> int:
        kind, text = self._next()
        if kind != "number" or not text.isdigit():
            _compile_error("an index is a number")
        self._mark("]")
        return int(text)

    def _word(self) -> str:
        kind, text = self._next()
        if kind != "word":
            _compile_error("a name was expected")
        return text

    def _mark(self, mark: str) -> None:
        if self._next() != ("mark", mark):
            _compile_error(f"{mark} was expected")

    def _ahead(self) -> tuple[str, str]:
        return self._tokens[self._at]

    def _next(self) -> tuple[str, str]:
        token = self._ahead()
        if token[0] == "end":
            _compile_error("it ends too early")
        self._at += 1
        return token


def _string(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        _compile_error("a string is not JSON")


def parse(code: str) -> Program:
    """Read a script; error 12 if it is anything but calls, references and a return."""
    parser = _Parser(code)
    program = parser.program()
    if parser.calls > MOST_CALLS:
        raise VkError(13, f"more than {MOST_CALLS} API calls")
    return program


class _Run:
    def __init__(self, perform: Callable[[str, dict[str, str]], Any]) -> None:
        self._perform = perform
        self.results: dict[str, Any] = {}
        self.failed: list[Failed] = []

    def value(self, node: Node) -> Any:
        match node:
            case Literal():
                return node.value
            case Reference():
                return self._referred(node)
            case Sequence():
                return [self.value(item) for item in node.items]
            case Mapping():
                return {name: self.value(item) for name, item in node.items}
            case Inner():
                return self._called(node)

    def _referred(self, node: Reference) -> Any:
        found = self.results[node.name]
        for key in node.path:
            if isinstance(key, str):
                found = found.get(key) if isinstance(found, dict) else None
            elif isinstance(found, list) and key < len(found):
                found = found[key]
            else:
                found = None
        return found

    def _called(self, node: Inner) -> Any:
        try:
            given = {name: self._argument(name, item) for name, item in node.arguments.items}
            return self._perform(node.method, {k: v for k, v in given.items() if v is not None})
        except VkError as error:
            self.failed.append(Failed(node.method, error.code, error.message))
            return False

    def _argument(self, name: str, node: Node) -> str | None:
        """Turn a value into what the method is given; null and a failed call give nothing."""
        value = self.value(node)
        if value is None or (value is False and not isinstance(node, Literal)):
            return None
        if isinstance(value, list):
            if any(isinstance(item, list | dict) or item is None for item in value):
                raise bad(name, "is not a list of plain values")
            return ",".join(_plain(item) for item in value)
        if isinstance(value, dict):
            raise bad(name, "is an object")
        return _plain(value)


def _plain(value: str | float | bool) -> str:  # noqa: FBT001 - VKScript's values
    return str(int(value)) if isinstance(value, bool) else str(value)


def run(
    program: Program, perform: Callable[[str, dict[str, str]], Any]
) -> tuple[Any, list[Failed]]:
    """Do the calls in order: a failed one gives false, and whatever refers to it gets null."""
    running = _Run(perform)
    for name, node in program.steps:
        value = running.value(node)
        if name:
            running.results[name] = value
    return running.value(program.result), running.failed
