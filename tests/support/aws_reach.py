"""What a function can ask of AWS, read from its code: the door, its use cases, the adapters.

A door opens adapters under the names by which use cases know them (`houses=DynamoHouses(table)`).
From the door on, every function that is named is followed; where a method of such a name is
used, the adapter's own code tells which calls of AWS it makes.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

from support.cloudformation import ROOT

ADAPTERS = "housechats.adapters"
SOURCES = (ROOT / "functions", ROOT / "layers" / "housechats")

KEEPERS = {"change", "run_errands"}
"""What reads and saves records in the store that it is given."""

ACTIONS = {
    "get_item": "dynamodb:GetItem",
    "batch_get_item": "dynamodb:BatchGetItem",
    "put_item": "dynamodb:PutItem",
    "update_item": "dynamodb:UpdateItem",
    # Ours only update, and the right to a transaction is that to what is in it.
    "transact_write_items": "dynamodb:UpdateItem",
    "delete_item": "dynamodb:DeleteItem",
    "scan": "dynamodb:Scan",
    "get_object": "s3:GetObject",
    "put_object": "s3:PutObject",
    "generate_presigned_post": "s3:PutObject",
    # A file that comes piece by piece needs no right but this one, until it is given up.
    "create_multipart_upload": "s3:PutObject",
    "abort_multipart_upload": "s3:AbortMultipartUpload",
    # Who may not list a bucket hears "forbidden" of a file that is not there.
    "NoSuchKey": "s3:ListBucket",
    "delete_object": "s3:DeleteObject",
    "list_objects_v2": "s3:ListBucket",
    "send_message_batch": "sqs:SendMessage",
    "publish": "sns:Publish",
    "get_secret_value": "secretsmanager:GetSecretValue",
    "put_secret_value": "secretsmanager:PutSecretValue",
    "create_secret": "secretsmanager:CreateSecret",
    "create_schedule": "scheduler:CreateSchedule",
    "update_schedule": "scheduler:UpdateSchedule",
    "delete_schedule": "scheduler:DeleteSchedule",
}
"""Methods of clients and answers waited for, as they stand in the adapters, and their rights."""


LENDS_A_ROLE = {"scheduler:CreateSchedule", "scheduler:UpdateSchedule"}
"""What hands a role to somebody who acts later."""
ABOUT_BROADCASTS = ("broadcast.", f"{ADAPTERS}.audiences", f"{ADAPTERS}.messages")
FOLDERS_OF_BROADCASTS = {"broadcasts", "previews"}
"""Where what belongs to a broadcast lies (domain/broadcasts.py): which one, its state decides."""
NAMES_PREVIEWS = "preview_folder"
"""Whoever never asks for the name of a preview's folder is in none."""


@dataclass(frozen=True)
class Place:
    """A definition at the top of a module, or a method of a class there."""

    module: str
    name: str


@dataclass(frozen=True)
class Opened:
    """An adapter as a door opens it: its class or function, and the setting that says on what."""

    adapter: Place
    setting: str = ""
    within: str = ""
    """Where in the bucket it is used: a folder."""
    given: "frozenset[tuple[str, Opened]]" = frozenset()
    """Adapters that it was made of, by its own names for them."""


@dataclass(frozen=True)
class Right:
    """An action of AWS, on what a setting names, or on a part of it."""

    action: str
    setting: str
    part: str = ""


class Module:
    """A module of ours: what it defines, and what it takes from others."""

    def __init__(self, name: str, tree: ast.Module) -> None:
        self.name = name
        self.tree = tree
        self.defined: dict[str, ast.stmt] = {}
        self.imported: dict[str, Place] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    self.imported[alias.asname or alias.name] = Place(node.module, alias.name)
        for statement in tree.body:
            match statement:
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    self.defined[name] = statement
                case ast.Assign(targets=[ast.Name(id=name)]):
                    self.defined[name] = statement
                case ast.AnnAssign(target=ast.Name(id=name)):
                    self.defined[name] = statement

    def method(self, of: str, name: str) -> ast.FunctionDef | None:
        body = getattr(self.defined.get(of), "body", [])
        return next((m for m in body if isinstance(m, ast.FunctionDef) and m.name == name), None)


