"""Values of options as a request brings them: read by their kind, or refused by their name."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from typing import Any, TypeVar

from counterfoil.core import readings
from counterfoil.core.errors import BadRequest
from counterfoil.core.readings import tell

_MOST_COLUMNS = 1_000  # more than any dataset has
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}", re.ASCII)
_Kind = TypeVar("_Kind", bound=enum.StrEnum)


def column_keys(options: Mapping[str, Any]) -> list[str] | None:
    keys = options.get("columns")
    if keys is None:
        return None
    if not isinstance(keys, list) or len(keys) > _MOST_COLUMNS:
        raise BadRequest("The columns must be a list of their keys.")
    if not keys:
        raise BadRequest("Choose at least one column.")
    for key in keys:
        if not isinstance(key, str):
            raise BadRequest("The columns must be a list of their keys.")
    return keys


def day_text(options: Mapping[str, Any], name: str) -> str | None:
    tell(name, {"type": ["string", "null"], "format": "date"})
    value = options.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > 100:
        raise BadRequest(f'"{name}" must be a date, such as 2026-01-31.', option=name)
    return value


def flag(options: Mapping[str, Any], name: str) -> bool:
    tell(name, {"type": ["boolean", "null"]})
    value = options.get(name)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise BadRequest(f'"{name}" must be true or false.', option=name)
    return value


def one_of(options: Mapping[str, Any], name: str, kinds: type[_Kind], default: _Kind) -> _Kind:
    tell(name, readings.one_of(*kinds))
    value = options.get(name)
    if value is None:
        return default
    for kind in kinds:
        if value == kind.value:
            return kind
    raise BadRequest(f'"{name}" takes {", ".join(kinds)}.', option=name)


def mapping(options: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    tell(name, {"type": ["object", "null"]})
    value = options.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise BadRequest(f'"{name}" must be a list of names with their values.', option=name)
    return value


def named(key: str) -> str:
    """The culprit's name, if it could be one: anything else is not repeated."""
    return f'"{key}"' if _KEY.fullmatch(key) else "of that name"


def detail(key: str) -> dict[str, str]:
    return {"unknown": key} if _KEY.fullmatch(key) else {}
