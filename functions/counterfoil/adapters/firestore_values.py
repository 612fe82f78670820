"""Records as Firestore's typed values, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from google.cloud.firestore_v1.types import Value


def fields(data: Mapping[str, Any]) -> dict[str, Value]:
    """`data` must have passed `record_shape.encoded`: nothing is checked here."""
    return {name: value(item) for name, item in data.items()}


def value(item: Any) -> Value:
    # bool before int: True is an int to Python.
    if item is None:
        return Value(null_value=0)
    if isinstance(item, bool):
        return Value(boolean_value=item)
    if isinstance(item, int):
        return Value(integer_value=item)
    if isinstance(item, str):
        return Value(string_value=item)
    if isinstance(item, datetime):
        return Value(timestamp_value=item.astimezone(UTC))
    if isinstance(item, Mapping):
        return Value(map_value={"fields": fields(item)})
    return Value(array_value={"values": [value(each) for each in item]})


def plain(held: Mapping[str, Value]) -> dict[str, Any]:
    """The record: text, whole numbers, booleans, None, lists, maps, aware datetimes in UTC."""
    return {name: _plain(item) for name, item in held.items()}


def _plain(item: Value) -> Any:
    match Value.pb(item).WhichOneof("value_type"):
        case "null_value":
            return None
        case "boolean_value":
            return item.boolean_value
        case "integer_value":
            return item.integer_value
        case "string_value":
            return item.string_value
        case "timestamp_value":
            return _moment(item.timestamp_value)
        case "map_value":
            return plain(item.map_value.fields)
        case "array_value":
            return [_plain(each) for each in item.array_value.values]
        case other:
            raise ValueError(f"a record holds no {other}")


def _moment(at: datetime) -> datetime:
    # The client's own kind of datetime counts nanoseconds; ours is a plain one.
    return datetime(
        at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond, tzinfo=UTC
    )
