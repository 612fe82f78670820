"""Reading what a request carries, field by field: what does not fit is a clear 400."""

from __future__ import annotations

import functools
import json
import re
import zoneinfo
from collections.abc import Mapping
from typing import Any, cast

import flask
from werkzeug.exceptions import ClientDisconnected

from counterfoil.core.errors import BadRequest, RequestTooLarge
from counterfoil.core.occasions import reference

# A cursor and an export's options fit many times; what is read from the sheet never comes here.
MAX_BODY = 1_000_000  # bytes
# An export names a few cells, each with a date, a name or several.
MOST_CELLS = 60
LONGEST_CELL = 2_000  # characters
SHEET_KEY = re.compile(r"[0-9a-f]{64}")


class Body:
    """A JSON object from outside; each reader names the field that is wrong."""

    def __init__(self, data: Mapping[str, Any], place: str = "") -> None:
        self._data = data
        self._place = place

    @classmethod
    def of(cls, request: flask.Request) -> Body:
        """Raises RequestTooLarge before the body is read, BadRequest when it is not an object."""
        # Bounded by hand, for bodies that do not announce their length: functions-framework
        # reads what is left after we have answered, and would crash on flask's own limit.
        try:
            text = request.stream.read(MAX_BODY + 1)
            if len(text) > MAX_BODY:
                raise too_large()
            data = json.loads(text or b"{}")
        except (ValueError, RecursionError, ClientDisconnected):
            raise BadRequest("The request is not JSON. Please reload the sidebar.") from None
        if not isinstance(data, dict):
            raise BadRequest("The request is not a JSON object. Please reload the sidebar.")
        return cls(data)

    def text(self, name: str, *, longest: int = 200) -> str:
        value = self.optional_text(name, longest=longest)
        if not value:
            raise self._wrong(name, "is missing")
        return value

    def optional_text(self, name: str, *, longest: int = 200) -> str | None:
        value = self._data.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self._wrong(name, "must be text")
        if len(value) > longest:
            raise self._wrong(name, f"is longer than {longest} characters")
        return value

    def texts(self, name: str, *, most: int, longest: int) -> list[str]:
        """A list of texts; an empty one when it is missing."""
        value = self._data.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self._wrong(name, "must be a list of texts")
        if len(value) > most or any(len(each) > longest for each in value):
            raise self._wrong(name, f"has more than {most} entries, or one that is too long")
        return cast("list[str]", value)

    def flag(self, name: str) -> bool:
        value = self._data.get(name, False)
        if not isinstance(value, bool):
            raise self._wrong(name, "must be true or false")
        return value

    def whole(self, name: str, *, most: int) -> int | None:
        value = self._data.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            raise self._wrong(name, f"must be a whole number from 0 to {most}")
        return value

    def part(self, name: str) -> Body:
        value = self._data.get(name)
        if value is None:
            return Body({}, f"{self._place}{name}.")
        if not isinstance(value, dict):
            raise self._wrong(name, "must be an object")
        return Body(cast("Mapping[str, Any]", value), f"{self._place}{name}.")

    def raw(self) -> Mapping[str, Any]:
        """The object as it came, for readers that validate it against the catalog."""
        return self._data

    def _wrong(self, name: str, why: str) -> BadRequest:
        return BadRequest(f"“{self._place}{name}” {why}.", field=f"{self._place}{name}"[:100])


def sheet_key(spreadsheet: Body) -> str:
    """The 64 hex digits that stand for the spreadsheet."""
    key = spreadsheet.text("key")
    if not SHEET_KEY.fullmatch(key):
        raise BadRequest("“spreadsheet.key” is not a sheet key.", field="spreadsheet.key")
    return key


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


def cells(body: Body) -> Mapping[str, str | None]:
    """What stands in cells of the spreadsheet, by their references; None where one is gone."""
    found = body.part("cells").raw()
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


def too_large() -> RequestTooLarge:
    return RequestTooLarge(
        "The request is larger than anything Counterfoil sends. Nothing was done."
    )
