"""What a good answer of a handler holds, found by letting it answer.

It is called over services that return what their annotations say: once with everything there is,
then without each thing in turn that need not be there, and last without all of them. What is there
each time must be there. So what is documented is what is answered, and mypy holds the annotations
to the code.
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import enum
import functools
import inspect
import json
import sys
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import flask

from counterfoil.core.errors import AppError
from counterfoil.core.operations import NO_ROWS, EncodedRows
from counterfoil.core.people import User
from counterfoil.web.services import Services

Json = dict[str, Any]
# A text that is right where any other is not.
EXAMPLES = {"kind": "entity", "dataset": "invoices"}
# Stands for any value, and as the name of a field for whatever fields there are.
ANYTHING, ANY_NAME = "?", "*"
ALL = "*"  # that need not be there
_PLAIN: Mapping[Any, Any] = {
    str: "x",
    int: 1,
    float: 1.5,
    Decimal: Decimal(1),
    bytes: b"x",
    datetime: datetime(2026, 1, 31, tzinfo=UTC),
    date: date(2026, 1, 31),
    EncodedRows: NO_ROWS,
}


Answer = flask.Response | Mapping[str, Any] | str


def schema(answer: Callable[[Services], Answer]) -> Json:
    """JSON Schema of what it answers. Raises what it raises while nothing is lacking."""
    full = _Draw()
    found = _answered(answer, full)
    for lacking in (*full.asked, ALL):
        with contextlib.suppress(AppError):
            found = merged(found, _answered(answer, _Draw(lacking)))
    return found


def _answered(answer: Callable[[Services], Answer], draw: _Draw) -> Json:
    answered = answer(typing.cast("Services", _Service(Services, draw)))
    text = answered.get_data(as_text=True) if isinstance(answered, flask.Response) else answered
    return _schema(json.loads(text if isinstance(text, str) else json.dumps(text)))


@dataclasses.dataclass
class _Draw:
    """Which of the things are there that need not be; `asked` are all of them, by their places."""

    lacking: str = ""
    asked: dict[str, None] = dataclasses.field(default_factory=dict)

    def has(self, place: str) -> bool:
        self.asked[place] = None
        return self.lacking not in (place, ALL)


def nothing() -> Any:
    """What nobody needs: whatever is asked of it, it is there, and is nothing either."""
    return _Nothing()


class _Nothing:
    def __getattr__(self, name: str) -> Any:
        return _Nothing()

    def __call__(self, *_: Any, **__: Any) -> Any:
        return _Nothing()

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def user(self, authorization: str | None) -> User:
        return User("1", "ana@example.com")


def merged(one: Json, other: Json) -> Json:
    """What allows both."""
    if one == other or not one:
        return one
    if not other:
        return other
    kinds = [*dict.fromkeys([*_kinds(one), *_kinds(other)])]
    if "number" in kinds and "integer" in kinds:
        kinds.remove("integer")
    found: Json = {"type": kinds if len(kinds) > 1 else kinds[0]}
    items = [each["items"] for each in (one, other) if "items" in each]
    if items:  # of an empty list nothing is known
        found["items"] = merged(items[0], items[-1])
    objects = [each for each in (one, other) if "additionalProperties" in each]
    if objects:
        found["properties"] = _fields(objects)
        required = [set(each.get("required", ())) for each in objects]
        found["required"] = [
            name for name in found["properties"] if all(name in it for it in required)
        ]
        rest = [it for each in objects if (it := each["additionalProperties"]) is not False]
        found["additionalProperties"] = merged(rest[0], rest[-1]) if rest else False
    return found


def _fields(objects: list[Json]) -> Json:
    """What one of them does not name may be among the rest of it."""
    names = dict.fromkeys(name for each in objects for name in each["properties"])
    found: Json = {}
    for name in names:
        held = [each["properties"].get(name, each["additionalProperties"]) for each in objects]
        held = [each for each in held if each is not False]
        found[name] = merged(held[0], held[-1])
    return found


def _kinds(schema: Json) -> list[str]:
    kind = schema["type"]
    return kind if isinstance(kind, list) else [kind]


def _schema(value: Any) -> Json:
    match value:
        case str(it) if it == ANYTHING:
            return {}
        case None:
            return {"type": "null"}
        case bool():
            return {"type": "boolean"}
        case int():
            return {"type": "integer"}
        case float():
            return {"type": "number"}
        case str():
            return {"type": "string"}
        case list():
            items = [_schema(each) for each in value]
            return {
                "type": "array",
                **({"items": functools.reduce(merged, items)} if items else {}),
            }
    rest = _schema(value[ANY_NAME]) if ANY_NAME in value else False
    names = {name: _schema(each) for name, each in value.items() if name != ANY_NAME}
    return {
        "type": "object",
        "properties": names,
        "required": list(names),
        "additionalProperties": rest,
    }


class _Open(dict[str, Any]):
    """A mapping of which only is known what kind of values it has."""

    def __missing__(self, name: str) -> Any:
        return self[ANY_NAME]


class _Service:
    """Whatever is asked of it returns what its annotation says."""

    def __init__(self, kind: Any, draw: _Draw) -> None:
        self._kind, self._draw = kind, draw

    def __getattr__(self, name: str) -> Any:
        place = f"{self._kind.__name__}.{name}"
        found = inspect.getattr_static(self._kind, name, None)
        if inspect.isfunction(found):
            return lambda *_, **__: self._sample(_hints(found).get("return"), place)
        hint = _hints(self._kind)[name]
        # What a service is made of are services, and values where it is a setting.
        is_service = isinstance(hint, type) and hint not in _PLAIN
        return _Service(hint, self._draw) if is_service else self._sample(hint, place)

    def _sample(self, hint: Any, place: str) -> Any:
        return _Samples(self._draw).of(hint, place)


@dataclasses.dataclass(frozen=True)
class _Samples:
    """One value for each annotation; `within` are the classes that it is inside of."""

    draw: _Draw
    within: tuple[Any, ...] = ()

    def of(self, hint: Any, place: str) -> Any:
        if hint is bool:
            return self.draw.has(place)
        if hint in (int, str):  # of 0, and of no text, often nothing is said
            return _PLAIN[hint] if self.draw.has(place) else hint()
        if hint in _PLAIN:
            return _PLAIN[hint]
        if hint in (None, type(None)):
            return None
        if hint in (Any, object):
            return ANYTHING
        origin, parts = typing.get_origin(hint), typing.get_args(hint)
        if origin in (typing.Union, types.UnionType):
            return self.of(parts[0] if self.draw.has(place) else parts[-1], place)
        if typing.is_typeddict(hint):
            return {name: self.of(each, f"{place}.{name}") for name, each in _hints(hint).items()}
        if origin is typing.Literal:
            return parts[0]
        if origin is not None:
            return self._held(origin, parts, place)
        if isinstance(hint, type) and issubclass(hint, enum.Enum):
            return next(iter(hint))
        if isinstance(hint, type) and dataclasses.is_dataclass(hint):
            return _Samples(self.draw, (*self.within, hint))._instance(hint, place)
        return _Service(hint, self.draw)

    def _held(self, origin: Any, parts: tuple[Any, ...], place: str) -> Any:
        """Of something that holds others, or makes them."""
        if issubclass(origin, Mapping):
            return _Open({ANY_NAME: self.of(parts[-1], f"{place}.*")})
        if origin is tuple and parts[-1] is not Ellipsis:
            return tuple(self.of(each, f"{place}.{at}") for at, each in enumerate(parts))
        if origin.__name__ == "Callable":
            return lambda *_, **__: self.of(parts[-1], f"{place}()")
        # Of what holds others of its own kind, these hold none.
        is_there = not _names_one(parts[0], self.within) and self.draw.has(place)
        items = [self.of(parts[0], f"{place}[]")] if is_there else []
        return tuple(items) if origin is tuple else items

    def _instance(self, kind: type, place: str) -> Any:
        """Of a dataclass, whose methods are its own; what it works out is what it says it is."""
        worked_out = {
            name: self.of(_hints(each.fget)["return"], f"{place}.{name}")
            for name, each in vars(kind).items()
            if isinstance(each, property)
        }
        hints = _hints(kind)
        fields = {
            each.name: self.of(hints[each.name], f"{place}.{each.name}")
            for each in dataclasses.fields(kind)
            if each.init
        }
        fields |= {name: text for name, text in EXAMPLES.items() if name in fields}
        return type(kind.__name__, (kind,), worked_out)(**fields)


def _names_one(hint: Any, of: tuple[Any, ...]) -> bool:
    return of.count(hint) > 1 or any(_names_one(each, of) for each in typing.get_args(hint))


@functools.cache
def _hints(of: Any) -> dict[str, Any]:
    """By name, those too that a module imports for its annotations alone."""
    return typing.get_type_hints(of, localns=_names(of.__module__))


@functools.cache
def _names(module: str) -> dict[str, Any]:
    held = sys.modules[module]
    tree = ast.parse(inspect.getsource(held))
    found = dict(vars(held))
    for node in tree.body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            imports = ast.Module(
                [each for each in node.body if isinstance(each, ast.ImportFrom)], []
            )
            exec(compile(imports, module, "exec"), found)  # noqa: S102 - our own imports
    return found
