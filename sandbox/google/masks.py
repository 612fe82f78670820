"""Field masks: `sheets(properties.title,data/rowData),namedRanges`. Pure.

https://developers.google.com/workspace/sheets/api/guides/field-masks
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.google.sheets_contract import Schema, Violation, definitions

# A tree of names; an empty one means everything below, "*" as a name means any name.
Mask = dict[str, Any]

_TOKEN = re.compile(r"\s*([A-Za-z_]\w*|[*(),./])")


def parse(text: str, schema: str) -> Mask:
    """The mask, its names checked against the schema of what it masks. Raises Violation."""
    tokens: list[str] = []
    position = 0
    while position < len(text.rstrip()):
        match = _TOKEN.match(text, position)
        if match is None:
            raise Violation(f"Invalid field mask: {text}")
        tokens.append(match[1])
        position = match.end()
    mask = _list(tokens, text)
    if tokens or not mask:
        raise Violation(f"Invalid field mask: {text}")
    _check(mask, {"$ref": f"#/$defs/{schema}"}, text)
    return mask


def covers(mask: Mask, path: tuple[str, ...]) -> bool:
    """Whether the mask names that field, something above it, or everything."""
    for name in path:
        if not mask or "*" in mask:
            return True
        if name not in mask:
            return False
        mask = mask[name]
    return True


def leaves(mask: Mask, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The paths at which the mask ends."""
    if not mask:
        return [path]
    return [leaf for name, below in mask.items() for leaf in leaves(below, (*path, name))]


def kept(mask: Mask, value: Any) -> Any:
    """The part of an answer that the mask names."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [kept(mask, item) for item in value]
    if isinstance(value, dict):
        return {name: kept(mask[name], inner) for name, inner in value.items() if name in mask}
    return value


def _list(tokens: list[str], text: str) -> Mask:
    mask: Mask = {}
    while tokens:
        below = mask
        while True:
            name = tokens.pop(0) if tokens else ""
            if not (name == "*" or name.isidentifier()):
                raise Violation(f"Invalid field mask: {text}")
            below = below.setdefault(name, {})
            if not tokens or tokens[0] not in "./":
                break
            tokens.pop(0)
        if tokens and tokens[0] == "(":
            tokens.pop(0)
            below.update(_list(tokens, text))
            if not tokens or tokens.pop(0) != ")":
                raise Violation(f"Invalid field mask: {text}")
        if not tokens or tokens[0] != ",":
            break
        tokens.pop(0)
    return mask


def _check(mask: Mask, schema: Schema, text: str) -> None:
    while "$ref" in schema or schema.get("type") == "array":
        schema = schema.get("items") or definitions()[schema["$ref"].rpartition("/")[2]]
    for name, below in mask.items():
        if name == "*":
            continue
        fields = schema.get("properties", {})
        if name not in fields:
            raise Violation(f"Invalid field: {name} (in the mask {text})")
        _check(below, fields[name], text)
