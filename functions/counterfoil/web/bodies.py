"""Reading what a request carries, field by field: what does not fit is a clear 400."""

from __future__ import annotations

import functools
import json
import re
import zoneinfo
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import flask
from werkzeug.exceptions import ClientDisconnected

from counterfoil.core.errors import BadRequest
from counterfoil.core.occasions import LONGEST_CELL, REFERENCE, reference
from counterfoil.core.readings import tell
from counterfoil.web.bounds import MAX_BODY, too_large

if TYPE_CHECKING:
    from counterfoil.core.consolidation_tabs import Tabs

# A cursor and an export's options fit many times.
# An export names a few cells, each with a date, a name or several.
MOST_CELLS = 60
# Half a character, which JSON can say and no store can keep.
HALF = re.compile("[\ud800-\udfff]")
SHEET_KEY = re.compile(r"[0-9a-f]{64}")


class Body:
    """A JSON object from outside; each reader names the field that is wrong."""

    def __init__(self, data: Mapping[str, Any], place: str = "") -> None:
        self._data = data
        self._place = place

    @classmethod
    def of(cls, request: flask.Request, *, most: int = MAX_BODY) -> Body:
        """Raises RequestTooLarge before the body is read, BadRequest when it is not an object."""
        # Bounded by hand: flask's own limit would crash the framework, which reads on after us.
        try:
            text = request.stream.read(most + 1)
            if len(text) > most:
                raise too_large()
            data = json.loads(text or b"{}")
        except (ValueError, RecursionError, ClientDisconnected):
            raise BadRequest("The request is not JSON. Please reload the sidebar.") from None
        if not isinstance(data, dict):
            raise BadRequest("The request is not a JSON object. Please reload the sidebar.")
        return cls(data)

    def text(
        self,
        name: str,
        *,
        longest: int = 200,
        shape: re.Pattern[str] | None = None,
        called: str = "",
    ) -> str:
        """`shape` is of the whole text, `called` what a text of that shape is."""
        told = {"pattern": f"^{shape.pattern}$"} if shape else {"minLength": 1}
        self._tell(name, {"type": "string", "maxLength": longest, **told}, required=True)
        value = self.optional_text(name, longest=longest)
        if not value:
            raise self._wrong(name, "is missing")
        if shape and not shape.fullmatch(value):
            raise self._wrong(name, f"is not {called}")
        return value

    def one_of(self, name: str, values: Sequence[str]) -> str:
        self._tell(name, {"type": "string", "enum": list(values)}, required=True)
        value = self.optional_text(name)
        if not value:
            raise self._wrong(name, "is missing")
        if value not in values:
            raise self._wrong(name, f"must be {', '.join(values[:-1])} or {values[-1]}")
        return value

    def optional_text(self, name: str, *, longest: int = 200) -> str | None:
        self._tell(name, {"type": ["string", "null"], "maxLength": longest})
        value = self._data.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self._wrong(name, "must be text")
        if len(value) > longest:
            raise self._wrong(name, f"is longer than {longest} characters")
        if HALF.search(value):
            raise self._wrong(name, "holds half a character")
        return value

    def texts(self, name: str, *, most: int, longest: int) -> list[str]:
        """A list of texts; an empty one when it is missing."""
        each = {"type": "string", "maxLength": longest}
        self._tell(name, {"type": ["array", "null"], "items": each, "maxItems": most})
        value = self._data.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self._wrong(name, "must be a list of texts")
        if len(value) > most or any(len(one) > longest for one in value):
            raise self._wrong(name, f"has more than {most} entries, or one that is too long")
        if any(HALF.search(one) for one in value):
            raise self._wrong(name, "holds half a character")
        return cast("list[str]", value)

    def flag(self, name: str) -> bool:
        self._tell(name, {"type": "boolean"})
        value = self._data.get(name, False)
        if not isinstance(value, bool):
            raise self._wrong(name, "must be true or false")
        return value

    def whole(self, name: str, *, most: int) -> int | None:
        self._tell(name, {"type": ["integer", "null"], "minimum": 0, "maximum": most})
        value = self._data.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            raise self._wrong(name, f"must be a whole number from 0 to {most}")
        return value

    def part(self, name: str, holds: Mapping[str, Any] | None = None) -> Body:
        """`holds` tells what a part that is read by hand must hold (JSON Schema)."""
        self._tell(name, {"type": ["object", "null"], **(holds or {})})
        value = self._data.get(name)
        if value is None:
            return Body({}, f"{self._place}{name}.")
        if not isinstance(value, dict):
            raise self._wrong(name, "must be an object")
        return Body(cast("Mapping[str, Any]", value), f"{self._place}{name}.")

    def has(self, name: str) -> bool:
        """Whether the field was sent at all, be it as nothing."""
        self._tell(name, {})
        return name in self._data

    def raw(self) -> Mapping[str, Any]:
        """The object as it came, for readers that validate it against the catalog."""
        return self._data

    def _tell(self, name: str, schema: Mapping[str, Any], *, required: bool = False) -> None:
        tell(f"{self._place}{name}", schema, required=required)

    def _wrong(self, name: str, why: str) -> BadRequest:
        return BadRequest(f"“{self._place}{name}” {why}.", field=f"{self._place}{name}"[:100])


def sheet_key(spreadsheet: Body) -> str:
    """The 64 hex digits that stand for the spreadsheet."""
    return spreadsheet.text("key", shape=SHEET_KEY, called="a sheet key")


def time_zone(spreadsheet: Body) -> str:
    """The spreadsheet's zone by its IANA name."""
    name = spreadsheet.text("time_zone")
    if name not in _zones():
        raise BadRequest(
            "The spreadsheet's time zone is not one we know. Choose another in File, Settings.",
            field="spreadsheet.time_zone",
        )
    return name


@functools.cache
def _zones() -> frozenset[str]:
    # What a machine calls its own zone is not a place.
    return frozenset(zoneinfo.available_timezones()) - {"localtime", "posixrules", "Factory"}


_CELLS = {
    "maxProperties": MOST_CELLS,
    "propertyNames": {"pattern": f"^{REFERENCE.pattern}$"},
    "additionalProperties": {"type": ["string", "null"], "maxLength": LONGEST_CELL},
}


def cells(body: Body) -> Mapping[str, str | None]:
    """What stands in cells of the spreadsheet, by their references; None where one is gone."""
    found = body.part("cells", _CELLS).raw()
    if len(found) > MOST_CELLS:
        raise BadRequest(f"More than {MOST_CELLS} cells were sent.", field="cells")
    for name, value in found.items():
        reference(name)
        if value is not None and (not isinstance(value, str) or len(value) > LONGEST_CELL):
            raise BadRequest(
                f"The cell {name} must hold a text of up to {LONGEST_CELL:,} characters.",
                field="cells",
            )
    return found


def block(body: Body) -> Mapping[str, Any] | None:
    """What the spreadsheet tells of the export's block, for the reader that asked for it."""
    return body.part("block").raw() or None


def tabs(body: Body) -> Tabs | None:
    """What stands in tabs that people fill in, for the reader that asked for it."""
    from counterfoil.core.consolidation_tabs import SCHEMA, checked  # few requests bring any

    return checked(body.part("tabs", SCHEMA).raw()) if body.has("tabs") else None


def connection_ids(body: Body) -> list[str]:
    """The companies that an export names; how many it reads is the flow's affair."""
    return body.texts("connection_ids", most=50, longest=100)
