"""What readers of requests tell of the fields they read, for whoever documents them. Pure.

A reader says beside its check what it takes (JSON Schema); openapi/document.py listens while
handlers and choices read, and writes the API's document by it. So what is documented is what is
checked.
Nobody else listens, and then telling costs nothing.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """A field that is read: where, what it must be (JSON Schema), and whether it must."""

    place: str  # "spreadsheet.key"
    schema: Schema
    required: bool = False


_listener: contextvars.ContextVar[Callable[[Reading], None] | None] = contextvars.ContextVar(
    "listener", default=None
)


def listening(to: Callable[[Reading], None]) -> contextvars.Token[Any]:
    """Hands every reading of this context to `to`, until the token is given back."""
    return _listener.set(to)


def deaf(token: contextvars.Token[Any]) -> None:
    _listener.reset(token)


def tell(place: str, schema: Callable[[], Schema] | Schema, *, required: bool = False) -> None:
    """`schema` may be made only for those who listen."""
    listener = _listener.get()
    if listener is not None:
        listener(Reading(place, schema() if callable(schema) else schema, required))


def one_of(*values: object) -> Schema:
    """One of these, or nothing."""
    return {"enum": [*values, None]}
