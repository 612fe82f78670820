"""What a record may hold: what Firestore can hold, less what we never need. Pure.

Text, whole numbers of 64 bits, booleans, None, lists, maps, aware datetimes (kept to the
microsecond, in UTC). Floats are left out on purpose: amounts are never kept, counts are whole.
Limits: https://firebase.google.com/docs/firestore/quotas#limits
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

MAX_BYTES = 1_048_576 - 10_000  # of one record's JSON text; Firestore's 1 MiB counts names too
MAX_ID_BYTES = 1500
_NAME = re.compile(r"[a-z][a-z_]{0,99}")
_RESERVED = re.compile(r"\.\.?|__.*__")
_TIME = "@time"


def checked_place(collection: str, id: str) -> None:
    """Raises ValueError for a collection or id that Firestore would not take."""
    if not _NAME.fullmatch(collection):
        raise ValueError("a collection is named in small letters")
    if not id or "/" in id or _RESERVED.fullmatch(id) or len(id.encode()) > MAX_ID_BYTES:
        raise ValueError("not the id of a record")


def checked_field(name: str) -> None:
    """Raises ValueError for a field that `find` cannot ask for."""
    if not _NAME.fullmatch(name):
        raise ValueError("a field is named in small letters")


def encoded(data: Mapping[str, Any]) -> str:
    """The record as JSON text. Raises ValueError or TypeError for what a record cannot hold."""
    text = json.dumps(_out(data), ensure_ascii=False, separators=(",", ":"))
    if len(text.encode()) > MAX_BYTES:
        raise ValueError("the record is larger than 1 MiB")
    return text


def decoded(text: str) -> dict[str, Any]:
    data = _back(json.loads(text))
    if not isinstance(data, dict):
        raise ValueError("not a record")
    return data


def _out(value: object, *, in_list: bool = False) -> object:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise ValueError("a whole number beyond 64 bits; keep it as text")
        return value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone")
        return {_TIME: value.astimezone(UTC).isoformat(timespec="microseconds")}
    if isinstance(value, Mapping):
        # A key of ours that begins with @ gets another one, so that none is taken for a time.
        return {_escaped(key): _out(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        if in_list:
            raise ValueError("a list within a list")
        return [_out(item, in_list=True) for item in value]
    raise TypeError(f"a record cannot hold {type(value).__name__}")


def _escaped(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError("a map's keys are text")
    return f"@{key}" if key.startswith("@") else key


def _back(value: Any) -> Any:
    if isinstance(value, list):
        return [_back(item) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {_TIME}:
        return datetime.fromisoformat(value[_TIME])
    return {key.removeprefix("@"): _back(item) for key, item in value.items()}