@cache
def module(name: str) -> Module | None:
    """Return a module of ours; None for everybody else's."""
    for source in SOURCES:
        path = source.joinpath(*name.split(".")).with_suffix(".py")
        if path.is_file():
            return Module(name, ast.parse(path.read_text(encoding="utf-8")))
    return None


def resolve(name: str, seen_from: Module) -> Place | None:
    """Return where a name of a module is defined, if that is with us."""
    if name in seen_from.defined:
        return Place(seen_from.name, name)
    place = seen_from.imported.get(name)
    there = module(place.module) if place else None
    return place if place and there and place.name in there.defined else None


def plain(name: str) -> str:
    """Return the name under which a thing is held: so is what `_pace_of` and `late_pages` give."""
    return name.lstrip("_").removeprefix("late_").removesuffix("_of").removesuffix("_at")


def owner_of(expression: ast.expr) -> str:
    """Return by which name something is held: `desk.houses`, `self._houses` are `houses`."""
    match expression:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return plain(name)
        case ast.Call(func=function):
            return owner_of(function)
        case ast.Subscript(value=held):
            return owner_of(held)
    return ""


class Reach:
    """Everything that one door can ask of AWS."""

    def __init__(self, door: str, *, folder_of_events: str) -> None:
        found = module(door)
        assert found, door
        if "handle" not in found.defined:  # the same work as another door's
            found = module(found.imported["handle"].module)
            assert found, door
        self._door = found
        self._folder_of_events = folder_of_events
        self._held: dict[str, set[Opened]] = {}
        self._seen: set[tuple[Place, Opened | None]] = set()
        self.rights: set[Right] = set()
        self._see_what_is_opened()
        for there in (found, *_routes(found)):
            for name in there.defined:
                self._follow(Place(there.name, name))
        if NAMES_PREVIEWS not in {place.name for place, _ in self._seen}:
            self.rights = {right for right in self.rights if right.part != "/previews/*"}

    # ------------------------------------------------------------ what is opened, by which name

    def _see_what_is_opened(self) -> None:
        known = -1
        while known != (known := sum(map(len, self._held.values()))):
            for node in ast.walk(self._door.tree):
                match node:
                    case ast.Assign(targets=[ast.Name(id=name)], value=value):
                        self._hold(name, value)
                    case ast.Assign(targets=[ast.Tuple(elts=to)], value=ast.Tuple(elts=values)):
                        for name, value in zip(map(owner_of, to), values, strict=True):
                            self._hold(name, value)
                    case ast.keyword(arg=str(name), value=value):
                        self._hold(name, value)
                    case ast.Call():
                        self._hold_bundle(node)
                        self._hold_given(node)

    def _hold_given(self, call: ast.Call) -> None:
        """Hold what a class is made of by the names that it has for it."""
        made = _called(call.func, self._door)
        if made is None:
            return
        for name, value in zip(_taken_by(made), call.args, strict=False):
            # Which bucket an adapter's files are in, it knows itself: others' are called so too.
            if not (_is_adapter(made) and _is_bucket(self._opened(value))):
                self._hold(name, value)

    def _hold_bundle(self, call: ast.Call) -> None:
        """Hold what a function of the adapters opens for a door: `open_gate(table)`."""
        place = resolve(owner_of(call.func), self._door)
        there = module(place.module) if place and _is_adapter(place) else None
        if not place or not there or not isinstance(there.defined[place.name], ast.FunctionDef):
            return
        on = {opened.setting for given in call.args for opened in self._opened(given)}
        for made in _returned(there.defined[place.name]):
            for keyword in getattr(made, "keywords", ()):
                match keyword:
                    case ast.keyword(arg=str(name), value=ast.Call(func=ast.Name(id=called))):
                        adapter = resolve(called, there)
                        if adapter and _is_adapter(adapter):
                            held = self._held.setdefault(name, set())
                            held |= {Opened(adapter, setting) for setting in on}

    def _hold(self, name: str, value: ast.expr) -> None:
        self._held.setdefault(plain(name), set()).update(self._opened(value))

    def _opened(self, value: ast.expr) -> set[Opened]:
        match value:
            case ast.Name(id=name):
                return self._held.get(name, set())
            case ast.Lambda(body=body):
                return self._opened(body)
            case ast.Dict(values=values):
                return set(chain(*map(self._opened, values)))
            case ast.Attribute(value=ast.Name() as maker, attr=method):
                return self._made_by(maker, method)
            case ast.Call(func=ast.Attribute(value=ast.Name() as maker, attr=method)):
                return self._made_by(maker, method)
            case ast.Call(func=ast.Name(id=called), args=[*given]):
                place = resolve(called, self._door)
                if called == "partial" and isinstance(given[0], ast.Name):
                    place, given = resolve(given[0].id, self._door), given[1:]
                if place and place.module.startswith(ADAPTERS):
                    return {Opened(place, _setting(given), given=self._given_to(place, given))}
                if place and place.module == self._door.name:
                    return set(chain(*map(self._opened, _returned(self._door.defined[place.name]))))
        return set()

    def _given_to(self, adapter: Place, given: list[ast.expr]) -> "frozenset[tuple[str, Opened]]":
        names = _taken_by(adapter)
        return frozenset(
            (plain(name), opened)
            for name, value in zip(names, given, strict=False)
            for opened in self._opened(value)
        )

    def _made_by(self, maker: ast.Name, method: str) -> set[Opened]:
        """Return what a method of an adapter gives, as its annotation says: another adapter."""
        made = set()
        for opened in self._held.get(plain(maker.id), ()):
            there = module(opened.adapter.module)
            node = there.method(opened.adapter.name, method) if there else None
            if there and node and isinstance(node.returns, ast.Name):
                place = resolve(node.returns.id, there)
                made |= {Opened(place)} if place and _is_adapter(place) else set()
        return made

    # ------------------------------------------------------------ what is done with it

    def _follow(self, place: Place, opened: Opened | None = None) -> None:
        """Look through a function, a class or a constant, and all that it names."""
        there = module(place.module)
        if there is None or (place, opened) in self._seen:
            return
        self._seen.add((place, opened))
        whole, _, method = place.name.partition(".")
        node = there.method(whole, method) if method else there.defined[whole]
        # An adapter does what its methods do that are used; anything else may do all it can.
        if node is None or (isinstance(node, ast.ClassDef) and _is_adapter(place)):
            return
        for part in ast.walk(node):
            match part:
                case ast.Name(id=name):
                    self._follow_name(name, there, opened)
                case ast.Call(func=ast.Name(id=name)) if name in KEEPERS:
                    self._follow_store(part)
                case ast.Call(func=ast.Attribute(value=held, attr=name), args=[*given]):
                    self._follow_call(held, name, given, (there, node), part.keywords, opened)
                case ast.Attribute(value=ast.Name(id="self"), attr=name) if method:
                    self._follow(Place(place.module, f"{whole}.{name}"), opened)
                case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                    self._follow_module(name, attribute, there)
                    self._follow_handed_on(name, attribute)
            if _is_adapter(place):
                self._note(part, opened)

    def _follow_name(self, name: str, there: Module, opened: Opened | None) -> None:
        place = resolve(name, there)
        if place is None:
            return
        if not _is_adapter(place):
            self._follow(place)
        elif _is_adapter(Place(there.name, "")):
            self._follow(place, opened)
        else:
            for each in chain(*self._held.values()):
                if each.adapter == place:
                    self._follow(place, each)

    def _follow_module(self, name: str, attribute: str, there: Module) -> None:
        if place := _in_module(name, attribute, there):
            self._follow(place)

    def _follow_store(self, call: ast.Call) -> None:
        """Follow what is done with the store that a record is changed in."""
        for given in (*call.args, *(keyword.value for keyword in call.keywords)):
            for method in ("get", "save"):
                self._follow_handed_on(owner_of(given), method)

    def _follow_handed_on(self, name: str, method: str) -> None:
        """Follow a method that is handed on to be called there: `VkPages(apis.at)`."""
        for opened in self._held.get(plain(name), ()):
            there = module(opened.adapter.module)
            # What these are given tells their rights.
            of_aws = opened.adapter.name in {"Table", "S3Files"}
            if there and not of_aws and there.method(opened.adapter.name, method):
                self._follow(Place(there.name, f"{opened.adapter.name}.{method}"), opened)

    def _follow_call(
        self,
        held: ast.expr,
        method: str,
        given: list[ast.expr],
        scope: tuple[Module, ast.AST],
        keywords: list[ast.keyword],
        within: Opened | None,
    ) -> None:
        for opened in self._meant(held, scope[1], within):
            there = module(opened.adapter.module)
            if not there or not there.method(opened.adapter.name, method):
                continue
            place = Place(there.name, f"{opened.adapter.name}.{method}")
            if opened.adapter.name == "Table" and method.startswith("query"):
                indexes = [_text(k.value) for k in keywords if k.arg == "index"]
                part = f"/index/{indexes[0]}" if indexes else ""
                self.rights.add(Right("dynamodb:Query", opened.setting, part))
            elif opened.adapter.name == "S3Files" and method == "copy":
                for right, key in zip(("s3:GetObject", "s3:PutObject"), given, strict=True):
                    for folder in self._folders(key, *scope):
                        self.rights.add(Right(right, opened.setting, f"/{folder}/*"))
            elif opened.adapter.name == "S3Files":
                for folder in self._folders(given[0], *scope):
                    self._follow(place, replace(opened, within=f"/{folder}/*"))
            else:
                self._follow(place, opened)

    def _meant(self, held: ast.expr, scope: ast.AST, within: Opened | None) -> "set[Opened]":
        """Return what is held by a name: an adapter's own things before the door's."""
        name = owner_of(held)
        own = {each for named, each in within.given if named == name} if within else set()
        if found := own or self._held.get(name, set()):
            return found
        if not isinstance(held, ast.Name):
            return set()
        # `queue = self.emergencies if one.is_urgent else self.deliveries`
        told = (value for value in _assigned(held.id, scope) if isinstance(value, ast.IfExp))
        either = chain(*((owner_of(value.body), owner_of(value.orelse)) for value in told))
        return set(chain(*(self._held.get(each, ()) for each in either)))

    def _note(self, part: ast.AST, opened: Opened | None) -> None:
        named = getattr(part, "attr", None) or getattr(part, "value", None)
        action = ACTIONS.get(named) if isinstance(named, str) else None
        if action and opened:
            part_of = "" if action == "s3:ListBucket" else opened.within
            if action.startswith("secretsmanager:"):
                part_of = "/*"  # a secret for each, under one prefix
            if action.startswith("scheduler:"):
                part_of = "/*"  # a schedule for each, in one group
            if action in LENDS_A_ROLE:
                self.rights.add(Right("iam:PassRole", "SCHEDULES_ROLE_ARN"))
            self.rights.add(Right(action, opened.setting, part_of))

    # ------------------------------------------------------------ where in a bucket

    def _folders(self, key: ast.expr, there: Module, scope: ast.AST) -> set[str]:
        """Return the folders in which a key of a file may lie."""
        of_broadcasts = there.name.startswith(ABOUT_BROADCASTS)
        match key:
            case ast.JoinedStr(values=[first, *_]) if found := self._begins(first, there, scope):
                return found
            case ast.IfExp(body=one, orelse=other):
                return self._folders(one, there, scope) | self._folders(other, there, scope)
            case ast.Call(func=ast.Name(id=name)):
                return self._folders_of(resolve(name, there))
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=function)):
                place = there.imported[name]
                return self._folders_of(Place(f"{place.module}.{place.name}", function))
            case ast.Attribute(attr="key") if not of_broadcasts:  # an event of the bucket told it
                return {self._folder_of_events}
            case ast.Name(id=name):
                own = [(value, there, scope) for value in _assigned(name, scope)]
                if values := [*own, *_given(name, scope, there)]:
                    return set(chain(*(self._folders(*value) for value in values)))
        assert of_broadcasts, f"{there.name}: what file is {ast.unparse(key)}?"
        return FOLDERS_OF_BROADCASTS

    def _begins(self, first: ast.expr, there: Module, scope: ast.AST) -> set[str]:
        """Return the folders with which a key begins; none if it is not said here."""
        match first:
            case ast.Constant(value=str(start)):
                return {start.partition("/")[0]}
            case ast.FormattedValue(value=ast.Name(id=name)) if name in there.defined:
                return {_text(getattr(there.defined[name], "value"))}  # noqa: B009 - an Assign
            case ast.FormattedValue(value=ast.Call() as made):
                return self._folders(made, there, scope)
        return set()

    def _folders_of(self, function: Place | None) -> set[str]:
        there = module(function.module) if function else None
        assert function
        assert there
        node = there.defined[function.name]
        return set(chain(*(self._folders(value, there, node) for value in _returned(node))))


