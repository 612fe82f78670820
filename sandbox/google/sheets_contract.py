"""The Sheets API's own description, as the check that every request and every answer passes.

The discovery document ships inside google-api-python-client. It becomes JSON Schema that allows
no unknown field, and the schema becomes a checker that is fast enough for a million cells
(the jsonschema package needs 40 µs for each; a test holds the two together).
"""

from __future__ import annotations

import functools
import importlib.resources
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

Schema = dict[str, Any]
Check = Callable[[Any, str], None]
# What each JSON type is in Python. The server takes 3.0 for an integer and 3 for a number.
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


class Violation(Exception):
    """A request or an answer that the description does not allow; says where."""


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the API, such as "spreadsheets.values.get"."""

    id: str
    verb: str
    path: re.Pattern[str]
    parameters: Mapping[str, Schema] = field(repr=False)
    request: str | None
    response: str

    @property
    def writes(self) -> bool:
        """Whether Google counts it as a write: what it changes, not the verb, decides."""
        reading = ("get", "getByDataFilter", "batchGet", "batchGetByDataFilter", "search")
        return self.id.rpartition(".")[2] not in reading


@functools.cache
def document() -> Schema:
    folder = importlib.resources.files("googleapiclient.discovery_cache") / "documents"
    loaded: Schema = json.loads((folder / "sheets.v4.json").read_text("utf-8"))
    return loaded


@functools.cache
def definitions() -> dict[str, Schema]:
    """Every schema of the document as JSON Schema."""
    return {name: _converted(schema) for name, schema in document()["schemas"].items()}


def json_schema(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}", "$defs": definitions()}


def check(name: str, value: Any) -> None:
    """Raises Violation when `value` is not what the description calls `name`."""
    _checker(name)(value, "")


@functools.cache
def methods() -> tuple[Method, ...]:
    return tuple(_methods(document()["resources"], document()["parameters"]))


def find(verb: str, raw_path: str) -> tuple[Method, dict[str, str]] | None:
    """The method for a request and its path parameters; `raw_path` is still percent-encoded."""
    for method in methods():
        match = method.path.fullmatch(raw_path) if method.verb == verb else None
        if match:
            return method, {name: unquote(value) for name, value in match.groupdict().items()}
    return None


def query(method: Method, arguments: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Query parameters in their types: repeated ones as lists. Raises Violation."""
    read: dict[str, Any] = {}
    for name, texts in arguments.items():
        schema = method.parameters.get(name)
        if schema is None or schema["location"] != "query":
            raise Violation(f'Unknown name "{name}": Cannot bind query parameter.')
        values = [_parameter(name, schema, text) for text in texts]
        read[name] = values if schema.get("repeated") else values[-1]
    return read


def _parameter(name: str, schema: Schema, text: str) -> Any:
    if schema["type"] == "boolean":
        if text.lower() not in ("true", "false"):
            raise Violation(f"Invalid value at '{name}' (TYPE_BOOL), \"{text}\"")
        return text.lower() == "true"
    if schema["type"] == "integer":
        if not re.fullmatch(r"-?\d+", text):
            raise Violation(f"Invalid value at '{name}' (TYPE_INT32), \"{text}\"")
        return int(text)
    if "enum" in schema and text not in schema["enum"]:
        raise Violation(f"Invalid value at '{name}', \"{text}\"")
    return text


def _methods(resources: Schema, common: Schema) -> Iterator[Method]:
    for resource in resources.values():
        for method in resource.get("methods", {}).values():
            yield Method(
                method["id"].removeprefix("sheets."),
                method["httpMethod"],
                _path(method["flatPath"]),
                {**common, **method["parameters"]},
                method.get("request", {}).get("$ref"),
                method["response"]["$ref"],
            )
        yield from _methods(resource.get("resources", {}), common)


def _path(flat: str) -> re.Pattern[str]:
    parts = re.split(r"\{\+?(\w+)\}", flat)
    texts = (re.escape(p) if i % 2 == 0 else f"(?P<{p}>[^/]+?)" for i, p in enumerate(parts))
    return re.compile("/" + "".join(texts))


def _converted(schema: Schema) -> Schema:
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{schema['$ref']}"}
    kind = schema.get("type")
    if kind in (None, "any"):
        return {}
    made: Schema = {"type": kind}
    if kind == "string" and schema.get("format") in ("int64", "uint64"):
        made["type"] = ["string", "integer"]  # JSON cannot hold them; the server takes both
    if "enum" in schema:
        made["enum"] = schema["enum"]
    if kind == "array":
        made["items"] = _converted(schema["items"])
    if kind == "object":
        fields = schema.get("properties", {})
        made["properties"] = {name: _converted(field) for name, field in fields.items()}
        more = schema.get("additionalProperties")
        made["additionalProperties"] = _converted(more) if more is not None else False
    return made


@functools.cache
def _checker(name: str) -> Check:
    return _compiled(definitions()[name])


def _compiled(schema: Schema) -> Check:
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        # Looked up at the first use: the schemas refer to each other in circles.
        return lambda value, where: _checker(name)(value, where)
    if "type" not in schema:
        return lambda value, where: None
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return _typed(tuple(t for k in kinds for t in _TYPES[k]), schema)


def _typed(types: tuple[type, ...], schema: Schema) -> Check:
    inside = _inside(schema)
    boolean = bool in types

    def run(value: Any, where: str) -> None:
        if not isinstance(value, types) or (isinstance(value, bool) and not boolean):
            whole = isinstance(value, float) and int in types and value.is_integer()
            if not whole:
                raise Violation(f"Invalid value at '{where}' ({schema['type']}), {value!r:.80}")
        inside(value, where)

    return run


def _inside(schema: Schema) -> Check:
    if "enum" in schema:
        allowed = frozenset(schema["enum"])
        return lambda value, where: _must_be_one_of(allowed, value, where)
    if schema["type"] == "array":
        item = _compiled(schema["items"])
        return lambda value, where: _each(item, value, where)
    if schema["type"] == "object":
        fields = {name: _compiled(field) for name, field in schema["properties"].items()}
        more = schema["additionalProperties"]
        other = None if more is False else _compiled(more)
        return lambda value, where: _fields(fields, other, value, where)
    return lambda value, where: None


def _must_be_one_of(allowed: frozenset[str], value: Any, where: str) -> None:
    if value not in allowed:
        raise Violation(f"Invalid value at '{where}', \"{value:.80}\"")


def _each(item: Check, values: list[Any], where: str) -> None:
    for i, value in enumerate(values):
        item(value, f"{where}[{i}]")


def _fields(fields: dict[str, Check], other: Check | None, value: Schema, where: str) -> None:
    for name, inner in value.items():
        field = fields.get(name, other)
        if field is None:
            at = f" at '{where}'" if where else ""
            raise Violation(f'Unknown name "{name}"{at}: Cannot find field.')
        field(inner, f"{where}.{name}" if where else name)
