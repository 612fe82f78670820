"""Records as Firestore's typed values, and back.

In protobuf's own classes: the ones that Google's client wraps around them cost several times as
much for each value, and a record has dozens.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from google.cloud.firestore_v1 import types
from google.protobuf.timestamp_pb2 import Timestamp

_Value = types.Value.pb()


def fields(data: Mapping[str, Any]) -> dict[str, Any]:
    """`data` must have passed `record_shape.encoded`: nothing is checked here."""
    return {name: value(item) for name, item in data.items()}


def value(item: Any) -> Any:
    # bool before int: True is an int to Python.
    if item is None:
        return _Value(null_value=0)
    if isinstance(item, bool):
        return _Value(boolean_value=item)
    if isinstance(item, int):
        return _Value(integer_value=item)
    if isinstance(item, str):
        return _Value(string_value=item)
    if isinstance(item, datetime):
        at = Timestamp()
        at.FromDatetime(item)
        return _Value(timestamp_value=at)
    if isinstance(item, Mapping):
        return _Value(map_value={"fields": fields(item)})
    return _Value(array_value={"values": [value(each) for each in item]})


def plain(held: Mapping[str, Any]) -> dict[str, Any]:
    """The record: text, whole numbers, booleans, None, lists, maps, aware datetimes in UTC."""
    return {name: _plain(item) for name, item in held.items()}


def _plain(item: Any) -> Any:
    match item.WhichOneof("value_type"):
        case "null_value":
            return None
        case "timestamp_value":
            return item.timestamp_value.ToDatetime(UTC)
        case "map_value":
            return plain(item.map_value.fields)
        case "array_value":
            return [_plain(each) for each in item.array_value.values]
        case "boolean_value" | "integer_value" | "string_value" as kind:
            return getattr(item, kind)
        case other:
            raise ValueError(f"a record holds no {other}")