def _routes(door: Module) -> Iterator[Module]:
    """Yield the modules of routes that a door includes: the framework calls what is in them."""
    for place in door.imported.values():
        there = module(f"{place.module}.{place.name}")
        if there and "router" in there.defined:
            yield there


def _in_module(name: str, attribute: str, there: Module) -> Place | None:
    """Return where `seed.Queues` is defined, if `seed` is a module of ours."""
    place = there.imported.get(name)
    inside = module(f"{place.module}.{place.name}") if place else None
    return Place(inside.name, attribute) if inside and attribute in inside.defined else None


def _called(made: ast.expr, there: Module) -> Place | None:
    """Return what `Desk(...)` or `seed.Desk(...)` names."""
    match made:
        case ast.Name(id=name):
            return resolve(name, there)
        case ast.Attribute(value=ast.Name(id=name), attr=attribute):
            return _in_module(name, attribute, there)
    return None


def _is_bucket(opened: set[Opened]) -> bool:
    return any(each.adapter.name == "S3Files" for each in opened)


def _taken_by(place: Place) -> list[str]:
    """Return the names under which a class takes what it is made of."""
    there = module(place.module)
    if not there:
        return []
    if maker := there.method(place.name, "__init__"):
        return [argument.arg for argument in maker.args.args[1:]]
    body = getattr(there.defined[place.name], "body", [])
    return [owner_of(field.target) for field in body if isinstance(field, ast.AnnAssign)]


def _is_adapter(place: Place) -> bool:
    return place.module.startswith(ADAPTERS)


def _setting(given: list[ast.expr]) -> str:
    """Return the setting with which an adapter is opened: the first of its arguments."""
    return given[0].attr.upper() if given and isinstance(given[0], ast.Attribute) else ""


def _text(value: ast.expr) -> str:
    return str(ast.literal_eval(value))


def _returned(function: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node.value:
            yield node.value


def _assigned(name: str, scope: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                yield value


def _given(name: str, scope: ast.AST, there: Module) -> Iterator[tuple[ast.expr, Module, ast.AST]]:
    """Yield what callers give for a parameter of a function, in its own module or beside it."""
    if not isinstance(scope, ast.FunctionDef) or name not in (a.arg for a in scope.args.args):
        return
    place = [argument.arg for argument in scope.args.args].index(name)
    for beside in _beside(there):
        for caller in beside.defined.values():
            for node in ast.walk(caller):
                match node:
                    case ast.Call(func=ast.Name(id=called), args=given) if (
                        called == scope.name and len(given) > place
                    ):
                        yield given[place], beside, caller


def _beside(there: Module) -> Iterator[Module]:
    """Yield a module, and if it is a capability's, those beside it."""
    yield there
    package = ROOT / "functions" / there.name.partition(".")[0]
    for path in package.glob("*.py"):
        found = module(f"{package.name}.{path.stem}")
        if found and found.name != there.name:
            yield found
